"""What a calculation gives: a value or the reason for none, each with its formula and the words behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from minori.indicators.reasons import Mark, Reason, Role, Rule


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a formula and where it comes from. `reference` is opaque here: a filing, an indicator.

    `value` is None for words that were looked at and hold no number that counts.
    """

    role: Role
    value: Fraction | None
    unit: str = ""
    of: Fraction | None = None
    text: str = ""
    confirmed_by: str = ""
    reference: str = ""
    round: int | None = None
    corrected: str = ""  # why, where it was corrected after a first confirmation


@dataclass(frozen=True, slots=True)
class Formula:
    """How a value came about: the definition used, it written with its numbers, and the parts it used."""

    rule: Rule
    expression: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """What stands behind the value, once each, in the order of the parts."""
        return tuple(dict.fromkeys(part.reference for part in self.parts if part.reference))


@dataclass(frozen=True, slots=True)
class Value:
    """An exact value. A ratio has no unit; a page shows it as a percentage, rounded once (`quantities.percent`)."""

    value: Fraction
    unit: str
    formula: Formula
    marks: frozenset[Mark] = frozenset()

    def marked(self, *marks: Mark) -> "Value":
        """The same value with more to be said beside it."""
        return replace(self, marks=self.marks | set(marks))


@dataclass(frozen=True, slots=True)
class NoValue:
    """No value, and why. `terms` are what the sentence needs (the units that differ)."""

    reason: Reason
    formula: Formula
    terms: tuple[str, ...] = ()


Outcome = Value | NoValue


def no_value(reason: Reason, *, rule: Rule, parts: Iterable[Part] = (), terms: Iterable[str] = ()) -> NoValue:
    """No value, still with the parts that were looked at: the reason explains itself too."""
    return NoValue(reason, Formula(rule, "", tuple(parts)), tuple(terms))
