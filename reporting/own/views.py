"""The distributor's own plan of a programme: its place, its rows with what stands below them, and the links."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Grant, Programme
from minori.registry import words
from minori.report_forms.framework import Row
from minori.ui import addresses
from minori.ui.keeping import saved
from reporting.access import desk_only, must_decide, programme_or_404
from reporting.own import below, forms, linking, own_plans, queries
from reporting.own.models import RowLink
from reporting.portfolio import queries as portfolio

PAGE = 10
"""Organizations on a page of links: each has about a dozen rows."""


@require_safe
@desk_only
def index(request: DeskRequest, code: str) -> HttpResponse:
    """The own plan with what the linked rows say in a round, or the way to begin it."""
    programme = programme_or_404(request, code)
    if programme.answers_for is not None:
        return redirect("own:index", code=programme.answers_for.code)
    own = own_plans.own_grant(programme)
    decides = request.desk.may_decide(programme.distributor_id)
    context: dict[str, Any] = {"programme": programme, "own": own, "may_decide": decides}
    if own is not None:
        context |= _shown(request, programme, own)
    return render(request, "own/index.html", context)


def _shown(request: DeskRequest, programme: Programme, own: Grant) -> dict[str, Any]:
    rounds = portfolio.rounds_with_deadlines(programme)
    today = programme.distributor.local_date(timezone.now())
    round_ = portfolio.shown_round(rounds, asked=addresses.number(request.GET.get("round")), today=today)
    plans, links = queries.plans(own), list(queries.standing(own))
    compiled = None if round_ is None else queries.compiled(programme, round_.number)
    answered = {(one.grant_id, one.row_uuid) for one in links}
    every = [(pk, row.uuid) for pk in plans.theirs for row in plans.rows(pk)]
    return {
        "rounds": rounds,
        "round": round_,
        "stale": round_ is not None and portfolio.is_stale(round_),
        "rows": below.rows_of(plans, links, compiled),
        "newest": own.framework_versions.order_by("-number").first(),
        "answered": sum(one in answered for one in every),
        "linkable": len(every),
        "ended": list(queries.history(own)[:20]),
        "names": {row.uuid: words.name_of(row) for row in plans.own},
    }


@require_POST
@desk_only
def begin(request: DeskRequest, code: str) -> HttpResponse:
    """Make the place of the own plan and go on to its pages."""
    programme = programme_or_404(request, code)
    must_decide(request, programme.distributor_id)
    try:
        own = own_plans.begin(programme, lead=request.person, by=actor(request.person), at=timezone.now())
    except own_plans.NoOwnPlan as problem:
        messages.error(request, str(problem))
        return redirect("own:index", code=code)
    return redirect("setup:plan", code=own.code)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def links(request: DeskRequest, code: str) -> HttpResponse:
    """Proposed links, many at once: what is ticked or chosen is confirmed, or nothing is and the page says why."""
    programme, own = _own(request, code)
    if request.method != "POST":
        return _links_page(request, programme, own)
    chosen = [str(one) for one in request.POST.getlist("chosen")]
    pairs = forms.pairs(chosen, queries.plans(own).grants)
    if not pairs:
        return _links_page(request, programme, own, problem=_("Choose at least one link."))
    try:
        made = linking.confirm(own, pairs=pairs, by=actor(request.person), at=timezone.now())
    except linking.LinkRefused as refusal:
        return _links_page(request, programme, own, problem=str(refusal), chosen=chosen)
    told = ngettext("%(count)s link confirmed.", "%(count)s links confirmed.", len(made))
    messages.success(request, told % {"count": len(made)})
    return saved(request, redirect(request.get_full_path()), form="links")


def _links_page(
    request: DeskRequest,
    programme: Programme,
    own: Grant,
    *,
    problem: str = "",
    chosen: list[str] | None = None,
) -> HttpResponse:
    plans = queries.plans(own)
    linked: dict[tuple[int, Any], list[RowLink]] = defaultdict(list)
    for one in queries.standing(own):
        linked[one.grant_id, one.row_uuid].append(one)
    wanted, only_open = request.GET.get("grant", ""), bool(request.GET.get("open"))
    grants = [pk for pk in plans.theirs if not wanted or plans.grants[pk].code == wanted]
    page = Paginator(grants, PAGE).get_page(request.GET.get("page"))
    groups = [
        {
            "grant": plans.grants[pk],
            "lines": [
                _line(plans, plans.grants[pk], row, linked[pk, row.uuid], chosen)
                for row in plans.rows(pk)
                if not (only_open and linked[pk, row.uuid])
            ],
        }
        for pk in page
    ]
    context = {
        "programme": programme,
        "own": own,
        "groups": [one for one in groups if one["lines"]],
        "page": page,
        "errors": [{"text": problem, "where": "", "href": "#links"}] if problem else [],
        "grants": [
            ("", _("All organizations")),
            *((one.code, str(one.organization)) for one in plans.grants.values()),
        ],
        "wanted": wanted,
        "only_open": only_open,
        "has_rows": bool(queries.results(plans.own)),
    }
    return render(request, "own/links.html", context, status=422 if problem else 200)


def _line(
    plans: queries.Plans, grant: Grant, row: Row, standing: list[RowLink], chosen: list[str] | None
) -> dict[str, Any]:
    """One row of a grantee with what it is linked with, what might be, and everything else to choose from."""
    taken = {one.own_row_uuid for one in standing}
    proposed = (
        [] if standing else [one for one in plans.proposed(grant.pk)[row.uuid] if one.row.uuid not in taken]
    )
    keys = [forms.key(grant, row.uuid, one.row.uuid) for one in proposed]
    others = [one for one in queries.results(plans.own) if one.uuid not in taken]
    choices = [(forms.key(grant, row.uuid, one.uuid), words.name_of(one)) for one in others]
    if not standing:
        choices.append((forms.key(grant, row.uuid, None), _("Belongs to none of our rows")))
    return {
        "row": row,
        "level": words.say_level(row),
        "linked": [(one, _name(plans, one)) for one in standing],
        "proposed": [
            {
                "key": key,
                "one": one,
                "signs": [str(forms.SIGNS[sign]) for sign in one.signs],
                "ticked": one.sure if chosen is None else key in chosen,
            }
            for key, one in zip(keys, proposed, strict=True)
        ],
        "choices": choices,
        "chosen": next((key for key, _name in choices if key in (chosen or ()) and key not in keys), ""),
    }


def _name(plans: queries.Plans, link: RowLink) -> str:
    if link.own_row_uuid is None:
        return _("Belongs to none of our rows")
    row = plans.own.find_row(link.own_row_uuid)
    return _("a row that is no longer in the plan") if row is None else words.name_of(row)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def end(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """End one link, with a reason."""
    programme, own = _own(request, code)
    link = get_object_or_404(RowLink.objects.select_related("grant__organization"), pk=pk, own_grant=own)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            linking.end(link, reason=form.cleaned_data["reason"], by=actor(request.person), at=timezone.now())
        except linking.LinkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The link has ended."))
            return saved(request, redirect("own:index", code=code), form="end")
    plans = queries.plans(own)
    theirs = plans.theirs.get(link.grant_id)
    context = {
        "programme": programme,
        "own": own,
        "link": link,
        "row": None if theirs is None else theirs.find_row(link.row_uuid),
        "name": _name(plans, link),
        "form": form,
    }
    return render(request, "own/end.html", context, status=422 if form.errors else 200)


def _own(request: DeskRequest, code: str) -> tuple[Programme, Grant]:
    """The programme and its own grant; 404 where there is none yet."""
    programme = programme_or_404(request, code)
    must_decide(request, programme.distributor_id)
    own = own_plans.own_grant(programme)
    if own is None:
        raise Http404
    return programme, own
