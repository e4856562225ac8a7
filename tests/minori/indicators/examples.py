"""Short ways to write down what a plan registers and what its rounds state: half-years from April 2025 on."""

from datetime import date
from decimal import Decimal
from typing import Any

from minori.indicators.measures import Kind, Measure, Per
from minori.indicators.statements import Covers, Said, Statement
from minori.indicators.targets import Plan

HALVES = (
    (date(2025, 4, 1), date(2025, 9, 30)),
    (date(2025, 10, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2027, 3, 31)),
    (date(2027, 4, 1), date(2027, 9, 30)),
    (date(2027, 10, 1), date(2028, 3, 31)),
)
STARTS_ON, ENDS_ON = HALVES[0][0], HALVES[-1][1]


def measure(value: Any = None, unit: str = "人", kind: Kind = Kind.EXACT, **fields: Any) -> Measure:
    """A measure of a plain number; `of`, `upper` and named years may be given as whole numbers too."""
    for name in ("of", "upper"):
        if fields.get(name) is not None:
            fields[name] = Decimal(str(fields[name]))
    fields["years"] = {year: Decimal(str(one)) for year, one in fields.get("years", {}).items()}
    number = None if value is None else Decimal(str(value))
    return Measure(fields.pop("text", f"{value}{unit}"), kind, value=number, unit=unit, **fields)


def said(value: Any = None, unit: str = "人", kind: Kind = Kind.EXACT, **fields: Any) -> Said:
    """A text with the measure somebody confirmed."""
    reference = fields.pop("reference", "")
    one = measure(value, unit, kind, **fields)
    return Said(one.text, one, "佐藤 花子", reference)


def share(numerator: Any, of: Any = None, unit: str = "人") -> Said:
    """n of N, or a bare percentage."""
    return said(numerator, "%" if of is None else unit, Kind.SHARE, of=of)


def unconfirmed(text: str) -> Said:
    """Words nobody confirmed."""
    return Said(text)


def statement(round_: int, value: Any = None, covers: Covers = Covers.START, **fields: Any) -> Statement:
    """What a round of half a year states: a number of people since the start, unless told otherwise."""
    starts_on, ends_on = HALVES[round_ - 1]
    own = {name: fields.pop(name) for name in ("on", "nothing", "reached", "sequence") if name in fields}
    if "said" in fields:
        words = fields["said"]
    elif value is None:
        words = Said()
    else:
        words = said(value, **{"reference": f"filing {round_}", **fields})
    return Statement(round=round_, starts_on=starts_on, ends_on=ends_on, said=words, covers=covers, **own)


def silent(round_: int) -> Statement:
    """A round in which nothing was reported."""
    return statement(round_)


def nothing(round_: int) -> Statement:
    """A round with nothing to report, said so."""
    return statement(round_, nothing=True)


def plan(target: Said | None = None, baseline: Said | None = None, **fields: Any) -> Plan:
    """A registered indicator of a project from April 2025 to March 2028."""
    given = {"target": target or Said(), "baseline": baseline or Said()}
    return Plan(**(given | {"starts_on": STARTS_ON, "ends_on": ENDS_ON} | fields))


def target(
    value: Any, unit: str = "人", per: Per | None = None, kind: Kind = Kind.AT_LEAST, **fields: Any
) -> Said:
    """A registered target: at least so many."""
    return said(value, unit, kind, per=per, reference="target", **fields)
