"""What can be noticed while a workbook is read, and where it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Tell(StrEnum):
    """What a person should know about how a cell was read; `telling` has the sentences."""

    NOT_A_CHOICE = "not_a_choice"
    CHOICE_PROPOSED = "choice_proposed"
    NOTHING_PROPOSED = "nothing_proposed"
    FORMULA = "formula"
    FORMULA_FAILED = "formula_failed"
    FORMAT = "format"
    CUT_OFF = "cut_off"
    MERGED = "merged"
    ROW_MISSING = "row_missing"
    QUESTION_MISSING = "question_missing"
    SHEET_MISSING = "sheet_missing"
    ROW_TWICE = "row_twice"
    ROW_UNKNOWN = "row_unknown"
    SORTED = "sorted"
    PLAN_CHANGED = "plan_changed"
    NOT_ASKED = "not_asked"
    CLOSED = "closed"
    COVERS_UNKNOWN = "covers_unknown"


BLOCKING = frozenset(
    {
        Tell.NOT_A_CHOICE,
        Tell.CHOICE_PROPOSED,
        Tell.FORMULA_FAILED,
        Tell.ROW_TWICE,
        Tell.COVERS_UNKNOWN,
    }
)
"""Nobody can say what was meant: the officer decides at the place before it can be filed."""

PROPOSING = frozenset({Tell.CHOICE_PROPOSED, Tell.NOTHING_PROPOSED})
"""What was seemingly meant is proposed (`Read.proposed`): the officer takes it, or decides otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cell by its sheet and address ("2 実績!F7"); the sheet alone where it is about a whole sheet."""

    sheet: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}" if self.address else self.sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing to know. `anchor` is a field's key or a row's UUID, "" for the whole; `found` what stands there.

    `meant` is what is proposed instead, in words.
    """

    tell: Tell
    anchor: str
    place: Place
    found: str = ""
    meant: str = ""
