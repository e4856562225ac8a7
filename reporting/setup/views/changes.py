"""Change requests at the desk: reading, deciding change by change, sending back; and proposing a change."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Grant
from minori.registry import change_decisions, change_forms, change_history, change_words, changes, words
from minori.registry.change_decisions import Clashing, FunderMustAgree
from minori.registry.change_forms import ReturnForm, VerdictForm
from minori.registry.change_history import History
from minori.registry.enums import ChangeState, Party, Verdict
from minori.registry.frameworks import FrameworkNotPossible
from minori.ui import addresses
from minori.ui.keeping import saved
from reporting.access import desk_only, grant_or_404, must_decide
from reporting.setup.forms.changes import DecisionForm

DECIDE = [
    (Verdict.APPROVED.value, gettext_lazy("Approve")),
    (Verdict.DECLINED.value, gettext_lazy("Do not approve")),
]
FORM = "change"


@require_safe
@desk_only
def change_request(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """One change request with everything that was said of it."""
    grant = grant_or_404(request, code)
    return _request_page(request, grant, _history(grant, number))


@require_http_methods(["POST"])
@desk_only
def decide_change(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Decide every change; what is approved becomes the next version."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    history = _history(grant, number)
    found = changes.read(history.last)
    forms = [VerdictForm(request.POST, unit=unit, choices=DECIDE) for unit in found.units]
    whole = DecisionForm(request.POST, grant=grant, base=history.last.base)
    seen = request.POST.get("revision") == str(history.last.number)
    if not change_forms.are_valid([*forms, whole]) or not seen:
        problem = "" if seen else _("The request was sent again meanwhile. Please read it once more.")
        return _request_page(request, grant, history, forms=forms, whole=whole, problem=problem)
    try:
        change_decisions.decide(
            history.request,
            said={str(one.prefix): one.result() for one in forms},
            effective_from_round=whole.cleaned_data["effective_from_round"],
            words=whole.cleaned_data["words"],
            agreement=whole.agreement(),
            by=actor(request.person),
            at=timezone.now(),
        )
    except Clashing as refusal:
        _show_clashes(refusal, forms)
        return _request_page(request, grant, history, forms=forms, whole=whole, problem=str(refusal))
    except FunderMustAgree as refusal:
        whole.add_error("funder_agreed_by", str(refusal))
        return _request_page(request, grant, history, forms=forms, whole=whole)
    except FrameworkNotPossible as refusal:
        return _request_page(
            request, grant, _history(grant, number), forms=forms, whole=whole, problem=str(refusal)
        )
    messages.success(request, _("Decided. The organization is told by mail."))
    return saved(request, redirect("setup:change_request", code=code, number=number), form=FORM)


@require_POST
@desk_only
def return_change(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Send a request back for re-work, with comments."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    history = _history(grant, number)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _request_page(request, grant, history, back=form)
    try:
        changes.send_back(
            history.request, words=form.cleaned_data["words"], by=actor(request.person), at=timezone.now()
        )
    except FrameworkNotPossible as refusal:
        return _request_page(request, grant, _history(grant, number), back=form, problem=str(refusal))
    messages.success(request, _("Sent back. The organization is told by mail."))
    return saved(request, redirect("setup:change_request", code=code, number=number), form="return")


@require_POST
@desk_only
def withdraw_change(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Take back what the desk proposed."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    asked = get_object_or_404(grant.change_requests, number=number)
    try:
        changes.withdraw(asked, party=Party.DESK, by=actor(request.person), at=timezone.now())
    except FrameworkNotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The proposed change is taken back."))
    return redirect("setup:change_request", code=code, number=number)


def _history(grant: Grant, number: int) -> History:
    related = grant.change_requests.select_related("version", "grant__programme__distributor")
    return change_history.of(get_object_or_404(related, number=number))


def _show_clashes(refusal: Clashing, forms: list[VerdictForm]) -> None:
    by_key = {str(one.prefix): one for one in forms}
    for clash in refusal.clashes:
        form = by_key.get(clash.key)
        if form is not None:
            form.add_error("verdict", change_words.say_clash(clash))
        elif forms:
            forms[0].add_error(None, change_words.say_clash(clash))


def _request_page(
    request: DeskRequest,
    grant: Grant,
    history: History,
    *,
    forms: list[VerdictForm] | None = None,
    whole: DecisionForm | None = None,
    back: ReturnForm | None = None,
    problem: str = "",
) -> HttpResponse:
    asked = history.request
    shown = history.revision(addresses.number(request.GET.get("revision")))
    if shown is None:
        raise Http404
    found = changes.read(shown)
    waits = ChangeState.WAITING if asked.party == Party.ROOM else ChangeState.ANSWERED
    may_decide = request.desk.may_decide(grant.programme.distributor_id)
    decides = may_decide and asked.state == waits and shown.number == asked.last_revision
    if decides and forms is None:
        forms = [
            VerdictForm(unit=unit, choices=DECIDE, initial={"cut": found.said[unit.key].meaning_changed})
            for unit in found.units
        ]
    whole, back = whole or DecisionForm(grant=grant, base=shown.base), back or ReturnForm()
    typed = [] if decides else change_forms.typed_words([*(forms or ()), whole, back])
    said = change_words.say(found)
    by_key = {str(one.prefix): one for one in forms or ()}
    for one in said:
        one.form = by_key.get(one.key) if decides else None
    errors = change_forms.errors_of([*by_key.values(), whole, back], found.units) if decides else []
    context: dict[str, Any] = {
        "grant": grant,
        "programme": grant.programme,
        "asked": asked,
        "history": history,
        "shown": shown,
        "said": said,
        "rows": words.shown(found.new),
        "round": grant.programme.rounds.filter(number=asked.effective_from_round or 0).first(),
        "whole": whole,
        "back": back,
        "outcomes": any(one.concerns_outcome for one in found.units),
        "decides": decides,
        "may_return": decides and asked.party == Party.ROOM,
        "may_withdraw": may_decide and asked.party == Party.DESK and asked.is_open,
        "problem": problem,
        "typed": typed,
        "errors": errors,
    }
    return render(request, "setup/change_request.html", context, status=422 if errors or problem else 200)
