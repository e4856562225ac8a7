"""Setting, moving, extending and waiving deadlines: the desk's rules."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline, Grant, Round


class DeadlineProblem(ValueError):  # noqa: N818 - shown to people as a sentence
    """What was asked for does not fit the deadline; `str()` is the sentence for the person."""


def set_for_round(round_: Round, *, by: Actor, at: datetime) -> list[Deadline]:
    """Give every grant of the programme that has none yet its deadline in this round, due with the round."""
    with transaction.atomic():
        missing = Grant.objects.filter(programme_id=round_.programme_id).exclude(deadlines__round=round_).order_by("pk")
        return [_set(grant, round_, by=by, at=at) for grant in missing]


def set_for_grant(grant: Grant, *, by: Actor, at: datetime) -> list[Deadline]:
    """Give a new grant its deadline in every round of its programme that is not over before it starts."""
    with transaction.atomic():
        missing = (
            Round.objects.filter(programme_id=grant.programme_id, period_ends_on__gte=grant.starts_on)
            .exclude(deadlines__grant=grant)
            .order_by("number")
        )
        return [_set(grant, round_, by=by, at=at) for round_ in missing]


def move(deadline: Deadline, *, due_on: date, by: Actor, at: datetime) -> Deadline:
    """Change the due date itself; an extension that is no longer later falls away. A new reminder ladder starts."""
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.AWAITING)
        before = locked.due_on
        locked.due_on = due_on
        if locked.extended_to is not None and locked.extended_to <= due_on:
            locked.extended_to = None
        locked.due_version += 1
        locked.save(update_fields=["due_on", "extended_to", "due_version"])
        details = {"from": before.isoformat(), "to": due_on.isoformat()}
        _record(Action.DEADLINE_MOVED, locked, by=by, at=at, details=details)
    return locked


def extend(deadline: Deadline, *, to: date, reason: str, by: Actor, at: datetime) -> Deadline:
    """Allow one organization until a later day, with a reason. Raises `DeadlineProblem` for an earlier day."""
    if to <= deadline.due_on:
        raise DeadlineProblem(_("The extension must be later than the due date."))
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.AWAITING)
        locked.extended_to = to
        locked.due_version += 1
        locked.save(update_fields=["extended_to", "due_version"])
        _record(Action.EXTENSION_GRANTED, locked, by=by, at=at, details={"to": to.isoformat(), "reason": reason})
    return locked


def waive(deadline: Deadline, *, reason: str, by: Actor, at: datetime) -> Deadline:
    """Say that no report is required (提出不要), with the reason; only where nothing has been handed in."""
    if not reason.strip():
        raise DeadlineProblem(_("Give the reason."))
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.AWAITING)
        locked.state, locked.waived_reason = DeadlineState.WAIVED, reason
        locked.save(update_fields=["state", "waived_reason"])
        _record(Action.WAIVED, locked, by=by, at=at, from_state=DeadlineState.AWAITING, details={"reason": reason})
    return locked


def require_again(deadline: Deadline, *, by: Actor, at: datetime) -> Deadline:
    """Take a waiver back."""
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.WAIVED)
        reason = locked.waived_reason
        locked.state, locked.waived_reason = DeadlineState.AWAITING, ""
        locked.save(update_fields=["state", "waived_reason"])
        _record(Action.UNWAIVED, locked, by=by, at=at, from_state=DeadlineState.WAIVED, details={"reason": reason})
    return locked


def _locked(deadline: Deadline, *states: DeadlineState) -> Deadline:
    locked = (
        Deadline.objects.select_for_update(of=("self",)).select_related("grant", "round").get(pk=deadline.pk)
    )
    if locked.state not in states:
        raise DeadlineProblem(_("This is no longer possible: the report is %(state)s.") % {"state": locked.get_state_display()})
    return locked


def _set(grant: Grant, round_: Round, *, by: Actor, at: datetime) -> Deadline:
    deadline = Deadline.objects.create(
        grant=grant, round=round_, organization_id=grant.organization_id, due_on=round_.due_on
    )
    _record(Action.DEADLINE_SET, deadline, by=by, at=at, details={"due_on": round_.due_on.isoformat()})
    return deadline


def _record(action: Action, deadline: Deadline, *, by: Actor, at: datetime, **more: Any) -> None:
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
    enqueue(Job.COMPILE, programme_id=deadline.grant.programme_id, round_id=deadline.round_id)
