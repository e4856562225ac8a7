"""`minori verify`: summaries made again from the figures and compared with what is stored and what pages read."""

import json
from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from minori.programmes.models import Grant, Round
from reporting.signals import compiling as signals
from reporting.signals.inputs import OfNumbers
from reporting.summaries import inputs, laid_out, number_inputs, numbers, parts, tallies
from reporting.summaries.compiling import contents_of, is_fresh, snapshot
from reporting.summaries.models import GrantLine, GrantNumbers, Summary
from reporting.summaries.numbers_shape import NumberLine, in_short

FEW = 5
"""So many grants are named in a sentence."""


def differences() -> Iterator[str]:
    """A sentence for every fresh summary or tally, and for what pages read of one, that differs from the same computed now.

    Stale ones are skipped. Each is read in one snapshot.
    """
    for every in (inputs.differences, tallies.differences):
        with snapshot():
            found = list(every())
        yield from found
    for pk in list(Summary.objects.exclude(contents=None).order_by("pk").values_list("pk", flat=True)):
        with snapshot():  # what is compiled meanwhile is no difference
            found = list(_of_summary(pk))
        yield from found


def _of_summary(pk: int) -> Iterator[str]:
    summary = Summary.objects.select_related("round__programme__distributor").get(pk=pk)
    round_: Round = summary.round
    if not is_fresh(round_):
        return
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
    yield from (f"{named}: {sentence}" for sentence in _of_pages(summary))


def _of_pages(summary: Summary) -> Iterator[str]:
    """What pages read, against the summary that it was laid out from."""
    assert summary.contents is not None, "it was compiled"
    if summary.brief != laid_out.brief_of(summary.contents, summary.numbers):
        yield "the totals that pages read differ from the summary"
    wanted = laid_out.lines_of(summary.contents, summary.signals)
    columns = list(next(iter(wanted.values()), {}))
    differ = set(wanted)
    for line in GrantLine.objects.filter(round=summary.round_id).order_by("pk").iterator(chunk_size=100):
        there = {name: getattr(line, name) for name in columns}
        if columns and there | {"words": line.words.lower()} == wanted.get(line.grant_id):
            differ.discard(line.grant_id)
        else:
            differ.add(line.grant_id)
    if differ:
        yield f"the lines that pages read differ from the summary: {_named(differ)}"
    stored = GrantNumbers.objects.filter(summary=summary).order_by("pk")
    wrong = {
        one.grant_id
        for one in stored.defer("lines").iterator(chunk_size=100)
        if any(getattr(one, name) != count for name, count in laid_out.counts_of(one.short).items())
    }
    if wrong:
        yield f"the counts of numbers that pages read differ from the numbers: {_named(wrong)}"


def _named(grants: Collection[int]) -> str:
    codes = list(Grant.objects.filter(pk__in=grants).order_by("code").values_list("code", flat=True)[:FEW])
    return ", ".join(codes) + (" …" if len(grants) > FEW else "")


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
