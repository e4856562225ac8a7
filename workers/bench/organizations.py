"""Making a room and migrating all rooms, each against the stock way, among many organizations.

Stock is django-tenants' own `migrate_schemas` with its own list of tables. It takes the same time in any room, so that a
sample of rooms stands for all: `stock_rooms_measured` says how many. Both ways must give the same schema.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection
from psycopg import sql

from minori.audit.trail import MINORI
from minori.organizations import provisioning, template
from minori.organizations.models import Organization
from minori.problems import Problem
from minori.tenancy import catalogs, migrating, roles
from minori.tenancy.rooms import as_owner
from workers.bench import next_versions
from workers.bench.own_database import own_database

STOCK_ROOMS = 20  # at most: a thousand would take the better part of an hour
COMPARED = 60  # rooms whose catalogs are compared after a migration, at most
_CATALOGS = (
    "pg_class",
    "pg_attribute",
    "pg_constraint",
    "pg_depend",
    "pg_index",
    "pg_namespace",
    "pg_trigger",
)


def measure(*, repeat: int, organizations: int = 1000) -> dict[str, Any]:
    """Ratios of rooms made and migrated by us and by stock, in a database of their own."""
    if organizations < 2:  # noqa: PLR2004 - one for each way
        msg = "This bench compares rooms: --organizations is 2 or more."
        raise Problem(msg, exit_code=2)
    with own_database(say=_say):
        rooms, made = _timed(lambda: [_room(number) for number in range(organizations)])
        _analyze()
        said = {"organizations": organizations, **_new(repeat)}
        sample = rooms[: min(STOCK_ROOMS, organizations // 2)]
        others = rooms[len(sample) :]
        versions = {
            "schema_migration": [next_versions.SCHEMA],
            "other_migration": [next_versions.SCHEMA, next_versions.ROWS],
        }
        for name, migrations in versions.items():
            _say(name)
            with next_versions.version_with(*migrations):
                said |= {f"{name}_{key}": value for key, value in _migration(sample, others).items()}
        _none, again = _timed(roles.rebuild)
        return {
            **said,
            "stock_rooms_measured": len(sample),
            "our_rooms_measured": len(others),
            "all_roles_again_seconds": round(again, 2),  # `minori migrate` does so besides, stock does not
            "made_in_seconds": round(made, 1),
        }


def _room(number: int) -> Organization:
    now = timezone.now()
    one = provisioning.register(slug=f"bench-{number}", name=f"団体{number}", by=MINORI, at=now)
    assert provisioning.provision(one.pk, at=now), "nobody else makes rooms in this database"
    if number % 100 == 99:  # noqa: PLR2004 - now and then
        _say(f"{number + 1} rooms")
    return one


def _new(repeat: int) -> dict[str, Any]:
    """New rooms by the script, by migrations as where there is no script, and so with the stock list of tables."""
    spent: dict[str, list[float]] = {"script": [], "migrations": [], "stock": []}
    rooms: dict[str, Organization] = {}
    for turn in range(repeat):
        for place, (way, times) in enumerate(spent.items()):
            number = -1 - turn * len(spent) - place
            one = provisioning.register(slug=f"bench-new{number}", name=way, by=MINORI, at=timezone.now())
            rooms[way] = one
            with _making(way):
                times.append(_timed(partial(provisioning.provision, one.pk, at=timezone.now()))[1])
    _must_be_equal(list(rooms.values()))
    middle = {way: median(times) for way, times in spent.items()}
    return {
        "new_times_faster": round(middle["migrations"] / middle["script"], 1),
        "new_times_faster_than_stock": round(middle["stock"] / middle["script"], 1),
        **{f"new_by_{way}_seconds": round(seconds, 3) for way, seconds in middle.items()},
    }


@contextmanager
def _making(way: str) -> Iterator[None]:
    """Rooms are made this way inside: the template's comment says whether its script may be used."""
    with as_owner() as owner, connection.cursor() as cursor:
        if way == "script":
            yield
            return
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
            [template.SCHEMA],
        )
        (proven,) = cursor.fetchone()
        ours = owner.introspection
        _comment("a bench wants migrations")
        if way == "stock":
            owner.introspection = DatabaseSchemaIntrospection(owner)
        try:
            yield
        finally:
            owner.introspection = ours
            _comment(proven)


def _comment(said: str) -> None:
    comment = sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(template.SCHEMA), said)
    with connection.cursor() as cursor:
        cursor.execute(comment.as_string(cursor.connection))


def _migration(sample: Sequence[Organization], others: Sequence[Organization]) -> dict[str, Any]:
    """All others by ours, with half of the sample by stock before and half after; then the catalogs are compared."""
    half = len(sample) // 2
    first = _by_stock(sample[:half])
    with as_owner():
        brought, ours = _timed(
            lambda: migrating.bring_up([one.schema_name for one in others], say=_now_and_then())
        )
    stock = first + _by_stock(sample[half:])
    compared = [*sample, *others[:: -(-len(others) // COMPARED)]]
    _must_be_equal(compared)
    return {
        "times_faster": round((stock / len(sample)) / (ours / len(others)), 1),
        "alike": brought.alike,
        "ours_seconds": round(ours, 3),
        "ours_seconds_a_room": round(ours / len(others), 4),
        "stock_seconds": round(stock, 3),
        "stock_seconds_a_room": round(stock / len(sample), 3),
        "rooms_compared": len(compared),
    }


def _by_stock(rooms: Sequence[Organization]) -> float:
    with as_owner() as owner:
        owner.introspection = DatabaseSchemaIntrospection(owner)

        def migrate() -> None:
            for one in rooms:
                call_command(
                    "migrate_schemas",
                    tenant=True,
                    schema_name=one.schema_name,
                    interactive=False,
                    verbosity=0,
                )

        return _timed(migrate)[1]


def _must_be_equal(rooms: Sequence[Organization]) -> None:
    """The catalogs say the same of all, migrations and grants too, or an AssertionError."""
    with as_owner(), transaction.atomic():
        found = [catalogs.describe(one.schema_name, role=one.db_role) for one in rooms]
    assert found[0]["columns"], "nothing was compared"
    for one, room in zip(found, rooms, strict=True):
        assert (unlike := catalogs.differences(found[0], one)) == [], f"{room.slug}: {unlike[:5]}"


def _analyze() -> None:
    with as_owner(), connection.cursor() as cursor:
        for table in _CATALOGS:
            cursor.execute(f"ANALYZE pg_catalog.{table}")


def _now_and_then() -> Callable[[str], None]:
    count = iter(range(sys.maxsize))
    return lambda line: _say(line) if next(count) % 100 == 0 else None


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
