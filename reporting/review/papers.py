"""Reports as PDF for the desk."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from minori.documents import downloads
from minori.filings import files
from minori.ui import attachments
from reporting.access import deadline_or_404, desk_only
from reporting.review import page, queries


@require_safe
@desk_only
def filed(request: DeskRequest, deadline: int, revision: int) -> HttpResponse:
    """One revision as handed in; one that nobody has begun to read is reached by beginning, as on the page."""
    found = deadline_or_404(request, deadline)
    shown = page.revisions(found, asked=revision)
    if shown is None or shown.shown is None:
        raise Http404
    may_decide = request.desk.may_decide(found.grant.programme.distributor_id)
    if may_decide and page.is_unread(found, shown):
        return redirect("review:deadline", deadline=found.pk)
    filing = queries.filing_with_contents(shown.shown)
    try:
        distributor = found.grant.programme.distributor
        return downloads.of_filing(filing, distributor=distributor, language=get_language() or "ja")
    except files.Unavailable:
        return attachments.explain(request, damaged=False)
