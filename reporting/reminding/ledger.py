"""Every mail about one report: what was decided about each step, what became of the mails, and what is to come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from minori.audit.models import Event
from minori.mail import laddering
from minori.mail.enums import Kind
from minori.mail.models import LedgerEntry, Message
from minori.programmes.models import Deadline
from reporting.reminding import preview, queries, saying

MOST = 300
"""Mails and events of one report that a page shows."""


def entries_of(deadline: Deadline, *, at: datetime) -> Sequence[LedgerEntry]:
    """What was decided about the report's steps, newest first; with `step_words`, and `goes_out_on` for those allowed."""
    found = LedgerEntry.objects.filter(deadline=deadline).select_related("person", "message")
    entries = list(found.order_by("-decided_at", "-pk")[:MOST])
    for one in entries:
        one.deadline = deadline
        vars(one)["step_words"] = saying.named(one.step)
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


def coming(deadline: Deadline, *, at: datetime, language: str) -> preview.Preview:
    """Whom the report's mails go to, and those to come from tomorrow on; none once the report is in."""
    found = preview.of(deadline, laddering.of(deadline.grant.programme).rungs, at=at, language=language)
    today = deadline.grant.programme.distributor.local_date(at)
    return replace(found, lines=[line for line in found.lines if line.on > today])
