"""What `minori check` finds: servers, logins, isolation and settings of this machine.

A check yields (grade, sentence) pairs; lower and upper layers add theirs to CHECKS by dotted name.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Any, Literal, LiteralString
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings
from django.db import Error

from minori.local.addresses import database_settings

Grade = Literal["ok", "warning", "error"]
Finding = tuple[Grade, str]

CHECKS = [
    "minori.local.findings.check_database",
    "minori.local.findings.check_logins",
    "minori.local.findings.check_isolation",
    "minori.local.findings.check_queue",
    "minori.local.findings.check_settings",
    "minori.local.findings.check_files",
    "minori.local.findings.check_django",
    "minori.programmes.findings.check_editions",
]

_OLDEST_POSTGRES = 150_000  # as the server says it: 15.0
_LOCKS = 1024
_POOLER = (
    "a connection pooler stands before PostgreSQL; in transaction mode it would mix up organizations."
    " Give the server's own address"
)


def connect(login: str = "app") -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection of our own, with the app's or the owner's login."""
    name = {"app": "DATABASE_APP_URL", "owner": "DATABASE_URL"}[login]
    parts = database_settings(os.environ[name])
    return psycopg.connect(
        host=parts["HOST"] or None,
        port=parts["PORT"] or None,
        user=parts["USER"] or None,
        password=parts["PASSWORD"] or None,
        dbname=parts["NAME"],
        connect_timeout=5,
        autocommit=True,
        **parts["OPTIONS"],
    )


def check_database() -> Iterator[Finding]:
    """The server answers, directly, is new enough and set up for many schemas."""
    try:
        connection = connect()
    except psycopg.OperationalError as error:
        yield "error", f"PostgreSQL cannot be reached: {str(error).strip().splitlines()[-1]}"
        return
    with connection:

        def told(query: LiteralString) -> Any:
            row = connection.execute(query).fetchone()
            return row[0] if row else None

        grade: Grade = "ok" if connection.info.server_version >= _OLDEST_POSTGRES else "error"
        yield grade, f"PostgreSQL {told('SHOW server_version')} answers (15 is the oldest that will do)"
        # A pooler makes up the process number it tells its clients.
        if told("SELECT pg_backend_pid()") != connection.info.backend_pid:
            yield "error", _POOLER
        locks = int(told("SHOW max_locks_per_transaction"))
        if locks < _LOCKS:
            yield "warning", f"max_locks_per_transaction is {locks}; with many rooms dumps need {_LOCKS}"
        if told("SHOW server_encoding") != "UTF8":
            yield "error", "the database is not encoded in UTF8"
        if told("SELECT datctype FROM pg_database WHERE datname = current_database()") in ("C", "POSIX"):
            yield "warning", "the database's LC_CTYPE is C: parts of Japanese words are not found"


