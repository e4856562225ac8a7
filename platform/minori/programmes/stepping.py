"""What every change of a deadline has in common: the lock, the refusal, the record, the wake-up."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline

ANY: Mapping[int, int] = {}
"""Instead of the versions of due dates that were seen: whatever they are."""


class DeadlineProblem(ValueError):  # noqa: N818 - shown to people as a sentence
    """What was asked for does not fit the deadline; `str()` is the sentence for the person."""


class AskAgain(DeadlineProblem):
    """Looks like a slip, yet a person may mean it: the same step with `sure` does it."""


class DatesChanged(DeadlineProblem):
    """Somebody else changed the dates after the person had read them."""


class LessTime(AskAgain):
    """An extension would end earlier than the one that was allowed."""


class DayHasPassed(AskAgain):
    """The new day lies in the past, so that a report would be overdue or closed at once; a person may mean it."""


def must_be_as_seen(locked: Deadline, seen: int | None) -> None:
    """Raises `DatesChanged` where the due date is not the one that the person saw (its version; None: any)."""
    if seen is not None and seen != locked.due_version:
        raise DatesChanged(
            _(
                "The due date was changed meanwhile. The page shows it as it is now; please look and decide again."
            )
        )


def lock(deadline: Deadline, *states: DeadlineState) -> Deadline:
    """The deadline read again under its row lock; raises `DeadlineProblem` unless it is in one of the states."""
    related = ("grant__programme__distributor", "round")
    locked = Deadline.objects.select_for_update(of=("self",)).select_related(*related).get(pk=deadline.pk)
    if locked.state not in states:
        raise DeadlineProblem(
            _("This is no longer possible: the report is %(state)s.") % {"state": locked.get_state_display()}
        )
    return locked


def note(action: Action, deadline: Deadline, *, by: Actor, at: datetime, **more: Any) -> None:
    """Record a change of a deadline and wake the compiler."""
    record(
        action,
        by=by,
        at=at,
        to_state=deadline.state,
        organization_id=deadline.organization_id,
        programme_id=deadline.grant.programme_id,
        round_id=deadline.round_id,
        grant_id=deadline.grant_id,
        deadline_id=deadline.pk,
        **more,
    )
    if action is not Action.DEADLINE_SET:  # many are set at once: their caller wakes each round once
        wake({deadline.round_id}, deadline.grant.programme_id)


def wake(round_ids: Iterable[int], programme_id: int) -> None:
    """Have the summaries of these rounds compiled again."""
    for round_id in sorted(round_ids):
        enqueue(Job.COMPILE, programme_id=programme_id, round_id=round_id)
