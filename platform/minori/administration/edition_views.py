"""The installed form editions, for administrators."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from minori.accounts.requests import PersonRequest
from minori.administration.access import administrators_only
from minori.documents import specimen
from minori.report_forms import editions


@require_safe
@administrators_only
def index(request: PersonRequest) -> HttpResponse:
    """All editions: what they ask, whether they are in use, and what is wrong with files that cannot be used."""
    files = specimen.installed(language=get_language() or "ja")
    return render(request, "administration/editions.html", {"files": files})


@require_safe
@administrators_only
def edition(request: PersonRequest, key: str, version: int) -> HttpResponse:
    """One edition as a form, or as paper."""
    try:
        shown = editions.load(key, version)
    except (KeyError, editions.EditionError):
        raise Http404 from None
    context = specimen.page_of(shown, language=get_language() or "ja", as_paper="paper" in request.GET)
    return render(request, "administration/edition.html", context)
