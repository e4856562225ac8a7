"""One grant's deadline in one round: answering a request, another date, more time, or no report at all."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.requests import DeskRequest, actor
from minori.programmes import date_history, extensions
from minori.programmes import deadlines as rules
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.programmes.models import Deadline, ExtensionRequest
from minori.ui import addresses
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, grant_or_404, must_decide
from reporting.setup.forms.dates import (
    ClosingForm,
    DecliningForm,
    DueForm,
    ExtensionForm,
    GrantingForm,
    SureForm,
    WaiverForm,
)
from reporting.setup.queries import rounds_without_deadline
from reporting.setup.views.errors import errors_of

FORMS: dict[str, type[forms.Form]] = {
    "move": DueForm,
    "extend": ExtensionForm,
    "close": ClosingForm,
    "waive": WaiverForm,
    "grant": GrantingForm,
    "decline": DecliningForm,
}
RULES: dict[str, Callable[..., Any]] = {
    "move": rules.move,
    "extend": rules.extend,
    "close": rules.close_on,
    "waive": rules.waive,
    "require": rules.require_again,
}
SEEN = frozenset({"move", "extend", "close"})
"""Steps that name which dates the page showed: two officers at once hear of each other."""
ANSWERS: dict[str, Callable[..., Any]] = {"grant": extensions.grant, "decline": extensions.decline}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def deadline(request: DeskRequest, pk: int) -> HttpResponse:
    """One deadline with its history; the button that was pressed says what is to happen."""
    shown = deadline_or_404(request, pk)
    if request.method != "POST":
        return _draw(request, shown, {})
    must_decide(request, shown.grant.programme.distributor_id)
    step = request.POST.get("step", "")
    sent = FORMS[step](request.POST, prefix=step) if step in FORMS else None
    if step not in RULES | ANSWERS:
        return _draw(request, shown, {})
    if sent is not None and not sent.is_valid():
        return _draw(request, shown, {step: sent})
    facts = sent.cleaned_data if sent is not None else {}
    if step in SEEN:
        facts |= {"seen": addresses.number(request.POST.get("seen"))}
    subject = _request_or_404(request, shown) if step in ANSWERS else shown
    before = _dates(shown)
    try:
        (RULES | ANSWERS)[step](subject, **facts, by=actor(request.person), at=timezone.now())
    except rules.AskAgain as problem:
        if isinstance(sent, SureForm):
            sent.ask(str(problem))
        return _draw(request, shown, {step: sent} if sent else {})
    except rules.DeadlineProblem as problem:
        again = deadline_or_404(request, pk)  # perhaps it was handed in, or the request withdrawn, meanwhile
        if sent is not None:
            sent.add_error(None, str(problem))  # so that its form is open, with what was entered
        return _draw(request, again, {step: sent} if sent else {}, problem="" if sent else str(problem))
    if step in SEEN and _dates(deadline_or_404(request, pk)) == before:
        messages.info(request, _("These were the dates already: nothing has changed, and nobody is told."))
    else:
        messages.success(request, _("Saved. The organization is told by mail."))
    return saved(request, redirect("setup:deadline", pk=pk), form=step)


def _dates(one: Deadline) -> tuple[object, ...]:
    return (one.due_version, one.closes_on)


def _request_or_404(request: DeskRequest, shown: Deadline) -> ExtensionRequest:
    """The request that the page showed; if it was settled meanwhile, the rule says so."""
    asked = shown.extension_requests.select_related("deadline")
    return get_object_or_404(asked, pk=addresses.number(request.POST.get("request")) or 0)


def _draw(
    request: DeskRequest, shown: Deadline, sent: dict[str, forms.Form], *, problem: str = ""
) -> HttpResponse:
    asked = extensions.open_request(shown)
    initial = {
        "due_on": shown.due_on,
        "closes_on": shown.closes_on,
        "to": asked.until if asked else None,
    }
    errors = [*errors_of(*sent.values()), *([{"text": problem}] if problem else [])]
    may_decide = request.desk.may_decide(shown.grant.programme.distributor_id)
    today = shown.grant.programme.distributor.local_date(timezone.now())
    context = {
        "deadline": shown,
        "standing": shown.standing(today),
        "overdue": max(0, -shown.days_left(today)) if shown.state in OPEN_STATES else 0,
        "closed": shown.has_closed(today) and shown.state == DeadlineState.AWAITING,
        "grant": shown.grant,
        "programme": shown.grant.programme,
        "asked": asked,
        "forms": {name: sent.get(name) or form(prefix=name, initial=initial) for name, form in FORMS.items()},
        "errors": errors,
        "may_decide": may_decide,
        "can_change": may_decide and shown.state == DeadlineState.AWAITING,
        "entries": [one for one in date_history.of(shown) if not asked or one.request != asked],
    }
    return render(request, "setup/deadline.html", context, status=422 if errors else 200)


@require_POST
@desk_only
def require(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Ask a grant for a report in a round that its dates alone do not ask for."""
    grant = grant_or_404(request, code)
    must_decide(request, grant.programme.distributor_id)
    round_ = get_object_or_404(rounds_without_deadline(grant), number=number)
    rules.require(grant, round_, by=actor(request.person), at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("setup:grant", code=code)
