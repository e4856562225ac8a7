"""Mails that open a door. The code of a sign-in is sent at once, never through a queue; of an invitation the words are here.

Whoever asks for a code waits for it, so a mail server that does not answer must be told on the page
(`MailNotSent`), and a code must not lie about in an outbox. Invitations go through it, without their link
(`minori.mail.inviting`).
"""

from dataclasses import dataclass
from email.header import Header
from email.message import Message
from email.utils import parseaddr
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.accounts.models import Invitation, Person, StaffMembership, User
from minori.report_forms.texts import one_line


class Letter(EmailMultiAlternatives):
    """A mail whose subject and sender's name begin on the first line of their header, and break between whole letters.

    Django folds a long Japanese subject so that the first line is empty, and some programs show that as a space
    before the subject; a long name it folds inside a word (“Minor i”). Both are folded again, with room for the name
    of the header.
    """

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """The mail as it goes over the line."""
        written = super().message(*args, **kwargs)
        del written["Subject"]
        Message.__setitem__(written, "Subject", Header(str(self.subject), "utf-8", header_name="Subject"))
        name, address = parseaddr(self.from_email)
        if name and not name.isascii() and address.isascii():
            sender = Header(name, "utf-8", header_name="From")
            sender.append(f"<{address}>", "us-ascii")
            del written["From"]
            Message.__setitem__(written, "From", sender)
        return written


class MailNotSent(Exception):  # noqa: N818 - what happened, in the words of the page
    """The mail server did not take the mail; nothing was changed, and trying again is safe."""


def sender_named(house: str, *, language: str) -> str:
    """The address that mails come from, with the name of the distributor on whose behalf: 「みのり財団（Minori）」.

    The installation's own name where `house` is "".
    """
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if not house:
        return str(settings.DEFAULT_FROM_EMAIL)
    with translation.override(language):
        said = pgettext("sender of a mail", "%(house)s via %(name)s") % {
            "house": house,
            "name": name or "Minori",
        }
    return f'"{said.translate(_NOT_IN_NAMES)}" <{address}>'


_NOT_IN_NAMES = {ord(sign): None for sign in '"\\\r\n'}


def send_code(user: User, *, code: str, minutes: int) -> None:
    """Mail the code of a sign-in, in the person's language. Raises MailNotSent."""
    with translation.override(language_of(user)):
        subject = _("[Minori] Confirmation code %(code)s") % {"code": code}
        _send("account/mail/code", to=user.email, subject=subject, context={"code": code, "minutes": minutes})


def send_unknown_address(address: str) -> None:
    """Tell whoever reads this mailbox that nobody signs in with it, in the language of the page. Raises MailNotSent.

    Known and unknown addresses are answered alike, in the time they take too: the page gives nothing away,
    and a person who forgot which address was invited is told where to look.
    """
    subject = _("[Minori] This address is not registered")
    _send("account/mail/unknown_address", to=address, subject=subject, context={})


@dataclass(frozen=True)
class Written:
    """An invitation's mail. `house`: the distributor that it comes from, or ""."""

    subject: str
    text: str
    html: str
    house: str


@dataclass(frozen=True)
class OwnWords:
    """A programme's own words of an invitation: subject, and what stands before and after the link and whom to ask."""

    subject: str
    before: str
    after: str


def invitation(one: Invitation, *, link: str, again: bool = False, own: OwnWords | None = None) -> Written:
    """The mail of an invitation with a link, in its language; `again`: as a reminder, where it has no `own` words."""
    with translation.override(one.language):
        house = str(one.house)
        subject = _("[Minori] Invitation to %(house)s")
        if again:
            subject = _("[Minori] Not accepted yet: invitation to %(house)s")
        subject = own.subject if own else subject % {"house": house}
        context = {
            "subject": subject,
            "own": own,
            "base_url": settings.BASE_URL,
            "invitation": one,
            "funders": _houses_of(one.invited_by) if one.organization_id else "",
            "contact": one.invited_by.email if one.invited_by else "",
            "house": house,
            "inviter": one.invited_by.name if one.invited_by else "",
            "link": link,
        }
        return Written(
            subject=" ".join(subject.split()),
            text=render_to_string("account/mail/invitation.txt", context),
            html=render_to_string("account/mail/invitation.html", context),
            house=_house_of(one),
        )


def _house_of(invitation: Invitation) -> str:
    """The distributor that invites: the house itself, else the one distributor that the inviter works for."""
    if invitation.distributor_id:
        return str(invitation.house)
    staff = (
        StaffMembership.objects.active().filter(person=invitation.invited_by).select_related("distributor")
    )
    names = {one.distributor.name for one in staff} if invitation.invited_by_id else set()
    return one_line(names.pop()) if len(names) == 1 else ""


def _houses_of(person: Person | None) -> str:
    """The distributors somebody works for: an invitation says on whose behalf it comes."""
    staff = StaffMembership.objects.active().filter(person=person).select_related("distributor")
    names = dict.fromkeys(one.distributor.name for one in staff.order_by("pk")) if person else {}
    return pgettext("between items of a list", ", ").join(names)


def language_of(user: User) -> str:
    """The language the person reads; the language of the page where it is not known."""
    chosen = Person.objects.filter(user=user).values_list("language", flat=True).first()
    return chosen or translation.get_language() or settings.LANGUAGE_CODE


def _send(template: str, *, to: str, subject: str, context: dict[str, Any]) -> None:
    context = {"subject": subject, "address": to, "base_url": settings.BASE_URL} | context
    message = Letter(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    try:
        message.send()
    except (
        SMTPException,
        OSError,
        UnicodeError,
    ) as error:  # UnicodeError: a domain that no mail server can have
        raise MailNotSent(type(error).__name__) from error
