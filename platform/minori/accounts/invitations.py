"""Invitations: the link is meant for one address, works for a while and is used once. `minori.mail.inviting` mails it.

Why accepting works as it does is written down in docs/decisions/0003-invitations.md.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from minori.accounts import memberships
from minori.accounts.enums import Language, Role, StaffRole
from minori.accounts.models import Invitation, Membership, Person, StaffMembership, User
from minori.audit.enums import Action
from minori.audit.trail import MINORI, Actor, record
from minori.report_forms.texts import one_line

if TYPE_CHECKING:
    from minori.organizations.models import Organization
    from minori.programmes.models import Distributor

LIFE = timedelta(days=14)
"""How long the link of an invitation works."""


class Standing(StrEnum):
    """Where an invitation stands at a moment."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"


class HasThisRole(ValidationError):  # noqa: N818 - a state of the house
    """The person holds this role there already."""


class NotOpen(Exception):  # noqa: N818 - a state of the invitation
    """The invitation was accepted, revoked or has expired; `standing` says which."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.value)
        self.standing = standing


class MustSignIn(Exception):  # noqa: N818 - what is missing
    """Somebody signs in with the invited address already and has to, by a code, before accepting."""


class SomebodyElse(Exception):  # noqa: N818 - a state of the browser
    """Somebody is signed in, but not with the invited address."""


class SignInClosed(Exception):  # noqa: N818 - a state of the account
    """The invited address belongs to an account that was closed."""


def invite(
    *,
    email: str,
    name: str,
    role: str,
    by: Actor,
    at: datetime,
    organization: "Organization | None" = None,
    distributor: "Distributor | None" = None,
    language: str = Language.JAPANESE,
) -> Invitation:
    """Invite an address to one house with a role; `minori.mail.inviting.invite` mails the link besides.

    An open invitation to the same role there is renewed: its older link stops working. `sent_at` is empty until a mail
    server has taken the mail. Raises HasThisRole, and ValueError for a role the house does not know or without one house.
    """
    if (organization is None) == (distributor is None):
        message = "an invitation is to one house"
        raise ValueError(message)
    known_role = Role(role) if organization else StaffRole(role)
    house = {"organization": organization, "distributor": distributor}
    address = email.strip().lower()
    held: QuerySet[Any] = (
        Membership.objects.active().filter(organization=organization)
        if organization
        else StaffMembership.objects.active().filter(distributor=distributor)
    )
    if held.filter(role=known_role, person__user__email=address).exists():
        raise HasThisRole(_("This person holds this role already."))
    with transaction.atomic():
        invitation = _open_one(address, known_role, house) or _new_one(
            address, known_role, house, at, name=one_line(name), language=language, invited_by_id=by.person_id
        )
        invitation.name, invitation.language = one_line(name), language
        _renew(invitation, by=by, at=at)
    return invitation


def resend(invitation: Invitation, *, by: Actor, at: datetime) -> Invitation:
    """Make a new link, which works for the whole time again; the older link stops working. Returns it as it is now.

    Raises NotOpen where it was accepted or revoked.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if (stands := standing(locked, at=at)) in (Standing.ACCEPTED, Standing.REVOKED):
            raise NotOpen(stands)
        _renew(locked, by=by, at=at)
    return locked


def remind(invitation: Invitation, *, at: datetime) -> Invitation | None:
    """Let the link work for the whole time again, for whoever has not accepted yet; None where it does not wait any more.

    The day it was invited on stays, so that steps are counted from it, and so does the link.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if standing(locked, at=at) in (Standing.ACCEPTED, Standing.REVOKED):
        return None
    if not locked.seed:  # from before links could be made again
        _seed(locked)
    locked.expires_at = max(locked.expires_at, at + LIFE)
    locked.save(update_fields=["seed", "token_hash", "expires_at"])
    _record(Action.INVITED, locked, by=MINORI, at=at)
    return locked


def link_of(invitation: Invitation) -> str:
    """The link, made of the seed and the installation's key; where that key was changed since, the link of now counts."""
    token = _token_of(invitation.seed)
    if invitation.token_hash != _hash(token):
        Invitation.objects.filter(pk=invitation.pk, seed=invitation.seed).update(token_hash=_hash(token))
    return settings.BASE_URL + reverse("accounts:join", args=[token])


