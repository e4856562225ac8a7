"""What charts are drawn from: compiled summaries, a fixed number of queries."""

from collections.abc import Iterator
from typing import Any, cast

from django.db.models import F, QuerySet, Sum

from minori.programmes.models import Programme, Round
from reporting.charts import series
from reporting.charts.series import Bar, Bars, Chart, InRound
from reporting.portfolio.queries import grants
from reporting.summaries import stored
from reporting.summaries.models import GrantLine, GrantNumbers, Summary
from reporting.summaries.shape import BoardLine

MOST_POINTS = 300
"""A chart of more is a cloud: the figures themselves are narrowed down then."""
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
    """The charts of a round's confirmed numbers; that of points only where they can be told apart."""
    bars = _achieved(programme, until=round_.number)
    now = next((bar for bar in bars.bars if bar.number == round_.number), None)
    if now is None or now.total - now.counts["none"] > MOST_POINTS:
        return [bars]
    return [bars, series.pace_of(stored.lines(round_.pk), grants(programme))]


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
