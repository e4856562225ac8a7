"""Workbooks that nobody should send: each is refused with a sentence, or read as it stands; no page falls over."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from minori.documents import grids
from minori.documents.answerbook import keys as book_keys
from minori.documents.answerbook.reading import MOST_OF_A_KIND
from minori.documents.tables import workbooks
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Filing
from minori.programmes.models import Deadline
from reporting.review import returned
from reporting.review.models import ReturnedWorkbook
from tests.factories import answerbooks, behalf, people, programmes, registry

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def deadline(hikari: Any) -> Deadline:
    made = programmes.deadline(organization=hikari)
    registry.registered(made.grant)
    return made


@pytest.fixture
def desk(deadline: Deadline, client: Client) -> Client:
    client.raise_request_exception = False
    return people.sign_in(client, people.officer(deadline.grant.programme.distributor))


def path(deadline: Deadline, rest: str = "") -> str:
    return f"/desk/review/{deadline.pk}/behalf/{rest}"


def upload(desk: Client, deadline: Deadline, data: bytes) -> Any:
    return desk.post(path(deadline, "upload/"), {"workbook": SimpleUploadedFile("用紙.xlsx", data, XLSX)})


def in_xml(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The workbook with the XML of one part changed by hand, as no program writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if re.fullmatch(name, part.filename):
                content = change(content.decode()).encode()
            new.writestr(part.filename, content)
    return out.getvalue()


def with_keys(data: bytes, deadline: Deadline, **said: Any) -> bytes:
    """The workbook with other words on its hidden sheet, and a checksum that fits them."""

    def change(book: Any) -> None:
        sheet = book[book_keys.SHEET]
        lines = {row[0].value: row[1] for row in sheet.iter_rows(max_col=2) if row[0].value}
        names = book_keys.Keys.__dataclass_fields__
        whole = {
            name: int(lines[name].value) if one.type is int else lines[name].value
            for name, one in names.items()
        }
        keys = replace(book_keys.Keys(**whole), **said)
        for name, value in keys.lines():
            lines[name].value = value

    return answerbooks.changed(data, change)


def in_cell(words: Any, name: str = "text") -> Callable[[Any], None]:
    def change(book: Any) -> None:
        answerbooks.cell(answerbooks.sheet_of(book, "results"), registry.identity("0101"), name).value = words

    return change


def stays_usable(desk: Client, deadline: Deadline) -> None:
    """The page opens, nothing was filed, and the workbook can be put away."""
    page = desk.get(path(deadline))
    assert page.status_code == 200, page.content.decode()[:300]
    assert not Filing.objects.exists()
    assert desk.post(path(deadline, "discard/")).status_code == 302


@pytest.mark.parametrize(
    "said",
    [
        {"language": "../../etc/passwd", "framework": -1},
        {"language": "", "edition": "no-such-form", "edition_version": 0},
        {"edition_version": 10**30, "framework": 10**30, "revision": 10**30},
    ],
)
def test_what_the_hidden_sheet_says_wrongly_with_a_right_checksum(desk, deadline, said):
    answer = upload(desk, deadline, with_keys(behalf.filled_in(deadline), deadline, **said))
    assert answer.status_code in (302, 422), said
    stays_usable(desk, deadline)


def test_a_round_that_cannot_be_is_another_round(desk, deadline):
    data = with_keys(behalf.filled_in(deadline), deadline, round=10**30)
    assert upload(desk, deadline, data).status_code == 422


@pytest.mark.parametrize("words", ["a_x0000_b_x0001__x001B_[31m", "_xD800__xFFFF__x202E_=cmd|' /C calc'!A0"])
def test_letters_that_no_person_types(desk, deadline, words):
    data = answerbooks.changed(behalf.filled_in(deadline), in_cell("PLACE"))
    data = in_xml(data, r"xl/(sharedStrings|worksheets/.*)\.xml", lambda xml: xml.replace("PLACE", words))
    answer = upload(desk, deadline, data)
    assert answer.status_code in (302, 422)
    stays_usable(desk, deadline)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("text", "あ" * 32767),
        ("remark", '<script>alert(1)</script> #panic() #read("/etc/passwd")'),
        ("progress", "１\n" * 16000),
    ],
)
def test_cells_longer_than_any_answer(desk, deadline, name, words):
    data = answerbooks.changed(behalf.filled_in(deadline), in_cell(words, name))
    assert upload(desk, deadline, data).status_code == 302
    assert "<script>alert" not in desk.get(path(deadline)).content.decode()
    assert desk.get(path(deadline, f"parts/{registry.identity('0101')}/")).status_code == 200
    stays_usable(desk, deadline)


def test_a_cell_of_five_thousand_names_is_told_in_some_lines(desk, deadline):
    names = "\n".join(str(number) for number in range(5000))
    data = answerbooks.changed(behalf.filled_in(deadline), in_cell(names, "covers"))
    assert upload(desk, deadline, data).status_code == 302
    looked = returned.look(ReturnedWorkbook.objects.get(), deadline)
    assert len(looked.noticed()) == MOST_OF_A_KIND
    assert not looked.may_be_filed
    stays_usable(desk, deadline)


def merged_everywhere(xml: str) -> str:
    return (
        xml.replace(
            "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        )
        if "<mergeCells" not in xml
        else re.sub(r'<mergeCell ref="[^"]*"/>', '<mergeCell ref="A1:XFD1048576"/>', xml, count=1)
    )


def far_away(xml: str) -> str:
    return xml.replace(
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>fern</t></is></c></row></sheetData>',
    )


@pytest.mark.parametrize("change", [merged_everywhere, far_away])
def test_sheets_larger_than_any_report(desk, deadline, change, monkeypatch):
    monkeypatch.setattr(grids, "LONGEST_WAIT", 25)  # it is told without waiting for the process to be stopped
    data = in_xml(behalf.filled_in(deadline), r"xl/worksheets/sheet2\.xml", change)
    assert upload(desk, deadline, data).status_code == 422
    assert not ReturnedWorkbook.objects.exists()


def test_ranges_merged_without_end_are_told_before_they_are_made(deadline):
    data = in_xml(behalf.filled_in(deadline), r"xl/worksheets/sheet2\.xml", merged_everywhere)
    with pytest.raises(workbooks.TooLarge):
        workbooks.read(data)


def test_sheets_renamed_emptied_doubled_and_hidden(desk, deadline):
    def change(book: Any) -> None:
        results = answerbooks.sheet_of(book, "results")
        copy = book.copy_worksheet(results)
        copy.title = "写し"
        results.title = "=1+1"
        results.sheet_state = "veryHidden"
        for sheet in list(book.worksheets):
            if sheet["A1"].value and "activities" in str(sheet["A1"].value):
                sheet.delete_rows(1, sheet.max_row)

    assert upload(desk, deadline, answerbooks.changed(behalf.filled_in(deadline), change)).status_code == 302
    stays_usable(desk, deadline)


def test_what_was_decided_about_one_file_is_not_laid_over_another(desk, deadline):
    row = registry.identity("0101")
    upload(desk, deadline, behalf.filled_in(deadline))
    old = ReturnedWorkbook.objects.get()
    part = desk.get(path(deadline, f"parts/{row}/")).content.decode()
    assert f'name="workbook" value="{old.sha256}"' in part
    newer = answerbooks.changed(behalf.filled_in(deadline), in_cell("①80回\n②のべ700人"))
    upload(desk, deadline, newer)
    assert f'value="{ReturnedWorkbook.objects.get().sha256}"' in desk.get(path(deadline)).content.decode()
    said = {f"row-{row}-text": "①73回", f"row-{row}-progress": "1", "workbook": old.sha256}
    for rest in (f"parts/{row}/", "discard/"):
        answer = desk.post(path(deadline, rest), said, follow=True)
        assert "別のファイルに差し替えられたか、取りのけられました" in answer.content.decode()
    assert ReturnedWorkbook.objects.get().corrected == {}
    for step in (lambda: returned.correct(old, str(row), {}), lambda: returned.discard(old)):
        with pytest.raises(returned.AnotherWorkbook):
            step()


def test_a_part_of_a_workbook_that_is_gone_says_so(desk, deadline):
    row = registry.identity("0101")
    upload(desk, deadline, behalf.filled_in(deadline))
    gone = ReturnedWorkbook.objects.get()
    seen = returned.look(gone, deadline).seen
    ReturnedWorkbook.objects.filter(pk=gone.pk).delete()
    answer = desk.post(path(deadline, f"parts/{row}/"), {f"row-{row}-text": "①73回"}, follow=True)
    assert "取りのけられました" in answer.content.decode()
    assert desk.post(path(deadline, "discard/")).status_code == 302
    with pytest.raises(NotPossibleNow):
        behalf.filed(deadline, gone, seen=seen)
