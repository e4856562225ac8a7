"""Mail services behind django-anymail: what a service answers, and the events that it tells afterwards, in our words.

Anymail is imported here alone, and only where a service is set (`MINORI_MAIL_SERVICE`).
"""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from minori.mail import returned
from minori.mail.enums import Fault
from minori.mail.returned import Returned

OUR_NUMBER = "minori_mail"
"""Goes along with each mail where a service keeps such things, and comes back with its events."""

_REFUSED = frozenset({"rejected", "invalid"})
_ANSWERED_NO = range(400, 500)
_LASTING = frozenset({"bounced", "invalid"})
"""Reasons of anymail that say that the address itself is at fault; others (blocked, timed out) may pass."""


def number(mail: EmailMultiAlternatives, key: int) -> None:
    """Let our number of a mail go along; plain SMTP does not know of it."""
    vars(mail)["metadata"] = {OUR_NUMBER: str(key)}


def service_id_of(mail: EmailMultiAlternatives) -> str:
    """What the service calls a mail that it took; "" where it said nothing."""
    status = getattr(mail, "anymail_status", None)
    return str(getattr(status, "message_id", None) or "")[:200]


def is_refused(mail: EmailMultiAlternatives, error: Exception | None) -> bool:
    """Whether the service declined the one recipient of a mail."""
    if error is not None and type(error).__name__ == "AnymailRecipientsRefused":
        return True
    status = getattr(mail, "anymail_status", None)
    states = set(getattr(status, "status", None) or ())
    return bool(states) and states <= _REFUSED


def will_take_it_later(error: Exception) -> bool:
    """Whether an error says that the mail was certainly not taken: no connection, or an answer that declines it.

    An answer such as 500 leaves open what the service did, and so does one that did not come in time.
    """
    status = getattr(error, "status_code", None)
    if status is not None:
        return status in _ANSWERED_NO
    names = {cause.__name__ for one in _causes(error) for cause in type(one).__mro__}
    return bool(names & {"ConnectTimeout", "ConnectionRefusedError", "gaierror", "NewConnectionError"})


def hear(sender: object, event: Any, **about: object) -> None:
    """Anymail's signal of an event: those that say that a mail did not arrive are noted, the others are not ours."""
    del sender, about
    told = as_returned(event)
    if told is not None:
        returned.take(told, at=timezone.now())


def as_returned(event: Any) -> Returned | None:
    """An event of anymail in our words; None for deliveries, openings, delays and whatever has no recipient."""
    kinds = {"bounced": Fault.BOUNCED, "rejected": Fault.REFUSED, "complained": Fault.COMPLAINT}
    kind = kinds.get(str(event.event_type))
    if kind is None or not event.recipient:
        return None
    number = str((event.metadata or {}).get(OUR_NUMBER, ""))
    reason = str(event.reject_reason or "")
    words = [str(one) for one in (event.mta_response, event.description, reason) if one]
    return Returned(
        kind=Fault.COMPLAINT if reason == "spam" else kind,
        address=str(event.recipient),
        happened_at=event.timestamp or timezone.now(),
        service_id=str(event.message_id or "")[:200],
        event_id=str(event.event_id or ""),
        mail=int(number) if number.isdecimal() and len(number) < 18 else None,  # noqa: PLR2004 - fits a bigint
        words=words[0] if words else "",
        lasting=kind is Fault.COMPLAINT or reason in _LASTING | {"spam", "unsubscribed"},
    )


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        inner = [one for one in error.args if isinstance(one, BaseException)]
        reason = getattr(inner[0], "reason", None) if inner else None
        found += [*inner, *([reason] if isinstance(reason, BaseException) else [])]
        error = error.__cause__ or error.__context__
    return found
