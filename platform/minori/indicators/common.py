"""Common indicators: several organizations' amounts in one figure, with its coverage and what was refused."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from minori.indicators.achievement import Achievement
from minori.indicators.quantities import MEANS, Amount, Sort, plain, unit_of, why_incomparable
from minori.indicators.reasons import Mark, Reason, Role, Rule
from minori.indicators.results import Formula, NoValue, Outcome, Part, Value, no_value
from minori.indicators.running import written
from minori.indicators.statements import Reached, Standing


class Aggregation(StrEnum):
    """How the officer lets organizations' amounts become one."""

    SUM = "sum"
    SHARE = "share"
    LATEST = "latest"
    MAXIMUM = "maximum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much an aggregate stands on: `counted` of `of`, and what became of the rest. They add up."""

    counted: int
    of: int
    nothing: int = 0
    not_reported: int = 0
    words: int = 0  # reported, without a number that counts
    refused: int = 0  # a number that does not fit
    qualitative: int = 0  # of these: states judged in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One organization's part: its amount, or how it stands without one. `key` is opaque (a grant, an indicator)."""

    key: str
    amount: Amount | None = None
    standing: Standing = Standing.NOT_REPORTED
    on: date | None = None
    text: str = ""
    confirmed_by: str = ""
    reference: str = ""
    carried: bool = False  # from an earlier round: a running total that this round says nothing about


@dataclass(frozen=True, slots=True)
class Refused:
    """A contribution that was not counted, and why: units that differ are never added."""

    key: str
    reason: Reason
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One figure over organizations, with what it stands on."""

    outcome: Outcome
    coverage: Coverage
    refused: tuple[Refused, ...] = ()


def aggregate(rule: Aggregation, contributions: Iterable[Contribution], *, unit: str) -> Aggregate:
    """The common indicator's figure in its unit. The order of contributions never matters; nothing is clamped.

    A share's unit is what is counted (or "%" for bare percentages); numerators and denominators are needed.
    """
    every = sorted(contributions, key=lambda one: (one.key, one.reference, repr(one)))
    counted, refused = [], []
    for one in every:
        if one.amount is None:
            continue
        if why := why_refused(rule, one.amount, unit):
            refused.append(Refused(one.key, why, (one.amount.unit, unit)))
        else:
            counted.append((one, one.amount))
    coverage = _coverage(every, counted=len(counted), refused=len(refused))
    return Aggregate(_figure(rule, counted, every, unit), coverage, tuple(refused))


def why_refused(rule: Aggregation, amount: Amount, unit: str) -> Reason | None:
    """Why an amount cannot go into a figure of this rule and unit; None where it can."""
    if amount.change:
        return Reason.RELATIVE_WITHOUT_BASELINE
    if rule is Aggregation.SHARE:
        if amount.sort is not Sort.SHARE:
            return Reason.UNITS_DIFFER
        if not amount.counted:
            return Reason.COUNTS_NEEDED
        # 3 of 4 people and 2 of 5 schools are shares of different things
        told = unit_of(unit) not in ("", "%") and unit_of(amount.unit) not in ("", "%")
        return _unit_differs(amount, unit) if told else None
    if amount.sort is Sort.SCALE:
        return Reason.UNITS_DIFFER if rule is Aggregation.SUM else _unit_differs(amount, unit)
    if amount.sort is Sort.SHARE:
        if unit_of(unit) != "%":
            return Reason.UNITS_DIFFER
        if amount.size is None:
            return Reason.ZERO_DENOMINATOR
        return Reason.COUNTS_NEEDED if rule is Aggregation.SUM else None
    if rule is Aggregation.SUM and amount.per in MEANS:
        return Reason.MEANS_NEVER_ADD
    return _unit_differs(amount, unit)


def _unit_differs(amount: Amount, unit: str) -> Reason | None:
    return None if unit_of(amount.unit) == unit_of(unit) else Reason.UNITS_DIFFER


def _figure(
    rule: Aggregation,
    counted: Sequence[tuple[Contribution, Amount]],
    every: Sequence[Contribution],
    unit: str,
) -> Outcome:
    of_rule = Rule(rule.value)
    parts = tuple(_part(one, amount) for one, amount in counted)
    if not counted:
        standings = {one.standing for one in every if one.amount is None}
        reason = Reason.NOTHING_TO_REPORT if standings == {Standing.NOTHING} else Reason.NOT_CONFIRMED
        reason = Reason.NOT_REPORTED if standings == {Standing.NOT_REPORTED} or not every else reason
        return no_value(reason, rule=of_rule)
    amounts = [amount for _, amount in counted]
    if any(why_incomparable(amounts[0], one) for one in amounts[1:]):
        return no_value(
            Reason.SCALES_DIFFER if amounts[0].sort is Sort.SCALE else Reason.PER_DIFFERS,
            rule=of_rule,
            parts=parts,
        )
    carried = {Mark.CARRIED} if any(one.carried for one, _ in counted) else set()
    if rule is Aggregation.SHARE:
        share = _share(amounts, parts)
        return share.marked(*carried) if isinstance(share, Value) else share
    value, expression = _one_of(rule, counted)
    if value is None:
        return no_value(Reason.ZERO_DENOMINATOR, rule=of_rule, parts=parts)
    marks = {Mark.APPROXIMATE} if any(one.about for one in amounts) else set()
    marks |= {Mark.MEAN} if rule is Aggregation.MEAN or any(one.per in MEANS for one in amounts) else set()
    marks |= carried
    shown = "" if amounts[0].sort is Sort.SHARE else unit
    return Value(value, shown, Formula(of_rule, expression, parts), frozenset(marks))


def _one_of(rule: Aggregation, counted: Sequence[tuple[Contribution, Amount]]) -> tuple[Fraction | None, str]:
    sizes = [amount.size or Fraction(0) for _, amount in counted]
    said = " + ".join(plain(one) for one in sizes)
    if rule is Aggregation.SUM:
        return sum(sizes, Fraction(0)), said
    if rule is Aggregation.MEAN:
        return sum(sizes, Fraction(0)) / len(sizes), f"({said}) ÷ {len(sizes)}"
    if rule is Aggregation.MAXIMUM:
        return max(sizes), plain(max(sizes))
    newest = max(
        counted, key=lambda pair: (pair[0].on or date.min, pair[0].key, pair[0].reference, repr(pair))
    )
    return newest[1].size, written(newest[1])


def _share(amounts: Sequence[Amount], parts: tuple[Part, ...]) -> Outcome:
    """1/2 and 3/10 are 4/12: a third, not the mean of the two."""
    above = sum((one.value for one in amounts), Fraction(0))
    below = sum((one.of or Fraction(0) for one in amounts), Fraction(0))
    if not below:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.SHARE, parts=parts)
    columns = ((one.value for one in amounts), (one.of or Fraction(0) for one in amounts))
    said = " ÷ ".join(f"({' + '.join(map(plain, column))})" for column in columns)
    return Value(above / below, "", Formula(Rule.SHARE, said, parts))


def _part(one: Contribution, amount: Amount) -> Part:
    return Part(
        Role.CONTRIBUTION,
        amount.value,
        amount.unit,
        amount.of,
        one.text,
        one.confirmed_by,
        one.reference or one.key,
    )


def _coverage(every: Sequence[Contribution], *, counted: int, refused: int) -> Coverage:
    without = Counter(one.standing for one in every if one.amount is None)
    nothing, silent = without[Standing.NOTHING], without[Standing.NOT_REPORTED]
    words = sum(without.values()) - nothing - silent
    return Coverage(counted, len(every), nothing, silent, words, refused)


def mean_achievement(achievements: Iterable[Achievement]) -> Aggregate:
    """The mean of indicators' achievements. Qualitative states are no numbers: counted in coverage only."""
    every = list(achievements)
    values = sorted(one.outcome.value for one in every if isinstance(one.outcome, Value))
    without = [one for one in every if isinstance(one.outcome, NoValue)]
    reasons = Counter(one.outcome.reason for one in without if isinstance(one.outcome, NoValue))
    missing = Counter(map(_what_is_missing, without))
    nothing, silent = missing[Standing.NOTHING], missing[Standing.NOT_REPORTED]
    coverage = Coverage(
        counted=len(values),
        of=len(every),
        nothing=nothing,
        not_reported=silent,
        words=len(without) - nothing - silent,
        qualitative=reasons[Reason.QUALITATIVE],
    )
    if not values:
        return Aggregate(no_value(_common_reason(reasons), rule=Rule.MEAN), coverage)
    said = f"({' + '.join(map(plain, values))}) ÷ {len(values)}"
    mean = sum(values, Fraction(0)) / len(values)
    return Aggregate(Value(mean, "", Formula(Rule.MEAN, said), frozenset({Mark.MEAN})), coverage)


