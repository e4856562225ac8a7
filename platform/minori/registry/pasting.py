"""Plans pasted from a table: which column is what, which line begins a row, what stands under what. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID, uuid4

from minori.registry.nesting import propose_parents
from minori.report_forms.codes import read_code
from minori.report_forms.framework import (
    Framework,
    Indicator,
    Level,
    Problem,
    ProblemCode,
    Row,
    Support,
    number_marks,
)
from minori.report_forms.pasted import Line, NotATable, name_of, read_table
from minori.report_forms.texts import is_empty

MOST_LINES = 1_000
"""Lines of one plan; the longest real ones have about a hundred, and a page of problems must stay readable."""

MARK_LENGTH = 10
"""Letters that an indicator's number may have."""


class Column(StrEnum):
    """What can stand in a column; the value is the heading that we write ourselves."""

    LEVEL = "レベル"
    CODE = "コード"
    STATEMENT = "内容"
    MARK = "指標番号"
    INDICATOR = "指標"
    BASELINE = "初期値"
    TARGET = "目標値"
    ACHIEVE_BY = "達成時期"
    MEANS = "把握方法"
    MID_STATE = "中間評価時の値・状態"
    POST_STATE = "事後評価時の値・状態"
    SEASON = "活動時期"
    SUPPORT = "支援"


ORDER = tuple(Column)
"""The order of the columns where no heading says otherwise."""

EXAMPLE = """レベル\tコード\t内容\t指標番号\t指標\t初期値\t目標値\t達成時期
短期アウトカム\t01\t地域の子どもが安心して過ごせる\t\t利用者の満足度\t未調査\t80％\t2028年3月
アウトプット\t0101\t居場所が週2回開いている\t①\t開所回数\t0回\t年間96回\t2028年3月
\t\t\t②\tのべ利用人数\t0人\t年間1,200人\t2028年3月
活動\t0101-1\t居場所の運営
"""
"""A small plan as it is pasted, to be shown as an example; it reads without a problem."""

EXAMPLE_EN = """level\tcode\tstatement\tmark\tindicator\tbaseline\ttarget\tachieve by
short-term outcome\t01\tChildren spend their days in safety\t\tsatisfied users\tnot asked\t80%\tMarch 2028
output\t0101\tA place is open twice a week\t①\tdays open\t0 days\t96 days a year\tMarch 2028
\t\t\t②\tvisits in all\t0 visits\t1,200 visits a year\tMarch 2028
activity\t0101-1\tRunning the place
"""
"""The same with English headings, for pages in English."""

_ENGLISH = {
    Column.LEVEL: "level",
    Column.CODE: "code",
    Column.STATEMENT: "statement",
    Column.MARK: "mark",
    Column.INDICATOR: "indicator",
    Column.BASELINE: "baseline",
    Column.TARGET: "target",
    Column.ACHIEVE_BY: "achieve by",
    Column.MEANS: "means",
    Column.MID_STATE: "mid-term",
    Column.POST_STATE: "ex-post",
    Column.SEASON: "season",
    Column.SUPPORT: "support",
}


def heading(column: Column, language: str) -> str:
    """The heading of a column in the language of the page; every heading is read in every language."""
    return column.value if language.startswith("ja") else _ENGLISH[column]


_ROW_COLUMNS = (Column.LEVEL, Column.CODE, Column.STATEMENT, Column.SEASON, Column.SUPPORT)
_HEADINGS = {
    Column.LEVEL: ("level", "区分", "種別"),
    Column.CODE: ("code", "行番号"),
    Column.STATEMENT: ("statement", "アウトカム・アウトプット", "アウトカム/アウトプット"),
    Column.MARK: ("mark", "指標の番号", "番号"),
    Column.INDICATOR: ("indicator",),
    Column.BASELINE: ("baseline", "初期値/初期状態", "初期値・初期状態"),
    Column.TARGET: ("target", "目標値/目標状態", "目標値・目標状態"),
    Column.ACHIEVE_BY: ("achieveby", "目標達成時期"),
    Column.MEANS: ("means", "指標の把握方法"),
    Column.MID_STATE: ("mid-term", "中間評価時", "中間評価時の値/状態"),
    Column.POST_STATE: ("ex-post", "事後評価時", "事後評価時の値/状態"),
    Column.SEASON: ("season", "時期"),
    Column.SUPPORT: ("support", "支援の種類"),
}
_COLUMNS = {name_of(heading): column for column in Column for heading in (column.value, *_HEADINGS[column])}
_LEVELS = {
    name_of(word): level
    for level, words in {
        Level.OUTCOME_SHORT: ("短期アウトカム", "アウトカム", "outcome", "short-term outcome"),
        Level.OUTCOME_LONG: ("中長期アウトカム", "長期アウトカム", "中期アウトカム", "long-term outcome"),
        Level.OUTPUT: ("アウトプット", "output"),
        Level.ACTIVITY: ("活動", "activity"),
    }.items()
    for word in words
}
_SUPPORTS = {
    "": Support.FINANCIAL,
    "資金支援": Support.FINANCIAL,
    "非資金的支援": Support.NON_FINANCIAL,
    "financial": Support.FINANCIAL,
    "non-financial": Support.NON_FINANCIAL,
}
_HEADINGS_TO_BE_A_HEAD = 2


