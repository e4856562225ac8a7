"""The officer's programme pages."""

from contextlib import nullcontext
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from minori.mail import asking
from minori.programmes.enums import Standing
from minori.programmes.models import Programme, Round
from minori.ui import addresses
from reporting import paging
from reporting.access import desk_only, funding_programmes, programme_or_404
from reporting.charts import queries as chart_queries
from reporting.charts import series
from reporting.portfolio import cell_words, queries, round_page, totals
from reporting.reminding.queries import of_nobody
from reporting.summaries.compiling import snapshot

SHOWN_STATES = (
    Standing.OVERDUE,
    Standing.RETURNED,
    Standing.HANDED_IN,
    Standing.OPEN,
    Standing.ACCEPTED,
    Standing.WAIVED,
)


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    """The programmes of the person's own distributors."""
    found = list(queries.overview(funding_programmes(request), today=timezone.localdate()))
    if found and len(request.desk.distributor_ids) == 1:
        vars(request)["distributor"] = found[0].distributor
    context = {"programmes": found, "asked": asking.how_many_wait(found) if found else 0}
    return render(request, "portfolio/index.html", context)


@require_safe
@desk_only
def programme(request: DeskRequest, code: str) -> HttpResponse:
    """Board and progress map of a programme, with filters in the address."""
    shown = programme_or_404(request, code)
    today = shown.distributor.local_date(timezone.now())
    rounds = queries.rounds_with_deadlines(shown)
    round_ = queries.shown_round(rounds, asked=addresses.number(request.GET.get("round")), today=today)
    context: dict[str, Any] = {
        "programme": shown,
        "today": today,
        "round_choices": [(one.number, one.title) for one in rounds],
        "round": round_,
        "may_decide": request.desk.may_decide(shown.distributor_id),
        "of_nobody": of_nobody([shown], at=timezone.now()),
    }
    if round_ is not None:
        # the page is one statement; with its charts it is several, of one state
        with snapshot() if paging.CHARTS in request.GET else nullcontext():
            context |= _of_round(request, shown, round_, today)
    return render(request, "portfolio/programme.html", context)


@require_safe
@desk_only
def freshness(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """A part of the programme page: "as of", or that it is being compiled; asked again by the page until fresh."""
    shown, round_ = _round_or_404(request, code, number)
    head = round_page.head(shown, round_)
    context = {"programme": shown, "round": round_, "compiled": head, "now": timezone.now()}
    response = render(request, "portfolio/freshness.html", context)
    if not head.stale:
        response["HX-Refresh"] = "true"  # the page was waiting for this: show the new figures
    return response


@require_safe
@desk_only
def charts(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The charts of a round: a part of the programme page, fetched when it comes into sight, or a page of its own."""
    shown, round_ = _round_or_404(request, code, number)
    context = {"programme": shown, "round": round_, **_charts(shown, round_)}
    part = bool(request.htmx)
    return render(request, "portfolio/charts_part.html" if part else "portfolio/charts.html", context)


@require_safe
@desk_only
def cell(request: DeskRequest, code: str, number: int, grant: str, row: UUID) -> HttpResponse:
    """The words behind a cell of the map: a part that opens below its strip, or a page of its own."""
    shown, round_ = _round_or_404(request, code, number)
    found = cell_words.of(round_, grant=grant, row=row)
    if found is None:
        raise Http404
    part = bool(request.htmx)
    context = {"programme": shown, "round": round_, "found": found, "part": part}
    return render(request, "portfolio/cell.html" if part else "portfolio/cell_page.html", context)


def _charts(shown: Programme, round_: Round) -> dict[str, Any]:
    today = shown.distributor.local_date(timezone.now())
    rounds = chart_queries.rounds(shown, until=round_.number)
    found = series.of_round(rounds, [], {}, number=round_.number, today=today)
    return {"charts": found, "round_number": round_.number}


def _round_or_404(request: DeskRequest, code: str, number: int) -> tuple[Programme, Round]:
    shown = programme_or_404(request, code)
    rounds = queries.rounds_with_deadlines(shown)
    round_ = next((one for one in rounds if one.number == number), None)
    if round_ is None:
        raise Http404
    return shown, round_


def _of_round(request: DeskRequest, shown: Programme, round_: Round, today: date) -> dict[str, Any]:
    filters = round_page.asked(request.GET)
    found = round_page.shown(shown, round_, filters=filters, today=today, query=request.GET)
    if found is None:
        return {"compiled": round_page.head(shown, round_), "now": timezone.now()}
    head = found.head
    reasons = {one["grant"]: one["reason"] for one in head.unreadable}
    return {
        "compiled": head,
        "now": timezone.now(),
        "summary": head.brief,
        "columns": head.columns,
        "board_page": found.board,
        "map_page": found.map,
        "tiles": totals.of_counts(found.standings, found.longest_overdue, head.totals),
        "signal_count": found.signals,
        "signal_grants": found.signal_grants,
        "unreadable": [
            totals.Unreadable(one.name, one.deadline, reasons[grant])
            for grant, one in found.named.items()
            if grant in reasons
        ],
        "outlook": totals.outlook_of(
            head.outlook,
            head.brief["round"],
            {grant: one.name for grant, one in found.named.items()},
            distributor=shown.distributor,
            language=request.LANGUAGE_CODE,
        ),
        "filters": filters,
        "filtered": filters.any,
        "officers": found.officers,
        "states": SHOWN_STATES,
        "with_charts": paging.with_charts(request.GET),
        **(_charts(shown, round_) if paging.CHARTS in request.GET else {}),
    }
