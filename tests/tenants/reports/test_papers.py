"""A report as PDF: to whom it is given, under which name, and what it costs."""

from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from minori.accounts.enums import StaffRole
from minori.filings import files
from minori.report_forms.answers import Written
from tests.factories import filings
from tests.minori.documents.reading_pdf import squeeze
from tests.reporting.review.desk import begun, desk, sent_back, signed_in, url
from tests.tenants.evidence.pictures import jpeg
from tests.tenants.reports.conftest import open_deadline

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(hikari: Any) -> tuple[Any, Any]:
    """A report in two revisions, with the officer who read the first and has not begun to read the second."""
    here = desk()
    deadline = here.deadline(hikari)
    filings.handed_in(deadline, answers={"activities": Written("月曜だけひらいた。")})
    sent_back(begun(deadline, here.officer), here.officer)
    filings.handed_in(deadline, answers={"activities": Written("毎日ひらいた。")})
    deadline.refresh_from_db()
    return deadline, here


def read(response: Any) -> str:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return squeeze("".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages))


def name(response: HttpResponse) -> str:
    return unquote(response["Content-Disposition"].split("filename*=utf-8''")[1])


@pytest.mark.usefixtures("editor")
def test_every_revision_can_be_taken_along_by_its_name_and_no_cache_keeps_it(
    client: Client, ours: Any
) -> None:
    deadline, _here = ours
    first = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/paper.pdf")
    assert "月曜だけひらいた。" in read(first)
    assert name(first) == f"{deadline.grant.title}_{deadline.round.title}_第1版.pdf"
    assert first["Content-Disposition"].startswith("attachment;")
    assert (first["X-Content-Type-Options"], first["Cache-Control"]) == ("nosniff", "private, no-store")
    second = client.get(f"/o/hikari/reports/{deadline.pk}/filings/2/paper.pdf")
    assert "毎日ひらいた。" in read(second)
    assert deadline.current_filing.hash in read(second)
    page = client.get(f"/o/hikari/reports/{deadline.pk}/filings/2/").content.decode()
    assert f"/o/hikari/reports/{deadline.pk}/filings/1/paper.pdf" in page
    assert f"/o/hikari/reports/{deadline.pk}/filings/2/paper.pdf" in page


@pytest.mark.usefixtures("editor")
def test_the_draft_is_marked_and_only_there_while_the_report_is_open(client: Client, deadline: Any) -> None:
    response = client.get(f"/o/hikari/reports/{deadline.pk}/draft.pdf")
    assert "下書き（未提出）" in read(response)
    assert name(response).endswith("_下書き.pdf")
    assert "draft.pdf" in client.get(f"/o/hikari/reports/{deadline.pk}/check/").content.decode()
    filings.handed_in(deadline)
    closed = client.get(f"/o/hikari/reports/{deadline.pk}/draft.pdf")
    assert (closed.status_code, closed["Location"]) == (302, f"/o/hikari/reports/{deadline.pk}/")


@pytest.mark.usefixtures("editor")
def test_papers_of_others_and_revisions_that_are_not_are_nowhere(
    client: Client, ours: Any, theirs: Any
) -> None:
    filings.handed_in(theirs)
    deadline, _here = ours
    for address in (
        f"reports/{theirs.pk}/filings/1/paper.pdf",
        f"reports/{theirs.pk}/draft.pdf",
        f"reports/{deadline.pk}/filings/3/paper.pdf",
        f"reports/{deadline.pk}/filings/0/paper.pdf",
    ):
        assert client.get(f"/o/hikari/{address}").status_code == 404


@pytest.mark.usefixtures("editor")
def test_photos_are_printed_and_one_whose_bytes_are_gone_leaves_a_frame(client: Client, hikari: Any) -> None:
    deadline = open_deadline(hikari)
    kept = filings.photo(1, sha256=files.keep(hikari.pk, jpeg()), caption="畑の手入れ")
    filings.handed_in(deadline, attachments=[kept, filings.photo(2, caption="消えた写真")])
    response = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/paper.pdf")
    text = read(response)
    assert text.index("畑の手入れ") < text.index("この写真は表示できません。") < text.index("消えた写真")
    assert sum(len(page.images) for page in PdfReader(BytesIO(response.content)).pages) == 1


def test_the_officer_takes_along_what_has_begun_to_be_read(ours: Any) -> None:
    deadline, here = ours
    browser = signed_in(here.officer)
    assert "月曜" in read(browser.get(url(deadline, "1/paper.pdf")))
    unread = browser.get(url(deadline, "2/paper.pdf"))
    assert (unread.status_code, unread["Location"]) == (302, url(deadline))
    assert "paper.pdf" not in browser.get(url(deadline)).content.decode()
    begun(deadline, here.officer)
    assert url(deadline, "2/paper.pdf") in browser.get(url(deadline)).content.decode()
    assert "毎日" in read(browser.get(url(deadline, "2/paper.pdf")))
    assert browser.get(url(deadline, "3/paper.pdf")).status_code == 404


def test_a_reader_of_the_desk_reads_at_any_time_and_another_desk_never(ours: Any) -> None:
    deadline, here = ours
    assert "毎日" in read(signed_in(here.colleague(StaffRole.READER)).get(url(deadline, "2/paper.pdf")))
    assert signed_in(desk().officer).get(url(deadline, "1/paper.pdf")).status_code == 404


def test_a_paper_costs_the_same_few_queries_however_much_was_written(
    client: Client, hikari: Any, editor: Any, ours: Any
) -> None:
    deadline, here = ours
    begun(deadline, here.officer)
    browser, counts = signed_in(here.officer), []
    photos = [filings.photo(n, sha256=files.keep(hikari.pk, jpeg((64 + n, 64)))) for n in range(1, 4)]
    long = open_deadline(hikari)
    filings.handed_in(long, attachments=photos, answers={"activities": Written("長い。" * 3000)})
    client.get("/o/hikari/")  # so that each of them comes back from a room
    for who, address in (
        (client, f"/o/hikari/reports/{deadline.pk}/filings/2/paper.pdf"),
        (client, f"/o/hikari/reports/{long.pk}/filings/1/paper.pdf"),
        (browser, url(deadline, "2/paper.pdf")),
    ):
        with CaptureQueriesContext(connection) as counted:
            read(who.get(address))
        counts.append(len(counted))
    # of a second revision it is asked whose approval it bears
    assert counts == [9, 8, 9]


@pytest.mark.usefixtures("editor")
def test_while_the_store_of_files_is_away_nobody_gets_a_paper_without_its_photos(
    client: Client, hikari: Any, settings: Any, tmp_path: Any
) -> None:
    deadline = open_deadline(hikari)
    kept = filings.photo(1, sha256=files.keep(hikari.pk, jpeg()))
    filings.handed_in(deadline, attachments=[kept])
    (tmp_path / "blocked").write_text("a file where a folder should be")
    settings.FILES_DIR = tmp_path / "blocked"
    assert client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/paper.pdf").status_code == 503
