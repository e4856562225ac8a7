"""Two revisions of a report beside each other, field by field."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minori.accounts.requests import RoomRequest
from minori.documents import comparison, paper
from minori.documents.paper import Paper
from minori.filings.models import Filing
from minori.filings.revisions import NoSuchRevisions, choices_of, two_of
from minori.filings.unreadable import contents_of
from minori.programmes import labels
from minori.programmes.models import Deadline
from tenants.reports import queries
from tenants.reports.sections import language_in_force
from tenants.reports.views.shared import help_contact


@require_safe
def compare(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Any handed-in revision with any other; without a choice the last two."""
    del organization
    one = queries.deadline_or_404(deadline)
    filings = queries.filings_of(one)
    try:
        older, newer = two_of(filings, older=request.GET.get("older", ""), newer=request.GET.get("newer", ""))
    except NoSuchRevisions as none:
        raise Http404 from none
    whole = [queries.filing_or_404(one, filing.revision) for filing in (older, newer)]
    context = {
        "deadline": one,
        "revisions": choices_of(filings),
        "older": older,
        "newer": newer,
        "compared": whole,
        "comparison": comparison.of(
            *(_paper_of(one, filing) for filing in whole), language=language_in_force()
        ),
        "help_contact": help_contact(one),
    }
    return render(request, "reports/compare.html", context)


def _paper_of(deadline: Deadline, filing: Filing) -> Paper:
    contents = contents_of(filing)
    distributor = deadline.grant.programme.distributor
    edition = labels.edition_of(distributor, contents.edition, contents.edition_version)
    return paper.of(contents, edition=edition, language=language_in_force())
