"""A programme's figures: achievement and pace of everything confirmed, and its common indicators over the rounds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.requests import DeskRequest
from minori.programmes.models import Programme, Round
from minori.ui import addresses
from reporting.access import desk_only, programme_or_404
from reporting.charts import series
from reporting.common import queries as common_queries
from reporting.portfolio import figure_lines, queries
from reporting.portfolio.figure_lines import Line
from reporting.summaries import stored
from reporting.summaries.compiling import _snapshot

PAGE = 100
FILTERS = ("grant", "q", "show")


@require_safe
@desk_only
@_snapshot()
def figures(request: DeskRequest, code: str) -> HttpResponse:
    """All grants' indicators with confirmed numbers, filters in the address, and the common indicators."""
    programme = programme_or_404(request, code)
    context = _of_round(request, programme)
    shown, rounds = context["shown"], context["compiled_rounds"]
    if shown is not None:
        grants = queries.grants(programme)
        filters = {name: request.GET.get(name, "").strip() for name in FILTERS}
        lines = [
            line
            for line in figure_lines.lines_of(shown, [], grants, queries.current_indicators(programme))
            if figure_lines.matches(line, grant=filters["grant"], words=filters["q"], show=filters["show"])
        ]
        page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
        named = common_queries.common_indicators(programme)
        until = [one for one in rounds if one.number <= shown.number]
        context |= {
            "page": page,
            "lines": figure_lines.over_the_rounds(_explained(page, context["round"]), until),
            "count": len(lines),
            "coverage": shown.numbers["coverage"],
            "charts": series.of_round([], rounds, grants, number=shown.number, today=context["today"]),
            "filters": filters,
            "filtered": any(filters.values()),
            "grants": list(grants.values()),
            "shows": figure_lines.SHOWS.items(),
            "commons": [
                (one, figure_lines.common_of(shown, one.pk), figure_lines.common_trend(until, one.pk))
                for one in named
            ],
        }
    return render(request, "portfolio/figures.html", context)


def _explained(page: Iterable[Line], round_: Round) -> list[Line]:
    """The lines of a page with how their figures came about."""
    lines = list(page)
    whole = stored.lines(round_.pk, grants={one.facts["grant"] for one in lines})
    told = {(one["grant"], one["indicator"]): one for one in whole}
    return [replace(one, facts=told[one.facts["grant"], one.facts["indicator"]]) for one in lines]


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
