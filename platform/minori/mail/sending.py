"""The sender: claim and commit, send, mark and commit. What nobody can know is marked uncertain, never guessed."""

import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from minori.accounts.letters import Letter, sender_named
from minori.accounts.models import Invitation
from minori.mail import addresses, days, inviting, returned, services, waiting
from minori.mail.currency import has_moved_on, keep_current, renew
from minori.mail.enums import RESENT_WHEN_UNCERTAIN, Fault, Kind, MessageState, Outcome
from minori.mail.models import Message
from minori.mail.pace import seconds_to_wait
from minori.mail.smtp import Answer, Delivery, Line, MailServerAway, conversation

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(minutes=5)
"""How long a claim holds: well over the time a mail server may take for one mail (four answers of 20 s)."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""After the n-th attempt that ended in “later”; the last one repeats."""

GIVE_UP_AFTER = timedelta(days=3)

_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True)
class Sent:
    """What a run of the sender did. `away`: why the mail server could not be reached; `more`: mails still wait."""

    sent: int = 0
    refused: int = 0
    later: int = 0
    uncertain: int = 0
    away: str = ""
    more: bool = False

    def as_json(self) -> dict[str, object]:
        """For logs and commands."""
        return asdict(self)


def send_waiting(
    *,
    clock: Clock,
    as_of: datetime | None = None,
    at_most: int = 500,
    within: timedelta = timedelta(minutes=3),
) -> Sent:
    """Send what waits, one after the other, until nothing does, or `at_most` mails or the time are used up.

    Safe in parallel and against kill -9 at any moment. The conversation with the mail server is opened before
    a mail is claimed, so a server that is away costs no attempt. Must not run inside a transaction.
    `as_of`: the moment for which waiting reminders are to be true, where that is not now (`minori remind`).
    """
    began = clock()
    settle_abandoned(at=began)
    keep_current(at=as_of or began)
    waiting.keep_current(at=as_of or began)
    inviting.keep_current(at=as_of or began)
    addresses.withdraw_waiting()
    done: Counter[Delivery] = Counter()
    away = ""
    while done.total() < at_most and clock() - began <= within and _is_waiting(clock()):
        try:
            with conversation() as line:
                answered = _talk(
                    line, clock=clock, as_of=as_of, at_most=at_most - done.total(), until=began + within
                )
        except MailServerAway as problem:
            away = str(problem)
            log.warning("the mail server cannot be reached, mails wait: %s", away)
            break
        if not answered:
            break
        done += answered
    return Sent(
        sent=done[Delivery.ACCEPTED],
        refused=done[Delivery.REFUSED],
        later=done[Delivery.LATER],
        uncertain=done[Delivery.UNKNOWN],
        away=away,
        more=_is_waiting(clock()),
    )


def settle_abandoned(*, at: datetime) -> int:
    """Mails whose sender did not come back before its lease ended: perhaps sent. Returns their number.

    Reminders go out again under the same Message-ID; anything else stays uncertain for a person to see.
    """
    words = "the sender did not come back"
    again = (
        Message.objects.abandoned(at)
        .filter(kind__in=RESENT_WHEN_UNCERTAIN)
        .update(
            state=MessageState.UNCERTAIN, claimed_by="", claimed_until=None, next_try_at=at, last_error=words
        )
    )
    never = (
        Message.objects.abandoned(at)
        .exclude(kind__in=RESENT_WHEN_UNCERTAIN)
        .update(state=MessageState.UNCERTAIN, claimed_by="", claimed_until=None, last_error=words)
    )
    return again + never


def claim(*, at: datetime, as_of: datetime | None = None) -> Message | None:
    """Take the next mail for this sender alone, committed before anything is sent; None when none waits.

    One whose reader has had the mail of the day waits for the next (`days.put_off`); `as_of`: which day it is. Of a
    reminder it is asked once more whether it is still true.
    """
    while True:
        with transaction.atomic():
            message = Message.objects.to_be_sent(at).select_for_update(of=("self",), skip_locked=True).first()
            if message is None:
                return None
            if has_moved_on(message):  # perhaps while the mails before it went out
                renew(message.pk, at=as_of or at)
                continue
            later = days.put_off(message, at=as_of or at)
            if later is None or later <= at:  # a moment that is over (`minori remind`) puts nothing off
                return _claimed(message, at=at)
            message.next_try_at = later
            message.save(update_fields=["next_try_at"])


