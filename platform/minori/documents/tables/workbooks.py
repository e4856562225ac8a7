"""Workbooks: what each cell shows, and notes on cells. Formulas are never calculated: what Excel last showed counts."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from minori.documents.tables.formats import shown
from minori.report_forms.grids import Cell, Grid, Hint, Source
from minori.report_forms.texts import clean

MOST_CELLS = 60_000
"""Cells with text in one file; a plan has some hundreds, and a file may hold many plans."""
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_MERGED = 1_000_000
"""Cells under merged ranges of one sheet; a whole line of them has 16,384."""
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([^\"']*)[\"']")
_AUTHOR = "Minori"
_FILL = PatternFill("solid", start_color="FFF3C6", end_color="FFF3C6")


class TooLarge(ValueError):  # noqa: N818 - a state of the file
    """The file holds more cells than a plan could."""


def is_workbook(data: bytes) -> bool:
    """Whether the package holds a workbook rather than a Word document."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return any(name.startswith("xl/") for name in package.namelist())


def read(data: bytes, *, whole: bool = False) -> list[Grid]:
    """The visible sheets, in order; `whole`: hidden ones too, and formulas that show nothing, as ours are read."""
    _must_be_merged_sparsely(data)
    book = openpyxl.load_workbook(BytesIO(data), data_only=False, keep_links=False)
    cells = {sheet.title: list(_filled(sheet)) for sheet in _sheets(book, whole=whole)}
    if sum(len(found) for found in cells.values()) > MOST_CELLS:
        raise TooLarge
    calculated: dict[str, Worksheet] = {}
    if any(cell.data_type == "f" for found in cells.values() for cell in found):
        last = openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
        calculated = {sheet.title: sheet for sheet in _sheets(last, whole=whole)}
    return [
        Grid(
            Source.SHEET,
            sheet.title,
            number,
            tuple(_cells(sheet, cells[sheet.title], calculated, whole=whole)),
        )
        for number, sheet in enumerate(_sheets(book, whole=whole), 1)
    ]


def _must_be_merged_sparsely(data: bytes) -> None:
    """Every cell under a merged range is made when a sheet is loaded: a few letters would make milliards of them."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("xl/") and name.endswith(".xml"):
                ranges = _MERGED.findall(package.read(name))
                if sum(_cells_in(one.decode("ascii", "replace")) for one in ranges) > MOST_MERGED:
                    raise TooLarge


def _cells_in(reference: str) -> int:
    try:
        left, top, right, bottom = range_boundaries(reference)
    except (TypeError, ValueError):
        return 0  # the reader says what is wrong with it
    if left is None or top is None or right is None or bottom is None:  # whole lines or columns
        return MOST_MERGED + 1
    return (right - left + 1) * (bottom - top + 1)


def _sheets(book: openpyxl.Workbook, *, whole: bool) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if whole or sheet.sheet_state == "visible"]


def _filled(sheet: Worksheet) -> Iterator[SheetCell]:
    if sheet.max_row > MOST_ROWS and sheet.max_column > MOST_COLUMNS:
        raise TooLarge
    for row in sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS)):
        for cell in row:
            if isinstance(cell, SheetCell) and cell.value is not None:
                yield cell


def _cells(
    sheet: Worksheet, filled: Sequence[SheetCell], calculated: Mapping[str, Worksheet], *, whole: bool
) -> Iterator[Cell]:
    spans = {
        (one.min_row, one.min_col): (one.max_row - one.min_row + 1, one.max_col - one.min_col + 1)
        for one in sheet.merged_cells.ranges
    }
    for cell in filled:
        value: Any = cell.value
        hint = None
        if cell.data_type == "f":
            hint, value = _result(cell, calculated[sheet.title].cell(cell.row, cell.column), whole=whole)
        text, known = _text(value, cell.number_format)
        if not text.strip() and not (whole and hint):
            continue
        rows, columns = spans.get((cell.row, cell.column), (1, 1))
        yield Cell(
            row=cell.row - 1,
            column=cell.column - 1,
            text=text,
            rows=rows,
            columns=columns,
            hint=hint or (None if known else Hint.FORMAT),
        )


def _result(formula: SheetCell, last: Any, *, whole: bool) -> tuple[Hint, Any]:
    """What a formula last showed; the formula itself where the file holds no result or an error, and ours is not read.

    A result that shows nothing has the type of a text; one that was never calculated has none.
    """
    missing = last.data_type == "e" or (last.value is None and last.data_type != "str")
    if not missing or whole:
        return Hint.FORMULA, last.value
    return Hint.NO_RESULT, getattr(formula.value, "text", formula.value)


def _text(value: object, number_format: str) -> tuple[str, bool]:
    if value is None:
        return "", True
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), True
    if isinstance(value, int | float | datetime | date | time):
        return shown(value, number_format)
    return clean(unescape(str(value))), True


def mark(data: bytes, notes: Sequence[Mapping[str, Any]]) -> bytes:
    """The workbook with a note and a colour at each cell named: `{"sheet", "row", "column", "text"}` (from 0).

    Texts stay as they are; what begins with = in a text stays a text.
    """
    book = openpyxl.load_workbook(BytesIO(data), keep_links=False)
    for note in notes:
        cell = book[note["sheet"]].cell(note["row"] + 1, note["column"] + 1)
        known = f"{cell.comment.text}\n" if cell.comment else ""
        comment = Comment(f"{known}{note['text']}", _AUTHOR)
        comment.width, comment.height = 360, 120
        cell.comment = comment
        cell.fill = _FILL
    written = BytesIO()
    book.save(written)
    return written.getvalue()
