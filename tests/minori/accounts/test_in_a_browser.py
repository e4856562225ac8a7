"""Sign-in, settings, invitations and administration in a real browser: clean for axe, and on a phone too."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from minori.accounts import invitations
from minori.accounts.requests import actor
from tests.factories import people, programmes
from tests.minori.accounts.mailbox import Mails, code_in, link_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = [(360, "ja"), (1280, "ja"), (320, "en")]


@pytest.fixture(scope="module")
def chromium():
    # the browser's own loop runs in this thread, and Django would take it for ours
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = os.environ.get("MINORI_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def opened(browser: Browser, width: int, language: str, site: str) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language, base_url=site)
    context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def look(page: Page, name: str) -> None:
    """Clean for axe, nothing sticks out at the side, no complaint of the browser's; a picture where one is wanted."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
    refused = (
        "Failed to load resource: the server responded with a status of 4"  # 422: what the page is about
    )
    assert [said for said in page.complaints if not said.startswith(refused)] == [], name
    if folder := os.environ.get("MINORI_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), WIDTHS)
def test_signing_in_by_code(chromium, live_server, mails: Mails, width, language):
    from minori.organizations.models import Organization

    hikari = Organization.objects.get(slug="hikari")
    people.member(hikari, email="kazuko.sato@example.jp", language=language)
    page = opened(chromium, width, language, live_server.url)
    page.goto("/settings/")
    look(page, "sign-in")
    page.locator("#id_email").fill("kazuko")
    page.locator("button[value=code]").click()
    expect(page.locator("#id_email_error")).to_be_visible()
    look(page, "sign-in-wrong")
    page.locator("#id_email").fill("kazuko.sato@example.jp")
    page.locator("button[value=code]").click()
    expect(page.locator("#id_code")).to_be_visible()
    look(page, "code")
    page.locator("#id_code").fill("482 10")
    page.locator("#id_code").press("Enter")
    look(page, "code-shape")
    wrong = str((int(code_in(mails()[-1])) + 1) % 1_000_000).zfill(6)
    page.locator("#id_code").fill(wrong)
    page.locator("#id_code").press("Enter")
    expect(page.locator("#id_code_error")).to_contain_text("4")
    look(page, "code-wrong")
    code = code_in(mails()[-1])
    page.locator("#id_code").fill(f"{code[:3]} {code[3:]}")
    page.locator("#id_code").press("Enter")
    expect(page).to_have_url(f"{live_server.url}/settings/")
    look(page, "settings")
    page.get_by_role("link", name="Set a password" if language == "en" else "パスワードを設定する").click()
    look(page, "password")
    people.officer(programmes.distributor(), of=hikari.memberships.get().person)
    page.goto("/")
    look(page, "where-to")
    page.context.close()


@pytest.mark.parametrize(("width", "language"), WIDTHS)
def test_an_invitation_and_a_password(chromium, live_server, mails: Mails, width, language):
    from minori.organizations.models import Organization

    hikari = Organization.objects.get(slug="hikari")
    officer = people.officer(programmes.distributor())
    invitations.invite(
        email="kazuko.sato@example.jp", name="佐藤 和子", organization=hikari, role="editor",
        by=actor(officer), at=datetime.now(tz=UTC), language=language,
    )  # fmt: skip
    page = opened(chromium, width, language, live_server.url)
    link = link_in(mails()[-1])
    page.goto(link)
    look(page, "join")
    page.locator("main button").click()
    expect(page.locator("#id_code")).to_be_visible()
    page.goto(link)
    look(page, "join-used")
    page.goto("/sign-in/password/")
    look(page, "password-sign-in")
    page.context.close()


@pytest.mark.parametrize(("width", "language"), WIDTHS)
def test_the_administration(chromium, live_server, client, width, language):
    distributor = programmes.distributor(slug="minori")
    people.officer(distributor, "manager")
    admin = people.sign_in(client, people.administrator(language=language))
    page = opened(chromium, width, language, live_server.url)
    page.context.add_cookies(
        [{"name": "sessionid", "value": admin.cookies["sessionid"].value, "url": live_server.url}]
    )
    pages = ["", "distributors/new/", "distributors/minori/", "organizations/", "people/", "people/1/"]
    for address in pages:
        page.goto(f"/administration/{address}")
        look(page, "administration-" + address.strip("/").replace("/", "-"))
    page.context.close()
