"""Taking along what a page shows."""

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from minori.programmes.models import Round
from reporting.access import desk_only, programme_or_404
from reporting.exports import workbook as workbooks
from reporting.portfolio import queries
from reporting.summaries.models import Summary

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@desk_only
def workbook(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The compiled summary of a round as a workbook: board, map, texts, totals, as of when it was compiled."""
    programme = programme_or_404(request, code)
    round_ = Round.objects.filter(programme=programme, number=number).first()
    summary = Summary.objects.filter(round=round_).exclude(contents=None).first()
    if round_ is None or summary is None or summary.contents is None or summary.as_of is None:
        raise Http404
    today = programme.distributor.local_date(timezone.now())
    data = workbooks.write(
        summary.contents,
        programme=programme,
        as_of=summary.as_of,
        today=today,
        language=request.LANGUAGE_CODE,
        numbers=next((one for one in queries.numbers(programme) if one.number == number), None),
    )
    response = HttpResponse(data, content_type=XLSX)
    name = quote(f"{programme.title}_{round_.title}_{today:%Y%m%d}.xlsx")
    response["Content-Disposition"] = (
        f"attachment; filename=\"{code}-{number}.xlsx\"; filename*=UTF-8''{name}"
    )
    return response
