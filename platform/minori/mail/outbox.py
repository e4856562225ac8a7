"""Putting letters into the outbox: once per key, to be sent when its transaction is committed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings

from minori.accounts.models import Invitation, Person
from minori.jobs import Job, enqueue
from minori.mail.enums import Kind, MessageState
from minori.mail.letters import Letter
from minori.mail.models import Enclosure, Message
from minori.report_forms.texts import one_line


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Post:
    """A letter to a person. `key` names what it is for; `written_for`: the reader's date, where the words age.

    Somebody without a sign-in is a `Person` that is not saved: then the letter goes to the address alone.
    """

    key: str
    person: Person
    letter: Letter
    written_for: date | None = None
    reply_to: str = ""
    invitation: Invitation | None = None
    files: Sequence[Enclosed] = ()


def put(posts: Iterable[Post], *, kind: Kind, at: datetime) -> list[Message]:
    """Write mails in the caller's transaction and wake the sender.

    Raises IntegrityError for a key that is there already: writers hold a lock and have looked before.
    """
    written = list(posts)
    messages = Message.objects.bulk_create(
        [
            Message(
                key=post.key,
                kind=kind,
                person=post.person if post.person.pk else None,
                address=post.person.email,
                language=post.person.language,
                subject=post.letter.subject[:300],
                text=post.letter.text,
                html=post.letter.html,
                sender=one_line(post.letter.sender)[:200],
                message_id=_new_message_id(),
                next_try_at=at,
                created_at=at,
                written_for=post.written_for,
                reply_to=post.reply_to,
                invitation=post.invitation,
            )
            for post in written
        ]
    )
    enclosed = [
        Enclosure(message=message, filename=one.filename, content_type=one.content_type, data=one.data)
        for message, post in zip(messages, written, strict=True)
        for one in post.files
    ]
    if enclosed:
        Enclosure.objects.bulk_create(enclosed)
    if messages:
        enqueue(Job.SEND_MAIL)
    return messages


def hurry(*, planned_at: datetime, at: datetime) -> int:
    """Let mails that were planned for a moment to come go out now; returns their number."""
    waiting = Message.objects.filter(state=MessageState.PENDING, created_at=planned_at, next_try_at__gt=at)
    return waiting.update(next_try_at=at)


def set_back(before: datetime, *, at: datetime) -> int:
    """The clock was set back from `before`: what was due by then is due now, and a lease that had run out by then is over.

    Else mails would wait until the clock has come so far again. Returns the number of mails.
    """
    waiting = Message.objects.filter(state__in=[MessageState.PENDING, MessageState.UNCERTAIN])
    due = waiting.filter(next_try_at__gt=at, next_try_at__lte=before).update(next_try_at=at)
    claimed = Message.objects.filter(state=MessageState.CLAIMED, claimed_until__gt=at)
    return due + claimed.filter(claimed_until__lte=before).update(claimed_until=at)


def _new_message_id() -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid4().hex}@{domain}>"
