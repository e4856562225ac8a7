"""The bytes of files, for the people of the organization and for nobody else."""

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from minori.accounts.requests import RoomRequest
from minori.filings.models import FiledAttachment
from minori.ui.attachments import send
from tenants.evidence.models import AttachedFile


@require_safe
def file(request: RoomRequest, organization: str, file: UUID) -> HttpResponseBase:
    """A file of a draft."""
    del organization
    return _send(request, get_object_or_404(AttachedFile, uuid=file))


@require_safe
def filed(request: RoomRequest, organization: str, filing: int, file: UUID) -> HttpResponseBase:
    """A file as it was filed: it stays when the draft's is taken away."""
    del organization
    own = FiledAttachment.objects.filter(organization_id=request.organization.pk)
    return _send(request, get_object_or_404(own, filing_id=filing, uuid=file))


def _send(request: RoomRequest, found: AttachedFile | FiledAttachment) -> HttpResponseBase:
    return send(
        request,
        request.organization.pk,
        found.sha256,
        filename=found.filename,
        content_type=found.content_type,
    )