class PastedCode(StrEnum):
    """What can be wrong with a pasted table."""

    NOTHING = "nothing"
    NO_COLUMNS = "no_columns"
    TOO_MANY_LINES = "too_many_lines"
    QUOTES = "quotes"
    LONG_CELL = "long_cell"
    UNKNOWN_HEADING = "unknown_heading"
    DOUBLE_HEADING = "double_heading"
    TOO_MANY_CELLS = "too_many_cells"
    UNKNOWN_LEVEL = "unknown_level"
    NO_LEVEL = "no_level"
    UNKNOWN_SUPPORT = "unknown_support"
    NO_ROW_ABOVE = "no_row_above"
    LONG_MARK = "long_mark"
    EMPTY_STATEMENT = "empty_statement"
    EMPTY_INDICATOR = "empty_indicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedProblem:
    """One thing wrong: the line of the pasted text (from 1), the column where one is to blame, the cell's text."""

    code: PastedCode
    line: int | None = None
    column: Column | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedPlan:
    """A pasted plan as it would be taken over, the line that each row began on, and everything wrong with it."""

    framework: Framework = field(default_factory=Framework)
    lines: Mapping[UUID, int] = field(default_factory=dict)
    problems: tuple[PastedProblem, ...] = ()


def read_plan(text: str, *, identify: Callable[[], UUID] = uuid4) -> PastedPlan:
    """A framework from a pasted table with our headings (any order), or without headings in our order (`ORDER`).

    A line with level, code and statement empty is a further indicator of the row above; an empty level
    alone is the level above (merged cells). Nothing is left out silently: a column or a cell that has no
    place is a problem. `identify` gives new rows and indicators their identity.
    """
    try:
        lines = read_table(text)
    except NotATable as error:
        code = PastedCode.LONG_CELL if error.too_long else PastedCode.QUOTES
        return PastedPlan(problems=(PastedProblem(code=code, line=error.line),))
    if not lines:
        return PastedPlan(problems=(PastedProblem(code=PastedCode.NOTHING),))
    if len(lines) > MOST_LINES:
        return PastedPlan(
            problems=(PastedProblem(code=PastedCode.TOO_MANY_LINES, line=lines[MOST_LINES].number),)
        )
    if all(len(line.cells) == 1 for line in lines):
        return PastedPlan(problems=(PastedProblem(code=PastedCode.NO_COLUMNS, line=lines[0].number),))
    reading = _Reading(identify)
    columns, body = reading.read_head(lines)
    for line in body:
        reading.read_line(line, columns)
    return reading.plan()


def write_table(framework: Framework) -> str:
    """The framework as a table with our headings, as `read_plan` reads it: what the officer copies into Excel."""
    lines = ["\t".join(column.value for column in ORDER)]
    words = {level: word for word, level in reversed(_LEVELS.items())}
    supports = {Support.FINANCIAL: "", Support.NON_FINANCIAL: "非資金的支援"}
    for row in framework:
        head = {
            Column.LEVEL: words[row.level],
            Column.CODE: row.code,
            Column.STATEMENT: row.statement,
            Column.SEASON: row.season,
            Column.SUPPORT: supports[row.support],
        }
        for place, one in enumerate(row.indicators or (None,)):
            cells = (head if place == 0 else {}) | ({} if one is None else _indicator_cells(one))
            lines.append("\t".join(_quoted(cells.get(column, "")) for column in ORDER))
    return "\n".join(lines) + "\n"


