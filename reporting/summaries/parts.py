"""A round's numbers some grants at a time: memory holds the inputs of a hundred grants, however large the programme."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from minori.programmes.models import Round
from reporting.common.models import MappedIndicator
from reporting.signals.inputs import OfNumbers
from reporting.summaries import number_inputs, numbers
from reporting.summaries.numbers import Added
from reporting.summaries.numbers_shape import GrantCoverage, NumberLine, NumbersContents

AT_ONCE = 100
"""Grants whose inputs are in memory together."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is left of the grants that were judged, once their lines have gone on: `added` by mapped indicator."""

    coverage: list[GrantCoverage] = field(default_factory=list)
    added: dict[int, Added] = field(default_factory=dict)
    for_signals: OfNumbers = field(default_factory=OfNumbers)


def judge(
    round_: Round,
    grants: Sequence[int],
    mapped: Sequence[MappedIndicator],
    *,
    each: Callable[[list[NumberLine]], None],
) -> Judged:
    """The numbers of these grants in their order; `each` takes the lines of some of them.

    Of all other grants only the mapped indicators are judged: common indicators are of everybody.
    """
    judged = Judged()
    for some in _some(grants):
        inputs = number_inputs.read(round_, grants=set(some), mapped_=mapped)
        part = numbers.of(inputs, round_)
        judged.for_signals.take(part.lines, inputs)
        judged.coverage.extend(part.grants)
        judged.added.update(part.added)
        each(part.lines)
    here = set(grants)
    others = [one for one in mapped if one.grant_id not in here]
    for some in _some(sorted({one.grant_id for one in others})):
        asked = {one.indicator_uuid for one in others if one.grant_id in some}
        inputs = number_inputs.read(round_, grants=set(some), only=asked, mapped_=mapped)
        judged.added.update(numbers.of(inputs, round_).added)
    return judged


def whole(round_: Round) -> NumbersContents:
    """The numbers of the whole round, as they are stored."""
    mapped, lines = number_inputs.mapped(round_), list[NumberLine]()
    judged = judge(round_, number_inputs.asked(round_), mapped, each=lines.extend)
    head = numbers.together(round_, judged.coverage, mapped, judged.added)
    return {**head, "lines": lines}


def _some(grants: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(grants), AT_ONCE):
        yield grants[start : start + AT_ONCE]
