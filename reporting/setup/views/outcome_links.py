"""Which outputs of a grant's plan serve which outcomes: proposals, confirmed all at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Grant
from minori.registry import frameworks, likeness, outcome_links, words
from minori.registry.link_models import LinkBasis, OutcomeLink
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Framework, Level, Row
from minori.ui.keeping import saved
from reporting.access import desk_only, grant_or_404, must_decide


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def links(request: DeskRequest, code: str) -> HttpResponse:
    """The outputs of the newest version, each with the outcomes it might serve; what is ticked is confirmed."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    version = grant.framework_versions.order_by("-number").first()
    if version is None:
        raise Http404
    framework = frameworks.read(version)
    if request.method != "POST":
        return _page(request, grant, version, framework)
    chosen = [str(one) for one in request.POST.getlist("chosen")]
    try:
        if str(request.POST.get("version", "")) != str(version.number):
            raise outcome_links.LinkNotPossible(
                _("A newer version of the plan is registered. Link its rows instead.")
            )
        outcome_links.confirm(
            version,
            framework,
            pairs=_pairs(chosen),
            seen=str(request.POST.get("seen", "")),
            by=actor(request.person),
            at=timezone.now(),
        )
    except outcome_links.LinkNotPossible as problem:
        return _page(request, grant, version, framework, problem=str(problem))
    messages.success(request, _("The links are confirmed."))
    there = redirect("setup:version", code=code, number=version.number)
    return saved(request, there, form="outcome-links")


def _page(
    request: DeskRequest, grant: Grant, version: FrameworkVersion, framework: Framework, *, problem: str = ""
) -> HttpResponse:
    standing = outcome_links.standing(version)
    proposed = likeness.outcomes_of(framework)
    outcomes = [row for row in framework if row.level in likeness.OUTCOMES]
    known = {(one.output_uuid, one.outcome_uuid): one for one in standing}
    linked = {one.output_uuid for one in standing}
    lines = [
        {
            "row": row,
            "choices": [
                _choice(row, outcome, known.get((row.uuid, outcome.uuid)), proposed[row.uuid], linked)
                for outcome in outcomes
            ],
        }
        for row in framework
        if row.level is Level.OUTPUT
    ]
    context = {
        "grant": grant,
        "programme": grant.programme,
        "version": version,
        "lines": lines,
        "outcomes": outcomes,
        "seen": outcome_links.seal(standing),
        "errors": [{"text": problem, "where": "", "href": "#outcome-links"}] if problem else [],
    }
    return render(request, "setup/outcome_links.html", context, status=422 if problem else 200)


def _choice(
    row: Row,
    outcome: Row,
    link: OutcomeLink | None,
    proposed: tuple[likeness.Proposed, ...],
    linked: Collection[UUID],
) -> dict[str, Any]:
    """One outcome that an output may serve: ticked where it is confirmed, or clear and nothing is confirmed yet."""
    found = next((one for one in proposed if one.row.uuid == outcome.uuid), None)
    clear = found is not None and found.sure
    return {
        "key": f"{row.uuid}/{outcome.uuid}",
        "name": words.name_of(outcome),
        "link": link,
        "clear": clear,
        "doubtful": found is not None and not found.sure,
        "signs": [str(LinkBasis(one.value).label) for one in found.signs] if found else [],
        "ticked": link is not None or (clear and row.uuid not in linked),
    }


def _pairs(chosen: list[str]) -> list[outcome_links.Pair]:
    found = []
    for one in chosen:
        output, _slash, outcome = one.partition("/")
        try:
            found.append((UUID(output), UUID(outcome)))
        except ValueError:
            continue
    return found
