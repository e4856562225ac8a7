"""Distributors, organizations with their rooms, and the people in them."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from minori.accounts import memberships, users
from minori.accounts.models import Person
from minori.administration import distributors
from minori.audit.trail import MINORI, Actor
from minori.organizations import provisioning
from minori.organizations.models import Organization
from minori.programmes.models import Distributor
from workers.demo.people import ADMINISTRATOR, DEMO_PASSWORD, PEOPLE

FUNDER = "一般財団法人 日本民間公益活動連携機構"


def organization(*, slug: str, name: str, name_kana: str, at: datetime) -> Organization:
    """The organization with its room; taken up again where an earlier load broke off. As owner, on its own."""
    known = Organization.objects.filter(slug=slug).first()
    if known is None:
        known = provisioning.register(slug=slug, name=name, name_kana=name_kana, by=MINORI, at=at)
    provisioning.provision(known.pk, at=at)
    known.refresh_from_db()
    return known


def distributor(*, slug: str, name: str, name_kana: str, at: datetime) -> Distributor:
    """A distributor whose funder is the one of the whole scheme."""
    return distributors.create(
        name=name, slug=slug, name_kana=name_kana, funder_name=FUNDER, by=MINORI, at=at
    )


def people(*, at: datetime) -> dict[str, Person]:
    """Everybody of the demo with their roles, by key; all houses must be there."""
    houses: dict[str, Distributor | Organization] = {one.slug: one for one in Distributor.objects.all()}
    houses |= {one.slug: one for one in Organization.objects.all()}
    password = make_password(DEMO_PASSWORD)  # once: it is slow on purpose, and the same for everybody
    found: dict[str, Person] = {}
    for somebody in PEOPLE:
        person = users.find_or_create(email=somebody.email, name=somebody.name)
        person.name_kana, person.phone = somebody.kana, somebody.phone
        person.save(update_fields=["name_kana", "phone"])
        user = person.user
        assert user is not None, "a person just made signs in"
        user.password = password
        user.save(update_fields=["password"])
        for slug, role in somebody.roles.items():
            if slug == ADMINISTRATOR:
                users.make_administrator(user, by=MINORI, at=at)
            else:
                _join(person, houses[slug], role, at=at)
        found[somebody.key] = person
    return found


def acting(person: Person) -> Actor:
    """The person as the one who takes a step."""
    return Actor(person_id=person.pk, name=person.name)


def _join(person: Person, house: Distributor | Organization, role: str, *, at: datetime) -> None:
    if isinstance(house, Distributor):
        memberships.add(person=person, distributor=house, role=role, by=MINORI, at=at)
    else:
        memberships.add(person=person, organization=house, role=role, by=MINORI, at=at)
