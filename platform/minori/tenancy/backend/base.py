"""The database backend: a schema *and* a database role for every connection, set together or not at all."""

from typing import Any

from django_tenants.postgresql_backend import base
from django_tenants.utils import get_limit_set_calls
from psycopg import sql
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """django-tenants' wrapper, with `SET ROLE` beside the search path.

    Stock django-tenants swallows an error of its `SET search_path`; with roles that would run one
    organization's code as another. Here every error is raised.
    """

    _setting_search_path: bool
    search_path_set_schemas: list[str] | None

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or (get_limit_set_calls() and self.search_path_set_schemas):
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            # Nothing can run in an aborted transaction: let the statement that follows say so.
            self.search_path_set_schemas = None
            return
        paths = self._get_cursor_search_paths()
        role = getattr(self.tenant, "db_role", None)
        statement = sql.SQL("SET search_path = {paths}; SET ROLE {role}").format(
            paths=sql.SQL(",").join(sql.Identifier(path) for path in paths),
            role=sql.Identifier(role) if role else sql.SQL("NONE"),
        )
        self._setting_search_path = True
        own = self.connection.cursor() if cursor is None else None
        try:
            (own or cursor).execute(statement.as_string(self.connection))
            self.search_path_set_schemas = paths
        finally:
            self._setting_search_path = False
            if own is not None:
                own.close()
