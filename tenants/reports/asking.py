"""An editor asks the approvers to check the report and to hand it in: recorded, mailed, shown where they look."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor, record
from minori.programmes.models import Deadline
from tenants.writing import hold_open

AGAIN_AFTER = timedelta(minutes=10)
"""Within this time a second press of the same person is the same question."""


def ask(deadline: Deadline, *, by: Actor, at: datetime) -> Event:
    """Ask the approvers of the organization; the mail goes out by itself (`minori.mail.notices`).

    The event names the report and nothing else: what happens inside an organization changes nothing on the desk's
    pages. Holds a share of the deadline's lock; raises `tenants.writing.NotOpen` where nothing can be handed in.
    """
    with transaction.atomic():
        hold_open(deadline.pk, at=at)
        last = asked([deadline]).get(deadline.pk)
        if last is not None and last.person_id == by.person_id and at - last.at < AGAIN_AFTER:
            return last
        return record(
            Action.APPROVAL_ASKED,
            by=by,
            at=at,
            organization_id=deadline.organization_id,
            grant_id=deadline.grant_id,
            deadline_id=deadline.pk,
        )


def asked(deadlines: Iterable[Deadline]) -> dict[int, Event]:
    """The last question about each report that was not handed in since, by deadline; one query."""
    known = {one.pk: one for one in deadlines}
    events = Event.objects.filter(action=Action.APPROVAL_ASKED, deadline_id__in=known).order_by("pk")
    newest = {event.deadline_id: event for event in events if event.deadline_id is not None}
    return {pk: event for pk, event in newest.items() if _is_open(known[pk], event)}


def _is_open(deadline: Deadline, event: Event) -> bool:
    filing = deadline.current_filing
    return filing is None or event.at > filing.handed_in_at
