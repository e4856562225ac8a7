"""Processes of a bench's own: what they are told, and how much memory they took."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """The environment of a process that works in the database at hand with the app's login."""
    told = os.environ | {"DATABASE_APP_URL": _url(), "MINORI_HOME": str(settings.HOME)}
    told.pop("DATABASE_URL", None)
    return told


def said_by(module: str, *arguments: str) -> dict[str, Any]:
    """The line of JSON that a process says which runs this module in the database at hand and does nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def megabytes() -> int:
    """The highest water of this process so far: unlike `getrusage`, nothing of the process that started it."""
    return round(_kilobytes("self", "VmHWM") / 1024)


class Together:
    """The most memory that this process and those it starts hold at the same time, looked at every few milliseconds."""

    EVERY = 0.01  # seconds

    def __init__(self) -> None:
        self._most = 0
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._looking.join()

    @property
    def megabytes(self) -> int:
        """So far; never less than this process alone had at its highest water."""
        return max(round(self._most / 1024), megabytes())

    def _look(self) -> None:
        while not self._over.wait(self.EVERY):
            self._most = max(self._most, sum(_kilobytes(one, "VmRSS") for one in _family("self")))


def _family(process: str) -> Iterator[str]:
    """A process and all that came of it."""
    yield process
    try:
        threads = list(Path("/proc", process, "task").iterdir())
        children = [child for one in threads for child in (one / "children").read_text("ascii").split()]
    except OSError:
        return  # it has just ended
    for child in children:
        yield from _family(child)


def _kilobytes(process: str, which: str) -> int:
    """A line of what the system says of a process; 0 once it is over."""
    try:
        lines = Path("/proc", process, "status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(which)), 0)


def _url() -> str:
    """The address of the app's login to the database at hand."""
    one = connection.settings_dict
    login = f"{quote(str(one['USER']), safe='')}:{quote(str(one['PASSWORD']), safe='')}"
    query = urlencode(
        {"host": one["HOST"], **({"port": one["PORT"]} if one["PORT"] else {}), **one["OPTIONS"]}
    )
    return f"postgresql://{login}@/{quote(str(one['NAME']), safe='')}?{query}"
