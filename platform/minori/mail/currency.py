"""Reminders that wait in the outbox are kept true: nothing goes out for what is done, and “3 days left” does not age."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from minori.mail import days, own_texts, queries, rendering
from minori.mail.asking import no_longer
from minori.mail.enums import Kind, MessageState, Outcome, Reason
from minori.mail.left import asked_once
from minori.mail.models import LedgerEntry, Message

_EASTERNMOST = timedelta(hours=14)
_WAITING = (MessageState.PENDING, MessageState.UNCERTAIN)


def keep_current(*, at: datetime) -> int:
    """Withdraw waiting reminders whose reports are all done or due on another day, or whose reader has left; write the
    others anew.

    One query when there is nothing to do. Returns the number of mails touched. Each is changed under its lock,
    in a transaction of its own; one that a sender has just claimed is left to it.
    """
    outdated = _moved_on(OuterRef("pk"))
    waiting = Message.objects.filter(kind=Kind.DEADLINE, state__in=_WAITING, next_try_at__isnull=False)
    old = Q(written_for__lt=(at + _EASTERNMOST).date())  # perhaps: `_renew` asks the reader's own calendar
    found = waiting.filter(old | Exists(outdated)).order_by("pk").values_list("pk", flat=True)
    return sum(renew(pk, at=at) for pk in found)


def has_moved_on(message: Message) -> bool:
    """Whether something that a reminder speaks of is done, or its reader has left, since it was written. One query."""
    return message.kind == Kind.DEADLINE and _moved_on(message).exists()


def _moved_on(message: Message | OuterRef) -> QuerySet[LedgerEntry]:
    planned = LedgerEntry.objects.filter(message=message, outcome=Outcome.PLANNED)
    return planned.filter(no_longer() | ~queries.still_writes())


def take_in(pk: int, *, at: datetime) -> None:
    """Write a waiting reminder anew that took in more steps: of two about one report the newer one speaks.

    In the caller's transaction, which holds the mail.
    """
    planned = LedgerEntry.objects.filter(message=pk, outcome=Outcome.PLANNED).order_by("decided_at", "pk")
    newest = dict(planned.values_list("deadline_id", "pk"))
    planned.exclude(pk__in=newest.values()).update(outcome=Outcome.SKIPPED, reason=Reason.STALE)
    renew(pk, at=at, anyway=True)


def renew(pk: int, *, at: datetime, anyway: bool = False) -> bool:
    """Write a waiting reminder anew, or withdraw it; whether anything was done. One that a sender holds is left to it.

    In a transaction of its own, or in that of a caller who holds the mail.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("person")
            .filter(pk=pk, state__in=_WAITING)
            .first()
        )
        if message is None:
            return False
        entries = message.reminders.filter(outcome=Outcome.PLANNED)
        # UPDATE knows no joins: the entries are named by a subquery
        gone = LedgerEntry.objects.filter(message=pk).filter(~queries.still_writes()).values("pk")
        left = entries.filter(pk__in=gone).update(outcome=Outcome.SKIPPED, reason=Reason.LEFT)
        over = LedgerEntry.objects.filter(message=pk).filter(no_longer()).values("pk")
        done = entries.filter(pk__in=over).update(outcome=Outcome.SKIPPED, reason=Reason.DONE)
        stays = list(entries.order_by("pk"))
        if stays:
            return _rewrite(message, stays, at=at, anyway=anyway or left + done > 0)
        if message.state == MessageState.PENDING:
            message.state, message.next_try_at = MessageState.WITHDRAWN, None
            message.save(update_fields=["state", "next_try_at"])
        else:  # it has perhaps arrived: that stays said, and it is not sent again
            message.next_try_at = None
            message.save(update_fields=["next_try_at"])
    return True


def _rewrite(message: Message, entries: Sequence[LedgerEntry], *, at: datetime, anyway: bool) -> bool:
    assert message.person is not None, "a reminder has its reader"
    found = rendering.deadlines({entry.deadline_id for entry in entries})
    today = days.of([message.person.pk], at=at)[message.person.pk].date
    if message.written_for == today and not anyway:
        return False
    letter = rendering.reminder(
        message.person,
        [
            (one, entry.step, one.grant.programme.distributor.local_date(at))
            for entry in entries
            for one in [found[entry.deadline_id]]
        ],
        left=asked_once(),
        own=own_texts.of({one.grant.programme_id for one in found.values()}),
    )
    message.subject, message.text, message.html = letter.subject, letter.text, letter.html
    message.sender, message.written_for = letter.sender[:200], today
    message.save(update_fields=["sender", "subject", "text", "html", "written_for"])
    return True
