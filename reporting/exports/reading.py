"""Reading a compiled round piece by piece: PostgreSQL takes the stored summary apart, we hold one line at a time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, cast

from django.db import connection

from reporting.summaries import stored
from reporting.summaries.numbers_shape import CommonLine, CoverageFacts, NumberLine
from reporting.summaries.shape import MapLine, SummaryContents

AT_ONCE = 50  # lines under way between the database and us

_HEAD = """
    SELECT (contents - 'map')::text, as_of, CASE WHEN numbers IS NOT NULL THEN
        jsonb_build_object('common', numbers -> 'common', 'coverage', numbers -> 'coverage')::text END
    FROM summaries_summary WHERE round_id = %s AND contents IS NOT NULL
"""
_MAP = "SELECT jsonb_array_elements(contents -> 'map')::text FROM summaries_summary WHERE round_id = %s"


class NumbersInBrief(TypedDict):
    """What is said of a round's numbers as a whole."""

    common: list[CommonLine]
    coverage: CoverageFacts


def head(round_id: int) -> tuple[SummaryContents, datetime, NumbersInBrief | None]:
    """The summary without its map, when it was compiled, and its numbers in brief (None: none were compiled)."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [round_id])
        contents, as_of, numbers = cursor.fetchone()
    summary = cast("SummaryContents", {**json.loads(contents), "map": []})
    return summary, as_of, None if numbers is None else json.loads(numbers)


def map_lines(round_id: int) -> Iterator[MapLine]:
    """The lines of the map, one by one; inside a transaction."""
    return _each(_MAP, [round_id])


def number_lines(round_id: int) -> Iterator[NumberLine]:
    """The compiled numbers of a round, grant by grant; inside a transaction."""
    for lines in _each(stored.statement(), {"round": round_id, "grants": None}):
        yield from lines


def _each(order: str, about: Sequence[int] | Mapping[str, Any]) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(order, about)
        while lines := cursor.fetchmany(AT_ONCE):
            for (line,) in lines:
                yield json.loads(line)
