"""A round as a workbook. What people wrote is text, never a formula or a link."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from minori.programmes.enums import DeadlineState
from minori.report_forms.answers import Progress
from reporting.exports.gathering import Gathered
from reporting.exports.writing import chart_sheets, number_sheets
from reporting.exports.writing.csv_table import Told, words
from reporting.portfolio import board, totals
from reporting.summaries.shape import SummaryContents

Value = str | int | float | date | None
WIDTH = {"text": 60, "name": 34, "short": 14}
LINE, TALLEST = 15, 400
"""Height of a line and of the highest row, in points: not every spreadsheet makes its rows as high as their texts."""


SHEETS = 8


def write(gathered: Gathered, path: Path, told: Told) -> None:
    """The workbook: what officers say, the board, the map with its texts, totals with coverage, numbers, every question
    with all answers, and the charts with their tables. Rows leave the memory as they are written."""
    # users' texts stay texts: "=1+1" and addresses too
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with translation.override(gathered.language), xlsxwriter.Workbook(str(path), options) as book:
        look = _Look(book)
        zone = gathered.programme.distributor.zone
        summary = gathered.summary
        told(0, SHEETS)
        _remarks(look, gathered)
        _board(look, summary, today=gathered.today, zone=zone)
        told(2, SHEETS)
        _map(look, gathered)
        told(3, SHEETS)
        _totals(look, gathered)
        if gathered.common is not None:
            number_sheets.write(look, gathered)
        told(6, SHEETS)
        _questions(look, gathered)
        told(7, SHEETS)
        chart_sheets.write(look, gathered)


def _remarks(look: "_Look", gathered: Gathered) -> None:
    columns = [
        (_("Organization"), "name"),
        (_("Project"), "name"),
        (_("Officer's remark"), "text"),
        (_("Written by"), "short"),
    ]
    overall = gathered.remarks.get(None)
    rows: list[list[Value]] = [
        [_("Overall assessment"), None, gathered.remark(None), overall.saved_by_name if overall else None]
    ]
    for line in gathered.summary["board"]:
        said = gathered.remarks.get(line["grant"])
        text, who = (said.text, said.saved_by_name) if said else (None, None)
        rows.append([line["organization_name"], line["grant_title"], text, who])
    look.table(_("Officers' remarks"), columns, rows)


def _questions(look: "_Look", gathered: Gathered) -> None:
    columns = [(_("Question"), "name"), (_("Organization"), "name"), (_("Answer"), "text")]
    names = gathered.names
    look.table(
        _("Answers by question"),
        columns,
        (
            [question.name, names[grant], text]
            for question in gathered.questions
            for grant, text in gathered.answers(question.key)
        ),
    )


class _Look:
    """The workbook with its formats, and one way to write a table."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format(
            {"bold": True, "bg_color": "#F2F2F2", "bottom": 2, "text_wrap": True, "valign": "top"}
        )
        self.cell = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Value]]) -> None:
        """A sheet with a head that stays, filters and one row a line; columns are (title, width's name)."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for index, (title, width) in enumerate(columns):
            sheet.set_column(index, index, WIDTH[width])
            sheet.write_string(0, index, title, self.head)
        count = 0
        for count, row in enumerate(rows, start=1):
            lines = max(
                (_lines(value, WIDTH[columns[index][1]]) for index, value in enumerate(row)), default=1
            )
            if lines > 1:
                sheet.set_row(count, min(lines * LINE, TALLEST))
            for index, value in enumerate(row):
                self._write(sheet, count, index, value)
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _write(self, sheet: Any, row: int, column: int, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.day)  # noqa: DTZ001 - a date
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.cell)
        else:
            sheet.write_string(row, column, value, self.cell)


def _lines(value: Value, width: int) -> int:
    """In how many lines a text stands in a column of so many letters, of which a Japanese one takes two."""
    if not isinstance(value, str):
        return 1
    return sum(
        max(1, -(-sum(2 if east_asian_width(one) in "FWA" else 1 for one in part) // width))
        for part in value.split("\n")
    )


def _board(look: _Look, summary: SummaryContents, *, today: date, zone: Any) -> None:
    columns = [
        (_("Organization"), "name"),
        (_("Project"), "name"),
        (_("Grant code"), "short"),
        (_("Lead officer"), "short"),
        (_("State"), "short"),
        (_("Due on"), "short"),
        (_("Extended to"), "short"),
        (_("Closing date"), "short"),
        (_("Handed in on"), "short"),
        (_("Revision"), "short"),
        (_("Days late"), "short"),
        (_("Days left"), "short"),
        (_("Reason not required"), "name"),
    ]
    look.table(
        _("Who has handed in"), columns, (_board_row(line, summary, today, zone) for line in summary["board"])
    )


def _board_row(line: Any, summary: SummaryContents, today: date, zone: Any) -> list[Value]:
    cell = board.cell(line, summary["round"], today=today, zone=zone)
    open_ = line["filing"] is None or cell.state == "returned"
    return [
        line["organization_name"],
        line["grant_title"],
        line["grant_code"],
        line["lead"],
        str(cell.standing.label),
        date.fromisoformat(line["due_on"]),
        date.fromisoformat(line["extended_to"]) if line["extended_to"] else None,
        cell.closes_on,
        cell.handed_in_on,
        line["revision"],
        line["days_late"],
        cell.days_left if open_ and line["state"] != "waived" else None,
        line["waived_reason"],
    ]


def _map(look: _Look, gathered: Gathered) -> None:
    columns = [
        (_("Organization"), "name"),
        (_("Project"), "name"),
        (_("Grant code"), "short"),
        (_("Code"), "short"),
        (_("Output"), "text"),
        (_("Progress"), "short"),
        (_("In words"), "short"),
        (_("Last time"), "short"),
        (_("Worse"), "short"),
        (_("Where the indicators stand now"), "text"),
        (_("Remark"), "name"),
    ]
    look.table(_("Progress map"), columns, _map_rows(gathered))


def _map_rows(gathered: Gathered) -> Iterable[list[Value]]:
    summary, language = gathered.summary, gathered.language
    named = {
        line["grant"]: (line["organization_name"], line["grant_title"], line["grant_code"])
        for line in summary["board"]
    }
    waived = {line["grant"] for line in summary["board"] if line["state"] == DeadlineState.WAIVED}
    for line in gathered.map_lines():
        if line["grant"] in waived:
            continue
        for cell in line["cells"]:
            yield [
                *named[line["grant"]],
                cell["code"],
                cell["statement"],
                cell["progress"],
                words(cell, line["handed_in"], language),
                cell["last"],
                _("worse") if cell["worse"] else None,
                cell["text"],
                cell["remark"],
            ]


def _totals(look: _Look, gathered: Gathered) -> None:
    summary, coverage, language = gathered.summary, gathered.coverage, gathered.language
    programme, as_of, figures = gathered.programme, gathered.as_of, summary["totals"]
    rows: list[list[Value]] = [
        [_("Programme"), programme.title, None],
        [_("Round"), summary["round"]["title"], None],
        [_("Compiled at"), f"{as_of:%Y-%m-%d %H:%M %Z}", None],
        [_("Handed in"), figures["handed_in"], figures["required"]],
        [_("Late"), figures["late"], figures["handed_in"]],
    ]
    rows += [
        [
            f"{code} {Progress(int(code)).label.say(language)}",
            figures["codes"][code],
            figures["reported_rows"],
        ]
        for code in ("1", "2", "3", "4")
    ]
    rows += [
        [_("Rows with nothing to report"), figures["codes"].get("nothing", 0), figures["rows"]],
        [_("Rows not reported"), figures["codes"]["blank"], figures["rows"]],
        [_("Worse than last time"), figures["worse"], figures["reported_rows"]],
    ]
    rows += [
        [
            _("Outlook: %(answer)s") % {"answer": line.label or _("not answered")},
            len(line.organizations),
            figures["handed_in"],
        ]
        for line in totals.outlook(summary, distributor=programme.distributor, language=language)
    ]
    if coverage:
        rows += [
            [_("Indicators with an achievement"), coverage["counted"], coverage["of"]],
            [_("Indicators with nothing to report"), coverage["nothing"], coverage["of"]],
            [_("Indicators not reported"), coverage["not_reported"], coverage["of"]],
            [_("Indicators without a confirmed number"), coverage["words"], coverage["of"]],
        ]
    columns = [(_("Figure"), "name"), (_("Count"), "name"), (_("Out of"), "short")]
    look.table(_("Totals"), columns, rows)
