"""Reading what is stored of a round's numbers: the head from the summary, the lines grant by grant."""

import json
from collections.abc import Collection, Iterator
from typing import Any, Literal, cast

from django.db import connection

from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import NumberLine, NumbersContents

ORDERED = """
    FROM summaries_grantnumbers n
    JOIN jsonb_array_elements(summaries_summary.numbers -> 'grants') WITH ORDINALITY AS board (facts, place)
        ON (board.facts ->> 'grant')::bigint = n.grant_id
    WHERE n.summary_id = summaries_summary.id"""
"""The grants of the summary at hand, to be put in the order of the board by `board.place`."""

TOGETHER = f"""
    '{{"head": ' || summaries_summary.numbers::text || ', "lines": ['
    || coalesce((SELECT string_agg(n.short::text, ',' ORDER BY board.place) {ORDERED}), '') || ']}}'"""
"""The numbers of the summary at hand as one JSON text: its `head`, and the short `lines`, one array a grant."""

_EACH = """
    SELECT n.{what}::text FROM summaries_summary CROSS JOIN LATERAL (
        SELECT n.{what}, board.place {ordered} AND (%(grants)s::bigint[] IS NULL OR n.grant_id = ANY(%(grants)s))
    ) n
    WHERE summaries_summary.round_id = %(round)s ORDER BY n.place"""


def statement(what: Literal["lines", "short"] = "lines") -> str:
    """The SQL that reads one JSON array a grant of a `round`, of all `grants` or of some, in the order of the board."""
    return _EACH.format(what=what, ordered=ORDERED)


def lines(round_id: int, *, grants: Collection[int] | None = None) -> Iterator[NumberLine]:
    """The lines of a round, of all grants or of some, in the order of the board: one query."""
    with connection.cursor() as cursor:
        cursor.execute(statement(), {"round": round_id, "grants": None if grants is None else list(grants)})
        found = cursor.fetchall()
    for (text,) in found:
        yield from json.loads(text)


def numbers(round_id: int) -> NumbersContents | None:
    """All numbers of a round as they were compiled; None where none are."""
    head: Any = Summary.objects.filter(round_id=round_id).values_list("numbers", flat=True).first()
    return None if head is None else cast("NumbersContents", {**head, "lines": list(lines(round_id))})
