"""Which tables a schema has, asked of PostgreSQL's list of dependencies: its cost does not grow with other schemas."""

from typing import Any

from django.db.backends.postgresql.introspection import TableInfo
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection

# pg_class has no index by schema: Django's own query reads the tables of all organizations. pg_depend has one by what
# is depended on, and every table depends on its schema.
_TABLES = """
    SELECT c.relname,
        CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
        obj_description(c.oid, 'pg_class')
    FROM pg_depend d
    JOIN pg_class c ON c.oid = d.objid
    WHERE d.refclassid = 'pg_namespace'::regclass AND d.classid = 'pg_class'::regclass
      AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = %s)
      AND c.relkind IN ('f', 'm', 'p', 'r', 'v')"""


class Introspection(DatabaseSchemaIntrospection):  # type: ignore[misc]
    """django-tenants' introspection with a list of tables that stays quick among a thousand rooms."""

    def get_table_list(self, cursor: Any) -> list[TableInfo]:
        """The tables and views of the connection's schema, and of no other."""
        cursor.execute(_TABLES, [self.connection.schema_name])
        return [TableInfo(*row) for row in cursor.fetchall() if row[0] not in self.ignored_tables]
