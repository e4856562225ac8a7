"""How large an invented scheme is, and when its rounds are. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from minori.programmes.calendar import half_year_end
from minori.programmes.holidays import is_business_day_in_japan, on_or_before
from minori.programmes.proposing import ProposedRound, propose_rounds

Plan = Mapping[str, Any]

ROUNDS = 6
"""A project of three years reports six times."""
_SETTLED = 4  # days since the last round was due


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many organizations, in programmes of how many, with how much to say, and how often.

    `complete`: everybody has handed in every round; otherwise the last round is as in life. `plans` are frameworks to
    use instead of invented ones, one JSON object each (`rows` with `level`, `statement`, `indicator`, `target`…); their
    own indicators count then.
    """

    organizations: int
    per_programme: int = 0
    rounds: int = ROUNDS
    indicators: int = 20
    seed: int = 1
    complete: bool = False
    plans: tuple[Plan, ...] = ()

    @property
    def programmes(self) -> int:
        """How many programmes there are; each has a distributor of its own."""
        return -(-self.organizations // (self.per_programme or self.organizations))

    def numbers(self, programme: int) -> range:
        """The organizations of a programme, both counted from 0."""
        each = self.per_programme or self.organizations
        return range(programme * each, min((programme + 1) * each, self.organizations))


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of every programme of the scheme; the last round was due a few days before today."""

    starts_on: date
    ends_on: date
    rounds: tuple[ProposedRound, ...]
    last_due_on: date

    def due_on(self, number: int) -> date:
        """When a round is due; `number` counts from 1."""
        return self.last_due_on if number == len(self.rounds) else self.rounds[number - 1].due_on


def dates(today: date, *, rounds: int) -> Dates:
    """Half-years in a row, of which the last has ended and its reports were due."""
    latest = today - timedelta(days=_SETTLED)
    begins = date(today.year - rounds // 2 - 2, 4, 1)
    while True:
        ends = begins
        for _half in range(max(rounds, ROUNDS)):
            ends = half_year_end(ends) + timedelta(days=1)
        proposed = propose_rounds(starts_on=begins, ends_on=ends - timedelta(days=1))[:rounds]
        after = half_year_end(begins) + timedelta(days=1)
        if half_year_end(proposed[-1].ends_on + timedelta(days=1)) + timedelta(days=20) > latest:
            break
        begins = after
    due_on = max(proposed[-1].due_on, on_or_before(latest, works=is_business_day_in_japan))
    return Dates(begins, ends - timedelta(days=1), tuple(proposed), due_on)
