"""Bringing many rooms up to date: rooms alike are migrated alike.

One room goes first, by Django's own executor. Where its migrations do nothing but change the schema, the statements it
ran are run in the others, many rooms in a transaction; everything else runs in each room, by one executor for all of them.
What is noted of shared apps, which do nothing in a room, is copied.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from psycopg import sql

AT_ONCE = 25  # rooms in a transaction: bounds the locks it holds

PURE = (
    operations.AddConstraint,
    operations.AddField,
    operations.AddIndex,
    operations.AlterField,
    operations.AlterIndexTogether,
    operations.AlterModelManagers,
    operations.AlterModelOptions,
    operations.AlterModelTable,
    operations.AlterModelTableComment,
    operations.AlterOrderWithRespectTo,
    operations.AlterUniqueTogether,
    operations.CreateModel,
    operations.DeleteModel,
    operations.RemoveConstraint,
    operations.RemoveField,
    operations.RemoveIndex,
    operations.RenameField,
    operations.RenameIndex,
    operations.RenameModel,
    operations.RunSQL,
)
"""What runs the same statements in any room whose tables are the same."""

_LEFT_OUT = (
    "SELECT",
    "SAVEPOINT",
    "RELEASE",
    "ROLLBACK",
    "SHOW",
    "SET SEARCH_PATH",
    'INSERT INTO "DJANGO_MIGRATIONS"',
)

Name = tuple[str, str]
Say = Callable[[str], None]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Brought:
    """How many rooms were brought up to date which way."""

    first: int = 0
    alike: int = 0
    one_by_one: int = 0

    def __add__(self, other: "Brought") -> "Brought":
        return Brought(self.first + other.first, self.alike + other.alike, self.one_by_one + other.one_by_one)


class _Taken:
    """What the first room ran, in order; of no use for others where a statement came with values of its own."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.usable = True

    def __call__(self, execute: Any, statement: Any, params: Any, many: Any, context: Any) -> Any:
        """Django's wrapper around every statement."""
        text = statement if isinstance(statement, str) else statement.as_string(connection.connection)
        if not text.lstrip().upper().startswith(_LEFT_OUT):
            self.usable = self.usable and not params
            self.statements.append(text.strip().rstrip(";"))
        return execute(statement, params, many, context)


def bring_up(schemas: Iterable[str], *, say: Say = lambda _line: None) -> Brought:
    """Bring the tables of these schemas up to date with the migrations of this version. As owner, outside transactions.

    Rooms that lack the same migrations are taken together. A room that differs after all, so that a statement fails in
    it, is rolled back with those of its transaction and migrated by itself; what fails there is raised.
    """
    groups: dict[frozenset[Name], list[str]] = {}
    for schema in schemas:
        groups.setdefault(_applied(schema), []).append(schema)
    done = Brought()
    for applied, alike in groups.items():
        done += _bring_up_alike(applied, alike, say)
    return done


def _bring_up_alike(applied: frozenset[Name], schemas: list[str], say: Say) -> Brought:
    with _inside(schemas[0]):
        executor: Any = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = [step for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        state = executor._create_project_state(with_applied_migrations=True)  # noqa: SLF001 - once for all rooms
        _ = state.apps  # rendered once too: clones take it along
        say(f"room {schemas[0]}")
        taken = _Taken()
        with connection.execute_wrapper(taken):
            _run(executor, plan, state)
    if not (_is_pure(plan) and taken.usable):
        _each(executor, plan, state, schemas[1:], say)
        return Brought(first=1, one_by_one=len(schemas) - 1)
    noted = [(step.app_label, step.name) for step in plan]
    alone = 0
    for start in range(1, len(schemas), AT_ONCE):
        some = schemas[start : start + AT_ONCE]
        try:
            _run_alike(some, taken.statements, noted)
            say(f"{start + len(some)} of {len(schemas)} rooms")
        except DatabaseError as error:
            logger.warning("these rooms are migrated by themselves: %s", error)
            _each(executor, plan, state, some, say)
            alone += len(some)
    return Brought(first=1, alike=len(schemas) - 1 - alone, one_by_one=alone)


def _is_pure(plan: Sequence[Migration]) -> bool:
    of_rooms = {app.label for app in apps.get_app_configs() if app.name in settings.TENANT_APPS}
    return all(
        step.atomic and all(isinstance(one, PURE) for one in step.operations)
        for step in plan
        if step.app_label in of_rooms
    )


def _run(executor: Any, plan: Sequence[Migration], state: Any) -> None:
    executor.migrate([], plan=[(step, False) for step in plan], state=state.clone())


def _each(executor: Any, plan: Sequence[Migration], state: Any, schemas: Iterable[str], say: Say) -> None:
    """The same plan in each room, with one executor: reading all migrations takes longer than running one."""
    for schema in schemas:
        say(f"room {schema}")
        with _inside(schema):
            executor.loader.applied_migrations = executor.recorder.applied_migrations()
            _run(executor, plan, state)


def _run_alike(schemas: Iterable[str], statements: Sequence[str], noted: Sequence[Name]) -> None:
    """Run in each of the schemas what the first ran, and note it; all of them or none."""
    names = sql.SQL(", ").join(sql.SQL("({}, {}, now())").format(app, name) for app, name in noted)
    note = sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES {}").format(names)
    with transaction.atomic(), connection.cursor() as cursor:
        whole = ";\n".join([*statements, note.as_string(cursor.connection)])
        for schema in schemas:
            path = sql.SQL("SET LOCAL search_path = {}, public;\n").format(sql.Identifier(schema))
            cursor.execute(path.as_string(cursor.connection) + whole)
        cursor.execute("SET LOCAL search_path = public")


@contextmanager
def _inside(schema: str) -> Iterator[None]:
    """The owner's connection in a schema, as migrations want it."""
    here: Any = connection  # as django-tenants extends it
    here.set_schema(schema)
    try:
        yield
    finally:
        here.set_schema_to_public()


def _applied(schema: str) -> frozenset[Name]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [f'"{schema}".django_migrations'])
        if cursor.fetchone() == (True,):
            return frozenset()
        query = sql.SQL("SELECT app, name FROM {}").format(sql.Identifier(schema, "django_migrations"))
        cursor.execute(query.as_string(cursor.connection))
        return frozenset(cursor.fetchall())
