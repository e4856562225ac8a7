"""The own plan's rows with what stands below them in a round: linked rows, their progress, their numbers, the coverage."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from minori.indicators.results import Value
from minori.programmes.models import Grant
from minori.registry import words
from minori.report_forms.framework import Row
from reporting.own import queries
from reporting.own.models import RowLink
from reporting.portfolio.figure_lines import Line
from reporting.portfolio.progress_map import Shown
from reporting.portfolio.queries import GrantFacts


@dataclass(frozen=True)
class Under:
    """One linked row of a grantee. `row` None: its newest plan no longer has it, so it counts in no coverage.

    `asked`: the round asks for the row's progress; `code` is then what was said, "missing" where nothing is handed in.
    """

    link: RowLink
    grant: Grant
    row: Row | None
    asked: bool
    code: Shown
    remark: str
    numbers: tuple[Line, ...]

    @property
    def indicators(self) -> int:
        """How many indicators the row has."""
        return 0 if self.row is None else len(self.row.indicators)

    @property
    def level(self) -> str:
        return "" if self.row is None else words.say_level(self.row)


@dataclass(frozen=True)
class OwnRow:
    """A row of the own plan with the grantees' rows below it."""

    shown: words.ShownRow
    under: tuple[Under, ...]

    @property
    def row(self) -> Row:
        return self.shown.row

    @property
    def codes(self) -> list[tuple[Shown, int]]:
        """How many of the rows below say what, codes first, then the three kinds of none."""
        counts = Counter(one.code for one in self.under if one.asked)
        order: Sequence[Shown] = (1, 2, 3, 4, "nothing", None, "missing")
        return [(code, counts[code]) for code in order if counts[code]]

    @property
    def asked(self) -> int:
        """How many rows below are asked for their progress in this round."""
        return sum(one.asked for one in self.under)

    @property
    def reported(self) -> int:
        """How many of those have a code."""
        return sum(one.asked and isinstance(one.code, int) for one in self.under)

    @property
    def indicators(self) -> int:
        """How many indicators the rows below have."""
        return sum(one.indicators for one in self.under)

    @property
    def achieved(self) -> int:
        """How many of those have an achievement."""
        return sum(isinstance(line.outcome, Value) for one in self.under for line in one.numbers)

    @property
    def reached(self) -> int:
        """How many have reached their target."""
        return sum(line.facts["met"] is True for one in self.under for line in one.numbers)

    @property
    def span(self) -> tuple[str, str] | None:
        """The lowest and the highest achievement below: they are never put into one figure, units and targets differ."""
        values: list[tuple[Fraction, str]] = [
            (line.outcome.value, line.achievement)
            for one in self.under
            for line in one.numbers
            if isinstance(line.outcome, Value)
        ]
        return (min(values)[1], max(values)[1]) if len(values) > 1 else None


def rows_of(plans: queries.Plans, links: Iterable[RowLink], round_: queries.Round | None) -> list[OwnRow]:
    """The rows of the own plan in its order, each with the rows linked under it."""
    linked = queries.by_own_row(links)
    return [
        OwnRow(shown, tuple(_under(one, plans, round_) for one in linked.get(shown.row.uuid, ())))
        for shown in words.shown(plans.own)
    ]


def _under(link: RowLink, plans: queries.Plans, round_: queries.Round | None) -> Under:
    theirs = plans.theirs.get(link.grant_id)
    row = None if theirs is None else theirs.find_row(link.row_uuid)
    grant = plans.grants[link.grant_id]
    cell = None if round_ is None else round_.cells.get((link.grant_id, str(link.row_uuid)))
    code: Shown = "missing"
    if cell is not None and round_ is not None and link.grant_id in round_.handed_in:
        code = "nothing" if cell["progress"] is None and cell.get("nothing") else cell["progress"]
    return Under(
        link=link,
        grant=grant,
        row=row,
        asked=cell is not None,
        code=code,
        remark="" if cell is None else cell["remark"],
        numbers=() if round_ is None else _numbers(row, grant, round_),
    )


def _numbers(row: Row | None, grant: Grant, round_: queries.Round) -> tuple[Line, ...]:
    """The confirmed numbers of a row's indicators."""
    facts = GrantFacts(grant.code, grant.title, grant.organization.name)
    keys = ((grant.pk, str(one.uuid)) for one in (row.indicators if row else ()))
    return tuple(Line(round_.numbers[key], facts, ()) for key in keys if key in round_.numbers)
