"""The series of the charts, from compiled summaries: what is drawn, what its table says, and what it says in words. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from minori.indicators.quantities import rounded
from minori.marks import listed
from minori.programmes.enums import Standing
from reporting.portfolio.queries import GrantFacts, Numbers
from reporting.summaries import restoring, standing
from reporting.summaries.numbers_shape import NumberLine
from reporting.summaries.shape import BoardLine, RoundFacts, Totals


@dataclass(frozen=True)
class InRound:
    """What the charts need of one compiled round."""

    facts: RoundFacts
    totals: Totals
    board: Sequence[BoardLine]


@dataclass(frozen=True)
class Sort:
    """One sort of thing that is counted: its sign and words tell it apart, its colour only helps."""

    key: str
    sign: str
    label: str | Promise
    colour: str

    @property
    def name(self) -> str:
        """「▼ 計画より遅れている」"""
        return f"{self.sign} {self.label}"


@dataclass(frozen=True)
class Bar:
    """One bar: a round, and how many there are of each sort."""

    number: int
    label: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Bars:
    """A chart of counts: one bar a round, cut into sorts."""

    name: str
    title: str
    unit: str
    sorts: Sequence[Sort]
    bars: Sequence[Bar]

    @property
    def alt(self) -> str:
        """What a person hears who does not see it: the newest round in numbers."""
        if not self.bars:
            return self.title
        newest = self.bars[-1]
        said = listed(f"{sort.label} {newest.counts[sort.key]}" for sort in self.sorts)
        return _("%(title)s. %(round)s: %(counts)s. All numbers are in the table below.") % {
            "title": self.title,
            "round": newest.label,
            "counts": said,
        }

    @property
    def rows(self) -> list[tuple[Bar, list[int], int]]:
        """The table: round, count of each sort, sum."""
        return [(bar, [bar.counts[sort.key] for sort in self.sorts], bar.total) for bar in self.bars]


@dataclass(frozen=True)
class Point:
    """One indicator: how much of its time has gone and how much of its target is achieved, in percent."""

    grant: GrantFacts
    uuid: str
    indicator: str
    time: Fraction
    achieved: Fraction

    @property
    def behind(self) -> bool:
        return self.achieved < self.time

    @property
    def time_number(self) -> float:
        """In percent, one place, half up."""
        return float(rounded(self.time * 100, 1))

    @property
    def achieved_number(self) -> float:
        """In percent, one place, half up."""
        return float(rounded(self.achieved * 100, 1))

    @property
    def time_percent(self) -> str:
        return f"{rounded(self.time * 100, 1):f} %"

    @property
    def achieved_percent(self) -> str:
        return f"{rounded(self.achieved * 100, 1):f} %"


@dataclass(frozen=True)
class Pace:
    """A chart of points: achievement against the time gone. `of` counts all indicators with a confirmed number.

    Where they are many, `points` are those furthest behind, and `beyond` counts the others.
    """

    name: str
    title: str
    points: Sequence[Point]
    of: int
    beyond: int = 0

    @property
    def numbered(self) -> bool:
        """Whether each point has its number of the table beside it: of more they could not be read."""
        return len(self.points) <= MOST_NUMBERED

    @property
    def alt(self) -> str:
        return _(
            "%(title)s. Of %(count)s indicators %(behind)s are behind the time gone. All are in the table below."
        ) % {
            "title": self.title,
            "count": len(self.points),
            "behind": sum(point.behind for point in self.points),
        }


Chart = Bars | Pace

PROGRESS = (
    Sort("1", "▲", gettext_lazy("ahead of plan"), "#9db7f9"),
    Sort("2", "●", gettext_lazy("on plan"), "#9bd4b5"),
    Sort("3", "▼", gettext_lazy("behind plan"), "#ffc199"),
    Sort("4", "◆", pgettext_lazy("progress", "other"), "#ddc2ff"),
    Sort("nothing", "/", gettext_lazy("nothing to report"), "#e6e6e6"),
    Sort("blank", "–", gettext_lazy("not reported"), "#ffffff"),
)
PUNCTUAL = (
    Sort("in_time", "○", gettext_lazy("in time"), "#9bd4b5"),
    Sort("late", "△", gettext_lazy("handed in late"), "#ffdfca"),
    Sort("overdue", "▼", gettext_lazy("overdue"), "#ffbbbb"),
    Sort("open", "–", gettext_lazy("not due yet"), "#ffffff"),
    Sort("waived", "/", gettext_lazy("not required"), "#e6e6e6"),
)
ACHIEVED = (
    Sort("reached", "★", gettext_lazy("target reached"), "#9db7f9"),
    Sort("ahead", "●", gettext_lazy("level with the time gone, or ahead"), "#9bd4b5"),
    Sort("behind", "▼", gettext_lazy("behind the time gone"), "#ffc199"),
    Sort("unknown", "◇", gettext_lazy("achieved, but without a date"), "#ddc2ff"),
    Sort("none", "–", gettext_lazy("without an achievement"), "#ffffff"),
)
NAMES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "progress": gettext_lazy("Progress over the rounds"),
        "punctuality": gettext_lazy("Punctuality over the rounds"),
        "achievement": gettext_lazy("Achievement over the rounds"),
        "pace": gettext_lazy("Pace: achievement against the time gone"),
    }
)
MOST_NUMBERED = 30
OF_NUMBERS = ("achievement", "pace")
"""Those that are drawn from confirmed numbers; the others from what was reported."""


def of_round(
    rounds: Iterable[InRound],
    numbers: Sequence[Numbers],
    grants: Mapping[int, GrantFacts],
    *,
    number: int,
    today: date,
) -> list[Chart]:
    """The charts of a round that have anything to show, in the order in which they stand."""
    until = [one for one in rounds if one.facts["number"] <= number]
    shown = next((one for one in numbers if one.number == number), None)
    return with_something(
        progress(until),
        punctuality(until, today=today),
        achievement(one for one in numbers if one.number <= number),
        pace(shown, grants),
    )


def with_something(*charts: Chart) -> list[Chart]:
    """The charts that have anything to show."""
    return [one for one in charts if (one.bars if isinstance(one, Bars) else one.points)]


def progress(rounds: Iterable[InRound]) -> Bars:
    """How many output rows showed which code, in every round in which any was reported."""
    bars = [
        Bar(
            one.facts["number"],
            one.facts["title"],
            {sort.key: one.totals["codes"].get(sort.key, 0) for sort in PROGRESS},
        )
        for one in rounds
    ]
    title, unit = str(NAMES["progress"]), _("outputs")
    return Bars("progress", title, unit, PROGRESS, [bar for bar in bars if bar.total])


def punctuality(rounds: Iterable[InRound], *, today: date) -> Bars:
    """How many reports came in time or late, in every round that has opened. Late is measured against extensions."""
    bars = []
    for one in rounds:
        if date.fromisoformat(one.facts["opens_on"]) <= today:
            counted = Counter(_punctual(line, one.facts, today) for line in one.board)
            bars.append(
                Bar(
                    one.facts["number"],
                    one.facts["title"],
                    {sort.key: counted[sort.key] for sort in PUNCTUAL},
                )
            )
    title, unit = str(NAMES["punctuality"]), _("reports")
    return Bars("punctuality", title, unit, PUNCTUAL, [bar for bar in bars if bar.total])


def _punctual(line: BoardLine, facts: RoundFacts, today: date) -> str:
    now = standing.of(line, facts, today=today)
    if now == Standing.WAIVED:
        return "waived"
    if line["filing"] is not None:
        return "late" if line["days_late"] else "in_time"
    return "overdue" if now == Standing.OVERDUE else "open"


def achievement(numbers: Iterable[Numbers]) -> Bars:
    """How many indicators with a confirmed number have reached their target, or stand where against the time gone.

    A count, not a mean: rates of different targets have no common one.
    """
    return achievement_of(achieved_in(one.number, one.title, one.numbers["lines"]) for one in numbers)


def achieved_in(number: int, title: str, lines: Iterable[NumberLine]) -> Bar:
    """How many of a round's indicators have reached their target, or stand where against the time gone."""
    counted = Counter(_achieved(line) for line in lines)
    return Bar(number, title, {sort.key: counted[sort.key] for sort in ACHIEVED})


