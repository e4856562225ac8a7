"""The page of a grant's numbers in a real browser: confirmed with clicks, explained, clean for axe, narrow and wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from minori.filings.models import Reading
from minori.organizations.models import Organization
from tests.factories import filings, registry
from tests.reporting.review.desk import desk, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server):
    """A page signed in as the officer, on the numbers of a grant that has handed in."""
    ours = desk()
    deadline = ours.deadline(Organization.objects.get(slug="hikari"))
    registry.registered(deadline.grant)
    filings.handed_in(deadline)
    session = signed_in(ours.officer).cookies["sessionid"].value
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    opened = context.new_page()
    opened.goto(f"{live_server.url}/desk/grants/{deadline.grant.code}/numbers/")
    yield opened
    context.close()


def clean(page: Page) -> None:
    """Nothing for axe to complain of, and nothing sticks out, on a desk and on a phone."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert [one["id"] for one in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_officer_confirms_what_was_read_and_sees_how_the_figure_came_about(page):
    clean(page)
    times = page.locator("section.card", has_text="①開所回数")
    times.locator("tr", has_text="目標値").get_by_role("button", name="この内容で確認").click()
    expect(page.get_by_text("確認しました。")).to_be_visible()
    times.locator("tr", has_text="実績値").get_by_role("link").click()
    expect(page.get_by_label("数値", exact=True)).to_have_value("72")
    clean(page)
    page.get_by_role("button", name="確認する").click()
    expect(page.get_by_text("数値がどの期間のものかを選んでください。").first).to_be_visible()
    page.get_by_label("年度のはじめから").check()
    page.get_by_role("button", name="確認する").click()
    expect(times.locator(".tile__figure").first).to_have_text("48.0 %")
    times.get_by_text("計算の内訳").click()
    expect(times.get_by_text("72 ÷ 150 = 48.0 %")).to_be_visible()
    clean(page)
    assert Reading.objects.counting().count() == 2
