"""A mid-term round that is set up after rounds were compiled."""

from datetime import date, datetime

from minori.programmes.enums import RoundKind
from minori.programmes.models import Programme
from reporting.setup import programmes as setting_up
from tests.factories import numbers


def mid_term(programme: Programme, *, at: datetime) -> None:
    """The officer adds the mid-term evaluation of April 2027."""
    facts = setting_up.RoundFacts(
        kind=RoundKind.MID_TERM,
        title="中間評価",
        period_starts_on=date(2027, 4, 1),
        period_ends_on=date(2027, 4, 30),
        opens_on=date(2027, 5, 1),
        due_on=date(2027, 5, 14),
        edition="2020",
        edition_version=1,
    )
    setting_up.add_round(programme, facts=facts, by=numbers.OFFICER, at=at)
