"""What `minori check` finds about form editions."""

from collections.abc import Iterator
from typing import Literal

from django.db import Error

from minori.programmes import pinned
from minori.report_forms import editions
from minori.report_forms.editions import EditionError

Grade = Literal["ok", "warning", "error"]


def check_editions() -> Iterator[tuple[Grade, str]]:
    """Editions in use are as they were, and every installed file can be read."""
    try:
        broken = list(pinned.broken())
    except Error as error:
        yield "error", f"form editions in use cannot be looked up: {str(error).strip().splitlines()[0]}"
        return
    for one in broken:
        words = f"the form edition {one.name} is in use and {one.fault.value}."
        yield "error", f"{words} `minori edition restore` puts it back as it was"
    bad = 0
    for file in editions.found_files():
        try:
            file.edition()
        except (EditionError, OSError):
            bad += 1
            yield "warning", f"{file.path} has mistakes and is not offered. `minori edition check` lists them"
    if not broken and not bad:
        yield "ok", f"{len(editions.found_files())} form editions can be read, and those in use are unchanged"
