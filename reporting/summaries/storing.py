"""Storing a compiled round; what is stored of grants about which nothing has come in stays as it is."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from reporting.signals.compiling import SignalLine
from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import GrantCoverage, NumberLine, NumbersHead, in_short
from reporting.summaries.shape import FORMAT, SummaryContents

_BEFORE = """
    SELECT inputs_by_grant, events_compiled, (numbers -> 'grants')::text, signals::text
    FROM summaries_summary
    WHERE id = %s AND contents ->> 'format' = %s AND numbers IS NOT NULL AND inputs_by_grant ->> '' = %s
"""
_STORE = """
    UPDATE summaries_summary SET contents = %(contents)s::jsonb, numbers = %(numbers)s::jsonb,
        signals = %(signals)s::jsonb, inputs_by_grant = %(by_grant)s::jsonb, events_compiled = %(inputs)s,
        as_of = %(at)s, started_at = NULL, failed_at = NULL, failure = ''
    WHERE id = %(summary)s AND CASE WHEN %(in_part)s
        THEN events_compiled = %(before)s -- put together with what was looked at, and nothing else
        ELSE events_compiled <= %(inputs)s OR contents IS NULL -- an older snapshot never replaces a newer one
    END"""
_LEAVE = "DELETE FROM summaries_grantnumbers WHERE summary_id = %s AND grant_id <> ALL(%s::bigint[])"
_ADD = "INSERT INTO summaries_grantnumbers (summary_id, grant_id, lines, short) VALUES (%s, %s, %s::jsonb, %s::jsonb)"


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
        self._by_grant: dict[int, tuple[str, str]] = {}

    def add(self, lines: Sequence[NumberLine]) -> None:
        """All lines of some more grants."""
        for grant, some in groupby(lines, itemgetter("grant")):
            every = list(some)
            self._by_grant[grant] = _json(every), _json([in_short(one) for one in every])

    def taken(self) -> Iterator[tuple[int, str, str]]:
        """Grant, lines and lines in short, both as JSON; nothing is kept."""
        while self._by_grant:
            grant, (lines, short) = self._by_grant.popitem()
            yield grant, lines, short


def store(
    summary: Summary,
    *,
    contents: SummaryContents,
    numbers: NumbersHead,
    lines: Lines,
    signals: Sequence[SignalLine],
    by_grant: Mapping[str, int],
    board: Collection[int],
    stays: Staying,
    at: datetime,
) -> None:
    """Write a compiled round in one transaction; of the grants that stay nothing is written."""
    facts: dict[str, Any] = {
        "summary": summary.pk,
        "contents": _json(contents),
        "numbers": _json(numbers),
        "signals": _json(signals),
        "by_grant": _json(by_grant),
        "inputs": sum(by_grant.values()),
        "in_part": bool(stays.coverage),
        "before": stays.inputs,
        "at": at,
    }
    staying = [grant for grant in stays.coverage if grant in board]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STORE, facts)
        if cursor.rowcount:
            cursor.execute(_LEAVE, [summary.pk, staying])
            cursor.executemany(_ADD, [(summary.pk, *one) for one in lines.taken()])


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
