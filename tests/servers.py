"""The tests' own servers, started (or joined) as early as pytest loads plugins (`-p tests.servers`).

pytest-django reads the settings before any conftest, so the addresses must stand in the environment by then.
Workers of a parallel run inherit them.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from minori.local.servers import running

_servers = ExitStack()


def _start() -> None:
    home = Path(os.environ.get("MINORI_TEST_HOME") or Path(__file__).resolve().parents[1] / "var" / "test")
    os.environ["MINORI_HOME"] = str(home)
    if not os.environ.get("DATABASE_APP_URL"):
        os.environ.update(_servers.enter_context(running(home)).environment())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the servers; the last user stops them."""
    _servers.close()


_start()
