"""Readings on the command line: one JSON line for each text, of the arguments or of the standard input."""

import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

_ESCAPES = {"\\n": "\n", "\\\\": "\\"}


def print_each(texts: Sequence[str], read: Callable[[str], Mapping[str, object]]) -> int:
    r"""Print the reading of each text, or of each line of the standard input where no text is given; returns 0."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # whatever the locale says; bytes that are no UTF-8 come back as they were
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    for text in texts or _lines():
        line = json.dumps(read(unescape(text)), ensure_ascii=False)
        # half a pair (from a broken argument) can only be written as an escape
        sys.stdout.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
        sys.stdout.flush()
    return 0


def unescape(text: str) -> str:
    r"""A text with its line breaks, written \n, and backslashes, written \\; other backslashes stay as they are."""
    return re.sub(r"\\[n\\]", lambda match: _ESCAPES[match.group()], text)


def _lines() -> Iterator[str]:
    for line in sys.stdin or ():  # closed by the caller (<&-)
        yield line.removesuffix("\n").removesuffix("\r")
