"""What a proposed correction changes, for pages of both sides."""

from django import template

from minori.documents.corrections import difference
from minori.filings.correction import Correction
from minori.report_forms.differences import Segment

register = template.Library()


@register.filter
def pieces_of(correction: Correction) -> tuple[Segment, ...]:
    """The pieces that go, come and stay."""
    return difference(correction)
