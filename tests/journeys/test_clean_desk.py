"""The pages an officer works with beside a report are clean for axe, fit, and every control is reached by keyboard alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from minori.organizations.models import Organization
from minori.programmes.models import Deadline
from reporting.review import returned
from reporting.review.models import ReturnedWorkbook
from tests.access.world import World
from tests.factories import answerbooks, behalf, registry
from tests.journeys.test_clean_pages import look, visit
from tests.journeys.test_coming_back import Keys

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROW = registry.identity("0101")

DESK = [
    "own:index",
    "own:links",
    "remarks:index",
    "remarks:round",
    "exports:round",
    "profiles:profile",
    "profiles:new_talk",
    "profiles:talk",
    "signals:signals",
    "signals:limits",
    "reminding:index",
    "reminding:waiting",
    "reminding:deadline",
    "review:behalf",
    "review:history",
    "review:propose",
    "setup:deadline",
    "setup:dates",
    "setup:outcome_links",
    "portfolio:scheme",
    "portfolio:figures",
    "reading:search",
    "reading:to_ask",
    "reading:across",
]
ROOM = ("reports:dates", "reports:own_draft", "reports:consult", "reports:people", "frameworks:changes")


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.FILES_DIR = tmp_path / "files"
    ours, others = (Organization.objects.get(slug=slug) for slug in ("hikari", "kibou"))
    made = World.make(ours, others)
    waiting = Deadline.objects.get(pk=made.objects["open_deadline"])

    def in_own_words(book: Any) -> None:
        sheet = answerbooks.sheet_of(book, "results")
        answerbooks.cell(sheet, ROW, "progress").value = "２ 計画どおり"
        answerbooks.cell(answerbooks.sheet_of(book, "activities"), "activities").value = "なし"

    data = answerbooks.changed(behalf.filled_in(waiting), in_own_words)
    returned.take(waiting, data=data, filename="用紙.xlsx", by=behalf.OFFICER, at=timezone.now())
    return made


def addresses(world: World, names: Any) -> Iterator[str]:
    from tests.access.table import ROUTES

    for name in names:
        arguments = {key: world.objects[value] for key, value in ROUTES[name].arguments.items()}
        yield reverse(name, kwargs=arguments)


# what Tab should reach: links, buttons and inputs that can be seen; of radio buttons of one name, one
EXPECTED = """() => {
  const seen = new Set();
  const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary");
  return [...all].filter((one) => {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) return false;
    if (one.type !== "radio") return true;
    const group = `${one.form?.id}|${one.name}`;
    return !seen.has(group) && seen.add(group);
  }).length;
}"""
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.tabbed ??= new Map();
  if (!window.tabbed.has(one)) window.tabbed.set(one, window.tabbed.size);
  const look = getComputedStyle(one);
  const label = one.closest("label") ? getComputedStyle(one.closest("label")) : look;
  const outlined = (it) => it.outlineStyle !== "none" && it.outlineWidth !== "0px";
  const shown = [look, label].some((it) => outlined(it) || it.boxShadow !== "none");
  return [window.tabbed.get(one), shown, one.outerHTML.slice(0, 120)];
}"""


def by_keyboard(page: Page) -> list[str]:
    """What Tab does not reach, or reaches without showing it."""
    expected, said = page.evaluate(EXPECTED), []
    page.evaluate("() => { window.tabbed = new Map(); document.activeElement?.blur(); }")
    reached: set[int] = set()
    for _ in range(expected * 3 + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (here[0] == 0 and len(reached) > 1):
            break  # once around
        if here[0] not in reached and not here[1]:
            said.append(f"{page.url}: no focus is seen at {here[2]}")
        reached.add(here[0])
    if len(reached) < expected:
        said.append(f"{page.url}: Tab reaches {len(reached)} of {expected}")
    return said


@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("en", 1280)])
def test_the_pages_beside_a_report_are_clean(
    chromium: Browser, live_server: Any, world: World, language: str, width: int
) -> None:
    complaints: list[str] = []
    desk = visit(chromium, live_server.url, world.people["manager"], language, width)
    room = visit(chromium, live_server.url, world.people["approver"], language, width)
    row = reverse("review:returned_part", kwargs={"deadline": world.objects["open_deadline"], "anchor": ROW})
    for page, found in ((desk, [*addresses(world, DESK), row]), (room, addresses(world, ROOM))):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for address in found:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            assert page.locator("html").get_attribute("lang") == language
            assert page.url.endswith(address), f"{address} led to {page.url}"
            complaints.extend(look(page, address.strip("/").replace("/", "-")))
            if language == "ja":
                complaints.extend(by_keyboard(page))
        page.context.close()
    assert not complaints, "\n".join(complaints)


def test_what_a_workbook_seems_to_mean_is_taken_by_keyboard(
    chromium: Browser, live_server: Any, world: World
) -> None:
    page = visit(chromium, live_server.url, world.people["officer"], "ja", 1280)
    keys = Keys(page)
    page.goto(reverse("review:behalf", kwargs={"deadline": world.objects["open_deadline"]}))
    expect(page.get_by_text("「2 計画どおり進んでいる」のことと思われます")).to_be_visible()
    keys.press("button[name=proposed]")
    expect(page.get_by_text("直しました：0101")).to_be_visible()
    assert ReturnedWorkbook.objects.get().corrected[str(ROW)]["progress"] == 2
    expect(page.get_by_text("「なし」とだけ書かれています")).to_be_visible()
    page.context.close()


def test_more_time_is_asked_for_by_keyboard(chromium: Browser, live_server: Any, world: World) -> None:
    page = visit(chromium, live_server.url, world.people["approver"], "ja", 360)
    keys = Keys(page)
    page.goto(
        reverse(
            "reports:dates",
            kwargs={"organization": "hikari", "deadline": world.objects["open_deadline"]},
        )
    )
    keys.to("input[name=until]")
    page.locator("input[name=until]").fill("2099-10-28")  # a picker of the browser's own
    keys.to("textarea[name=reason]")
    page.keyboard.type("担当者が入院したため")
    keys.press("#more-time button")
    expect(page.get_by_text("担当者に依頼しました")).to_be_visible()
    page.context.close()
