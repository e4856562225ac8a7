"""Sending a mail again by hand: one that a server refused, or of which nobody knows whether it arrived."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.mail import addresses
from minori.mail.asking import no_longer
from minori.mail.enums import Kind, MessageState, Outcome
from minori.mail.models import Message
from minori.programmes.models import Deadline

AGAIN = frozenset({MessageState.FAILED, MessageState.UNCERTAIN, MessageState.BOUNCED})
"""States in which a person may send a mail again."""


class NotAgain(ValueError):  # noqa: N818 - shown to people as a sentence
    """The mail is not to be sent again; `str()` says why."""


def send_again(message: Message, *, about: Deadline, by: Actor, at: datetime) -> Message:
    """Put a mail back into the outbox under its own Message-ID; recorded at the report it is about.

    Where it had perhaps arrived, that it goes out once more is counted (`resends`). Holds the mail's row. Raises
    NotAgain for one that waits or was sent, for account mails, for reminders of what is in by now, and where the address is
    flagged.
    """
    with transaction.atomic():
        locked = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if locked.kind in (Kind.ACCOUNT, Kind.INVITATION):
            raise NotAgain(_("Mails about signing in are never sent again: their codes have run out."))
        if locked.state not in AGAIN:
            raise NotAgain(_("This mail waits or was sent already."))
        if addresses.flagged([locked.address]):
            raise NotAgain(
                _(
                    "Mails to this address do not arrive. Say first, beside the person, that it is written to again."
                )
            )
        if locked.person and locked.person.user and not locked.person.user.is_active:
            raise NotAgain(_("This person's sign-in is closed: nobody would read the mail."))
        if locked.kind == Kind.DEADLINE and not _is_needed(locked):
            raise NotAgain(_("The report is in, not required, or due on another day: no reminder goes out."))
        before = MessageState(locked.state)
        locked.resends += before == MessageState.UNCERTAIN
        if before == MessageState.BOUNCED:
            locked.reminders.filter(outcome=Outcome.BOUNCED).update(outcome=Outcome.PLANNED)
        locked.state, locked.next_try_at = MessageState.PENDING, at
        locked.sent_at = locked.returned_at = None
        locked.save(update_fields=["state", "next_try_at", "resends", "sent_at", "returned_at"])
        record(
            Action.MAIL_RESENT,
            by=by,
            at=at,
            distributor_id=about.grant.programme.distributor_id,
            organization_id=about.organization_id,
            grant_id=about.grant_id,
            deadline_id=about.pk,
            details={"mail": locked.pk, "subject": locked.subject, "was": before.value},
        )
        enqueue(Job.SEND_MAIL)
    return locked


def _is_needed(message: Message) -> bool:
    waiting = [Outcome.PLANNED, Outcome.BOUNCED]
    return message.reminders.filter(outcome__in=waiting).exclude(no_longer()).exists()
