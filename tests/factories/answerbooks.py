"""Workbooks as organizations fill them in: by what people see, found by the keys that they do not see."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from minori.documents.asking import label_of
from minori.report_forms.answers import Answer, Chosen, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.edition import Edition, Field


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def as_bytes(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(book: openpyxl.Workbook, section: str) -> Worksheet:
    """The sheet of a section, by its hidden mark."""
    return next(one for one in book.worksheets if one["A1"].value == f"minori:section:{section}")


def cell(sheet: Worksheet, key: str | UUID, column: str = "answer") -> Cell:
    """The cell of a line, by the hidden keys of line and column."""
    row = next(one[0].row for one in sheet.iter_rows() if one[0].value == str(key))
    place = next(one.column for one in sheet[1] if one.value == column)
    found = sheet.cell(row, place)
    assert isinstance(found, Cell)
    return found


def write(
    data: bytes,
    edition: Edition,
    *,
    rows: Mapping[UUID, RowAnswer],
    answers: Mapping[str, Answer],
    language: str = "ja",
) -> bytes:
    """The workbook with these answers typed into it, in its own words."""
    book = opened(data)
    for uuid, answer in rows.items():
        sheet = next(
            one for one in book.worksheets if any(row[0].value == str(uuid) for row in one.iter_rows())
        )
        cell(sheet, uuid, "text").value = answer.text or None
        code = answer.progress
        cell(sheet, uuid, "progress").value = f"{code.value} {code.label.say(language)}" if code else None
        cell(sheet, uuid, "remark").value = answer.remark or None
        cell(sheet, uuid, "nothing").value = "○" if answer.nothing else None
    for key, said in answers.items():
        field = edition.field(key)
        _answer(sheet_of(book, edition.section_of(key).key), field, said, language)
    return as_bytes(book)


def _answer(sheet: Worksheet, field: Field, said: Answer, language: str) -> None:
    key = field.key
    match said:
        case Ticked(values=values):
            for value in values:
                cell(sheet, f"{key}={value}").value = "○"
        case Chosen(value=value):
            cell(sheet, key).value = label_of(field, value, language) if value else None
        case YesNo(said=yes):
            cell(sheet, key).value = (
                None if yes is None else label_of(field, "yes" if yes else "no", language)
            )
        case Written(text=text, nothing=nothing):
            cell(sheet, key).value = text or None
            if nothing:
                cell(sheet, f"{key}-nothing").value = "○"
            return
    if said.text:
        cell(sheet, f"{key}-text").value = said.text


def changed(data: bytes, change: Callable[[openpyxl.Workbook], Any]) -> bytes:
    """The workbook after somebody did something to it."""
    book = opened(data)
    change(book)
    return as_bytes(book)
