"""Contracted plans in tables: which cell is a heading, which lines belong to which plan. Read, not yet judged. Pure.

The official 事業計画書 has a block for outcomes and one for outputs, whose columns differ by year and window; our own
template has one table with a column for the grant. Both are told by their headings, wherever they stand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from minori.registry.plan_columns import Part, is_guidance, level_of, part_of, support_of
from minori.report_forms.framework import Level, Support
from minori.report_forms.grids import Cell, Grid, Hint
from minori.report_forms.texts import is_empty

FACTS = (Part.GRANT, Part.TITLE, Part.ORGANIZATION)
"""What says which grant a plan is of."""
_KEYS = frozenset({Part.STATEMENT, Part.INDICATOR, Part.GUIDE, Part.ACTIVITY})
_TEXTS = frozenset(Part) - {
    *FACTS,
    Part.NUMBER,
    Part.LEVEL,
    Part.SUPPORT,
    Part.MONITORING,
    Part.MARK,
    Part.CODE,
}
_HEADINGS_TO_BE_A_HEAD = 2
_WIDE = 2  # columns of the plan that one cell spans without being a heading


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A cell of a file: the place of its grid in the file, its row and column, all from 0."""

    grid: int
    row: int
    column: int = 0

    @property
    def key(self) -> str:
        """The row, short and unique in the file, as forms name it."""
        return f"{self.grid}-{self.row}"


@dataclass(frozen=True, slots=True)
class Written:
    """The text of one cell to the letter, and where it stands; `over` says how many lines it is merged over."""

    text: str
    place: Place
    over: int = 1
    hint: Hint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLine:
    """One line of a plan: what its cells say, the level and support that its block is for (None: nowhere said)."""

    place: Place
    cells: Mapping[Part, Written]
    level: Level | None = None
    support: Support | None = None

    @property
    def first(self) -> Place:
        """Where its first cell stands, for what is told of the whole line."""
        return min((written.place for written in self.cells.values()), default=self.place)

    def text(self, part: Part) -> str:
        """What stands in a column, "" where nothing does."""
        return self.cells[part].text if part in self.cells else ""


@dataclass(frozen=True, slots=True)
class Remainder:
    """Text inside a plan that has no place in it: told to the person, never dropped silently."""

    text: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class WrittenPlan:
    """One plan as it stands in a file; `facts` say which grant it is of, `facts_at` where that is written."""

    name: str = ""
    facts: Mapping[Part, str] = field(default_factory=dict)
    facts_at: Mapping[Part, Place] = field(default_factory=dict)
    lines: tuple[WrittenLine, ...] = ()
    remainders: tuple[Remainder, ...] = ()
    double: tuple[Place, ...] = ()
    """Headings that stand twice in one head: the second column is not read."""


@dataclass(slots=True)
class _Block:
    """The head that is in force: which part each column holds."""

    columns: dict[int, Part]
    level: Level | None
    support: Support | None
    last_row: int  # of the head
    heading: tuple[Remainder, ...] = ()  # its cells as long as no line has followed


def read_plans(grids: Sequence[Grid]) -> tuple[WrittenPlan, ...]:
    """The plans of a file in order; those without a single line are left out."""
    reading = _Reading()
    for number, grid in enumerate(grids):
        reading.read_grid(number, grid)
    return tuple(plan for plan in reading.plans() if plan.lines)


@dataclass
class _Plan:
    name: str = ""
    facts: dict[Part, str] = field(default_factory=dict)
    facts_at: dict[Part, Place] = field(default_factory=dict)
    lines: list[WrittenLine] = field(default_factory=list)
    remainders: list[Remainder] = field(default_factory=list)
    double: list[Place] = field(default_factory=list)


