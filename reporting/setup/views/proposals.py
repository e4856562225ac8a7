"""Registered versions, and plans that organizations hand in for registration."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.filings import plan_numbers
from minori.programmes.models import Grant
from minori.registry import (
    frameworks,
    outcome_links,
    plan_changes,
    plan_sources,
    plan_words,
    successions,
    words,
)
from minori.registry.enums import ProposalState
from minori.registry.models import FrameworkVersion, Proposal
from minori.report_forms.framework import Framework
from minori.ui.keeping import saved
from reporting.access import desk_only, grant_or_404, must_decide
from reporting.setup import queries
from reporting.setup.forms.plans import DeclineForm, EffectiveForm
from reporting.setup.views.errors import errors_of


@require_safe
@desk_only
def version(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One registered version, read-only."""
    grant = grant_or_404(request, code)
    shown = get_object_or_404(grant.framework_versions, number=number)
    rounds = grant.programme.rounds.filter(number=shown.effective_from_round)
    decides = request.desk.may_decide(grant.programme.distributor_id)
    framework = frameworks.read(shown)
    links = outcome_links.by_row(outcome_links.standing(shown))
    context = {
        "grant": grant,
        "programme": grant.programme,
        "version": shown,
        "round": rounds.first(),
        "rows": words.shown(framework, links),
        "endings": successions.endings_of(grant.pk),
        "unlinked": outcome_links.unlinked(framework, links),
        "is_newest": not grant.framework_versions.filter(number__gt=number).exists(),
        "may_decide": decides,
        "before": grant.framework_versions.filter(number__lt=number).order_by("-number").first(),
        "source": plan_words.shown_source(plan_sources.read_back(shown)),
        "plan_numbers": plan_numbers.confirmed(grant, address=_numbers_of(shown) if decides else None),
    }
    return render(request, "setup/version.html", context)


def _numbers_of(version: FrameworkVersion) -> Callable[[UUID, str], str]:
    """Where the texts of a version are confirmed in numbers: a page of its own, which leads back here."""

    def address(uuid: UUID, aspect: str) -> str:
        kwargs = {"code": version.grant.code, "uuid": uuid, "aspect": aspect}
        return f"{reverse('portfolio:number', kwargs=kwargs)}?plan={version.number}&back=plan"

    return address


@require_safe
@desk_only
def changes(request: DeskRequest, code: str, number: int, since: int) -> HttpResponse:
    """What differs between two registered versions."""
    grant = grant_or_404(request, code)
    shown = get_object_or_404(grant.framework_versions, number=number)
    before = get_object_or_404(grant.framework_versions, number=since)
    read = frameworks.read_all([before, shown])
    context = {
        "grant": grant,
        "programme": grant.programme,
        "version": shown,
        "before": before,
        "earlier": grant.framework_versions.filter(number__lt=number)
        .exclude(pk=before.pk)
        .order_by("number"),
        "changes": plan_changes.say_changes(read[before.pk], read[shown.pk]),
        "link_changes": plan_changes.say_links(
            outcome_links.differences(before, shown), read[before.pk], read[shown.pk]
        ),
    }
    return render(request, "setup/changes.html", context)


@require_safe
@desk_only
def proposal(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """A plan as the organization handed it in, with the decision."""
    grant = grant_or_404(request, code)
    shown = get_object_or_404(grant.proposals, pk=pk)
    return _proposal_page(request, grant, shown, _effective(grant), DeclineForm())


def _effective(grant: Grant) -> EffectiveForm:
    first = queries.first_round_open(grant) if grant.framework_versions.exists() else 1
    return EffectiveForm(programme=grant.programme, initial={"effective_from_round": first})


def _proposal_page(
    request: DeskRequest, grant: Grant, shown: Proposal, effective: EffectiveForm, decline: DeclineForm
) -> HttpResponse:
    may_decide = request.desk.may_decide(grant.programme.distributor_id)
    errors = errors_of(effective, decline)
    newest = grant.framework_versions.order_by("-number").first()
    proposed = Framework.from_json(shown.contents)
    waits = shown.state == ProposalState.WAITING
    came_back = grant.proposals.filter(pk__lt=shown.pk, state=ProposalState.DECLINED).order_by("-pk").first()
    context = {
        "grant": grant,
        "programme": grant.programme,
        "proposal": shown,
        "rows": words.shown(proposed),
        "newest": newest,
        "changes": plan_changes.say_changes(frameworks.read(newest), proposed) if newest and waits else None,
        "came_back": came_back,
        "since": plan_changes.say_changes(Framework.from_json(came_back.contents), proposed)
        if came_back
        else None,
        "effective": effective,
        "decline": decline,
        "errors": errors,
        "can_decide": may_decide and waits,
    }
    return render(request, "setup/proposal.html", context, status=422 if errors else 200)


@require_POST
@desk_only
def approve_proposal(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """Register the plan as the next version."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    shown = get_object_or_404(grant.proposals, pk=pk)
    form = EffectiveForm(request.POST, programme=grant.programme)
    if not form.is_valid():
        return _proposal_page(request, grant, shown, form, DeclineForm())
    first = form.cleaned_data["effective_from_round"]
    try:
        made = frameworks.approve(
            shown, by=actor(request.person), at=timezone.now(), effective_from_round=first
        )
    except frameworks.FrameworkNotPossible as problem:
        messages.error(request, str(problem))
        return redirect("setup:proposal", code=code, pk=pk)
    messages.success(request, _("The plan is registered."))
    return redirect("setup:version", code=code, number=made.number)


@require_POST
@desk_only
def decline_proposal(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """Send the plan back with what should be changed."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    shown = get_object_or_404(grant.proposals, pk=pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _proposal_page(request, grant, shown, _effective(grant), form)
    try:
        frameworks.decline(
            shown, remark=form.cleaned_data["remark"], by=actor(request.person), at=timezone.now()
        )
    except frameworks.FrameworkNotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The plan has been sent back."))
    return saved(request, redirect("setup:grant", code=code), form="decline")
