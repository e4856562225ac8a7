"""Which registered target counts, and the level it means: values at evaluations, changes from a baseline, ranges."""

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.measures import Kind, Measure
from minori.indicators.quantities import Amount, Sort, amount_of, exact, unit_of, why_incomparable
from minori.indicators.reasons import Mark, Reason, Role
from minori.indicators.statements import NOT_SAID, Said

POINTS = frozenset({"ポイント", "pt", "%ポイント", "points", "percentagepoints", "%pt"})
_FLOOR_WORDS = ("以上", "超", "少なくとも", "最低", "at least", "or more", "more than")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is registered of one indicator. Half of the real plans use values at evaluations instead of one target."""

    baseline: Said = NOT_SAID
    target: Said = NOT_SAID
    mid: Said = NOT_SAID
    post: Said = NOT_SAID
    mid_on: date | None = None
    post_on: date | None = None
    achieve_by: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)


@dataclass(frozen=True, slots=True)
class Target:
    """The target that counts on a day: its role names it. `due_on` is when it is to be reached, None where unknown."""

    role: Role
    said: Said
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """What a target comes to: the amount to reach and from where.

    `falling`: less is better. `amount` is that of the baseline plus the change, for a relative target.
    """

    amount: Amount
    baseline: Amount | None
    falling: bool
    marks: frozenset[Mark] = frozenset()


def target_on(plan: Plan, today: date) -> Target | Reason:
    """The target that counts on a day: the registered one, else the value at the next evaluation."""
    if _says_something(plan.target):
        return Target(Role.TARGET, plan.target, plan.achieve_by)
    mid, post = _says_something(plan.mid), _says_something(plan.post)
    if mid and post and plan.mid_on is None:
        return Reason.NO_EVALUATION_DATE
    if mid and (not post or (plan.mid_on is not None and today <= plan.mid_on)):
        return Target(Role.MID_TARGET, plan.mid, plan.mid_on)
    if post:
        return Target(Role.POST_TARGET, plan.post, plan.post_on)
    return Reason.NO_TARGET


def _says_something(said: Said) -> bool:
    if said.measure is not None:
        return said.measure.kind is not Kind.NONE
    return bool(said.text.strip())


def level_of(target: Said, baseline: Said) -> Level | Reason:
    """The level a confirmed target means. A relative or a falling one needs a confirmed baseline.

    Not for targets counted per year or month (`yearly`): those are `quantities.amount_of` as they stand.
    """
    if target.measure is None:
        return Reason.TARGET_NOT_CONFIRMED
    measure, start = target.measure, baseline.amount()
    base = start if isinstance(start, Amount) and not start.change else None
    marks = frozenset() if base else frozenset({_no_baseline(baseline)})
    if measure.kind is Kind.RANGE:
        level = _range(measure, base)
    else:
        amount = amount_of(measure)
        if isinstance(amount, Reason):
            return amount
        level = _relative(amount, base) if amount.change else _plain(measure, amount, base)
    return replace(level, marks=level.marks | marks) if isinstance(level, Level) else level


def _no_baseline(baseline: Said) -> Mark:
    unconfirmed = baseline.measure is None and baseline.text.strip()
    return Mark.BASELINE_NOT_CONFIRMED if unconfirmed else Mark.NO_BASELINE


def _plain(measure: Measure, amount: Amount, base: Amount | None) -> Level | Reason:
    marks = {Mark.APPROXIMATE} if amount.about else set()
    marks |= {Mark.SCALE} if amount.sort is Sort.SCALE else set()
    if amount.size is None:
        return Reason.ZERO_DENOMINATOR
    at_most = measure.is_limit
    if base is None:
        return Reason.FALLING_WITHOUT_BASELINE if at_most else Level(amount, None, False, frozenset(marks))
    if why := why_incomparable(amount, base):
        return why
    if base.size is None:
        return Reason.ZERO_DENOMINATOR
    if base.size == amount.size:
        return Reason.TARGET_IS_BASELINE
    falling = amount.size < base.size
    if (at_most and not falling) or (falling and _is_floor(measure)):
        return Reason.TARGET_BEHIND_BASELINE  # a limit that was kept before anything began is no way to go
    return Level(amount, base, falling, frozenset(marks))


def _is_floor(measure: Measure) -> bool:
    """Whether the words say 以上: a bare number is read as "at least" too, but may lie below where things stand."""
    return measure.kind is Kind.AT_LEAST and any(word in measure.text.casefold() for word in _FLOOR_WORDS)


def _relative(change: Amount, base: Amount | None) -> Level | Reason:
    if base is None:
        return Reason.RELATIVE_WITHOUT_BASELINE
    if base.size is None:
        return Reason.ZERO_DENOMINATOR
    if not change.value:
        return Reason.TARGET_IS_BASELINE
    if change.sort is Sort.SHARE:  # by N percent of the baseline
        if base.sort is Sort.SHARE:
            return Reason.PERCENT_OF_PERCENT
        if not base.value:
            return Reason.TARGET_IS_BASELINE
        reached = replace(base, value=base.value * (1 + change.value / 100), about=False)
        return Level(reached, base, reached.value < base.value)
    if base.sort is Sort.SHARE and unit_of(change.unit) in POINTS:
        points = Amount(base.size * 100 + change.value, "%", Fraction(100), Sort.SHARE, base.per)
        return Level(points, base, change.value < 0)
    if base.sort is Sort.SCALE and change.of in (None, base.of):
        return Level(
            replace(base, value=base.value + change.value), base, change.value < 0, frozenset({Mark.SCALE})
        )
    if why := why_incomparable(replace(change, per=base.per), base):
        return why
    return Level(replace(base, value=base.value + change.value, about=False), base, change.value < 0)


def _range(measure: Measure, base: Amount | None) -> Level | Reason:
    """Growing towards the lower bound, falling towards the upper one."""
    low, high = bounds_of(measure)
    if low is None or high is None:
        return Reason.NO_NUMBER
    if base is None:
        return Level(low, None, False, frozenset({Mark.LOWER_BOUND}))
    if why := why_incomparable(low, base):
        return why
    size = base.size
    if size is None or low.size is None or high.size is None:
        return Reason.ZERO_DENOMINATOR
    if size < low.size:
        return Level(low, base, False, frozenset({Mark.LOWER_BOUND}))
    if size > high.size:
        return Level(high, base, True, frozenset({Mark.UPPER_BOUND}))
    return Reason.TARGET_IS_BASELINE


def bounds_of(measure: Measure) -> tuple[Amount | None, Amount | None]:
    """The two ends of a range, the lower one first."""
    ends = [exact(measure.value), exact(measure.upper)]
    if ends[0] is None or ends[1] is None:
        return None, None
    kind = Kind.EXACT if measure.of is None else Kind.SHARE
    found = [
        amount_of(replace(measure, kind=kind, value=end))
        for end in sorted(number for number in (measure.value, measure.upper) if number is not None)
    ]
    low, high = (one if isinstance(one, Amount) else None for one in found)
    return low, high
