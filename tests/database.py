"""The tests' database: made, filled with two organizations and emptied by the owner."""

from datetime import UTC, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

ORGANIZATIONS = (
    ("hikari", "特定非営利活動法人 ひかり", "ひかり"),
    ("kibou", "社会福祉法人 きぼう", "きぼう"),
)
STAYS = {
    "organizations_organization",
    "organizations_domain",
    "django_migrations",
    "django_content_type",
    "auth_permission",
}


def create(name: str) -> None:
    """Make the database anew with its roles, tables and two organizations."""
    _recreate(name)
    for alias in ("default", "owner"):
        connections[alias].close()
        connections.databases[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
    from django.core.management import call_command

    from minori.organizations import provisioning
    from minori.organizations.models import Organization
    from minori.tenancy import roles
    from minori.tenancy.rooms import as_owner

    with as_owner():
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    roles.rebuild()
    at = datetime(2026, 4, 1, tzinfo=UTC)
    for slug, title, kana in ORGANIZATIONS:
        organization = Organization.objects.create(
            schema_name=f"o_{slug}", slug=slug, name=title, name_kana=kana, created_at=at
        )
        provisioning.provision(organization.pk, at=at)


def empty() -> None:
    """Empty every table of every schema, sparing the two organizations; sequences start again, so keys are equal.

    An organization a test has made goes with its schema: one still preparing would be found by a later sweep.
    """
    from django.db import connection

    from minori.tenancy.rooms import as_owner

    with as_owner(), connection.cursor() as cursor:
        _take_away_others(cursor)
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE tableowner = current_user AND schemaname NOT LIKE 'pg\\_%'"
        )
        tables = [sql.Identifier(*row) for row in cursor.fetchall() if row[1] not in STAYS]
        statement = sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables))
        cursor.execute(statement.as_string(cursor.connection))
        cursor.execute(
            "DELETE FROM organizations_domain WHERE tenant_id IN ("
            "SELECT id FROM organizations_organization WHERE slug <> ALL(%s))",
            [_slugs()],
        )
        cursor.execute("DELETE FROM organizations_organization WHERE slug <> ALL(%s)", [_slugs()])
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('organizations_organization', 'id'), max(id))"
            " FROM organizations_organization"
        )


def _take_away_others(cursor: Any) -> None:
    """Schemas of organizations that are not of every test; their rows go once nothing points to them."""
    cursor.execute("SELECT schema_name FROM organizations_organization WHERE slug <> ALL(%s)", [_slugs()])
    for (schema,) in cursor.fetchall():
        drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
        cursor.execute(drop.as_string(cursor.connection))


def _slugs() -> list[str]:
    return [slug for slug, _title, _kana in ORGANIZATIONS]


def _recreate(name: str) -> None:
    owner = settings.DATABASES["owner"]
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=owner["NAME"],
        autocommit=True,
    ) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) OR rolname = %s",
            [f"{name}_room_", f"{name}_rooms"],
        ).fetchall()
        for (role,) in roles:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
