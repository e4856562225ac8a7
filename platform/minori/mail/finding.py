"""What a sweep has to look at, found by PostgreSQL: reports whose newest step is undecided for somebody.

Python works out the steps once for each set of equal dates (business days are its own), SQL does all that grows with the
number of reports. So a sweep that finds nothing to do, as most do, costs little more than the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from minori.accounts.enums import WRITING_ROLES
from minori.mail import ladders, queries
from minori.mail.enums import Ladder, Outcome
from minori.mail.ladders import Rung
from minori.organizations.enums import OrganizationState
from minori.programmes.enums import DeadlineState
from minori.programmes.holiday_lists import works_by
from minori.programmes.holidays import BusinessDay, business_days_in
from minori.programmes.models import Deadline


@dataclass(frozen=True)
class Dates:
    """What the steps of many reports have in common: round, state, opening, effective due date, clock and calendar."""

    round_id: int
    programme_id: int
    state: str
    opens_on: date
    due_on: date
    zone: str
    holidays_id: int | None

    @property
    def key(self) -> str:
        """Its name in the question to PostgreSQL."""
        return f"{self.round_id}:{self.state}:{self.due_on}"

    @property
    def ladder(self) -> Ladder:
        """The ladder their steps are on."""
        return Ladder.RETURN if self.state == DeadlineState.RETURNED else Ladder.DUE


_FIND = """
WITH speaks AS (
    SELECT * FROM unnest(%(keys)s::text[], %(steps)s::text[]) AS given(key, step)
), waited AS (
    SELECT d.id, d.organization_id, d.due_version, speaks.step
    FROM programmes_deadline d
    JOIN organizations_organization o ON o.id = d.organization_id AND o.state = %(active)s
    JOIN speaks ON speaks.key COLLATE "C" = d.round_id || ':' || d.state || ':' || (CASE WHEN d.state = %(returned)s
        THEN coalesce(d.returned_due_on, d.extended_to, d.due_on) ELSE coalesce(d.extended_to, d.due_on) END)
    WHERE d.state IN (%(awaiting)s, %(returned)s)
), writers AS (
    SELECT m.organization_id, m.person_id
    FROM accounts_membership m
    JOIN accounts_person p ON p.id = m.person_id
    LEFT JOIN accounts_user u ON u.id = p.user_id
    WHERE m.ended_at IS NULL AND m.role = ANY(%(roles)s) AND u.is_active IS NOT FALSE
)
SELECT waited.id FROM waited JOIN writers USING (organization_id) WHERE NOT EXISTS (
    SELECT FROM mail_ledgerentry l WHERE l.deadline_id = waited.id AND l.step = waited.step
    AND l.due_version = waited.due_version AND l.person_id = writers.person_id
)
UNION
SELECT waited.id FROM waited WHERE NOT EXISTS (
    SELECT FROM writers WHERE writers.organization_id = waited.organization_id
) AND NOT EXISTS (
    SELECT FROM mail_ledgerentry l WHERE l.deadline_id = waited.id AND l.step = waited.step
    AND l.due_version = waited.due_version AND l.person_id IS NULL
)
UNION
SELECT l.deadline_id
FROM mail_ledgerentry l
JOIN programmes_deadline d ON d.id = l.deadline_id
WHERE l.outcome = %(allowed)s OR l.outcome = %(asked)s AND NOT EXISTS (
    SELECT FROM writers WHERE writers.organization_id = d.organization_id AND writers.person_id = l.person_id
)
"""
# one key instead of three columns: for three the planner expects a single report, and goes through the rest row by row; "C":
# keys are sorted byte by byte, which costs a fraction of the rules of a language

_MEMORY = "64MB"
"""For this question alone: with PostgreSQL's usual 4 MB tens of thousands of reports are sorted on the disk, and the ledger
is looked up row by row."""


def to_look_at(at: datetime) -> set[int]:
    """Reports about which a sweep at this moment has something to decide, or whose allowed or asked steps it has to move;
    six queries at most, however many reports are waited for."""
    speaks = _speaking(at)
    given: dict[str, Any] = {
        "keys": [one.key for one in speaks],
        "steps": [rung.key for rung in speaks.values()],
        "roles": sorted(WRITING_ROLES),
        "active": OrganizationState.ACTIVE.value,
        "awaiting": DeadlineState.AWAITING.value,
        "returned": DeadlineState.RETURNED.value,
        "allowed": Outcome.ALLOWED.value,
        "asked": Outcome.ASKED.value,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [_MEMORY])
        cursor.execute(_FIND, given)
        return {pk for (pk,) in cursor.fetchall()}


def _speaking(at: datetime) -> Mapping[Dates, Rung]:
    """The step that speaks now of the reports with these dates; dates of which nothing is said now are left out."""
    rows = _dates(at)
    rungs = queries.rungs_of({one.programme_id for one in rows})
    own = works_by({one.holidays_id for one in rows if one.holidays_id})
    found = {}
    for one in rows:
        zone = ZoneInfo(one.zone)
        works: BusinessDay = own[one.holidays_id] if one.holidays_id else business_days_in(one.zone)
        if ladders.is_sending_time(at, zone=zone, works=works):
            come = ladders.reached(
                rungs.get((one.programme_id, one.ladder), ()),
                opens_on=one.opens_on,
                due_on=one.due_on,
                today=at.astimezone(zone).date(),
                works=works,
            )
            if come:
                found[one] = come[-1]
    return found


def _dates(at: datetime) -> Sequence[Dates]:
    """Every different set of dates of the reports that are waited for; one query."""
    # the checker does not see what with_effective_due_on adds
    rows = (
        Deadline.objects.awaiting_the_organization()
        .with_effective_due_on()
        .filter(round__opens_on__lte=at.date() + timedelta(days=1))
        .order_by("round_id", "state", "effective_due")  # type: ignore[misc]
        .values_list(
            "round_id",
            "round__programme_id",
            "state",
            "round__opens_on",
            "effective_due",
            "round__programme__distributor__time_zone",
            "round__programme__holidays_id",
        )
        .distinct()
    )
    return [Dates(*row) for row in rows]
