"""A pooler in transaction mode would hand one organization's role to another: nothing starts behind one."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from minori.tenancy.backend import base


class Pooled:
    """A connection as a pooler shows it: the process number of the greeting is not the server's."""

    def __init__(self, real: Any) -> None:
        self.info = SimpleNamespace(backend_pid=real.info.backend_pid + 1)
        self.execute = real.execute


def test_a_pooler_is_refused_and_the_server_itself_is_not(db, monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(base, "_looked", False)
    with pytest.raises(ImproperlyConfigured, match="pooler"):
        base.refuse_pooler(Pooled(connection.connection))
    base.refuse_pooler(connection.connection)