def check_logins() -> Iterator[Finding]:
    """The app can do no more than it should, the owner as much as it must."""
    with connect() as connection:
        rights = connection.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls, rolinherit"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if rights is None or rights[0]:
        yield "error", "the app's login (DATABASE_APP_URL) may make roles or databases, or pass row security"
    if rights is None or rights[1]:
        yield (
            "error",
            "the app's login inherits from its rooms: run ALTER ROLE … NOINHERIT, then `minori roles`",
        )
    if rights == (False, False):
        yield "ok", "the app's login is the desk and nothing more"
    if not os.environ.get("DATABASE_URL"):
        yield "warning", "the owner's login (DATABASE_URL) was not given and not checked"
        return
    with connect("owner") as connection:
        rights = connection.execute(
            "SELECT rolcreaterole, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if rights is None or not rights[0]:
        yield "error", "the owner's login (DATABASE_URL) may not make roles: run ALTER ROLE … CREATEROLE"
    elif rights[1]:
        yield "warning", "the owner's login (DATABASE_URL) is a superuser, which it need not be"
    else:
        yield "ok", "the owner's login can migrate and make rooms"


def check_isolation() -> Iterator[Finding]:
    """As PostgreSQL itself sees it: what a room may touch has row security, and the desk is in no room."""
    with connect() as connection:
        database = connection.info.dbname
        rooms = f"{database}_rooms"
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [rooms]).fetchone() is None:
            yield "error", "the rooms' roles are missing: run `minori migrate`"
            return
        for (table,) in connection.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
            " AND NOT c.relrowsecurity AND has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE')"
            " ORDER BY 1",
            [rooms],
        ):
            yield "error", f"rooms can read {table} without row security: run `minori roles`"
        schemas = connection.execute(
            "SELECT nspname, has_schema_privilege(current_user, oid, 'USAGE') FROM pg_namespace"
            " WHERE nspname LIKE 'o\\_%' ORDER BY 1"
        ).fetchall()
    open_ones = [name for name, is_open in schemas if is_open]
    if open_ones:
        yield "error", f"the desk can look into rooms without entering them: {', '.join(open_ones[:5])}"
    else:
        yield "ok", f"{len(schemas)} rooms, closed to the desk and to each other"


def check_queue() -> Iterator[Finding]:
    """Valkey or Redis answers and will not drop messages."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3)
    try:
        about: dict[str, Any] = client.info("server")
        policy = client.info("memory").get("maxmemory_policy")
    except (redis.RedisError, OSError) as error:
        yield "error", f"Valkey or Redis cannot be reached: {error}"
        return
    name = "Valkey" if "valkey_version" in about else "Redis"
    yield "ok", f"{name} {about.get('valkey_version') or about.get('redis_version')} answers"
    if policy not in (None, "noeviction"):
        yield "warning", f"{name} drops messages when it is full (maxmemory-policy {policy}): use noeviction"


def check_settings() -> Iterator[Finding]:
    """Address, hosts and folders of this installation."""
    address = urlsplit(settings.BASE_URL)
    at_home = address.hostname in ("localhost", "127.0.0.1", "::1")
    if address.scheme != "https" and not at_home:
        yield "error", f"MINORI_URL is {settings.BASE_URL}: people sign in there, so it must be https"
    elif not at_home and address.hostname not in settings.ALLOWED_HOSTS:
        yield "error", f"MINORI_HOSTS does not name {address.hostname}, the host of MINORI_URL"
    else:
        yield "ok", f"pages are at {settings.BASE_URL}"
    if settings.MINORI_DEMO and not at_home:
        yield "error", "MINORI_DEMO is on: everybody can read all sign-in codes in the demo's mailbox"


def check_files() -> Iterator[Finding]:
    """Attachments can be written, read again and removed where they are kept."""
    from minori.filings import files

    where = f"the bucket {settings.FILES_S3_BUCKET}" if settings.FILES_S3_BUCKET else str(settings.FILES_DIR)
    try:
        files.try_out()
    except (files.Unavailable, files.Damaged) as error:
        yield "error", f"files cannot be kept in {where}: {error}"
    else:
        yield "ok", f"files are kept in {where}"


def check_django() -> Iterator[Finding]:
    """Django's own checks, those of our apps among them, and migrations."""
    from django.core import checks
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    grave = [message for message in checks.run_checks() if message.level >= checks.ERROR]
    for message in grave:
        yield "error", f"{message.id}: {message.msg}"
    if not grave:
        yield "ok", "Django's checks find nothing"
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "error", "the database is not up to date: run `minori migrate`"


def find(names: Iterable[str]) -> Iterator[Finding]:
    """Run checks by dotted name; one that fails itself is an error of its own and stops no other."""
    from django.utils.module_loading import import_string

    for name in names:
        try:
            yield from import_string(name)()
        except (psycopg.Error, Error, redis.RedisError, OSError, ImportError, KeyError) as error:
            yield "error", f"{name} could not look: {str(error).strip() or type(error).__name__}"
