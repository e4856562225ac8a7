"""Files at a row of the results: added there, listed there and with the others, filed with their row."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from minori.filings import files
from minori.report_forms.contents import Contents, Rights
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tests.factories import filings, registry
from tests.tenants.evidence import documents, pictures
from tests.tenants.reports.conftest import AT, _own_files, deadline, editor, theirs

__all__ = ["_own_files", "deadline", "editor", "theirs"]
pytestmark = pytest.mark.django_db
ROW = registry.identity("0101")


def page(report: Any) -> str:
    return f"/o/hikari/reports/{report.pk}/rows/{ROW}/files/"


def upload(client: Client, report: Any, *sent: tuple[str, bytes], **headers: Any) -> Any:
    data = {"files": [SimpleUploadedFile(name, content) for name, content in sent]}
    return client.post(f"{page(report)}add/", data, **headers)


def kept(report: Any) -> list[Any]:
    with entering(report.organization):
        return attachments.of(report.pk)


def test_files_at_a_row_are_listed_at_the_row_and_with_the_others(
    client: Client, deadline: Any, editor: Any
) -> None:
    response = upload(client, deadline, ("a.jpg", pictures.jpeg()), ("決算.pdf", documents.pdf()))
    assert response.url == page(deadline)
    assert [(one.row_uuid, one.width) for one in kept(deadline)] == [(ROW, 640), (ROW, None)]
    shown = client.get(page(deadline)).content.decode()
    assert shown.count("?size=small") == 1
    assert "決算.pdf" in shown
    everywhere = client.get(f"/o/hikari/reports/{deadline.pk}/sections/photos/").content.decode()
    assert everywhere.count("添付した行") == 2
    assert "決算.pdf" in client.get(f"/o/hikari/reports/{deadline.pk}/sections/results/").content.decode()


def test_what_is_said_about_a_file_is_filed_with_it(client: Client, deadline: Any, editor: Any) -> None:
    upload(client, deadline, ("a.jpg", pictures.jpeg()))
    (one,) = kept(deadline)
    said = {
        f"file-{one.uuid}-caption": "夏のつどい",
        f"v-file-{one.uuid}": "",
        f"file-{one.uuid}-rights": "agreed",
    }
    client.post(page(deadline), said)
    filing = filings.handed_in(deadline, attachments=[attachments.as_attachment(kept(deadline)[0])])
    filed = filing.attachments.get()
    assert (filed.row_uuid, filed.rights, filed.caption) == (ROW, "agreed", "夏のつどい")
    (attachment,) = Contents.from_json(filing.contents).attachments
    assert (attachment.row, attachment.rights) == (ROW, Rights.AGREED)
    paper = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/").content.decode()
    assert "この行に添付されたファイル" in paper
    assert "了解を得た" in paper


def test_the_script_is_told_what_became_of_each_file(client: Client, deadline: Any, editor: Any) -> None:
    good = upload(client, deadline, ("a.jpg", pictures.jpeg()), HTTP_ACCEPT="application/json")
    bad = upload(client, deadline, ("b.svg", documents.SVG), HTTP_ACCEPT="application/json")
    assert (good.status_code, json.loads(good.content)) == (200, {"added": 1, "refused": []})
    assert bad.status_code == 422
    assert json.loads(bad.content)["refused"][0]["filename"] == "b.svg"


def test_a_document_is_only_offered_for_saving_under_the_ending_of_what_it_is(
    client: Client, deadline: Any, editor: Any
) -> None:
    upload(client, deadline, ("計画.exe", documents.docx()))
    (one,) = kept(deadline)
    response = client.get(f"/o/hikari/evidence/files/{one.uuid}/")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Disposition"].endswith(".docx")


def test_a_store_that_is_away_loses_nothing_and_says_so(
    client: Client, deadline: Any, editor: Any, settings: Any, tmp_path: Any
) -> None:
    upload(client, deadline, ("a.jpg", pictures.jpeg()))
    (tmp_path / "no folder").write_text("a file")
    settings.FILES_DIR = tmp_path / "no folder"
    response = upload(client, deadline, ("b.png", pictures.png()))
    assert response.status_code == 422
    assert "いまは保存できませんでした" in response.content.decode()
    assert len(kept(deadline)) == 1, "no row without its bytes"


def test_what_was_changed_in_the_store_is_not_shown(
    client: Client, deadline: Any, editor: Any, tmp_path: Any
) -> None:
    upload(client, deadline, ("a.jpg", pictures.jpeg()))
    (one,) = kept(deadline)
    path = tmp_path / "files" / str(deadline.organization_id) / one.sha256[:2] / one.sha256
    path.write_bytes(b"something else")
    response = client.get(f"/o/hikari/evidence/files/{one.uuid}/")
    assert response.status_code == 500
    assert "一致しません" in response.content.decode()


def test_bytes_without_a_row_are_found_and_removed_and_others_stay(
    client: Client, deadline: Any, theirs: Any, editor: Any
) -> None:
    upload(client, deadline, ("a.jpg", pictures.jpeg()))
    files.keep(deadline.organization_id, b"left by a crash")
    files.keep(theirs.organization_id, b"of others")
    with entering(deadline.organization):
        assert attachments.forget_orphans() == 1
        assert [sound for _sha256, sound in attachments.look_through()] == [True]
    assert len(list(files.kept(theirs.organization_id))) == 1


def test_a_row_of_nobody_is_not_found_and_a_closed_report_takes_nothing(
    client: Client, deadline: Any, editor: Any
) -> None:
    assert client.get(page(deadline).replace(str(ROW), str(registry.identity("none")))).status_code == 404
    filings.handed_in(deadline, at=AT)
    assert upload(client, deadline, ("a.jpg", pictures.jpeg())).status_code == 302
    assert kept(deadline) == []
