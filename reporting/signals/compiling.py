"""A round's signals, as they are stored beside its summary: from the same snapshot, so no page mixes two states."""

from typing import TypedDict

from minori.programmes.models import Round
from reporting.signals import inputs, limits, rules
from reporting.signals.rules import Fact
from reporting.summaries.number_inputs import Inputs
from reporting.summaries.numbers_shape import NumbersContents
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
    round_: Round, *, contents: SummaryContents, inputs_: Inputs, numbers: NumbersContents
) -> list[SignalLine]:
    """The signals of every grant of a round, in the order of the board."""
    set_ = limits.of(round_.programme)
    given = inputs.read(round_, contents=contents, inputs=inputs_, numbers=numbers)
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
