"""Targets per year and per month, judged by the distributor's fiscal years. Several years are Σ actual ÷ Σ target."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from minori.indicators.measures import Kind, Measure, Per
from minori.indicators.quantities import (
    YEARLY,
    Amount,
    Sort,
    amount_of,
    plain,
    same_unit,
    whole_months,
    why_incomparable,
)
from minori.indicators.reasons import Mark, Reason, Role, Rule
from minori.indicators.results import Formula, NoValue, Outcome, Part, Value, no_value
from minori.indicators.running import Counted, counted, parts_of, shown_unit, written
from minori.indicators.statements import Covers, Statement
from minori.indicators.targets import Plan, Target, bounds_of

YEARS_AT_MOST = 30  # of one project; a mistyped date must not list a thousand
_RELATIVE = (Kind.INCREASE, Kind.DECREASE)
_AS_WRITTEN = (Kind.AT_LEAST, Kind.AT_MOST, Kind.ABOUT, Kind.EXACT, Kind.SCALE)


@dataclass(frozen=True, slots=True)
class YearJudged:
    """One fiscal year against its own target. `met`: as things stand; it is judged once the year is `finished`.

    A year is finished by the end of its last day, as time has gone by the end of a day (`pace`).
    """

    year: int
    finished: bool
    outcome: Outcome
    actual: Amount | None = None
    target: Amount | None = None
    met: bool | None = None


def goal_of(measure: Measure) -> Amount | None:
    """The amount a target states: of a range the end that must be reached first."""
    if measure.kind is Kind.RANGE:
        return bounds_of(measure)[0]
    amount = amount_of(measure)
    return amount if isinstance(amount, Amount) and not amount.change else None


def judge(
    plan: Plan, target: Target, known: Sequence[Statement], *, today: date
) -> tuple[Outcome, tuple[YearJudged, ...], bool | None]:
    """All years together, each year by itself, and whether every finished year met its target.

    `known` has one statement a round. A year without a number is in no sum; the years themselves say how many are.
    Nobody has met "every year" before one is finished.
    """
    measure = target.said.measure
    parts = (target.said.part(target.role),)
    if measure is None:
        return no_value(Reason.TARGET_NOT_CONFIRMED, rule=Rule.YEARS, parts=parts), (), None
    if measure.kind in _RELATIVE:
        return no_value(Reason.RELATIVE_PER_YEAR, rule=Rule.YEARS, parts=parts), (), None
    named = _named_targets(measure)
    goals = named or dict.fromkeys(_years(plan, known, today=today), goal_of(measure))
    begun = sorted(year for year in goals if year <= plan.calendar.year_of(today))
    years = tuple(_judge_year(year, goals[year], measure, plan, known, today=today) for year in begun)
    if not years:
        return no_value(Reason.NOT_BEGUN, rule=Rule.YEARS, parts=parts), (), None
    return _together(years, measure, plan, parts), years, _every_finished(years)


def per_month(plan: Plan, target: Target, known: Sequence[Statement]) -> Outcome:
    """A target per month: Σ actual ÷ (target × the months it covers); an actual per month is compared as it is."""
    measure, usable = target.said.measure, counted(known)
    parts = (*parts_of(usable), target.said.part(target.role))
    goal = goal_of(measure) if measure else None
    if goal is None or goal.sort is not Sort.PLAIN:
        return no_value(Reason.NO_TARGET, rule=Rule.MONTHS, parts=parts)
    if measure is not None and measure.kind is Kind.AT_MOST:
        return no_value(Reason.FALLING_WITHOUT_BASELINE, rule=Rule.MONTHS, parts=parts)
    if not usable:
        reason = next((one.amount() for one in reversed(known)), Reason.NOT_REPORTED)
        return no_value(
            reason if isinstance(reason, Reason) else Reason.NOT_REPORTED, rule=Rule.MONTHS, parts=parts
        )
    if not goal.value:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.MONTHS, parts=parts)
    for _, amount in usable:
        if amount.sort is not Sort.PLAIN or not same_unit(amount.unit, goal.unit):
            terms = (amount.unit, goal.unit)
            return no_value(Reason.UNITS_DIFFER, rule=Rule.MONTHS, parts=parts, terms=terms)
    last, amount = usable[-1]
    if amount.per is Per.MONTH:
        formula = Formula(Rule.RATIO, f"{plain(amount.value)} ÷ {plain(goal.value)}", parts)
        return Value(amount.value / goal.value, "", formula, frozenset({Mark.MEAN}))
    spans = _spans(plan, usable)
    if spans is None:
        return no_value(Reason.MONTHS_UNCLEAR, rule=Rule.MONTHS, parts=parts)
    total, months = spans
    formula = Formula(Rule.MONTHS, f"{plain(total)} ÷ ({plain(goal.value)} × {months})", parts)
    marks = {Mark.CARRIED} if known[-1].round != last.round else set()
    return Value(total / (goal.value * months), "", formula, frozenset(marks))


def _spans(plan: Plan, usable: Counted) -> tuple[Fraction, int] | None:
    """What was stated and the months it covers: of the latest statement, or of all that tell of their own period."""
    last, amount = usable[-1]
    if last.covers is Covers.PERIOD:
        own = [
            (one, value)
            for one, value in usable
            if one.covers is Covers.PERIOD and value.per in (None, Per.TOTAL)
        ]
        months = [whole_months(one.starts_on, one.ends_on) for one, _ in own]
        if len(own) != len(usable) or None in months:
            return None
        return sum((value.value for _, value in own), Fraction(0)), sum(one for one in months if one)
    begins = plan.starts_on
    if last.covers is not Covers.START:
        year = plan.calendar.starts_on(plan.calendar.year_of(last.day))
        begins = max(year, begins) if begins else year
    months_of_it = whole_months(begins, last.day) if begins and amount.per in (None, Per.TOTAL) else None
    return (amount.value, months_of_it) if months_of_it else None


def _named_targets(measure: Measure) -> dict[int, Amount | None]:
    found = {}
    for name, value in measure.years.items():
        if name.isascii() and name.isdigit() and len(name) == len("2026"):
            found[int(name)] = _named_target(measure, value)
    return found


def _named_target(measure: Measure, value: Decimal) -> Amount | None:
    kind = measure.kind if measure.kind in _AS_WRITTEN else Kind.AT_LEAST
    amount = amount_of(replace(measure, kind=kind, value=value, upper=None))
    return amount if isinstance(amount, Amount) else None


def _years(plan: Plan, known: Sequence[Statement], *, today: date) -> list[int]:
    """The fiscal years from the project's first (else the first reported) to today's, or the project's last."""
    year_of = plan.calendar.year_of
    first = [year_of(one.day) for one in known] + ([year_of(plan.starts_on)] if plan.starts_on else [])
    last = min(year_of(day) for day in (today, plan.ends_on) if day is not None)
    return list(range(min(first), last + 1))[-YEARS_AT_MOST:] if first else []


