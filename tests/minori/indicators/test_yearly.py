"""Targets per year, judged by fiscal years; and per month. Numbers worked by hand."""

from datetime import date
from fractions import Fraction

import pytest

from minori.indicators.achievement import achievement
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.measures import Kind, Per
from minori.indicators.reasons import Mark, Reason, Rule
from minori.indicators.results import NoValue, Value
from minori.indicators.statements import Covers
from tests.minori.indicators.examples import (
    nothing,
    plan,
    said,
    share,
    silent,
    statement,
    target,
    unconfirmed,
)

YEARLY = {"per": Per.YEAR}
FY, PERIOD, START = Covers.FISCAL_YEAR, Covers.PERIOD, Covers.START


def of(registered, *statements, round_=6, today=date(2026, 10, 10)):
    return achievement(registered, statements, round_=round_, today=today)


def actuals(found):
    return {one.year: one.actual.value if one.actual else one.outcome.reason for one in found.years}


def ratios(found):
    return {
        one.year: one.outcome.value if isinstance(one.outcome, Value) else one.outcome.reason
        for one in found.years
    }


def test_fiscal_years_begin_in_april_unless_the_calendar_says_otherwise():
    assert FiscalCalendar().year_of(date(2026, 3, 31)) == 2025
    assert FiscalCalendar().year_of(date(2026, 4, 1)) == 2026
    assert FiscalCalendar().ends_on(2026) == date(2027, 3, 31)
    assert FiscalCalendar(1).year_of(date(2026, 3, 31)) == 2026
    assert FiscalCalendar(1).ends_on(2026) == date(2026, 12, 31)
    assert FiscalCalendar(10).starts_on(2026) == date(2026, 10, 1)
    assert FiscalCalendar().ends_on(9999) == date.max
    assert FiscalCalendar().starts_on(FiscalCalendar().year_of(date.min)) == date.min
    with pytest.raises(ValueError, match="twelve"):
        FiscalCalendar(13)


def test_people_by_the_end_of_september_against_150_a_year_are_the_year_to_date():
    # 「2022年度9月末現在20人」 against 「年間150人」
    at_date = statement(1, 20, Covers.DATE, on=date(2025, 9, 30))
    found = of(plan(target(150, **YEARLY)), at_date, today=date(2025, 10, 10))
    assert found.outcome.value == Fraction(20, 150)
    assert [(one.year, one.finished, one.met) for one in found.years] == [(2025, False, False)]
    assert found.met is None


def test_several_years_are_the_sum_of_actuals_by_the_sum_of_targets():
    # (100 + 150) ÷ (100 + 300) is 62.5 %; the mean of 100 % and 50 % would be 75 %
    registered = plan(said(None, kind=Kind.AT_LEAST, years={"2025": 100, "2026": 300}))
    outcome = of(registered, statement(2, 100, FY), statement(4, 150, FY), today=date(2027, 3, 31)).outcome
    assert outcome.value == Fraction(5, 8)
    assert outcome.formula.expression == "(100 + 150) ÷ (100 + 300)"
    assert outcome.formula.references == ("filing 2", "filing 4")


def test_a_year_without_a_number_is_in_no_sum_and_is_seen():
    found = of(plan(target(150, **YEARLY)), statement(4, 150, FY), today=date(2027, 4, 1))
    assert found.outcome.value == 1
    assert actuals(found) == {2025: Reason.NOT_REPORTED, 2026: 150, 2027: Reason.NOT_REPORTED}
    assert found.met is None


def test_at_least_so_many_every_year_is_met_only_when_every_finished_year_met_it():
    registered = plan(target(100, **YEARLY))
    both = (statement(2, 100, FY), statement(4, 130, FY))
    assert of(registered, *both, today=date(2027, 4, 1)).met is True
    assert of(registered, statement(2, 99, FY), statement(4, 300, FY), today=date(2027, 4, 1)).met is False
    assert (
        of(registered, statement(2, 100, FY), today=date(2027, 4, 1)).met is None
    )  # a finished year is not known
    assert (
        of(registered, statement(2, 100, FY), statement(3, 5, FY)).met is True
    )  # the running year is not judged
    assert of(registered, statement(1, 300, FY), today=date(2025, 10, 1)).met is None  # no year is finished


def test_a_year_to_date_is_the_latest_and_periods_add_up():
    registered = plan(target(100, **YEARLY))
    found = of(
        registered,
        statement(1, 30, FY),
        statement(2, 80, FY),
        statement(3, 40, PERIOD),
        statement(4, 25, PERIOD),
    )
    assert actuals(found) == {2025: 80, 2026: 65}


def test_a_period_after_a_year_to_date_is_added_to_it():
    found = of(plan(target(100, **YEARLY)), statement(1, 30, FY), statement(2, 50, PERIOD))
    assert actuals(found)[2025] == 80


