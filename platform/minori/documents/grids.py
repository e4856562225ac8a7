"""Files with tables: cleaned as every uploaded file, read and marked by a process of its own."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from minori.documents.cleaning import LONGEST_WAIT, CleanFile, FileRefused, clean
from minori.report_forms.edition import Accept
from minori.report_forms.grids import Grid

log = logging.getLogger(__name__)
_TOO_LARGE = 3


def read_file(data: bytes) -> tuple[CleanFile, tuple[Grid, ...]]:
    """A workbook or Word file as we keep it, with its tables. Raises `FileRefused` with a sentence for the person."""
    cleaned = clean(data, (Accept.XLSX, Accept.DOCX))
    answer = _run("read", cleaned.data)
    return cleaned, tuple(Grid.from_json(item) for item in json.loads(answer))


def read_workbook(data: bytes) -> tuple[Grid, ...]:
    """The sheets of a workbook, hidden ones too; it is examined first. Raises `FileRefused` with a sentence."""
    clean(data, (Accept.XLSX,))
    return tuple(Grid.from_json(item) for item in json.loads(_run("whole", data)))


def mark_workbook(data: bytes, notes: Sequence[Mapping[str, Any]]) -> bytes:
    """The workbook with a note and a colour at each cell that `notes` names (see `tables.workbooks.mark`)."""
    return _run("mark", json.dumps(list(notes)).encode() + b"\n" + data)


def _run(task: str, data: bytes) -> bytes:
    command = [sys.executable, "-I", "-m", "minori.documents.tables", task]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, env={}, timeout=LONGEST_WAIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much() from error
    if done.returncode < 0 or done.returncode == _TOO_LARGE:
        raise _too_much()
    if done.returncode:
        log.warning("reading tables of %d bytes: %s", len(data), done.stderr.decode(errors="replace")[-2000:])
        raise FileRefused(_("The tables of this file cannot be read. Please save it again and send that."))
    return done.stdout


def _too_much() -> FileRefused:
    return FileRefused(
        _("The file holds far more cells than plans do. Please remove sheets that are not needed.")
    )
