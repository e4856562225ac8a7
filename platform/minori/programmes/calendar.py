"""Rounds proposed from a programme's dates: half-years of the distributor's fiscal year (in Japan April to March)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from minori.indicators.fiscal import FiscalCalendar
from minori.programmes.enums import RoundKind
from minori.programmes.holidays import BusinessDay, is_business_day_in_japan, on_or_after

DAYS_TO_REPORT = 14
"""Days after the end of a period until its report is due, as proposed; the officer changes what does not fit."""

JAPANESE = FiscalCalendar()
"""April to March, named by the year of its April (年度)."""
HALF = 6


FIRST_YEAR, LAST_YEAR = 1990, 2150
"""Years that dates of grants can lie in: 9999 for "no end" and slips of the finger are no dates to count days from."""


def sane_day(day: date) -> None:
    """Raises ValidationError, with a sentence, for a day in a year that nobody means."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = _("Check the year: write a date between %(first)s and %(last)s.")
        raise ValidationError(message, params={"first": FIRST_YEAR, "last": LAST_YEAR})


@dataclass(frozen=True)
class ProposedRound:
    """A round as the calendar suggests it; nothing is stored."""

    number: int
    kind: RoundKind
    year: int
    first_half: bool
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    counted_due_on: date
    """The due date as counted from the period's end; where offices do not work then, `due_on` is the next day they do."""

    @property
    def title(self) -> str:
        """The field's own name of the round, in Japanese as on the official form."""
        half = "上期" if self.first_half else "下期"
        if self.kind is RoundKind.COMPLETION:
            return "事業完了報告"
        name = "進捗報告" if self.first_half else "年度末報告"
        return f"{name}（{self.year}年度目{half}）"

    @property
    def title_in_english(self) -> str:
        """Its name for a distributor outside Japan, whose form has no official names."""
        if self.kind is RoundKind.COMPLETION:
            return "Completion report"
        half = "first half" if self.first_half else "second half"
        name = "Progress report" if self.first_half else "Year-end report"
        return f"{name} (year {self.year}, {half})"


def propose_rounds(
    *,
    starts_on: date,
    ends_on: date,
    works: BusinessDay = is_business_day_in_japan,
    calendar: FiscalCalendar = JAPANESE,
) -> list[ProposedRound]:
    """The half-years that touch a programme: 進捗報告 for the first half of each fiscal year, 年度末報告 for the
    second, 事業完了報告 for the last one. Periods are cut to the programme's dates; year 1 is the fiscal year it
    starts in. Nothing is due on a day on which offices do not work (`works`).
    """
    rounds: list[ProposedRound] = []
    first_year = calendar.year_of(starts_on)
    day = starts_on
    while day <= ends_on:
        end = min(half_year_end(day, calendar), ends_on)
        first_half = day <= _first_half_end(day, calendar)
        last = end == ends_on
        counted = end + timedelta(days=DAYS_TO_REPORT)
        kind = RoundKind.COMPLETION if last else RoundKind.PROGRESS if first_half else RoundKind.YEAR_END
        rounds.append(
            ProposedRound(
                number=len(rounds) + 1,
                kind=kind,
                year=calendar.year_of(day) - first_year + 1,
                first_half=first_half,
                starts_on=day,
                ends_on=end,
                opens_on=end + timedelta(days=1),
                due_on=on_or_after(counted, works),
                counted_due_on=counted,
            )
        )
        day = end + timedelta(days=1)
    return rounds


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year (年度) a day is in: April to March, named by the year of its April."""
    return JAPANESE.year_of(day)


def half_year_end(day: date, calendar: FiscalCalendar = JAPANESE) -> date:
    """Last day of the fiscal half-year a day is in."""
    first = _first_half_end(day, calendar)
    return first if day <= first else calendar.ends_on(calendar.year_of(day))


def _first_half_end(day: date, calendar: FiscalCalendar) -> date:
    """Last day of the first half of the fiscal year a day is in."""
    year = calendar.year_of(day)
    month = calendar.first_month + HALF
    follows = date(year, month, 1) if month <= 12 else date(year + 1, month - 12, 1)  # noqa: PLR2004 - months
    return follows - timedelta(days=1)
