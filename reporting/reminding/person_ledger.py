"""Every mail to one person of an organization: reminders, what waits for them, notices, and what became of each."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from minori.accounts.models import Membership
from minori.audit.models import Event
from minori.mail import laddering, ladders
from minori.mail import queries as mail_queries
from minori.mail.enums import Kind, Ladder
from minori.mail.models import LedgerEntry, Message
from minori.mail.waiting_models import WaitingStep
from minori.programmes.enums import DeadlineState
from minori.programmes.holiday_lists import works_by
from minori.programmes.holidays import business_days_in
from minori.programmes.models import Deadline, Programme
from reporting.reminding import queries, saying

MOST = 300
"""Lines that the page shows; older ones stand on the pages of their reports."""

MOST_COMING = 12
"""Reminders to come that the page shows: later ones stand on the pages of their reports."""

_EVENT = re.compile(r"^(?:event|handover):(\d+):")


@dataclass(frozen=True)
class Line:
    """One step or notice. `decided` is what was decided where no mail was written, with its reason."""

    at: datetime
    deadline: Deadline | None
    mail: Message | None
    decided: LedgerEntry | WaitingStep | None = None

    @property
    def step(self) -> str:
        """The step in words; "" for a notice."""
        return saying.named(self.decided.step) if self.decided else ""


@dataclass(frozen=True)
class Coming:
    """A reminder that is still to come, and the day on which it goes out. `asks`: not before the officer's yes."""

    on: date
    deadline: Deadline
    step: str
    asks: bool


def coming(member: Membership, *, programmes: Collection[Programme], at: datetime) -> list[Coming]:
    """The reminders to come to a person about the organization's reports, from tomorrow on, the next one first.

    None where the person is not written to. Five queries for any number of reports, two more for lists of holidays.
    """
    if not mail_queries.is_writer(member):
        return []
    waited = (
        Deadline.objects.awaiting_the_organization()
        .filter(organization=member.organization_id, grant__programme__in=programmes)
        .select_related("grant__programme__distributor", "round")
    )
    deadlines = list(waited.order_by("due_on", "pk"))
    ladder_of = laddering.of_all({one.grant.programme for one in deadlines})
    lists = {one.grant.programme.holidays_id for one in deadlines}
    works = works_by([pk for pk in lists if pk is not None])
    decided: dict[tuple[int, int], set[str]] = defaultdict(set)
    entries = LedgerEntry.objects.filter(deadline__in=deadlines).order_by("pk")
    for pk, version, step in entries.values_list("deadline_id", "due_version", "step"):
        decided[pk, version].add(step)
    found = []
    for one in deadlines:
        programme = one.grant.programme
        today = programme.distributor.local_date(at)
        listed = works.get(programme.holidays_id) if programme.holidays_id else None
        turns = ladders.course(
            ladder_of[programme.pk].rungs[
                Ladder.RETURN if one.state == DeadlineState.RETURNED else Ladder.DUE
            ],
            opens_on=one.round.opens_on,
            due_on=one.effective_due_on,
            today=today,
            works=listed or business_days_in(programme.distributor.time_zone),
            decided=frozenset(decided[one.pk, one.due_version]),
        )
        found += [
            Coming(day, one, saying.step(turn.speaks), turn.speaks.asks_officer)
            for day, turn in turns
            if day > today
        ]
    return sorted(found, key=lambda one: (one.on, one.deadline.pk))


def of(member: Membership, *, programmes: Collection[Programme], at: datetime) -> list[Line]:
    """What those programmes wrote, or decided not to write, to a person about the organization, newest first.

    Five queries for any number of mails. What other distributors wrote is left out, and so is what the organization
    settles inside.
    """
    person, organization = member.person_id, member.organization_id
    steps = LedgerEntry.objects.filter(
        person=person, deadline__organization=organization, deadline__grant__programme__in=programmes
    ).select_related("message", "deadline__round", "deadline__grant__programme__distributor")
    ours = Q(grant__organization=organization) | Q(deadline__organization=organization)
    waiting = WaitingStep.objects.filter(ours, person=person, programme__in=programmes).select_related(
        "message", "deadline__round", "deadline__grant"
    )
    decided: list[LedgerEntry | WaitingStep] = [
        *queries.with_days(list(steps.order_by("-decided_at", "-pk")[:MOST]), at=at),
        *waiting.order_by("-decided_at", "-pk")[:MOST],
    ]
    lines = [Line(one.decided_at, one.deadline, one.message, one) for one in decided]
    lines += _notices(member, programmes, known={one.mail.pk for one in lines if one.mail})
    return sorted(lines, key=lambda one: one.at, reverse=True)[:MOST]


def _notices(member: Membership, programmes: Collection[Programme], *, known: set[int]) -> list[Line]:
    mails = Message.objects.filter(person=member.person_id, kind=Kind.NOTICE).exclude(pk__in=known)
    found = list(mails.order_by("-created_at", "-pk")[:MOST])
    about = {one.pk: int(match[1]) for one in found if (match := _EVENT.match(one.key))}
    told = Event.objects.for_desk().filter(
        pk__in=about.values(),
        organization_id=member.organization_id,
        programme_id__in=[one.pk for one in programmes],
    )
    events: Mapping[int, int | None] = dict(told.values_list("pk", "deadline_id"))
    related = Deadline.objects.select_related("round", "grant")
    deadlines = related.in_bulk([pk for pk in set(events.values()) if pk is not None])
    return [
        Line(one.created_at, deadlines.get(events[about[one.pk]] or 0), one)
        for one in found
        if about.get(one.pk) in events
    ]