class _Reading:
    """What has been read so far, cell by cell from the top."""

    def __init__(self) -> None:
        self.found: list[_Plan] = [_Plan()]
        self.by_grant: dict[str, _Plan] = {}
        self.level: Level | None = None
        self.support: Support | None = None

    @property
    def plan(self) -> _Plan:
        return self.found[-1]

    def plans(self) -> Iterator[WrittenPlan]:
        for plan in self.found:
            yield WrittenPlan(
                name=plan.name,
                facts=plan.facts,
                facts_at=plan.facts_at,
                lines=tuple(plan.lines),
                remainders=tuple(plan.remainders),
                double=tuple(plan.double),
            )

    def read_grid(self, number: int, grid: Grid) -> None:
        block: _Block | None = None
        for row in grid.rows():
            if block is not None and row <= block.last_row:
                continue
            cells = grid.beginning_in(row)
            if (head := self.read_head(number, grid, row)) is not None:
                self.close(block)
                if self.begins_again(head, grid):
                    self.found.append(_Plan(name=grid.name))
                block = head
                self.plan.name = self.plan.name or grid.name
            elif block is not None and self.is_line(block, cells):
                self.read_line(number, grid, row, block)
            elif block is not None and {block.columns.get(cell.column) for cell in cells} <= {
                *FACTS,
                Part.NUMBER,
            }:
                continue  # a line of the template that nobody has filled in
            else:
                block = self.read_between(number, cells, block)
        self.close(block)

    def close(self, block: _Block | None) -> None:
        """A head without a line below it is told rather than passed over: it may be a line that reads like a head."""
        if block is not None:
            self.plan.remainders += block.heading

    def begins_again(self, head: _Block, grid: Grid) -> bool:
        """Whether this head, on a sheet of its own, begins another plan: outcomes after outputs."""
        if Part.GRANT in head.columns.values() or grid.name == self.plan.name or not grid.name:
            return False
        outcomes = head.level in {Level.OUTCOME_SHORT, Level.OUTCOME_LONG}
        return outcomes and any(line.level is Level.OUTPUT for line in self.plan.lines)

    def read_head(self, number: int, grid: Grid, row: int) -> _Block | None:
        """The head that begins in a row: its cells, and those of a second line below cells that span columns."""
        cells = grid.beginning_in(row)
        named = [(cell, part_of(cell.text)) for cell in cells]
        known = {part for _cell, part in named if part is not None}
        if (
            len(known) < _HEADINGS_TO_BE_A_HEAD
            or not known & _KEYS
            or sum(part is None for _cell, part in named) > len(known)
        ):
            return None
        last = row + max((cell.rows for cell, part in named if part is not None), default=1) - 1
        below = grid.beginning_in(row + 1)
        under = [one for one in below if part_of(one.text) is not None]
        if last == row and under and len(under) == len(below):
            last = row + 1
        columns: dict[int, Part] = {}
        for cell, part in named:
            for column in range(cell.column, cell.column + cell.columns):
                lower = grid.at(last, column) if last > row else None
                exact = part_of(lower.text) if lower is not None and lower is not cell else None
                if (found := exact or (part if column == cell.column else None)) is None:
                    continue
                if found in columns.values():
                    self.plan.double.append(Place(number, row, column))
                else:
                    columns[column] = found
        statement = next((cell for cell, part in named if part is Part.STATEMENT), None)
        level = self.level if statement is None else level_of(statement.text) or self.level
        if Part.STATEMENT not in known and known <= {Part.ACTIVITY, Part.SEASON, Part.NUMBER, Part.CODE}:
            level = Level.ACTIVITY
        support = next((kind for cell in cells if (kind := support_of(cell.text))), None)
        heading = tuple(Remainder(cell.text, Place(number, row, cell.column)) for cell in cells)
        return _Block(columns, level, support or self.support, last, heading)

    def is_line(self, block: _Block, cells: Sequence[Cell]) -> bool:
        """Whether a row holds a line of the block: not a word of another section, nor one cell across the columns."""
        if len(cells) == 1:
            spanned = sum(column in block.columns for column in _span(cells[0]))
            heading = level_of(cells[0].text) or support_of(cells[0].text) or _fact_in(cells[0].text)
            if heading or spanned > _WIDE or (spanned < 1 and cells[0].columns > 1):
                return False
        elif part_of(cells[0].text) in FACTS:
            return False
        return any(block.columns.get(cell.column) in _TEXTS for cell in cells)

    def read_line(self, number: int, grid: Grid, row: int, block: _Block) -> None:
        found: dict[Part, Written] = {}
        remainders: list[Remainder] = []
        block.heading = ()
        for cell in grid.beginning_in(row):
            part = block.columns.get(cell.column)
            if part is None:
                remainders.append(Remainder(cell.text, Place(number, row, cell.column)))
            else:
                found[part] = Written(cell.text, Place(number, row, cell.column), cell.rows, cell.hint)
        plan = self.plan_of(found)
        level = level_of(found[Part.LEVEL].text) if Part.LEVEL in found else block.level
        support = support_of(found[Part.SUPPORT].text) if Part.SUPPORT in found else block.support
        plan.lines.append(WrittenLine(place=Place(number, row), cells=found, level=level, support=support))
        plan.remainders += remainders

    def plan_of(self, cells: Mapping[Part, Written]) -> _Plan:
        """The plan that a line belongs to: the one of its grant where a column names it, else the one being read."""
        said = cells.get(Part.GRANT)
        if said is None:
            return self.plan
        name = said.text.strip()
        if name not in self.by_grant:
            facts = {part: cells[part] for part in FACTS if part in cells}
            if self.plan.lines or self.plan.facts:
                self.found.append(_Plan())
            self.plan.name = name
            self.plan.facts = {part: written.text.strip() for part, written in facts.items()}
            self.plan.facts_at = {part: written.place for part, written in facts.items()}
            self.by_grant[name] = self.plan
        plan = self.by_grant[name]
        if plan is not self.plan:  # lines of one grant may stand apart
            self.found.append(self.found.pop(self.found.index(plan)))
        return plan

    def read_between(self, number: int, cells: Sequence[Cell], block: _Block | None) -> _Block | None:
        """What stands outside of blocks: facts about the grant, names of sections, long-term outcomes, the rest."""
        facts = list(_facts(cells))
        if facts:
            if self.plan.lines:
                self.found.append(_Plan())
                self.level = self.support = None
            for part, text, cell in facts:
                if part not in self.plan.facts:
                    self.plan.facts[part] = text
                    self.plan.facts_at[part] = Place(number, cell.row, cell.column)
            return None
        level = next((word for cell in cells if (word := level_of(cell.text))), None)
        support = next((kind for cell in cells if (kind := support_of(cell.text))), None)
        if level is Level.OUTCOME_LONG and len(cells) > 1:
            self.read_long_outcome(number, cells)
            return None
        if level or support:
            self.level, self.support = level or self.level, support or self.support
            return None
        if block is not None:
            self.plan.remainders += [
                Remainder(cell.text, Place(number, cell.row, cell.column)) for cell in cells
            ]
        return block

    def read_long_outcome(self, number: int, cells: Sequence[Cell]) -> None:
        """「中長期アウトカム」 and its free text beside it."""
        for cell in cells[1:]:
            place = Place(number, cell.row, cell.column)
            self.plan.lines.append(
                WrittenLine(
                    place=Place(number, cell.row),
                    cells={Part.STATEMENT: Written(cell.text, place, cell.rows, cell.hint)},
                    level=Level.OUTCOME_LONG,
                )
            )


