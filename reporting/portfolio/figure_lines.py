"""The figures of a programme's round as its pages show them: lines of compiled numbers, filtered, with their trend. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minori.filings.measure_words import with_unit
from minori.indicators.quantities import unit_of
from minori.indicators.reasons import Mark, Role
from minori.indicators.results import Outcome, Value
from minori.indicators.statements import Standing
from reporting.portfolio import saying
from reporting.portfolio.measuring import Explanation, Step
from reporting.portfolio.queries import GrantFacts, Numbers
from reporting.summaries import restoring
from reporting.summaries.numbers_shape import (
    AmountFacts,
    CommonLine,
    ContributionFacts,
    CoverageFacts,
    NumberLine,
    OutcomeFacts,
)

STANDINGS: Mapping[str, str | Promise] = MappingProxyType(
    {
        Standing.NOTHING.value: _("nothing to report"),
        Standing.ZERO.value: _("zero"),
        Standing.NOT_REPORTED.value: _("not reported"),
        Standing.WORDS.value: _("words without a confirmed number"),
        Standing.NUMBER.value: _("a number"),
    }
)
SHOWS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "behind": _("behind the time gone"),
        "reached": _("target reached"),
        "worse": _("worse than the baseline"),
        "carried": _("carried over from an earlier round"),
        "none": _("a number, but no achievement"),
    }
)


@dataclass(frozen=True)
class Point:
    """A figure in one round of a trend."""

    number: int
    title: str
    figure: str
    why: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One indicator with a confirmed number."""

    facts: NumberLine
    grant: GrantFacts
    over_the_rounds: Sequence[tuple[int, str, OutcomeFacts | None]] = ()
    ended: bool = False
    """Whether the grant's newest plan no longer has the indicator."""

    @property
    def trend(self) -> tuple[Point, ...]:
        """Its achievement in the rounds up to this one: put into words for the lines of a page only."""
        return tuple(_point(*one) for one in self.over_the_rounds)

    @property
    def outcome(self) -> Outcome:
        return restoring.outcome(self.facts["achievement"])

    @property
    def achievement(self) -> str:
        return saying.result(self.outcome)

    @property
    def why(self) -> str:
        return saying.why(self.outcome)

    @property
    def marks(self) -> list[str]:
        """What must stand beside it; what was carried is said at the actual."""
        return saying.marks(self.outcome)

    @property
    def actual(self) -> str:
        """The running total; a dash where there is none."""
        return amount(self.facts["actual"])

    @property
    def standing(self) -> str:
        """What this round itself says, in words, where it gives no number."""
        silent = self.facts["standing"] not in (Standing.NUMBER, Standing.ZERO)
        return str(STANDINGS[self.facts["standing"]]) if silent else ""

    @property
    def target_role(self) -> str:
        return str(saying.ROLES[Role(self.facts["target_role"])]) if self.facts["target_role"] else ""

    @property
    def target_on(self) -> date | None:
        return date.fromisoformat(self.facts["target_on"]) if self.facts["target_on"] else None

    @property
    def time(self) -> str:
        """The share of time gone, or a dash."""
        return saying.result(restoring.outcome(self.facts["time"]))

    @property
    def time_why(self) -> str:
        return saying.why(restoring.outcome(self.facts["time"]))

    @property
    def behind(self) -> bool:
        """Whether less is achieved than time has gone."""
        return self.facts["ahead"] is not None and Fraction(self.facts["ahead"]) < 0

    @property
    def explanation(self) -> Explanation:
        return explained(self.facts["achievement"])


def lines_of(
    shown: Numbers,
    rounds: Iterable[Numbers],
    grants: Mapping[int, GrantFacts],
    current: Collection[tuple[int, str]] | None = None,
) -> list[Line]:
    """All lines of a round in the board's order, each with its achievement in the rounds up to this one.

    `current`: what the newest plans have, where it is asked; an indicator that is not among them has ended.
    """
    lines = [
        Line(
            line,
            grants[line["grant"]],
            ended=current is not None and (line["grant"], line["indicator"]) not in current,
        )
        for line in shown.numbers["lines"]
    ]
    return over_the_rounds(lines, [one for one in rounds if one.number <= shown.number])


def over_the_rounds(lines: Iterable[Line], rounds: Sequence[Numbers]) -> list[Line]:
    """The lines with their achievement in these rounds."""
    lines = list(lines)
    if not rounds:
        return lines
    asked = {_key(line.facts) for line in lines}
    known = [
        (one, {_key(line): line["achievement"] for line in one.numbers["lines"] if _key(line) in asked})
        for one in rounds
    ]
    return [
        replace(
            line,
            over_the_rounds=tuple(
                (one.number, one.title, found.get(_key(line.facts))) for one, found in known
            ),
        )
        for line in lines
    ]


def _key(line: NumberLine) -> tuple[int, str]:
    return line["grant"], line["indicator"]


def _point(number: int, title: str, achievement: OutcomeFacts | None) -> Point:
    if achievement is None:
        return Point(number, title, "—")
    outcome = restoring.outcome(achievement)
    return Point(number, title, saying.result(outcome), saying.why(outcome))


def matches(line: Line, *, grant: str = "", words: str = "", show: str = "") -> bool:
    """Whether a line passes the page's filters."""
    if grant and line.grant.code != grant:
        return False
    texts = (line.facts["row"], line.facts["statement"], line.grant.organization)
    if words and words.lower() not in "\n".join(texts).lower():
        return False
    return show not in _SHOWN or _SHOWN[show](line)


