"""Roles, grants and row security, made again from `access.ROOM_ACCESS`: dumps contain none of them.

Everything here runs as the owner and may be run any number of times.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from minori.tenancy.access import ROOM_ACCESS, Room
from minori.tenancy.rooms import as_owner

# What was handed in, counted or recorded is never changed: not even by the desk (triggers say it again).
APPEND_ONLY = (
    "audit_event",
    "filings_filing",
    "filings_figure",
    "filings_reading",
    "filings_filedattachment",
    "registry_registeredrow",
    "registry_registeredindicator",
    "registry_succession",
)


def app_role() -> str:
    """Login of web and workers: the desk."""
    return str(settings.DATABASES["default"]["USER"])


def rooms_role() -> str:
    """The group of all rooms of this database; role names are cluster-wide, so it carries the database's name."""
    return f"{connection.settings_dict['NAME']}_rooms"


def room_role(organization_id: int) -> str:
    """Role of one organization's room; `my_organization()` reads the number back from it."""
    return f"{connection.settings_dict['NAME']}_room_{organization_id}"


def rebuild() -> list[str]:
    """Make all roles, grants and policies again; returns the names of the room roles. Needs the owner's login."""
    with as_owner(), transaction.atomic():
        _make_group()
        _open_public_to_the_desk()
        for table in _public_tables():
            _secure(table, ROOM_ACCESS.get(table, Room()))
        rooms = _rooms()
        for organization_id, schema in rooms:
            make_room_role(organization_id)
            grant_schema(organization_id, schema)
        return [room_role(organization_id) for organization_id, _ in rooms]


def make_room_role(organization_id: int) -> None:
    """Create the role of a room unless it exists, in the rooms' group and usable by the app. As owner."""
    role = room_role(organization_id)
    if not _role_exists(role):
        _run(
            "CREATE ROLE {role} NOLOGIN INHERIT IN ROLE {rooms}",
            role=sql.Identifier(role),
            rooms=sql.Identifier(rooms_role()),
        )
    _run("GRANT {role} TO {app}", role=sql.Identifier(role), app=sql.Identifier(app_role()))


def grant_schema(organization_id: int, schema: str) -> None:
    """Give a room's role the tables of its schema, present and later, save Django's own bookkeeping. As owner."""
    names = {"schema": sql.Identifier(schema), "role": sql.Identifier(room_role(organization_id))}
    _run("GRANT USAGE ON SCHEMA {schema} TO {role}", **names)
    _run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}", **names)
    _run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}", **names)
    for what, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
        _run(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT {rights} ON {what} TO {{role}}",
            **names,
        )
    if _exists(f"{schema}.django_migrations"):
        _run("REVOKE ALL ON {schema}.django_migrations FROM {role}", **names)


def drop_room_role(organization_id: int) -> None:
    """Remove a room's role with all it was granted. As owner; the schema must be gone already."""
    role = sql.Identifier(room_role(organization_id))
    # who made a role may grant it, but only who has it may drop what it was granted
    _run("GRANT {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}", role=role)


def _make_group() -> None:
    group = rooms_role()
    if not _role_exists(group):
        _run("CREATE ROLE {group} NOLOGIN", group=sql.Identifier(group))
    _run("GRANT USAGE ON SCHEMA public TO {group}", group=sql.Identifier(group))


def _open_public_to_the_desk() -> None:
    app = sql.Identifier(app_role())
    _run("GRANT USAGE ON SCHEMA public TO {app}", app=app)
    _run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}", app=app)
    _run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}", app=app)
    for what, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
        _run(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {what} TO {{app}}", app=app)
    for table in APPEND_ONLY:
        if _exists(f"public.{table}"):
            _run(
                "REVOKE UPDATE, DELETE ON {table} FROM {app}", table=sql.Identifier("public", table), app=app
            )


def _secure(table: str, room: Room) -> None:
    names = {
        "table": sql.Identifier("public", table),
        "app": sql.Identifier(app_role()),
        "rooms": sql.Identifier(rooms_role()),
    }
    for policy in ("desk", "room_reads", "room_inserts", "room_updates"):
        _run(f"DROP POLICY IF EXISTS {policy} ON {{table}}", **names)
    _run("REVOKE ALL ON {table} FROM {rooms}", **names)
    if room.read is None:
        _run("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", **names)
        return
    _run("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", **names)
    _run("CREATE POLICY desk ON {table} TO {app} USING (true) WITH CHECK (true)", **names)
    _run(f"CREATE POLICY room_reads ON {{table}} FOR SELECT TO {{rooms}} USING ({room.read})", **names)
    _run("GRANT SELECT ON {table} TO {rooms}", **names)
    if room.insert:
        _run(
            f"CREATE POLICY room_inserts ON {{table}} FOR INSERT TO {{rooms}} WITH CHECK ({room.insert})",
            **names,
        )
        # Never the key: who chooses it takes one that another organization's row is about to get, so that nobody
        # can add anything any more, or goes before what was recorded earlier.
        given = [column for column in _columns(table) if column != "id"]
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in given)
        _run("GRANT INSERT ({columns}) ON {table} TO {rooms}", columns=columns, **names)
    if room.update:
        # Without an UPDATE policy SELECT … FOR UPDATE would silently find nothing.
        _run(
            f"CREATE POLICY room_updates ON {{table}} FOR UPDATE TO {{rooms}}"
            f" USING ({room.read}) WITH CHECK ({room.read})",
            **names,
        )
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in room.update)
        _run("GRANT UPDATE ({columns}) ON {table} TO {rooms}", columns=columns, **names)


def _rooms() -> list[tuple[int, str]]:
    if not _exists("public.organizations_organization"):
        return []
    return [
        (int(str(pk)), str(schema))
        for pk, schema in _rows(
            "SELECT o.id, o.schema_name FROM public.organizations_organization o"
            " JOIN pg_namespace n ON n.nspname = o.schema_name ORDER BY o.id"
        )
    ]


def _public_tables() -> list[str]:
    return [
        str(name)
        for (name,) in _rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user ORDER BY 1"
        )
    ]


def _columns(table: str) -> list[str]:
    found = _rows(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " ORDER BY ordinal_position",
        table,
    )
    return [str(name) for (name,) in found]


def _role_exists(name: str) -> bool:
    return bool(_rows("SELECT 1 FROM pg_roles WHERE rolname = %s", name))


def _exists(table: str) -> bool:
    return _rows("SELECT to_regclass(%s) IS NOT NULL", table)[0][0] is True


def _rows(query: str, *params: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows: Iterable[tuple[object, ...]] = cursor.fetchall()
        return list(rows)


def _run(statement: str, **names: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names).as_string(cursor.connection))
