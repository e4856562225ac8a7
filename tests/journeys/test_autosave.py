"""Filling in while it saves itself: two browsers, a network that is away, a session that ends, a page that is closed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, Route, expect

from minori.accounts.enums import Role
from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tenants.reports.models import Answer, AnswerRevision
from tests.factories import filings, people, registry
from tests.journeys.visitor import PICTURES
from tests.tenants.reports.conftest import open_deadline

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ROW = str(registry.identity("0101"))
SAVED = re.compile(r"\d\d:\d\d に保存しました")
KEPT = "入力は端末に残っています"
WORDS = {"storage": "Object.values(localStorage).filter((text) => text.includes('values')).length"}


class Writer:
    """Somebody who fills in a report of ひかり in a browser of their own."""

    def __init__(self, browser: Browser, site: str, deadline: Deadline, who: Any, width: int = 1280) -> None:
        self.who, self.site, self.deadline = who, site, deadline
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, locale="ja", base_url=site
        )
        self.sign_in()
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self) -> None:
        """A session of one's own, as the door gives it: with a new token for forms."""
        client = people.sign_in(Client(), self.who)
        token = "t" * 16 + format(len(self.context.cookies()), "016d")
        for name, value in (("sessionid", client.cookies["sessionid"].value), ("csrftoken", token)):
            self.context.add_cookies([{"name": name, "value": value, "url": self.site}])

    def open(self, section: str = "activities") -> Page:
        self.page.goto(f"/o/hikari/reports/{self.deadline.pk}/sections/{section}/")
        return self.page

    @property
    def text(self) -> Locator:
        return self.page.locator("[name=activities]")

    @property
    def state(self) -> Locator:
        return self.page.locator("#save-state")

    def type(self, words: str) -> None:
        """As people type, at the end of what stands there."""
        self.text.press("Control+End")
        self.page.keyboard.insert_text(words)


@pytest.fixture
def deadline(hikari: Any) -> Any:
    return open_deadline(hikari)


@pytest.fixture
def writers(chromium: Browser, live_server: Any, hikari: Any, deadline: Any) -> Iterator[Any]:
    made: list[Writer] = []

    def make(name: str, width: int = 1280) -> Writer:
        who = people.member(hikari, Role.EDITOR, name=name)
        made.append(Writer(chromium, live_server.url, deadline, who, width))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
        assert one.complaints == []


def stored(deadline: Deadline, key: str = "activities") -> Any:
    with entering(deadline.organization):
        found = Answer.objects.filter(report__deadline_id=deadline.pk, key=key).first()
        return found and found.value


