"""Invitations by mail, through the outbox like every other mail: inviting, sending again, reminding.

What lies in the outbox never opens a door: the mail is kept with a mark where the link stands, and the link, which only
the key of the installation can make, is put in its place as the mail goes over the line (`with_link`).
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate

from minori.accounts import invitations, letters
from minori.accounts.models import Invitation, Person, StaffMembership
from minori.audit.trail import Actor
from minori.mail import outbox, own_texts
from minori.mail.enums import Kind, MessageState, Wording
from minori.mail.letters import Letter, full_date
from minori.mail.models import Message
from minori.mail.wording import Words, fill
from minori.programmes.models import Grant

LINK = "[[invitation-link]]"
"""Stands in the outbox where the link will stand in the mail."""

WAITS = (MessageState.PENDING,)
SHOWN = 3
"""Mails of an invitation that pages list, the newest first."""


def invite(**facts: Any) -> Invitation:
    """Invite as `invitations.invite` does, and put the mail into the outbox, in one transaction. Raises what that raises."""
    with transaction.atomic():
        invitation = invitations.invite(**facts)
        _post(invitation, at=facts["at"])
    return invitation


def resend(invitation: Invitation, *, by: Actor, at: datetime) -> Invitation:
    """Mail a new link as `invitations.resend` makes it. Raises NotOpen."""
    with transaction.atomic():
        renewed = invitations.resend(invitation, by=by, at=at)
        _post(renewed, at=at)
    return renewed


def remind(invitation: Invitation, *, step: str, at: datetime) -> Message | None:
    """Mail the link once more to whoever has not accepted yet; None where nobody waits any more. In the caller's
    transaction. `step`: key of the ladder's step."""
    waiting = invitations.remind(invitation, at=at)
    return _post(waiting, at=at, step=step) if waiting else None


def keep_current(*, at: datetime) -> int:
    """Take mails out of the outbox whose invitation was accepted or taken back meanwhile; returns their number."""
    over = Message.objects.filter(state=MessageState.PENDING, invitation__isnull=False).exclude(
        invitation__in=Invitation.objects.open()
    )
    return Message.objects.filter(pk__in=over.values("pk"), state=MessageState.PENDING).update(
        state=MessageState.WITHDRAWN, next_try_at=None
    )


def with_link(message: Message, text: str) -> str:
    """The text of an invitation's mail with its link in place."""
    return text.replace(LINK, invitations.link_of(message.invitation)) if message.invitation else text


def mails_of(them: Collection[Invitation]) -> Mapping[int, list[Message]]:
    """The mails of invitations, the newest first, by invitation; one query, none for no invitation."""
    if not them:
        return {}
    found: dict[int, list[Message]] = {}
    mails = Message.objects.filter(invitation__in=[one.pk for one in them]).defer("text", "html")
    for mail in mails.order_by("-created_at", "-pk"):
        some = found.setdefault(mail.invitation_id or 0, [])
        if len(some) < SHOWN:
            some.append(mail)
    return found


def filled(invitation: Invitation, words: Words, *, distributor: str) -> letters.OwnWords:
    """A programme's own text about an invitation, with the name of the programme's distributor."""
    with translation.override(invitation.language):
        text = fill(
            words,
            {
                "organization": str(invitation.house),
                "inviter": invitation.invited_by.name if invitation.invited_by else "",
                "role": invitation.role_label,
                "until": full_date(localdate(invitation.expires_at)),
                "distributor": distributor,
            },
        )
    return letters.OwnWords(text.subject, text.before, text.after)


def _own(invitation: Invitation, *, again: bool) -> letters.OwnWords | None:
    """The own text of the programme for which an officer invites: that of the newest grant among the officer's."""
    if invitation.organization_id is None or invitation.invited_by_id is None:
        return None
    works_for = StaffMembership.objects.active().filter(person=invitation.invited_by_id).values("distributor")
    grants = Grant.objects.filter(
        organization=invitation.organization_id, programme__distributor__in=works_for
    ).select_related("programme__distributor")
    grant = grants.order_by("-pk").first()
    if grant is None:
        return None
    what = Wording.NOT_ACCEPTED if again else Wording.INVITATION
    words = own_texts.of([grant.programme_id]).get((grant.programme_id, what, invitation.language))
    distributor = grant.programme.distributor.name
    return filled(invitation, words, distributor=distributor) if words else None


def _post(invitation: Invitation, *, at: datetime, step: str = "") -> Message:
    # of several mails that wait only the newest is needed: the older link may not work any more
    Message.objects.filter(invitation=invitation, state__in=WAITS).update(
        state=MessageState.WITHDRAWN, next_try_at=None
    )
    written = letters.invitation(
        invitation, link=LINK, again=bool(step), own=_own(invitation, again=bool(step))
    )
    reader = Person(name=invitation.name, email=invitation.email, language=invitation.language)
    part = step or f"{Message.objects.filter(invitation=invitation).count()}"
    post = outbox.Post(
        key=f"invitation:{invitation.pk}:{invitation.invited_at:%Y%m%d%H%M%S}:{part}",
        person=reader,
        letter=Letter(written.subject, written.text, written.html, written.house),
        invitation=invitation,
    )
    return outbox.put([post], kind=Kind.INVITATION, at=at)[0]
