"""Exact amounts out of measures: what may be added and compared, and the one rounding of what is shown."""

import calendar
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from minori.indicators.measures import Kind, Measure, Per, Step
from minori.indicators.reasons import Reason

SMALLEST_MAGNITUDE, LARGEST_MAGNITUDE = -12, 30
SAME_UNIT = MappingProxyType(
    {
        "名": "人",
        "ヶ所": "か所",
        "ヵ所": "か所",
        "カ所": "か所",
        "ケ所": "か所",
        "箇所": "か所",
        "パーセント": "%",
    }
)
"""Spellings of one unit. Only true synonyms: 人 and 世帯 are two units, and so are 回 and 件."""
MEANS = frozenset({Per.OCCURRENCE, Per.ORGANIZATION})
"""What is counted over each of several: an average, which never adds up."""
YEARLY = frozenset({Per.YEAR, Per.FISCAL_YEAR})


class Sort(StrEnum):
    """Amounts of two sorts are never added nor compared."""

    PLAIN = "plain"
    SHARE = "share"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Amount:
    """One exact amount. `of` is a share's denominator (100 for a bare percentage) or the steps of a scale.

    `counted`: numerator and denominator of a share are counts, so that shares can be added as Σ ÷ Σ.
    `change`: no level but a change from the baseline (「3回増」; negative for a decrease).
    """

    value: Fraction
    unit: str = ""
    of: Fraction | None = None
    sort: Sort = Sort.PLAIN
    per: Per | None = None
    counted: bool = False
    about: bool = False
    change: bool = False

    @property
    def size(self) -> Fraction | None:
        """What is compared: a share as a ratio, anything else as it is. None for a share of nothing."""
        if self.sort is not Sort.SHARE:
            return self.value
        return self.value / self.of if self.of else None


def same_unit(one: str, other: str) -> bool:
    """Whether two units are the same, however they are spelled; no unit is a unit of its own."""
    return unit_of(one) == unit_of(other)


@lru_cache(maxsize=2000)
def unit_of(unit: str) -> str:
    """A unit in the one spelling that units are compared in."""
    plain = "".join(unicodedata.normalize("NFKC", unit).casefold().split())
    return SAME_UNIT.get(plain, plain)


def why_incomparable(one: Amount, other: Amount) -> Reason | None:
    """Why two amounts can neither be added nor compared; None where they can."""
    if one.sort is not other.sort:
        return Reason.UNITS_DIFFER
    if one.sort is Sort.SCALE and one.of != other.of:
        return Reason.SCALES_DIFFER
    if one.sort is Sort.PLAIN and not same_unit(one.unit, other.unit):
        return Reason.UNITS_DIFFER
    if one.per != other.per and (one.per in MEANS or other.per in MEANS):
        return Reason.PER_DIFFERS
    return None


def exact(number: Decimal | None) -> Fraction | None:
    """A decimal as an exact fraction; None for what is no number, or of a size that no report means."""
    if number is None or not number.is_finite():
        return None
    if number and not SMALLEST_MAGNITUDE <= number.adjusted() <= LARGEST_MAGNITUDE:
        return None
    return Fraction(number) if number else Fraction(0)


_NO_AMOUNT = MappingProxyType(
    {
        Kind.UNDECIDED: Reason.UNDECIDED,
        Kind.SAME: Reason.SAME_AS_ANOTHER,
        Kind.NONE: Reason.NONE_REGISTERED,
        Kind.STATE: Reason.QUALITATIVE,
        Kind.TEXT: Reason.NO_NUMBER,
        Kind.RANGE: Reason.A_RANGE,
    }
)


def amount_of(measure: Measure) -> Amount | Reason:
    """The one amount of a confirmed measure, or why it has none. Never raises, never guesses."""
    if measure.kind is Kind.ALL:
        return _all(measure)
    if measure.kind in _NO_AMOUNT:
        return _NO_AMOUNT[measure.kind]
    value = exact(measure.value)
    if value is None:
        return Reason.SEVERAL_NUMBERS if measure.parts or measure.years else Reason.NO_NUMBER
    about = measure.kind is Kind.ABOUT
    if measure.kind is Kind.SCALE:
        steps = -value if measure.step is Step.DOWN else value
        return Amount(steps, measure.unit, exact(measure.of), Sort.SCALE, change=measure.step is not None)
    if measure.kind in (Kind.INCREASE, Kind.DECREASE):
        step = value if measure.kind is Kind.INCREASE else -value
        return _percent_or_plain(step, measure, change=True)
    if measure.of is not None:
        of = exact(measure.of)
        if of is None:
            return Reason.NO_NUMBER
        return Amount(value, measure.unit, of, Sort.SHARE, measure.per, counted=True)
    if measure.kind is Kind.SHARE and unit_of(measure.unit) != "%":
        return Reason.NO_NUMBER  # a share of what?
    return _percent_or_plain(value, measure, about=about)


def _percent_or_plain(
    value: Fraction, measure: Measure, *, about: bool = False, change: bool = False
) -> Amount:
    if unit_of(measure.unit) == "%":
        return Amount(value, "%", Fraction(100), Sort.SHARE, measure.per, about=about, change=change)
    return Amount(value, measure.unit, None, Sort.PLAIN, measure.per, about=about, change=change)


def _all(measure: Measure) -> Amount:
    of = exact(measure.of)
    if of:  # 10人全員: a count
        return Amount(of, measure.unit, of, Sort.SHARE, measure.per, counted=True)
    return Amount(Fraction(100), "%", Fraction(100), Sort.SHARE, measure.per)


def rounded(value: Fraction, places: int = 0) -> Decimal:
    """A value for showing, and only for showing: half up, away from zero (0.5 → 1, −0.5 → −1)."""
    scaled = abs(value) * 10**places
    whole = (scaled + Fraction(1, 2)).__floor__()
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def percent(value: Fraction, places: int = 1) -> str:
    """A ratio as people read it: "33.3"; the sign ％ is the page's."""
    return f"{rounded(value * 100, places):f}"


def plain(value: Fraction) -> str:
    """An exact number in digits where these end, else as a fraction: "0.25", "1/3"."""
    denominator = value.denominator
    if denominator == 1:
        return str(value.numerator)
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return f"{rounded(value, places):f}"


def whole_months(starts_on: date, ends_on: date) -> int | None:
    """How many months a period holds that begins with a month and ends with one; None for any other."""
    last_day = calendar.monthrange(ends_on.year, ends_on.month)[1]
    if starts_on > ends_on or starts_on.day != 1 or ends_on.day != last_day:
        return None
    return (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1