def _judge_year(
    year: int, goal: Amount | None, measure: Measure, plan: Plan, known: Sequence[Statement], *, today: date
) -> YearJudged:
    finished = today >= plan.calendar.ends_on(year)
    outcome, amount = of_year(known, year=year, plan=plan)
    if isinstance(outcome, NoValue) or amount is None:
        return YearJudged(year, finished, outcome, None, goal)
    parts = outcome.formula.parts
    if goal is None or goal.size is None or amount.size is None:
        return YearJudged(
            year, finished, no_value(Reason.NO_TARGET, rule=Rule.RATIO, parts=parts), amount, goal
        )
    if why := why_incomparable(amount, goal):
        terms = (amount.unit, goal.unit)
        return YearJudged(
            year, finished, no_value(why, rule=Rule.RATIO, parts=parts, terms=terms), amount, goal
        )
    at_most = measure.kind is Kind.AT_MOST
    met = amount.size <= goal.size if at_most else amount.size >= goal.size
    if at_most:
        ratio: Outcome = _falling(amount, goal, plan, parts)
    elif not goal.size:
        ratio = no_value(Reason.ZERO_DENOMINATOR, rule=Rule.RATIO, parts=parts)
    else:
        formula = Formula(Rule.RATIO, f"{plain(amount.size)} ÷ {plain(goal.size)}", parts)
        ratio = Value(amount.size / goal.size, "", formula, outcome.marks | _part_year(year, plan))
    return YearJudged(year, finished, ratio, amount, goal, met)


def _part_year(year: int, plan: Plan) -> frozenset[Mark]:
    began_within = plan.starts_on is not None and plan.starts_on > plan.calendar.starts_on(year)
    ends_within = plan.ends_on is not None and plan.ends_on < plan.calendar.ends_on(year)
    return frozenset({Mark.PART_YEAR}) if began_within or ends_within else frozenset()


