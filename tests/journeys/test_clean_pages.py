"""Every page of a report's life is clean for axe and fits, in Japanese on a phone and in English on a desk."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from minori.accounts.enums import Role
from minori.filings import consulting, reviewing
from minori.filings.enums import Side
from minori.filings.reviewing import Remark
from minori.organizations.models import Organization
from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tests.factories import filings, people, programmes, registry
from tests.reporting.review.desk import desk
from tests.tenants.evidence import documents, pictures
from tests.tenants.reports.conftest import AT, BY, open_deadline
from tests.tenants.reports.test_consulting import OFFICER, shown
from tests.tenants.reports.test_handing_in import fill

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ROW = str(registry.identity("0101"))
CODES = ("0101", "0102")
TABLE = "コード\t現在の指標の達成状況\t進捗状況\n0101\t12回\t3\n0102\t5回\t\n0999\tよその行\t1"


class Life:
    """A report that is open, one that came back, one on the newer form and one on the plain one, all of ひかり."""

    def __init__(self, hikari: Organization) -> None:
        here = desk()
        self.organization, self.officer = hikari, here.officer
        self.approver = people.member(hikari, Role.APPROVER, name="承認 太郎")
        back = here.deadline(hikari)
        rows = [
            {
                "code": code,
                "statement": f"（{code}）週3回の居場所が開かれている",
                "indicators": [{"statement": "回数"}],
            }
            for code in CODES
        ]
        registry.registered(back.grant, registry.framework(rows))
        self.returned = self._returned(back)
        next_one = {
            "title": "年度末報告（2年度目下期）",
            "opens_on": date(2025, 10, 1),
            "due_on": date(2099, 3, 1),
        }
        self.open = open_deadline(
            hikari, of=back.grant, round=programmes.round_(of=back.grant.programme, **next_one)
        )
        fill(self.open)
        self._attach(self.open)
        self.consultation = shown(self.open, "このまま出してもよいでしょうか。")
        consulting.say(self.consultation, side=Side.DESK, body="時期も書いてください。", by=OFFICER, at=AT)
        self.web, self.plain = (self._on(here, edition) for edition in ("web.states", "plain"))

    def _returned(self, deadline: Deadline) -> Deadline:
        filings.handed_in(deadline, rows={code: {"text": "のべ500人", "progress": 2} for code in CODES})
        self._sent_back(deadline, everything=True)
        filings.handed_in(deadline, rows={code: {"text": "のべ640人", "progress": 3} for code in CODES})
        self._sent_back(deadline, everything=False)
        return deadline

    def _sent_back(self, deadline: Deadline, *, everything: bool) -> None:
        filing = deadline.current_filing
        assert filing is not None
        reviewing.send_back(
            deadline,
            filing=filing,
            remarks=[Remark("ありがとうございます。"), Remark("時期はいつですか。", anchor=ROW)],
            due_on=date(2099, 11, 1),
            everything=everything,
            by=OFFICER,
            at=AT,
        )
        deadline.refresh_from_db()

    def _attach(self, deadline: Deadline) -> None:
        uploads = [
            SimpleUploadedFile("居場所.jpg", pictures.jpeg()),
            SimpleUploadedFile("名簿.pdf", documents.pdf()),
        ]
        with entering(self.organization):
            copy = {"field": filings.edition().field("photos"), "by": BY, "at": AT}
            attachments.add(deadline.pk, uploads=uploads, **copy)
            photo = SimpleUploadedFile("行.png", pictures.png())
            attachments.add(deadline.pk, uploads=[photo], row=registry.identity("0101"), **copy)
            self.file = attachments.of(deadline.pk)[0].uuid

    def _on(self, here: Any, edition: str) -> Deadline:
        programme = programmes.programme(of=here.distributor)
        round_ = programmes.round_(of=programme, edition=edition)
        grant = programmes.grant(organization=self.organization, of=programme, lead_officer=here.officer)
        registry.registered(grant)
        deadline = programmes.deadline(of=grant, round=round_)
        filings.handed_in(deadline)
        reviewing.begin_reading(deadline, by=OFFICER, at=AT)
        return deadline

    def of_the_room(self) -> Iterator[str]:
        """The pages of the organization."""
        here, back = (f"/o/hikari/reports/{one.pk}/" for one in (self.open, self.returned))
        yield from ("/o/hikari/", "/o/hikari/reports/", here, f"{here}check/")
        for section in ("head", "results", "activities", "symbol_mark", "photos"):
            yield f"{here}sections/{section}/"
        yield f"{here}sections/results/rows/{ROW}/covers/"
        yield f"{here}sections/results/copy/"
        yield f"{here}sections/results/paste/"
        yield f"{here}rows/{ROW}/files/"
        yield f"{here}files/{self.file}/remove/"
        yield from (f"{here}consult/", f"{here}consult/{self.consultation.number}/")
        yield from (back, f"{back}sections/results/", f"{back}sections/activities/", f"{back}check/")
        yield from (f"{back}filings/2/", f"{back}filings/2/transcribe/", f"{back}compare/")

    def of_the_desk(self) -> Iterator[str]:
        """The pages of the officer that no other test looks at in both languages."""
        yield from (f"/desk/review/{one.pk}/" for one in (self.returned, self.web, self.plain))
        yield f"/desk/review/{self.returned.pk}/compare/"
        yield f"/desk/review/{self.open.pk}/consultations/{self.consultation.number}/"
        yield f"/desk/review/{self.returned.pk}/history/"


@pytest.fixture
def life(hikari: Organization, settings: Any, tmp_path: Any) -> Life:
    settings.FILES_DIR = tmp_path / "files"
    return Life(hikari)


def visit(browser: Browser, site: str, who: Any, language: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=language, base_url=site, accept_downloads=True
    )
    session = people.sign_in(Client(), who).cookies["sessionid"].value
    cookies = {"sessionid": session, "django_language": language}
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(10_000)
    return page


def look(page: Page, name: str) -> list[str]:
    """What is not clean for axe, and what sticks out at the side."""
    found = Axe().run(page)
    said = [f"{page.url}: {found.generate_report()}"] if found.violations_count else []
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        said.append(f"{page.url} is wider than {width}")
    if folder := os.environ.get("MINORI_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    return said


@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("en", 1280)])
def test_every_page_of_a_reports_life_is_clean(
    chromium: Browser, live_server: Any, life: Life, language: str, width: int
) -> None:
    complaints: list[str] = []
    room = visit(chromium, live_server.url, life.approver, language, width)
    officer = visit(chromium, live_server.url, life.officer, language, width)
    for page, addresses in ((room, life.of_the_room()), (officer, life.of_the_desk())):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for number, address in enumerate(addresses):
            answer = page.goto(address)
            assert answer is not None, address
            assert answer.status == 200, address
            assert page.locator("html").get_attribute("lang") == language
            assert page.url.endswith(address), "nobody was led elsewhere"
            complaints.extend(look(page, f"{'room' if page is room else 'desk'}-{number}"))
    # the preview of what was pasted
    room.goto(f"/o/hikari/reports/{life.open.pk}/sections/results/paste/")
    room.locator("#id_text").fill(TABLE)
    room.locator("#paste button").click()
    room.locator("input[name=take]").first.wait_for()
    complaints.extend(look(room, "room-preview"))
    # a note beside a report, and the papers that lie behind their links
    officer.goto(f"/desk/review/{life.web.pk}/")
    officer.locator("[name=note]").fill("理事長が交代した。電話で確認する。")
    officer.locator("form[action$='/notes/'] button").first.click()
    officer.get_by_text("理事長が交代した").first.wait_for()
    complaints.extend(look(officer, "desk-note"))
    for one in (life.returned, life.web, life.plain):
        officer.goto(f"/desk/review/{one.pk}/history/")
        link = officer.locator("a[href$='/paper.pdf']").first
        with officer.expect_download() as paper:
            link.click()
        assert paper.value.path().read_bytes().startswith(b"%PDF"), one
    assert not complaints, "\n".join(complaints)
    for page in (room, officer):
        page.context.close()


def test_all_or_none_of_a_preview_are_ticked_by_one_press(
    chromium: Browser, live_server: Any, life: Life
) -> None:
    page = visit(chromium, live_server.url, life.approver, "ja", 360)
    page.goto(f"/o/hikari/reports/{life.open.pk}/sections/results/paste/")
    page.locator("#id_text").fill(TABLE)
    page.locator("#paste button").click()
    boxes = page.locator("input[name=take]")
    ticked, count = page.locator("input[name=take]:checked"), page.locator("[data-pick-count]")
    expect(count).to_have_text("2件のうち 2件をチェック")
    page.get_by_role("button", name="チェックを外す").click()
    expect(ticked).to_have_count(0)
    page.get_by_role("button", name="すべてチェック").press("Enter")
    expect(ticked).to_have_count(2)
    boxes.first.uncheck()
    expect(count).to_have_text("2件のうち 1件をチェック")
    page.context.close()
