"""A shown draft (下書き相談) as both sides read it: the paper, and what was said at its places."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from minori.documents import paper
from minori.documents.attached import PhotoUrl
from minori.documents.paper import Paper
from minori.documents.places import places_of
from minori.filings.models import Consultation, ConsultationRemark
from minori.programmes import labels
from minori.report_forms.contents import Contents


@dataclass(frozen=True, kw_only=True)
class Page:
    """`remarks` come with the name of their place; `choices` are the places to speak about, first the whole."""

    consultation: Consultation
    paper: Paper
    remarks: tuple[tuple[ConsultationRemark, str], ...]
    choices: tuple[tuple[str, str], ...]

    def knows(self, anchor: str) -> bool:
        """Whether somebody can speak about this place."""
        return anchor in dict(self.choices)


def page_of(consultation: Consultation, *, language: str, file_url: PhotoUrl | None = None) -> Page:
    """The page of a shown draft in the form's words of a language; two queries at most.

    `file_url` gives the address of one of its files; without it, and once it is no longer shown, files are named only.
    """
    contents = Contents.from_json(consultation.contents)
    url = file_url if consultation.withdrawn_at is None else None
    distributor = consultation.deadline.grant.programme.distributor
    edition = labels.edition_of(distributor, contents.edition, contents.edition_version)
    shown = paper.of(contents, edition=edition, language=language, draft=True, photo_url=url)
    places = (("", _("The whole report")), *places_of(shown))
    names = dict(places)
    return Page(
        consultation=consultation,
        paper=shown,
        remarks=tuple((one, names.get(one.anchor, "")) for one in consultation.remarks.order_by("at", "pk")),
        choices=places,
    )
