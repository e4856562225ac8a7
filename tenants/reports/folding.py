"""Which rows of a long results section stand open, and where to go on: ten rows fit a phone, sixty can be found in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from minori.report_forms.answers import RowAnswer
from minori.report_forms.completeness import SectionState

READING_LENGTH = 60
MANY = 12
"""From more rows than this on, rows that nobody has touched are folded too."""


class Foldable(Protocol):
    """What folding asks of a row."""

    @property
    def key(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def wants_eyes(self) -> bool: ...

    @property
    def is_finished(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Place:
    """How a row stands on the page: folded or open, and the next row that is not filled in ("" where none follows)."""

    folded: bool
    next_key: str


OPEN = Place(folded=False, next_key="")


def places_of(rows: Sequence[Foldable]) -> list[Place]:
    """The places of all rows, in their order.

    Finished rows are folded. So are untouched ones of a long list, but the first row that is still to be filled
    in. A row with a comment, a conflict, an error or something unsaved stands open.
    """
    unfinished = [place for place, row in enumerate(rows) if not row.is_finished]
    first = unfinished[0] if unfinished else None
    following = {place: _after(place, unfinished) for place in range(len(rows))}
    return [
        Place(
            folded=not row.wants_eyes and _is_quiet(row.state, many=len(rows) > MANY) and place != first,
            next_key="" if (there := following[place]) is None else rows[there].key,
        )
        for place, row in enumerate(rows)
    ]


def first_unfinished(rows: Sequence[Foldable]) -> str:
    """The key of the first row that is not filled in, "" where all are."""
    return next((row.key for row in rows if not row.is_finished), "")


def _is_quiet(state: str, *, many: bool) -> bool:
    return state == SectionState.DONE or (many and state == SectionState.UNTOUCHED)


def _after(place: int, unfinished: Sequence[int]) -> int | None:
    return next((other for other in unfinished if other > place), None)


def reading_of(text: str) -> str:
    """A text in one line, for a folded row."""
    line = " ".join(text.split())
    return line if len(line) <= READING_LENGTH else f"{line[:READING_LENGTH]}…"


def mark_of(before: RowAnswer | None) -> str:
    """The mark of a previous answer: its code, else "nothing" to report, else a blank."""
    if before is not None and before.progress:
        return str(before.progress.value)
    return "nothing" if before is not None and before.nothing else "blank"
