"""Measures as JSON for keeping: with the number of the format, decimals as strings, nothing lost."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from minori.indicators.measures import Confidence, Kind, Measure, Per, Step

FORMAT = 1


class UnreadableMeasure(ValueError):  # noqa: N818 - what it is, not what went wrong
    """Stored JSON that is no measure of a known format."""


def to_json(measure: Measure) -> dict[str, Any]:
    """A measure with its format number. `from_json` gives back an equal one."""
    return {"format": FORMAT, **_plain(measure)}


def from_json(stored: Mapping[str, Any]) -> Measure:
    """A stored measure; raises `UnreadableMeasure` for anything else."""
    if stored.get("format") != FORMAT:
        message = f"no measure of format {FORMAT}"
        raise UnreadableMeasure(message)
    try:
        return _measure(stored)
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        message = "no measure"
        raise UnreadableMeasure(message) from error


def readable(stored: Mapping[str, Any] | None) -> Measure | None:
    """A stored measure; None for anything else, which counts as if nobody had confirmed it (`minori verify` names it)."""
    try:
        return None if stored is None else from_json(stored)
    except UnreadableMeasure:
        return None


def _plain(measure: Measure) -> dict[str, Any]:
    return {
        "text": measure.text,
        "kind": measure.kind.value,
        "value": _digits(measure.value),
        "upper": _digits(measure.upper),
        "unit": measure.unit,
        "per": measure.per.value if measure.per else None,
        "of": _digits(measure.of),
        "years": {year: str(value) for year, value in measure.years.items()},
        "step": measure.step.value if measure.step else None,
        "parts": [_plain(part) for part in measure.parts],
        "confidence": measure.confidence.value,
        "span": list(measure.span) if measure.span else None,
        "unread": list(measure.unread),
    } | ({"lower_is_better": True} if measure.lower_is_better else {})


def _digits(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _measure(stored: Mapping[str, Any]) -> Measure:
    span = stored["span"]
    return Measure(
        text=stored["text"],
        kind=Kind(stored["kind"]),
        value=_number(stored["value"]),
        upper=_number(stored["upper"]),
        unit=stored["unit"],
        per=None if stored["per"] is None else Per(stored["per"]),
        of=_number(stored["of"]),
        years=MappingProxyType({year: Decimal(value) for year, value in stored["years"].items()}),
        step=None if stored["step"] is None else Step(stored["step"]),
        parts=tuple(_measure(part) for part in stored["parts"]),
        confidence=Confidence(stored["confidence"]),
        span=None if span is None else (span[0], span[1]),
        unread=tuple(stored["unread"]),
        lower_is_better=stored.get("lower_is_better") is True,
    )


def _number(digits: str | None) -> Decimal | None:
    return None if digits is None else Decimal(digits)
