"""Running totals: what is true of an indicator at a round, from what the rounds so far stated.

The value of a round is the latest statement at or before it. A round without one carries it and says so. A statement
entered later for an earlier round changes the rounds in between only; where each round tells of its own
period (`Covers.PERIOD`) the total adds them, so there it belongs to all that follow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.quantities import MEANS, Amount, Sort, plain, why_incomparable
from minori.indicators.reasons import Mark, Reason, Role, Rule
from minori.indicators.results import Formula, Outcome, Part, Value, no_value
from minori.indicators.statements import Covers, Standing, Statement, by_round


@dataclass(frozen=True, slots=True)
class Running:
    """What is true at one round: the amount that counts so far, or why there is none.

    `outcome` is shown; `amount` is what is calculated with on (it keeps a share's denominator).
    """

    round: int
    standing: Standing
    outcome: Outcome
    amount: Amount | None = None
    carried_from: int | None = None


def at_round(
    statements: Iterable[Statement],
    *,
    round_: int,
    calendar: FiscalCalendar,
    starts_on: date | None = None,
    as_mean: bool = False,
) -> Running:
    """What is true at a round. `as_mean`: the target is a mean (approximate), so periods are averaged, not added.

    `starts_on` is the project's first day: it tells whether an earlier fiscal year can be missing.
    """
    known = by_round(statements, up_to=round_)
    now = known[-1] if known and known[-1].round == round_ else None
    standing = now.standing if now else Standing.NOT_REPORTED
    usable = counted(known)
    if not usable:
        return Running(
            round_, standing, no_value(_why_none(known), rule=Rule.STATED, parts=_looked_at(known))
        )
    outcome, amount = _combine(known, usable, calendar=calendar, starts_on=starts_on, as_mean=as_mean)
    carried = usable[-1][0].round if usable[-1][0].round != round_ else None
    if carried is not None and isinstance(outcome, Value):
        outcome = outcome.marked(Mark.CARRIED)
    return Running(round_, standing, outcome, amount, carried)


def through_rounds(
    statements: Iterable[Statement],
    *,
    rounds: Iterable[int],
    calendar: FiscalCalendar,
    starts_on: date | None = None,
) -> tuple[Running, ...]:
    """What is true at each of the rounds, in their order: the trend."""
    known = tuple(statements)
    return tuple(
        at_round(known, round_=number, calendar=calendar, starts_on=starts_on)
        for number in sorted(set(rounds))
    )


Counted = Sequence[tuple[Statement, Amount]]


def counted(statements: Iterable[Statement]) -> list[tuple[Statement, Amount]]:
    """The statements that hold an amount that counts, with it."""
    amounts = ((one, one.amount()) for one in statements)
    return [(one, amount) for one, amount in amounts if isinstance(amount, Amount)]


def parts_of(usable: Counted) -> tuple[Part, ...]:
    """The statements as parts of a formula."""
    return tuple(one.said.part(Role.ACTUAL, round_=one.round) for one, _ in usable)


def _why_none(known: Sequence[Statement]) -> Reason:
    """Why no round so far has an amount: what the latest round that says anything lacks."""
    for one in reversed(known):
        reason = one.amount()
        if one.reached is not None and reason is Reason.NOT_REPORTED:
            return Reason.QUALITATIVE
        if isinstance(reason, Reason) and reason is not Reason.NOT_REPORTED:
            return reason
    return Reason.NOT_REPORTED


def _looked_at(known: Sequence[Statement]) -> list[Part]:
    return [
        one.said.part(Role.ACTUAL, round_=one.round) for one in known if one.said.text or one.said.measure
    ]


def _combine(
    known: Sequence[Statement],
    usable: Counted,
    *,
    calendar: FiscalCalendar,
    starts_on: date | None,
    as_mean: bool,
) -> tuple[Outcome, Amount | None]:
    last, amount = usable[-1]
    if amount.sort is Sort.SCALE or amount.change:
        return _stated(last, amount)
    if last.covers in (Covers.START, Covers.DATE):
        return _stated(last, amount)
    if why := _first_incomparable([one for _, one in usable]):
        return no_value(why, rule=Rule.SUM, parts=parts_of(usable), terms=_units(usable)), None
    if amount.sort is Sort.SHARE:
        return _share(_since_reset(usable), last, amount)
    if as_mean or amount.per in MEANS:
        return _mean(_since_reset(usable))
    return _total(known, usable, calendar=calendar, starts_on=starts_on)


def _stated(one: Statement, amount: Amount) -> tuple[Outcome, Amount | None]:
    parts = (one.said.part(Role.ACTUAL, round_=one.round),)
    if amount.size is None:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.STATED, parts=parts), None
    marks = {Mark.APPROXIMATE} if amount.about else set()
    marks |= {Mark.MEAN} if amount.per in MEANS else set()
    return Value(
        amount.size, shown_unit(amount), Formula(Rule.STATED, written(amount), parts), frozenset(marks)
    ), amount


def written(amount: Amount) -> str:
    """An amount in digits, a share with its denominator: "8/17"."""
    return f"{plain(amount.value)}/{plain(amount.of)}" if amount.of is not None else plain(amount.value)


def shown_unit(amount: Amount) -> str:
    """The unit a value of this amount bears: a share is a ratio and has none."""
    return "" if amount.sort is Sort.SHARE else amount.unit


def _first_incomparable(amounts: Sequence[Amount]) -> Reason | None:
    return next((why for one in amounts[1:] if (why := why_incomparable(amounts[0], one))), None)


def _units(usable: Counted) -> tuple[str, ...]:
    return tuple(dict.fromkeys(amount.unit for _, amount in usable))


def _since_reset(usable: Counted) -> Counted:
    """The statements from the last one on that stands for all before it."""
    resets = [place for place, (one, _) in enumerate(usable) if one.covers in (Covers.START, Covers.DATE)]
    return usable[resets[-1] :] if resets else usable


def _share(usable: Counted, last: Statement, amount: Amount) -> tuple[Outcome, Amount | None]:
    """Shares of periods add as Σ numerators ÷ Σ denominators; percentages cannot, so the latest stands alone."""
    if len(usable) == 1:
        return _stated(last, amount)
    if not all(one.counted for _, one in usable) or last.covers is Covers.FISCAL_YEAR:
        outcome, kept = _stated(last, amount)
        return (outcome.marked(Mark.LATEST_PERIOD) if isinstance(outcome, Value) else outcome), kept
    numerator = sum((one.value for _, one in usable), Fraction(0))
    denominator = sum((one.of or Fraction(0) for _, one in usable), Fraction(0))
    if not denominator:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.SHARE, parts=parts_of(usable)), None
    above = " + ".join(plain(one.value) for _, one in usable)
    below = " + ".join(plain(one.of or Fraction(0)) for _, one in usable)
    formula = Formula(Rule.SHARE, f"({above}) ÷ ({below})", parts_of(usable))
    total = Amount(numerator, amount.unit, denominator, Sort.SHARE, amount.per, counted=True)
    return Value(numerator / denominator, "", formula), total


def _mean(usable: Counted) -> tuple[Outcome, Amount | None]:
    values = [amount.value for _, amount in usable]
    last = usable[-1][1]
    mean = sum(values, Fraction(0)) / len(values)
    formula = Formula(Rule.MEAN, f"({' + '.join(map(plain, values))}) ÷ {len(values)}", parts_of(usable))
    marks = {Mark.MEAN} | ({Mark.APPROXIMATE} if any(one.about for _, one in usable) else set())
    amount = Amount(mean, last.unit, None, Sort.PLAIN, last.per, about=last.about)
    return Value(mean, last.unit, formula, frozenset(marks)), amount


@dataclass(slots=True)
class _Sum:
    """A total while it is being added up. `before`: what it was when the fiscal year `year` began, and from what."""

    total: Fraction = Fraction(0)
    used: list[tuple[Statement, Amount]] = field(default_factory=list)
    silent: list[Statement] = field(default_factory=list)
    year: int | None = None
    before: Fraction = Fraction(0)
    used_before: list[tuple[Statement, Amount]] = field(default_factory=list)
    before_known: bool = True
    mixed: bool = False


def _total(
    known: Sequence[Statement], usable: Counted, *, calendar: FiscalCalendar, starts_on: date | None
) -> tuple[Outcome, Amount | None]:
    """Periods and fiscal years added onto the last statement that covers everything before."""
    amounts = {one.round: amount for one, amount in usable}
    sum_ = _Sum()
    for one in known:
        _add(sum_, one, amounts.get(one.round), calendar=calendar, starts_on=starts_on)
    if sum_.mixed:
        return no_value(Reason.COVERAGE_MIXED, rule=Rule.SUM, parts=parts_of(usable)), None
    last = usable[-1][1]
    gaps = any(one.round < usable[-1][0].round for one in sum_.silent) or not _begins_whole(
        sum_, calendar=calendar, starts_on=starts_on
    )
    marks = {Mark.INCOMPLETE} if gaps else set()
    marks |= {Mark.APPROXIMATE} if any(one.about for _, one in sum_.used) else set()
    rule = Rule.SUM if len(sum_.used) > 1 else Rule.STATED
    expression = " + ".join(plain(one.value) for _, one in sum_.used)
    formula = Formula(rule, expression, parts_of(sum_.used))
    return Value(sum_.total, last.unit, formula, frozenset(marks)), Amount(
        sum_.total, last.unit, per=last.per
    )


def _begins_whole(sum_: _Sum, *, calendar: FiscalCalendar, starts_on: date | None) -> bool:
    """Whether the first number in a total reaches back to the fiscal year in which the project began."""
    first = sum_.used[0][0]
    if starts_on is None or first.covers in (Covers.START, Covers.DATE):
        return True
    return calendar.year_of(first.day) <= calendar.year_of(starts_on)


def _add(
    sum_: _Sum, one: Statement, amount: Amount | None, *, calendar: FiscalCalendar, starts_on: date | None
) -> None:
    if amount is None:
        sum_.silent += [] if one.nothing else [one]
        return
    year = calendar.year_of(one.day)
    if sum_.year is None or year > sum_.year:
        began_in_it = starts_on is not None and calendar.year_of(starts_on) >= year
        sum_.before_known = sum_.year is not None or began_in_it
        sum_.year, sum_.before, sum_.used_before = year, sum_.total, list(sum_.used)
    if one.covers is Covers.FISCAL_YEAR:
        # what was stated since the start holds earlier years too: what they came to must be known then
        since_start = any(old.covers in (Covers.START, Covers.DATE) for old, _ in sum_.used)
        if since_start and not sum_.used_before and not sum_.before_known:
            sum_.mixed = True
        sum_.total, sum_.used = sum_.before + amount.value, list(sum_.used_before)
        sum_.silent = [old for old in sum_.silent if calendar.year_of(old.day) != year]
    elif one.covers is Covers.PERIOD:
        sum_.total += amount.value
    else:
        sum_.total, sum_.used, sum_.silent, sum_.mixed = amount.value, [], [], False
    sum_.used.append((one, amount))
