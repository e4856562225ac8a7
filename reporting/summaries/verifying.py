"""`minori verify`: summaries made again from the figures and compared with what is stored."""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from minori.programmes.models import Round
from reporting.signals import compiling as signals
from reporting.signals.inputs import OfNumbers
from reporting.summaries import inputs, number_inputs, numbers, parts, tallies
from reporting.summaries.compiling import contents_of, is_fresh
from reporting.summaries.models import GrantNumbers, Summary
from reporting.summaries.numbers_shape import NumberLine, in_short


def differences() -> Iterator[str]:
    """A sentence for every fresh summary or tally that differs from the same computed now; stale ones are skipped."""
    yield from inputs.differences()
    yield from tallies.differences()
    for pk in list(Summary.objects.exclude(contents=None).order_by("pk").values_list("pk", flat=True)):
        summary = Summary.objects.select_related("round__programme__distributor").get(pk=pk)
        round_: Round = summary.round
        if not is_fresh(round_):
            continue
        named = f"{round_.programme.code} round {round_.number}"
        contents = contents_of(round_)
        if _as_stored(contents) != summary.contents:
            yield f"{named}: the summary differs from its figures"
        same, for_signals = _compare_numbers(round_, summary)
        if not same:
            yield f"{named}: the numbers differ from their readings"
        told = signals.of(round_, contents=contents, numbers=for_signals)
        if _as_stored(told) != summary.signals:
            yield f"{named}: the signals differ from what they are made of"


def _compare_numbers(round_: Round, summary: Summary) -> tuple[bool, OfNumbers]:
    """Whether the stored numbers are those of now, some grants in memory at a time; and what signals need of these."""
    seen: set[int] = set()
    differ: set[int] = set()
    stored = GrantNumbers.objects.filter(summary=summary).order_by("pk")

    def compare(lines: list[NumberLine]) -> None:
        now = {grant: list(some) for grant, some in groupby(lines, itemgetter("grant"))}
        seen.update(now)
        there = {
            grant: [every, short]
            for grant, every, short in stored.filter(grant__in=now).values_list("grant_id", "lines", "short")
        }
        for grant, some in now.items():
            if _as_stored([some, [in_short(one) for one in some]]) != there.get(grant):
                differ.add(grant)

    mapped = number_inputs.mapped(round_)
    judged = parts.judge(round_, number_inputs.asked(round_), mapped, each=compare)
    head = numbers.together(round_, judged.coverage, mapped, judged.added)
    nobody_else = set(stored.values_list("grant_id", flat=True)) == seen
    return not differ and nobody_else and _as_stored(head) == summary.numbers, judged.for_signals


def _as_stored(value: object) -> Any:
    return json.loads(json.dumps(value))
