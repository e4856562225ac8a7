"""Processes of a bench's own: what they are told, and how much memory they took."""

import os
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """The environment of a process that works in the database at hand with the app's login."""
    told = os.environ | {"DATABASE_APP_URL": _url(), "MINORI_HOME": str(settings.HOME)}
    told.pop("DATABASE_URL", None)
    return told


def megabytes() -> int:
    """The highest water of this process so far: unlike `getrusage`, nothing of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024)


def _url() -> str:
    """The address of the app's login to the database at hand."""
    one = connection.settings_dict
    login = f"{quote(str(one['USER']), safe='')}:{quote(str(one['PASSWORD']), safe='')}"
    query = urlencode(
        {"host": one["HOST"], **({"port": one["PORT"]} if one["PORT"] else {}), **one["OPTIONS"]}
    )
    return f"postgresql://{login}@/{quote(str(one['NAME']), safe='')}?{query}"
