"""Readings as JSON, in the schema of docs/measures.md: amounts are decimal strings, days are ISO dates."""

from collections.abc import Mapping
from decimal import Decimal

from minori.indicators.measures import Measure
from minori.indicators.whens import When


def amount(value: Decimal | None) -> str | None:
    """An amount in plain digits: "500000", "0.5", never "5E+5" or "1.50"."""
    if value is None:
        return None
    plain = format(value, "f")
    return (plain.rstrip("0").rstrip(".") or "0") if "." in plain else plain


def of_measure(measure: Measure) -> Mapping[str, object]:
    """A measure with the names of docs/measures.md."""
    return {
        "text": measure.text,
        "kind": measure.kind.value,
        "value": amount(measure.value),
        "upper": amount(measure.upper),
        "unit": measure.unit,
        "per": measure.per.value if measure.per else None,
        "of": amount(measure.of),
        "years": {year: amount(value) for year, value in measure.years.items()},
        "step": measure.step.value if measure.step else None,
        "parts": [dict(of_measure(part)) for part in measure.parts],
        "confidence": measure.confidence.value,
        "span": list(measure.span) if measure.span else None,
        "unread": list(measure.unread),
    }


def of_when(when: When) -> Mapping[str, object]:
    """An achieve-by phrase with the names of docs/measures.md."""
    return {
        "text": when.text,
        "kind": when.kind.value,
        "from": when.first.isoformat() if when.first else None,
        "to": when.last.isoformat() if when.last else None,
        "list": [dict(of_when(one)) for one in when.several],
    }
