"""What a mail service tells of mails afterwards: noted once, at the mail, the ledger and the address."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from minori.mail import addresses
from minori.mail.enums import Fault, MessageState, Outcome
from minori.mail.models import Message, ReturnedMail

ON_THE_WAY = frozenset(
    {MessageState.SENT, MessageState.UNCERTAIN, MessageState.CLAIMED, MessageState.BOUNCED}
)
"""Mails that a service can have had."""


@dataclass(frozen=True)
class Returned:
    """One event of a service. `lasting`: mails to the address will not arrive later either.

    `mail`: our own number of the mail, where the service keeps such a thing; `service_id`: its own name for it.
    """

    kind: Fault
    address: str
    happened_at: datetime
    service_id: str = ""
    event_id: str = ""
    mail: int | None = None
    words: str = ""
    lasting: bool = True

    @property
    def key(self) -> str:
        """What makes it this event; services that give events no name tell the same facts when they tell it twice."""
        facts = self.event_id or f"{self.service_id}|{self.happened_at.isoformat()}"
        return sha256(f"{self.kind}|{self.address.lower()}|{facts}".encode()).hexdigest()


def take(one: Returned, *, at: datetime) -> bool:
    """Note an event; False when it was noted before, or says nothing of anybody here.

    Order does not matter: of a mail that is just being sent it is noted, and told once the sender is done. Holds the
    mail's row.
    """
    address = one.address.strip().lower()
    with transaction.atomic():
        message = _message(one, address)
        _row, fresh = ReturnedMail.objects.get_or_create(
            key=one.key,
            defaults={
                "kind": one.kind,
                "address": address[:320],
                "message": message,
                "happened_at": one.happened_at,
                "taken_at": at,
                "words": one.words[:2000],
            },
        )
        if not fresh:
            return False
        if message is not None and one.kind is not Fault.COMPLAINT:
            _bounce(message, one, at=at)
        flag = None
        if one.lasting:
            flag = addresses.flag(
                address, why=one.kind, words=one.words, happened_at=one.happened_at, message=message, at=at
            )
    return message is not None or flag is not None


def come_back(message_id: int) -> None:
    """Where it was told that a mail came back before its sender had noted that it is gone: say so now."""
    back = Message.objects.filter(pk=message_id, state=MessageState.SENT, returned_at__isnull=False)
    told = ReturnedMail.objects.filter(message=message_id).order_by("-pk").values_list("words", flat=True)
    if back.update(state=MessageState.BOUNCED, last_error=told.first() or ""):
        _ledger(message_id)


def _message(one: Returned, address: str) -> Message | None:
    """The mail it is about, under its lock; only one to that very address."""
    mails = Message.objects.select_for_update(of=("self",)).filter(address__iexact=address)
    if one.mail is not None and (named := mails.filter(pk=one.mail).first()):
        return named
    if not one.service_id:
        return None
    return mails.filter(service_id=one.service_id).order_by("-pk").first()


def _bounce(message: Message, one: Returned, *, at: datetime) -> None:
    if message.state not in ON_THE_WAY:
        return
    message.returned_at = message.returned_at or at
    message.last_error = one.words or one.kind.value
    if message.state in (MessageState.SENT, MessageState.UNCERTAIN):
        message.state, message.next_try_at = MessageState.BOUNCED, None
        message.sent_at = message.sent_at or one.happened_at
    message.save(update_fields=["state", "returned_at", "last_error", "next_try_at", "sent_at"])
    if message.state == MessageState.BOUNCED:
        _ledger(message.pk)


def _ledger(message_id: int) -> None:
    mail = Message.objects.get(pk=message_id)
    mail.reminders.filter(outcome__in=[Outcome.PLANNED, Outcome.SENT]).update(outcome=Outcome.BOUNCED)
