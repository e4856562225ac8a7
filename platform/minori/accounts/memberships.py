"""Who works where: adding, changing and ending a role. Memberships are ended, never deleted."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, overload

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minori.accounts.enums import DECIDING_STAFF_ROLES, Role, StaffRole
from minori.accounts.models import Membership, Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.trail import Actor, record

if TYPE_CHECKING:
    from minori.organizations.models import Organization
    from minori.programmes.models import Distributor

AnyMembership = Membership | StaffMembership


class LastOne(ValidationError):  # noqa: N818 - a state of the house
    """Ending this would leave an organization without an approver, or a distributor without a manager."""


class StillInCharge(ValidationError):  # noqa: N818 - a state of the house
    """The person looks after grants of the distributor; somebody has to take them over first. `grants`: how many."""

    def __init__(self, grants: int) -> None:
        self.grants = grants
        words = ngettext(
            "This person looks after %(count)s grant. Hand it over to somebody first.",
            "This person looks after %(count)s grants. Hand them over to somebody first.",
            grants,
        )
        super().__init__(words % {"count": grants})


@overload
def add(
    *, person: Person, organization: "Organization", role: str, by: Actor, at: datetime
) -> Membership: ...
@overload
def add(
    *, person: Person, distributor: "Distributor", role: str, by: Actor, at: datetime
) -> StaffMembership: ...
def add(
    *,
    person: Person,
    organization: "Organization | None" = None,
    distributor: "Distributor | None" = None,
    role: str,
    by: Actor,
    at: datetime,
) -> AnyMembership:
    """Give the person a role in one house; a role held already is returned as it is, and nothing is recorded.

    Raises ValueError for a role that the house does not know, or without exactly one house.
    """
    if (organization is None) == (distributor is None):
        message = "a membership is in one house"
        raise ValueError(message)
    membership: AnyMembership
    with transaction.atomic():
        if organization is not None:
            held: dict[str, Any] = {"person": person, "organization": organization, "role": Role(role)}
            membership, new = Membership.objects.get_or_create(**held, ended_at=None, defaults={"since": at})
        else:
            held = {"person": person, "distributor": distributor, "role": StaffRole(role)}
            membership, new = StaffMembership.objects.get_or_create(
                **held, ended_at=None, defaults={"since": at}
            )
        if new:
            _record(Action.JOINED, membership, by=by, at=at)
    return membership


def end(membership: AnyMembership, *, by: Actor, at: datetime) -> None:
    """End a role; ending it twice changes nothing. Locks the house's memberships of that role.

    Raises LastOne where nobody else could approve (an organization) or manage (a distributor), and StillInCharge where
    it is the last role in which the person can look after their grants.
    """
    with transaction.atomic():
        if not _lock(membership):
            return
        _must_not_be_the_last(membership)
        _must_be_free_of_grants(membership)
        _model(membership).filter(pk=membership.pk).update(ended_at=at)
        membership.ended_at = at
        _record(Action.MEMBERSHIP_ENDED, membership, by=by, at=at)


def change(membership: AnyMembership, *, role: str, by: Actor, at: datetime) -> AnyMembership:
    """Give the person another role in the same house instead of this one; returns the new membership.

    The old one is ended, so that the history stays readable. Raises LastOne and StillInCharge as `end` does, ValueError for
    a role the house does not know.
    """
    with transaction.atomic():
        if membership.role == role or not _lock(membership):
            return membership
        _must_not_be_the_last(membership)
        if role not in DECIDING_STAFF_ROLES:
            _must_be_free_of_grants(membership)
        _model(membership).filter(pk=membership.pk).update(ended_at=at)
        old, membership.ended_at = membership.role, at
        new: AnyMembership
        if isinstance(membership, Membership):
            new, _made = Membership.objects.get_or_create(
                person_id=membership.person_id,
                organization_id=membership.organization_id,
                role=Role(role),
                ended_at=None,
                defaults={"since": at},
            )
        else:
            new, _made = StaffMembership.objects.get_or_create(
                person_id=membership.person_id,
                distributor_id=membership.distributor_id,
                role=StaffRole(role),
                ended_at=None,
                defaults={"since": at},
            )
        _record(Action.ROLE_CHANGED, new, by=by, at=at, old=old)
    return new


def _lock(membership: AnyMembership) -> bool:
    """Lock every active membership of the house and role, in one order; whether this one still holds."""
    return membership.pk in [same.pk for same in _peers(membership).select_for_update()]


def _peers(membership: AnyMembership) -> models.QuerySet[Any]:
    same: dict[str, Any] = {"role": membership.role, "ended_at": None}
    if isinstance(membership, Membership):
        same["organization_id"] = membership.organization_id
    else:
        same["distributor_id"] = membership.distributor_id
    return _model(membership).filter(**same).order_by("pk")


def _model(membership: AnyMembership) -> models.QuerySet[Any]:
    return Membership.objects.all() if isinstance(membership, Membership) else StaffMembership.objects.all()


def _must_not_be_the_last(membership: AnyMembership) -> None:
    if membership.role not in (Role.APPROVER, StaffRole.MANAGER):
        return
    others = _peers(membership).exclude(pk=membership.pk)
    if not others.filter(person__user__is_active=True).exists():
        raise LastOne(
            _("This is the last approver. Name another one first.")
            if isinstance(membership, Membership)
            else _("This is the last manager. Name another one first.")
        )


def _must_be_free_of_grants(membership: AnyMembership) -> None:
    """A handover locks the successor's role first (`reporting.handover`): no grant arrives while this looks."""
    if isinstance(membership, Membership) or membership.role not in DECIDING_STAFF_ROLES:
        return
    others = StaffMembership.objects.active().filter(
        person_id=membership.person_id,
        distributor_id=membership.distributor_id,
        role__in=DECIDING_STAFF_ROLES,
    )
    if others.exclude(pk=membership.pk).exists():
        return
    of_the_house = {"programme__distributor_id": membership.distributor_id}
    person = membership.person
    if (
        grants := person.leads.filter(**of_the_house).count()
        + person.deputises.filter(**of_the_house).count()
    ):
        raise StillInCharge(grants)


def _record(action: Action, membership: AnyMembership, *, by: Actor, at: datetime, old: str = "") -> None:
    about: dict[str, Any] = {"details": {"person": membership.person_id, "role": membership.role}}
    if isinstance(membership, Membership):
        about["organization_id"] = membership.organization_id
    else:
        about["distributor_id"] = membership.distributor_id
    record(action, by=by, at=at, from_state=old, **about)
