"""The walk through a round: what the officers write about each grant and about the whole, saved while it is typed."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts import kept
from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Deadline, Programme, Round
from minori.ui.keeping import saved
from minori.ui.saving_words import saved_at
from minori.ui.templatetags.ui_tags import clock_or_day
from reporting import paging
from reporting.access import desk_only, funding_programmes, must_decide, programme_or_404
from reporting.portfolio import round_page
from reporting.remarks import beside, forms, queries, saving
from reporting.remarks.models import Remark
from reporting.remarks.saving import Conflict, Key, Saved
from reporting.summaries.compiling import snapshot

ROUNDS = 50


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    """The rounds that have opened, with how far their remarks are."""
    ours = funding_programmes(request)
    found = queries.rounds(ours, today=timezone.localdate())
    page = paging.window(list(found), asked=request.GET, name="page", per_page=ROUNDS)
    owners = {one.programme.distributor for one in page.items}
    if len(owners) == 1:
        vars(request)["distributor"] = owners.pop()
    return render(request, "remarks/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def of_round(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The grants of a round, each with its remark and what one needs to see beside it."""
    programme, round_ = _round_or_404(request, code, number)
    if request.method != "POST":
        return _show(request, programme, round_)
    must_decide(request, programme.distributor_id)
    try:
        given = forms.given_in(request.POST, grants=_grants(round_))
    except forms.TooLong:
        return _show(request, programme, round_, refusal=_too_long())
    sender = forms.sender_in(request.POST, by_itself=False)
    outcome = saving.save(round_, given=given, by=actor(request.person), at=timezone.now(), sender=sender)
    if outcome.conflicts:
        return _show(request, programme, round_, conflicts=outcome.conflicts)
    response = redirect(request.get_full_path())
    return saved(request, response, form="remarks")


