"""What an officer looks after at a distributor, and who could take it over."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from minori.accounts.enums import DECIDING_STAFF_ROLES
from minori.accounts.models import Person
from minori.mail import queries as mails
from minori.mail import work
from minori.programmes.models import Distributor, Grant
from reporting.handover.enums import Part
from reporting.reading.models import ToAsk


@dataclass(frozen=True)
class Held:
    """A grant and what the officer is for it; once handed over to `successor`, who leads it and who stands in."""

    grant: Grant
    part: Part

    @property
    def key(self) -> str:
        """Its name in the form."""
        return f"{self.part.value}-{self.grant.pk}"

    @property
    def label(self) -> str:
        """What the officer is, in the reader's language."""
        return str(self.part.label)

    @property
    def other(self) -> Person | None:
        """Who else looks after the grant."""
        return self.grant.deputy_officer if self.part is Part.LEAD else self.grant.lead_officer

    def leaves_no_deputy(self, successor: Person) -> bool:
        """Whether the grant has no deputy afterwards: the successor is the other one of the two."""
        return self.other == successor


@dataclass(frozen=True)
class Moving:
    """What comes with chosen grants: `waiting` hangs on the grants themselves, `to_ask` is moved from list to list."""

    held: Sequence[Held]
    waiting: work.Work
    to_ask: int
    readers: int
    """People of the organizations who are told of their new contact."""


def staff_of(distributor: Distributor) -> QuerySet[Person]:
    """The people who may look after grants now: officers and managers, by name."""
    return (
        Person.objects.filter(
            staff_memberships__distributor=distributor,
            staff_memberships__ended_at=None,
            staff_memberships__role__in=DECIDING_STAFF_ROLES,
        )
        .exclude(user__is_active=False)
        .distinct()
        .order_by("name_kana", "name", "pk")
    )


def holders(distributor: Distributor) -> list[Person]:
    """Everybody who looks after a grant, whether still on the staff or not; one query."""
    grants = Grant.objects.filter(programme__distributor=distributor)
    found = Person.objects.filter(
        Q(pk__in=grants.values("lead_officer"))
        | Q(pk__in=grants.exclude(deputy_officer=None).values("deputy_officer"))
    )
    return list(found.order_by("name_kana", "name", "pk"))


def held_by(person: Person, distributor: Distributor) -> list[Held]:
    """What the person looks after, leads first; one query."""
    grants = (
        Grant.objects.filter(
            Q(lead_officer=person) | Q(deputy_officer=person), programme__distributor=distributor
        )
        .select_related("programme", "organization", "lead_officer", "deputy_officer")
        .order_by("programme__title", "organization__name_kana", "organization__name", "pk")
    )
    found = [Held(one, Part.LEAD if one.lead_officer_id == person.pk else Part.DEPUTY) for one in grants]
    return sorted(found, key=lambda one: one.part is Part.DEPUTY)


def moving(held: Collection[Held], *, person: Person, at: datetime) -> Moving:
    """What comes along with what is chosen; a fixed number of queries."""
    grants = {one.grant.pk for one in held}
    led = {one.grant.organization_id for one in held if one.part is Part.LEAD}
    readers = mails.writers_of(led) if led else {}
    return Moving(
        held=list(held),
        waiting=work.waiting_in(grants, at=at),
        to_ask=to_ask(person.pk, grants).count(),
        readers=len({pk for people in readers.values() for pk in people}),
    )


def to_ask(person: int, grants: Iterable[int]) -> QuerySet[ToAsk]:
    """What the person still means to ask about reports of these grants."""
    return ToAsk.objects.filter(person=person, deadline__grant__in=list(grants), done_at=None).order_by("pk")