def _what_is_missing(one: Achievement) -> Standing:
    """Why there is no figure: nothing was said this round, whatever else is missing, or what was said does not do."""
    reason = one.outcome.reason if isinstance(one.outcome, NoValue) else None
    if reason is Reason.NOTHING_TO_REPORT:
        return Standing.NOTHING
    if reason is Reason.NOT_REPORTED:
        return Standing.NOT_REPORTED
    quiet = one.actual.round is not None and one.actual.standing in (Standing.NOTHING, Standing.NOT_REPORTED)
    return one.actual.standing if quiet else Standing.WORDS


def _common_reason(reasons: Counter[Reason]) -> Reason:
    return (
        next(iter(reasons))
        if len(reasons) == 1
        else Reason.NOT_REPORTED
        if not reasons
        else Reason.NOT_CONFIRMED
    )


def states(achievements: Iterable[Achievement]) -> dict[Reached | None, int]:
    """How many qualitative targets are judged reached, partly, not, and how many nobody has judged (None)."""
    judged = [
        one
        for one in achievements
        if isinstance(one.outcome, NoValue) and one.outcome.reason is Reason.QUALITATIVE
    ]
    return {answer: sum(one.reached is answer for one in judged) for answer in (*Reached, None)}


def difference(one: Amount, other: Amount) -> Outcome:
    """One amount less another; refused, with both units, where they do not match."""
    if why := why_incomparable(one, other):
        return no_value(why, rule=Rule.DIFFERENCE, terms=(one.unit, other.unit))
    first, second = one.size, other.size
    if first is None or second is None:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.DIFFERENCE)
    shown = "" if one.sort is Sort.SHARE else one.unit
    return Value(first - second, shown, Formula(Rule.DIFFERENCE, f"{plain(first)} − {plain(second)}"))
