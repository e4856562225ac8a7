"""A programme's figures: achievement and pace of everything confirmed, and its common indicators over the rounds."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from minori.programmes.models import Programme, Round
from minori.ui import addresses
from reporting import paging
from reporting.access import desk_only, programme_or_404
from reporting.charts import queries as chart_queries
from reporting.charts import series
from reporting.common import queries as common_queries
from reporting.portfolio import figure_lines, figures_page, queries
from reporting.summaries.compiling import snapshot

FEW = 30
"""So many organizations can be chosen from a list; of more one is found by its name."""


@require_safe
@desk_only
def figures(request: DeskRequest, code: str) -> HttpResponse:
    """All grants' indicators with confirmed numbers, filters in the address, and the common indicators."""
    programme = programme_or_404(request, code)
    today: date = programme.distributor.local_date(timezone.now())
    rounds = queries.rounds_with_deadlines(programme)
    number = addresses.number(request.GET.get("round"))
    round_ = queries.shown_round(rounds, asked=number, today=today)
    filters = figures_page.asked(request.GET)
    with snapshot():
        context = _figures(request, programme, rounds, round_, filters)
    return render(request, "portfolio/figures.html", context)


def _figures(
    request: DeskRequest,
    programme: Programme,
    rounds: list[Round],
    round_: Round | None,
    filters: figures_page.Filters,
) -> dict[str, Any]:
    found = figures_page.shown(programme, round_, filters=filters, query=request.GET) if round_ else None
    context: dict[str, Any] = {
        "programme": programme,
        "rounds": rounds,
        "round": round_,
        "shown": found.now if found else None,
        "stale": found.stale if found else round_ is not None and queries.is_stale(round_),
        "may_decide": request.desk.may_decide(programme.distributor_id),
        "filters": filters,
        "filtered": filters.any,
        "shows": figure_lines.SHOWS.items(),
    }
    if found is not None:
        few = found.grants <= FEW
        context |= {
            "page": found.page,
            "coverage": found.coverage,
            "with_charts": paging.with_charts(request.GET),
            "grants": list(queries.grants(programme).values()) if few else [],
            "commons": [(one, *found.commons(one.pk)) for one in common_queries.common_indicators(programme)],
        }
        drawn = next((one for one in rounds if found.now and one.number == found.now.number), None)
        if drawn and paging.CHARTS in request.GET and not filters.any:
            context |= _charts(programme, drawn)
    return context


@require_safe
@desk_only
def charts(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The charts of a round's figures: a part of their page, fetched when it comes into sight, or a page of its own."""
    programme = programme_or_404(request, code)
    rounds = queries.rounds_with_deadlines(programme)
    round_ = next((one for one in rounds if one.number == number), None)
    if round_ is None:
        raise Http404
    context = {"programme": programme, "round": round_, **_charts(programme, round_)}
    part = bool(request.htmx)
    return render(request, "portfolio/charts_part.html" if part else "portfolio/charts.html", context)


def _charts(programme: Programme, round_: Round) -> dict[str, Any]:
    found = series.with_something(*chart_queries.of_numbers(programme, round_))
    return {"charts": found, "round_number": round_.number}


@require_safe
@desk_only
def common(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One common indicator: its figure in a round and over the rounds, down to each organization's texts."""
    programme = programme_or_404(request, code)
    one = get_object_or_404(common_queries.common_indicators(programme), number=number)
    context = _of_round(request, programme)
    shown = context["shown"]
    context |= {"common": one, "history": common_queries.history(one), "language": request.LANGUAGE_CODE}
    if shown is not None:
        grants = queries.grants(programme)
        found = figure_lines.common_of(shown, one.pk)
        context |= {
            "found": found,
            "contributions": found.contributions(grants) if found else [],
            "trend": figure_lines.common_trend(context["opened"], one.pk),
        }
    return render(request, "portfolio/common.html", context)


def _of_round(request: DeskRequest, programme: Programme) -> dict[str, Any]:
    """The round that the page is about, with what is compiled of it."""
    today: date = programme.distributor.local_date(timezone.now())
    rounds = queries.rounds_with_deadlines(programme)
    number = addresses.number(request.GET.get("round"))
    round_: Round | None = queries.shown_round(rounds, asked=number, today=today)
    compiled = queries.numbers(programme, whole=round_.number if round_ else None)
    shown = next((one for one in compiled if round_ is not None and one.number == round_.number), None)
    # what has not opened yet only carries what was said before
    opened = {one.number for one in rounds if one.opens_on <= today} | {round_.number if round_ else 0}
    return {
        "programme": programme,
        "today": today,
        "rounds": rounds,
        "round": round_,
        "compiled_rounds": compiled,
        "opened": [one for one in compiled if one.number in opened],
        "shown": shown,
        "stale": round_ is not None and queries.is_stale(round_),
        "may_decide": request.desk.may_decide(programme.distributor_id),
    }
