"""The real report of 2022, typed in by the organization, sent back, answered, handed in again and accepted."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import chain
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from minori.accounts.enums import Role
from minori.audit.trail import MINORI
from minori.filings import files
from minori.organizations import provisioning
from minori.organizations.models import Organization
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.tenancy.rooms import entering
from tests import database
from tests.factories import demo, people, programmes, registry
from tests.journeys.visitor import Visitor
from tests.minori.accounts.mailbox import Mails
from tests.seed import report
from workers.tasks import mail as mail_tasks
from workers.tasks import summaries, sweeps

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ASKED = "役割分担について、リストに載っている団体の数を教えてください。"
ANSWERED = "リストの17団体のうち、8団体です。本文のとおりです。"
WRITER, OFFICER = "seishinryo@example.jp", "hogo@example.jp"


@pytest.fixture
def seishinryo(transactional_db: None) -> Iterator[Organization]:
    """The organization with a room of its own, gone again afterwards."""
    at = timezone.now()
    name = report.transcription()["head"]["organization"]
    made = provisioning.register(slug="seishinryo", name=name, by=MINORI, at=at)
    provisioning.provision(made.pk, at=at)
    yield Organization.objects.get(pk=made.pk)
    database.empty()
    demo.remove_rooms()


@pytest.fixture
def deadline(seishinryo: Organization) -> Deadline:
    """Its report, open since ten days and due in four, with the plan registered and confirmed."""
    said = report.transcription()["head"]
    distributor = programmes.distributor(name=said["distributor"], slug="hogo-kyokai")
    today = distributor.local_date(timezone.now())
    programme = programmes.programme(of=distributor, code="hogo", starts_on=today - timedelta(days=900))
    round_ = programmes.round_(
        of=programme,
        title=report.demo()["round_title"],
        period_starts_on=today - timedelta(days=200),
        period_ends_on=today - timedelta(days=11),
        opens_on=today - timedelta(days=10),
        due_on=today + timedelta(days=4),
    )
    officer = people.officer(distributor, "manager", name="日本更生保護協会 担当者", email=OFFICER)
    writer = people.member(seishinryo, Role.APPROVER, name="清心寮 担当者", email=WRITER)
    grant = programmes.grant(
        organization=seishinryo,
        of=programme,
        code="seishinryo",
        title=said["project_title"],
        lead_officer=officer,
    )
    version = registry.registered(grant, report.framework())
    with entering(seishinryo):
        from minori.accounts.requests import actor

        frameworks.confirm(version, by=actor(writer), at=timezone.now())
    return programmes.deadline(of=grant, round=round_)


def test_the_report_of_2022_goes_all_the_way(
    chromium: Browser, live_server: Any, mails: Mails, deadline: Deadline
) -> None:
    writer = Visitor(chromium, live_server.url, mails)
    officer = Visitor(chromium, live_server.url, mails)

    writer.sign_in(WRITER, look=True)
    writer.look("home")
    type_everything(writer, deadline)
    hand_in(writer, deadline, look=True)
    first = filed(deadline)
    assert says_what_the_seed_says(first)
    assert_clean_photo(first, deadline)

    officer.sign_in(OFFICER)
    find_on_the_programme_page(officer, deadline)
    send_back(officer, deadline)
    told = [mail for mail in told_by_mail(deadline, mails) if "差戻し" in mail.subject]
    assert [mail.recipients for mail in told] == [(WRITER,)]
    assert ASKED in told[0].text

    answer(writer, deadline)
    hand_in(writer, deadline)
    second = filed(deadline)
    assert second.head.revision == 2
    assert says_what_the_seed_says(second)

    accept(officer, deadline)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.days_late, deadline.filings.count()) == ("accepted", 0, 2)
    assert_nothing_drifted(deadline)


def type_everything(writer: Visitor, deadline: Deadline) -> None:
    """All ten output rows, all sections and a photo, each reached from the report's list."""
    page, said = writer.page, report.transcription()
    page.locator(f"main a[href$='/reports/{deadline.pk}/']").first.click()
    writer.look("report-untouched")
    open_section(page, "results")
    for row, told in zip(report.framework(), said["rows"], strict=True):
        page.locator(f"[name='row-{row.uuid}-text']").fill(told["text"])
        if told["progress"]:
            page.locator(f"[name='row-{row.uuid}-progress'][value='{told['progress']}']").check()
        if told["remark"]:  # its box is folded until a code asks for it
            page.locator(f"[name='row-{row.uuid}-remark']").fill(told["remark"])
    writer.look("results")
    save(page)
    open_section(page, "outlook")
    page.locator(f"[name=outlook][value='{said['outlook']}']").check()
    save(page)
    open_section(page, "changes")
    for value in said["changes"]:
        page.locator(f"[name=changes][value={value}]").check()
    save(page)
    open_section(page, "activities")
    page.locator("[name=activities]").fill(said["activities"])
    save(page)
    open_section(page, "symbol_mark")
    for value in said["symbol_mark"]["ticked"]:
        page.locator(f"[name=symbol_mark][value={value}]").check()
    page.locator("[name=symbol_mark-text]").fill(said["symbol_mark"]["text"])
    save(page)
    for key in ("media", "material", "reports", "events"):
        open_section(page, key)
        page.locator(f"[name={key}][value={'yes' if said[key] else 'no'}]").check()
        save(page)
    open_section(page, "photos")
    photo = {"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": photo_with_place()}
    page.locator("input[name=files]").set_input_files(photo)
    page.locator("#add-files button").click()
    expect(page.locator(".file-list img")).to_have_count(1)
    save(page)
    writer.look("report")


