"""A room's tables as one SQL script, written from PostgreSQL's catalogs of a schema that migrations made.

The script holds no name of a schema: it makes its tables wherever `search_path` points. It knows what our rooms hold;
anything else is refused (`CannotBeWritten`), and rooms are then made by migrations.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from psycopg import sql

_UNKNOWN = {
    "functions": "SELECT 1 FROM pg_proc WHERE pronamespace = {schema}::regnamespace",
    "policies": (
        "SELECT 1 FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
        " WHERE c.relnamespace = {schema}::regnamespace"
    ),
    "types": "SELECT 1 FROM pg_type WHERE typnamespace = {schema}::regnamespace AND typtype <> 'c' AND typelem = 0",
    "statistics": "SELECT 1 FROM pg_statistic_ext WHERE stxnamespace = {schema}::regnamespace",
    "views and other relations": (
        "SELECT 1 FROM pg_class WHERE relnamespace = {schema}::regnamespace AND relkind NOT IN ('r', 'i', 'S')"
    ),
    "sequences that are no identity": (
        "SELECT 1 FROM pg_class c WHERE c.relnamespace = {schema}::regnamespace AND c.relkind = 'S' AND NOT EXISTS ("
        "SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')"
    ),
    "disabled triggers": (
        "SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE c.relnamespace = {schema}::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'O'"
    ),
}

_TABLES = "SELECT oid, relname FROM pg_class WHERE relnamespace = {schema}::regnamespace AND relkind = 'r' ORDER BY relname"

_COLUMNS = """
    SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
           pg_get_expr(d.adbin, d.adrelid), n.conname, s.seqrelid::regclass::text,
           format('START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s', s.seqstart, s.seqincrement, s.seqmin,
                  s.seqmax, s.seqcache),
           CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END, a.attgenerated
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = {schema}::regnamespace
    LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    LEFT JOIN pg_constraint n ON n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
    LEFT JOIN pg_depend i ON i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass
        AND (i.refobjid, i.refobjsubid, i.deptype) = (a.attrelid, a.attnum, 'i')
    LEFT JOIN pg_sequence s ON s.seqrelid = i.objid
    WHERE a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum"""

_CONSTRAINTS = """
    SELECT o.conrelid::regclass::text, o.conname, pg_get_constraintdef(o.oid, true), o.contype
    FROM pg_constraint o
    WHERE o.connamespace = {schema}::regnamespace AND o.contype NOT IN ('n', 't') ORDER BY o.conrelid, o.oid"""

_INDEXES = """
    SELECT pg_get_indexdef(i.indexrelid, 0, true)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = {schema}::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))
    ORDER BY i.indexrelid"""

_TRIGGERS = """
    SELECT pg_get_triggerdef(t.oid, true)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = {schema}::regnamespace AND NOT t.tgisinternal ORDER BY t.oid"""

_COMMENTS = """
    SELECT format('COMMENT ON TABLE %s IS %L', c.oid::regclass, obj_description(c.oid, 'pg_class'))
    FROM pg_class c
    WHERE c.relnamespace = {schema}::regnamespace AND c.relkind = 'r' AND obj_description(c.oid, 'pg_class') IS NOT NULL
    UNION ALL
    SELECT format('COMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, a.attname, col_description(c.oid, a.attnum))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = {schema}::regnamespace AND c.relkind = 'r' AND col_description(c.oid, a.attnum) IS NOT NULL"""

_SECURITY = """
    SELECT format('ALTER TABLE %s %s ROW LEVEL SECURITY', c.oid::regclass, word)
    FROM pg_class c, LATERAL (VALUES ('ENABLE', c.relrowsecurity), ('FORCE', c.relforcerowsecurity)) AS said (word, yes)
    WHERE c.relnamespace = {schema}::regnamespace AND c.relkind = 'r' AND yes ORDER BY 1"""


class CannotBeWritten(ValueError):  # noqa: N818 - a state of the schema
    """The schema holds something that this script does not know; `str()` says what."""


def write(schema: str) -> str:
    """The script that makes the tables of `schema` elsewhere, with the rows of `django_migrations` and no other.

    As owner, inside a transaction. Raises `CannotBeWritten` where the schema holds rows in other tables, or anything
    but tables, identity columns, constraints, indexes, triggers, comments and switched-on row security.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', quote_ident(%s) || ', public', true)", [schema])
        try:
            _must_be_known(cursor, schema)
            return ";\n".join(_statements(cursor, schema)) + ";\n"
        finally:
            cursor.execute("SELECT set_config('search_path', 'public', true)")


def _must_be_known(cursor: Any, schema: str) -> None:
    found = [what for what, query in _UNKNOWN.items() if _rows(cursor, query, schema)]
    for _oid, table in _rows(cursor, _TABLES, schema):
        query = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(schema, table))
        cursor.execute(query.as_string(cursor.connection))
        if table != "django_migrations" and cursor.fetchone():
            found.append(f"rows of {table}")
    if found:
        raise CannotBeWritten(", ".join(found))


def _statements(cursor: Any, schema: str) -> Iterator[str]:
    columns: dict[int, list[str]] = {}
    for row in _rows(cursor, _COLUMNS, schema):
        columns.setdefault(row[0], []).append(_column(cursor, row[1:]))
    for oid, table in _rows(cursor, _TABLES, schema):
        yield f"CREATE TABLE {_name(cursor, table)} ({', '.join(columns[oid])})"
    constraints = [row for row in _rows(cursor, _CONSTRAINTS, schema) if row[3] != "f"]
    foreign = [row for row in _rows(cursor, _CONSTRAINTS, schema) if row[3] == "f"]
    yield from _added(cursor, constraints)
    yield from (definition for (definition,) in _rows(cursor, _INDEXES, schema))
    yield from _added(cursor, foreign)
    for query in (_TRIGGERS, _SECURITY, _COMMENTS):
        yield from (definition for (definition,) in _rows(cursor, query, schema))
    applied = sql.Identifier(schema, "django_migrations")
    cursor.execute(
        sql.SQL("SELECT app, name FROM {} ORDER BY id").format(applied).as_string(cursor.connection)
    )
    values = sql.SQL(", ").join(
        sql.SQL("({}, {}, now())").format(app, name) for app, name in cursor.fetchall()
    )
    insert = sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES {}").format(values)
    yield insert.as_string(cursor.connection)


def _added(cursor: Any, constraints: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """One ALTER TABLE a table: each costs a lock and a look at the catalogs."""
    tables: dict[str, list[str]] = {}
    for table, name, definition, _kind in constraints:
        tables.setdefault(table, []).append(f"ADD CONSTRAINT {_name(cursor, name)} {definition}")
    yield from (f"ALTER TABLE {table} {', '.join(added)}" for table, added in tables.items())


def _column(cursor: Any, facts: tuple[Any, ...]) -> str:
    """A column's definition from its line of `_COLUMNS`, without the table."""
    name, type_, not_null, identity, default, not_null_name, sequence, numbers, collation, generated = facts
    if generated:
        message = f"the generated column {name}"
        raise CannotBeWritten(message)
    parts = [_name(cursor, name), type_]
    if collation:
        parts.append(f"COLLATE {collation}")
    if not_null:
        parts.append(f"CONSTRAINT {_name(cursor, not_null_name)} NOT NULL" if not_null_name else "NOT NULL")
    if identity:
        kind = "ALWAYS" if identity == "a" else "BY DEFAULT"
        parts.append(f"GENERATED {kind} AS IDENTITY (SEQUENCE NAME {sequence} {numbers})")
    elif default is not None:
        parts.append(f"DEFAULT {default}")
    return " ".join(parts)


def _name(cursor: Any, name: str) -> str:
    return sql.Identifier(name).as_string(cursor.connection)


def _rows(cursor: Any, query: str, schema: str) -> list[tuple[Any, ...]]:
    asked = sql.SQL(query).format(schema=sql.Literal(f'"{schema}"'))
    cursor.execute(asked.as_string(cursor.connection))
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
