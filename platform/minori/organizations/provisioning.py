"""Making an organization's room: role, schema, tables and grants, in one transaction of the owner."""

from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from minori.audit.enums import Action
from minori.audit.trail import MINORI, Actor, record
from minori.jobs import Job, enqueue
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
            create = sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(
                sql.Identifier(organization.schema_name)
            )
            cursor.execute(create.as_string(cursor.connection))
        _note_what_is_shared(organization.schema_name)
        migrate(organization)
        roles.grant_schema(organization.pk, organization.schema_name)
        Organization.objects.filter(pk=organization.pk).update(state=OrganizationState.ACTIVE, ready_at=at)
        record(Action.ORGANIZATION_READY, by=MINORI, at=at, organization_id=organization.pk)
    return True


def migrate(organization: Organization) -> None:
    """Bring the tables of one room up to date. As owner."""
    call_command(
        "migrate_schemas", tenant=True, schema_name=organization.schema_name, interactive=False, verbosity=0
    )


def _note_what_is_shared(schema: str) -> None:
    """Note the migrations of shared apps as done: in a room they do nothing, and replaying them takes seconds."""
    rooms_only = [app.label for app in apps.get_app_configs() if app.name in settings.TENANT_APPS]
    table = sql.Identifier(schema, "django_migrations")
    create = sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE public.django_migrations INCLUDING ALL)")
    copy = sql.SQL(
        "INSERT INTO {} (app, name, applied)"
        " SELECT app, name, applied FROM public.django_migrations WHERE NOT app = ANY(%s) ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(create.format(table).as_string(cursor.connection))
        cursor.execute(copy.format(table).as_string(cursor.connection), [rooms_only])


def waiting() -> list[int]:
    """Organizations still to be made ready: what the sweep looks for."""
    return list(
        Organization.objects.filter(state=OrganizationState.PREPARING)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