def hand_in(writer: Visitor, deadline: Deadline, *, look: bool = False) -> None:
    page = writer.page
    page.locator("main a[href$='/check/']").first.click()
    if look:
        writer.look("check")
    page.locator("[name=approved_by]").fill("施設長")
    page.locator("[name=manner][value=printed]").check()
    page.locator("[name=approved_on]").fill(today_of(deadline))
    page.locator("#hand-in button").click()
    expect(page.locator("#hand-in")).to_have_count(0)
    deadline.refresh_from_db()
    assert deadline.state == "handed_in"


def find_on_the_programme_page(officer: Visitor, deadline: Deadline) -> None:
    """On the board and in the map, once the worker has compiled."""
    compile_now(deadline)
    page = officer.page
    page.goto("/desk/programmes/hogo/")
    expect(page.locator("table.board, table").first).to_contain_text("更生保護法人 清心寮")
    strip = page.locator(".map__line").filter(has_text="清心寮")
    for code, words in (("1", "遅れ"), ("4", "その他"), ("0103", "未報告")):
        expect(strip.locator("a").filter(has_text=re.compile(rf"^\s*{code}\s")).first).to_contain_text(words)
    officer.look("programme")
    page.locator(f"table a[href$='/desk/review/{deadline.pk}/']").first.click()
    expect(page.locator("h1")).to_have_text("更生保護法人 清心寮")


def send_back(officer: Visitor, deadline: Deadline) -> None:
    page = officer.page
    page.locator(f"form[action$='/{deadline.pk}/begin/'] button").click()
    row = next(row for row in report.framework() if row.code == "0103")
    part = page.locator(f"#part-{row.uuid}")
    expect(part).to_contain_text("具体的な支援を実施していただいた8団体は")
    part.locator("summary").click()
    part.locator(f"[name='comment-{row.uuid}']").fill(ASKED)
    officer.look("review")
    page.locator("[name=due_on]").fill(today_of(deadline, days=7))
    page.locator("button[name=decide][value=return]").last.click()
    expect(page.locator("#decide")).to_have_count(0)
    deadline.refresh_from_db()
    assert deadline.state == "returned"
    assert [comment.anchor for comment in deadline.comments.all()] == [str(row.uuid), ""]


