"""Three changes of a plan are applied for, two approved; the next report answers to the new plan."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from minori.accounts.enums import Role
from minori.registry import frameworks
from minori.registry.change_models import ChangeRequest
from tests.factories import filings, people, programmes, registry
from tests.journeys.visitor import Visitor
from tests.minori.accounts.mailbox import Mails

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_browser(chromium: Browser, live_server: Any, mails: Mails) -> Iterator[Any]:
    visitors: list[Visitor] = []

    def open_() -> Visitor:
        visitors.append(Visitor(chromium, live_server.url, mails))
        return visitors[-1]

    yield open_
    for one in visitors:
        one.page.context.close()


@pytest.fixture
def world(hikari: Any) -> dict[str, Any]:
    """The first report is handed in; the second round is open."""
    today = timezone.localdate()
    programme = programmes.programme(of=programmes.distributor(), code="ours")
    officer = people.officer(programme.distributor)
    grant = programmes.grant(organization=hikari, of=programme, code="hikari-1", lead_officer=officer)
    rounds = [
        programmes.round_(
            of=programme,
            number=number,
            title=title,
            opens_on=today + timedelta(days=opens),
            due_on=today + timedelta(days=opens + 20),
        )
        for number, title, opens in (
            (1, "進捗報告（1年度目上期）", -200),
            (2, "年度末報告（1年度目下期）", -5),
        )
    ]
    old, new = (programmes.deadline(of=grant, round=one) for one in rounds)
    registry.registered(grant)
    filings.handed_in(old)
    editor = people.member(hikari, Role.EDITOR)
    return {"grant": grant, "officer": officer, "editor": editor, "old": old, "new": new}


def test_three_changes_are_proposed_and_two_count_from_the_next_round(
    open_browser: Any, world: dict[str, Any]
) -> None:
    room, desk = open_browser(), open_browser()
    room.sign_in(world["editor"].user.email)
    _write(room, world)
    _apply(room)
    desk.sign_in(world["officer"].user.email)
    _decide(desk)
    request = ChangeRequest.objects.get()
    plan = frameworks.read(request.version)
    assert [row.statement for row in plan][:2] == [
        "01.子どもが安心して過ごせる居場所が地域にある",
        "（0101）週3回の居場所が開かれている",
    ]
    assert plan.rows[1].indicators[0].target == "年間120回"
    assert plan.rows[1].indicators[1].uuid != registry.framework().rows[1].indicators[1].uuid
    _report(room, world)
    _read(desk, world)


def _write(room: Visitor, world: dict[str, Any]) -> None:
    """From the report's change boxes to the draft: two indicators and a new row."""
    page = room.page
    page.goto(f"/o/hikari/reports/{world['new'].pk}/sections/changes/")
    room.look("change-from-report")
    page.get_by_role("button", name="ここから変更申請を書く").click()
    expect(page.get_by_role("heading", name="事業計画の下書き")).to_be_visible()
    rows = registry.framework().rows
    page.goto(f"/o/hikari/plans/hikari-1/draft/rows/{rows[1].uuid}/")
    page.locator("#id_indicators-0-target").fill("年間120回")
    page.locator("#id_indicators-1-statement").fill("利用した世帯")
    page.locator("button[name=save]").click()
    page.goto(f"/o/hikari/plans/hikari-1/draft/rows/new/?under={rows[0].uuid}")
    page.locator("#id_statement").fill("（0102）食事を一緒にとる")
    page.locator("button[name=save]").click()
    expect(page.get_by_text("（0102）食事を一緒にとる").first).to_be_visible()
    room.look("change-draft")


def _apply(room: Visitor) -> None:
    page = room.page
    page.get_by_role("link", name="変更点を確認して理由を書く").click()
    reasons = page.get_by_label("理由")
    expect(reasons).to_have_count(3)
    for number, words in enumerate(
        ("会場の都合で開所日が減るため", "世帯で数えるほうが実態に合うため", "食事の希望が多いため")
    ):
        reasons.nth(number).fill(words)
    page.get_by_label("これまでと違うものを測る").nth(1).check()
    room.look("change-reasons")
    page.get_by_role("button", name="変更申請を出す").click()
    expect(page.get_by_role("heading", name="変更申請 第1号")).to_be_visible()
    room.look("change-sent")


def _decide(desk: Visitor) -> None:
    page = desk.page
    page.goto("/desk/review/")
    expect(page.get_by_role("heading", name="決定を待つ変更申請")).to_be_visible()
    page.goto("/desk/setup/grants/hikari-1/")
    page.get_by_role("link", name="変更申請 第1号").click()
    expect(page.get_by_text("世帯で数えるほうが実態に合うため")).to_be_visible()
    for number in (0, 1):
        page.get_by_label("承認する", exact=True).nth(number).check()
    page.get_by_label("承認しない", exact=True).nth(2).check()
    page.get_by_role("button", name="決定して団体に知らせる").click()
    expect(page.get_by_text("承認しない理由を書いてください。").first).to_be_visible()
    desk.complaints.clear()  # the browser tells of the 422
    desk.look("change-wrong")
    page.get_by_label("ひとこと").nth(2).fill("来年度に改めてご相談ください")
    expect(page.locator("#id_effective_from_round")).to_have_value("2")
    page.get_by_role("button", name="決定して団体に知らせる").click()
    expect(page.get_by_text("決定しました")).to_be_visible()
    desk.look("change-decided")


def _report(room: Visitor, world: dict[str, Any]) -> None:
    """The open report asks the new plan, marks the cut, and names the request; the old one shows the old plan."""
    page = room.page
    page.goto(f"/o/hikari/reports/{world['new'].pk}/sections/results/")
    expect(page.get_by_text("年間120回").first).to_be_visible()
    expect(page.get_by_text("比較の区切り").first).to_be_visible()
    room.look("change-next-report")
    page.goto(f"/o/hikari/reports/{world['new'].pk}/sections/changes/")
    expect(page.get_by_role("link", name="変更申請 第1号")).to_be_visible()
    page.goto(f"/o/hikari/reports/{world['old'].pk}/filings/1/")
    expect(page.get_by_text("年間150回").first).to_be_visible()
    expect(page.get_by_text("年間120回")).to_have_count(0)
    page.goto("/o/hikari/plans/hikari-1/changes/1/")
    expect(page.get_by_text("来年度に改めてご相談ください")).to_be_visible()
    room.look("change-answer")


def _read(desk: Visitor, world: dict[str, Any]) -> None:
    """What comes in on the new plan is not joined with what was said before, and says so."""
    filings.handed_in(
        world["new"], rows={"0101": {"text": "①55回\n②120世帯", "progress": 3}}, at=timezone.now()
    )
    page = desk.page
    page.goto(reverse("portfolio:numbers", kwargs={"code": "hikari-1"}))
    expect(page.get_by_text("比較の区切り").first).to_be_visible()
    desk.look("change-numbers")
