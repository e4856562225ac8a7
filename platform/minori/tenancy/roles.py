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
    "filings_onbehalf",
    "filings_figure",
    "filings_reading",
    "filings_filedattachment",
    "registry_registeredrow",
    "registry_registeredindicator",
    "registry_succession",
)

# Functions with the owner's rights, which nobody but the desk may call.
ASKED_BY_THE_DESK = ("filings_draft_saved_at(bigint)",)


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
    """Make all roles, grants and policies again; returns the names of the room roles. Needs the owner's login.

    Rooms that have every right and no other are found with one query and left alone: of a thousand, most are.
    """
    with as_owner(), transaction.atomic():
        _make_group()
        _open_public_to_the_desk()
        for table in _public_tables():
            _secure(table, ROOM_ACCESS.get(table, Room()))
        rooms = _rooms()
        whole = _whole_rooms()
        for organization_id, schema in rooms:
            if organization_id not in whole:
                make_room_role(organization_id)
                grant_schema(organization_id, schema)
        return [room_role(organization_id) for organization_id, _ in rooms]


def make_room_role(organization_id: int) -> None:
    """Create the role of a room unless it exists, in the rooms' group and usable by the app. As owner."""
    role = room_role(organization_id)
    if not _role_exists(role):
        _run("CREATE ROLE {role} NOLOGIN INHERIT", role=sql.Identifier(role))
    _run("GRANT {rooms} TO {role}", role=sql.Identifier(role), rooms=sql.Identifier(rooms_role()))
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
    for function in ASKED_BY_THE_DESK:
        if _rows("SELECT to_regprocedure(%s) IS NOT NULL", f"public.{function}")[0][0] is True:
            _run(f"GRANT EXECUTE ON FUNCTION public.{function} TO {{app}}", app=app)
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


_WHOLE = """
    WITH room AS (
        SELECT o.id, n.oid AS schema, n.nspacl, role.oid AS role
        FROM public.organizations_organization o
        JOIN pg_namespace n ON n.nspname = o.schema_name
        JOIN pg_roles role ON role.rolname = %(prefix)s || o.id
    ), given AS (
        SELECT c.oid, a.grantee, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type) AS rights
        FROM pg_class c JOIN room ON room.schema = c.relnamespace, aclexplode(c.relacl) a
        WHERE a.grantee = room.role GROUP BY 1, 2
    ), meant AS (
        SELECT c.oid, c.relnamespace, CASE
            WHEN c.relkind = 'S' THEN 'SELECT USAGE'
            WHEN c.relname <> 'django_migrations' THEN 'DELETE INSERT SELECT UPDATE' END AS rights
        FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'S')
    ), lacking AS (
        SELECT DISTINCT room.id FROM room JOIN meant ON meant.relnamespace = room.schema
        LEFT JOIN given ON given.oid = meant.oid AND given.grantee = room.role
        WHERE meant.rights IS DISTINCT FROM given.rights
    ), later AS (
        SELECT d.defaclnamespace, a.grantee,
            string_agg(
                d.defaclobjtype::text || ' ' || a.privilege_type, ' ' ORDER BY d.defaclobjtype, a.privilege_type
            ) AS rights
        FROM pg_default_acl d, aclexplode(d.defaclacl) a
        WHERE d.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user) GROUP BY 1, 2
    )
    SELECT room.id FROM room
    JOIN later ON later.defaclnamespace = room.schema AND later.grantee = room.role
    WHERE later.rights = 'S SELECT S USAGE r DELETE r INSERT r SELECT r UPDATE'
      AND room.id NOT IN (SELECT id FROM lacking)
      AND EXISTS (SELECT FROM aclexplode(room.nspacl) a WHERE a.grantee = room.role AND a.privilege_type = 'USAGE')
      AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
          WHERE m.member = room.role AND r.rolname = %(rooms)s)
      AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
          WHERE m.roleid = room.role AND r.rolname = %(app)s)"""
"""The rooms whose role has what `make_room_role` and `grant_schema` give, and nothing else."""


def _whole_rooms() -> set[int]:
    if not _exists("public.organizations_organization"):
        return set()
    names = {"prefix": room_role(0).removesuffix("0"), "rooms": rooms_role(), "app": app_role()}
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, names)
        return {int(pk) for (pk,) in cursor.fetchall()}


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
