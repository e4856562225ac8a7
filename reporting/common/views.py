"""Defining common indicators and mapping organizations' indicators onto them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Grant, Programme
from minori.ui.keeping import saved
from reporting.access import desk_only, must_decide, programme_or_404
from reporting.common import mapping, queries
from reporting.common.forms import CommonForm, ReasonForm
from reporting.common.models import CommonIndicator, MappedIndicator
from reporting.portfolio import saying

PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def new(request: DeskRequest, code: str) -> HttpResponse:
    """Define a common indicator."""
    programme = _programme(request, code)
    form = CommonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = mapping.define(programme, facts=form.facts(), by=actor(request.person), at=timezone.now())
        messages.success(request, _("Defined. Choose the indicators now that count in it."))
        return saved(request, redirect("common:map", code=code, number=made.number), form="common")
    context = {"programme": programme, "form": form}
    return render(request, "common/define.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def edit(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Change what a common indicator says."""
    programme, common = _common(request, code, number)
    facts = {name: getattr(common, name) for name in CommonForm.base_fields}
    in_use = common.mapped.filter(ended_at=None).exists()
    form = CommonForm(request.POST or None, initial=facts, in_use=in_use)
    if request.method == "POST" and form.is_valid():
        try:
            mapping.change(common, facts=form.facts(), by=actor(request.person), at=timezone.now())
        except mapping.MappingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return saved(request, redirect("portfolio:common", code=code, number=number), form="common")
    context = {"programme": programme, "common": common, "form": form}
    return render(request, "common/define.html", context, status=422 if form.errors else 200)


@require_POST
@desk_only
def retire(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Take a common indicator out of use."""
    common = _common(request, code, number)[1]
    mapping.retire(common, by=actor(request.person), at=timezone.now())
    messages.success(request, _("The common indicator is no longer in use. Its history stays."))
    return redirect("portfolio:figures", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def map_(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Choose indicators and say why: all chosen are mapped, or none and every problem is told."""
    programme, common = _common(request, code, number)
    chosen = [str(one) for one in request.POST.getlist("chosen")]
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        indicators = _indicators(programme, chosen)
        valid = form.is_valid()
        if not indicators:
            form.add_error(None, _("Choose at least one indicator."))
        elif valid:
            by, at, reason = actor(request.person), timezone.now(), form.cleaned_data["reason"]
            try:
                made = mapping.map_onto(common, indicators=indicators, reason=reason, by=by, at=at)
            except mapping.MappingRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                words = ngettext("%(count)s indicator mapped.", "%(count)s indicators mapped.", len(made))
                messages.success(request, words % {"count": len(made)})
                return saved(request, redirect("portfolio:common", code=code, number=number), form="map")
    return _map_page(request, programme, common, form, chosen)


def _map_page(
    request: DeskRequest, programme: Programme, common: CommonIndicator, form: ReasonForm, chosen: list[str]
) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    found = [one for one in queries.candidates(common) if not wanted or _matches(one, wanted)]
    found.sort(key=lambda one: bool(mapping.why_unfit(common, one.confirmed)))  # what fits comes first
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "one": one,
            "key": f"{one.grant.code}/{one.indicator.uuid}",
            "measure": "" if one.measure is None else saying.measure(one.measure),
            "unfit": mapping.why_unfit(common, one.confirmed),
        }
        for one in page
    ]
    context = {
        "programme": programme,
        "common": common,
        "form": form,
        "lines": lines,
        "page": page,
        "wanted": wanted,
        "chosen": chosen,
    }
    return render(request, "common/map.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def end(request: DeskRequest, code: str, number: int, pk: int) -> HttpResponse:
    """End one mapping, with a reason."""
    programme, common = _common(request, code, number)
    mapped = get_object_or_404(
        MappedIndicator.objects.select_related("grant__organization", "common"), pk=pk, common=common
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            mapping.end(mapped, reason=reason, by=actor(request.person), at=timezone.now())
        except mapping.MappingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The mapping has ended."))
            return saved(request, redirect("portfolio:common", code=code, number=number), form="end")
    candidate = queries.candidate(common, mapped.grant, mapped.indicator_uuid)
    context = {
        "programme": programme,
        "common": common,
        "mapped": mapped,
        "form": form,
        "candidate": candidate,
    }
    return render(request, "common/end.html", context, status=422 if form.errors else 200)


def _matches(one: queries.Candidate, wanted: str) -> bool:
    words = (one.words, one.indicator.row.statement, one.grant.organization.name, one.target)
    return any(wanted.casefold() in text.casefold() for text in words)


def _indicators(programme: Programme, chosen: list[str]) -> list[tuple[Grant, UUID]]:
    """The chosen indicators by their grants' codes; what is no key of this programme is left out."""
    pairs = [one.partition("/") for one in dict.fromkeys(chosen)]
    codes = {code for code, _slash, _uuid in pairs if "\0" not in code}  # PostgreSQL takes no zero byte
    grants = {
        one.code: one
        for one in programme.grants.filter(code__in=codes).select_related("organization").order_by("pk")
    }
    found = []
    for code, _slash, text in pairs:
        try:
            uuid = UUID(text)
        except ValueError:
            continue
        if code in grants:
            found.append((grants[code], uuid))
    return found


def _programme(request: DeskRequest, code: str) -> Programme:
    programme = programme_or_404(request, code)
    must_decide(request, programme.distributor_id)
    return programme


def _common(request: DeskRequest, code: str, number: int) -> tuple[Programme, CommonIndicator]:
    """The programme and its common indicator in use; 404 for any other."""
    programme = _programme(request, code)
    found = queries.common_indicators(programme).select_related("programme")
    return programme, get_object_or_404(found, number=number)
