"""Uploading, describing, ordering and removing photos, and who may look at them."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from minori.accounts.enums import Role
from minori.filings import files
from minori.programmes.models import Deadline
from minori.report_forms import editions
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tenants.evidence.models import AttachedFile
from tests.factories import filings, people
from tests.tenants.evidence import pictures
from tests.tenants.reports.conftest import AT, _own_files, approver, deadline, editor, theirs

__all__ = ["_own_files", "approver", "deadline", "editor", "theirs"]
pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


def upload(client: Client, report: Deadline, *sent: tuple[str, bytes]) -> Any:
    sent_ = [SimpleUploadedFile(name, data) for name, data in sent]
    return client.post(f"/o/hikari/reports/{report.pk}/files/", {"files": sent_})


def section(report: Deadline) -> str:
    return f"/o/hikari/reports/{report.pk}/sections/photos/"


def kept(report: Deadline) -> list[AttachedFile]:
    with entering(report.organization):
        return attachments.of(report.pk)


RED, GREEN = pictures.jpeg(colour=(200, 0, 0)), pictures.jpeg(colour=(0, 200, 0))


def test_several_photos_are_added_in_their_order(client: Client, deadline: Any, editor: Any) -> None:
    response = upload(
        client, deadline, ("one.jpg", RED), ("two.HEIC", pictures.heic()), ("three.png", pictures.png())
    )
    assert response.url == section(deadline)
    assert [one.filename for one in kept(deadline)] == ["one.jpg", "two.HEIC", "three.png"]
    assert [one.content_type for one in kept(deadline)] == ["image/jpeg"] * 3
    assert all(one.uploaded_by_id == editor.pk for one in kept(deadline))
    page = client.get(section(deadline)).content.decode()
    assert page.count("<img") == 3


def test_the_stored_bytes_hold_no_place(client: Client, deadline: Any, editor: Any) -> None:
    upload(client, deadline, ("one.jpg", RED))
    (photo,) = kept(deadline)
    with files.open_(deadline.organization_id, photo.sha256) as file:
        data = file.read()
    assert dict(Image.open(BytesIO(data)).getexif()) == {}
    assert pictures.SECRET not in data


def test_each_bad_file_gets_its_sentence_and_the_good_ones_are_kept(
    client: Client, deadline: Any, editor: Any
) -> None:
    response = upload(
        client,
        deadline,
        ("large.jpg", b"\xff\xd8\xff" + b"x" * (40 * MEGABYTE)),
        ("text.jpg", b"only text"),
        ("broken.jpg", b"\xff\xd8\xffbroken"),
        ("drawing.svg", b"<svg/>"),
        ("empty.jpg", b""),
        ("good.jpg", GREEN),
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー： 活動の写真" in page
    for name, sentence in {
        "large.jpg": "15MB を超えています",
        "text.jpg": "この種類のファイルは追加できません",
        "broken.jpg": "こわれていて",
        "drawing.svg": "SVG の図は追加できません",
        "empty.jpg": "中身のないファイル",
    }.items():
        assert name in page
        assert sentence in page
    assert [one.filename for one in kept(deadline)] == ["good.jpg"]


def test_nothing_chosen_says_so(client: Client, deadline: Any, editor: Any) -> None:
    response = upload(client, deadline)
    assert response.status_code == 422
    assert "先にファイルをえらんでください" in response.content.decode()


def test_a_form_beyond_all_limits_is_answered_before_it_is_read(
    client: Client, deadline: Any, editor: Any
) -> None:
    response = client.post(
        f"/o/hikari/reports/{deadline.pk}/files/",
        data=b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2_000 * MEGABYTE),
    )
    assert response.status_code == 413
    assert "15 MB" in response.content.decode()


def test_an_upload_from_another_site_is_refused(hikari: Any, deadline: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    people.sign_in(strict, people.member(hikari, Role.EDITOR))
    assert upload(strict, deadline, ("one.jpg", RED)).status_code == 403
    assert kept(deadline) == []


def test_the_same_photo_twice_is_one_photo(client: Client, deadline: Any, editor: Any) -> None:
    upload(client, deadline, ("one.jpg", RED))
    upload(client, deadline, ("again.jpg", RED))
    assert [one.filename for one in kept(deadline)] == ["one.jpg"]


def test_more_files_than_the_form_allows_are_refused(client: Client, deadline: Any, editor: Any) -> None:
    field = editions.load("2020", 1).field("photos")
    many = [SimpleUploadedFile("a.jpg", pictures.jpeg((80, 60), colour=(n * 20, 0, 0))) for n in range(4)]
    with entering(deadline.organization):
        added = attachments.add(
            deadline.pk, uploads=many, field=replace(field, max_count=3), by=filings.EDITOR, at=AT
        )
    assert [one.why for one in added.refused] == ["ファイルは 3件まで追加できます。"]
    assert len(kept(deadline)) == 3
    assert len(list(files.kept(deadline.organization_id))) == 3, "the refused one leaves no bytes"


def test_captions_are_saved_and_photos_change_places(client: Client, deadline: Any, editor: Any) -> None:
    upload(client, deadline, ("one.jpg", RED), ("two.jpg", GREEN))
    one, two = kept(deadline)
    client.post(
        section(deadline),
        {f"file-{one.uuid}-caption": "夏のつどい", f"v-file-{one.uuid}": "", "move": f"{two.uuid}:up"},
    )
    assert [(photo.filename, photo.caption) for photo in kept(deadline)] == [
        ("two.jpg", ""),
        ("one.jpg", "夏のつどい"),
    ]
    client.post(section(deadline), {"move": f"{two.uuid}:up"})
    assert [photo.filename for photo in kept(deadline)] == ["two.jpg", "one.jpg"], (
        "at the edge nothing happens"
    )


def test_a_caption_somebody_else_wrote_meanwhile_is_shown_beside_mine(
    client: Client, deadline: Any, editor: Any
) -> None:
    upload(client, deadline, ("one.jpg", RED))
    (one,) = kept(deadline)
    client.post(section(deadline), {f"file-{one.uuid}-caption": "相手の説明", f"v-file-{one.uuid}": ""})
    response = client.post(
        section(deadline), {f"file-{one.uuid}-caption": "私の説明", f"v-file-{one.uuid}": ""}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "相手の説明" in page
    assert 'value="私の説明"' in page
    assert kept(deadline)[0].caption == "相手の説明"
    client.post(
        section(deadline), {f"file-{one.uuid}-caption": "私の説明", f"v-file-{one.uuid}": "相手の説明"}
    )
    assert kept(deadline)[0].caption == "私の説明"


def test_removing_asks_first_and_takes_the_bytes_that_nobody_needs(
    client: Client, deadline: Any, editor: Any
) -> None:
    upload(client, deadline, ("one.jpg", RED))
    (one,) = kept(deadline)
    there = f"/o/hikari/reports/{deadline.pk}/files/{one.uuid}/remove/"
    assert client.get(there).status_code == 200
    assert len(kept(deadline)) == 1
    assert client.post(there).url == section(deadline)
    assert kept(deadline) == []
    assert not files.exists(deadline.organization_id, one.sha256)
    assert client.post(there).status_code == 302, "pressed twice"


def test_a_filed_photo_stays_when_the_drafts_is_removed(client: Client, deadline: Any, editor: Any) -> None:
    upload(client, deadline, ("one.jpg", RED))
    (one,) = kept(deadline)
    filing = filings.handed_in(deadline, attachments=[attachments.as_attachment(one)])
    from minori.filings import handing_in

    speaking = people.speaking(deadline.organization)
    with entering(deadline.organization):
        handing_in.recall(deadline, by=speaking, at=timezone.now())
        attachments.remove(deadline.pk, one.uuid, at=AT)
    assert kept(deadline) == []
    response = client.get(f"/o/hikari/evidence/filed/{filing.pk}/{one.uuid}/")
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[:3] == b"\xff\xd8\xff"
    assert (
        f"/evidence/filed/{filing.pk}/{one.uuid}/"
        in client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/").content.decode()
    )


def test_a_report_that_was_handed_in_takes_no_photos(client: Client, deadline: Any, editor: Any) -> None:
    filings.handed_in(deadline)
    response = upload(client, deadline, ("one.jpg", RED))
    assert "提出済みです" in client.get(response.url).content.decode()
    assert kept(deadline) == []


def test_photos_are_sent_so_that_they_can_only_be_looked_at(
    client: Client, deadline: Any, editor: Any
) -> None:
    upload(client, deadline, ("集合 写真.HEIC", RED))
    (one,) = kept(deadline)
    response = client.get(f"/o/hikari/evidence/files/{one.uuid}/")
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"].startswith("private")
    assert response["Content-Disposition"].startswith("inline")
    assert ".jpg" in response["Content-Disposition"]


def test_another_organization_sees_none_of_it(
    client: Client, deadline: Any, theirs: Any, editor: Any, kibou: Any
) -> None:
    upload(client, deadline, ("one.jpg", RED))
    (one,) = kept(deadline)
    filing = filings.handed_in(deadline, attachments=[attachments.as_attachment(one)])
    stranger = Client()
    people.sign_in(stranger, people.member(kibou, Role.APPROVER))
    for path in (
        f"/o/hikari/evidence/files/{one.uuid}/",
        f"/o/kibou/evidence/files/{one.uuid}/",
        f"/o/kibou/evidence/filed/{filing.pk}/{one.uuid}/",
        f"/o/kibou/reports/{deadline.pk}/files/{one.uuid}/remove/",
    ):
        assert stranger.get(path).status_code == 404
    assert kept(theirs) == []
    assert not files.exists(kibou.pk, one.sha256)


def test_a_reader_adds_nothing(client: Client, deadline: Any, hikari: Any) -> None:
    people.sign_in(client, people.member(hikari, Role.READER))
    assert upload(client, deadline, ("one.jpg", RED)).status_code == 403
