"""What a plan and its reports say of one indicator: words, what a person confirmed them to mean, what they cover."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from minori.indicators.measures import Measure
from minori.indicators.quantities import Amount, amount_of
from minori.indicators.reasons import Reason, Role
from minori.indicators.results import Part


class Covers(StrEnum):
    """What span of time an actual tells of. Unknown: the words stay words."""

    PERIOD = "period"  # this reporting period
    FISCAL_YEAR = "fiscal_year"  # the fiscal year to date
    START = "start"  # since the start of the project
    DATE = "date"  # as things stand on a day
    UNKNOWN = "unknown"


class Reached(StrEnum):
    """How far a state in words is reached, as a person judged it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Standing(StrEnum):
    """What one round says of one indicator. Five different things everywhere, above all the first three."""

    NOTHING = "nothing"  # nothing to report, said so
    ZERO = "zero"
    NOT_REPORTED = "not_reported"
    WORDS = "words"  # no number that counts in them
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Said:
    """A text with what a person confirmed it to mean. Without a confirmed measure nothing of it counts."""

    text: str = ""
    measure: Measure | None = None
    confirmed_by: str = ""
    reference: str = ""
    corrected: str = ""  # why, where the number was corrected

    def amount(self) -> Amount | Reason:
        """The amount that counts, or why none does."""
        if self.measure is not None:
            return amount_of(self.measure)
        return Reason.NOT_CONFIRMED if self.text.strip() else Reason.NOT_REPORTED

    def part(self, role: Role, *, round_: int | None = None) -> Part:
        """This text as a part of a formula."""
        amount = self.amount()
        words = (self.text, self.confirmed_by, self.reference, round_, self.corrected)
        if isinstance(amount, Reason):
            return Part(role, None, "", None, *words)
        return Part(role, amount.value, amount.unit, amount.of, *words)


NOT_SAID = Said()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One round's statement about one indicator. `sequence` tells which of two in a round is newer.

    `on` is the day of `Covers.DATE`; the end of the period where none is given.
    """

    round: int
    starts_on: date
    ends_on: date
    said: Said = NOT_SAID
    covers: Covers = Covers.UNKNOWN
    on: date | None = None
    nothing: bool = False
    reached: Reached | None = None
    sequence: int = 0

    @property
    def day(self) -> date:
        """The day up to which it tells."""
        return self.on if self.covers is Covers.DATE and self.on else self.ends_on

    def amount(self) -> Amount | Reason:
        """The amount that counts, or why none does: unknown coverage is no amount."""
        if self.nothing:
            return Reason.NOTHING_TO_REPORT
        amount = self.said.amount()
        if isinstance(amount, Reason):
            return amount
        return Reason.COVERAGE_UNKNOWN if self.covers is Covers.UNKNOWN else amount

    @property
    def standing(self) -> Standing:
        """Nothing to report, zero, not reported, words or a number."""
        if self.nothing:
            return Standing.NOTHING
        amount = self.said.amount()
        if isinstance(amount, Amount):
            return Standing.NUMBER if amount.value or amount.change else Standing.ZERO
        said = self.said.text.strip() or self.said.measure is not None or self.reached is not None
        return Standing.WORDS if said else Standing.NOT_REPORTED


def by_round(statements: Iterable[Statement], *, up_to: int | None = None) -> tuple[Statement, ...]:
    """One statement a round, the newest of each, in the order of the rounds, whatever order they came in."""
    newest: dict[int, Statement] = {}
    for one in statements:
        if up_to is not None and one.round > up_to:
            continue
        known = newest.get(one.round)
        if known is None or _is_newer(one, known):
            newest[one.round] = one
    return tuple(newest[number] for number in sorted(newest))


def _is_newer(one: Statement, other: Statement) -> bool:
    if one.sequence != other.sequence:
        return one.sequence > other.sequence
    return repr(one) > repr(other)  # anything that does not depend on which came first
