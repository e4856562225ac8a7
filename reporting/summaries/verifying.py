"""`minori verify`: summaries made again from the figures and compared with what is stored."""

import json
from collections.abc import Iterator

from minori.programmes.models import Round
from reporting.summaries import tallies
from reporting.summaries.compiling import contents_of, is_fresh, numbers_of
from reporting.summaries.models import Summary


def differences() -> Iterator[str]:
    """A sentence for every fresh summary or tally that differs from the same computed now; stale ones are skipped."""
    yield from tallies.differences()
    for summary in (
        Summary.objects.exclude(contents=None).select_related("round__programme__distributor").order_by("pk")
    ):
        round_: Round = summary.round
        if not is_fresh(round_):
            continue
        if json.loads(json.dumps(contents_of(round_))) != summary.contents:
            yield f"{round_.programme.code} round {round_.number}: the summary differs from its figures"
        if json.loads(json.dumps(numbers_of(round_))) != summary.numbers:
            yield f"{round_.programme.code} round {round_.number}: the numbers differ from their readings"
