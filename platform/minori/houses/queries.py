"""Who works in a house, and who is invited to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from minori.accounts import invitations
from minori.accounts.models import Invitation, Membership, StaffMembership
from minori.mail import addresses, inviting
from minori.mail.enums import MessageState
from minori.mail.models import FlaggedAddress, Message
from minori.organizations.models import Organization
from minori.programmes.models import Distributor


@dataclass(frozen=True)
class Invited:
    """An invitation that nobody has accepted yet, whether its link still works, and whether mails reach its address."""

    invitation: Invitation
    standing: str
    flag: FlaggedAddress | None = None
    mails: Sequence[Message] = ()

    @property
    def mail(self) -> Message | None:
        """The newest mail with the link, where it has not reached the mail server: it waits, or was refused."""
        newest = self.mails[0] if self.mails else None
        return newest if newest and newest.state != MessageState.SENT else None


def members(organization: Organization) -> QuerySet[Membership]:
    """Everybody with a role in the organization today, by name."""
    found: QuerySet[Membership] = (
        Membership.objects.active().filter(organization=organization).select_related("person__user")
    )
    return found.order_by("person__name_kana", "person__name", "pk")


def staff(distributor: Distributor) -> QuerySet[StaffMembership]:
    """Everybody with a role at the distributor today, by name."""
    found: QuerySet[StaffMembership] = (
        StaffMembership.objects.active().filter(distributor=distributor).select_related("person__user")
    )
    return found.order_by("person__name_kana", "person__name", "pk")


def invited(house: Organization | Distributor, *, at: datetime) -> Sequence[Invited]:
    """Who is invited to the house and has not come yet, expired invitations too. Three queries."""
    waiting = list(
        invitations.waiting(distributor=house)
        if isinstance(house, Distributor)
        else invitations.waiting(organization=house)
    )
    flags = addresses.flagged([one.email for one in waiting])
    mails = inviting.mails_of(waiting)
    return [
        Invited(
            one,
            invitations.standing(one, at=at).value,
            flags.get(one.email.lower()),
            mails.get(one.pk, ()),
        )
        for one in waiting
    ]
