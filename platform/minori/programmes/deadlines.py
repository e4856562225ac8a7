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
    """Give every grant that runs during the round, and has none yet, its deadline in it, due with the round."""
    with transaction.atomic():
        missing = (
            Grant.objects.filter(
                programme_id=round_.programme_id,
                starts_on__lte=round_.period_ends_on,
                ends_on__gte=round_.period_starts_on,
            )
            .exclude(deadlines__round=round_)
            .order_by("pk")
        )
        made = [_set(grant, round_, by=by, at=at) for grant in missing]
        _wake({round_.pk} if made else set(), round_.programme_id)
    return made


def set_for_grant(grant: Grant, *, by: Actor, at: datetime) -> list[Deadline]:
    """Give a grant its deadline in every round of its programme that it runs during and has none in yet."""
    with transaction.atomic():
        missing = (
            Round.objects.filter(
                programme_id=grant.programme_id,
                period_ends_on__gte=grant.starts_on,
                period_starts_on__lte=grant.ends_on,
            )
            .exclude(deadlines__grant=grant)
            .order_by("number")
        )
        made = [_set(grant, round_, by=by, at=at) for round_ in missing]
        _wake({deadline.round_id for deadline in made}, grant.programme_id)
    return made


def require(grant: Grant, round_: Round, *, by: Actor, at: datetime) -> Deadline:
    """Ask a grant for a report in a round that its dates alone do not ask for; an existing deadline stays."""
    with transaction.atomic():
        Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)  # two clicks make one deadline
        known = Deadline.objects.filter(grant=grant, round=round_).first()
        if known is None:
            known = _set(grant, round_, by=by, at=at)
            _wake({round_.pk}, grant.programme_id)
    return known


def move_with_round(round_: Round, *, before: date, by: Actor, at: datetime) -> list[Deadline]:
    """After a round's due date has changed: move the deadlines that still had the old one, each with its event.

    Moved are those nothing has been handed in for yet; a date of a grant's own stays.
    """
    with transaction.atomic():
        still = Deadline.objects.filter(round=round_, state=DeadlineState.AWAITING, due_on=before).order_by(
            "pk"
        )
        return [move(deadline, due_on=round_.due_on, by=by, at=at) for deadline in still]


def move(deadline: Deadline, *, due_on: date, by: Actor, at: datetime) -> Deadline:
    """Change the due date itself; an extension that is no longer later falls away. A new reminder ladder starts.

    The same date changes nothing. Raises `DeadlineProblem` for a date before the round opens, and once the
    report was handed in. Holds the deadline's row lock.
    """
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.AWAITING)
        before = locked.due_on
        if due_on == before:
            return locked
        if due_on < locked.round.opens_on:
            raise DeadlineProblem(_("The due date must not be before the round opens."))
        locked.due_on = due_on
        if locked.extended_to is not None and locked.extended_to <= due_on:
            locked.extended_to = None
        locked.due_version += 1
        locked.save(update_fields=["due_on", "extended_to", "due_version"])
        details = {"from": before.isoformat(), "to": due_on.isoformat()}
        _record(Action.DEADLINE_MOVED, locked, by=by, at=at, details=details)
    return locked


def extend(deadline: Deadline, *, to: date, reason: str, by: Actor, at: datetime) -> Deadline:
    """Allow one organization until a later day, with a reason. A new reminder ladder starts.

    Raises `DeadlineProblem` for a day that is not later than the due date, without a reason, and once the
    report was handed in. Holds the deadline's row lock.
    """
    if not reason.strip():
        raise DeadlineProblem(_("Give the reason."))
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.AWAITING)
        if to <= locked.due_on:
            raise DeadlineProblem(_("The extension must be later than the due date."))
        before = locked.extended_to
        locked.extended_to = to
        locked.due_version += 1
        locked.save(update_fields=["extended_to", "due_version"])
        details = {"from": before and before.isoformat(), "to": to.isoformat(), "reason": reason}
        _record(Action.EXTENSION_GRANTED, locked, by=by, at=at, details=details)
    return locked


def waive(deadline: Deadline, *, reason: str, by: Actor, at: datetime) -> Deadline:
    """Say that no report is required (提出不要), with the reason; only where nothing has been handed in."""
    if not reason.strip():
        raise DeadlineProblem(_("Give the reason."))
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.AWAITING)
        locked.state, locked.waived_reason = DeadlineState.WAIVED, reason
        locked.save(update_fields=["state", "waived_reason"])
        _record(
            Action.WAIVED, locked, by=by, at=at, from_state=DeadlineState.AWAITING, details={"reason": reason}
        )
    return locked


def require_again(deadline: Deadline, *, by: Actor, at: datetime) -> Deadline:
    """Take a waiver back."""
    with transaction.atomic():
        locked = _locked(deadline, DeadlineState.WAIVED)
        reason = locked.waived_reason
        locked.state, locked.waived_reason = DeadlineState.AWAITING, ""
        locked.save(update_fields=["state", "waived_reason"])
        _record(
            Action.UNWAIVED, locked, by=by, at=at, from_state=DeadlineState.WAIVED, details={"reason": reason}
        )
    return locked


def _locked(deadline: Deadline, *states: DeadlineState) -> Deadline:
    locked = (
        Deadline.objects.select_for_update(of=("self",)).select_related("grant", "round").get(pk=deadline.pk)
    )
    if locked.state not in states:
        raise DeadlineProblem(
            _("This is no longer possible: the report is %(state)s.") % {"state": locked.get_state_display()}
        )
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
    if action is not Action.DEADLINE_SET:  # many are set at once: their caller wakes each round once
        _wake({deadline.round_id}, deadline.grant.programme_id)


def _wake(round_ids: set[int], programme_id: int) -> None:
    for round_id in sorted(round_ids):
        enqueue(Job.COMPILE, programme_id=programme_id, round_id=round_id)
