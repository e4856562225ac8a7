"""Two revisions of a report beside each other, field by field, for the desk."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from minori.documents import comparison
from minori.filings.revisions import NoSuchRevisions, choices_of, two_of
from reporting.access import deadline_or_404, desk_only
from reporting.review import page, queries


@require_safe
@desk_only
def compare(request: DeskRequest, deadline: int) -> HttpResponse:
    """Any revision with any other; without a choice the last two."""
    found = deadline_or_404(request, deadline)
    filings = queries.revisions(found)
    try:
        older, newer = two_of(filings, older=request.GET.get("older", ""), newer=request.GET.get("newer", ""))
    except NoSuchRevisions as none:
        raise Http404 from none
    sheets = [page.sheet(found, filing) for filing in (older, newer)]
    context = {
        "deadline": found,
        "revisions": choices_of(filings),
        "older": older,
        "newer": newer,
        "compared": [sheet.filing for sheet in sheets],
        "comparison": comparison.of(*(sheet.paper for sheet in sheets), language=get_language() or "ja"),
    }
    return render(request, "review/compare.html", context)
