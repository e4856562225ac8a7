"""Filling in a report in a real browser, at 360 px and by keyboard: ten rows and sixty, Excel, last time, 転記モード."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from minori.accounts.enums import Role
from minori.organizations.models import Organization
from minori.report_forms.answers import Written
from minori.tenancy.rooms import entering
from tenants.reports.models import Answer
from tests.browser import look, opened
from tests.factories import filings, people, programmes, registry
from tests.tenants.reports.conftest import open_deadline

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def report_of(count: int) -> Any:
    """An open report of many rows whose last round was handed in; every other row said something then."""
    organization = Organization.objects.get(slug="hikari")
    grant = programmes.grant(organization=organization)
    plan = [
        {
            "code": code,
            "statement": f"（{code}）地域の人が集まる場所が開かれている",
            "indicators": [{"statement": "回数"}],
        }
        for code in codes(count)
    ]
    registry.registered(grant, registry.framework(plan))
    first = programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
    rows = {code: {"text": f"{code} 先期の文", "progress": 2} for code in codes(count)[::2]}
    filings.handed_in(first, rows=rows, answers={"activities": Written("先期の活動")})
    return open_deadline(organization, of=grant)


def codes(count: int) -> list[str]:
    return [f"{number:04}" for number in range(101, 101 + count)]


def visit(
    chromium: Browser, site: str, *, width: int = 360, role: Role = Role.EDITOR, script: bool = True
) -> Page:
    person = people.member(Organization.objects.get(slug="hikari"), role, name="編集 花子")
    clipboard = ["clipboard-read", "clipboard-write"]
    return opened(chromium, site, person, width=width, script=script, permissions=clipboard)


def section(deadline: Any, key: str = "results") -> str:
    return f"/o/hikari/reports/{deadline.pk}/sections/{key}/"


def stored(deadline: Any, key: str) -> dict[str, Any]:
    with entering(deadline.organization):
        return Answer.objects.get(report__deadline_id=deadline.pk, key=key).value


def row(code: str) -> str:
    return str(registry.identity(code))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("count", [10, 60])
def test_the_pages_are_clean_and_a_phone_is_not_scrolled_for_ever(
    chromium: Browser, live_server: Any, count: int, width: int
) -> None:
    deadline = report_of(count)
    page = visit(chromium, live_server.url, width=width)
    page.goto(section(deadline))
    look(page, f"filling-results-{count}")
    height = page.evaluate("document.documentElement.scrollHeight")
    if width == 360:
        assert height < 900 + 1400 + count * 150, "one row stands open, the others are a line or two"
    for tail in ("copy/", "paste/"):
        page.goto(section(deadline) + tail)
        look(page, f"filling-{tail.strip('/')}-{count}")


def test_going_through_the_rows_by_keyboard_on_a_phone(chromium: Browser, live_server: Any) -> None:
    deadline = report_of(10)
    page = visit(chromium, live_server.url)
    page.goto(section(deadline))
    first, second = page.locator(f"#row-{row('0101')}"), page.locator(f"#row-{row('0102')}")
    expect(first.get_by_role("textbox").first).to_be_visible()
    expect(second.get_by_role("textbox").first).to_be_hidden()
    # nothing to report, by the space bar; the code by the arrow keys; 4 asks for its reason
    first.get_by_label("今期は報告することがない").focus()
    page.keyboard.press("Space")
    first.get_by_label("1 計画より進んでいる").focus()
    page.keyboard.press("ArrowDown")
    expect(first.get_by_label("2 計画どおり進んでいる")).to_be_checked()
    expect(first.locator("[data-reason] textarea")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(first.locator("[data-reason] textarea")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    # on to the next row: it opens, and Tab goes on inside it
    first.get_by_role("link", name="次の未入力の行へ").focus()
    page.keyboard.press("Enter")
    expect(second.get_by_role("textbox").first).to_be_visible()
    expect(second.locator("summary").first).to_be_focused()
    with page.expect_navigation():
        page.get_by_role("button", name="保存する").last.press("Enter")
    page.goto(section(deadline))
    expect(page.locator(f"#row-{row('0101')} .code--2").first).to_be_visible()
    expect(page.locator(f"#row-{row('0101')} textarea").first).to_be_hidden()
    expect(page.get_by_text("1 / 10 行 入力済み")).to_be_visible()
    answer = stored(deadline, row("0101"))
    assert (answer["nothing"], answer["progress"], answer["text"]) == (True, 2, "")


def test_a_row_in_the_list_is_jumped_to_and_opened(chromium: Browser, live_server: Any) -> None:
    deadline = report_of(60)
    page = visit(chromium, live_server.url)
    page.goto(section(deadline))
    page.get_by_text("行の一覧").click()
    page.locator(".row-list a").nth(44).click()
    there = page.locator(f"#row-{row('0145')}")
    expect(there.get_by_role("textbox").first).to_be_visible()
    expect(there).to_be_in_viewport()


def test_the_answer_of_last_time_is_copied_and_said_to_be_the_same(
    chromium: Browser, live_server: Any
) -> None:
    deadline = report_of(10)
    page = visit(chromium, live_server.url)
    page.goto(section(deadline))
    page.get_by_role("link", name="前回の内容をコピー").click()
    expect(page.get_by_role("checkbox")).to_have_count(5)
    page.get_by_role("checkbox").nth(1).uncheck()
    page.get_by_role("button", name="チェックしたものを取り込む").press("Enter")
    expect(page.get_by_text("4件を取り込みました")).to_be_visible()
    expect(page.get_by_text("前回の報告と同じ文です").first).to_be_attached()
    assert stored(deadline, row("0101"))["text"] == "0101 先期の文"
    with entering(deadline.organization):
        assert not Answer.objects.filter(key=row("0103")).exists()
    page.goto(section(deadline, "activities"))
    page.get_by_role("link", name="前回の内容をコピー").click()
    look(page, "filling-copy-activities")


def test_a_table_is_taken_to_excel_filled_in_and_pasted_back(chromium: Browser, live_server: Any) -> None:
    deadline = report_of(10)
    page = visit(chromium, live_server.url)
    page.goto(section(deadline))
    page.get_by_role("link", name="Excel の表を貼り付ける").click()
    page.get_by_role("button", name="セルをコピー").click()
    expect(page.get_by_role("button", name="コピーしました")).to_be_visible()
    lines = page.evaluate("navigator.clipboard.readText()").replace("\r", "").split("\n")
    assert len(lines) == 11
    # what a person does in Excel: two rows filled in, one code that is none, one row of another plan
    lines[1] = "\t".join(lines[1].split("\t")[:4]) + '\t"①12回\n②「のべ」""30""人"\t3 計画より遅れている\t'
    lines[2] = "\t".join(lines[2].split("\t")[:4]) + "\t5件\tまあまあ\t"
    lines.append("0999\tよその行\t\t\t何か\t1\t")
    page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(lines))
    page.get_by_label("Excel のセル").focus()
    page.keyboard.press("Control+V")
    page.get_by_role("button", name="何が変わるかを見る").press("Enter")
    expect(page.get_by_role("heading", name="2行が変わります")).to_be_visible()
    expect(page.get_by_text("「まあまあ」は進捗状況の1〜4ではありません")).to_be_visible()
    expect(page.get_by_text("「0999」に合う行が事業計画にありません")).to_be_visible()
    look(page, "filling-preview")
    page.get_by_role("button", name="チェックしたものを取り込む").press("Enter")
    expect(page.get_by_text("2件を取り込みました")).to_be_visible()
    answer = stored(deadline, row("0101"))
    assert (answer["text"], answer["progress"]) == ('①12回\n②「のべ」"30"人', 3)
    assert stored(deadline, row("0102"))["text"] == "5件"


def test_what_was_handed_in_is_copied_field_by_field_and_ticks_stay(
    chromium: Browser, live_server: Any
) -> None:
    deadline = report_of(10)
    filings.handed_in(deadline, rows={"0101": {"text": "一行目\n二行目", "progress": 4, "remark": "台風"}})
    page = visit(chromium, live_server.url)
    page.goto(f"/o/hikari/reports/{deadline.pk}/filings/1/")
    page.get_by_role("link", name="公式のシステムへ転記する").press("Enter")
    expect(page.get_by_text("件のうち 0件を写しました")).to_be_visible()
    entry = page.locator(".transcript__entry").filter(has_text="（0101）")
    entry.get_by_role("button", name="コピー").first.press("Enter")
    expect(entry.get_by_role("button", name="コピーしました")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "一行目\n二行目"
    entry.get_by_role("checkbox").press("Space")
    expect(page.get_by_text("件のうち 1件を写しました")).to_be_visible()
    look(page, "filling-transcription")
    page.reload()
    expect(entry.get_by_role("checkbox")).to_be_checked()
    page.set_viewport_size({"width": 1280, "height": 800})
    look(page, "filling-transcription")


def test_an_editor_asks_the_approver_and_the_page_is_clean(chromium: Browser, live_server: Any) -> None:
    deadline = report_of(10)
    people.member(Organization.objects.get(slug="hikari"), Role.APPROVER, name="承認 太郎")
    page = visit(chromium, live_server.url)
    page.goto(f"/o/hikari/reports/{deadline.pk}/check/")
    look(page, "filling-check")
    page.get_by_role("button", name="承認者に確認を依頼").press("Enter")
    expect(page.get_by_text("承認者にメールで確認を依頼します")).to_be_visible()
    look(page, "filling-asked")
    page.goto("/o/hikari/")
    expect(page.get_by_text("承認者へ確認を依頼しました")).to_be_visible()
    look(page, "filling-home")


def test_folded_rows_reasons_and_copying_work_without_javascript(chromium: Browser, live_server: Any) -> None:
    deadline = report_of(10)
    page = visit(chromium, live_server.url, script=False)
    page.goto(section(deadline))
    first = page.locator(f"#row-{row('0101')}")
    first.get_by_text("理由・備考").first.click()
    first.get_by_label("4 その他").check()
    first.locator("[data-reason] textarea").fill("台風")
    first.get_by_role("textbox").first.fill("1回")
    first.get_by_role("button", name="この行を保存する").click()
    expect(first.get_by_role("textbox").first).to_be_hidden()
    assert stored(deadline, row("0101"))["remark"] == "台風"
    first.locator("summary").first.click()
    expect(first.get_by_role("textbox").first).to_be_visible()
    page.get_by_role("link", name="前回の内容をコピー").click()
    page.get_by_role("button", name="チェックしたものを取り込む").click()
    expect(page.get_by_text("4件を取り込みました")).to_be_visible()