def test_numbers_since_the_start_are_taken_apart_at_the_end_of_a_year():
    registered = plan(target(100, **YEARLY))
    found = of(registered, statement(2, 90), statement(3, 120), statement(4, 210), today=date(2027, 4, 1))
    assert actuals(found) == {2025: 90, 2026: 120, 2027: Reason.NOT_REPORTED}
    assert found.years[1].outcome.value == Fraction(6, 5)


def test_numbers_since_the_start_without_the_end_of_the_year_before_cannot_be_told_apart():
    registered = plan(target(100, **YEARLY))
    assert actuals(of(registered, statement(1, 40), statement(3, 120)))[2026] is Reason.COVERAGE_MIXED
    assert actuals(of(registered, statement(3, 120), statement(4, 30, PERIOD)))[2026] is Reason.COVERAGE_MIXED


def test_a_period_that_spans_two_fiscal_years_belongs_to_neither():
    registered = plan(
        target(100, **YEARLY), calendar=FiscalCalendar(1)
    )  # October to March, by calendar years
    assert actuals(of(registered, statement(2, 40, PERIOD)))[2026] is Reason.PERIOD_SPANS_YEARS
    assert actuals(of(registered, statement(1, 40, PERIOD)))[2025] == 40


def test_named_years_have_targets_of_their_own():
    registered = plan(said(None, kind=Kind.AT_LEAST, years={"2025": 50, "2026": 100, "2027": 200}))
    found = of(registered, statement(2, 60, FY), statement(4, 90, FY), today=date(2027, 4, 1))
    assert ratios(found) == {2025: Fraction(6, 5), 2026: Fraction(9, 10), 2027: Reason.NOT_REPORTED}
    assert found.outcome.value == 1  # (60 + 90) ÷ (50 + 100)
    assert found.met is False


def test_an_approximate_target_of_several_years_is_a_mean_and_never_a_sum():
    registered = plan(target(100, kind=Kind.ABOUT, **YEARLY))
    outcome = of(registered, statement(2, 50, FY), statement(4, 100, FY), today=date(2027, 3, 31)).outcome
    assert outcome.value == Fraction(3, 4)
    assert {Mark.MEAN, Mark.APPROXIMATE} <= outcome.marks
    assert outcome.formula.rule is Rule.MEAN


def test_shares_of_a_year_add_as_sums_and_years_are_averaged():
    registered = plan(said(50, "%", Kind.SHARE, per=Per.YEAR))
    halves = (statement(1, said=share(1, 2), covers=PERIOD), statement(2, said=share(3, 10), covers=PERIOD))
    found = of(registered, *halves, today=date(2026, 3, 31))
    assert found.outcome.value == Fraction(2, 3)  # 4/12 of 1/2
    percentages = (statement(1, said=share(40), covers=PERIOD), statement(2, said=share(25), covers=PERIOD))
    latest = of(registered, *percentages, today=date(2026, 3, 31)).outcome
    assert latest.value == Fraction(1, 2)
    assert Mark.LATEST_PERIOD in latest.marks


def test_a_yearly_limit_counts_down_from_the_baseline():
    registered = plan(target(4, "件", kind=Kind.AT_MOST, **YEARLY), said(10, "件"))
    found = of(
        registered, statement(2, 7, FY, unit="件"), statement(4, 4, FY, unit="件"), today=date(2027, 3, 31)
    )
    assert ratios(found) == {2025: Fraction(1, 2), 2026: 1}
    assert found.outcome.value == Fraction(3, 4)  # (3 + 6) ÷ (6 + 6)
    assert found.met is False
    assert (
        ratios(of(plan(registered.target), statement(2, 3, FY, unit="件")))[2025]
        is Reason.FALLING_WITHOUT_BASELINE
    )
    assert of(plan(registered.target), statement(2, 3, FY, unit="件")).years[0].met is True


@pytest.mark.parametrize(
    ("baseline", "why"),
    [
        (said(4, "件"), Reason.TARGET_IS_BASELINE),
        (said(3, "件"), Reason.TARGET_BEHIND_BASELINE),
        (said(3, "人"), Reason.UNITS_DIFFER),
    ],
)
def test_a_yearly_limit_that_the_baseline_does_not_lead_to_has_no_ratio(baseline, why):
    registered = plan(target(4, "件", kind=Kind.AT_MOST, **YEARLY), baseline)
    assert ratios(of(registered, statement(2, 3, FY, unit="件")))[2025] is why


def test_three_kinds_of_nothing_stay_apart_in_years():
    registered = plan(target(100, **YEARLY))
    found = of(registered, nothing(1), nothing(2), statement(3, 0, FY), today=date(2026, 10, 1))
    assert actuals(found) == {2025: Reason.NOTHING_TO_REPORT, 2026: 0}
    assert actuals(of(registered, silent(1), today=date(2025, 10, 1))) == {2025: Reason.NOT_REPORTED}
    words = statement(1, said=unconfirmed("増えた"), covers=FY)
    assert actuals(of(registered, words, today=date(2025, 10, 1))) == {2025: Reason.NOT_CONFIRMED}


