"""Somebody with a browser: signs in by mailed code, and every page they look at is clean."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.minori.accounts.mailbox import Mails, code_in

WIDTHS = (360, 1280)
PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots"


class Visitor:
    """One person in a browser of their own."""

    def __init__(self, browser: Browser, site: str, mails: Mails) -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja", base_url=site)
        self.page: Page = context.new_page()
        self.mails = mails
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, email: str, *, look: bool = False) -> None:
        """With the code from the mail."""
        page = self.page
        page.goto("/")
        if look:
            self.look("sign-in")
        page.locator("#id_email").fill(email)
        page.locator("button[value=code]").click()
        expect(page.locator("#id_code")).to_be_visible()
        page.locator("#id_code").fill(code_in(self.mails()[-1]))
        page.locator("#id_code").press("Enter")
        expect(page.locator("#id_code")).to_have_count(0)

    def look(self, name: str) -> None:
        """At the width of a phone and of a desk: clean for axe, nothing sticks out, no complaint of the browser's."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{name} at {width}: {found.generate_report()}"
            reaches = self.page.evaluate("document.documentElement.scrollWidth")
            assert reaches <= width, f"{name} reaches {reaches} at {width}"
            self.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        assert self.complaints == [], name
