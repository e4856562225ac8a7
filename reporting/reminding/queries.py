"""What the pages about reminders show, as plain values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.models import Membership
from minori.mail import addresses, asking
from minori.mail import queries as mails
from minori.mail.enums import MessageState, Outcome
from minori.mail.models import LedgerEntry
from minori.organizations.enums import OrganizationState
from minori.programmes.enums import DeadlineState
from minori.programmes.holiday_lists import works_in
from minori.programmes.models import Deadline, Grant, Programme

TROUBLED = (MessageState.FAILED, MessageState.UNCERTAIN, MessageState.BOUNCED)
LOOKS_BACK = timedelta(days=60)
"""Refused mails older than this are history; they stand on the page of their report."""

LOOKS_AHEAD = timedelta(days=30)
"""So long before a report opens it is told that nobody can be reminded of it."""


@dataclass(frozen=True)
class Line:
    """One report whose reminders wait for a word, with a mail to each of its people."""

    deadline: Deadline
    entries: Sequence[LedgerEntry]
    days_late: int

    @property
    def distributor_id(self) -> int:
        """Whose report it is."""
        return self.deadline.grant.programme.distributor_id


def lines_of(entries: Sequence[LedgerEntry], *, at: datetime) -> list[Line]:
    """Entries by report, in the order given; those of one report stand together."""
    lines = []
    for _pk, group in groupby(entries, key=lambda entry: entry.deadline_id):
        some = list(group)
        deadline = some[0].deadline
        today = deadline.grant.programme.distributor.local_date(at)
        lines.append(Line(deadline, some, max(0, -deadline.days_left(today))))
    return lines


def with_days(entries: Sequence[LedgerEntry], *, at: datetime) -> Sequence[LedgerEntry]:
    """The entries; those that were allowed have `goes_out_on`, the day of the mail that takes them along."""
    days = asking.goes_out_on(entries, at=at)
    for one in entries:
        vars(one)["goes_out_on"] = days.get(one.pk)
    return entries


def moved(chosen: Sequence[LedgerEntry], *, at: datetime) -> list[tuple[date, list[str]]]:
    """Whose reminders of those just allowed wait for another day because of today's mail: day and names."""
    allowed = LedgerEntry.objects.filter(pk__in=[one.pk for one in chosen], outcome=Outcome.ALLOWED)
    related = ("person", "deadline__grant__programme__distributor")
    found: dict[date, list[str]] = {}
    entries = list(allowed.select_related(*related).order_by("pk"))
    for one in with_days(entries, at=at):
        programme = one.deadline.grant.programme
        today, day = programme.distributor.local_date(at), vars(one)["goes_out_on"]
        if one.person and day and day > today and works_in(programme)(today):
            found.setdefault(day, []).append(one.person.name)
    return [(day, list(dict.fromkeys(names))) for day, names in sorted(found.items())]


@dataclass(frozen=True)
class Unheard:
    """A report that nobody can be reminded of; `due_on` is the date in force."""

    organization: str
    slug: str
    round: str
    due_on: date


HEARD = """(m.ended_at IS NULL AND m.role = ANY(%(writers)s) AND u.is_active IS NOT FALSE
    AND lower(p.email) NOT IN (SELECT address FROM mail_flaggedaddress WHERE cleared_at IS NULL))"""
"""Whether mails reach the writer of a membership `m` with person `p` and user `u`, in a statement that is given `WRITERS`:
as `mails.writers_of` and `addresses.flagged_people` have it."""

WRITERS = {"writers": [str(one) for one in WRITING_ROLES]}

_OF_NOBODY = """
    SELECT o.name, o.slug, r.title,
        coalesce(CASE WHEN d.state = %(returned)s THEN d.returned_due_on END, d.extended_to, d.due_on)
    FROM programmes_deadline d
    JOIN programmes_round r ON r.id = d.round_id AND r.programme_id = ANY(%(programmes)s)
    JOIN organizations_organization o ON o.id = d.organization_id AND o.state = %(active)s
    WHERE d.state IN (%(awaiting)s, %(returned)s) AND r.opens_on <= %(until)s AND NOT EXISTS (
        SELECT FROM accounts_membership m
        JOIN accounts_person p ON p.id = m.person_id
        LEFT JOIN accounts_user u ON u.id = p.user_id
        WHERE m.organization_id = d.organization_id AND {heard})
    ORDER BY d.due_on, d.id"""


def of_nobody(programmes: Collection[Programme], *, at: datetime) -> Sequence[Unheard]:
    """Reports that are waited for, or soon will be, of organizations without an active editor or approver whom mails
    reach; one query, which reads these alone."""
    given: dict[str, Any] = {
        "programmes": [one.pk for one in programmes],
        "awaiting": str(DeadlineState.AWAITING),
        "returned": str(DeadlineState.RETURNED),
        "active": str(OrganizationState.ACTIVE),
        "until": at.date() + LOOKS_AHEAD,
        **WRITERS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OF_NOBODY.format(heard=HEARD), given)
        return [Unheard(*one) for one in cursor.fetchall()]


def is_silent(members: Iterable[Membership]) -> bool:
    """Whether an organization has no active editor or approver whom mails reach; `members` are all of its active ones,
    with person and user. One query."""
    heard = [one.person.email for one in members if mails.is_writer(one)]
    return not {one.lower() for one in heard} - addresses.flagged(heard).keys()


def flagged(programmes: Collection[Programme]) -> Sequence[Membership]:
    """People of the programmes' organizations whose mails do not arrive, each once with the `flag`; two queries."""
    houses = Grant.objects.filter(programme__in=programmes).values("organization")
    known = Membership.objects.active().filter(organization__in=houses)
    found = known.select_related("person", "organization").order_by(
        "organization__name_kana", "person__name", "pk"
    )
    once = {(one.organization_id, one.person_id): one for one in addresses.with_flags(found)}
    return [one for one in once.values() if vars(one)["flag"]]


def troubled(programmes: Collection[Programme], *, at: datetime) -> Sequence[LedgerEntry]:
    """Reminders that were refused or came back, or of which nobody knows whether they arrived, newest first; one query."""
    found = LedgerEntry.objects.filter(
        deadline__grant__programme__in=programmes,
        decided_at__gte=at - LOOKS_BACK,
        message__state__in=TROUBLED,
    ).select_related("person", "message", "deadline__organization", "deadline__round")
    return list(found.order_by("-decided_at", "-pk")[:100])
