"""What every step in a report's life has in common: the lock, the refusal, the record."""

from datetime import datetime
from typing import Any

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.filings.models import Filing
from minori.jobs import Job, enqueue
from minori.programmes.models import Deadline


class NotPossibleNow(ValueError):  # noqa: N818 - shown to people as a sentence
    """The report is in a state in which this step cannot be taken; `str()` says so to the person."""


def lock(deadline: Deadline) -> Deadline:
    """The deadline read again under its row lock, with its grant, round and distributor."""
    related = ("grant__programme__distributor", "round")
    return Deadline.objects.select_for_update(of=("self",)).select_related(*related).get(pk=deadline.pk)


def step(
    action: Action,
    deadline: Deadline,
    *,
    filing: Filing | None,
    before: str,
    by: Actor,
    at: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Record a step in a report's life and wake the compiler."""
    grant = deadline.grant
    record(
        action,
        by=by,
        at=at,
        from_state=before,
        to_state=deadline.state,
        distributor_id=grant.programme.distributor_id,
        organization_id=deadline.organization_id,
        programme_id=grant.programme_id,
        round_id=deadline.round_id,
        grant_id=grant.pk,
        deadline_id=deadline.pk,
        filing_id=filing.pk if filing else None,
        details=details,
    )
    enqueue(Job.COMPILE, programme_id=grant.programme_id, round_id=deadline.round_id)
