"""The bytes of files, for the people of the organization and for nobody else."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from minori.accounts.requests import RoomRequest
from minori.filings.enums import Came
from minori.filings.models import FiledAttachment
from minori.ui.attachments import send
from tenants.evidence.models import AttachedFile


@require_safe
def file(request: RoomRequest, organization: str, file: UUID) -> HttpResponseBase:
    """A file of a draft; of what an officer filed on behalf, until the draft goes on from it."""
    del organization
    own: AttachedFile | FiledAttachment | None = AttachedFile.objects.filter(uuid=file).first()
    if own is None:
        filed = FiledAttachment.objects.filter(organization_id=request.organization.pk, uuid=file)
        own = filed.filter(filing__came=Came.BEHALF).order_by("-pk").first()
    if own is None:
        raise Http404
    return _send(request, own)


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
