"""Compiling a round's summary against the bare SQL aggregate, and against asking organization by organization."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Count

from minori.filings.enums import FigureKind
from minori.filings.models import Figure
from minori.problems import Problem
from minori.programmes.models import Deadline, Round
from reporting.summaries import compiling

_AGGREGATE = """
    SELECT d.grant_id, f.progress, count(*)
    FROM filings_figure f
    JOIN programmes_deadline d ON d.current_filing_id = f.filing_id
    WHERE d.round_id = %s AND f.kind = %s
    GROUP BY d.grant_id, f.progress
"""


def measure(*, repeat: int) -> dict[str, Any]:
    """The fastest of `repeat` runs of each, in seconds, and how many times the aggregate the others take.

    The round with the most filings is taken. Compiling makes the whole summary and stores nothing; the
    aggregate counts progress codes only, which is the least that any way of doing it must do.
    """
    round_ = (
        Round.objects.filter(deadlines__current_filing__isnull=False)
        .annotate(filings=Count("deadlines"))
        .order_by("-filings", "pk")
        .first()
    )
    if round_ is None:
        msg = "Nothing has been handed in yet, so there is nothing to measure."
        raise Problem(msg, "`minori demo` loads reports into an empty database.")
    aggregate = _fastest(lambda: _aggregate(round_), repeat)
    compiled = _fastest(lambda: compiling.contents_of(round_), repeat)
    one_by_one = _fastest(lambda: _one_by_one(round_), repeat)
    deadlines = Deadline.objects.filter(round=round_)
    return {
        "programme": round_.programme.code,
        "round": round_.number,
        "grants": deadlines.count(),
        "filings": deadlines.exclude(current_filing=None).count(),
        "figures": Figure.objects.filter(filing__in=deadlines.values("current_filing")).count(),
        "aggregate_seconds": round(aggregate, 6),
        "compile_seconds": round(compiled, 6),
        "loop_seconds": round(one_by_one, 6),
        "compile_to_aggregate": round(compiled / aggregate, 1),
        "loop_to_aggregate": round(one_by_one / aggregate, 1),
        "loop_to_compile": round(one_by_one / compiled, 2),
    }


def _aggregate(round_: Round) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_AGGREGATE, [round_.pk, FigureKind.ROW])
        counted: list[tuple[Any, ...]] = cursor.fetchall()
    return counted


def _one_by_one(round_: Round) -> dict[int, list[Figure]]:
    """What a loop over organizations reads at least: each one's deadline, then the rows of its filing."""
    grants = Deadline.objects.filter(round=round_).values_list("grant_id", flat=True)
    found: dict[int, list[Figure]] = {}
    for grant in grants:
        deadline = Deadline.objects.get(round=round_, grant_id=grant)
        rows = Figure.objects.filter(filing=deadline.current_filing, kind=FigureKind.ROW)
        found[grant] = list(rows.order_by("position"))
    return found


def _fastest(work: Callable[[], object], repeat: int) -> float:
    def seconds() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(seconds() for _turn in range(repeat))
