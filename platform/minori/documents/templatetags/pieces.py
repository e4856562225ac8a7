"""How the pieces of a text that changed are shown."""

from collections.abc import Sequence

from django import template

from minori.report_forms.differences import Segment, SegmentKind

register = template.Library()
LONG = 24
"""Letters beyond which a text that was written anew is shown before and after instead of struck through."""


@register.filter
def rewritten(pieces: Sequence[Segment]) -> bool:
    """Whether nothing stayed of a text of some length: before and after are shown side by side."""
    kinds = [piece.kind for piece in pieces]
    return kinds == [SegmentKind.DELETE, SegmentKind.INSERT] and max(len(one.text) for one in pieces) > LONG
