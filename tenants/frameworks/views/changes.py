"""Change requests in the room: reasons for the changes of a draft, sending them, and what became of them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import RoomRequest, actor
from minori.programmes import contacts
from minori.registry import (
    change_forms,
    change_history,
    change_units,
    change_words,
    changes,
    frameworks,
    words,
)
from minori.registry.change_forms import RemarkForm, VerdictForm
from minori.registry.change_history import History
from minori.registry.change_models import ChangeRequest
from minori.registry.changes import Reason
from minori.registry.enums import ChangeState, Party, Verdict
from minori.registry.frameworks import FrameworkNotPossible
from minori.report_forms.framework import Framework
from minori.ui import addresses
from minori.ui.keeping import saved
from tenants.access import writers_only
from tenants.frameworks import drafts, reasons
from tenants.frameworks.queries import Plan, plan_or_404, request_or_404
from tenants.frameworks.views.drafts import writing
from tenants.frameworks.views.plans import may_write

AGREE = [
    (Verdict.APPROVED.value, gettext_lazy("We agree")),
    (Verdict.DECLINED.value, gettext_lazy("We do not agree")),
]
FORM = "change"


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def draft(request: RoomRequest, plan: Plan) -> HttpResponse:
    """What the draft would change, each change with its reason; and sending it."""
    if plan.newest is None:
        return _to(request, plan, "draft")
    old = frameworks.read(plan.newest)
    new = drafts.read(plan.grant.pk) or old
    units = change_units.units(old, new)
    data = request.POST if request.method == "POST" else None
    forms = change_forms.reason_forms(units, old, data=data, known=reasons.read(plan.grant.pk))
    remark = RemarkForm(data)
    problem = ""
    if data is not None and change_forms.are_valid([*forms, remark]):
        typed = {one.unit.key: one.result() for one in forms}
        if "send" not in data:
            reasons.keep(plan.grant.pk, typed)
            messages.success(request, _("The reasons are saved. Nothing has been sent yet."))
            return saved(request, _to(request, plan, "draft"), form=FORM)
        if change_forms.all_say_why(forms):
            try:
                sent = _send(request, plan, typed, remark=remark.cleaned_data["remark"])
            except FrameworkNotPossible as refusal:
                problem = str(refusal)
            else:
                messages.success(request, _("The change request is with your officer now."))
                there = _to(request, plan, "change_request", number=sent.number)
                return saved(request, there, form=FORM)
    errors = change_forms.errors_of([*forms, remark], units)
    context: dict[str, Any] = {
        "plan": plan,
        "grant": plan.grant,
        "said": _with_forms(change_words.say_units(units, old), {one.unit.key: one for one in forms}),
        "remark": remark,
        "seen": reasons.seal(new),
        "mistakes": words.problems(new),
        "problem": problem,
        "errors": errors,
        "outdated": drafts.is_outdated(plan.grant.pk, newest=plan.newest),
        "help_contact": contacts.of_grant(plan.grant),
    }
    return render(request, "frameworks/draft_changes.html", context, status=422 if errors or problem else 200)


def _send(request: RoomRequest, plan: Plan, typed: dict[str, Reason], *, remark: str) -> ChangeRequest:
    return reasons.send(
        plan.grant,
        reasons=typed,
        remark=remark,
        seen=request.POST.get("seen", ""),
        by=actor(request.person),
        at=timezone.now(),
    )


def _to(request: RoomRequest, plan: Plan, page: str, **more: Any) -> HttpResponse:
    place = {"organization": request.organization.slug, "grant": plan.grant.code}
    return HttpResponseRedirect(reverse(f"frameworks:{page}", kwargs={**place, **more}))


@require_safe
def request(request: RoomRequest, organization: str, grant: str, number: int) -> HttpResponse:
    """One change request with everything that was said of it."""
    del organization
    plan = plan_or_404(request.organization, grant)
    history = change_history.of(request_or_404(plan, number))
    return _request_page(request, plan, history)


@require_POST
@writers_only
def answer(request: RoomRequest, organization: str, grant: str, number: int) -> HttpResponse:
    """Say of every change that the officer proposes whether the organization agrees."""
    plan = plan_or_404(request.organization, grant)
    history = change_history.of(request_or_404(plan, number))
    found = changes.read(history.last)
    forms = [VerdictForm(request.POST, unit=unit, choices=AGREE, may_cut=False) for unit in found.units]
    if not change_forms.are_valid(forms):
        return _request_page(request, plan, history, forms=forms)
    try:
        changes.answer(
            history.request,
            said={str(one.prefix): one.result() for one in forms},
            by=actor(request.person),
            at=timezone.now(),
        )
    except FrameworkNotPossible as refusal:
        history = change_history.of(request_or_404(plan, number))
        return _request_page(request, plan, history, forms=forms, problem=str(refusal))
    messages.success(request, _("Your answer is with the officer, who registers what you agree to."))
    there = redirect("frameworks:change_request", organization=organization, grant=grant, number=number)
    return saved(request, there, form=FORM)


@require_POST
@writers_only
def withdraw(request: RoomRequest, organization: str, grant: str, number: int) -> HttpResponse:
    """Take an undecided request back; its draft stays to be gone on with."""
    plan = plan_or_404(request.organization, grant)
    try:
        changes.withdraw(
            request_or_404(plan, number), party=Party.ROOM, by=actor(request.person), at=timezone.now()
        )
    except FrameworkNotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have taken the change request back. The draft is still there."))
    return redirect("frameworks:change_request", organization=organization, grant=grant, number=number)


def _request_page(
    request: RoomRequest,
    plan: Plan,
    history: History,
    *,
    forms: list[VerdictForm] | None = None,
    problem: str = "",
) -> HttpResponse:
    asked = history.request
    shown = history.revision(addresses.number(request.GET.get("revision")))
    if shown is None:
        raise Http404
    found = changes.read(shown)
    writes = may_write(request)
    answers = writes and asked.party == Party.DESK and asked.state == ChangeState.WAITING
    if answers and forms is None:
        forms = [VerdictForm(unit=unit, choices=AGREE, may_cut=False) for unit in found.units]
    typed = [] if answers else change_forms.typed_words(forms or ())
    by_key = {str(one.prefix): one for one in (forms or ()) if answers}
    errors = change_forms.errors_of(by_key.values(), found.units)
    context: dict[str, Any] = {
        "plan": plan,
        "grant": plan.grant,
        "asked": asked,
        "history": history,
        "shown": shown,
        "said": _with_forms(change_words.say(found), by_key),
        "rows": words.shown(Framework.from_json(shown.contents)),
        "round": plan.grant.programme.rounds.filter(number=asked.effective_from_round or 0).first(),
        "answers": answers,
        "may_write": writes,
        "problem": problem,
        "typed": typed,
        "errors": errors,
        "help_contact": contacts.of_grant(plan.grant),
    }
    status = 422 if errors or problem else 200
    return render(request, "frameworks/change_request.html", context, status=status)


def _with_forms(said: list[change_words.SaidChange], forms: dict[str, Any]) -> list[change_words.SaidChange]:
    for one in said:
        one.form = forms.get(one.key)
    return said
