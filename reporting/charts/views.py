"""A chart as an SVG of its own, which pages take in: no script in it, drawn again only when its numbers changed."""

import hashlib

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from reporting.access import desk_only, programme_or_404
from reporting.charts import drawing, queries, series
from reporting.charts.places import Places
from reporting.summaries.models import Summary


@require_safe
@desk_only
def svg(request: DeskRequest, code: str, number: int, name: str) -> HttpResponse:
    """One chart of a round in the reader's language; 304 while it shows the same."""
    programme = programme_or_404(request, code)
    if name not in series.NAMES:
        raise Http404
    today = programme.distributor.local_date(timezone.now())
    round_ = get_object_or_404(programme.rounds, number=number)
    if name in series.OF_NUMBERS:
        charts = queries.of_numbers(programme, round_)
    else:
        rounds = queries.rounds(programme, until=number)
        charts = series.of_round(rounds, [], {}, number=number, today=today)
    compiled = Summary.objects.filter(round=round_, as_of__isnull=False).exists()
    chart = next((one for one in series.with_something(*charts) if one.name == name), None)
    if chart is None or not compiled:
        raise Http404
    mark = f'"{hashlib.blake2b(f"{drawing.LOOK} {chart!r}".encode(), digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == mark:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(drawing.svg(chart, Places(code, number)), content_type="image/svg+xml")
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
