"""What the pages about reminders show, as plain values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.models import Membership
from minori.mail import addresses, asking
from minori.mail import queries as mails
from minori.mail.enums import MessageState, Outcome
from minori.mail.models import FlaggedAddress, LedgerEntry
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization
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


def of_nobody(programmes: Collection[Programme], *, at: datetime) -> Sequence[Deadline]:
    """Reports that are waited for, or soon will be, of organizations without an active editor or approver whom mails
    reach; one query, which reads these alone."""
    flagged_now = FlaggedAddress.objects.filter(cleared_at=None).values("address")
    heard = (
        Membership.objects.active()
        .filter(organization=OuterRef("organization"), role__in=WRITING_ROLES)
        .exclude(person__user__is_active=False)
        .annotate(lower=Lower("person__email"))
        .exclude(lower__in=flagged_now)
    )
    waited = (
        Deadline.objects.awaiting_the_organization()
        .filter(
            ~Exists(heard),
            grant__programme__in=programmes,
            organization__state=OrganizationState.ACTIVE,
            round__opens_on__lte=at.date() + LOOKS_AHEAD,
        )
        .select_related("organization", "round")
        .order_by("due_on", "pk")
    )
    return list(waited)


def is_silent(organization: Organization) -> bool:
    """Whether an organization has no active editor or approver whom mails reach; two queries."""
    heard = mails.writers_of([organization.pk]).get(organization.pk, [])
    return not set(heard) - addresses.flagged_people(set(heard))


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
