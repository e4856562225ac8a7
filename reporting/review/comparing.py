"""Two answers to the same question, side by side: what went, what came, what stayed."""

from minori.documents.results import ResultRow
from minori.documents.said import Said
from minori.report_forms.differences import Segment, SegmentKind, segments


def chosen(said: Said) -> tuple[object, ...]:
    """What was chosen, ticked or said, without its text."""
    return said.words, said.ticks, said.nothing


def same_text(before: Said | ResultRow | None, now: Said | ResultRow) -> bool:
    """Whether the text is that of the previous round, letter by letter (white space around it does not count).

    Derived from the two papers wherever it is shown, never stored: it cannot be wrong after one letter changes.
    """
    return before is not None and bool(now.text.strip()) and before.text.strip() == now.text.strip()


def pieces(old: str | None, new: str) -> tuple[Segment, ...]:
    """The text in pieces that came, went or stayed; all of it stayed where there is nothing to compare with."""
    if old is None or old == new:
        return (Segment(SegmentKind.EQUAL, new),) if new else ()
    return segments(old, new)
