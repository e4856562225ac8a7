"""Papers to take along: a filing or a draft as a PDF with a name that people can find again."""

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from minori.documents.pdf import pdf_of
from minori.filings import files
from minori.filings.approvals import approved_revision
from minori.filings.models import Filing
from minori.filings.unreadable import contents_of, reading
from minori.programmes import labels
from minori.programmes.models import Distributor
from minori.report_forms.contents import Attachment, Contents
from minori.report_forms.edition import Edition

LONGEST_PART = 60
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')


def of_filing(filing: Filing, *, distributor: Distributor, language: str) -> HttpResponse:
    """One revision as handed in, in the form that it says it was written on, with the labels of its distributor.

    Reads its photos. Raises `Unreadable`.
    """
    contents = contents_of(filing)
    photos = photos_of(filing.organization_id, contents.attachments)
    approved = approved_revision(filing)
    with reading(filing):
        pdf = pdf_of(
            contents,
            edition=labels.edition_of(distributor, contents.edition, contents.edition_version),
            language=language,
            photos=photos,
            filed_hash=filing.hash,
            approved_revision=approved,
        )
    with translation.override(language):
        last = _("revision-%(revision)s") % {"revision": filing.revision}
    return _response(pdf, contents, last)


def of_draft(
    contents: Contents, *, edition: Edition, organization_id: int, language: str, at: datetime
) -> HttpResponse:
    """A draft as it stands `at` this (local) time; every page is marked. Reads its photos."""
    pdf = pdf_of(
        contents,
        edition=edition,
        language=language,
        photos=photos_of(organization_id, contents.attachments),
        printed_at=at,
    )
    with translation.override(language):
        last = _("draft")
    return _response(pdf, contents, last)


def photos_of(organization_id: int, attachments: Iterable[Attachment]) -> dict[UUID, bytes]:
    """The bytes of the photos by uuid, without those that are gone or damaged.

    Raises `files.Unavailable` where the store is away.
    """
    found: dict[UUID, bytes] = {}
    for one in attachments:
        if not one.content_type.startswith("image/"):
            continue
        try:
            with files.open_(organization_id, one.sha256) as file:
                found[one.uuid] = file.read()
        except (FileNotFoundError, ValueError, files.Damaged):
            continue
    return found


def name_of(*parts: str) -> str:
    """A file's name of these parts, without signs that some system forbids: 事業名_報告名_第2版.pdf."""
    clean = (_NOT_IN_NAMES.sub(" ", part).strip(" .")[:LONGEST_PART].strip(" .") for part in parts)
    return "_".join(filter(None, clean)) + ".pdf"


def _response(pdf: bytes, contents: Contents, last: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    name = name_of(contents.head.project_title, contents.head.round_title, last)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
