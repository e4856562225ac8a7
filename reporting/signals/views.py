"""What to look at in a programme: the list, its thresholds, and setting signals aside."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.programmes import labels
from minori.programmes.models import Deadline, Programme, Round
from minori.ui import addresses
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, must_decide, programme_or_404
from reporting.portfolio import queries as portfolio
from reporting.portfolio import round_page
from reporting.signals import forms, limits, page, queries, setting_aside
from reporting.signals.enums import SignalKind
from reporting.signals.models import SetAside
from reporting.summaries.compiling import snapshot


@require_safe
@desk_only
def signals(request: DeskRequest, code: str) -> HttpResponse:
    """Everything noticed in a round, with filters in the address, in pages."""
    programme = programme_or_404(request, code)
    today = programme.distributor.local_date(timezone.now())
    rounds = portfolio.rounds_with_deadlines(programme)
    round_ = portfolio.shown_round(rounds, asked=addresses.number(request.GET.get("round")), today=today)
    context: dict[str, Any] = {
        "programme": programme,
        "rounds": rounds,
        "round": round_,
        "may_decide": request.desk.may_decide(programme.distributor_id),
        "kinds": SignalKind.choices,
        "here": request.get_full_path(),
    }
    if round_ is not None:
        with snapshot():  # "as of", lines and what is aside are of one state
            context |= _of_round(request, programme, round_)
    return render(request, "signals/signals.html", context)


def _of_round(request: DeskRequest, programme: Programme, round_: Round) -> dict[str, Any]:
    head = round_page.head(programme, round_)
    if head.as_of is None:
        return {"compiled": head}
    filters = page.asked(request.GET)
    found = page.read(round_, filters=filters, query=request.GET)
    lines = queries.shown(
        setting_aside.noticed(found.lines, grant_ids=list(found.board)),
        round_=round_,
        edition=labels.edition_of(programme.distributor, round_.edition, round_.edition_version),
        deadlines={grant: (line["deadline"], line["grant_code"]) for grant, line in found.board.items()},
        language=request.LANGUAGE_CODE,
    )
    return {
        "compiled": head,
        "summary": head.brief,
        "lines": [(one, found.board[one.line["grant"]]) for one in lines],
        "found": found,
        "filters": filters,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def limits_page(request: DeskRequest, code: str) -> HttpResponse:
    """From when on something is noticed in this programme."""
    programme = programme_or_404(request, code)
    must_decide(request, programme.distributor_id)
    form = forms.LimitsForm(
        request.POST or None,
        programme=programme,
        language=request.LANGUAGE_CODE,
        initial=forms.first_values(limits.of(programme)),
    )
    if request.method == "POST" and form.is_valid():
        limits.change(programme, facts=form.facts(), by=actor(request.person), at=timezone.now())
        messages.success(request, _("Saved. The signals of every round are compiled again."))
        return saved(request, redirect("signals:signals", code=code), form="limits")
    context = {"programme": programme, "form": form}
    return render(request, "signals/limits.html", context, status=422 if form.errors else 200)


@require_POST
@desk_only
def set_aside(request: DeskRequest, deadline: int) -> HttpResponse:
    """Set one signal of a report aside, with the note."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    wanted = tuple(request.POST.get(name, "") for name in ("kind", "place", "cause"))
    line = next(
        (one for one in queries.of_report(found) if (one["kind"], one["place"], one["cause"]) == wanted),
        None,
    )
    if line is None:
        messages.error(request, _("This signal is not there any more: what it came from has changed."))
        return redirect(_back(request, found))
    try:
        setting_aside.set_aside(
            line,
            grant=found.grant,
            note=request.POST.get("note", ""),
            by=actor(request.person),
            at=timezone.now(),
        )
    except setting_aside.AsideRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Set aside. It comes back when what it came from changes."))
    return redirect(_back(request, found))


@require_POST
@desk_only
def take_up(request: DeskRequest, deadline: int, pk: int) -> HttpResponse:
    """Take up again what was set aside."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    aside = get_object_or_404(SetAside, pk=pk, grant=found.grant)
    setting_aside.take_up(aside, by=actor(request.person), at=timezone.now())
    messages.success(request, _("It is among the signals again."))
    return redirect(_back(request, found))


def _back(request: DeskRequest, deadline: Deadline) -> str:
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("review:deadline", kwargs={"deadline": deadline.pk}) + "#signals"
