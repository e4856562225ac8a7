"""What a round says, laid aside line by line while its file is written: memory holds one grant at a time."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from reporting.summaries.numbers_shape import NumberLine
from reporting.summaries.shape import MapLine

_TABLES = """
    CREATE TABLE map (grant_id INTEGER PRIMARY KEY, line TEXT NOT NULL);
    CREATE TABLE numbers (place INTEGER PRIMARY KEY, grant_id INTEGER NOT NULL, line TEXT NOT NULL);
    CREATE INDEX numbers_of_a_grant ON numbers (grant_id, place);
    CREATE TABLE answers (question TEXT, grant_id INTEGER, text TEXT NOT NULL, PRIMARY KEY (question, grant_id));
"""


class Shelf:
    """A file without a name on this machine's disk; it is gone with this object, however that ends."""

    def __init__(self) -> None:
        # an empty name is SQLite's word for a file of its own that it takes away again
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.executescript(_TABLES)
        self._file.execute("BEGIN")

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    def put_map(self, lines: Iterable[MapLine]) -> None:
        """Lay aside the lines of the map."""
        self._file.executemany("INSERT INTO map VALUES (?, ?)", ((one["grant"], _text(one)) for one in lines))

    def put_numbers(self, lines: Iterable[NumberLine]) -> Iterator[NumberLine]:
        """Lay aside the compiled numbers in their order, each handed on as it passes."""
        for line in lines:
            order = "INSERT INTO numbers (grant_id, line) VALUES (?, ?)"
            self._file.execute(order, (line["grant"], _text(line)))
            yield line

    def put_answers(self, grant: int, answers: Mapping[str, str]) -> None:
        """Lay aside what one grant says: texts by the question's key."""
        given = ((question, grant, text) for question, text in answers.items())
        self._file.executemany("INSERT INTO answers VALUES (?, ?, ?)", given)

    def map_of(self, grant: int) -> MapLine | None:
        """The grant's line of the map."""
        found = self._file.execute("SELECT line FROM map WHERE grant_id = ?", (grant,)).fetchone()
        return cast("MapLine", json.loads(found[0])) if found else None

    def numbers(self, grant: int | None = None) -> Iterator[NumberLine]:
        """The compiled numbers in their order, of one grant or of all."""
        order = "SELECT line FROM numbers WHERE grant_id = ? OR ? IS NULL ORDER BY place"
        if grant is not None:
            order = "SELECT line FROM numbers WHERE grant_id = ? AND ? IS NOT NULL ORDER BY place"
        for (line,) in self._file.execute(order, (grant, grant)):
            yield cast("NumberLine", json.loads(line))

    def answer(self, question: str, grant: int) -> str | None:
        """What a grant says to a question."""
        order = "SELECT text FROM answers WHERE question = ? AND grant_id = ?"
        found = self._file.execute(order, (question, grant)).fetchone()
        return str(found[0]) if found else None


def _text(line: object) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))
