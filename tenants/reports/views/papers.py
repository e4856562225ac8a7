"""Reports as PDF: what was handed in, and the draft to be read by a director on paper."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.requests import RoomRequest
from minori.documents import downloads
from minori.filings import files
from minori.filings.behalf import OnBehalf
from minori.ui import attachments
from tenants.reports import drafts, queries
from tenants.reports.sections import language_in_force
from tenants.reports.views.shared import address

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def filed(request: RoomRequest, organization: str, deadline: int, revision: int) -> HttpResponse:
    """One revision as handed in."""
    del organization
    one = queries.deadline_or_404(deadline)
    filing = queries.filing_or_404(one, revision)
    try:
        distributor = one.grant.programme.distributor
        return downloads.of_filing(filing, distributor=distributor, language=language_in_force())
    except files.Unavailable:
        return attachments.explain(request, damaged=False)


@require_safe
def original(request: RoomRequest, organization: str, deadline: int, revision: int) -> HttpResponseBase:
    """What the organization sent, as it arrived, where an officer filed it on its behalf."""
    del organization
    filing = queries.filing_or_404(queries.deadline_or_404(deadline), revision)
    sent = get_object_or_404(OnBehalf, filing=filing)
    return attachments.send(
        request, sent.organization_id, sent.original_sha256, filename=sent.original_name, content_type=XLSX
    )


@require_safe
def draft(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """The draft, marked as such on every page; a report that is not open has none, then its page is shown."""
    del organization
    one = queries.deadline_or_404(deadline)
    at = timezone.now()
    if not queries.standing(one, at=at).may_write:
        return redirect(address(request, "report", deadline=deadline))
    copy = drafts.read(one)
    try:
        return downloads.of_draft(
            copy.contents(),
            edition=copy.edition,
            organization_id=one.organization_id,
            language=language_in_force(),
            at=at.astimezone(one.grant.programme.distributor.zone),
        )
    except files.Unavailable:
        return attachments.explain(request, damaged=False)
