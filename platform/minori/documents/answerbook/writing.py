"""Drawing the workbook: read-only where the plan stands, open where something is to be written, nothing that calculates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from minori.documents.answerbook import looks
from minori.documents.answerbook.guide import Guide, sentences
from minori.documents.answerbook.keys import SHEET
from minori.documents.answerbook.layout import (
    LONGEST_CELL,
    OURS,
    Asked,
    Line,
    Page,
    Row,
    Slot,
    Slotted,
    Table,
    pages_of,
)

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_PROTECTION = {"format_rows": True, "format_columns": True, "select_locked_cells": True}
ANSWERS = ("text", "progress", "remark", "nothing", "covers")
_LONGEST_NAME = 31
_FORBIDDEN = r"[]:*?/\'"
_OPEN_BRACKET = re.compile(r"[(（][^)）]*$")
_LOOSE_END = re.compile(
    r"(?:[\s,;・、（(\-–—]|(?<= )(?:a|an|and|as|at|by|for|in|of|on|or|the|to|with))+$", re.IGNORECASE
)
_LONGEST_TITLE = 32
_LONGEST_MESSAGE = 255


def workbook_of(asked: Asked, guide: Guide) -> bytes:
    """The workbook as bytes; its words are those of `asked.language`, texts stay as they were written."""
    out = BytesIO()
    with translation.override(asked.language), xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": guide.title, "author": guide.distributor})
        book.set_size(1800, 1200)
        pages = pages_of(asked)
        drawing = _Drawing(book, looks.formats(book), _Lists(book))
        names = [_sheet_name(number, page.title) for number, page in enumerate(pages, start=1)]
        shown = [(name, page.is_open) for name, page in zip(names, pages, strict=True)]
        drawing.guide(guide, sentences(asked, guide), shown)
        for name, page in zip(names, pages, strict=True):
            drawing.page(name, page)
        drawing.lists.write(asked)
    return out.getvalue()


def _sheet_name(number: int, title: str) -> str:
    """A name that Excel takes: at most 31 characters, without those it forbids, each once by its number.

    A longer title ends behind a whole word (in Japanese behind any sign) with a mark that it goes on.
    """
    name = f"{number} {''.join(sign for sign in title if sign not in _FORBIDDEN)}".rstrip()
    if len(name) <= _LONGEST_NAME:
        return name
    head, cut_off = name[: _LONGEST_NAME - 1], name[_LONGEST_NAME - 1]
    if cut_off.isascii() and not cut_off.isspace():
        head = head.rpartition(" ")[0] if " " in head.partition(" ")[2] else head
    head = _OPEN_BRACKET.sub("", head)
    return f"{_LOOSE_END.sub('', head)}…"


@dataclass
class _Lists:
    """The hidden sheet: the keys, and the lists that cells offer (a list in the cell itself may hold 255 letters)."""

    book: Any
    known: dict[tuple[str, ...], int] = field(default_factory=dict)

    def place(self, choices: tuple[str, ...]) -> str:
        """The address of a list."""
        column = self.known.setdefault(choices, len(self.known) + 3)
        letters = xlsxwriter.utility.xl_col_to_name(column, col_abs=True)
        return f"={SHEET}!{letters}$1:{letters}${len(choices)}"

    def write(self, asked: Asked) -> None:
        """Draw the sheet, last of all."""
        sheet = self.book.add_worksheet(SHEET)
        sheet.very_hidden()
        sheet.protect("", {})
        for number, (name, value) in enumerate(asked.keys.lines()):
            sheet.write_string(number, 0, name)
            sheet.write_string(number, 1, value)
        for choices, column in self.known.items():
            for number, choice in enumerate(choices):
                sheet.write_string(number, column, choice)


@dataclass
class _Drawing:
    book: Any
    formats: dict[str, Any]
    lists: _Lists

    def guide(self, guide: Guide, said: Sequence[str], names: Sequence[tuple[str, bool]]) -> None:
        """The first sheet: what this is, until when, how to fill it in, where everything is."""
        sheet = self.book.add_worksheet(_("How to fill it in"))
        looks.prepare(sheet, widths=(2, 26, 92), landscape=False)
        sheet.set_row(0, 36)
        sheet.merge_range(0, 1, 0, 2, guide.title, self.formats["title"])
        row = 2
        for label, text in guide.pairs:
            sheet.write_string(row, 1, label, self.formats["term"])
            sheet.write_string(row, 2, text, self.formats["fact"])
            sheet.set_row(row, looks.height(text, 92))
            row += 1
        row += 1
        sheet.merge_range(row, 1, row, 2, _("How to fill it in"), self.formats["heading"])
        for number, sentence in enumerate(said, start=1):
            row += 1
            sheet.write_string(row, 1, f"{number}", self.formats["number"])
            sheet.write_string(row, 2, sentence, self.formats["sentence"])
            sheet.set_row(row, looks.height(sentence, 92) + 4)
        row += 2
        for title, wanted in (
            (_("Sheets to fill in"), True),
            (_("Sheets to read, nothing to fill in"), False),
        ):
            of_kind = [name for name, is_open in names if is_open is wanted]
            if not of_kind:
                continue
            sheet.merge_range(row, 1, row, 2, title, self.formats["heading"])
            for name in of_kind:
                row += 1
                sheet.write_url(row, 2, f"internal:'{name}'!C4", self.formats["link"], string=name)
            row += 2
        row -= 2
        sheet.write_string(row + 2, 1, _("Colours"), self.formats["term"])
        sheet.write_string(row + 2, 2, _("White with a frame: please write here"), self.formats["open"])
        sheet.write_string(
            row + 3, 2, _("Grey: as registered or as it was, cannot be changed"), self.formats["locked"]
        )
        sheet.protect("", _PROTECTION)

    def page(self, name: str, page: Page) -> None:
        """One section."""
        sheet = self.book.add_worksheet(name)
        width = max((len(table.columns) for table in page.tables), default=0)
        widths = looks.widths_of_table(width) if page.tables else looks.WIDTHS_OF_LINES
        looks.prepare(sheet, widths=(0, *widths), landscape=True)
        sheet.set_tab_color(looks.BLUE if page.is_open else looks.GREY)
        sheet.set_column(0, 0, 2, None, {"hidden": True})
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.write_string(0, 0, f"minori:section:{page.key}")
        sheet.write_string(1, 0, OURS)
        sheet.write_string(1, 1, page.part, self.formats["eyebrow"])
        sheet.set_row(2, 30)
        sheet.write_string(2, 0, OURS)
        sheet.write_string(2, 1, page.title, self.formats["title"])
        row = 3
        text_column = 2
        if page.tables:
            text_column = 3 + width
            for place, key in enumerate(ANSWERS):
                sheet.write_string(0, text_column + place, key)
            sheet.write_string(0, 1, "statement")
        sheet.write_string(0, text_column if page.tables else 2, "text" if page.tables else "answer")
        for table in page.tables:
            row = self.table(sheet, row, table, width)
        if page.lines:
            row = self.lines(sheet, row, page.lines, text_column)
        sheet.freeze_panes(4, 2 if page.tables else 0)
        sheet.repeat_rows(2, 3)
        sheet.protect("", _PROTECTION)

    def table(self, sheet: Any, row: int, table: Table, width: int) -> int:
        """The rows of the plan; returns the next free line."""
        heads = [_("Row of the plan"), *table.columns, *[""] * (width - len(table.columns)), _("Last time")]
        answers = [
            table.text_label,
            _("Progress"),
            _("Reason or remark (for progress 4 always)"),
            _("Nothing to report in this round"),
            _("Other rows that this progress is for too"),
        ]
        sheet.set_row(row, 48)
        sheet.write_string(row, 0, OURS)
        for column, head in enumerate(heads, start=1):
            sheet.write_string(row, column, head, self.formats["head"])
        for column, head in enumerate(answers, start=1 + len(heads)):
            sheet.write_string(row, column, head, self.formats["head_open"])
        for one in table.rows:
            row += 1
            self.table_row(sheet, row, one, width)
        return row + 2

    def table_row(self, sheet: Any, row: int, one: Row, width: int) -> None:
        sheet.write_string(row, 0, one.anchor)
        shade = looks.indented(self.book, self.formats, one.row.depth)
        sheet.write_string(row, 1, one.row.statement[:LONGEST_CELL], shade)
        texts = [*one.registered, *[""] * (width - len(one.registered)), _cut(one.previous)]
        for column, text in enumerate(texts, start=2):
            sheet.write_string(row, column, _cut(text), self.formats["locked"])
        for column, name in enumerate(ANSWERS, start=2 + len(texts)):
            self.cell(sheet, row, column, one.cells[name])
        if one.comments:
            self.comment(sheet, row, 2 + len(texts), one.comments)
        widths = looks.widths_of_table(width)
        shown = [one.row.statement, *texts, *(cell.value for cell in one.cells.values())]
        sheet.set_row(row, looks.highest(shown, widths, least=64))

    def lines(self, sheet: Any, row: int, lines: Sequence[Line], column: int) -> int:
        """Questions below each other; returns the next free line."""
        sheet.write_string(row, 0, OURS)
        for place, head in ((1, _("Question")), (column, _("Answer")), (column + 1, _("Last time"))):
            sheet.write_string(row, place, head, self.formats["head_open" if place == column else "head"])
        for one in lines:
            row += 1
            sheet.write_string(row, 0, one.name or OURS)
            self.label(sheet, row, one)
            if one.slotted is not None:
                self.cell(sheet, row, column, one.slotted)
            if one.previous:
                sheet.write_string(row, column + 1, _cut(one.previous), self.formats["locked"])
            if one.comments:
                self.comment(sheet, row, column if one.slotted else 1, one.comments)
            sheet.set_row(row, _line_height(one))
        return row + 2

    def label(self, sheet: Any, row: int, one: Line) -> None:
        mark = f" {_('(required)')}" if one.required else ""
        if not one.first:
            sheet.write_string(row, 1, one.label, self.formats["sublabel"])
        elif one.hint:
            parts = [self.formats["bold"], f"{one.label}{mark}\n", self.formats["hint"], one.hint]
            sheet.write_rich_string(row, 1, *parts, self.formats["label"])
        else:
            sheet.write_string(row, 1, f"{one.label}{mark}", self.formats["label_bold"])

    def comment(self, sheet: Any, row: int, column: int, comments: Sequence[str]) -> None:
        """What the officer asked, as a note at the cell."""
        text = "\n―\n".join(comments)[:4000]
        height = min(400, 40 + 20 * (len(text) // 22 + text.count("\n")))
        sheet.write_comment(
            row, column, text, {"author": _("Officer"), "width": 320, "height": height, "color": "#FFF3C6"}
        )

    def cell(self, sheet: Any, row: int, column: int, one: Slotted) -> None:
        """One cell to fill in, with what may stand in it."""
        look = ("locked_" if one.locked else "open_") + ("mark" if one.slot == Slot.MARK else "text")
        sheet.write_string(row, column, _cut(one.value), self.formats[look])
        if one.locked:
            return
        if one.slot in (Slot.PICK, Slot.MARK):
            sheet.data_validation(
                row,
                column,
                row,
                column,
                {
                    "validate": "list",
                    "source": self.lists.place(one.choices),
                    "error_title": _("Please choose"),
                    "error_message": _("Please choose one of the list, or leave the cell empty.")[
                        :_LONGEST_MESSAGE
                    ],
                },
            )
        elif one.limit is not None and one.limit < LONGEST_CELL:
            said = _("At most %(limit)s characters.") % {"limit": one.limit}
            sheet.data_validation(
                row,
                column,
                row,
                column,
                {
                    "validate": "length",
                    "criteria": "<=",
                    "value": one.limit,
                    "error_title": _("Too long")[:_LONGEST_TITLE],
                    "error_message": said,
                    "error_type": "warning",
                },
            )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _line_height(one: Line) -> float:
    label = looks.height(f"{one.label}\n{one.hint}" if one.hint else one.label, looks.WIDTHS_OF_LINES[0])
    shown = looks.height(one.slotted.value, looks.WIDTHS_OF_LINES[1]) if one.slotted else 0
    least = (
        {Slot.LONG: 22.0 * min(one.slotted.lines, 12)}.get(one.slotted.slot, 24.0) if one.slotted else 24.0
    )
    before = looks.height(one.previous, looks.WIDTHS_OF_LINES[2])
    return min(looks.HIGHEST, max(label, shown, least, min(before, 220.0)))
