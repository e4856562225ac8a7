"""Pace: achievement beside the share of the time that has gone between the start and the achieve-by."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from minori.indicators.reasons import Reason, Rule
from minori.indicators.results import Formula, Outcome, Value, no_value


@dataclass(frozen=True, slots=True)
class Pace:
    """Achievement and time gone, side by side. `ahead` is their difference in the same measure; None without both."""

    achievement: Outcome
    time: Outcome

    @property
    def ahead(self) -> Fraction | None:
        """Achievement less the share of time gone: negative is behind."""
        if isinstance(self.achievement, Value) and isinstance(self.time, Value):
            return self.achievement.value - self.time.value
        return None


def pace(achievement: Outcome, *, starts_on: date | None, achieve_by: date | None, today: date) -> Pace:
    """Achievement beside the time gone by the end of a day."""
    return Pace(achievement, time_gone(starts_on=starts_on, achieve_by=achieve_by, today=today))


def time_gone(*, starts_on: date | None, achieve_by: date | None, today: date) -> Outcome:
    """Days gone ÷ days in all, both days included. Time ends: after the achieve-by all of it has gone."""
    if starts_on is None or achieve_by is None:
        return no_value(Reason.NO_DATES, rule=Rule.TIME)
    if achieve_by <= starts_on:
        return no_value(Reason.NO_TIME, rule=Rule.TIME)
    if today < starts_on:
        return no_value(Reason.NOT_BEGUN, rule=Rule.TIME)
    days = (achieve_by - starts_on).days + 1
    gone = min((today - starts_on).days + 1, days)
    return Value(Fraction(gone, days), "", Formula(Rule.TIME, f"{gone} ÷ {days}"))
