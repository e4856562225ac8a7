"""Rounds proposed from a programme's dates: parts of the distributor's fiscal year, each due by one rule."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from minori.indicators.fiscal import FiscalCalendar
from minori.programmes.calendar import HALF, JAPANESE, YEAR, part_end, part_of
from minori.programmes.enums import RoundKind
from minori.programmes.holidays import BusinessDay, is_business_day_in_japan, on_or_after

_DAY = timedelta(days=1)


class Rhythm(models.TextChoices):
    """How often reports are asked for."""

    HALF_YEAR = "half_year", _("every half-year")
    QUARTER = "quarter", _("every quarter")
    MONTH = "month", _("every month")
    OWN = "own", _("own dates, typed in by hand")

    @property
    def months(self) -> int:
        """How many months a period has; 0 where periods are typed by hand."""
        return {Rhythm.HALF_YEAR: HALF, Rhythm.QUARTER: 3, Rhythm.MONTH: 1}.get(self, 0)


class Due(models.TextChoices):
    """By which rule a report is due; some count with a number."""

    DAYS = "days", _("so many days after the period")
    BUSINESS_DAYS = "business_days", _("so many business days after the period")
    FIXED_DAY = "fixed_day", _("on a fixed day of the following month")
    MONTH_END = "month_end", _("on the last day of the following month")
    PERIOD_END = "period_end", _("on the last day of the period")


COUNTS = frozenset({Due.DAYS, Due.BUSINESS_DAYS, Due.FIXED_DAY})
"""Rules that need a number."""


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a report is due. `number` is of days, of business days, or the day of the month (31: its last day)."""

    kind: Due = Due.DAYS
    number: int = 14

    def count(self, end: date, works: BusinessDay) -> date:
        """The day that the rule gives for a period that ends on `end`, be it a day off or not."""
        follows = end.replace(day=monthrange(end.year, end.month)[1]) + _DAY
        length = monthrange(follows.year, follows.month)[1]
        if self.kind is Due.PERIOD_END:
            return end
        if self.kind is Due.MONTH_END:
            return follows.replace(day=length)
        if self.kind is Due.FIXED_DAY:
            return follows.replace(day=min(self.number, length))
        if self.kind is Due.DAYS:
            return end + self.number * _DAY
        day = end
        for _number in range(self.number):
            day = on_or_after(day + _DAY, works)
        return day


USUAL = DueRule()
"""The scheme's: fourteen days after the period."""


@dataclass(frozen=True)
class ProposedRound:
    """A round as the calendar suggests it; nothing is stored."""

    number: int
    kind: RoundKind
    rhythm: Rhythm
    year: int
    part: int
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    counted_due_on: date
    """The due date as the rule counts it; where offices do not work then, `due_on` is the next day they do."""

    @property
    def title(self) -> str:
        """The field's own name of the round, in Japanese as on the official form."""
        if self.kind is RoundKind.COMPLETION:
            return "事業完了報告"
        name = "年度末報告" if self.kind is RoundKind.YEAR_END else "進捗報告"
        part = {
            Rhythm.HALF_YEAR: "上期" if self.part == 1 else "下期",
            Rhythm.QUARTER: f"第{self.part}四半期",
        }.get(self.rhythm, f"{self.ends_on.month}月")
        return f"{name}（{self.year}年度目{part}）"

    @property
    def title_in_english(self) -> str:
        """Its name for a distributor outside Japan, whose form has no official names."""
        if self.kind is RoundKind.COMPLETION:
            return "Completion report"
        name = "Year-end report" if self.kind is RoundKind.YEAR_END else "Progress report"
        part = {
            Rhythm.HALF_YEAR: "first half" if self.part == 1 else "second half",
            Rhythm.QUARTER: f"quarter {self.part}",
        }.get(self.rhythm, f"month {self.part}")
        return f"{name} (year {self.year}, {part})"


