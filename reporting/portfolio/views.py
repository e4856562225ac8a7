"""The officer's programme pages."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
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
from reporting.charts import series
from reporting.portfolio import board, progress_map, queries, totals
from reporting.reminding.queries import of_nobody
from reporting.signals import queries as signals

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
        "rounds": rounds,
        "round": round_,
        "may_decide": request.desk.may_decide(shown.distributor_id),
        "of_nobody": of_nobody([shown], at=timezone.now()),
    }
    if round_ is not None:
        context |= _of_round(request, shown, round_, today)
    return render(request, "portfolio/programme.html", context)


@require_safe
@desk_only
def freshness(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """A part of the programme page: "as of", or that it is being compiled; asked again by the page until fresh."""
    shown = programme_or_404(request, code)
    round_ = queries.shown_round(queries.rounds_with_deadlines(shown), asked=number, today=date.min)
    if round_ is None or round_.number != number:
        return HttpResponse(status=404)
    compiled = queries.compiled(shown, round_=round_)
    context = {"programme": shown, "round": round_, "compiled": compiled}
    response = render(request, "portfolio/freshness.html", context)
    if not compiled.stale:
        response["HX-Refresh"] = "true"  # the page was waiting for this: show the new figures
    return response


def _of_round(request: DeskRequest, shown: Programme, round_: Round, today: date) -> dict[str, Any]:
    compiled = queries.compiled(shown, round_=round_)
    summary = compiled.of_round(round_.number)
    if summary is None:
        return {"compiled": compiled}
    days: dict[str, Any] = {"shown": round_.number, "today": today, "zone": shown.distributor.zone}
    whole = board.current(compiled.contents, **days)
    filters = {name: request.GET.get(name, "").strip() for name in ("officer", "state", "code", "sort")}
    rows = [
        row for row in whole.rows if board.matches(row, officer=filters["officer"], state=filters["state"])
    ]
    lines = progress_map.of(summary, rows, code=filters["code"])
    if filters["code"]:
        held = {line.row.grant for line in lines}
        rows = [row for row in rows if row.grant in held]
    if filters["sort"] == "name":
        rows = board.by_name(rows, summary)
    counts = signals.counts(compiled.signals)
    changes = queries.waiting_changes(shown)
    rows = [replace(row, signals=counts[row.grant], change_waits=row.grant in changes) for row in rows]
    page = paging.window(rows, asked=request.GET, name="page", per_page=paging.ROWS)
    return {
        "compiled": compiled,
        "summary": summary,
        "board": whole,
        "rows": rows,
        "board_page": replace(page, items=board.with_earlier(page.items, compiled.contents, **days)),
        "lines": lines,
        "map_page": paging.window(lines, asked=request.GET, name="line", per_page=paging.LINES),
        "tiles": totals.of(whole, summary),
        "signal_count": sum(counts.values()),
        "signal_grants": len(counts),
        "unreadable": totals.unreadable(whole, summary),
        "outlook": totals.outlook(summary, distributor=shown.distributor, language=request.LANGUAGE_CODE),
        "charts": series.of_round(
            (series.InRound(one["round"], one["totals"], one["board"]) for one in compiled.contents),
            [],
            {},
            number=round_.number,
            today=today,
        ),
        "filters": filters,
        "filtered": any(filters.values()),
        "officers": sorted({name for row in whole.rows for name in (row.lead, row.deputy) if name}),
        "states": SHOWN_STATES,
    }
