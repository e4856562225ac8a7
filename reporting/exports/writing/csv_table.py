"""A round as one table for spreadsheets: UTF-8 with a byte order mark, one line for every output of every grant."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from minori.report_forms.answers import Progress
from reporting.exports.gathering import Gathered
from reporting.portfolio import board
from reporting.portfolio.board import Cell
from reporting.summaries.shape import BoardLine, MapCell

Told = Callable[[int, int], None]
A_MOMENT = 50

_RISKY = re.compile(r"(^|[\r\n])(?=[=+\-@\t\r＝＋－＠])")
"""What a spreadsheet may take for a formula, at the beginning of a text or of a line of it."""


def write(gathered: Gathered, path: Path, told: Told) -> None:
    """A grant that has no outputs, or hands in nothing, has a line of its own. Texts never become formulas."""
    zone = gathered.programme.distributor.zone
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        heads = _heads()
        table.writerow(heads)
        grants = gathered.summary["board"]
        for place, line in enumerate(grants):
            if place % A_MOMENT == 0:
                told(place, len(grants))
            begin = list(_grant(gathered, line, zone))
            found = gathered.shelf.map_of(line["grant"])
            waived = line["state"] == "waived"
            cells = found["cells"] if found and not waived else []
            for cell in cells:
                table.writerow(
                    [*begin, *_row(cell, found is not None and found["handed_in"], gathered.language)]
                )
            if not cells:
                table.writerow([*begin, *[""] * (len(heads) - len(begin))])


def safe(text: str) -> str:
    """The text, with an apostrophe before whatever a spreadsheet might take for a formula."""
    return _RISKY.sub(r"\1'", text)


def _heads() -> list[str]:
    return [
        _("Organization"),
        _("Project"),
        _("Grant code"),
        _("Lead officer"),
        _("State"),
        _("Due on"),
        _("Extended to"),
        _("Handed in on"),
        _("Days late"),
        _("Officer's remark"),
        _("Code"),
        _("Output"),
        _("Progress"),
        _("In words"),
        _("Last time"),
        _("Worse"),
        _("Where the indicators stand now"),
        _("Remark"),
    ]


def _grant(gathered: Gathered, line: BoardLine, zone: ZoneInfo) -> Iterator[str]:
    cell: Cell = board.cell(line, gathered.summary["round"], today=gathered.today, zone=zone)
    yield safe(line["organization_name"])
    yield safe(line["grant_title"])
    yield safe(line["grant_code"])
    yield safe(line["lead"] or "")
    yield str(cell.standing.label)
    yield line["due_on"]
    yield line["extended_to"] or ""
    yield cell.handed_in_on.isoformat() if cell.handed_in_on else ""
    yield "" if line["days_late"] is None else str(line["days_late"])
    yield safe(gathered.remark(line["grant"]))


def _row(cell: MapCell, handed_in: bool, language: str) -> Iterator[str]:
    yield safe(cell["code"] or "")
    yield safe(cell["statement"])
    yield "" if cell["progress"] is None else str(cell["progress"])
    yield words(cell, handed_in, language)
    yield "" if cell["last"] is None else str(cell["last"])
    yield _("worse") if cell["worse"] else ""
    yield safe(cell["text"])
    yield safe(cell["remark"])


def words(cell: MapCell, handed_in: bool, language: str) -> str:
    """What a cell of the map shows, in words: the three kinds of nothing are told apart."""
    if not handed_in:
        return _("not handed in")
    if cell["progress"] is not None:
        return Progress(cell["progress"]).label.say(language)
    return _("nothing to report") if cell.get("nothing") else _("not reported")