def propose_rounds(
    *,
    starts_on: date,
    ends_on: date,
    works: BusinessDay = is_business_day_in_japan,
    calendar: FiscalCalendar = JAPANESE,
    rhythm: Rhythm = Rhythm.HALF_YEAR,
    due: DueRule = USUAL,
    after: date | None = None,
) -> list[ProposedRound]:
    """The parts of fiscal years that touch a programme: 年度末報告 for the last part of each year, 事業完了報告 for
    the last of all, 進捗報告 for the others; none for dates typed by hand. `after` a day: the rest of them only.

    Periods are cut to the programme's dates; year 1 is the fiscal year it starts in. A report opens the day after its
    period, on its due date at the latest. Nothing is due on a day on which offices do not work (`works`).
    """
    rounds: list[ProposedRound] = []
    months, first_year = rhythm.months, calendar.year_of(starts_on)
    day = starts_on if after is None else after + _DAY
    while months and day <= ends_on:
        end, part = min(part_end(day, months, calendar), ends_on), part_of(day, months, calendar)
        counted = due.count(end, works)
        due_on = on_or_after(counted, works)
        usual = RoundKind.YEAR_END if part == YEAR // months else RoundKind.PROGRESS
        rounds.append(
            ProposedRound(
                number=len(rounds) + 1,
                kind=RoundKind.COMPLETION if end == ends_on else usual,
                rhythm=rhythm,
                year=calendar.year_of(day) - first_year + 1,
                part=part,
                starts_on=day,
                ends_on=end,
                opens_on=min(end + _DAY, counted),
                due_on=due_on,
                counted_due_on=counted,
            )
        )
        day = end + _DAY
    return rounds


class GivenRound(Protocol):
    """A round that a programme has."""

    period_starts_on: date
    period_ends_on: date
    due_on: date


def propose_next(
    given: Sequence[GivenRound],
    *,
    starts_on: date,
    ends_on: date,
    works: BusinessDay = is_business_day_in_japan,
    calendar: FiscalCalendar = JAPANESE,
) -> ProposedRound | None:
    """The round that follows those that a programme has, in the rhythm and by the rule that most of them came in.

    None where the last one reaches the end of the programme, or where no rhythm fits any of them: own dates are typed.
    """
    if not given:
        return next(
            iter(propose_rounds(starts_on=starts_on, ends_on=ends_on, works=works, calendar=calendar)), None
        )
    last = max(one.period_ends_on for one in given)
    rhythm = _rhythm_of(given, starts_on=starts_on, until=max(last, ends_on), calendar=calendar)
    if rhythm is None:
        return None
    rest = propose_rounds(
        starts_on=starts_on,
        ends_on=ends_on,
        works=works,
        calendar=calendar,
        rhythm=rhythm,
        due=_rule_of(given, works),
        after=last,
    )
    return rest[0] if rest else None


def _rhythm_of(
    given: Iterable[GivenRound], *, starts_on: date, until: date, calendar: FiscalCalendar
) -> Rhythm | None:
    """The rhythm whose periods most of the rounds have, the longer one of two; None where none has one."""
    periods = {(one.period_starts_on, one.period_ends_on) for one in given}
    best, most = None, 0
    for rhythm in (Rhythm.HALF_YEAR, Rhythm.QUARTER, Rhythm.MONTH):
        parts = propose_rounds(starts_on=starts_on, ends_on=until, calendar=calendar, rhythm=rhythm)
        fitting = len(periods & {(one.starts_on, one.ends_on) for one in parts})
        if fitting > most:
            best, most = rhythm, fitting
    return best


def _rule_of(given: Sequence[GivenRound], works: BusinessDay) -> DueRule:
    """The rule that gives most of the due dates; the plainer one of two."""
    rules = [USUAL, DueRule(Due.MONTH_END), DueRule(Due.PERIOD_END)]
    for one in given:
        days = range((one.due_on - one.period_ends_on).days + 1)
        business_days = sum(works(one.period_ends_on + number * _DAY) for number in days[1:])
        rules += [
            DueRule(Due.FIXED_DAY, one.due_on.day),
            DueRule(Due.BUSINESS_DAYS, business_days),
            DueRule(Due.DAYS, max(0, len(days) - 1)),
        ]
    right = Counter(
        {
            rule: sum(
                on_or_after(rule.count(one.period_ends_on, works), works) == one.due_on for one in given
            )
            for rule in rules
        }
    )
    return right.most_common(1)[0][0]
