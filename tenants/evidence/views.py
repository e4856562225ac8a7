"""The bytes of files, for the people of the organization and for nobody else."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from minori.accounts.requests import RoomRequest
from minori.filings import consulting
from minori.filings.models import Consultation, FiledAttachment
from minori.report_forms.contents import Attachment
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


@require_safe
def shown(
    request: RoomRequest, organization: str, deadline: int, number: int, file: UUID
) -> HttpResponseBase:
    """A file of a draft as it was shown to consult: it stays while the draft is shown."""
    del organization
    own = Consultation.objects.filter(organization_id=request.organization.pk)
    found = consulting.file_of(get_object_or_404(own, deadline_id=deadline, number=number), file)
    if found is None:
        raise Http404
    return _send(request, found)


def _send(request: RoomRequest, found: AttachedFile | FiledAttachment | Attachment) -> HttpResponseBase:
    return send(
        request,
        request.organization.pk,
        found.sha256,
        filename=found.filename,
        content_type=found.content_type,
    )
