"""The number beside the text on a phone: typed, understood, corrected, handed in, and counted at the desk."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from minori.accounts.enums import Role
from minori.filings.models import Reading
from minori.organizations.models import Organization
from tests.browser import look, opened
from tests.factories import people, registry
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_filling_in_a_browser import section, visit
from tests.tenants.reports.test_handing_in import fill

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROW, OPENED = registry.identity("0101"), registry.identity("0101/0")


def test_a_number_is_typed_as_words_corrected_handed_in_and_counted(
    chromium: Browser,
    live_server: Any,
) -> None:
    deadline = open_deadline(Organization.objects.get(slug="hikari"))
    fill(deadline, **{"0101": {"text": "準備中", "progress": 2}})
    page = visit(chromium, live_server.url, role=Role.APPROVER)
    page.goto(f"{section(deadline)}#row-{ROW}")
    row = page.locator(f"#row-{ROW}")
    number = row.locator(f"[data-number='{OPENED}']")
    expect(number).not_to_have_attribute("open", "")
    expect(number.locator("summary")).to_contain_text("数値を添える（任意）")

    text = row.locator("textarea[name$='-text']")
    text.fill("①今期は延べ1,800回\n②20人")
    expect(number.locator("summary")).to_contain_text("1,800回・この報告期間の分")
    text.fill("①今期は1,900回\n②20人")
    expect(number.locator("summary")).to_contain_text("1,900回・この報告期間の分")
    look(page, "number-read")

    number.locator("summary").click()
    number.get_by_label("数値", exact=True).fill("72")
    number.get_by_label("数値", exact=True).press("Tab")
    expect(number.locator("summary")).to_contain_text("72回・この報告期間の分")
    expect(number.locator("summary")).to_contain_text("入力した数値")
    text.fill("①今期は2,000回\n②20人")
    expect(number).to_contain_text("文章からの読み取り：2,000回・この報告期間の分")
    look(page, "number-differs")
    number.get_by_role("button", name="このままにする").click()
    expect(number).not_to_contain_text("文章からの読み取り")

    page.goto(f"/o/hikari/reports/{deadline.pk}/check/")
    expect(page.locator("#counted")).to_be_visible()
    expect(page.get_by_text("72回・この報告期間の分")).to_be_visible()
    look(page, "number-check")
    page.get_by_label("承認した人").fill("施設長")
    page.get_by_label("印刷したものを見て承認した").check()
    page.locator("#hand-in button").click()
    page.wait_for_url("**/filings/1/")

    reading = Reading.objects.get()
    assert (reading.measure or {})["value"] == "72"
    officer = people.officer(deadline.grant.programme.distributor)
    desk = opened(chromium, live_server.url, officer, width=360)
    desk.goto(f"/desk/grants/{deadline.grant.code}/numbers/")
    expect(desk.get_by_text("72回　この報告対象期間")).to_be_visible()
    look(desk, "number-desk")


def test_a_number_in_another_unit_is_pointed_out_and_a_tick_by_keyboard_makes_it_count(
    chromium: Browser,
    live_server: Any,
) -> None:
    deadline = open_deadline(Organization.objects.get(slug="hikari"))
    fill(deadline, **{"0101": {"text": "準備中", "progress": 2}})
    page = visit(chromium, live_server.url, role=Role.APPROVER)
    page.goto(f"{section(deadline)}#row-{ROW}")
    row = page.locator(f"#row-{ROW}")
    number = row.locator(f"[data-number='{OPENED}']")
    row.locator("textarea[name$='-text']").fill("①今期は12,000円\n②20人")
    expect(number).to_contain_text("の単位は「回」ですが、この数値の単位は「円」です")
    expect(number.locator("summary")).to_contain_text("単位を確かめると集計されます")
    look(page, "number-unit")
    right = number.get_by_label("単位は「円」で正しい")
    right.focus()
    right.press("Space")
    expect(number.locator("summary")).to_contain_text("文章から読み取り")
    expect(right).to_be_checked()
    expect(right).to_be_focused()
    row.locator("textarea[name$='-text']").fill("①今期は12回\n②20人")
    expect(number).not_to_contain_text("の単位は「回」ですが")
    expect(right).to_be_hidden()
