"""Tables pasted from Excel: tab-separated text with quoted multi-line cells, read without losing a letter."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from minori.report_forms.texts import clean, is_empty

_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988}
_DAY = re.compile(
    r"(?P<era>令和|平成|[rh])?\.?(?P<year>\d{1,4}|元)(?:年|[/.\-])(?P<month>\d{1,2})(?:月|[/.\-])(?P<day>\d{1,2})日?",
    re.IGNORECASE,
)
_FULL_YEAR = 1900

LONGEST_CELL = 131_072
"""Characters of one cell: what the reader takes at most. Excel's own cells hold 32,767."""


class NotATable(ValueError):  # noqa: N818 - told to people with its line
    """The text cannot be told apart into cells; `line` (a row of the table, from 1) is where the reading stopped.

    `too_long`: a cell has no end within `LONGEST_CELL` characters; else its quotation marks do not match.
    """

    def __init__(self, line: int, *, too_long: bool = False) -> None:
        what = "a cell is too long" if too_long else "the quotation marks of a cell do not match"
        super().__init__(f"line {line}: {what}")
        self.line, self.too_long = line, too_long


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells; `number` counts the rows as Excel does (from 1), however many lines its cells have."""

    number: int
    cells: tuple[str, ...]

    def cell(self, place: int) -> str:
        """The cell at a place from 0, "" beyond the end of the line."""
        return self.cells[place] if place < len(self.cells) else ""


def read_table(text: str) -> tuple[Line, ...]:
    """The lines that hold anything, in order. Cells stay as written, with plain line feeds.

    Raises `NotATable` where quotation marks do not match: dropping them silently would change the text.
    """
    reader = csv.reader(
        io.StringIO(clean(text.removeprefix("\ufeff")), newline=""), csv.excel_tab, strict=True
    )
    lines: list[Line] = []
    number = 1
    try:
        for cells in reader:
            if not all(is_empty(cell) for cell in cells):
                lines.append(Line(number, tuple(cells)))
            number += 1
    except csv.Error as error:
        raise NotATable(number, too_long="field larger" in str(error)) from error
    return tuple(lines)


def name_of(cell: str) -> str:
    """What a heading or a word of a list has in common in all its writings: no spaces, one width, small letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).casefold()


def read_day(cell: str) -> date | None:
    """The day a cell names (2025/4/1, 2025-04-01, 2025年4月1日, 令和7年4月1日, R7.4.1), or None."""
    match = _DAY.fullmatch(name_of(cell))
    if match is None:
        return None
    era = _ERAS.get(match["era"] or "")
    year = 1 if match["year"] == "元" else int(match["year"])
    if (era is None) != (year >= _FULL_YEAR):
        return None
    try:
        return date(year + (era or 0), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