_SHOWN: Mapping[str, Callable[[Line], bool]] = MappingProxyType(
    {
        "behind": lambda line: line.behind,
        "reached": lambda line: line.facts["met"] is True,
        "worse": lambda line: isinstance(line.outcome, Value) and line.outcome.value < 0,
        "carried": lambda line: line.facts["carried_from"] is not None,
        "none": lambda line: not isinstance(line.outcome, Value),
    }
)


def amount(facts: AmountFacts | None) -> str:
    """An amount as people read it: "1,200人", "8/10人", "80 %", a dash for none."""
    if facts is None:
        return "—"
    value = saying.plainly(Fraction(facts["value"]))
    if facts["sort"] == "share" and unit_of(facts["unit"]) == "%":
        return f"{value} %"
    of = f"/{saying.plainly(Fraction(facts['of']))}" if facts["of"] is not None else ""
    return with_unit(f"{value}{of}", facts["unit"])


def explained(facts: OutcomeFacts) -> Explanation:
    """How a stored ratio came about."""
    outcome = restoring.outcome(facts)
    expression = f"{facts['expression']} = {saying.result(outcome)}" if isinstance(outcome, Value) else ""
    rule = str(saying.RULES.get(outcome.formula.rule, "")) if expression else ""
    return Explanation(rule, expression, steps(facts))


def steps(facts: OutcomeFacts) -> list[Step]:
    """The numbers behind an outcome with their words, who confirmed them and whose filing says them."""
    return [
        Step(
            role=str(saying.ROLES[Role(one["role"])]),
            text=one["text"],
            number=saying.number(restoring.part(one)),
            by=one["by"],
            round=one["round"],
            deadline=one["deadline"],
            corrected=one.get("corrected", ""),
        )
        for one in facts["parts"]
    ]


@dataclass(frozen=True)
class Common:
    """A common indicator's figure in one round."""

    facts: CommonLine

    @property
    def outcome(self) -> Outcome:
        return restoring.outcome(self.facts["figure"])

    @property
    def percentage(self) -> bool:
        return self.facts["rule"] == "share" or unit_of(self.facts["unit"]) == "%"

    @property
    def figure(self) -> str:
        return saying.figure(self.outcome, percentage=self.percentage)

    @property
    def why(self) -> str:
        return saying.why(self.outcome)

    @property
    def marks(self) -> list[str]:
        """What must stand beside it: a total is seldom carried as a whole, so it says that it holds what is."""
        outcome = self.outcome
        if not isinstance(outcome, Value) or Mark.CARRIED not in outcome.marks:
            return saying.marks(outcome)
        others = replace(outcome, marks=outcome.marks - {Mark.CARRIED})
        return [gettext("includes numbers carried over from earlier rounds"), *saying.marks(others)]

    @property
    def rule(self) -> str:
        """The definition its figure was made by."""
        return str(saying.COMMON_RULES[self.outcome.formula.rule])

    @property
    def expression(self) -> str:
        facts = self.facts["figure"]
        alone = (
            len(facts["parts"]) == 1 and self.facts["rule"] != "share"
        )  # one number by itself explains nothing
        return f"{facts['expression']} = {self.figure}" if facts["value"] and not alone else ""

    @property
    def coverage(self) -> CoverageFacts:
        return self.facts["coverage"]

    @property
    def carried(self) -> int:
        """How many of the counted numbers are carried from earlier rounds; in brief they are counted already."""
        if "carried" in self.facts:
            return self.facts["carried"]
        return sum(
            one["carried_from"] is not None and one["amount"] is not None and not one["refused"]
            for one in self.facts["contributions"]
        )

    def contributions(self, grants: Mapping[int, GrantFacts]) -> list["Contribution"]:
        """What each mapped indicator adds, in the order it was mapped."""
        return [Contribution(one, grants[one["grant"]]) for one in self.facts["contributions"]]


@dataclass(frozen=True)
class Contribution:
    """What one mapped indicator adds to a common one."""

    facts: ContributionFacts
    grant: GrantFacts

    @property
    def amount(self) -> str:
        return amount(self.facts["amount"])

    @property
    def standing(self) -> str:
        """What this round says, in words, where it gives no number that counts."""
        silent = self.facts["standing"] not in (Standing.NUMBER, Standing.ZERO)
        return str(STANDINGS[self.facts["standing"]]) if silent else ""

    @property
    def why_not(self) -> str:
        """Why its number is not counted, with the units that differ; "" where it is, or there is none."""
        if not self.facts["refused"]:
            return ""
        refusal: OutcomeFacts = {
            **self.facts["actual"],
            "value": None,
            "reason": self.facts["refused"],
            "terms": self.facts["terms"],
        }
        return saying.why(restoring.outcome(refusal))

    @property
    def explanation(self) -> Explanation:
        """How the running total came about."""
        facts = self.facts["actual"]
        valued = facts["value"] is not None
        expression = f"{facts['expression']} = {self.amount}" if valued and len(facts["parts"]) > 1 else ""
        return Explanation("", expression, steps(facts))


def common_of(compiled: Numbers, common_id: int) -> Common | None:
    """A common indicator's figure in a round; None where nothing was mapped when it was compiled."""
    found = next((one for one in compiled.numbers["common"] if one["common"] == common_id), None)
    return None if found is None else Common(found)


def common_trend(rounds: Sequence[Numbers], common_id: int) -> list[tuple[Numbers, Common]]:
    """The figure in each round, in their order."""
    found = [(one, common_of(one, common_id)) for one in rounds]
    return [(one, common) for one, common in found if common is not None]
