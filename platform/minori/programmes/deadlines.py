"""Setting, moving, extending and waiving deadlines: the desk's rules."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.programmes.enums import DeadlineState
from minori.programmes.extensions import extend, extend_many, lapse
from minori.programmes.models import Deadline, Grant, Round
from minori.programmes.stepping import (
    ANY,
    AskAgain,
    DatesChanged,
    DayHasPassed,
    DeadlineProblem,
    lock,
    must_be_as_seen,
    note,
    wake,
)

__all__ = [
    "AskAgain",
    "DatesChanged",
    "DayHasPassed",
    "DeadlineProblem",
    "close_many",
    "close_on",
    "extend",
    "extend_many",
    "follow_round",
    "move",
    "move_many",
    "require",
    "require_again",
    "set_for_grant",
    "set_for_round",
    "waive",
]


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
        wake({round_.pk} if made else set(), round_.programme_id)
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
        wake({deadline.round_id for deadline in made}, grant.programme_id)
    return made


def require(grant: Grant, round_: Round, *, by: Actor, at: datetime) -> Deadline:
    """Ask a grant for a report in a round that its dates alone do not ask for; an existing deadline stays."""
    with transaction.atomic():
        Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)  # two clicks make one deadline
        known = Deadline.objects.filter(grant=grant, round=round_).first()
        if known is None:
            known = _set(grant, round_, by=by, at=at)
            wake({round_.pk}, grant.programme_id)
    return known


def follow_round(
    round_: Round,
    *,
    due_before: date,
    closes_before: date | None,
    sure: bool = False,
    by: Actor,
    at: datetime,
) -> list[Deadline]:
    """After a round's dates have changed: move the deadlines that still had the old ones, each with its event.

    Moved are those nothing has been handed in for yet; a date of a grant's own stays, and a closing date that was
    lifted for a grant stays lifted. The closing date is never before a grant's own due date. Raises `DayHasPassed`
    where a deadline would move into the past, unless `sure`.
    """
    # for a grant it is lifted with a reason, for a round without
    lifted = Event.objects.filter(
        action=Action.CLOSING_LIFTED, deadline_id=OuterRef("pk"), details__has_key="reason"
    )
    with transaction.atomic():
        waited = Deadline.objects.filter(round=round_, state=DeadlineState.AWAITING)
        stays_lifted = set(waited.filter(Exists(lifted), closes_on=None).values_list("pk", flat=True))
        moved = []
        for one in waited.order_by("pk"):
            due_on = round_.due_on if one.due_on == due_before else one.due_on
            closes_on = one.closes_on
            if one.closes_on == closes_before and one.pk not in stays_lifted:
                closes_on = round_.closes_on
            if (due_on, closes_on) != (one.due_on, one.closes_on):
                moved.append(
                    _set_dates(
                        one,
                        due_on=due_on,
                        closes_on=closes_on,
                        reason="",
                        sure=sure,
                        by=by,
                        at=at,
                    )
                )
    return moved


def move(
    deadline: Deadline,
    *,
    due_on: date,
    reason: str = "",
    sure: bool = False,
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> Deadline:
    """Change the due date itself, perhaps with a reason; an extension that is no longer later falls away.

    A new reminder ladder starts; the closing date goes along where the new date is later; a request for a day that is
    now reached lapses. The same date changes nothing. Raises `DeadlineProblem` for a date before the round opens, and
    once the report was handed in; `DayHasPassed` where the date in force would lie in the past, unless `sure`;
    `DatesChanged` where it is not the one that was `seen` (its version). Holds the deadline's row lock.
    """
    return _set_dates(
        deadline,
        due_on=due_on,
        closes_on=_UNCHANGED,
        reason=reason,
        sure=sure,
        seen=seen,
        by=by,
        at=at,
    )


def move_many(
    deadlines: Sequence[Deadline],
    *,
    due_on: date,
    reason: str = "",
    sure: bool = False,
    seen: Mapping[int, int] = ANY,
    by: Actor,
    at: datetime,
) -> list[Deadline]:
    """`move` for several at once: all of them or, where one raises `DeadlineProblem`, none. `seen`: by key."""
    with transaction.atomic():
        return [
            move(one, due_on=due_on, reason=reason, sure=sure, seen=seen.get(one.pk), by=by, at=at)
            for one in deadlines
        ]


def close_on(
    deadline: Deadline,
    *,
    closes_on: date | None,
    reason: str,
    sure: bool = False,
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> Deadline:
    """Set the closing date of one grant, or lift it (None), with a reason. Reminders go on as they were.

    The same date changes nothing. Raises `DeadlineProblem` without a reason, for a day before the date in force, and
    once the report was handed in; `DayHasPassed` for a day that has passed, unless `sure`. Holds the
    deadline's row lock.
    """
    if not reason.strip():
        raise DeadlineProblem(_("Give the reason."))
    with transaction.atomic():
        locked = lock(deadline, DeadlineState.AWAITING)
        if closes_on is not None and closes_on < locked.effective_due_on:
            raise DeadlineProblem(_("The closing date must not be before the due date."))
        return _set_dates(
            locked,
            due_on=locked.due_on,
            closes_on=closes_on,
            reason=reason,
            sure=sure,
            seen=seen,
            by=by,
            at=at,
        )


def close_many(
    deadlines: Sequence[Deadline],
    *,
    closes_on: date | None,
    reason: str,
    sure: bool = False,
    seen: Mapping[int, int] = ANY,
    by: Actor,
    at: datetime,
) -> list[Deadline]:
    """`close_on` for several at once: all of them or, where one raises `DeadlineProblem`, none. `seen`: by key."""
    with transaction.atomic():
        return [
            close_on(one, closes_on=closes_on, reason=reason, sure=sure, seen=seen.get(one.pk), by=by, at=at)
            for one in deadlines
        ]


def waive(deadline: Deadline, *, reason: str, by: Actor, at: datetime) -> Deadline:
    """Say that no report is required (提出不要), with the reason; only where nothing has been handed in."""
    if not reason.strip():
        raise DeadlineProblem(_("Give the reason."))
    with transaction.atomic():
        locked = lock(deadline, DeadlineState.AWAITING)
        locked.state, locked.waived_reason = DeadlineState.WAIVED, reason
        locked.save(update_fields=["state", "waived_reason"])
        details = {"reason": reason, **lapse(locked, by=by, at=at)}
        note(Action.WAIVED, locked, by=by, at=at, from_state=DeadlineState.AWAITING, details=details)
    return locked


def require_again(deadline: Deadline, *, by: Actor, at: datetime) -> Deadline:
    """Take a waiver back. A new reminder ladder starts, for the steps of the old one were settled by the waiver."""
    with transaction.atomic():
        locked = lock(deadline, DeadlineState.WAIVED)
        reason = locked.waived_reason
        locked.state, locked.waived_reason = DeadlineState.AWAITING, ""
        locked.due_version += 1
        locked.save(update_fields=["state", "waived_reason", "due_version"])
        note(
            Action.UNWAIVED, locked, by=by, at=at, from_state=DeadlineState.WAIVED, details={"reason": reason}
        )
    return locked


_UNCHANGED = date.min
"""Instead of a closing date: the one there is."""


def _set_dates(
    deadline: Deadline,
    *,
    due_on: date,
    closes_on: date | None,
    reason: str,
    sure: bool,
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> Deadline:
    """Write both dates with one event that says from what to what; the same dates change nothing."""
    with transaction.atomic():
        locked = lock(deadline, DeadlineState.AWAITING)
        due_before, closes_before = locked.due_on, locked.closes_on
        in_force = locked.effective_due_on
        locked.due_on = due_on
        if locked.extended_to is not None and locked.extended_to <= due_on:
            locked.extended_to = None
        wanted = closes_before if closes_on == _UNCHANGED else closes_on
        locked.closes_on = None if wanted is None else max(wanted, locked.effective_due_on)
        moved, closes_moved = due_on != due_before, locked.closes_on != closes_before
        if not moved and not closes_moved:
            return locked
        must_be_as_seen(locked, seen)
        if moved and due_on < locked.round.opens_on:
            raise DeadlineProblem(_("The due date must not be before the round opens."))
        if not sure:
            _must_lie_ahead(locked, moved=moved, closes_moved=closes_moved, at=at)
        locked.due_version += moved
        locked.save(update_fields=["due_on", "extended_to", "closes_on", "due_version"])
        details = {"reason": reason.strip()} if reason.strip() else {}
        if moved:
            details |= {"from": due_before.isoformat(), "to": due_on.isoformat()}
            if (in_force, locked.effective_due_on) != (due_before, due_on):  # there was an extension
                after = locked.effective_due_on.isoformat()
                details |= {"in_force_from": in_force.isoformat(), "in_force_to": after}
            details |= lapse(locked, by=by, at=at, reached_by=locked.effective_due_on)
        if closes_moved:
            details |= {"closes_from": _text(closes_before), "closes_to": _text(locked.closes_on)}
        note(_action(locked, moved=moved), locked, by=by, at=at, details=details)
    return locked


def _must_lie_ahead(deadline: Deadline, *, moved: bool, closes_moved: bool, at: datetime) -> None:
    today = deadline.grant.programme.distributor.local_date(at)
    if closes_moved and deadline.closes_on is not None and deadline.closes_on < today:
        raise DayHasPassed(_("This closing date has passed: from now on no report would be taken."))
    if moved and deadline.effective_due_on < today:
        raise DayHasPassed(_("This due date has passed: the report would be overdue at once."))


def _action(deadline: Deadline, *, moved: bool) -> Action:
    if moved:
        return Action.DEADLINE_MOVED
    return Action.CLOSING_LIFTED if deadline.closes_on is None else Action.CLOSING_MOVED


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _set(grant: Grant, round_: Round, *, by: Actor, at: datetime) -> Deadline:
    deadline = Deadline.objects.create(
        grant=grant,
        round=round_,
        organization_id=grant.organization_id,
        due_on=round_.due_on,
        closes_on=round_.closes_on,
    )
    note(Action.DEADLINE_SET, deadline, by=by, at=at, details={"due_on": round_.due_on.isoformat()})
    return deadline
