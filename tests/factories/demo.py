"""The demo in a test's database: loaded, and taken away again with the rooms it made."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from psycopg import sql

from tests import database


@contextmanager
def loaded(at: datetime) -> Iterator[None]:
    """The demo as of a moment, in a database that holds nothing but the tests' two organizations."""
    from workers.demo.loading import load

    database.empty()
    try:
        assert load(at=at), "the demo was there already"
        yield
    finally:
        database.empty()
        remove_rooms()


def remove_rooms() -> None:
    """Drop every organization but the tests' own two: schema, role and row. Their reports are gone already."""
    from django.db import connection

    from minori.organizations.models import Organization
    from minori.tenancy import roles
    from minori.tenancy.rooms import as_owner

    ours = {slug for slug, _name, _kana in database.ORGANIZATIONS}
    with as_owner():
        for organization in Organization.objects.exclude(slug__in=ours).order_by("pk"):
            with connection.cursor() as cursor:
                drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(
                    sql.Identifier(organization.schema_name)
                )
                cursor.execute(drop.as_string(cursor.connection))
            roles.drop_room_role(organization.pk)
            Organization.objects.filter(pk=organization.pk).delete()
