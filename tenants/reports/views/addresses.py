"""Addresses of the bytes of photos, in drafts and in filings."""

from django.urls import reverse

from minori.accounts.requests import RoomRequest
from minori.filings.models import Filing
from minori.report_forms.contents import Attachment


def photo_address(request: RoomRequest, attachment: Attachment) -> str:
    """A photo of a draft."""
    return reverse(
        "evidence:photo", kwargs={"organization": request.organization.slug, "photo": attachment.uuid}
    )


def filed_address(request: RoomRequest, filing: Filing, attachment: Attachment) -> str:
    """A photo as it was filed."""
    return reverse(
        "evidence:filed",
        kwargs={"organization": request.organization.slug, "filing": filing.pk, "photo": attachment.uuid},
    )