def _falling(amount: Amount, goal: Amount, plan: Plan, parts: tuple[Part, ...]) -> Outcome:
    """A yearly limit counts from the baseline: (baseline − actual) ÷ (baseline − target)."""
    base = plan.baseline.amount()
    with_baseline = (*parts, plan.baseline.part(Role.BASELINE))
    if not isinstance(base, Amount) or base.change or base.size is None:
        return no_value(Reason.FALLING_WITHOUT_BASELINE, rule=Rule.FALLING, parts=parts)
    if why := why_incomparable(goal, base):
        return no_value(why, rule=Rule.FALLING, parts=with_baseline, terms=(goal.unit, base.unit))
    now, target = amount.size or Fraction(0), goal.size or Fraction(0)
    if base.size <= target:
        equal = base.size == target
        reason = Reason.TARGET_IS_BASELINE if equal else Reason.TARGET_BEHIND_BASELINE
        return no_value(reason, rule=Rule.FALLING, parts=with_baseline)
    expression = f"({plain(base.size)} − {plain(now)}) ÷ ({plain(base.size)} − {plain(target)})"
    return Value(
        (base.size - now) / (base.size - target), "", Formula(Rule.FALLING, expression, with_baseline)
    )


def of_year(known: Sequence[Statement], *, year: int, plan: Plan) -> tuple[Outcome, Amount | None]:
    """What one fiscal year came to, from statements of any coverage, or why that cannot be told.

    A statement since the start counts less the one at the very end of the year before.
    """
    year_of = plan.calendar.year_of
    in_year = [one for one in known if year_of(one.day) == year]
    usable = counted(in_year)
    if not usable:
        last = next((one.amount() for one in reversed(in_year) if one.said.text or one.nothing), None)
        reason = last if isinstance(last, Reason) else Reason.NOT_REPORTED
        return no_value(reason, rule=Rule.STATED, parts=parts_of(usable)), None
    if any(why_incomparable(usable[0][1], amount) for _, amount in usable):
        terms = tuple(dict.fromkeys(amount.unit for _, amount in usable))
        return no_value(Reason.UNITS_DIFFER, rule=Rule.SUM, parts=parts_of(usable), terms=terms), None
    last_one, amount = usable[-1]
    if amount.per not in (None, Per.TOTAL, *YEARLY):
        return no_value(Reason.PER_DIFFERS, rule=Rule.STATED, parts=parts_of(usable)), None
    if amount.change:
        return no_value(Reason.RELATIVE_PER_YEAR, rule=Rule.STATED, parts=parts_of(usable)), None
    if (
        amount.sort is Sort.SCALE
        or last_one.covers in (Covers.FISCAL_YEAR, Covers.DATE)
        or amount.per in YEARLY
    ):
        return _alone(usable, amount)
    if last_one.covers is Covers.START:
        return _since_last_year(known, usable, year=year, plan=plan)
    return _periods(in_year, usable, plan)


def _alone(usable: Counted, amount: Amount, *marks: Mark) -> tuple[Outcome, Amount | None]:
    parts = parts_of(usable[-1:])
    if amount.size is None:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.STATED, parts=parts), None
    about = frozenset({Mark.APPROXIMATE}) if amount.about else frozenset()
    formula = Formula(Rule.STATED, written(amount), parts)
    return Value(amount.size, shown_unit(amount), formula, about | frozenset(marks)), amount


def _since_last_year(
    known: Sequence[Statement], usable: Counted, *, year: int, plan: Plan
) -> tuple[Outcome, Amount | None]:
    last, amount = usable[-1]
    if amount.sort is Sort.SHARE and not amount.counted:
        return _alone(usable, amount)
    if plan.starts_on is not None and plan.calendar.year_of(plan.starts_on) >= year:
        return _alone(usable, amount)
    end = plan.calendar.ends_on(year - 1)
    before = [(one, old) for one, old in counted(known) if one.covers is Covers.START and one.day == end]
    if not before or why_incomparable(before[-1][1], amount):
        return no_value(Reason.COVERAGE_MIXED, rule=Rule.DIFFERENCE, parts=parts_of(usable)), None
    old = before[-1][1]
    of = None if amount.of is None or old.of is None else amount.of - old.of
    year_amount = replace(amount, value=amount.value - old.value, of=of)
    if year_amount.size is None:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.DIFFERENCE, parts=parts_of(usable)), None
    parts = parts_of([*before[-1:], (last, amount)])
    formula = Formula(Rule.DIFFERENCE, f"{written(amount)} − {written(old)}", parts)
    return Value(year_amount.size, shown_unit(amount), formula), year_amount


