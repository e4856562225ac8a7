"""The bytes of photos, for the people of the organization and for nobody else."""

from pathlib import PurePath
from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from minori.accounts.requests import RoomRequest
from minori.filings import files
from minori.filings.models import FiledAttachment
from tenants.evidence.models import Photo


@require_safe
def photo(request: RoomRequest, organization: str, photo: UUID) -> FileResponse:
    """A photo of a draft."""
    del organization
    found = get_object_or_404(Photo, uuid=photo)
    return _send(request, found.sha256, found.filename, found.content_type)


@require_safe
def filed(request: RoomRequest, organization: str, filing: int, photo: UUID) -> FileResponse:
    """A photo as it was filed: it stays when the draft's is taken away."""
    del organization
    own = FiledAttachment.objects.filter(organization_id=request.organization.pk)
    found = get_object_or_404(own, filing_id=filing, uuid=photo)
    return _send(request, found.sha256, found.filename, found.content_type)


def _send(request: RoomRequest, sha256: str, filename: str, content_type: str) -> FileResponse:
    try:
        data = files.open_(request.organization.pk, sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    return files.response(
        data, filename=PurePath(filename).stem + ".jpg", content_type=content_type, sha256=sha256
    )
