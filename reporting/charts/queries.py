"""What charts are drawn from: compiled summaries, a fixed number of queries."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from django.db import connection
from django.db.models import F, QuerySet, Sum

from minori.programmes.models import Programme, Round
from reporting.charts import series
from reporting.charts.series import Bar, Bars, Chart, InRound
from reporting.portfolio.queries import grants
from reporting.summaries import stored
from reporting.summaries.models import GrantLine, GrantNumbers, Summary
from reporting.summaries.numbers_shape import NumberLine
from reporting.summaries.shape import BoardLine

MOST_POINTS = 300
"""A chart of more is a cloud: those furthest behind are shown then."""
_SORTS = {"reached": "at_target", "ahead": "ahead", "behind": "late", "unknown": "undated"}
_FACTS = ("state", "due_on", "handed_in_at", "days_late")


def rounds(programme: Programme, *, until: int) -> Iterator[InRound]:
    """The compiled rounds of a programme up to one, in order: their totals, and of their boards what punctuality asks."""
    compiled = Summary.objects.filter(programme=programme, round__number__lte=until).exclude(contents=None)
    lines = GrantLine.objects.filter(round__in=compiled.values("round")).order_by("round", "place")
    boards: dict[int, list[BoardLine]] = {}
    for round_id, state, due_on, handed_in_at, days_late in lines.values_list("round_id", *_FACTS):
        facts = {
            "state": state,
            "due_on": due_on.isoformat(),  # the date in force
            "extended_to": None,
            "returned_due_on": None,
            "filing": handed_in_at,  # there is one where it came
            "days_late": days_late,
        }
        boards.setdefault(round_id, []).append(cast("BoardLine", facts))
    for round_id, brief in compiled.order_by("round__number").values_list("round_id", "brief"):
        assert brief is not None  # the database writes it with the contents
        yield InRound(brief["round"], brief["totals"], boards.get(round_id, []))


def of_numbers(programme: Programme, round_: Round) -> list[Chart]:
    """The charts of a round's confirmed numbers; that of points shows as many as can be told apart."""
    bars = _achieved(programme, until=round_.number)
    now = next((bar for bar in bars.bars if bar.number == round_.number), None)
    if now is None:
        return [bars]
    if now.total - now.counts["none"] <= MOST_POINTS:
        return [bars, series.pace_of(stored.lines(round_.pk), grants(programme))]
    count, lines = _furthest_behind(round_)
    if not lines:  # nobody has confirmed by when they are to be achieved
        return [bars]
    return [bars, replace(series.pace_of(lines, grants(programme)), of=count, beyond=count - len(lines))]


_FURTHEST = """
    WITH point AS (
        SELECT n.grant_id, one, split_part(one ->> 'ahead', '/', 1)::numeric
            / coalesce(nullif(split_part(one ->> 'ahead', '/', 2), ''), '1')::numeric AS ahead
        FROM summaries_grantnumbers n JOIN summaries_summary s ON s.id = n.summary_id
        CROSS JOIN LATERAL jsonb_array_elements(n.short) one
        WHERE s.round_id = %(round)s AND one ->> 'ahead' IS NOT NULL
    )
    SELECT count(*) OVER (), one::text FROM point ORDER BY ahead, grant_id, one ->> 'indicator' LIMIT %(most)s"""


def _furthest_behind(round_: Round) -> tuple[int, list[NumberLine]]:
    """How many indicators have an achievement and a share of time gone, and the lines of those furthest behind it."""
    with connection.cursor() as cursor:
        cursor.execute(_FURTHEST, {"round": round_.pk, "most": MOST_POINTS})
        found = cursor.fetchall()
    return (found[0][0] if found else 0), [json.loads(line) for _count, line in found]


def _achieved(programme: Programme, *, until: int) -> Bars:
    """How many indicators stand where, counted where they are stored."""
    rounds: QuerySet[Any, Any] = (
        GrantNumbers.objects.filter(summary__programme=programme, summary__round__number__lte=until)
        .order_by("summary__round__number")
        .values(number=F("summary__round__number"), title=F("summary__round__title"))
        .annotate(figures=Sum("figures"), **{sort: Sum(name) for sort, name in _SORTS.items()})
    )
    bars = []
    for one in rounds:
        counts = {sort: one[sort] for sort in _SORTS}
        counts["none"] = one["figures"] - sum(counts.values())
        bars.append(Bar(one["number"], one["title"], counts))
    return series.achievement_of(bars)
