"""One grant's deadline in one round: another date, more time, or no report at all."""

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
from minori.audit.models import Event
from minori.programmes import deadlines as rules
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, grant_or_404, must_decide
from reporting.setup.forms.grants import DueForm, ExtensionForm, WaiverForm
from reporting.setup.queries import rounds_without_deadline
from reporting.setup.views.errors import errors_of

FORMS: dict[str, type[forms.Form]] = {"move": DueForm, "extend": ExtensionForm, "waive": WaiverForm}
RULES: dict[str, Callable[..., Deadline]] = {
    "move": rules.move,
    "extend": rules.extend,
    "waive": rules.waive,
    "require": rules.require_again,
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def deadline(request: DeskRequest, pk: int) -> HttpResponse:
    """One deadline with its history; the button that was pressed says what is to happen."""
    shown = deadline_or_404(request, pk)
    must_decide(request, shown.grant.programme.distributor_id)
    step = request.POST.get("step", "")
    made: dict[str, Any] = {
        name: form(request.POST if name == step else None, prefix=name, initial={"due_on": shown.due_on})
        for name, form in FORMS.items()
    }
    problem = ""
    if request.method == "POST" and step in RULES and (step not in made or made[step].is_valid()):
        facts = made[step].cleaned_data if step in made else {}
        try:
            RULES[step](shown, **facts, by=actor(request.person), at=timezone.now())
        except rules.DeadlineProblem as error:
            problem = str(error)
        else:
            messages.success(request, _("Saved."))
            return saved(request, redirect("setup:grant", code=shown.grant.code), form=step)
    errors = [*errors_of(*made.values()), *([{"text": problem}] if problem else [])]
    context = {
        "deadline": shown,
        "grant": shown.grant,
        "programme": shown.grant.programme,
        "forms": made,
        "errors": errors,
        "can_change": shown.state == DeadlineState.AWAITING,
        "events": Event.objects.for_desk().filter(deadline_id=shown.pk).order_by("-pk"),
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
