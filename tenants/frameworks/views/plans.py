"""Reading plans: all grants, one grant, one registered version; and confirming what the officer loaded."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.requests import RoomRequest, actor
from minori.filings import plan_numbers
from minori.programmes import contacts
from minori.registry import (
    frameworks,
    outcome_links,
    plan_changes,
    plan_sources,
    plan_words,
    successions,
    words,
)
from minori.report_forms.framework import Framework
from minori.ui import addresses
from tenants.access import writers_only
from tenants.frameworks import drafts, reasons
from tenants.frameworks.queries import Plan, plan_or_404, plans, version_or_404


def may_write(request: RoomRequest) -> bool:
    """Whether the person edits or approves here; readers only read."""
    return bool(request.roles & WRITING_ROLES)


@require_safe
def index(request: RoomRequest, organization: str) -> HttpResponse:
    """All grants with where their plans stand."""
    found = plans(request.organization)
    context = {"plans": found, "help_contact": contacts.of_grant(found[0].grant) if found else None}
    return render(request, "frameworks/index.html", context)


@require_safe
def plan(request: RoomRequest, organization: str, grant: str) -> HttpResponse:
    """One grant: its newest registered plan, its versions, its draft."""
    found = plan_or_404(request.organization, grant)
    return show_plan(request, found)


def show_plan(request: RoomRequest, found: Plan, status: int = 200) -> HttpResponse:
    """The page of one grant's plan."""
    framework = Framework() if found.newest is None else frameworks.read(found.newest)
    if found.is_waiting and found.proposal is not None:
        proposed = Framework.from_json(found.proposal.contents)
        return _plan_page(request, found, rows=words.shown(proposed), status=status)
    links = [] if found.newest is None else outcome_links.standing(found.newest)
    rows = words.shown(framework, outcome_links.by_row(links))
    return _plan_page(request, found, rows=rows, status=status)


def _plan_page(request: RoomRequest, found: Plan, *, rows: list[words.ShownRow], status: int) -> HttpResponse:
    context = {
        "plan": found,
        "grant": found.grant,
        "rows": rows,
        "plan_numbers": None if found.is_waiting else plan_numbers.confirmed(found.grant),
        "may_write": may_write(request),
        "help_contact": contacts.of_grant(found.grant),
    }
    return render(request, "frameworks/plan.html", context, status=status)


@require_safe
def version(request: RoomRequest, organization: str, grant: str, number: int) -> HttpResponse:
    """One registered version, read-only."""
    found = plan_or_404(request.organization, grant)
    shown = version_or_404(found, number)
    context = {
        "plan": found,
        "grant": found.grant,
        "version": shown,
        "rows": words.shown(frameworks.read(shown), outcome_links.by_row(outcome_links.standing(shown))),
        "endings": successions.endings_of(found.grant.pk),
        "before": next((one for one in found.versions if one.number < number), None),
        "plan_numbers": plan_numbers.confirmed(found.grant),
        "source": plan_words.shown_source(plan_sources.read_back(shown)),
        "may_write": may_write(request),
        "help_contact": contacts.of_grant(found.grant),
    }
    return render(request, "frameworks/version.html", context)


@require_safe
def changes(request: RoomRequest, organization: str, grant: str, number: int, since: int) -> HttpResponse:
    """What differs between two registered versions."""
    found = plan_or_404(request.organization, grant)
    shown, before = version_or_404(found, number), version_or_404(found, since)
    read = frameworks.read_all([before, shown])
    context = {
        "plan": found,
        "grant": found.grant,
        "version": shown,
        "before": before,
        "changes": plan_changes.say_changes(read[before.pk], read[shown.pk]),
        "link_changes": plan_changes.say_links(
            outcome_links.differences(before, shown), read[before.pk], read[shown.pk]
        ),
        "help_contact": contacts.of_grant(found.grant),
    }
    return render(request, "frameworks/changes.html", context)


@require_POST
@writers_only
def confirm(request: RoomRequest, organization: str, grant: str, number: int) -> HttpResponse:
    """Confirm a version that the officer loaded."""
    found = plan_or_404(request.organization, grant)
    shown = version_or_404(found, number)
    frameworks.confirm(shown, by=actor(request.person), at=timezone.now())
    messages.success(request, _("You have confirmed the plan."))
    return redirect("frameworks:version", organization=organization, grant=grant, number=number)


@require_POST
@writers_only
def withdraw(request: RoomRequest, organization: str, grant: str) -> HttpResponse:
    """Take back the plan that waits for the officer."""
    found = plan_or_404(request.organization, grant)
    if found.proposal is None:
        return redirect("frameworks:plan", organization=organization, grant=grant)
    try:
        frameworks.withdraw(found.proposal, by=actor(request.person), at=timezone.now())
    except frameworks.FrameworkNotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("You have taken the plan back and can go on writing."))
    return redirect("frameworks:plan", organization=organization, grant=grant)


@require_POST
@writers_only
def begin(request: RoomRequest, organization: str, grant: str) -> HttpResponse:
    """Begin a draft, from the newest registered version where there is one; perhaps from a report's change boxes."""
    found = plan_or_404(request.organization, grant)
    if not found.is_held:
        drafts.begin(found.grant, by=actor(request.person), at=timezone.now())
        report = addresses.number(request.POST.get("report"))
        if report and (one := found.grant.deadlines.filter(pk=report).first()):
            reasons.begin_from(found.grant, one)
    return redirect("frameworks:draft", organization=organization, grant=grant)
