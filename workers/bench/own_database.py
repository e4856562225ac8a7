"""A database of a bench's own on the servers at hand: made, migrated, and taken away again with its roles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import getpid
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from minori import jobs
from minori.problems import Problem
from minori.tenancy import roles
from minori.tenancy.rooms import as_owner

Say = Callable[[str], None]


@contextmanager
def own_database(*, say: Say = lambda _line: None) -> Iterator[str]:
    """Both logins of this process lead to a new, migrated database for as long as the block lasts; its name.

    Jobs that are enqueued meanwhile wake nobody: workers know the other database. Raises Problem where the owner's login
    is not known or may not make databases.
    """
    if "owner" not in settings.DATABASES:
        msg = (
            "This bench makes a database of its own and needs the owner's login, and DATABASE_URL is not set."
        )
        raise Problem(msg, exit_code=2)
    name, before = f"minori_bench_{getpid()}", settings.DATABASES["owner"]["NAME"]
    _take_away(name, before)
    _make(name, before)
    try:
        with jobs.waking_nobody():
            _lead_to(name)
            say("migrating")
            with as_owner():
                call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
            roles.rebuild()
            yield name
    finally:
        _lead_to(before)
        _take_away(name, before)


def _lead_to(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections.databases[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _make(name: str, before: str) -> None:
    with _owner(before) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            msg = "The owner's login may not make databases, and this bench needs one of its own."
            raise Problem(
                msg, "Give it CREATEDB for this once, or run the bench on embedded servers."
            ) from error


def _take_away(name: str, before: str) -> None:
    with _owner(before) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        made = connection.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) OR rolname = %s",
            [f"{name}_room_", f"{name}_rooms"],
        ).fetchall()
        for (role,) in made:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _owner(database: str) -> Any:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=database,
        autocommit=True,
        **owner["OPTIONS"],
    )