class _Reading:
    """What has been read so far; rows are lists until the table ends."""

    def __init__(self, identify: Callable[[], UUID]) -> None:
        self.identify = identify
        self.rows: list[tuple[Row, list[Indicator]]] = []
        self.lines: dict[UUID, int] = {}
        self.problems: list[PastedProblem] = []

    def wrong(self, code: PastedCode, line: int | None, column: Column | None = None, text: str = "") -> None:
        self.problems.append(PastedProblem(code=code, line=line, column=column, text=text))

    def read_head(self, lines: Sequence[Line]) -> tuple[tuple[Column | None, ...], Sequence[Line]]:
        head = lines[0]
        found = tuple(_COLUMNS.get(name_of(cell)) for cell in head.cells)
        if sum(column is not None for column in found) < _HEADINGS_TO_BE_A_HEAD:
            return ORDER, lines
        for place, (cell, column) in enumerate(zip(head.cells, found, strict=True)):
            if column is None and any(not is_empty(line.cell(place)) for line in lines):
                self.wrong(PastedCode.UNKNOWN_HEADING, head.number, text=cell)
            elif column is not None and column in found[:place]:
                self.wrong(PastedCode.DOUBLE_HEADING, head.number, column)
        return found, lines[1:]

    def read_line(self, line: Line, columns: Sequence[Column | None]) -> None:
        cells = {column: line.cell(place) for place, column in enumerate(columns) if column is not None}
        for cell in line.cells[len(columns) :]:
            if not is_empty(cell):
                self.wrong(PastedCode.TOO_MANY_CELLS, line.number, text=cell)
        if any(not is_empty(cells.get(column, "")) for column in _ROW_COLUMNS):
            self.begin_row(line.number, cells)
        elif not self.rows:
            self.wrong(PastedCode.NO_ROW_ABOVE, line.number)
            return
        self.add_indicator(line.number, cells)

    def begin_row(self, number: int, cells: Mapping[Column, str]) -> None:
        level, support = self.read_level(number, cells.get(Column.LEVEL, "")), Support.FINANCIAL
        said = cells.get(Column.SUPPORT, "")
        if name_of(said) in _SUPPORTS:
            support = _SUPPORTS[name_of(said)]
        else:
            self.wrong(PastedCode.UNKNOWN_SUPPORT, number, Column.SUPPORT, said)
        statement = cells.get(Column.STATEMENT, "")
        row = Row(
            uuid=self.identify(),
            level=level,
            support=support,
            code=cells.get(Column.CODE, "").strip() or read_code(statement) or "",
            statement=statement,
            season=cells.get(Column.SEASON, ""),
        )
        self.lines[row.uuid] = number
        self.rows.append((row, []))

    def read_level(self, number: int, said: str) -> Level:
        above = self.rows[-1][0].level if self.rows else None
        if is_empty(said):
            if above is None:
                self.wrong(PastedCode.NO_LEVEL, number, Column.LEVEL)
            return above or Level.OUTPUT
        if (level := _LEVELS.get(name_of(said))) is None:
            self.wrong(PastedCode.UNKNOWN_LEVEL, number, Column.LEVEL, said)
            return above or Level.OUTPUT
        return level

    def add_indicator(self, number: int, cells: Mapping[Column, str]) -> None:
        texts = {name: cells.get(column, "") for column, name in _TEXTS.items()}
        mark = cells.get(Column.MARK, "").strip()
        if not mark and all(is_empty(text) for text in texts.values()):
            return
        if len(mark) > MARK_LENGTH:
            self.wrong(PastedCode.LONG_MARK, number, Column.MARK, mark)
        one = Indicator(uuid=self.identify(), mark=mark, **texts)
        self.lines[one.uuid] = number
        self.rows[-1][1].append(one)

    def plan(self) -> PastedPlan:
        rows = [replace(row, indicators=number_marks(indicators)) for row, indicators in self.rows]
        framework = Framework(propose_parents(rows))
        found = (*self.problems, *self.with_lines(framework.problems()))
        return PastedPlan(
            framework=framework,
            lines=self.lines,
            problems=tuple(sorted(found, key=lambda problem: problem.line or 0)),
        )

    def with_lines(self, problems: Iterable[Problem]) -> Iterable[PastedProblem]:
        for problem in problems:
            place = problem.indicator or problem.row
            line = None if place is None else self.lines[place]
            if problem.code is ProblemCode.NO_ROWS:
                yield PastedProblem(code=PastedCode.NOTHING)
            elif problem.code is ProblemCode.EMPTY_STATEMENT:
                yield PastedProblem(code=PastedCode.EMPTY_STATEMENT, line=line, column=Column.STATEMENT)
            elif problem.code is ProblemCode.EMPTY_INDICATOR:
                yield PastedProblem(code=PastedCode.EMPTY_INDICATOR, line=line, column=Column.INDICATOR)


_TEXTS = {
    Column.INDICATOR: "statement",
    Column.BASELINE: "baseline",
    Column.TARGET: "target",
    Column.ACHIEVE_BY: "achieve_by",
    Column.MEANS: "means",
    Column.MID_STATE: "mid_state",
    Column.POST_STATE: "post_state",
}


def _indicator_cells(one: Indicator) -> dict[Column, str]:
    return {Column.MARK: one.mark} | {column: getattr(one, name) for column, name in _TEXTS.items()}


def _quoted(cell: str) -> str:
    if any(sign in cell for sign in '\t\n"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
