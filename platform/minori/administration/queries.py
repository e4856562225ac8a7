"""What the administration looks at."""

from typing import cast

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from minori.accounts.models import Membership, Person, StaffMembership, User
from minori.organizations.models import Organization
from minori.programmes.models import Distributor, Grant, Programme


def distributors() -> QuerySet[Distributor]:
    """All distributors with `staff` (people who work there now) and `programme_count`."""
    staff = _count(
        StaffMembership.objects.active().filter(distributor=OuterRef("pk")), "distributor", "person"
    )
    programmes = _count(Programme.objects.funding().filter(distributor=OuterRef("pk")), "distributor", "pk")
    return Distributor.objects.annotate(staff=staff, programme_count=programmes)


def organizations() -> QuerySet[Organization]:
    """All organizations with `people` (who work there now) and `grant_count`."""
    people = _count(Membership.objects.active().filter(organization=OuterRef("pk")), "organization", "person")
    grants = _count(Grant.objects.filter(organization=OuterRef("pk")), "organization", "pk")
    # django-tenants ships no types, so the manager's model is not known
    return cast("QuerySet[Organization]", Organization.objects.annotate(people=people, grant_count=grants))


def people(words: str) -> QuerySet[User]:
    """Users whose address or name holds the words, with their person."""
    users = User.objects.select_related("person")
    if words:
        users = users.filter(
            Q(email__icontains=words)
            | Q(person__name__icontains=words)
            | Q(person__name_kana__icontains=words)
        )
    return users.order_by("email")


def roles(person: Person) -> list[Membership | StaffMembership]:
    """Every role the person holds now."""
    rooms = Membership.objects.active().filter(person=person).select_related("organization")
    desks = StaffMembership.objects.active().filter(person=person).select_related("distributor")
    return [*rooms.order_by("pk"), *desks.order_by("pk")]


def _count(
    rows: QuerySet[Membership] | QuerySet[StaffMembership] | QuerySet[Programme] | QuerySet[Grant],
    by: str,
    what: str,
) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted), 0)
