"""Addresses of the bytes of files, in drafts and in filings."""

from django.urls import reverse

from minori.accounts.requests import RoomRequest
from minori.filings.models import Filing
from minori.report_forms.contents import Attachment


def file_address(request: RoomRequest, attachment: Attachment) -> str:
    """A file of a draft."""
    return reverse(
        "evidence:file", kwargs={"organization": request.organization.slug, "file": attachment.uuid}
    )


def filed_address(request: RoomRequest, filing: Filing, attachment: Attachment) -> str:
    """A file as it was filed."""
    return reverse(
        "evidence:filed",
        kwargs={"organization": request.organization.slug, "filing": filing.pk, "file": attachment.uuid},
    )
