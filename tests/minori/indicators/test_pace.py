"""Pace: achievement beside the share of time gone, days counted by hand."""

from datetime import date
from fractions import Fraction

from minori.indicators.pace import pace, time_gone
from minori.indicators.reasons import Reason, Rule
from minori.indicators.results import Formula, Value, no_value

HALF = Value(Fraction(1, 2), "", Formula(Rule.RATIO))
DAY = {"starts_on": date(2025, 4, 1), "achieve_by": date(2026, 3, 31)}


def test_time_gone_counts_both_days_of_a_year_of_365():
    assert time_gone(**DAY, today=date(2025, 4, 1)).value == Fraction(1, 365)
    assert time_gone(**DAY, today=date(2025, 9, 30)).value == Fraction(183, 365)
    assert time_gone(**DAY, today=date(2026, 3, 31)).value == 1
    assert time_gone(**DAY, today=date(2025, 9, 30)).formula.expression == "183 ÷ 365"


def test_after_the_achieve_by_all_of_the_time_has_gone():
    assert time_gone(**DAY, today=date(2030, 1, 1)).value == 1


def test_without_time_there_is_no_share_of_it():
    assert (
        time_gone(starts_on=None, achieve_by=date(2026, 3, 31), today=date(2026, 1, 1)).reason
        is Reason.NO_DATES
    )
    assert (
        time_gone(starts_on=date(2026, 1, 1), achieve_by=None, today=date(2026, 1, 1)).reason
        is Reason.NO_DATES
    )
    same = {"starts_on": date(2026, 1, 1), "achieve_by": date(2026, 1, 1)}
    assert time_gone(**same, today=date(2026, 1, 1)).reason is Reason.NO_TIME
    assert time_gone(**DAY, today=date(2025, 3, 31)).reason is Reason.NOT_BEGUN


def test_pace_is_the_two_side_by_side():
    found = pace(HALF, starts_on=date(2026, 1, 1), achieve_by=date(2026, 1, 10), today=date(2026, 1, 6))
    assert found.time.value == Fraction(3, 5)
    assert found.ahead == Fraction(-1, 10)
    nothing = no_value(Reason.NOT_REPORTED, rule=Rule.RATIO)
    assert pace(nothing, **DAY, today=date(2026, 1, 6)).ahead is None
