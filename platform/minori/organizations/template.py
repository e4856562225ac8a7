"""The template of all rooms: a schema that migrations made once, and the script that makes the same tables elsewhere.

The template belongs to the owner; nobody else may look into it, and it holds no organization's data. What the script
makes is compared with the template by PostgreSQL's catalogs before it is used for the first time; where it differs, or
the template holds what a script cannot say, rooms are made by migrations as before.
"""

import logging
from functools import cache

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from minori.tenancy import blueprints, catalogs
from minori.tenancy.blueprints import CannotBeWritten

SCHEMA = "room_template"
_TRIAL = "room_template_trial"
_PROVEN = "The same as its script, compared by the catalogs."
_LOCK = 5_046_002  # two that make it at once: the second finds it made

logger = logging.getLogger(__name__)
_written: dict[tuple[str, int], str] = {}


def script() -> str | None:
    """The SQL that makes a room's tables in the schema `search_path` names, or None where only migrations can.

    Makes the template anew where it is missing or behind the migrations of this version. As owner, in a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not _is_up_to_date():
        _make()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [SCHEMA]
        )
        oid, said = cursor.fetchone()
    if said != _PROVEN:
        return None
    key = (str(connection.settings_dict["NAME"]), oid)
    if key not in _written:
        _written[key] = blueprints.write(SCHEMA)
    return _written[key]


def remake() -> None:
    """Make the template anew and prove its script. As owner, in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    _make()


def apply(schema: str, statements: str) -> None:
    """Make the tables of a room in an empty schema by the script. As owner, in a transaction."""
    with connection.cursor() as cursor:
        path = sql.SQL("SET LOCAL search_path = {}, public;\n").format(sql.Identifier(schema))
        back = "SELECT set_config('search_path', 'public', true)"
        cursor.execute(path.as_string(cursor.connection) + statements + back)


def make_by_migrations(schema: str) -> None:
    """Make an empty schema's tables by running every migration of the rooms' apps in it. As owner."""
    note_what_is_shared(schema)
    call_command("migrate_schemas", tenant=True, schema_name=schema, interactive=False, verbosity=0)


def note_what_is_shared(schema: str) -> None:
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


def _make() -> None:
    _create(SCHEMA)
    make_by_migrations(SCHEMA)
    reason = _why_not()
    if reason:
        logger.warning("rooms are made by migrations: %s", reason)
    said = f"Rooms are made by migrations: {reason}" if reason else _PROVEN
    with connection.cursor() as cursor:
        comment = sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(SCHEMA), said)
        cursor.execute(comment.as_string(cursor.connection))


def _why_not() -> str:
    """Why the script cannot be used; "" where it makes the very same schema."""
    try:
        statements = blueprints.write(SCHEMA)
    except CannotBeWritten as refusal:
        return str(refusal)
    _create(_TRIAL)
    apply(_TRIAL, statements)
    found = catalogs.differences(catalogs.describe(SCHEMA), catalogs.describe(_TRIAL))
    _drop(_TRIAL)
    return "; ".join(found[:5])


def _is_up_to_date() -> bool:
    applied = sql.Identifier(SCHEMA, "django_migrations")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{SCHEMA}.django_migrations"])
        if cursor.fetchone() != (True,):
            return False
        cursor.execute(sql.SQL("SELECT app, name FROM {}").format(applied).as_string(cursor.connection))
        return _on_disk(tuple(settings.MIGRATION_MODULES.items())) <= set(cursor.fetchall())


@cache
def _on_disk(_modules: tuple[tuple[str, str | None], ...]) -> frozenset[tuple[str, str]]:
    """Every migration of this version: the files of a process do not change."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


def _create(schema: str) -> None:
    _drop(schema)
    with connection.cursor() as cursor:
        create = sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema))
        cursor.execute(create.as_string(cursor.connection))


def _drop(schema: str) -> None:
    with connection.cursor() as cursor:
        drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
        cursor.execute(drop.as_string(cursor.connection))
