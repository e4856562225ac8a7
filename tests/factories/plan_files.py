"""Contracted plans as files in the layouts of the field: workbooks and Word files made for tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

Line = Mapping[str, str]

TARGETS = (
    ("statement", ""),
    ("indicator", "指標"),
    ("baseline", "初期値/初期状態"),
    ("target", "目標値/目標状態"),
    ("achieve_by", "目標達成時期"),
)
"""The columns of the form of 2020 with one target."""

GUIDES = (
    ("statement", ""),
    ("monitoring", "モニタリング"),
    ("indicator_guide", "実施・到達状況の目安とする指標"),
    ("means", "把握方法"),
    ("target", "目標値/目標状態"),
    ("achieve_by", "目標達成時期"),
)
"""The columns of the emergency windows."""

STATES = (
    ("statement", ""),
    ("indicator", "指標"),
    ("baseline", "初期値/初期状態"),
    ("mid_state", "中間評価時の値/状態"),
    ("post_state", "事後評価時の値/状態"),
)
"""The columns of the windows with values at the evaluations, headed in two lines."""

ALL = tuple(dict((*TARGETS, *GUIDES, *STATES)).items())
ACTIVITIES = (("activity", "活動"), ("activity_season", "活動時期"))
LEVELS = {"outcome": "短期アウトカム", "output": "アウトプット"}


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a form is laid out; `merge` joins statements downward over the lines that continue them."""

    columns: Sequence[tuple[str, str]] = TARGETS
    two_lines: bool = False
    guidance: str = ""
    merge: bool = False


def official(
    lines: Sequence[Line],
    *,
    facts: Mapping[str, str] | None = None,
    book: openpyxl.Workbook | None = None,
    sheet: str = "事業計画書",
    **form: Any,
) -> openpyxl.Workbook:
    """A sheet (in a new workbook, or one more) with the facts on top, a block for outcomes and one for outputs."""
    page = openpyxl.Workbook().active if book is None else book.create_sheet()
    page.title = sheet
    page["B2"] = "事業計画書"
    row = 4
    for name, value in (facts or {}).items():
        page.cell(row, 2, name)
        _write(page, row, 3, value)
        row += 1
    for number, (level, word) in zip("ⅢⅣ", LEVELS.items(), strict=True):
        of_level = [line for line in lines if line.get("level", "output") == level]
        if of_level:
            row = _block(page, row + 1, title=f"{number}. {word}", lines=of_level, form=Form(**form))
    return page.parent


def _block(page: Worksheet, row: int, *, title: str, lines: Sequence[Line], form: Form) -> int:
    shown = [*form.columns, *(ACTIVITIES if any("activity" in line for line in lines) else ())]
    page.cell(row, 1, title)
    row = _head(page, row + 1, LEVELS[lines[0].get("level", "output")], shown, form)
    begun = row
    for line in lines:
        for column, (name, _heading) in enumerate(shown, 2):
            _write(page, row, column, line.get(name, ""))
        begun = row if line.get("statement") else begun
        if form.merge and (row - begun or not line.get("statement")):
            for merged in [
                one for one in page.merged_cells.ranges if (one.min_row, one.min_col) == (begun, 2)
            ]:
                page.unmerge_cells(str(merged))
            page.merge_cells(start_row=begun, end_row=row, start_column=2, end_column=2)
        row += 1
    return row


def _head(page: Worksheet, row: int, level: str, shown: Sequence[tuple[str, str]], form: Form) -> int:
    last = row + (1 if form.two_lines else 0)
    for column, (name, heading) in enumerate(shown, 2):
        if form.two_lines and name in {"mid_state", "post_state"}:
            page.cell(last, column, heading)
            if name == "mid_state":
                page.cell(row, column, "目標値/状態")
                page.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 1)
            continue
        page.cell(row, column, heading or level)
        if form.two_lines:
            page.merge_cells(start_row=row, end_row=last, start_column=column, end_column=column)
    if form.guidance:
        page.cell(last + 1, 2, form.guidance)
    return last + (2 if form.guidance else 1)


def _write(page: Worksheet, row: int, column: int, text: str) -> None:
    if text:
        cell = page.cell(row, column)
        cell.value, cell.data_type = text, "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def as_bytes(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def word(
    lines: Sequence[Line],
    *,
    columns: Sequence[tuple[str, str]] = TARGETS,
    facts: Mapping[str, str] | None = None,
    merge: bool = False,
) -> bytes:
    """The same as a Word file: a table of facts, then a heading and a table for each block."""
    document = docx.Document()
    if facts:
        table = document.add_table(rows=0, cols=2)
        for name, value in facts.items():
            cells = table.add_row().cells
            cells[0].text, cells[1].text = name, value
    for level, title in LEVELS.items():
        of_level = [line for line in lines if line.get("level", "output") == level]
        if not of_level:
            continue
        document.add_paragraph(title)
        shown = [*columns, *(ACTIVITIES if any("activity" in line for line in of_level) else ())]
        table = document.add_table(rows=1, cols=len(shown))
        for cell, (_name, heading) in zip(table.rows[0].cells, shown, strict=True):
            cell.text = heading or title
        above = None
        for line in of_level:
            cells = table.add_row().cells
            for cell, (name, _heading) in zip(cells, shown, strict=True):
                cell.text = line.get(name, "")
            if line.get("statement"):
                above = cells[0]
            elif merge and above is not None:
                above = above.merge(cells[0])
                above.text = above.text.rstrip("\n")
    written = BytesIO()
    document.save(written)
    return written.getvalue()