@require_POST
@desk_only
def autosave(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Save the remarks that were posted; what a script posts and reads (`autosave.js`).

    200: saved, with new stamps. 422: the same, and remarks in which two people wrote differently. 400, 403: nothing was
    saved, and `error` says why.
    """
    programme, round_ = _round_or_404(request, code, number)
    must_decide(request, programme.distributor_id)
    if request.POST.get("person") != str(request.person.pk):
        return _refuse(_somebody_else(request), HTTPStatus.FORBIDDEN)
    try:
        given = forms.given_in(request.POST, grants=_grants(round_))
    except forms.TooLong:
        return _refuse(_too_long(), HTTPStatus.BAD_REQUEST)
    sender = forms.sender_in(request.POST, by_itself=True)
    outcome = saving.save(round_, given=given, by=actor(request.person), at=timezone.now(), sender=sender)
    names = {forms.name_of(key) for key in given}
    page = request.path.removesuffix("save/")
    kept.saves_part_of(request, page, is_saved=lambda name: name.removeprefix("v-") in names)
    return JsonResponse(
        _told(request, given, outcome, known=forms.since_in(request.POST)),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if outcome.conflicts else HTTPStatus.OK,
    )


def _told(
    request: DeskRequest, given: Mapping[Key, saving.Given], outcome: Saved, *, known: int
) -> dict[str, Any]:
    done = [key for key in given if key not in outcome.conflicts]
    fields: dict[str, dict[str, Any]] = {}
    for key in done:
        remark, name = outcome.standing[key], forms.name_of(key)
        fields[name] = {"stamp": str(saving.stamp_of(remark))}
        if remark.text != given[key].text:  # the page carried an old text along: it shows what stands there
            fields[name]["inputs"] = {name: [remark.text]}
    fresh = {}
    round_id = next(iter(outcome.standing.values())).round_id if outcome.standing else 0
    for remark in queries.saved_since(round_id, known):
        name = forms.name_of(remark.grant_id)
        if remark.grant_id not in given:
            fresh[name] = {
                "stamp": str(saving.stamp_of(remark)),
                "inputs": {name: [remark.text]},
                "said": _("%(who)s wrote here at %(at)s.")
                % {"who": remark.saved_by_name, "at": clock_or_day(remark.saved_at)},
            }
    return {
        **(saved_at(timezone.now()) if done else {"said": ""}),
        "saves": max(map(_number_of, outcome.standing.values()), default=known),
        "fields": fields,
        "fresh": fresh,
        "conflicts": {
            forms.name_of(key): render_to_string("remarks/conflict.html", _both(one), request=request)
            for key, one in outcome.conflicts.items()
        },
    }


def _show(
    request: DeskRequest,
    programme: Programme,
    round_: Round,
    *,
    conflicts: Mapping[Key, Conflict] | None = None,
    refusal: str = "",
) -> HttpResponse:
    conflicts = conflicts or {}
    today = programme.distributor.local_date(timezone.now())
    filters = queries.filters_of(request.GET)
    posted = None
    if conflicts or refusal:
        posted = [grant for grant in _grants(round_) if forms.name_of(grant) in request.POST]
    with snapshot():
        compiled = round_page.head(programme, round_)
        page = None
        if compiled.as_of:
            page = queries.lines(round_, filters=filters, asked=request.GET, only=posted)
        officers = queries.officers(round_) if compiled.as_of else []
        grants = [one["grant_id"] for one in page.items] if page else []
        remarks = queries.about(round_, grants)
        written, last_saved = queries.state(round_)
    # what could not be saved; where two people wrote differently everything else has been
    typed = request.POST if refusal else kept.take(request)
    context: dict[str, Any] = {
        "programme": programme,
        "round": round_,
        "compiled": compiled,
        "summary": compiled.brief if page else None,
        "may_decide": request.desk.may_decide(programme.distributor_id),
        "overall": _field(None, remarks.get(None), typed, conflicts),
        "saves": _clock(last_saved),
        "kept": kept.take(request),
        "refusal": refusal,
        "conflicts": conflicts,
        "torn": [
            {"href": f"#conflict-{forms.name_of(key)}", "text": _torn(one)} for key, one in conflicts.items()
        ],
    }
    if page is not None:
        asked = queries.to_ask([one["board"]["deadline"] for one in page.items], person=request.person)
        walked = beside.walk(
            page.items,
            compiled.brief["round"],
            remarks=remarks,
            to_ask=asked,
            today=today,
            zone=programme.distributor.zone,
        )
        context |= {
            "tiles": compiled.totals,
            "written": written,
            "page": page,
            "filters": filters,
            "officers": officers,
            "walked": [(one, _field(one.row.grant, one.remark, typed, conflicts)) for one in walked],
        }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if conflicts or refusal else HTTPStatus.OK
    return render(request, "remarks/round.html", context, status=status)


def _field(
    key: Key, remark: Remark | None, typed: QueryDict | None, conflicts: Mapping[Key, Conflict]
) -> dict[str, Any]:
    name = forms.name_of(key)
    said: dict[str, Any] = {
        "name": name,
        "remark": remark,
        "text": remark.text if remark else "",
        "conflict": None,
    }
    said["stamp"] = str(saving.stamp_of(remark))
    if typed is not None and name in typed:
        said |= {"text": typed[name], "stamp": typed.get(f"v-{name}", "")}
    if key in conflicts:
        said |= {"text": conflicts[key].mine, "conflict": conflicts[key]}
    return said


def _torn(one: Conflict) -> str:
    who = one.theirs.saved_by_name
    return (
        _("%(who)s also changed this field") % {"who": who}
        if who
        else _("This field was also changed elsewhere")
    )


def _both(one: Conflict) -> dict[str, Any]:
    return {"both": one, "key": forms.name_of(one.key)}


def _number_of(remark: Remark) -> int:
    """A number that grows with every save: what a page asks with, to be told what came after."""
    return _clock(remark.saved_at)


def _clock(at: datetime | None) -> int:
    return int(at.timestamp() * 1000) if at else 0


def _grants(round_: Round) -> list[int]:
    return list(Deadline.objects.filter(round=round_).order_by("pk").values_list("grant_id", flat=True))


def _round_or_404(request: DeskRequest, code: str, number: int) -> tuple[Programme, Round]:
    programme = programme_or_404(request, code)
    round_ = Round.objects.filter(programme=programme, number=number, deadlines__isnull=False).first()
    if round_ is None:
        raise Http404
    return programme, round_


def _refuse(sentence: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)


def _too_long() -> str:
    return _("That is too long: at most 20,000 characters.")


def _somebody_else(request: DeskRequest) -> str:
    return _(
        "%(name)s is signed in on this browser now. Sign in again as yourself to save what you typed."
    ) % {"name": request.person.name}
