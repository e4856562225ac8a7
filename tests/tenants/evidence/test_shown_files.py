"""Files of a draft that is shown to consult: the officer sees those of the snapshot, nobody sees any other."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.accounts.enums import StaffRole
from minori.filings import consulting, files
from minori.filings.models import Consultation
from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tenants.evidence.models import AttachedFile
from tenants.reports.consultations import show_draft
from tests.factories import people
from tests.reporting.review.desk import desk, signed_in, url
from tests.tenants.evidence import pictures
from tests.tenants.reports.conftest import AT, _own_files, editor

__all__ = ["_own_files", "editor"]
pytestmark = pytest.mark.django_db
RED, GREEN = pictures.jpeg(colour=(200, 0, 0)), pictures.jpeg(colour=(0, 200, 0))


def upload(client: Client, report: Deadline, name: str, data: bytes) -> AttachedFile:
    client.post(f"/o/hikari/reports/{report.pk}/files/", {"files": [SimpleUploadedFile(name, data)]})
    with entering(report.organization):
        return attachments.of(report.pk)[-1]


def shown(report: Deadline, question: str = "") -> Consultation:
    by = people.speaking(report.organization)
    with entering(report.organization):
        return show_draft(report, question=question, by=by, at=timezone.now())


def at_desk(report: Deadline, file: AttachedFile, number: int = 1) -> str:
    return url(report, f"consultations/{number}/files/{file.uuid}/")


def in_room(report: Deadline, file: AttachedFile, number: int = 1) -> str:
    return f"/o/hikari/evidence/shown/{report.pk}/{number}/{file.uuid}/"


@pytest.fixture
def report(hikari: Any, editor: Any) -> Any:
    """A report of ひかり, open, with its desk."""
    here = desk()
    return here.deadline(hikari), here


def test_the_officer_sees_the_photos_of_the_snapshot_and_none_added_later(
    client: Client, report: Any
) -> None:
    deadline, here = report
    before = upload(client, deadline, "before.jpg", RED)
    shown(deadline)
    after = upload(client, deadline, "after.jpg", GREEN)
    browser = signed_in(here.officer)
    page = browser.get(url(deadline, "consultations/1/")).content.decode()
    assert f'src="{at_desk(deadline, before)}?size=small"' in page
    assert str(after.uuid) not in page
    answer = browser.get(at_desk(deadline, before))
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store", "it may be taken back at any time"
    assert browser.get(at_desk(deadline, after)).status_code == 404


def test_nobody_else_sees_a_shown_file(client: Client, kibou: Any, report: Any) -> None:
    deadline, here = report
    photo = upload(client, deadline, "one.jpg", RED)
    shown(deadline)
    assert signed_in(here.colleague(StaffRole.READER)).get(at_desk(deadline, photo)).status_code == 200
    elsewhere = signed_in(desk().officer)
    assert elsewhere.get(at_desk(deadline, photo)).status_code == 404
    stranger = people.sign_in(Client(), people.member(kibou, name="他団体 四郎"))
    assert stranger.get(in_room(deadline, photo)).status_code in (403, 404)
    theirs = in_room(deadline, photo).replace("hikari", "kibou")
    assert stranger.get(theirs).status_code == 404, "its own address with another's numbers"
    assert client.get(in_room(deadline, photo)).status_code == 200
    assert Client().get(at_desk(deadline, photo)).status_code == 302


def test_a_snapshot_names_only_files_of_the_organization_that_showed_it(kibou: Any, report: Any) -> None:
    deadline, here = report
    secret = files.keep(kibou.pk, b"\xff\xd8 of another organization")
    mine = shown(deadline)
    contents = dict(mine.contents)
    forged = {
        "uuid": "00000000-0000-0000-0000-000000000001",
        "sha256": secret,
        "filename": "x.jpg",
        "caption": "",
        "content_type": "image/jpeg",
        "size": 1,
        "width": 1,
        "height": 1,
    }
    contents["attachments"] = [forged]
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        Consultation.objects.create(
            deadline=deadline,
            organization_id=deadline.organization_id,
            number=2,
            contents=contents,
            shown_at=timezone.now(),
            shown_by_id=by.person_id,
            shown_by_name=by.name,
        )
    answer = signed_in(here.officer).get(url(deadline, f"consultations/2/files/{forged['uuid']}/"))
    assert answer.status_code == 404


def test_what_is_shown_stays_when_the_draft_loses_it_until_it_is_no_longer_shown(
    client: Client, report: Any
) -> None:
    deadline, here = report
    photo = upload(client, deadline, "one.jpg", RED)
    mine = shown(deadline)
    browser = signed_in(here.officer)
    with entering(deadline.organization):
        attachments.remove(deadline.pk, photo.uuid, at=AT)
        assert attachments.forget_orphans() == 0
        assert list(attachments.look_through()) == [(photo.sha256, True)]
    assert browser.get(at_desk(deadline, photo)).status_code == 200
    assert client.get(in_room(deadline, photo)).status_code == 200
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        consulting.withdraw(mine, by=by, at=timezone.now())
    for reader, address in ((browser, at_desk), (client, in_room)):
        assert reader.get(address(deadline, photo)).status_code == 404
    page = client.get(f"/o/hikari/reports/{deadline.pk}/consult/1/").content.decode()
    assert "one.jpg" in page
    assert str(photo.uuid) not in page, "named, and no longer to be opened"
    with entering(deadline.organization):
        assert attachments.forget_orphans() == 1
    assert not files.exists(deadline.organization_id, photo.sha256)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_as_often_for_one_file_as_for_three(
    client: Client, report: Any, count: int
) -> None:
    deadline, here = report
    for number in range(count):
        upload(client, deadline, f"{number}.jpg", pictures.jpeg(colour=(number * 60, 0, 0)))
    shown(deadline)
    browser = signed_in(here.officer)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(url(deadline, "consultations/1/")).content.decode()
    assert page.count("<img") == count
    assert len(asked) == 9