def _periods(in_year: Sequence[Statement], usable: Counted, plan: Plan) -> tuple[Outcome, Amount | None]:
    """The periods of a year added up, after what an earlier statement of the year already holds."""
    year_of = plan.calendar.year_of
    last = usable[-1][1]
    wholes = [place for place, (one, _) in enumerate(usable) if one.covers is not Covers.PERIOD]
    if wholes and usable[wholes[-1]][0].covers is Covers.START:
        return no_value(Reason.COVERAGE_MIXED, rule=Rule.SUM, parts=parts_of(usable)), None
    added = usable[wholes[-1] :] if wholes else usable
    if any(
        one.covers is Covers.PERIOD and year_of(one.starts_on) != year_of(one.ends_on) for one, _ in added
    ):
        return no_value(Reason.PERIOD_SPANS_YEARS, rule=Rule.SUM, parts=parts_of(usable)), None
    parts = parts_of(added)
    silent = [one for one in in_year if not one.nothing and not isinstance(one.amount(), Amount)]
    marks = (
        {Mark.INCOMPLETE}
        if any(added[0][0].round < one.round < added[-1][0].round for one in silent)
        else set()
    )
    if last.sort is Sort.SHARE and not all(amount.counted for _, amount in added):
        return _alone(usable, last, *([Mark.LATEST_PERIOD] if len(added) > 1 else []))
    value = sum((amount.value for _, amount in added), Fraction(0))
    of = (
        sum((amount.of or Fraction(0) for _, amount in added), Fraction(0))
        if last.sort is Sort.SHARE
        else None
    )
    total = Amount(value, last.unit, of, last.sort, last.per, counted=last.counted)
    if total.size is None:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.SHARE, parts=parts), None
    marks |= {Mark.APPROXIMATE} if any(amount.about for _, amount in added) else set()
    rule = Rule.SHARE if of is not None else Rule.SUM
    expression = " + ".join(written(amount) for _, amount in added)
    return Value(total.size, shown_unit(last), Formula(rule, expression, parts), frozenset(marks)), total


def _together(years: Sequence[YearJudged], measure: Measure, plan: Plan, parts: tuple[Part, ...]) -> Outcome:
    """Several years in one figure: Σ actual ÷ Σ target; means where amounts never add (about, shares, scales)."""
    valued = [one for one in years if isinstance(one.outcome, Value)]
    if not valued:
        reason = years[-1].outcome
        assert isinstance(reason, NoValue)
        return replace(reason, formula=replace(reason.formula, parts=(*reason.formula.parts, *parts)))
    every = (*(part for one in valued for part in one.outcome.formula.parts), *parts)
    marks = frozenset[Mark]().union(*(one.outcome.marks for one in valued if isinstance(one.outcome, Value)))
    amounts = [(one.actual, one.target) for one in valued if one.actual and one.target]
    adds = measure.kind is not Kind.ABOUT and all(one.sort is Sort.PLAIN for pair in amounts for one in pair)
    if not adds:
        return _mean_of_years(valued, measure, every, marks)
    base = plan.baseline.amount() if measure.kind is Kind.AT_MOST else None
    pairs = [(actual.value, goal.value) for actual, goal in amounts]
    if isinstance(base, Amount):
        pairs = [(base.value - actual, base.value - goal) for actual, goal in pairs]
    above, below = (sum(column, Fraction(0)) for column in zip(*pairs, strict=True))
    if not below:
        return no_value(Reason.ZERO_DENOMINATOR, rule=Rule.YEARS, parts=every)
    columns = [" + ".join(map(plain, column)) for column in zip(*pairs, strict=True)]
    said = " ÷ ".join(f"({column})" if len(pairs) > 1 else column for column in columns)
    return Value(above / below, "", Formula(Rule.YEARS, said, every), marks)


def _mean_of_years(
    valued: Sequence[YearJudged], measure: Measure, parts: tuple[Part, ...], marks: frozenset[Mark]
) -> Outcome:
    values = [one.outcome.value for one in valued if isinstance(one.outcome, Value)]
    said = f"({' + '.join(map(plain, values))}) ÷ {len(values)}"
    marks |= {Mark.APPROXIMATE} if measure.kind is Kind.ABOUT else frozenset()
    marks |= {Mark.MEAN} if len(values) > 1 else frozenset()
    return Value(sum(values, Fraction(0)) / len(values), "", Formula(Rule.MEAN, said, parts), marks)


def _every_finished(years: Sequence[YearJudged]) -> bool | None:
    """Met only when every finished year met it; one that did not is enough to say no."""
    finished = [one.met for one in years if one.finished]
    if False in finished:
        return False
    return True if finished and None not in finished else None
