"""A proposed correction as people read it: what goes and what comes."""

from django.utils.translation import get_language

from minori.filings.correction import Correction
from minori.report_forms.answers import Progress
from minori.report_forms.corrections import Aspect
from minori.report_forms.differences import Segment, SegmentKind, segments


def difference(correction: Correction) -> tuple[Segment, ...]:
    """The text in pieces that go, come or stay; a code goes as a whole and another comes. In the page's language."""
    if correction.aspect != Aspect.PROGRESS:
        return segments(correction.old, correction.new)
    gone = Segment(SegmentKind.DELETE, code_words(correction.old))
    come = Segment(SegmentKind.INSERT, code_words(correction.new))
    return gone, Segment(SegmentKind.EQUAL, " → "), come


def code_words(code: str) -> str:
    """A progress code with its words: "2 計画どおり進んでいる"."""
    return f"{code} {Progress(int(code)).label.say(get_language() or 'ja')}"
