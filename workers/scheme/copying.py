"""Many new rows at once by PostgreSQL's COPY, with their keys taken from the table's own sequence. As owner."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

M = TypeVar("M", bound=models.Model)


def copy(objects: Iterable[M]) -> list[M]:
    """Insert the objects, which get their keys. What `bulk_create` does, several times quicker; triggers fire."""
    rows = list(objects)
    if not rows:
        return rows
    meta = type(rows[0])._meta
    fields: list[Any] = [
        field for field in meta.concrete_fields if not field.generated and not _left_out(field, rows)
    ]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier("public", meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [f"public.{meta.db_table}", len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
        with cursor.copy(statement.as_string(cursor.connection)) as lines:
            for row in rows:
                lines.write_row(
                    [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
                )
    for row in rows:
        row._state.adding = False  # noqa: SLF001 - as bulk_create does
    return rows


def _left_out(field: Any, rows: Sequence[models.Model]) -> bool:
    """Whether all rows leave a column to the database, which COPY is told by not naming it."""
    left = {isinstance(getattr(row, field.attname), DatabaseDefault) for row in rows}
    assert len(left) == 1, f"some rows say their {field.name}, others leave it to the database"
    return left.pop()
