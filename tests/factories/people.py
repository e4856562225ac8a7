"""People who sign in: users, persons, members of organizations, staff of distributors."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.test import Client

from minori.accounts.enums import Role, StaffRole
from minori.accounts.models import Membership, Person, StaffMembership, User
from minori.audit.trail import Actor
from minori.organizations.models import Organization
from minori.programmes.models import Distributor

SINCE = datetime(2026, 4, 1, tzinfo=UTC)

_numbers = count(1)


def user(email: str = "", password: str | None = None, **fields: Any) -> User:
    """Somebody's credentials; without a password only the mailed code opens the door."""
    return User.objects.create_user(email or f"person-{next(_numbers)}@example.jp", password, **fields)


def person(name: str = "佐藤 和子", *, email: str = "", password: str | None = None, **fields: Any) -> Person:
    """A person who can sign in and belongs nowhere yet."""
    account = fields.pop("user", None) or user(email, password)
    return Person.objects.create(**({"name": name, "user": account, "email": account.email} | fields))


def member(
    organization: Organization, role: Role | str = Role.EDITOR, *, of: Person | None = None, **fields: Any
) -> Person:
    """A person (`of`, else a new one) with a role in an organization."""
    who = of or person(**fields)
    Membership.objects.create(person=who, organization=organization, role=role, since=SINCE)
    return who


def officer(
    distributor: Distributor,
    role: StaffRole | str = StaffRole.OFFICER,
    *,
    of: Person | None = None,
    **fields: Any,
) -> Person:
    """A person (`of`, else a new one) with a role at a distributor."""
    who = of or person(**({"name": "佐伯 真理"} | fields))
    StaffMembership.objects.create(person=who, distributor=distributor, role=role, since=SINCE)
    return who


def administrator(**fields: Any) -> Person:
    """A person who looks after the installation."""
    who = person(**({"name": "管理 太郎"} | fields))
    User.objects.filter(pk=who.user_id).update(is_administrator=True)
    who.user.refresh_from_db()
    return who


def sign_in(client: Client, who: Person) -> Client:
    """The client, signed in as the person (without the door: its tests are in `tests/minori/accounts`)."""
    assert who.user is not None, "this person has no credentials"
    client.force_login(who.user)
    return client


def speaking(organization: Organization, name: str = "佐藤 和子") -> Actor:
    """One of the organization's people as they act in its room: there the database knows nobody else."""
    known = Person.objects.filter(memberships__organization=organization, name=name).order_by("pk").first()
    who = known or member(organization, name=name)
    return Actor(person_id=who.pk, name=who.name)
