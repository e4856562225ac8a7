"""A results table pasted from Excel: which line belongs to which row, and what stands there. Nothing is guessed silently."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from minori.report_forms.answers import Progress
from minori.report_forms.codes import read_code
from minori.report_forms.framework import Row
from minori.report_forms.pasted import Line, name_of, read_table
from minori.report_forms.texts import is_empty


class Cell(StrEnum):
    """What can stand in a column; "" is a column that is only for reading (indicators, targets …)."""

    CODE = "code"
    STATEMENT = "statement"
    TEXT = "text"
    PROGRESS = "progress"
    REMARK = "remark"
    OTHER = ""


class Trouble(StrEnum):
    """Why a line, or one cell of it, cannot be taken over."""

    NO_ROW = "no_row"
    SEVERAL_ROWS = "several_rows"
    TWICE = "twice"
    NOT_A_CODE = "not_a_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedRow:
    """What a line says of a row. None: the cell is blank or missing, and says nothing.

    `line` is the row of the pasted table (from 1). `nothing` is true where the cell says that there is nothing to
    report in this round.
    """

    row: UUID
    line: int
    text: str | None = None
    nothing: bool = False
    progress: Progress | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Untaken:
    """A line, or a cell of it, that was not understood; `said` is what stands there."""

    line: int
    trouble: Trouble
    said: str


@dataclass(frozen=True, slots=True)
class PastedRows:
    """Everything read: rows in the order of the lines, and what could not be taken."""

    rows: tuple[PastedRow, ...]
    untaken: tuple[Untaken, ...]


class NoColumns(ValueError):  # noqa: N818 - told to people
    """It cannot be told which column is which."""


_NOTHING = frozenset(
    name_of(words)
    for words in ("今期は報告することがない", "今期は報告なし", "報告なし", "Nothing to report in this round")
)
_BLANK_CODES = frozenset(name_of(words) for words in ("", "-", "ー", "－", "―", "未報告", "not reported"))
_CODE = re.compile(r"([1-4])(?:[\s.．、:：)）].*)?", re.DOTALL)
_HEADINGS_TO_BE_A_HEAD = 2
_LINES_ABOVE_THE_HEAD = 5
_LONG_ENOUGH = 8  # letters of the beginning of a statement that tell a row apart
# Without headings: what a table of so many columns holds.
_BY_WIDTH: Mapping[int, tuple[Cell, ...]] = {
    1: (Cell.TEXT,),
    2: (Cell.STATEMENT, Cell.TEXT),
    3: (Cell.STATEMENT, Cell.TEXT, Cell.PROGRESS),
    4: (Cell.STATEMENT, Cell.TEXT, Cell.PROGRESS, Cell.REMARK),
}


def read_rows(
    text: str,
    *,
    rows: Sequence[Row],
    headings: Mapping[str, Cell],
    orders: Sequence[Sequence[Cell]] = (),
) -> PastedRows:
    """The rows a pasted table speaks of.

    `headings` are headings as people may write them, `orders` the columns of known tables for a paste without
    headings (told apart by their number). A line names its row by code, by statement, or by a statement's
    beginning; a line without a name goes on with the row above; a single column with as many lines as there are
    rows is taken in their order. Raises `NotATable` and `NoColumns`.
    """
    lines = read_table(text)
    columns, body = _columns(lines, {name_of(heading): cell for heading, cell in headings.items()}, orders)
    reader = _Reader(rows, columns)
    names = [one for one in columns if one in (Cell.CODE, Cell.STATEMENT)]
    if not names or all(is_empty(_cell(line, columns, name)) for line in body for name in names):
        if len(body) != len(rows):
            raise NoColumns
        for line, row in zip(body, rows, strict=True):
            reader.take(line, row)
    else:
        for line in body:
            reader.read(line)
    return PastedRows(tuple(reader.taken.values()), tuple(reader.untaken))


def _columns(
    lines: Sequence[Line], headings: Mapping[str, Cell], orders: Sequence[Sequence[Cell]]
) -> tuple[tuple[Cell, ...], Sequence[Line]]:
    for place, line in enumerate(lines[:_LINES_ABOVE_THE_HEAD]):
        found = tuple(headings.get(name_of(cell), Cell.OTHER) for cell in line.cells)
        known = [cell for cell in found if cell != Cell.OTHER]
        if len(known) >= _HEADINGS_TO_BE_A_HEAD and len(set(known)) == len(known):
            return found, lines[place + 1 :]
    width = max((len(line.cells) for line in lines), default=0)
    for order in (*orders, _BY_WIDTH.get(width, ())):
        if len(order) == width and width:
            return tuple(order), lines
    raise NoColumns


def _cell(line: Line, columns: Sequence[Cell], wanted: Cell) -> str:
    return line.cell(columns.index(wanted)).strip() if wanted in columns else ""


class _Reader:
    def __init__(self, rows: Sequence[Row], columns: tuple[Cell, ...]) -> None:
        self.columns = columns
        self.rows = rows
        self.taken: dict[UUID, PastedRow] = {}
        self.untaken: list[Untaken] = []
        self.above: Row | None = None
        self.codes: dict[str, list[Row]] = defaultdict(list)
        self.statements: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.statements[name_of(row.statement)].append(row)
            if row.code:
                self.codes[name_of(row.code)].append(row)

    def read(self, line: Line) -> None:
        code = _cell(line, self.columns, Cell.CODE)
        statement = _cell(line, self.columns, Cell.STATEMENT)
        if not code and not statement:
            if self.above is not None:  # a further line of the same row: its name's cell spans both
                self.go_on(line, self.above)
            elif not is_empty(_cell(line, self.columns, Cell.TEXT)):
                self.refuse(line, Trouble.NO_ROW, _cell(line, self.columns, Cell.TEXT))
            return
        self.above = None
        found = self.find(code, statement)
        if len(found) != 1:
            trouble = Trouble.SEVERAL_ROWS if found else Trouble.NO_ROW
            self.refuse(line, trouble, code or statement)
        elif found[0].uuid in self.taken:
            self.refuse(line, Trouble.TWICE, code or statement)
        else:
            self.above = found[0]
            self.take(line, found[0])

    def find(self, code: str, statement: str) -> list[Row]:
        """The rows that may be meant; code and statement together tell rows of the same code apart."""
        plain = name_of(statement)
        exact = self.statements.get(plain, []) if plain else []
        if len(exact) == 1:
            return exact
        hint = code or (statement if name_of(statement) in self.codes else read_code(statement) or "")
        by_code = self.codes.get(name_of(hint), []) if hint else []
        if exact and by_code:
            return [row for row in exact if row in by_code] or exact
        if exact or by_code:
            return exact or by_code
        if len(plain) < _LONG_ENOUGH:
            return []
        return [row for row in self.rows if name_of(row.statement).startswith(plain)]

    def take(self, line: Line, row: Row) -> None:
        text = _cell(line, self.columns, Cell.TEXT)
        nothing = name_of(text) in _NOTHING
        self.taken[row.uuid] = PastedRow(
            row=row.uuid,
            line=line.number,
            text=None if nothing or is_empty(text) else text,
            nothing=nothing,
            progress=self.progress(line),
            remark=_cell(line, self.columns, Cell.REMARK) or None,
        )

    def go_on(self, line: Line, row: Row) -> None:
        above, text = self.taken[row.uuid], _cell(line, self.columns, Cell.TEXT)
        code, remark = self.progress(line), _cell(line, self.columns, Cell.REMARK)
        self.taken[row.uuid] = replace(
            above,
            text="\n".join(part for part in (above.text, text) if part) or None,
            progress=above.progress or code,
            remark="\n".join(part for part in (above.remark, remark) if part) or None,
        )

    def progress(self, line: Line) -> Progress | None:
        said = _cell(line, self.columns, Cell.PROGRESS)
        if name_of(said) in _BLANK_CODES:
            return None
        match = _CODE.fullmatch(unicodedata.normalize("NFKC", said))
        if match:
            return Progress(int(match[1]))
        for code in Progress:
            if name_of(said) in (name_of(code.label.ja), name_of(code.label.en)):
                return code
        self.refuse(line, Trouble.NOT_A_CODE, said)
        return None

    def refuse(self, line: Line, trouble: Trouble, said: str) -> None:
        self.untaken.append(Untaken(line.number, trouble, said))
