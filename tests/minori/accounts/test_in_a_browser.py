"""Sign-in, settings, invitations and administration in a real browser: clean for axe, and on a phone too."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from minori.accounts.requests import actor
from minori.mail import inviting
from tests import browser
from tests.factories import people, programmes
from tests.minori.accounts.mailbox import Mails, code_in, link_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDTHS = [(360, "ja"), (1280, "ja"), (320, "en")]


def look(page: Page, name: str) -> None:
    browser.look(page, name, refused=True)


@pytest.mark.parametrize(("width", "language"), WIDTHS)
def test_signing_in_by_code(chromium, live_server, mails: Mails, width, language):
    from minori.organizations.models import Organization

    hikari = Organization.objects.get(slug="hikari")
    people.member(hikari, email="kazuko.sato@example.jp", language=language)
    page = browser.opened(chromium, live_server.url, width=width, language=language)
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
    inviting.invite(
        email="kazuko.sato@example.jp", name="佐藤 和子", organization=hikari, role="editor",
        by=actor(officer), at=datetime.now(tz=UTC), language=language,
    )  # fmt: skip
    page = browser.opened(chromium, live_server.url, width=width, language=language)
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
    page = browser.opened(chromium, live_server.url, width=width, language=language)
    page.context.add_cookies(
        [{"name": "sessionid", "value": admin.cookies["sessionid"].value, "url": live_server.url}]
    )
    pages = ["", "distributors/new/", "distributors/minori/", "organizations/", "people/", "people/1/"]
    for address in pages:
        page.goto(f"/administration/{address}")
        look(page, "administration-" + address.strip("/").replace("/", "-"))
    page.context.close()
