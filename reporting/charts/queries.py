"""What charts are drawn from: compiled summaries, two queries."""

from collections.abc import Iterator
from typing import cast

from minori.programmes.models import Programme
from reporting.charts.series import InRound
from reporting.summaries.models import GrantLine, Summary
from reporting.summaries.shape import BoardLine

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
