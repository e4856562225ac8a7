"""Plan intake: what was found in files with contracted plans, looked through, decided about and registered."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.marks import bracketed, gapped
from minori.programmes.models import Programme
from minori.registry import plan_words, words
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.plan_reading import FindingCode
from reporting.access import desk_only, must_decide, programme_or_404
from reporting.setup import intake as rules
from reporting.setup import plans
from reporting.setup.forms.intake import read_decision
from reporting.setup.intake import LARGEST, Shown
from reporting.setup.models import FoundPlan


def programme_of(request: DeskRequest, code: str) -> Programme:
    programme = programme_or_404(request, code)
    must_decide(request, programme.distributor_id)
    return programme


@require_safe
@desk_only
def index(request: DeskRequest, code: str) -> HttpResponse:
    """Where files are added, and what has been found in those that are looked through."""
    return index_page(request, programme_of(request, code), [])


def index_page(
    request: DeskRequest, programme: Programme, problems: list[dict[str, str]], *, text: str = ""
) -> HttpResponse:
    shown = rules.list_found(programme)
    context = {
        "programme": programme,
        "files": [list(own) for _pk, own in groupby(shown, key=lambda one: one.file.pk)],
        "ready": sum(one.may_be_registered for one in shown),
        "errors": problems,
        "text": text,
        "limit": LARGEST,
    }
    return render(request, "setup/intake.html", context, status=422 if problems else 200)


@require_POST
@desk_only
def register_ready(request: DeskRequest, code: str) -> HttpResponse:
    """Register every plan that is ready; the others stay."""
    programme = programme_of(request, code)
    count, problems = 0, []
    ready = [one for one in rules.list_found(programme) if one.may_be_registered]
    wanted = {one.found.pk for one in ready}
    for one in rules.look(programme, files={one.file.pk for one in ready}):
        if one.found.pk not in wanted:
            continue
        try:
            rules.register(one, by=actor(request.person), at=timezone.now())
            count += 1
        except FrameworkNotPossible as problem:
            problems.append({"text": str(problem), "where": one.name, "href": ""})
    if count:
        said = ngettext(
            "%(count)s plan is registered. Its organization is asked to confirm it.",
            "%(count)s plans are registered. Their organizations are asked to confirm them.",
            count,
        )
        messages.success(request, said % {"count": count})
    if problems:
        return index_page(request, programme, problems)
    return redirect("setup:intake", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def found(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """One plan as it would be registered: what was found, what is to be decided, the way on."""
    programme = programme_of(request, code)
    shown = _shown_or_404(programme, pk)
    if request.method != "POST":
        return _found_page(request, programme, shown)
    decision = read_decision(request.POST, shown, programme)
    rules.decide(
        shown,
        grant=decision.grant,
        leave_guidance_out=decision.leave_guidance_out,
        answers=decision.answers,
    )
    shown = _shown_or_404(programme, pk)
    by, at = actor(request.person), timezone.now()
    try:
        if "register" in request.POST:
            version = rules.register(shown, by=by, at=at)
            messages.success(request, plans.say_registered(version))
            return redirect("setup:version", code=version.grant.code, number=version.number)
        if "enter" in request.POST:
            grant = rules.go_on_by_row(shown, by=by, at=at)
            messages.success(request, _("The plan has been taken over. Look it through, then register it."))
            return redirect("setup:plan", code=grant.code)
    except FrameworkNotPossible as problem:
        return _found_page(request, programme, shown, problem=str(problem))
    messages.success(request, _("Saved."))
    return redirect("setup:found_plan", code=code, pk=pk)


def _shown_or_404(programme: Programme, pk: int) -> Shown:
    plans = FoundPlan.objects.select_related("file__programme").defer("file__data", "file__grids")
    return rules.look_at(get_object_or_404(plans, pk=pk, file__programme=programme))


def _found_page(
    request: DeskRequest, programme: Programme, shown: Shown, *, problem: str = ""
) -> HttpResponse:
    told = plan_words.say_all(shown.read, shown.grids)
    asked = [plan_words.ask(question, shown.grids) for question in shown.read.questions]
    grants = programme.grants.select_related("organization").order_by("organization__name_kana", "pk")
    context: dict[str, Any] = {
        "programme": programme,
        "shown": shown,
        "problem": problem,
        "errors": plan_words.say_hindering(shown.read, shown.grids),
        "notes": [one for one in told if not one.hinders],
        "asked": [one for one in asked if one.question.answer is None],
        "answered": [one for one in asked if one.question.answer is not None],
        "grant_code": shown.found.grant.code if shown.found.grant else "",
        "guidance": any(one.code is FindingCode.GUIDANCE for one in shown.read.findings),
        "rows": words.shown(shown.read.framework),
        "choices": [("", _("Please choose"))]
        + [(one.code, gapped((one.organization.name, one.title)) + bracketed(one.code)) for one in grants],
    }
    return render(request, "setup/found_plan.html", context, status=422 if problem else 200)
