"""Stored numbers as the calculation knows them, so that pages say both in the same words."""

from fractions import Fraction

from minori.indicators.reasons import Mark, Reason, Role, Rule
from minori.indicators.results import Formula, NoValue, Outcome, Part, Value
from reporting.summaries.numbers_shape import OutcomeFacts, PartFacts


def outcome(facts: OutcomeFacts) -> Outcome:
    """The value or the reason for none, with its formula; references of parts name the deadline of the filing."""
    formula = Formula(Rule(facts["rule"]), facts["expression"], tuple(part(one) for one in facts["parts"]))
    if facts["value"] is None:
        return NoValue(Reason(facts["reason"]), formula, tuple(facts["terms"]))
    marks = frozenset(Mark(one) for one in facts["marks"])
    return Value(Fraction(facts["value"]), facts["unit"], formula, marks)


def part(facts: PartFacts) -> Part:
    """One number of a formula."""
    return Part(
        Role(facts["role"]),
        fraction(facts["value"]),
        facts["unit"],
        fraction(facts["of"]),
        facts["text"],
        facts["by"],
        "" if facts["deadline"] is None else f"deadline:{facts['deadline']}",
        facts["round"],
        facts.get("corrected", ""),
    )


def fraction(digits: str | None) -> Fraction | None:
    """An exact number, None for none."""
    return None if digits is None else Fraction(digits)
