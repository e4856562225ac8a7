"""The browser of every journey: one way to start it, to sign in with it and to look at a page."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.factories import people

SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
REFUSED = "Failed to load resource: the server responded with a status of 4"
"""What a browser says of a 422, where the refusal is what the page is about."""


@contextmanager
def running() -> Iterator[Browser]:
    """A browser in a process of its own; its loop runs in this thread, and Django would take it for ours."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = os.environ.get("MINORI_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def opened(
    browser: Browser,
    site: str,
    who: Any = None,
    *,
    width: int = 1280,
    language: str = "ja",
    script: bool = True,
    permissions: list[str] | None = None,
) -> Page:
    """A page of somebody's own, signed in where a person is given; `complaints` collects what the browser says."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale=language, base_url=site, java_script_enabled=script
    )
    context.grant_permissions(permissions or [])
    cookies = {"django_language": language}
    if who is not None:
        cookies["sessionid"] = people.sign_in(Client(), who).cookies["sessionid"].value
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def look(page: Page, name: str, *, refused: bool = False) -> None:
    """Clean for axe, nothing sticks out at the side, no complaint of the browser's; a picture where one is wanted.

    With `refused` a 4xx the server answered is no complaint.
    """
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
    assert [said for said in page.complaints if not (refused and said.startswith(REFUSED))] == [], name
    if folder := os.environ.get("MINORI_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
