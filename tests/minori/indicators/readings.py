"""Short forms of readings, for phrases.txt and labels.tsv, and what a measure reads in the same form.

`ge 20 人 /y; sh 8 名 of10` are two amounts: kind, value (10-15 for a range), unit ("-" for none), what it is counted
over and what it is a share of. Kinds with a comma between them are equally right; `?` marks an amount beside the point
(in brackets, a factor), right if read and right if not. `=st,tx` is a text without an amount: a state, or words.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from minori.indicators.reading import Field

KINDS = {
    "ge": "at_least", "le": "at_most", "ab": "about", "ex": "exact", "rg": "range", "inc": "increase",
    "dec": "decrease", "sh": "share", "all": "all", "sc": "scale", "st": "state", "un": "undecided",
    "sm": "same", "no": "none", "tx": "text",
}  # fmt: skip
PER = {
    "/y": "year",
    "/m": "month",
    "/fy": "fiscal_year",
    "/o": "occurrence",
    "/org": "organization",
    "/t": "total",
}
FIELDS = {
    "target": Field.TARGET, "baseline": Field.BASELINE, "actual": Field.ACTUAL, "state": Field.STATE,
    "mid_state": Field.STATE, "post_state": Field.STATE,
}  # fmt: skip


@dataclass(frozen=True)
class Amount:
    kinds: frozenset[str]
    value: Decimal
    upper: Decimal | None
    of: Decimal | None
    unit: str
    per: str | None


@dataclass(frozen=True)
class Expected:
    words: frozenset[str]  # kinds of a text without an amount; empty where an amount is expected
    amounts: tuple[Amount, ...]
    beside: tuple[Amount, ...]


def parse(reading):
    words, amounts, beside = frozenset(), [], []
    if reading.startswith("="):
        head, *rest = reading[1:].split(" ?")
        words = frozenset(KINDS[kind] for kind in head.split(","))
        items = [f"?{item}" for item in rest]
    else:
        items = [item.strip() for item in reading.split(";")]
    for item in items:
        (beside if item.startswith("?") else amounts).append(_amount(item.lstrip("?")))
    return Expected(words, tuple(amounts), tuple(beside))


def _amount(item):
    kinds, numbers, *rest = item.split()
    value, _, upper = numbers.partition("-")
    unit, per, of = "", None, None
    for token in rest:
        if token in PER:
            per = PER[token]
        elif re.fullmatch(r"of\d+", token):
            of = Decimal(token[2:])
        else:
            unit = "" if token == "-" else token
    kinds = frozenset(KINDS[kind] for kind in kinds.split(","))
    return Amount(kinds, Decimal(value), Decimal(upper) if upper else None, of, unit, per)


def leaves(measure):
    """The amounts of a measure, flat, each with whether it is marked sure."""
    for part in measure.parts:
        yield from leaves(part)
    values = list(measure.years.values()) or ([] if measure.value is None else [measure.value])
    for value in values:
        per = measure.per.value if measure.per else None
        found = Amount(frozenset({measure.kind.value}), value, measure.upper, measure.of, measure.unit, per)
        yield found, measure.confidence.value == "sure"


def agrees(found, expected, *, closely):
    """Whether an amount says what is expected; `closely` also in its unit and what it is counted over."""
    same = found.kinds <= expected.kinds and (found.value, found.upper, found.of) == (
        expected.value,
        expected.upper,
        expected.of,
    )
    return same and (not closely or (found.unit, found.per) == (expected.unit, expected.per))
