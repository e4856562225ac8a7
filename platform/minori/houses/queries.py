"""Who works in a house, and who is invited to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from minori.accounts import invitations
from minori.accounts.models import Invitation, Membership, StaffMembership
from minori.mail import addresses
from minori.mail.models import FlaggedAddress
from minori.organizations.models import Organization
from minori.programmes.models import Distributor


@dataclass(frozen=True)
class Invited:
    """An invitation that nobody has accepted yet, whether its link still works, and whether mails reach its address."""

    invitation: Invitation
    standing: str
    flag: FlaggedAddress | None = None


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
    """Who is invited to the house and has not come yet, expired invitations too. Two queries."""
    waiting = list(
        invitations.waiting(distributor=house)
        if isinstance(house, Distributor)
        else invitations.waiting(organization=house)
    )
    flags = addresses.flagged([one.email for one in waiting])
    return [
        Invited(one, invitations.standing(one, at=at).value, flags.get(one.email.lower())) for one in waiting
    ]
