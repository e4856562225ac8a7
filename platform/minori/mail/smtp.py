"""Handing one mail to a mail server, and knowing exactly what became of it."""

import contextlib
import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.generator import BytesGenerator
from enum import Enum
from io import BytesIO
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from minori.mail import services

_ACCEPTED = range(200, 300)
_REFUSED = range(500, 600)
_GO_AHEAD = 354
_NO_SUCH_ADDRESS = frozenset({b"5.1.0", b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10", b"5.2.1"})


class MailServerAway(OSError):  # noqa: N818 - a state of the world
    """No conversation with the mail server could be begun; `str()` says why. Nothing was claimed or sent."""


class Delivery(Enum):
    """What became of a mail."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """What became of a mail, and the server's words. `broken`: the conversation cannot go on; `faulty`: it is the address
    that was refused, for good; `service_id`: what a mail service calls the mail.
    """

    delivery: Delivery
    words: str
    broken: bool = False
    faulty: bool = False
    service_id: str = ""


class Line:
    """An open conversation with the mail server."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def send(self, mail: EmailMultiAlternatives) -> Answer:
        """Hand over one mail to its one recipient. Never raises for what the server or the network does, nor for a mail that
        cannot be written: one such would keep back all behind it."""
        if not isinstance(self.backend, EmailBackend):
            return self._send_by_another_way(mail)
        smtp = self.backend.connection
        assert smtp is not None, "the conversation was opened"
        recipient = ""
        try:
            recipient = sanitize_address(mail.to[0], "utf-8")
            sender, content = sanitize_address(mail.from_email, "utf-8"), _written(mail)
        except ValueError as error:  # of an address: no server's name has such letters, or is as long
            return Answer(Delivery.REFUSED, _words(error), faulty=not recipient)
        try:
            refusal = _announce(smtp, sender, recipient)
        except (smtplib.SMTPException, OSError) as error:
            # the text was never handed over: trying again cannot double it
            return Answer(Delivery.LATER, _words(error), broken=True)
        if refusal is not None:
            return refusal
        try:
            smtp.send(_dotted(content))
            return _judge(*smtp.getreply())
        except (smtplib.SMTPException, OSError) as error:
            return Answer(Delivery.UNKNOWN, _words(error), broken=True)

    def _send_by_another_way(self, mail: EmailMultiAlternatives) -> Answer:
        # a mail service's own backend
        try:
            self.backend.send_messages([mail])
        except Exception as error:  # noqa: BLE001 - services raise what they like
            if services.is_refused(mail, error):
                return Answer(Delivery.REFUSED, _words(error), faulty=True)
            # else what an error leaves behind is not known, unless it says so
            late = services.will_take_it_later(error)
            return Answer(Delivery.LATER if late else Delivery.UNKNOWN, _words(error), broken=True)
        if services.is_refused(mail, None):
            return Answer(Delivery.REFUSED, "the mail service refuses the address", faulty=True)
        return Answer(Delivery.ACCEPTED, "", service_id=services.service_id_of(mail))


@contextlib.contextmanager
def conversation() -> Iterator[Line]:
    """Open a conversation with the configured mail server for as long as the block lasts.

    Raises MailServerAway when there is none to be had (refused, no answer in time, wrong password).
    """
    try:
        backend = get_connection()
        backend.open()
    except (smtplib.SMTPException, OSError, ImproperlyConfigured) as error:
        raise MailServerAway(_words(error)) from error
    try:
        yield Line(backend)
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            backend.close()


def _announce(smtp: smtplib.SMTP, sender: str, recipient: str) -> Answer | None:
    """Say who writes to whom and that the text follows; an Answer when the server declines."""
    smtp.ehlo_or_helo_if_needed()
    options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
    asked = _judge(*smtp.mail(sender, options))
    if asked.delivery is Delivery.ACCEPTED:
        code, reply = smtp.rcpt(recipient)
        asked = replace(_judge(code, reply), faulty=_is_the_address(code, reply))
    if asked.delivery is Delivery.ACCEPTED:
        code, reply = smtp.docmd("DATA")
        if code == _GO_AHEAD:
            return None
        asked = _judge(code, reply)
        if asked.delivery is Delivery.ACCEPTED:  # not an answer to DATA: let it come again
            asked = Answer(Delivery.LATER, asked.words, broken=True)
    with contextlib.suppress(smtplib.SMTPException, OSError):
        smtp.rset()
    return asked


def _is_the_address(code: int, reply: bytes) -> bool:
    """Whether a refusal of the recipient speaks of the address for good: no such box, or one that was closed.

    Not what a server says of the sender, its own rules or a full box (RFC 3463: 5.7.x, 5.2.2 …): that would flag people
    for a fault of ours.
    """
    if code not in _REFUSED:
        return False
    if status := re.match(rb"5\.\d{1,3}\.\d{1,3}\b", reply.strip()):
        return status[0] in _NO_SUCH_ADDRESS
    return code in (550, 551, 553)


def _judge(code: int, reply: bytes) -> Answer:
    words = f"{code} {reply.decode(errors='replace')}"
    if code in _ACCEPTED:
        return Answer(Delivery.ACCEPTED, words)
    if code in _REFUSED:
        return Answer(Delivery.REFUSED, words)
    # 421: the server closes the conversation
    return Answer(Delivery.LATER, words, broken=code == 421)  # noqa: PLR2004


def _written(mail: EmailMultiAlternatives) -> bytes:
    """The mail as it goes over the line."""
    written = mail.message()
    content = BytesIO()
    BytesGenerator(content, mangle_from_=False).flatten(written, linesep="\r\n")
    return content.getvalue()


def _dotted(content: bytes) -> bytes:
    """The text as DATA wants it: lines that begin with a dot get another, and a dot alone ends it."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
