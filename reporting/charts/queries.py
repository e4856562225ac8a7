"""What charts are drawn from: compiled summaries, one query."""

from collections.abc import Iterator

from minori.programmes.models import Programme
from reporting.charts.series import InRound
from reporting.summaries.models import Summary


def rounds(programme: Programme, *, until: int) -> Iterator[InRound]:
    """The compiled rounds of a programme up to one, in order: their totals and boards, without the words. One at a time."""
    lines = (
        Summary.objects.filter(programme=programme, round__number__lte=until)
        .exclude(contents=None)
        .order_by("round__number")
        .values_list("contents__round", "contents__totals", "contents__board")
    )
    return (InRound(facts, totals, board) for facts, totals, board in lines.iterator(chunk_size=1))
