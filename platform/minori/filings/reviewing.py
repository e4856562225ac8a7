"""Reading, sending back, accepting and reopening: the desk's steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from minori.audit.enums import Action
from minori.audit.trail import Actor
from minori.filings import correcting
from minori.filings.enums import Side
from minori.filings.models import Comment, Filing
from minori.filings.parts import open_with_return
from minori.filings.stepping import NotPossibleNow, lock, step
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline

GENERAL_WORDS = _("Please correct the parts with a comment and hand the report in again.")
"""What stands in the words of a return until an officer writes their own: it asks nothing that has an answer."""


@dataclass(frozen=True)
class Remark:
    """What an officer asks: at a field or row (`anchor`), or about the whole report (empty anchor)."""

    body: str
    anchor: str = ""


class StaleRevision(NotPossibleNow):
    """The officer decided about a revision that is no longer the current one."""


def says_nothing_of_its_own(body: str) -> bool:
    """Whether a text is the words that a return is prefilled with, in whichever language the page had been."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            if " ".join(body.split()) == " ".join(str(GENERAL_WORDS).split()):
                return True
    return False


def begin_reading(deadline: Deadline, *, by: Actor, at: datetime) -> Deadline:
    """Note that an officer has begun to read: from here on the organization cannot recall. Once per hand-in."""
    with transaction.atomic():
        locked = lock(deadline)
        if locked.state == DeadlineState.HANDED_IN and locked.reading_began_at is None:
            locked.reading_began_at = at
            locked.save(update_fields=["reading_began_at"])
            step(
                Action.READING_BEGAN, locked, filing=locked.current_filing, before=locked.state, by=by, at=at
            )
    return locked


def send_back(
    deadline: Deadline,
    *,
    filing: Filing,
    remarks: Sequence[Remark],
    due_on: date,
    by: Actor,
    at: datetime,
    everything: bool = False,
) -> list[Comment]:
    """Return a report (差戻し) with a comment on the whole, perhaps others at their places, and its own due date.

    Only the parts with a comment open again; where there are none, or if `everything` is asked for, all do.
    Proposed corrections that are still open lapse.
    Raises `NotPossibleNow` unless the report waits for review, `StaleRevision` when `filing` is no longer the
    current one, for a due date that has passed and without a comment on the whole. Holds the deadline's row lock.
    """
    spoken = [remark for remark in remarks if remark.body.strip()]
    if not spoken:
        raise NotPossibleNow(_("Write what should be changed: a report is sent back with a comment."))
    if all(remark.anchor for remark in spoken):
        raise NotPossibleNow(
            _("Write a few words on the whole report too: they stand on top of what came back.")
        )
    with transaction.atomic():
        locked = _under_review(deadline, filing)
        _must_be_to_come(locked, due_on, at)
        comments = _write(spoken, locked, filing, by=by, at=at)
        locked.state, locked.returned_at, locked.returned_due_on = DeadlineState.RETURNED, at, due_on
        locked.due_version += 1
        locked.save(update_fields=["state", "returned_at", "returned_due_on", "due_version"])
        correcting.lapse(locked, by=by, at=at)
        anchors = [remark.anchor for remark in spoken if remark.anchor]
        open_with_return(locked, filing, anchors=anchors, everything=everything, by=by, at=at)
        details = {
            "due_on": due_on.isoformat(),
            "comments": len(comments),
            "everything": everything or not anchors,
        }
        step(
            Action.RETURNED,
            locked,
            filing=filing,
            before=DeadlineState.HANDED_IN,
            by=by,
            at=at,
            details=details,
        )
    return comments


def accept(
    deadline: Deadline, *, filing: Filing, by: Actor, at: datetime, remarks: Sequence[Remark] = ()
) -> Deadline:
    """Close a report (確認済), perhaps with remarks that the organization reads; open corrections lapse.

    Raises as `send_back` does.
    """
    with transaction.atomic():
        locked = _under_review(deadline, filing)
        comments = _write([one for one in remarks if one.body.strip()], locked, filing, by=by, at=at)
        locked.state, locked.accepted_at = DeadlineState.ACCEPTED, at
        locked.save(update_fields=["state", "accepted_at"])
        correcting.lapse(locked, by=by, at=at)
        step(
            Action.ACCEPTED,
            locked,
            filing=filing,
            before=DeadlineState.HANDED_IN,
            by=by,
            at=at,
            details={"comments": len(comments)},
        )
    return locked


def reopen(deadline: Deadline, *, reason: str, due_on: date, by: Actor, at: datetime) -> Deadline:
    """Open an accepted report again, as a return with its own due date; the reason becomes its comment.

    The whole report is open then. Raises `NotPossibleNow` without a reason, and unless it is accepted.
    """
    if not reason.strip():
        raise NotPossibleNow(_("Give the reason."))
    with transaction.atomic():
        locked = lock(deadline)
        if locked.state != DeadlineState.ACCEPTED or locked.current_filing is None:
            raise NotPossibleNow(_("Only an accepted report can be reopened."))
        _must_be_to_come(locked, due_on, at)
        _write([Remark(reason)], locked, locked.current_filing, by=by, at=at)
        locked.state, locked.returned_at, locked.returned_due_on = DeadlineState.RETURNED, at, due_on
        locked.accepted_at = None
        locked.due_version += 1
        locked.save(update_fields=["state", "returned_at", "returned_due_on", "accepted_at", "due_version"])
        open_with_return(locked, locked.current_filing, anchors=(), everything=True, by=by, at=at)
        details = {"reason": reason, "due_on": due_on.isoformat()}
        step(
            Action.REOPENED,
            locked,
            filing=locked.current_filing,
            before=DeadlineState.ACCEPTED,
            by=by,
            at=at,
            details=details,
        )
    return locked


def _write(
    remarks: Sequence[Remark], deadline: Deadline, filing: Filing, *, by: Actor, at: datetime
) -> list[Comment]:
    return Comment.objects.bulk_create(
        Comment(
            deadline=deadline,
            organization_id=deadline.organization_id,
            filing=filing,
            anchor=remark.anchor,
            side=Side.DESK,
            body=remark.body,
            at=at,
            by_id=by.person_id,
            by_name=by.name,
        )
        for remark in remarks
    )


def _must_be_to_come(deadline: Deadline, due_on: date, at: datetime) -> None:
    if due_on < deadline.grant.programme.distributor.local_date(at):
        raise NotPossibleNow(_("Choose a date from today on."))


def _under_review(deadline: Deadline, filing: Filing) -> Deadline:
    locked = lock(deadline)
    if locked.state != DeadlineState.HANDED_IN:
        raise NotPossibleNow(_("This report is not waiting for review."))
    if locked.current_filing_id != filing.pk:
        raise StaleRevision(_("A newer revision has been handed in. Read it before you decide."))
    return locked