def answer(writer: Visitor, deadline: Deadline) -> None:
    page = writer.page
    page.goto("/")
    writer.look("home-returned")
    page.locator(f"main a[href$='/reports/{deadline.pk}/']").first.click()
    open_section(page, "results")
    asked = page.locator(".thread").filter(has_text=ASKED)
    asked.locator("textarea").fill(ANSWERED)
    save(page)
    assert [one.replies.get().body for one in deadline.comments.filter(answers=None).exclude(anchor="")] == [
        ANSWERED
    ]


def accept(officer: Visitor, deadline: Deadline) -> None:
    compile_now(deadline)
    page = officer.page
    page.goto(f"/desk/review/{deadline.pk}/")
    page.locator(f"form[action$='/{deadline.pk}/begin/'] button").click()
    expect(page.locator("main")).to_contain_text(ANSWERED)
    officer.look("review-again")
    page.locator("button[name=decide][value=accept]").last.click()
    expect(page.locator("button[name=decide][value=accept]")).to_have_count(0)


def open_section(page: Page, key: str) -> None:
    page.locator(f"main a[href$='/sections/{key}/']").first.click()
    expect(page.locator("#section")).to_be_visible()


def save(page: Page) -> None:
    """Save, and back to the list of sections."""
    page.locator("button[name=then][value=list]").click()
    expect(page.locator("#section")).to_have_count(0)


def compile_now(deadline: Deadline) -> None:
    """What the worker does when it is woken."""
    assert summaries.compile_round(programme_id=deadline.grant.programme_id, round_id=deadline.round_id), (
        "there was nothing new to compile"
    )


def told_by_mail(deadline: Deadline, mails: Mails) -> list[Any]:
    """What the sweep plans and the sender sends."""
    before = len(mails())
    sweeps.plan_notices(timezone.now())
    mail_tasks.send_waiting_mail()
    return mails()[before:]


def today_of(deadline: Deadline, *, days: int = 0) -> str:
    today = deadline.grant.programme.distributor.local_date(timezone.now())
    return (today + timedelta(days=days)).isoformat()


def photo_with_place() -> bytes:
    """A JPEG as a phone makes it: with the place where it was taken."""
    image = Image.new("RGB", (1600, 1200), (180, 200, 190))
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 51.0, 25.0), 3: "E", 4: (139.0, 38.0, 56.0)})
    file = BytesIO()
    image.save(file, "JPEG", exif=exif.tobytes())
    assert Image.open(BytesIO(file.getvalue())).getexif().get_ifd(0x8825), "the photo has no place to lose"
    return file.getvalue()


def filed(deadline: Deadline) -> Any:
    from minori.report_forms.contents import Contents

    deadline.refresh_from_db()
    return Contents.from_json(deadline.current_filing.contents)


def says_what_the_seed_says(contents: Any) -> bool:
    """Every row, text, code, blank and answer; the head but for the day, which is today."""
    said = report.transcription()["head"]
    head = (contents.head.project_title, contents.head.distributor, contents.head.organization)
    assert head == (said["project_title"], said["distributor"], said["organization"])
    assert contents.framework == report.framework()
    assert contents.rows == report.rows()
    given = report.answers()
    assert {key: contents.answers[key] for key in given} == given
    return True


def assert_clean_photo(contents: Any, deadline: Deadline) -> None:
    (photo,) = contents.attachments
    assert photo.filename == "IMG_0042.jpg"
    with files.open_(deadline.organization_id, photo.sha256) as file, Image.open(file) as image:
        assert dict(image.getexif()) == {}
        assert "exif" not in image.info


def assert_nothing_drifted(deadline: Deadline) -> None:
    from minori.filings import verifying as papers
    from reporting.summaries import verifying

    compile_now(deadline)
    assert list(chain(papers.differences(), verifying.differences())) == []