def test_a_year_the_project_began_or_ended_within_is_marked():
    late = plan(target(100, **YEARLY), starts_on=date(2025, 10, 1))
    assert Mark.PART_YEAR in of(late, statement(2, 60, FY)).years[0].outcome.marks
    assert Mark.PART_YEAR not in of(plan(target(100, **YEARLY)), statement(2, 60, FY)).years[0].outcome.marks


def test_what_cannot_be_judged_per_year_says_why():
    registered = plan(said(3, "回", Kind.INCREASE, per=Per.YEAR), said(1, "回"))
    assert of(registered, statement(2, 5, FY, unit="回")).outcome.reason is Reason.RELATIVE_PER_YEAR
    units = of(plan(target(100, **YEARLY)), statement(2, 5, FY, unit="世帯"), today=date(2026, 3, 31)).outcome
    assert (units.reason, units.terms) == (Reason.UNITS_DIFFER, ("世帯", "人"))
    mixed = of(
        plan(target(100, **YEARLY)),
        statement(1, 5, PERIOD, unit="世帯"),
        statement(2, 5, PERIOD),
        today=date(2026, 3, 31),
    )
    assert mixed.outcome.reason is Reason.UNITS_DIFFER
    each = statement(2, 5, FY, per=Per.OCCURRENCE)
    assert of(plan(target(100, **YEARLY)), each, today=date(2026, 3, 31)).outcome.reason is Reason.PER_DIFFERS
    zero = of(plan(target(0, **YEARLY)), statement(2, 5, FY), today=date(2026, 3, 31))
    assert zero.outcome.reason is Reason.ZERO_DENOMINATOR
    early = of(plan(target(100, **YEARLY)), today=date(2025, 3, 31))
    assert early.outcome.reason is Reason.NOT_BEGUN


def test_a_yearly_actual_is_the_years_number_whatever_it_covers():
    found = of(plan(target(100, **YEARLY)), statement(2, 60, START, per=Per.YEAR), today=date(2026, 3, 31))
    assert found.outcome.value == Fraction(3, 5)


MONTHLY = plan(target(4, "回", per=Per.MONTH))


def test_a_monthly_target_expects_as_many_times_as_months():
    # half a year: 18 ÷ (4 × 6); two halves: (18 + 30) ÷ (4 × 12)
    assert of(MONTHLY, statement(1, 18, PERIOD, unit="回")).outcome.value == Fraction(3, 4)
    both = of(MONTHLY, statement(1, 18, PERIOD, unit="回"), statement(2, 30, PERIOD, unit="回"))
    assert both.outcome.value == 1
    assert both.outcome.formula.expression == "48 ÷ (4 × 12)"
    assert both.met is True
    assert of(MONTHLY, statement(4, 72, START, unit="回")).outcome.value == Fraction(3, 4)  # 72 ÷ (4 × 24)
    assert of(MONTHLY, statement(4, 36, FY, unit="回")).outcome.value == Fraction(3, 4)  # 36 ÷ (4 × 12)


def test_an_actual_per_month_is_compared_as_it_is():
    outcome = of(MONTHLY, statement(1, 3, PERIOD, unit="回", per=Per.MONTH)).outcome
    assert outcome.value == Fraction(3, 4)
    assert Mark.MEAN in outcome.marks


def test_what_cannot_be_judged_per_month_says_why():
    def why(*statements, registered=MONTHLY):
        outcome = of(registered, *statements).outcome
        assert isinstance(outcome, NoValue)
        return outcome.reason

    assert why() is Reason.NOT_REPORTED
    assert why(nothing(1)) is Reason.NOTHING_TO_REPORT
    assert why(statement(1, 3, PERIOD, unit="人")) is Reason.UNITS_DIFFER
    assert why(statement(1, 3, Covers.DATE, unit="回", on=date(2025, 9, 15))) is Reason.MONTHS_UNCLEAR
    assert why(statement(1, 3, START, unit="回"), statement(2, 3, PERIOD, unit="回")) is Reason.MONTHS_UNCLEAR
    zero = plan(target(0, "回", per=Per.MONTH))
    assert why(statement(1, 3, PERIOD, unit="回"), registered=zero) is Reason.ZERO_DENOMINATOR
    limit = plan(target(4, "回", per=Per.MONTH, kind=Kind.AT_MOST))
    assert why(statement(1, 3, PERIOD, unit="回"), registered=limit) is Reason.FALLING_WITHOUT_BASELINE


def test_a_year_is_finished_by_the_end_of_its_last_day():
    registered, stated = plan(target(100, **YEARLY)), statement(2, 100, FY)
    assert of(registered, stated, today=date(2026, 3, 30)).met is None
    assert of(registered, stated, today=date(2026, 3, 31)).met is True
