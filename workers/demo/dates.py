"""When everything in the current programme happens, seen from today. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from minori.programmes.calendar import fiscal_year
from minori.programmes.holidays import is_business_day_in_japan, on_or_before
from minori.programmes.proposing import ProposedRound, propose_rounds

TOKYO = ZoneInfo("Asia/Tokyo")
YEARS = 3
_SETTLED = 3
"""Days a round must be due for at least, so that some are late and some overdue."""
_FRESH = 4
"""Days before today at which the current round is due at the earliest: the demo is never about last spring."""
_APRIL = 4


@dataclass(frozen=True)
class Dates:
    """The programme's days. `last` and `now` are the first two rounds; `due_on` is the due date of `now`."""

    starts_on: date
    ends_on: date
    rounds: tuple[ProposedRound, ...]
    due_on: date

    @property
    def closes_on(self) -> date:
        """The closing date of the current round: three weeks after its due date."""
        return self.due_on + timedelta(days=21)

    @property
    def last(self) -> ProposedRound:
        """The round before the current one."""
        return self.rounds[0]

    @property
    def now(self) -> ProposedRound:
        """The round that everything in the demo is about."""
        return self.rounds[1]

    @property
    def words(self) -> dict[str, str]:
        """What stands for the placeholders of the texts."""
        return {
            "end": f"{_month(self.now.ends_on)}末",
            "last_end": f"{_month(self.last.ends_on)}末",
            "end_month": f"{self.now.ends_on.month}月",
            "year": f"{fiscal_year(self.now.ends_on)}年度",
            "goal": _month(self.ends_on),
            "half_goal": _month(self.rounds[3].ends_on),
        }


def around(today: date) -> Dates:
    """A programme of three years that began one round before the one whose reports came in lately.

    Rounds are those the calendar proposes; the current one's due date is moved, as an officer might, to the
    business day four days before today where the proposed one is longer ago.
    """
    latest = today - timedelta(days=_SETTLED)
    begins = date(today.year - 2, _APRIL, 1)
    while True:
        ends = date(begins.year + YEARS, begins.month, 1) - timedelta(days=1)
        rounds = propose_rounds(starts_on=begins, ends_on=ends)
        if rounds[2].due_on > latest:
            break
        begins = rounds[1].starts_on
    due_on = max(
        rounds[1].due_on, on_or_before(today - timedelta(days=_FRESH), works=is_business_day_in_japan)
    )
    return Dates(starts_on=begins, ends_on=ends, rounds=tuple(rounds), due_on=due_on)


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A time of that day in Tokyo."""
    return datetime.combine(day, time(hour, minute), tzinfo=TOKYO)


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"
