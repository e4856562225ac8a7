"""Business days: when reminders go out. Pure."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from functools import cache

import jpholiday

BusinessDay = Callable[[date], bool]
"""Whether offices work on a day."""

_ONE_DAY = timedelta(days=1)
_JAPAN = "Asia/Tokyo"

TURN_OF_THE_YEAR = "年末年始"
"""What the days from 29 December to 3 January are called, which are no national holidays but for New Year."""


def is_in_japan(time_zone: str) -> bool:
    """Whether a time zone is Japan's, where the official form's own names are the ones to propose."""
    return time_zone == _JAPAN


def business_days_in(time_zone: str) -> BusinessDay:
    """The calendar of offices in a time zone (IANA name): Japan's holidays in Asia/Tokyo, elsewhere weekends only."""
    return is_business_day_in_japan if time_zone == _JAPAN else is_weekday


def business_days_without(holidays: Collection[date], *, weekend: Collection[int]) -> BusinessDay:
    """The calendar of offices that keep these holidays, and these days of every week (Monday is 0)."""
    off, week = frozenset(holidays), frozenset(weekend)
    return lambda day: day.weekday() not in week and day not in off


@cache
def is_business_day_in_japan(day: date) -> bool:
    """Not a Saturday, a Sunday, a national holiday, or one of 29 December to 3 January.

    Sources: 国民の祝日に関する法律, and 行政機関の休日に関する法律 for the turn of the year.
    """
    turn_of_the_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return is_weekday(day) and not turn_of_the_year and not jpholiday.is_holiday(day)


def holiday_name(day: date, time_zone: str) -> str:
    """The holiday's own name where it is one (「こどもの日」, or 「年末年始」), else ""; weekends have none."""
    if time_zone != _JAPAN:
        return ""
    if name := jpholiday.is_holiday_name(day):
        return str(name)
    return TURN_OF_THE_YEAR if is_weekday(day) and not is_business_day_in_japan(day) else ""


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5  # noqa: PLR2004 - Saturday is 5


def on_or_before(day: date, works: BusinessDay) -> date:
    """The day itself, else the last business day before it."""
    while not works(day):
        day -= _ONE_DAY
    return day


def on_or_after(day: date, works: BusinessDay) -> date:
    """The day itself, else the first business day after it."""
    while not works(day):
        day += _ONE_DAY
    return day
