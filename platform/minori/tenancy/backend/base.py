"""The database backend: a schema *and* a database role for every connection, set together or not at all."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_limit_set_calls
from psycopg import sql
from psycopg.pq import TransactionStatus

from minori.tenancy.tables import Introspection

_looked = False


def refuse_pooler(connection: Any) -> None:
    """Raise ImproperlyConfigured where a pooler stands between us and PostgreSQL; looked at once in a process.

    In transaction mode a pooler hands one organization's schema and role to another's request. It is known by the
    process number it makes up for its clients.
    """
    global _looked  # noqa: PLW0603 - one answer for the whole process
    if _looked:
        return
    number = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
    if number != connection.info.backend_pid:
        message = "a connection pooler stands before PostgreSQL and would mix up organizations: give the server itself"
        raise ImproperlyConfigured(message)
    _looked = True


class DatabaseWrapper(base.DatabaseWrapper):
    """django-tenants' wrapper, with `SET ROLE` beside the search path.

    Stock django-tenants swallows an error of its `SET search_path`; with roles that would run one
    organization's code as another. Here every error is raised.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.introspection = Introspection(self)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        refuse_pooler(self.connection)

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
