"""More time for one report: asked for by the organization, answered by an officer, or given without being asked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.programmes.enums import DeadlineState, ExtensionState
from minori.programmes.models import Deadline, ExtensionRequest
from minori.programmes.stepping import ANY, DeadlineProblem, LessTime, lock, must_be_as_seen, note

__all__ = [
    "DeadlineProblem",
    "ask",
    "decline",
    "extend",
    "extend_many",
    "grant",
    "lapse",
    "open_request",
    "withdraw",
]


def ask(deadline: Deadline, *, until: date, reason: str, by: Actor, at: datetime) -> ExtensionRequest:
    """Ask for more time, with a reason. Run inside the organization's room; nothing changes until it is answered.

    The due date may have passed, the closing date too. Holds the deadline's row lock. Raises `DeadlineProblem`
    unless the report is waited for, while another request is open, without a reason, and for a day that has passed
    or is no later than the date in force.
    """
    if not reason.strip():
        raise DeadlineProblem(_("Give the reason."))
    with transaction.atomic():
        locked = lock(deadline, DeadlineState.AWAITING)
        if open_request(locked) is not None:
            raise DeadlineProblem(_("More time has been asked for already; wait for the answer."))
        if until <= locked.effective_due_on:
            raise DeadlineProblem(_("Choose a day after the present due date."))
        if until < _today(locked, at):
            raise DeadlineProblem(_("Choose a day that has not passed."))
        request = ExtensionRequest.objects.create(
            deadline=locked,
            organization_id=locked.organization_id,
            until=until,
            reason=reason.strip(),
            asked_at=at,
            asked_by_id=by.person_id,
            asked_by_name=by.name,
        )
        details = {"until": until.isoformat(), "reason": request.reason}
        note(Action.EXTENSION_ASKED, locked, by=by, at=at, details=details)
    return request


def withdraw(request: ExtensionRequest, *, by: Actor, at: datetime) -> None:
    """The organization no longer asks. Run inside its room. Raises `DeadlineProblem` once it is settled."""
    with transaction.atomic():
        locked = lock(request.deadline, *DeadlineState)
        found = _still_open(request)
        _settle(found, ExtensionState.WITHDRAWN, by=by, at=at)
        note(Action.EXTENSION_WITHDRAWN, locked, by=by, at=at, details={"until": found.until.isoformat()})


def grant(
    request: ExtensionRequest, *, to: date, words: str = "", by: Actor, at: datetime
) -> ExtensionRequest:
    """Grant more time, until the day asked for or another, perhaps with a few words. A new reminder ladder starts.

    The closing date goes along where the new date is later. Raises `DeadlineProblem` once it is settled or the report
    is no longer waited for, and for a day that has passed or is no later than the due date.
    """
    with transaction.atomic():
        locked = lock(request.deadline, DeadlineState.AWAITING)
        found = _still_open(request)
        if to < _today(locked, at):
            raise DeadlineProblem(_("Choose a day that has not passed."))
        if (
            to <= locked.effective_due_on
        ):  # the officer may have allowed more meanwhile: nobody who asks loses days
            raise DeadlineProblem(_("The extension must be later than the due date."))
        details = {
            "reason": found.reason,
            "until": found.until.isoformat(),
            "request": found.pk,
            "words": words.strip(),
        }
        _settle(found, ExtensionState.GRANTED, by=by, at=at, granted_to=to, answer=words.strip())
        _extend(locked, to=to, details=details, by=by, at=at)
    return found


def decline(request: ExtensionRequest, *, words: str, by: Actor, at: datetime) -> ExtensionRequest:
    """Decline more time, with words for the organization; the date stays. Raises `DeadlineProblem` as `grant` does."""
    if not words.strip():
        raise DeadlineProblem(_("Write why more time is not possible."))
    with transaction.atomic():
        locked = lock(request.deadline, DeadlineState.AWAITING)
        found = _still_open(request)
        _settle(found, ExtensionState.DECLINED, by=by, at=at, answer=words.strip())
        details = {"until": found.until.isoformat(), "words": words.strip(), "request": found.pk}
        note(Action.EXTENSION_DECLINED, locked, by=by, at=at, details=details)
    return found


def extend(
    deadline: Deadline,
    *,
    to: date,
    reason: str,
    sure: bool = False,
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> Deadline:
    """Allow one organization until a later day, with a reason; an open request is granted by it.

    A new reminder ladder starts; the closing date goes along where the new date is later. The same day as before changes
    nothing. Raises `DeadlineProblem` for a day that has passed or is not later than the due date, without a reason, and
    once the report was handed in; `LessTime` for a day before the one allowed already, unless `sure`; `DatesChanged`
    where the dates are not those that were `seen`. Holds the deadline's row lock.
    """
    if not reason.strip():
        raise DeadlineProblem(_("Give the reason."))
    with transaction.atomic():
        locked = lock(deadline, DeadlineState.AWAITING)
        asked = open_request(locked)
        if asked is None and to == locked.extended_to:
            return locked
        must_be_as_seen(locked, seen)
        if to < _today(locked, at):
            raise DeadlineProblem(_("Choose a day that has not passed."))
        details: dict[str, object] = {"reason": reason.strip()}
        if locked.extended_to is not None and to < locked.extended_to and not sure:
            raise LessTime(_("More time than that was allowed already: this day would take some of it away."))
        if asked is not None:
            if to <= locked.effective_due_on:  # nobody who asks for days loses some
                raise DeadlineProblem(_("The extension must be later than the due date."))
            _settle(asked, ExtensionState.GRANTED, by=by, at=at, granted_to=to, answer=reason.strip())
            details |= {"until": asked.until.isoformat(), "request": asked.pk}
        _extend(locked, to=to, details=details, by=by, at=at)
    return locked


def extend_many(
    deadlines: Sequence[Deadline],
    *,
    to: date,
    reason: str,
    sure: bool = False,
    seen: Mapping[int, int] = ANY,
    by: Actor,
    at: datetime,
) -> list[Deadline]:
    """`extend` for several at once: all of them or, where one raises `DeadlineProblem`, none. `seen`: by key."""
    with transaction.atomic():
        return [
            extend(one, to=to, reason=reason, sure=sure, seen=seen.get(one.pk), by=by, at=at)
            for one in deadlines
        ]


def lapse(deadline: Deadline, *, by: Actor, at: datetime, reached_by: date | None = None) -> dict[str, str]:
    """Settle an open request that nobody needs any more: the report came, is not required, or is due later anyway.

    `reached_by`: only a request for this day or an earlier one. Part of a step that holds the lock; gives back what its
    event tells of it, nothing where there was no request.
    """
    asked = open_request(deadline)
    if asked is None or (reached_by is not None and asked.until > reached_by):
        return {}
    _settle(asked, ExtensionState.LAPSED, by=by, at=at)
    return {"request_lapsed": asked.until.isoformat()}


def open_request(deadline: Deadline) -> ExtensionRequest | None:
    """The request that waits for an answer; there is at most one."""
    return ExtensionRequest.objects.filter(deadline=deadline, state=ExtensionState.OPEN).first()


def _extend(locked: Deadline, *, to: date, details: dict[str, object], by: Actor, at: datetime) -> None:
    if to <= locked.due_on:
        raise DeadlineProblem(_("The extension must be later than the due date."))
    before, closed = locked.effective_due_on, locked.closes_on
    facts: dict[str, object] = {"from": before.isoformat(), "to": to.isoformat()}
    locked.extended_to = to
    if closed is not None and closed < to:
        locked.closes_on = to
        facts |= {"closes_from": closed.isoformat(), "closes_to": to.isoformat()}
    locked.due_version += 1
    locked.save(update_fields=["extended_to", "closes_on", "due_version"])
    note(Action.EXTENSION_GRANTED, locked, by=by, at=at, details=facts | details)


def _still_open(request: ExtensionRequest) -> ExtensionRequest:
    """The request read again under its deadline's lock."""
    found = ExtensionRequest.objects.get(pk=request.pk)
    if found.state != ExtensionState.OPEN:
        raise DeadlineProblem(_("This request has been settled already."))
    return found


def _settle(
    request: ExtensionRequest,
    state: ExtensionState,
    *,
    by: Actor,
    at: datetime,
    granted_to: date | None = None,
    answer: str = "",
) -> None:
    request.state, request.settled_at = state, at
    request.settled_by_id, request.settled_by_name = by.person_id, by.name
    fields = ["state", "settled_at", "settled_by_id", "settled_by_name"]
    if state in (ExtensionState.GRANTED, ExtensionState.DECLINED):  # a room may not touch these columns
        request.granted_to, request.answer = granted_to, answer
        fields += ["granted_to", "answer"]
    request.save(update_fields=fields)


def _today(deadline: Deadline, at: datetime) -> date:
    return deadline.grant.programme.distributor.local_date(at)