def achievement_of(bars: Iterable[Bar]) -> Bars:
    """The chart of the rounds in which any indicator has a confirmed number."""
    title, unit = str(NAMES["achievement"]), _("indicators")
    return Bars("achievement", title, unit, ACHIEVED, [bar for bar in bars if bar.total])


def _achieved(line: NumberLine) -> str:
    if line["achievement"]["value"] is None:
        return "none"
    if line["met"]:
        return "reached"
    if line["ahead"] is None:
        return "unknown"
    return "behind" if Fraction(line["ahead"]) < 0 else "ahead"


def pace(shown: Numbers | None, grants: Mapping[int, GrantFacts]) -> Pace:
    """Every indicator that has an achievement and a share of time gone."""
    return pace_of(shown.numbers["lines"] if shown else [], grants)


def pace_of(lines: Iterable[NumberLine], grants: Mapping[int, GrantFacts]) -> Pace:
    """The chart of these indicators; each is looked at once."""
    points, count = [], 0
    for line in lines:
        count += 1
        achieved = restoring.fraction(line["achievement"]["value"])
        time = restoring.fraction(line["time"]["value"])
        if achieved is not None and time is not None:
            name = f"{line['mark']}{line['statement']}"
            points.append(Point(grants[line["grant"]], line["indicator"], name, time, achieved))
    return Pace("pace", str(NAMES["pace"]), points, count)
