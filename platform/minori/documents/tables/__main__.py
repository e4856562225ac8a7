"""The process that reads the tables of a file or marks its cells: `python -m minori.documents.tables read < file`.

As `minori.documents.examining`, behind which it stands: bounded, without settings or passwords. `read` answers
with JSON, `whole` too, for a workbook with its hidden sheets; `mark` reads a line of JSON before the file and answers
with the file.
"""

import json
import sys
import traceback
from typing import Any

from minori.documents.examining.__main__ import limit
from minori.documents.tables import words, workbooks

SCRATCH = 64 * 1024 * 1024
"""Bytes that writing a workbook may lay down on its way."""


def main() -> None:
    """Read or mark, answer."""
    task = sys.argv[1]
    limit(file_size=SCRATCH if task == "mark" else 0)
    try:
        if task == "mark":
            line, _newline, data = sys.stdin.buffer.read().partition(b"\n")
            sys.stdout.buffer.write(workbooks.mark(data, json.loads(line)))
        else:
            data = sys.stdin.buffer.read()
            grids = (
                read(data) if task == "read" else [one.to_json() for one in workbooks.read(data, whole=True)]
            )
            sys.stdout.buffer.write(json.dumps(grids).encode())
    except TooLarge:
        sys.exit(3)
    except (Exception, MemoryError):  # noqa: BLE001 - no reader promises which errors a made-up file brings out of it
        traceback.print_exc()
        sys.exit(2)


TooLarge = workbooks.TooLarge


def read(data: bytes) -> list[dict[str, Any]]:
    """The grids of a workbook or a Word file."""
    read_grids = workbooks.read if workbooks.is_workbook(data) else words.read
    return [grid.to_json() for grid in read_grids(data)]


if __name__ == "__main__":
    main()