def _claimed(message: Message, *, at: datetime) -> Message:
    message.resends += message.state == MessageState.UNCERTAIN
    message.attempts += 1
    message.state, message.next_try_at = MessageState.CLAIMED, None
    message.claimed_by = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:12]}"
    message.claimed_until = at + LEASE
    message.save(update_fields=["state", "attempts", "resends", "claimed_by", "claimed_until", "next_try_at"])
    return message


def mark(message: Message, answer: Answer, *, at: datetime) -> bool:
    """Write down what became of a claimed mail; False when the claim was lost meanwhile (nothing is written)."""
    fields = _after(message, answer, at=at)
    with transaction.atomic():
        ours = Message.objects.filter(
            pk=message.pk, state=MessageState.CLAIMED, claimed_by=message.claimed_by
        ).update(claimed_by="", claimed_until=None, last_error=_error(answer), **fields)
        if ours and answer.delivery is Delivery.ACCEPTED and message.kind == Kind.DEADLINE:
            message.reminders.filter(outcome=Outcome.PLANNED).update(outcome=Outcome.SENT)
        if ours and answer.delivery is Delivery.ACCEPTED:
            returned.come_back(message.pk)
            Invitation.objects.filter(mails=message.pk).update(sent_at=at)
        if ours and answer.faulty:
            addresses.flag(
                message.address, why=Fault.REFUSED, words=answer.words, happened_at=at, message=message, at=at
            )
    if not ours:
        log.warning("mail %s took longer than its lease; it ended %s", message.pk, answer.delivery.value)
    return bool(ours)


def _talk(
    line: Line, *, clock: Clock, as_of: datetime | None, at_most: int, until: datetime
) -> Counter[Delivery]:
    done: Counter[Delivery] = Counter()
    while done.total() < at_most and clock() <= until and _is_waiting(clock()):
        time.sleep(seconds_to_wait())
        message = claim(at=clock(), as_of=as_of)
        if message is None:
            break
        answer = line.send(_mail(message))
        mark(message, answer, at=clock())
        done[answer.delivery] += 1
        if answer.broken:
            break
    return done


def _is_waiting(at: datetime) -> bool:
    return Message.objects.to_be_sent(at).exists()


def _mail(message: Message) -> Letter:
    mail = Letter(
        subject=" ".join(message.subject.split()),  # a line has one line, whatever a name was pasted from
        body=inviting.with_link(message, message.text),
        from_email=sender_named(message.sender, language=message.language),
        to=[message.address],
        headers={"Message-ID": message.message_id, "Content-Language": message.language, **_HEADERS},
        reply_to=[message.reply_to] if message.reply_to else None,
    )
    if message.html:
        mail.attach_alternative(inviting.with_link(message, message.html), "text/html")
    for one in message.enclosures.order_by("pk"):
        mail.attach(one.filename, bytes(one.data), one.content_type)
    services.number(mail, message.pk)
    return mail


def _after(message: Message, answer: Answer, *, at: datetime) -> dict[str, object]:
    """The fields of a mail after an answer."""
    if answer.delivery is Delivery.ACCEPTED:
        return {"state": MessageState.SENT, "sent_at": at, "service_id": answer.service_id}
    if answer.delivery is Delivery.REFUSED:
        return {"state": MessageState.FAILED}
    if answer.delivery is Delivery.UNKNOWN:
        again = at + LEASE if message.kind in RESENT_WHEN_UNCERTAIN else None
        return {"state": MessageState.UNCERTAIN, "next_try_at": again}
    if at - message.created_at > GIVE_UP_AFTER:
        return {"state": MessageState.FAILED}
    pause = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    return {"state": MessageState.PENDING, "next_try_at": at + pause}


def _error(answer: Answer) -> str:
    return "" if answer.delivery is Delivery.ACCEPTED else answer.words or answer.delivery.value
