"""The outcome framework (事業設計) as plain values: rows, their indicators, and what is wrong with them.

Every text is verbatim; "" means "not registered". Which columns are filled differs by year and
window of the scheme, so almost nothing is required.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from minori.report_forms.codes import CIRCLED, read_code
from minori.report_forms.shapes import Json, Reader
from minori.report_forms.texts import is_clean, is_empty

__all__ = [
    "Framework",
    "FrameworkError",
    "Indicator",
    "Level",
    "Problem",
    "ProblemCode",
    "Row",
    "Support",
    "number_marks",
    "read_code",
]


class Level(StrEnum):
    """What a row is: an outcome, an output or an activity."""

    OUTCOME_SHORT = "outcome_short"
    OUTCOME_LONG = "outcome_long"
    OUTPUT = "output"
    ACTIVITY = "activity"


class Support(StrEnum):
    """資金支援 or 非資金的支援; the latter only in a distributor's own plan."""

    FINANCIAL = "financial"
    NON_FINANCIAL = "non_financial"


def marked(mark: str, text: str) -> str:
    """A text behind its mark: "①開催回数", but "1 開催回数", since 「1年」 and "a place" would read as one word."""
    return f"{mark} {text}" if mark and (mark[-1].isdecimal() or mark[-1].isalpha()) else f"{mark}{text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator of a row; `mark` is its number as written (①, ➀, "" where there is only one)."""

    uuid: UUID
    mark: str = ""
    statement: str = ""
    baseline: str = ""
    target: str = ""
    achieve_by: str = ""
    means: str = ""
    mid_state: str = ""
    post_state: str = ""

    @property
    def title(self) -> str:
        """What it measures, behind its mark."""
        return marked(self.mark, self.statement)

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts but the mark, in the order of the plan's columns."""
        return (
            self.statement,
            self.baseline,
            self.target,
            self.achieve_by,
            self.means,
            self.mid_state,
            self.post_state,
        )

    def to_json(self) -> Json:
        """Plain JSON types."""
        return {
            "uuid": str(self.uuid),
            "mark": self.mark,
            "statement": self.statement,
            "baseline": self.baseline,
            "target": self.target,
            "achieve_by": self.achieve_by,
            "means": self.means,
            "mid_state": self.mid_state,
            "post_state": self.post_state,
        }

    @classmethod
    def read(cls, data: Reader) -> "Indicator":
        """The reverse of `to_json`; absent texts are not registered."""
        names = ("mark", "statement", "baseline", "target", "achieve_by", "means", "mid_state", "post_state")
        return cls(uuid=data.uuid("uuid"), **{name: data.text(name, "") for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One outcome, output or activity.

    `statement` is verbatim and keeps the code that people wrote into it (「（0101）連携すべき…」);
    `code` is the short name of the row in maps and lists ("0101"), "" where it has none.
    """

    uuid: UUID
    parent: UUID | None = None
    level: Level = Level.OUTPUT
    support: Support = Support.FINANCIAL
    code: str = ""
    statement: str = ""
    season: str = ""
    indicators: tuple[Indicator, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of the indicators, in order."""
        return tuple(indicator.mark for indicator in self.indicators)

    def to_json(self) -> Json:
        """Plain JSON types."""
        return {
            "uuid": str(self.uuid),
            "parent": None if self.parent is None else str(self.parent),
            "level": self.level.value,
            "support": self.support.value,
            "code": self.code,
            "statement": self.statement,
            "season": self.season,
            "indicators": [indicator.to_json() for indicator in self.indicators],
        }

    @classmethod
    def read(cls, data: Reader) -> "Row":
        """The reverse of `to_json`."""
        return cls(
            uuid=data.uuid("uuid"),
            parent=data.uuid_or_none("parent"),
            level=data.choice("level", Level),
            support=data.choice("support", Support),
            code=data.text("code", ""),
            statement=data.text("statement"),
            season=data.text("season", ""),
            indicators=tuple(Indicator.read(item) for item in data.objects("indicators")),
        )


class ProblemCode(StrEnum):
    """What can be wrong with a framework."""

    NO_ROWS = "no_rows"
    DUPLICATE_ROW = "duplicate_row"
    DUPLICATE_INDICATOR = "duplicate_indicator"
    MISSING_PARENT = "missing_parent"
    PARENT_AFTER_CHILD = "parent_after_child"
    EMPTY_STATEMENT = "empty_statement"
    EMPTY_INDICATOR = "empty_indicator"
    UNSTORABLE_TEXT = "unstorable_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong, at a row (`position` from 0) and perhaps one of its indicators."""

    code: ProblemCode
    position: int | None = None
    row: UUID | None = None
    indicator: UUID | None = None


class FrameworkError(ValueError):
    """The framework has problems; all of them are in `problems`."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.code} (row {problem.position})" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Framework:
    """The rows in the order of the plan; a parent stands before its children."""

    rows: tuple[Row, ...] = field(default=())

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def _by_uuid(self) -> dict[UUID, Row]:
        return {row.uuid: row for row in self.rows}

    @cached_property
    def _by_indicator(self) -> dict[UUID, tuple[Row, Indicator]]:
        return {indicator.uuid: (row, indicator) for row in self.rows for indicator in row.indicators}

    def row(self, uuid: UUID) -> Row:
        """The row with this identity; KeyError when there is none."""
        return self._by_uuid[uuid]

    def find_row(self, uuid: UUID) -> Row | None:
        """The row with this identity, or None."""
        return self._by_uuid.get(uuid)

    def indicator(self, uuid: UUID) -> tuple[Row, Indicator]:
        """An indicator with the row it stands in; KeyError when there is none."""
        return self._by_indicator[uuid]

    def find_indicator(self, uuid: UUID) -> tuple[Row, Indicator] | None:
        """An indicator with the row it stands in, or None."""
        return self._by_indicator.get(uuid)

    def children(self, uuid: UUID | None) -> tuple[Row, ...]:
        """The rows directly below a row, in order; below None stand the rows without a parent."""
        return tuple(row for row in self.rows if row.parent == uuid)

    def depth(self, row: Row) -> int:
        """How many known rows stand above this one: 0 for the outermost."""
        seen = {row.uuid}
        current = row
        while (parent := self._parent(current)) is not None and parent.uuid not in seen:
            seen.add(parent.uuid)
            current = parent
        return len(seen) - 1

    def _parent(self, row: Row) -> Row | None:
        return None if row.parent is None else self._by_uuid.get(row.parent)

    def rows_for(self, level: Level, support: Support | None) -> tuple[Row, ...]:
        """The rows of one level and kind of support (None: both), in order."""
        return tuple(row for row in self.rows if row.level == level and support in (row.support, None))

    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, in the order of the rows; empty when the framework can be registered."""
        if not self.rows:
            return (Problem(code=ProblemCode.NO_ROWS),)
        return tuple(_find_problems(self.rows))

    def check(self) -> None:
        """Raises FrameworkError with all problems, if there are any."""
        if problems := self.problems():
            raise FrameworkError(problems)

    def to_json(self) -> Json:
        """Plain JSON types."""
        return {"rows": [row.to_json() for row in self.rows]}

    @classmethod
    def from_json(cls, data: object, path: str = "framework") -> "Framework":
        """The reverse of `to_json`; ShapeError names the place that does not fit."""
        return cls(tuple(Row.read(item) for item in Reader(data, path).objects("rows")))


def _find_problems(rows: tuple[Row, ...]) -> Iterator[Problem]:
    row_counts = Counter(row.uuid for row in rows)
    indicator_counts = Counter(indicator.uuid for row in rows for indicator in row.indicators)
    standing: set[UUID] = set()
    for position, row in enumerate(rows):
        for code in _row_codes(row, row_counts, standing):
            yield Problem(code=code, position=position, row=row.uuid)
        for indicator in row.indicators:
            for code in _indicator_codes(indicator, indicator_counts):
                yield Problem(code=code, position=position, row=row.uuid, indicator=indicator.uuid)
        standing.add(row.uuid)


def _row_codes(row: Row, counts: Counter[UUID], standing: set[UUID]) -> Iterator[ProblemCode]:
    if counts[row.uuid] > 1:
        yield ProblemCode.DUPLICATE_ROW
    if row.parent is not None and row.parent not in standing:
        known = row.parent in counts
        yield ProblemCode.PARENT_AFTER_CHILD if known else ProblemCode.MISSING_PARENT
    if is_empty(row.statement):
        yield ProblemCode.EMPTY_STATEMENT
    if not all(is_clean(text) for text in (row.code, row.statement, row.season)):
        yield ProblemCode.UNSTORABLE_TEXT


def _indicator_codes(indicator: Indicator, counts: Counter[UUID]) -> Iterator[ProblemCode]:
    if counts[indicator.uuid] > 1:
        yield ProblemCode.DUPLICATE_INDICATOR
    if all(is_empty(text) for text in indicator.texts):
        yield ProblemCode.EMPTY_INDICATOR
    if not all(is_clean(text) for text in (indicator.mark, *indicator.texts)):
        yield ProblemCode.UNSTORABLE_TEXT


def number_marks(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """The indicators with ①②… where there are several and none of them bears a mark yet.

    Marks that people wrote are never touched; beyond ㊿ there is no sign, so longer lists stay unmarked.
    """
    known = tuple(indicators)
    if not 1 < len(known) <= len(CIRCLED) or any(indicator.mark for indicator in known):
        return known
    return tuple(replace(indicator, mark=mark) for indicator, mark in zip(known, CIRCLED, strict=False))
