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

from minori.documents.answerbook import keys as book_keys
from minori.filings.models import Filing
from minori.programmes.models import Deadline
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
        {"language": "xx"},
        {"language": "../../etc/passwd"},
        {"language": ""},
        {"edition": "no-such-form"},
        {"edition_version": 0},
        {"edition_version": 10**30},
        {"framework": 10**30},
        {"revision": 10**30},
        {"framework": -1},
    ],
)
def test_what_the_hidden_sheet_says_wrongly_with_a_right_checksum(desk, deadline, said):
    answer = upload(desk, deadline, with_keys(behalf.filled_in(deadline), deadline, **said))
    assert answer.status_code in (302, 422), said
    stays_usable(desk, deadline)


@pytest.mark.parametrize("round_number", [10**30, -1])
def test_a_round_that_cannot_be_is_another_round(desk, deadline, round_number):
    answer = upload(desk, deadline, with_keys(behalf.filled_in(deadline), deadline, round=round_number))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "words", ["_x0000_", "_xD800_", "_xFFFF_", "a_x0001_b_x001B_[31m", "_x202E_", "\t=cmd|' /C calc'!A0"]
)
def test_letters_that_no_person_types(desk, deadline, words):
    data = answerbooks.changed(behalf.filled_in(deadline), in_cell("PLACE"))
    data = in_xml(data, r"xl/(sharedStrings|worksheets/.*)\.xml", lambda xml: xml.replace("PLACE", words))
    answer = upload(desk, deadline, data)
    assert answer.status_code in (302, 422)
    stays_usable(desk, deadline)


@pytest.mark.parametrize(
    "words", ["あ" * 32767, "1\n" * 16000, "<script>alert(1)</script>", '#panic() #read("/etc/passwd")']
)
@pytest.mark.parametrize("name", ["text", "remark", "covers", "progress", "nothing"])
def test_cells_longer_than_any_answer(desk, deadline, words, name):
    assert (
        upload(
            desk, deadline, answerbooks.changed(behalf.filled_in(deadline), in_cell(words, name))
        ).status_code
        == 302
    )
    page = desk.get(path(deadline)).content.decode()
    assert "<script>alert" not in page
    assert desk.get(path(deadline, f"parts/{registry.identity('0101')}/")).status_code == 200
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


def million(xml: str) -> str:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2000, 1_002_000))
    return xml.replace("</sheetData>", f"{rows}</sheetData>")


@pytest.mark.parametrize("change", [merged_everywhere, far_away, million])
def test_sheets_larger_than_any_report(desk, deadline, change):
    data = in_xml(behalf.filled_in(deadline), r"xl/worksheets/sheet2\.xml", change)
    answer = upload(desk, deadline, data)
    assert answer.status_code in (302, 422)
    stays_usable(desk, deadline)


def test_one_long_text_in_many_cells(desk, deadline):
    """A shared text of 32,767 letters in 40,000 cells: a small file that would be a gigabyte of answers."""
    data = in_xml(
        behalf.filled_in(deadline),
        r"xl/worksheets/sheet2\.xml",
        lambda xml: xml.replace(
            "</sheetData>",
            "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2000, 42_000))
            + "</sheetData>",
        ),
    )
    data = in_xml(
        data,
        r"xl/sharedStrings\.xml",
        lambda xml: re.sub(
            r"<si>.*?</si>", "<si><t>" + "あ" * 32767 + "</t></si>", xml, count=1, flags=re.DOTALL
        ),
    )
    answer = upload(desk, deadline, data)
    assert answer.status_code in (302, 422)
    stays_usable(desk, deadline)


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
