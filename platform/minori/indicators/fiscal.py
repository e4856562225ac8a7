"""Fiscal years by a distributor's calendar: April to March unless it says otherwise."""

from dataclasses import dataclass
from datetime import date, timedelta

APRIL = 4


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """Fiscal years begin on the first of `first_month` and bear the number of the year they begin in (2026年度)."""

    first_month: int = APRIL

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= 12:  # noqa: PLR2004 - months
            message = "a fiscal year begins in one of twelve months"
            raise ValueError(message)

    def year_of(self, day: date) -> int:
        """The fiscal year a day lies in."""
        return day.year if day.month >= self.first_month else day.year - 1

    def starts_on(self, year: int) -> date:
        """The first day of a fiscal year."""
        return date(year, self.first_month, 1) if year >= date.min.year else date.min

    def ends_on(self, year: int) -> date:
        """The last day of a fiscal year."""
        if year >= date.max.year:
            return date.max
        following = self.starts_on(year + 1)
        return following - timedelta(days=1) if following > date.min else date.min
