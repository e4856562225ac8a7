"""Bring the database up to date: public tables, every organization's room, roles and row security."""

import argparse
from collections.abc import Iterable

NEEDS_OWNER = True

# Two at once would trip over each other; the second waits. Any number, only ours.
_LOCK = 5_046_001


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: argparse.Namespace) -> int:
    """Migrate as the owner. Safe to run at any time, twice, and in parallel; quick when there is nothing to do."""
    from django.core.management import call_command

    from minori.local.findings import connect
    from minori.tenancy import migrating, roles
    from minori.tenancy.rooms import as_owner

    # on a connection of its own: the stock command closes Django's between schemas
    with connect("owner") as lock, as_owner():
        lock.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if _behind(["public"]):
            print("public tables", flush=True)
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=1)
            # before the rooms: their migrations point at public tables through these grants
            roles.rebuild()
        migrating.bring_up(_behind(_rooms()), say=lambda line: print(line, flush=True))
        rooms = roles.rebuild()
    print(f"up to date, with {len(rooms)} rooms")
    return 0


def _rooms() -> list[str]:
    """Schemas of the organizations whose room exists already; the others get theirs from the worker."""
    from django.db import connection

    from minori.organizations.models import Organization

    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace")
        made = {name for (name,) in cursor.fetchall()}
    schemas = Organization.objects.order_by("pk").values_list("schema_name", flat=True)
    return [schema for schema in schemas if schema in made]


def _behind(schemas: Iterable[str]) -> list[str]:
    """Those of the schemas that lack a migration: asked directly, for the stock command takes seconds a room."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from psycopg import sql

    wanted = set(MigrationLoader(None).disk_migrations)
    behind = []
    with connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute("SELECT to_regclass(%s) IS NULL", [f'"{schema}".django_migrations'])
            if cursor.fetchone() == (True,):
                behind.append(schema)
                continue
            query = sql.SQL("SELECT app, name FROM {}").format(sql.Identifier(schema, "django_migrations"))
            cursor.execute(query.as_string(cursor.connection))
            if not wanted <= set(cursor.fetchall()):
                behind.append(schema)
    return behind
