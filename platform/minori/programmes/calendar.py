"""The fiscal year (in Japan April to March), its equal parts, and years that dates can lie in."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from minori.indicators.fiscal import FiscalCalendar

JAPANESE = FiscalCalendar()
"""April to March, named by the year of its April (年度)."""
YEAR, HALF = 12, 6
"""Months."""

FIRST_YEAR, LAST_YEAR = 1990, 2150
"""Years that dates of grants can lie in: 9999 for "no end" and slips of the finger are no dates to count days from."""


def sane_day(day: date) -> None:
    """Raises ValidationError, with a sentence, for a day in a year that nobody means."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = _("Check the year: write a date between %(first)s and %(last)s.")
        raise ValidationError(message, params={"first": FIRST_YEAR, "last": LAST_YEAR})


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year (年度) a day is in: April to March, named by the year of its April."""
    return JAPANESE.year_of(day)


def half_year_end(day: date, calendar: FiscalCalendar = JAPANESE) -> date:
    """Last day of the fiscal half-year a day is in."""
    return part_end(day, HALF, calendar)


def part_of(day: date, months: int, calendar: FiscalCalendar = JAPANESE) -> int:
    """Which part of its fiscal year a day is in, from 1, where a part is so many months (a divisor of 12)."""
    return (day.month - calendar.first_month) % YEAR // months + 1


def part_end(day: date, months: int, calendar: FiscalCalendar = JAPANESE) -> date:
    """Last day of the part of the fiscal year that a day is in; of so many months, a divisor of 12."""
    begins = calendar.starts_on(calendar.year_of(day))
    ahead = begins.month - 1 + part_of(day, months, calendar) * months
    return date(begins.year + ahead // YEAR, ahead % YEAR + 1, 1) - timedelta(days=1)
