"""Storing a compiled round; what is stored of grants about which nothing has come in stays as it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from reporting.signals.compiling import SignalLine
from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import GrantCoverage, NumberLine, NumbersContents
from reporting.summaries.shape import FORMAT, SummaryContents

_BEFORE = """
    SELECT inputs_by_grant, events_compiled, (numbers -> 'grants')::text, signals::text
    FROM summaries_summary
    WHERE id = %s AND contents ->> 'format' = %s AND numbers IS NOT NULL AND inputs_by_grant ->> '' = %s
"""
_STORE = """
    UPDATE summaries_summary SET contents = %(contents)s::jsonb,
        numbers = %(head)s::jsonb || jsonb_build_object('lines', {lines}),
        signals = %(signals)s::jsonb, inputs_by_grant = %(by_grant)s::jsonb, events_compiled = %(inputs)s,
        as_of = %(at)s, started_at = NULL, failed_at = NULL, failure = ''
    WHERE id = %(summary)s AND {it_may}
"""
_WHOLE = _STORE.format(
    lines="%(lines)s::jsonb",
    # an older snapshot never replaces a newer one
    it_may="(events_compiled <= %(inputs)s OR contents IS NULL)",
)
_IN_PART = _STORE.format(
    lines="""(
            SELECT coalesce(jsonb_agg(one.line ORDER BY board.at, one.place), '[]')
            FROM (
                SELECT line, place FROM jsonb_array_elements(summaries_summary.numbers -> 'lines')
                    WITH ORDINALITY AS stored (line, place)
                WHERE (line ->> 'grant')::bigint = ANY(%(staying)s)
                UNION ALL
                SELECT line, place FROM jsonb_array_elements(%(lines)s::jsonb) WITH ORDINALITY AS made (line, place)
            ) one
            JOIN unnest(%(board)s::bigint[]) WITH ORDINALITY AS board (grant_id, at)
                ON board.grant_id = (one.line ->> 'grant')::bigint
        )""",
    # put together with what was looked at, and nothing else
    it_may="events_compiled = %(before)s",
)


@dataclass(frozen=True, slots=True)
class Staying:
    """What is stored of the grants whose numbers and signals stay, by grant; `inputs`: what had been counted then."""

    inputs: int = 0
    coverage: Mapping[int, GrantCoverage] = field(default_factory=dict)
    signals: Mapping[int, list[SignalLine]] = field(default_factory=dict)


def staying(summary: Summary, by_grant: Mapping[str, int]) -> Staying:
    """The grants about which nothing has come in since they were compiled: none where anything about all of them has.

    `by_grant`: what there is now (`queries.inputs_by_grant`), in the same snapshot.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [summary.pk, str(FORMAT), str(by_grant.get("", 0))])
        found = cursor.fetchone()
    if found is None:
        return Staying()
    before, inputs, coverage, signals = json.loads(found[0]), found[1], json.loads(found[2]), found[3]
    stays = {
        one["grant"]: one
        for one in coverage
        if before.get(str(one["grant"])) == by_grant.get(str(one["grant"]))
    }
    told: dict[int, list[SignalLine]] = {}
    for one in json.loads(signals or "[]"):
        if one["grant"] in stays:
            told.setdefault(one["grant"], []).append(one)
    return Staying(inputs, stays, told)


class Lines:
    """Lines of numbers on their way to the database, as text: a tenth of what they take as objects."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def add(self, lines: Sequence[NumberLine]) -> None:
        """Some more."""
        if lines:
            self._pieces.append(json.dumps(lines, separators=(",", ":"))[1:-1])

    def taken(self) -> str:
        """All of them as one JSON array; nothing is kept."""
        pieces, self._pieces = self._pieces, []
        return f"[{','.join(pieces)}]"


def store(
    summary: Summary,
    *,
    contents: SummaryContents,
    numbers: NumbersContents,
    lines: Lines,
    signals: Sequence[SignalLine],
    by_grant: Mapping[str, int],
    board: Sequence[int],
    stays: Staying,
    at: datetime,
) -> None:
    """Write a compiled round in one statement; `numbers` without lines, which go in the order of the grants on the board."""
    facts: dict[str, Any] = {
        "summary": summary.pk,
        "contents": _json(contents),
        "head": _json(numbers),
        "lines": lines.taken(),
        "signals": _json(signals),
        "by_grant": _json(by_grant),
        "inputs": sum(by_grant.values()),
        "board": list(board),
        "staying": list(stays.coverage),
        "before": stays.inputs,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_IN_PART if stays.coverage else _WHOLE, facts)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