def revoke(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Make the link stop working; revoking twice changes nothing. Raises NotOpen where it was accepted."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if locked.accepted_at:
            raise NotOpen(Standing.ACCEPTED)
        if locked.revoked_at is None:
            locked.revoked_at = at
            locked.save(update_fields=["revoked_at"])
            _record(Action.INVITATION_REVOKED, locked, by=by, at=at)


def standing(invitation: Invitation, *, at: datetime) -> Standing:
    """Whether the invitation can be accepted at this moment."""
    if invitation.accepted_at:
        return Standing.ACCEPTED
    if invitation.revoked_at:
        return Standing.REVOKED
    return Standing.EXPIRED if at >= invitation.expires_at else Standing.OPEN


def find(token: str) -> Invitation | None:
    """The invitation this link belongs to; only the hash of a link is stored."""
    related = ("organization", "distributor", "invited_by")
    return Invitation.objects.select_related(*related).filter(token_hash=_hash(token)).first()


def of(
    *, organization: "Organization | None" = None, distributor: "Distributor | None" = None
) -> QuerySet[Invitation]:
    """Every invitation to this house, whatever became of it."""
    return Invitation.objects.filter(organization=organization, distributor=distributor).order_by("pk")


def waiting(
    *, organization: "Organization | None" = None, distributor: "Distributor | None" = None
) -> QuerySet[Invitation]:
    """Invitations to this house that nobody has accepted yet, expired ones too."""
    return (
        Invitation.objects.open()
        .filter(organization=organization, distributor=distributor)
        .order_by("name", "pk")
    )


def accept(invitation: Invitation, *, signed_in: User | None, at: datetime) -> Person:
    """Join the house: by the link alone where nobody signs in with the address yet, else by the person signed in.

    Makes the user (address verified by the link) and the person where they are new, gives the role, records
    it. Never signs anybody in. Locks the invitation. Raises NotOpen, SomebodyElse, MustSignIn, SignInClosed.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if (stands := standing(locked, at=at)) is not Standing.OPEN:
            raise NotOpen(stands)
        if signed_in is not None and signed_in.email != locked.email:
            raise SomebodyElse
        user = User.objects.filter(email=locked.email).first()
        if user is not None and not user.is_active:
            raise SignInClosed
        if user is not None and signed_in is None:
            raise MustSignIn
        person = _person_of(user or _new_user(locked.email), locked)
        locked.accepted_at, locked.accepted_by = at, person
        locked.save(update_fields=["accepted_at", "accepted_by"])
        house: dict[str, Any] = (
            {"organization": locked.organization}
            if locked.organization_id
            else {"distributor": locked.distributor}
        )
        by = Actor(person_id=person.pk, name=person.name)
        memberships.add(person=person, role=locked.role, by=by, at=at, **house)
    return person


def _new_user(email: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email)
    except IntegrityError as error:
        # another invitation of the same address was accepted at the same moment
        raise MustSignIn from error


def _open_one(address: str, role: str, house: dict[str, Any]) -> Invitation | None:
    return (
        Invitation.objects.open()
        .select_for_update(of=("self",))
        .filter(email=address, role=role, **house)
        .order_by("pk")
        .first()
    )


def _new_one(address: str, role: str, house: dict[str, Any], at: datetime, **fields: Any) -> Invitation:
    new = Invitation(
        email=address,
        role=role,
        invited_at=at,
        expires_at=at + LIFE,
        token_hash=_hash(secrets.token_urlsafe(32)),  # until it is renewed, at once
        **house,
        **fields,
    )
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:
        # the same form was sent twice at once: the other one made it
        other = _open_one(address, role, house)
        if other is None:
            raise
        return other
    return new


def _renew(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    _seed(invitation)
    invitation.invited_at, invitation.expires_at, invitation.sent_at = at, at + LIFE, None
    invitation.invited_by_id = by.person_id
    invitation.save()
    _record(Action.INVITED, invitation, by=by, at=at)


def _person_of(user: User, invitation: Invitation) -> Person:
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    person = Person.objects.filter(user=user).first()
    if person is None:
        # a contact written down earlier, who never signed in, is the same person
        contacts = list(Person.objects.filter(user=None, email__iexact=user.email)[:2])
        person = (
            contacts[0] if len(contacts) == 1 else Person(name=invitation.name, language=invitation.language)
        )
        person.user, person.email = user, user.email
        person.save()
    return person


def _record(action: Action, invitation: Invitation, *, by: Actor, at: datetime) -> None:
    record(
        action,
        by=by,
        at=at,
        organization_id=invitation.organization_id,
        distributor_id=invitation.distributor_id,
        details={"invitation": invitation.pk, "email": invitation.email, "role": invitation.role},
    )


def _seed(invitation: Invitation) -> None:
    """Give it a new link; not saved."""
    invitation.seed = secrets.token_urlsafe(32)
    invitation.token_hash = _hash(_token_of(invitation.seed))


def _token_of(seed: str) -> str:
    """The secret part of the link. The database alone does not tell it: it takes the key of the installation."""
    made = salted_hmac("minori.invitation", seed, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