def _span(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.columns)


def _facts(cells: Sequence[Cell]) -> Iterator[tuple[Part, str, Cell]]:
    """「事業名｜居場所…」 and 「事業名：居場所…」: what says which grant a plan is of, and the cell that says it."""
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        part = part_of(cell.text)
        if part in FACTS and following is not None and part_of(following.text) is None:
            yield part, following.text.strip(), following
        elif (both := _fact_in(cell.text)) is not None:
            yield *both, cell


def _fact_in(text: str) -> tuple[Part, str] | None:
    for colon in ("：", ":"):
        name, found, value = text.partition(colon)
        if found and (part := part_of(name)) in FACTS and not is_empty(value):
            return part, value.strip()
    return None


def lines_of_guidance(line: WrittenLine) -> bool:
    """Whether a line holds nothing but words of the form itself."""
    said = [written.text for part, written in line.cells.items() if part in _TEXTS]
    return bool(said) and all(is_guidance(text) for text in said)


def without_guidance(lines: Iterable[WrittenLine]) -> tuple[WrittenLine, ...]:
    """The lines without cells that hold words of the form itself, and without those that hold nothing else."""
    kept = (
        replace(line, cells={part: one for part, one in line.cells.items() if not is_guidance(one.text)})
        for line in lines
    )
    return tuple(line for line in kept if any(part in _TEXTS for part in line.cells))
