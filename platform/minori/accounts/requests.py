"""Requests as views see them, once the doors have been passed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from minori.accounts.enums import DECIDING_STAFF_ROLES, Role, StaffRole
from minori.accounts.models import Person, User
from minori.audit.trail import Actor

if TYPE_CHECKING:
    from minori.organizations.models import Organization


def actor(person: Person) -> Actor:
    """The person as the one who acts."""
    return Actor(person_id=person.pk, name=person.name)


class PersonRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User
    person: Person
    htmx: HtmxDetails
    kept: QueryDict | None  # what was typed here before the session had ended (accounts.kept)


class RoomRequest(PersonRequest):
    """A request inside an organization's room."""

    organization: "Organization"
    roles: frozenset[Role]


@dataclass(frozen=True)
class Desk:
    """What a person may do at the distributors' side: distributor id → roles."""

    person: Person
    roles: dict[int, frozenset[StaffRole]]

    @property
    def distributor_ids(self) -> list[int]:
        return sorted(self.roles)

    def may_decide(self, distributor_id: int) -> bool:
        """Whether the person is an officer or a manager there, not only a reader."""
        return bool(self.roles.get(distributor_id, frozenset()) & DECIDING_STAFF_ROLES)

    def may_manage(self, distributor_id: int) -> bool:
        """Whether the person is a manager there: looks after its staff."""
        return StaffRole.MANAGER in self.roles.get(distributor_id, frozenset())


class DeskRequest(PersonRequest):
    """A request at the distributors' desk."""

    desk: Desk
