"""One line of a plan with numbered texts: which number of the indicator goes with which of the target. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from minori.report_forms.marks import Piece, has_numbers, named, named_together, numbered
from minori.report_forms.texts import is_empty


class Fit(StrEnum):
    """How a text goes with the numbers of its line."""

    PAIRED = "paired"  # each number has its own part
    SHARED = "shared"  # one text without numbers stands beside several indicators
    JOINT = "joint"  # several numbers stand before one text
    COUNTS = "counts"  # other numbers, or more, or fewer


class Answer(StrEnum):
    """What a person says about a text that does not go with the numbers of its line."""

    EACH = "each"  # it holds for each of the indicators
    FIRST = "first"  # only for the first
    NUMBERED = "numbered"  # each number it names has its part, the others have none
    WHOLE = "whole"  # the line is one indicator, with all its texts as they stand


_OFTEN_SHARED = frozenset({"achieve_by", "means"})


def proposed(name: str, fit: Fit) -> Answer | None:
    """What is proposed, to be seen and changed by a person: nothing where counts differ, or one target has no numbers."""
    sure = fit is Fit.JOINT or (fit is Fit.SHARED and name in _OFTEN_SHARED)
    return Answer.EACH if sure else None


@dataclass(frozen=True)
class Pairing:
    """A line's texts by its numbers. `fits` and `pieces` are by the names of its texts; pieces in order of `marks`."""

    marks: tuple[str, ...]
    fits: Mapping[str, Fit]
    pieces: Mapping[str, tuple[str, ...]]
    by_number: Mapping[str, tuple[str, ...]]
    """Of texts that name only some of the numbers: their parts, "" for the numbers they leave out."""

    @property
    def unsure(self) -> dict[str, Fit]:
        """The texts that a person has to look at."""
        return {name: fit for name, fit in self.fits.items() if fit is not Fit.PAIRED}

    def texts(self, answers: Mapping[str, Answer]) -> tuple[dict[str, str], ...]:
        """The texts of each indicator, unanswered ones as proposed, else at the first."""
        found: list[dict[str, str]] = [{} for _mark in self.marks]
        for name, shared in self.pieces.items():
            answer = answers.get(name) or proposed(name, self.fits[name]) or Answer.FIRST
            if answer is Answer.NUMBERED and name in self.by_number:
                for place, piece in enumerate(self.by_number[name]):
                    found[place][name] = piece
                continue
            first_only = self.fits[name] is not Fit.PAIRED and answer is not Answer.EACH
            for place, piece in enumerate(shared):
                found[place][name] = "" if first_only and place else piece
        return tuple(found)


def pair(texts: Mapping[str, str], *, lead: str) -> Pairing | None:
    """The numbers of a line and how each text goes with them; None where none of the texts counts.

    The text named `lead` (the indicator) decides which numbers there are; where it does not count, the one with
    the most parts does, and the lead itself is then one that a person has to look at.
    """
    written = {name: text for name, text in texts.items() if not is_empty(text)}
    parts = {name: numbered(text) for name, text in written.items()}
    leading = parts.get(lead) or max(parts.values(), key=len, default=())
    if not leading:
        return None
    names = tuple(piece.name for piece in leading)
    fits: dict[str, Fit] = {}
    pieces: dict[str, tuple[str, ...]] = {}
    for name, text in written.items():
        fits[name], pieces[name] = _fit(text, parts[name], names)
    some = {name: _some(written[name], names) for name, fit in fits.items() if fit is Fit.COUNTS}
    by_number = {name: found for name, found in some.items() if found}
    return Pairing(tuple(piece.mark for piece in leading), fits, pieces, by_number)


def _some(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a text that names some of the line's numbers and no others, each once; else nothing."""
    parts = [(name, piece) for said, piece in named(text) for name in said]
    found = dict(parts)
    if not found or len(found) != len(parts) or not set(found) < set(names):
        return ()
    return tuple(found.get(name, "") for name in names)


def _fit(text: str, own: tuple[Piece, ...], names: tuple[str, ...]) -> tuple[Fit, tuple[str, ...]]:
    if own and tuple(piece.name for piece in own) == names:
        return Fit.PAIRED, tuple(piece.text for piece in own)
    together = named_together(text)
    if together and tuple(name for part, _text in together for name in part) == names:
        return Fit.JOINT, tuple(piece for part, piece in together for _name in part)
    return (Fit.COUNTS if has_numbers(text) else Fit.SHARED), tuple(text for _name in names)
