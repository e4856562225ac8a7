"""`minori verify`: summaries made again from the figures and compared with what is stored."""

import json
from collections.abc import Iterator

from minori.programmes.models import Round
from reporting.summaries import inputs, stored, tallies
from reporting.summaries.compiling import everything_of, is_fresh
from reporting.summaries.models import GrantNumbers, Summary
from reporting.summaries.numbers_shape import in_short


def differences() -> Iterator[str]:
    """A sentence for every fresh summary or tally that differs from the same computed now; stale ones are skipped."""
    yield from inputs.differences()
    yield from tallies.differences()
    for summary in (
        Summary.objects.exclude(contents=None).select_related("round__programme__distributor").order_by("pk")
    ):
        round_: Round = summary.round
        if not is_fresh(round_):
            continue
        now = everything_of(round_)
        named = f"{round_.programme.code} round {round_.number}"
        if json.loads(json.dumps(now.contents)) != summary.contents:
            yield f"{named}: the summary differs from its figures"
        if json.loads(json.dumps(now.numbers)) != stored.numbers(round_.pk) or not _short_ones_are_short(
            summary
        ):
            yield f"{named}: the numbers differ from their readings"
        if json.loads(json.dumps(now.signals)) != summary.signals:
            yield f"{named}: the signals differ from what they are made of"


def _short_ones_are_short(summary: Summary) -> bool:
    """Whether what is shown of each line is what the line says."""
    every = GrantNumbers.objects.filter(summary=summary).order_by("pk").values_list("lines", "short")
    return all([in_short(one) for one in lines] == short for lines, short in every.iterator(chunk_size=50))
