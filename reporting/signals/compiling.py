"""A round's signals, as they are stored beside its summary: from the same snapshot, so no page mixes two states."""

from collections.abc import Collection
from typing import TypedDict

from minori.programmes.models import Round
from reporting.signals import inputs, limits, rules
from reporting.signals.inputs import OfNumbers
from reporting.signals.rules import Fact
from reporting.summaries.shape import SummaryContents


class SignalLine(TypedDict):
    """One signal as stored; `facts` by the names of `rules`."""

    grant: int
    kind: str
    place: str
    name: str
    cause: str
    facts: dict[str, Fact]


def of(
    round_: Round, *, contents: SummaryContents, numbers: OfNumbers, grants: Collection[int] | None = None
) -> list[SignalLine]:
    """The signals of every grant of a round, or of some, in the order of the board; `numbers` are of these."""
    set_ = limits.of(round_.programme)
    given = inputs.read(round_, contents=contents, numbers=numbers, grants=grants)
    return [
        SignalLine(
            grant=one.grant,
            kind=one.kind.value,
            place=one.place,
            name=one.name,
            cause=one.cause,
            facts=dict(one.facts),
        )
        for each in given
        for one in rules.of(each, limits=set_)
    ]
