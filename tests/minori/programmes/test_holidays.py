"""Business days in Japan and elsewhere, written out by hand."""

from datetime import date, timedelta

import pytest

from minori.programmes.holidays import (
    business_days_in,
    is_business_day_in_japan,
    is_weekday,
    on_or_after,
    on_or_before,
)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 4, 29),  # 昭和の日
        date(2026, 5, 4),  # みどりの日
        date(2026, 5, 6),  # 振替休日: 3 May 2026 is a Sunday
        date(2026, 9, 22),  # 国民の休日 between two holidays
        date(2026, 12, 29),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 3),
        date(2026, 10, 10),  # a Saturday
        date(2026, 10, 11),  # a Sunday
        date(2026, 10, 12),  # スポーツの日
    ],
)
def test_offices_in_japan_are_closed(day: date) -> None:
    assert not is_business_day_in_japan(day)


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 5, 7), date(2026, 12, 28), date(2027, 1, 4)])
def test_offices_in_japan_work(day: date) -> None:
    assert is_business_day_in_japan(day)


def test_golden_week_is_left_towards_either_side() -> None:
    works = business_days_in("Asia/Tokyo")
    assert on_or_before(date(2026, 5, 5), works) == date(2026, 5, 1)
    assert on_or_after(date(2026, 5, 3), works) == date(2026, 5, 7)


def test_the_turn_of_the_year_is_left_towards_either_side() -> None:
    works = business_days_in("Asia/Tokyo")
    assert on_or_before(date(2027, 1, 2), works) == date(2026, 12, 28)
    assert on_or_after(date(2026, 12, 30), works) == date(2027, 1, 4)


def test_a_business_day_stays_where_it_is() -> None:
    works = business_days_in("Asia/Tokyo")
    assert (
        on_or_before(date(2026, 10, 14), works)
        == on_or_after(date(2026, 10, 14), works)
        == date(2026, 10, 14)
    )


def test_japanese_holidays_are_japans_only() -> None:
    works = business_days_in("America/New_York")
    days = [date(2026, 5, 4) + timedelta(days=n) for n in range(7)]
    assert [works(day) for day in days] == [True] * 5 + [False] * 2
    assert works is is_weekday
