"""Where a person may go: organizations' rooms, the desk, the administration."""

from dataclasses import dataclass
from enum import StrEnum

from django.urls import get_script_prefix

from minori.accounts.enums import Role, StaffRole
from minori.accounts.models import Membership, Person, StaffMembership, User
from minori.marks import listed


class Kind(StrEnum):
    """The three kinds of places."""

    ROOM = "room"
    DESK = "desk"
    ADMINISTRATION = "administration"


@dataclass(frozen=True)
class Place:
    """One place: where it is, whose it is ("" for the administration) and what the person is there."""

    kind: Kind
    url: str
    name: str = ""
    roles: tuple[str, ...] = ()


def places_of(user: User, person: Person | None) -> list[Place]:
    """Rooms first, by name; then the desk (one for all distributors of the person); then the administration."""
    places = _rooms(person) + _desk(person) if person else []
    if user.is_administrator:
        places.append(Place(Kind.ADMINISTRATION, get_script_prefix() + "administration/"))
    return places


def _rooms(person: Person) -> list[Place]:
    memberships = Membership.objects.active().filter(person=person).select_related("organization")
    ordered = memberships.order_by("organization__name_kana", "organization__name", "organization_id", "role")
    roles: dict[tuple[str, str], list[str]] = {}
    for one in ordered:
        key = (f"{get_script_prefix()}o/{one.organization.slug}/", one.organization.name)
        roles.setdefault(key, []).append(str(Role(one.role).label))
    return [Place(Kind.ROOM, url, name, tuple(labels)) for (url, name), labels in roles.items()]


def _desk(person: Person) -> list[Place]:
    memberships = StaffMembership.objects.active().filter(person=person).select_related("distributor")
    roles: dict[str, list[str]] = {}
    for one in memberships.order_by("distributor__name_kana", "distributor__name", "distributor_id", "role"):
        roles.setdefault(one.distributor.name, []).append(str(StaffRole(one.role).label))
    if not roles:
        return []
    labels = tuple(dict.fromkeys(label for several in roles.values() for label in several))
    return [Place(Kind.DESK, get_script_prefix() + "desk/", listed(roles), labels)]
