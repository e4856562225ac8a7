"""Proposed corrections as both sides read them: the place by its name, and what goes and comes in its text."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from minori.documents import places
from minori.documents.paper import Paper
from minori.filings.models import Correction
from minori.report_forms.corrections import Aspect
from minori.report_forms.differences import Segment, segments


@dataclass(frozen=True)
class Shown:
    """One correction: the name of its place, and its text in pieces that go, come or stay."""

    correction: Correction
    name: str
    pieces: tuple[Segment, ...]


def shown(corrections: Iterable[Correction], paper: Paper) -> list[Shown]:
    """The corrections with their places named as this paper names them, in the order they were proposed."""
    names = dict(places.places_of(paper))
    return [
        Shown(one, name_of(names.get(one.anchor, ""), Aspect(one.aspect)), segments(one.old, one.new))
        for one in corrections
    ]


def name_of(place: str, aspect: Aspect) -> str:
    """What a text is called: its place, and that it is the remark at the place's code where it is."""
    return _("%(place)s (reason or remark)") % {"place": place} if aspect is Aspect.REMARK else place