def history(deadline: Deadline) -> list[tuple[str, bool]]:
    with entering(deadline.organization):
        revisions = AnswerRevision.objects.filter(answer__report__deadline_id=deadline.pk).order_by("pk")
        return [(one.value["text"], one.set_aside) for one in revisions]


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def picture(writer: Writer, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (360, 1280):
        writer.page.set_viewport_size({"width": width, "height": 800})
        assert writer.page.evaluate("document.documentElement.scrollWidth") <= width
        writer.page.screenshot(path=PICTURES / f"{name}-{width}.png")


def test_what_is_typed_is_saved_a_moment_later_and_said(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    one.type("居場所を開いた。")
    expect(one.state).to_have_text(SAVED)
    assert stored(deadline)["text"] == "居場所を開いた。"
    one.type("12人が来た。")
    one.page.keyboard.press("Tab")
    one.page.wait_for_timeout(400)
    assert stored(deadline)["text"] == "居場所を開いた。12人が来た。", "leaving the field saves at once"
    assert history(deadline) == [], "a sitting leaves no row for every save"
    picture(one, "autosave-saved")
    one.page.locator("button[name=then][value=list]").click()
    expect(one.page.locator("#section")).to_have_count(0)
    assert stored(deadline)["text"] == "居場所を開いた。12人が来た。"
    assert one.page.evaluate(WORDS["storage"]) == 0


def test_a_page_left_open_overnight_says_the_day_of_the_save(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.page.clock.install()
    one.open("results")
    row = one.page.locator(f"#row-{ROW}")
    row.locator(f"[name='row-{ROW}-text']").fill("①72回")
    one.page.clock.run_for(1500)
    expect(one.state).to_have_text(re.compile(r"^\d\d:\d\d に保存しました$"))
    one.open("results")  # the foot of the row says it too, from the server
    expect(row.locator(".saved")).to_have_text(re.compile(r"^\d\d:\d\d に保存しました$"))
    one.page.clock.run_for(60_000)
    expect(row.locator(".saved")).to_have_text(re.compile(r"^\d\d:\d\d に保存しました$"))
    row.locator(f"[name='row-{ROW}-text']").fill("①73回")
    one.page.clock.run_for(1500)
    expect(one.state).to_have_text(re.compile(r"^\d\d:\d\d に保存しました$"))
    one.page.clock.fast_forward("24:00:00")
    dated = re.compile(r"^\d+月\d+日 \d\d:\d\d に保存しました$")
    expect(one.state).to_have_text(dated)
    expect(row.locator(".saved")).to_have_text(dated)
    row.locator(f"[name='row-{ROW}-text']").fill("①74回")
    one.page.clock.run_for(1500)
    expect(one.state).to_have_text(re.compile(r"^\d\d:\d\d に保存しました$"))


def test_a_press_while_a_save_is_on_its_way_waits_for_it(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    posts: list[str] = []
    one.page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    one.page.route("**/autosave/", lambda route: (one.page.wait_for_timeout(600), route.continue_()))
    one.type("はじめ")
    one.page.wait_for_timeout(1100)
    one.type("、つづき")
    one.page.locator("button[name=then][value=list]").click()
    expect(one.page.locator("#section")).to_have_count(0)
    assert [url.rsplit("/", 2)[-2] for url in posts] == ["autosave", "activities"]
    assert stored(deadline)["text"] == "はじめ、つづき"


def test_two_people_in_one_report_different_fields_and_the_same(writers: Any, deadline: Any) -> None:
    one, other = writers("編集 花子"), writers("共同 次郎", width=360)
    one.open("results")
    other.open("results")
    text, remark = f"[name='row-{ROW}-text']", f"[name='row-{ROW}-remark']"
    one.page.locator(text).fill("週3回ひらいた。")
    expect(one.state).to_have_text(SAVED)
    expect(one.page.locator(f"#row-{ROW} .result__head .chip")).to_have_text("入力中")
    other.page.locator(f"[name='row-{ROW}-progress'][value='3']").check()
    expect(other.page.locator(text)).to_have_value("週3回ひらいた。")
    expect(other.page.locator(f"#row-{ROW}")).to_contain_text("両方の変更を合わせました")
    found = stored(deadline, ROW)
    assert (found["text"], found["progress"]) == ("週3回ひらいた。", 3)

    other.page.locator(text).fill("週3回、のべ60回ひらいた。")
    expect(other.state).to_have_text(SAVED)
    one.page.locator(text).fill("週4回ひらいた。")
    conflict = one.page.locator(f"#conflict-{ROW}")
    expect(conflict).to_contain_text("共同 次郎")
    expect(conflict).to_contain_text("週4回ひらいた。")
    expect(conflict).to_contain_text("週3回、のべ60回ひらいた。")
    expect(one.state).to_contain_text(KEPT)
    assert one.page.evaluate("document.activeElement.name") == f"row-{ROW}-text", "typing is not disturbed"
    clean(one.page)
    picture(one, "autosave-conflict")
    conflict.locator("button[value=theirs]").click()
    expect(conflict).to_have_count(0)
    expect(one.page.locator(text)).to_have_value("週3回、のべ60回ひらいた。")
    assert ("週4回ひらいた。", True) in history(deadline), "the text that was not chosen is kept"

    for writer in (one, other):
        writer.page.locator(f"#row-{ROW} [data-reason] > summary").click()
    one.page.locator(remark).fill("雨の日が多かった。")
    expect(one.state).to_have_text(SAVED)
    other.page.locator(remark).fill("台風で2回休んだ。")
    conflict = other.page.locator(f"#conflict-{ROW}")
    picture(other, "autosave-conflict-narrow")
    conflict.locator("button[value=mine]").focus()
    other.page.keyboard.press("Enter")
    expect(conflict).to_have_count(0)
    expect(other.state).to_have_text(SAVED)
    assert stored(deadline, ROW)["remark"] == "台風で2回休んだ。"
    assert other.page.evaluate("document.activeElement.name") == f"row-{ROW}-text"


def test_what_a_colleague_saved_is_shown_where_nobody_types(writers: Any, deadline: Any) -> None:
    one, other = writers("編集 花子"), writers("共同 次郎")
    one.open("changes")
    other.open("changes")
    other.page.locator("[name=changes][value=content]").check()
    expect(other.state).to_have_text(SAVED)
    one.page.locator("[name=changes_note]").fill("相談したい。")
    expect(one.page.locator("[name=changes][value=content]")).to_be_checked()
    expect(one.page.locator("#field-changes")).to_contain_text("共同 次郎さんが")


def test_a_network_that_is_away_loses_nothing(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    one.context.set_offline(True)
    one.type("電車の中で書いた。")
    expect(one.state).to_have_text(re.compile(rf"オフラインです。\s*{KEPT}。通信が戻ると"))
    picture(one, "autosave-offline")
    one.page.locator("button[name=then][value=stay]").last.click()
    expect(one.text).to_have_value("電車の中で書いた。")
    one.context.set_offline(False)
    expect(one.state).to_have_text(SAVED)
    assert stored(deadline)["text"] == "電車の中で書いた。"
    assert one.page.evaluate(WORDS["storage"]) == 0


def test_an_answer_that_never_came_back_is_no_conflict_with_oneself(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    one.page.route("**/autosave/", lose)
    one.type("はじめ")
    expect(one.state).to_contain_text(KEPT)
    one.type("、つづき")
    expect(one.state).to_have_text(SAVED)
    assert (lost, stored(deadline)["text"]) == ([200], "はじめ、つづき")


def test_a_session_that_ends_while_typing_loses_nothing(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    one.type("前半。")
    expect(one.state).to_have_text(SAVED)
    Session.objects.all().delete()
    one.type("後半。")
    expect(one.state).to_contain_text("サインアウトされています")
    expect(one.state).to_contain_text(KEPT)
    picture(one, "autosave-signed-out")
    one.state.get_by_role("link", name="サインインし直す").click()
    assert one.page.url.endswith(f"?next=%2Fo%2Fhikari%2Freports%2F{deadline.pk}%2Fsections%2Factivities%2F")
    one.sign_in()
    one.open()
    expect(one.text).to_have_value("前半。後半。")
    expect(one.state).to_have_text(SAVED)
    assert stored(deadline)["text"] == "前半。後半。"


def test_signing_in_again_in_another_tab_is_enough(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    Session.objects.all().delete()
    one.type("つづき")
    expect(one.state).to_contain_text("サインアウトされています")
    one.sign_in()
    one.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(one.state).to_have_text(SAVED)
    assert stored(deadline)["text"] == "つづき"


def test_nothing_is_saved_in_the_name_of_somebody_else(writers: Any, deadline: Any) -> None:
    one, other = writers("編集 花子"), writers("共同 次郎")
    one.open()
    one.who = other.who
    one.sign_in()
    one.type("花子の文")
    expect(one.state).to_contain_text("共同 次郎さんがサインインしています")
    assert stored(deadline) is None
    one.open()
    expect(one.text).to_have_value("")


def test_a_page_closed_right_after_typing_has_saved(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    one.type("閉じる直前の文")
    one.page.close(run_before_unload=True)
    one.page = one.context.new_page()
    one.page.goto("/")
    one.page.wait_for_timeout(300)
    assert stored(deadline)["text"] == "閉じる直前の文"
    one.open()
    expect(one.text).to_have_value("閉じる直前の文")
    assert one.page.evaluate(WORDS["storage"]) == 0


def test_what_is_on_the_device_is_asked_about_where_a_colleague_wrote_meanwhile(
    writers: Any, deadline: Any
) -> None:
    one, other = writers("編集 花子"), writers("共同 次郎")
    one.open()
    one.page.route("**/autosave/", lambda route: route.abort())
    one.type("花子の文")
    expect(one.state).to_contain_text(KEPT)
    other.open()
    other.type("次郎の文")
    expect(other.state).to_have_text(SAVED)
    one.page.unroute("**/autosave/")
    one.page.goto("/")
    one.open()
    expect(one.text).to_have_value("花子の文")
    expect(one.page.locator("#conflict-activities")).to_contain_text("次郎の文")
    assert stored(deadline)["text"] == "次郎の文"


def test_a_report_handed_in_meanwhile_says_so_and_the_text_stays(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    one.open()
    filings.handed_in(deadline)
    one.type("間に合わなかった文")
    expect(one.state).to_contain_text("提出済みです")
    expect(one.state).to_contain_text(KEPT)
    expect(one.text).to_have_value("間に合わなかった文")
    picture(one, "autosave-closed")


def test_a_section_is_filled_in_by_keyboard_alone_on_a_phone(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子", width=360)
    page = one.open("outlook")
    for _turn in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "outlook":
            break
    page.keyboard.press("Space")
    expect(one.state).to_have_text(SAVED)
    assert stored(deadline, "outlook")["value"] == "1"
    for _turn in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "list":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#section")).to_have_count(0)
