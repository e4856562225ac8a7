"""Making an organization's room: role, schema, tables and grants, in one transaction of the owner."""

from datetime import datetime

from django.db import connection, transaction
from psycopg import sql

from minori.audit.enums import Action
from minori.audit.trail import MINORI, Actor, record
from minori.jobs import Job, enqueue
from minori.organizations import template
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization
from minori.tenancy import roles
from minori.tenancy.rooms import as_owner


def register(
    *, slug: str, name: str, name_kana: str = "", by: Actor, at: datetime, distributor_id: int | None = None
) -> Organization:
    """Write down a new organization and wake the job that makes its room; it is `preparing` until then.

    Raises IntegrityError where the slug is taken.
    """
    with transaction.atomic():
        organization = Organization.objects.create(
            schema_name=f"o_{slug.replace('-', '_')}",
            slug=slug,
            name=name,
            name_kana=name_kana,
            created_at=at,
        )
        record(
            Action.ORGANIZATION_CREATED,
            by=by,
            at=at,
            organization_id=organization.pk,
            distributor_id=distributor_id,
            details={"slug": slug, "name": name},
        )
        enqueue(Job.PROVISION, organization_id=organization.pk)
    return organization


def provision(organization_id: int, *, at: datetime) -> bool:
    """Make the room of an organization that is being prepared; True when it was made now.

    Safe to run twice and in parallel: the organization's row is locked. Needs the owner's login.
    """
    with as_owner(), transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=organization_id)
        if organization.state != OrganizationState.PREPARING:
            return False
        roles.make_room_role(organization.pk)
        with connection.cursor() as cursor:
            create = sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(organization.schema_name))
            cursor.execute(create.as_string(cursor.connection))
        statements = template.script()
        if statements is None:
            template.make_by_migrations(organization.schema_name)
        else:
            template.apply(organization.schema_name, statements)
        roles.grant_schema(organization.pk, organization.schema_name)
        Organization.objects.filter(pk=organization.pk).update(state=OrganizationState.ACTIVE, ready_at=at)
        record(Action.ORGANIZATION_READY, by=MINORI, at=at, organization_id=organization.pk)
    return True


def waiting() -> list[int]:
    """Organizations still to be made ready: what the sweep looks for."""
    return list(
        Organization.objects.filter(state=OrganizationState.PREPARING)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
