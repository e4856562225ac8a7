"""Every mail about one report: what was decided about each step, what became of the mails, and what is to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from minori.audit.models import Event
from minori.mail import laddering
from minori.mail.enums import Kind, Ladder
from minori.mail.ladders import Rung
from minori.mail.models import LedgerEntry, Message
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.programmes.models import Deadline
from reporting.reminding import preview, queries

MOST = 300
"""Mails and events of one report that a page shows."""


@dataclass(frozen=True)
class Coming:
    """A step that is still to come, and the day it falls on."""

    on: date
    rung: Rung


def entries_of(deadline: Deadline, *, at: datetime) -> Sequence[LedgerEntry]:
    """What was decided about the report's steps, newest first; with `goes_out_on` for those that were allowed."""
    found = LedgerEntry.objects.filter(deadline=deadline).select_related("person", "message")
    entries = list(found.order_by("-decided_at", "-pk")[:MOST])
    for one in entries:
        one.deadline = deadline
    return queries.with_days(entries, at=at)


def notices_of(deadline: Deadline) -> Sequence[Message]:
    """Notices about what happened to the report, newest first, without what the organization settles inside."""
    events = Event.objects.for_desk().filter(deadline_id=deadline.pk).order_by("-pk")
    keys = [f"event:{pk}:" for pk in events.values_list("pk", flat=True)[:MOST]]
    if not keys:
        return []
    about = reduce(or_, (Q(key__startswith=key) for key in keys))
    notices = Message.objects.filter(about, kind=Kind.NOTICE).select_related("person")
    return list(notices.order_by("-created_at", "-pk")[:MOST])


def coming(deadline: Deadline, *, at: datetime) -> Sequence[Coming]:
    """The steps to come, on the days on which they go out; none once the report is in."""
    if deadline.state not in OPEN_STATES:
        return []
    programme = deadline.grant.programme
    ladder = Ladder.RETURN if deadline.state == DeadlineState.RETURNED else Ladder.DUE
    today = programme.distributor.local_date(at)
    course = preview.coming(deadline, laddering.of(programme).rungs[ladder], at=at)
    return [Coming(day, turn.speaks) for day, turn in course if day > today]
