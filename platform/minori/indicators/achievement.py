"""Achievement: one definition, shown beside the figure. Growing or falling from a baseline, a ratio without one.

Worse than the baseline is negative and stays so; beyond the target is more than 1 and stays so. What has no value
says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from minori.indicators import running, yearly
from minori.indicators.measures import Kind, Measure, Per
from minori.indicators.quantities import MEANS, YEARLY, Amount, Sort, plain, why_incomparable
from minori.indicators.reasons import Mark, Reason, Role, Rule
from minori.indicators.results import Formula, NoValue, Outcome, Part, Value, no_value
from minori.indicators.running import Running
from minori.indicators.statements import Reached, Statement, by_round
from minori.indicators.targets import Level, Plan, Target, level_of, target_on
from minori.indicators.yearly import YearJudged


@dataclass(frozen=True, slots=True)
class Achievement:
    """How far one indicator has come at a round, as an exact ratio (1 is the target).

    `target` is the one used; its role names it. `met` says whether it is reached, also where no ratio exists;
    None: not known. `years` are judged one by one where the target is per year. `reached` is a judged state.
    """

    outcome: Outcome
    actual: Running
    target: Target | None = None
    met: bool | None = None
    years: tuple[YearJudged, ...] = ()
    reached: Reached | None = None


def achievement(plan: Plan, statements: Iterable[Statement], *, round_: int, today: date) -> Achievement:
    """How far an indicator has come by a round's statements, against the target that counts on a day.

    Of the statements those of later rounds are not looked at. Never raises on any of its inputs: what cannot be
    calculated is no value with its reason.
    """
    known = by_round(statements, up_to=round_)
    target = target_on(plan, today)
    measure = target.said.measure if isinstance(target, Target) else None
    actual = running.at_round(
        known,
        round_=round_,
        calendar=plan.calendar,
        starts_on=plan.starts_on,
        as_mean=measure is not None and measure.kind is Kind.ABOUT,
    )
    if isinstance(target, Reason):
        return Achievement(no_value(target, rule=Rule.RATIO, parts=_parts(actual)), actual)
    if measure is not None and measure.kind is Kind.STATE:
        return _state(target, known, actual)
    if measure is None or not (measure.years or measure.per in YEARLY or measure.per is Per.MONTH):
        return _towards(plan, target, actual)
    if measure.per is Per.MONTH and not measure.years:
        outcome = yearly.per_month(plan, target, known)
        return Achievement(outcome, actual, target, _reached_one(outcome, measure))
    outcome, years, met = yearly.judge(plan, target, known, today=today)
    return Achievement(outcome, actual, target, met, years)


def _towards(plan: Plan, target: Target, actual: Running) -> Achievement:
    """One target for the whole time: against the running total."""
    level = level_of(target.said, plan.baseline)
    parts = (*_parts(actual), target.said.part(target.role), *_baseline_part(plan))
    now = actual.amount
    if now is not None and now.change and isinstance(level, Level) and level.baseline is not None:
        now = _from_baseline(now, level.baseline)
    met = _met(target.said.measure, level, now)
    if isinstance(level, Reason):
        terms = _units(target, plan) if level is Reason.UNITS_DIFFER else ()
        return Achievement(no_value(level, rule=Rule.RATIO, parts=parts, terms=terms), actual, target, met)
    if now is None or isinstance(actual.outcome, NoValue):
        reason = actual.outcome.reason if isinstance(actual.outcome, NoValue) else Reason.UNITS_DIFFER
        return Achievement(no_value(reason, rule=Rule.RATIO, parts=parts), actual, target)
    marks = actual.outcome.marks | level.marks
    outcome = ratio(now, level, parts=_used(parts, level))
    return Achievement(outcome.marked(*marks) if isinstance(outcome, Value) else outcome, actual, target, met)


def ratio(actual: Amount, level: Level, *, parts: tuple[Part, ...] = ()) -> Outcome:
    """The definition itself: from the baseline where there is one, else actual ÷ target."""
    rule = Rule.RATIO if level.baseline is None else Rule.FALLING if level.falling else Rule.GROWING
    if actual.change:
        return no_value(Reason.RELATIVE_WITHOUT_BASELINE, rule=rule, parts=parts)
    if why := _why_incomparable(actual, level.amount):
        return no_value(why, rule=rule, parts=parts, terms=(actual.unit, level.amount.unit))
    now, target = actual.size, level.amount.size
    base = level.baseline.size if level.baseline else Fraction(0)
    if now is None or target is None or base is None:
        return no_value(Reason.ZERO_DENOMINATOR, rule=rule, parts=parts)
    if target == base:
        reason = Reason.ZERO_DENOMINATOR if level.baseline is None else Reason.TARGET_IS_BASELINE
        return no_value(reason, rule=rule, parts=parts)
    expression = {
        Rule.RATIO: f"{_in(now)} ÷ {_in(target)}",
        Rule.GROWING: f"({_in(now)} − {_in(base)}) ÷ ({_in(target)} − {_in(base)})",
        Rule.FALLING: f"({_in(base)} − {_in(now)}) ÷ ({_in(base)} − {_in(target)})",
    }[rule]
    return Value((now - base) / (target - base), "", Formula(rule, expression, parts))


def _in(value: Fraction) -> str:
    return f"({plain(value)})" if value < 0 else plain(value)


def _why_incomparable(actual: Amount, target: Amount) -> Reason | None:
    """Units and scales; and a mean is compared with a mean only, a yearly amount never with a whole."""
    if why := why_incomparable(actual, target):
        return why
    one_sided = actual.per != target.per and not {actual.per, target.per} <= {None, Per.TOTAL}
    return Reason.PER_DIFFERS if one_sided and actual.per not in MEANS else None


def _from_baseline(change: Amount, base: Amount) -> Amount:
    """The level an actual like 「3回増」 means, where the baseline is known and of the same unit; else as it was.

    「10％増」 stays a change: of a percentage it would be ambiguous, and of a count nobody has said it.
    """
    like = replace(change, per=base.per, of=change.of or base.of)
    if change.sort is Sort.SHARE or why_incomparable(like, base):
        return change
    return replace(base, value=base.value + change.value, about=change.about)


def _met(measure: Measure | None, level: Level | Reason, now: Amount | None) -> bool | None:
    """Whether the target is reached, by its words: also for a limit that has no ratio."""
    if measure is None or now is None or now.change or now.size is None:
        return None
    if isinstance(level, Level):
        goal, falling = level.amount, level.falling
    else:
        if level not in (
            Reason.TARGET_IS_BASELINE,
            Reason.TARGET_BEHIND_BASELINE,
            Reason.FALLING_WITHOUT_BASELINE,
        ):
            return None
        stated = yearly.goal_of(measure)
        if stated is None:
            return None
        goal, falling = stated, measure.is_limit
    if goal.size is None or _why_incomparable(now, goal):
        return None
    return now.size <= goal.size if falling else now.size >= goal.size


def _reached_one(outcome: Outcome, measure: Measure) -> bool | None:
    if isinstance(outcome, NoValue) or measure.is_limit:
        return None
    return outcome.value >= 1


def _state(target: Target, known: tuple[Statement, ...], actual: Running) -> Achievement:
    """A state in words is judged by a person, never counted into a number; a blank round carries the judgement."""
    judged = next((one.reached for one in reversed(known) if one.reached is not None), None)
    parts = (*_parts(actual), target.said.part(target.role))
    met = None if judged is None else judged is Reached.YES
    return Achievement(
        no_value(Reason.QUALITATIVE, rule=Rule.STATED, parts=parts), actual, target, met, reached=judged
    )


def _parts(actual: Running) -> tuple[Part, ...]:
    return actual.outcome.formula.parts


def _baseline_part(plan: Plan) -> tuple[Part, ...]:
    return (plan.baseline.part(Role.BASELINE),) if plan.baseline.text or plan.baseline.measure else ()


def _used(parts: tuple[Part, ...], level: Level) -> tuple[Part, ...]:
    """Without a baseline that does not count, unless its words must be shown as not confirmed."""
    keep = level.baseline is not None or Mark.BASELINE_NOT_CONFIRMED in level.marks
    return parts if keep else tuple(part for part in parts if part.role is not Role.BASELINE)


def _units(target: Target, plan: Plan) -> tuple[str, ...]:
    measures = (target.said.measure, plan.baseline.measure)
    return tuple(one.unit for one in measures if one is not None)
