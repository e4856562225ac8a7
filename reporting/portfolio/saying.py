"""The words of the numbers: measures, reasons, marks and rules, as officers read them."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from minori.filings.measure_words import KINDS, PERS, amount, measure, with_unit
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.quantities import percent, plain, rounded
from minori.indicators.reasons import Mark, Reason, Role, Rule
from minori.indicators.results import NoValue, Outcome, Part, Value
from minori.marks import bracketed

__all__ = [
    "COMMON_RULES",
    "KINDS",
    "MARKS",
    "PERS",
    "REASONS",
    "ROLES",
    "RULES",
    "amount",
    "figure",
    "marks",
    "measure",
    "number",
    "plainly",
    "result",
    "why",
    "year",
]

JANUARY = 1
REASONS: Mapping[Reason, str | Promise] = MappingProxyType(
    {
        Reason.NOT_REPORTED: _("Nothing was reported."),
        Reason.NOTHING_TO_REPORT: _("There was nothing to report."),
        Reason.NOT_CONFIRMED: _("Nobody has confirmed the number in the report yet."),
        Reason.NO_NUMBER: _("The words hold no number."),
        Reason.A_RANGE: _("A range is no single number."),
        Reason.SEVERAL_NUMBERS: _("The words hold several numbers."),
        Reason.QUALITATIVE: _("A state judged in words; it is not counted in numbers."),
        Reason.UNDECIDED: _("The target is to be set later."),
        Reason.SAME_AS_ANOTHER: _("The target is the same as another one: confirm which number that is."),
        Reason.NONE_REGISTERED: _("No number is registered."),
        Reason.NO_TARGET: _("No target is registered."),
        Reason.TARGET_NOT_CONFIRMED: _("Nobody has confirmed the target yet."),
        Reason.TARGET_IS_BASELINE: _("The target is the baseline, so there is no way to go."),
        Reason.TARGET_BEHIND_BASELINE: _("The limit was kept at the baseline already: it is kept or not."),
        Reason.NO_EVALUATION_DATE: _("The date of the mid-term evaluation is not known."),
        Reason.RELATIVE_WITHOUT_BASELINE: _("It counts from the baseline, and none is confirmed."),
        Reason.FALLING_WITHOUT_BASELINE: _("A limit counts from the baseline, and none is confirmed."),
        Reason.RELATIVE_PER_YEAR: _("An increase per year is not calculated."),
        Reason.PERCENT_OF_PERCENT: _("Percent more of a percentage is ambiguous: percent or points?"),
        Reason.ZERO_DENOMINATOR: _("It would be divided by zero."),
        Reason.COVERAGE_UNKNOWN: _("What the number covers is not known."),
        Reason.COVERAGE_MIXED: _("The rounds cover different spans that cannot be told apart."),
        Reason.PERIOD_SPANS_YEARS: _("The period spans two fiscal years."),
        Reason.MONTHS_UNCLEAR: _("How many months the number covers is not clear."),
        Reason.NO_FINISHED_YEAR: _("No year is finished yet."),
        Reason.UNITS_DIFFER: _("The units do not match, so nothing is compared."),
        Reason.SCALES_DIFFER: _("The scales do not match, so nothing is compared."),
        Reason.PER_DIFFERS: _("One is a mean or a yearly number, the other is not."),
        Reason.COUNTS_NEEDED: _("Percentages add up only with the counts behind them."),
        Reason.MEANS_NEVER_ADD: _("Means are never added."),
        Reason.NO_DATES: _("The date is not confirmed."),
        Reason.NO_TIME: _("There is no time between start and date."),
        Reason.NOT_BEGUN: _("It has not begun yet."),
    }
)
MARKS: Mapping[Mark, str | Promise] = MappingProxyType(
    {
        Mark.CARRIED: _("carried over from an earlier round"),
        Mark.MEAN: pgettext_lazy("of a number", "mean"),
        Mark.APPROXIMATE: _("approximate"),
        Mark.INCOMPLETE: _("rounds in between are missing"),
        Mark.LATEST_PERIOD: _("of the latest period only"),
        Mark.LOWER_BOUND: _("counted to the lower end of the range"),
        Mark.UPPER_BOUND: _("counted to the upper end of the range"),
        Mark.BASELINE_NOT_CONFIRMED: _("the baseline is not confirmed and not counted"),
        Mark.NO_BASELINE: _("without a baseline"),
        Mark.SCALE: _("steps of a scale"),
        Mark.PART_YEAR: _("part of a year"),
    }
)
ROLES: Mapping[Role, str | Promise] = MappingProxyType(
    {
        Role.ACTUAL: _("actual"),
        Role.BASELINE: _("baseline"),
        Role.TARGET: _("target"),
        Role.MID_TARGET: _("value at the mid-term evaluation"),
        Role.POST_TARGET: _("value at the ex-post evaluation"),
        Role.CONTRIBUTION: _("contribution"),
    }
)
RULES: Mapping[Rule, str | Promise] = MappingProxyType(
    {
        Rule.GROWING: _("(actual − baseline) ÷ (target − baseline)"),
        Rule.FALLING: _("(baseline − actual) ÷ (baseline − target)"),
        Rule.RATIO: _("actual ÷ target"),
        Rule.YEARS: _("actuals of the years ÷ targets of the years"),
        Rule.MONTHS: _("actual ÷ (target × months)"),
        Rule.MEAN: _("mean of the years"),
        Rule.TIME: _("days gone ÷ days in all"),
    }
)
COMMON_RULES: Mapping[Rule, str | Promise] = MappingProxyType(
    {
        Rule.SUM: _("the organizations’ numbers added up"),
        Rule.SHARE: _("numerators added up ÷ denominators added up"),
        Rule.LATEST: _("the number that was stated last"),
        Rule.MAXIMUM: _("the largest of the organizations’ numbers"),
        Rule.MEAN: _("the organizations’ numbers added up ÷ how many there are"),
    }
)


def result(outcome: Outcome) -> str:
    """A ratio in percent, or a dash: never 0 for nothing."""
    return f"{percent(outcome.value)} %" if isinstance(outcome, Value) else "—"


def plainly(value: Fraction, unit: str = "") -> str:
    """A number with its unit, thousands separated, rounded once to two places where it does not end before."""
    shown = rounded(value, 2)
    places = max(0, -int(shown.normalize().as_tuple().exponent))
    return with_unit(f"{shown:,.{places}f}", unit)


def figure(outcome: Outcome, *, percentage: bool) -> str:
    """The figure of a common indicator in its unit, a share in percent; a dash where there is none."""
    if not isinstance(outcome, Value):
        return "—"
    return result(outcome) if percentage else plainly(outcome.value, outcome.unit)


def year(number: int, calendar: FiscalCalendar) -> str:
    """A year as the distributor counts them: a fiscal year, or the calendar's own."""
    if calendar.first_month == JANUARY:
        return str(number)
    return gettext("fiscal year %(year)s") % {"year": number}


def why(outcome: Outcome) -> str:
    """Why there is no value, in a sentence; "" where there is one."""
    if not isinstance(outcome, NoValue):
        return ""
    sentence = str(REASONS[outcome.reason])
    terms = [term or gettext("no unit") for term in dict.fromkeys(outcome.terms)]
    return sentence + bracketed(" / ".join(terms)) if len(terms) > 1 else sentence


def marks(outcome: Outcome) -> list[str]:
    """What must be said beside a value."""
    return [str(MARKS[one]) for one in Mark if isinstance(outcome, Value) and one in outcome.marks]


def number(part: Part) -> str:
    """A part of a formula in digits: "8/17", "150回", a dash for words without a number."""
    if part.value is None:
        return "—"
    of = f"/{plain(part.of)}" if part.of is not None and part.unit != "%" else ""
    return with_unit(f"{plain(part.value)}{of}", part.unit)
