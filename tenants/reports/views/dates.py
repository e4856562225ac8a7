"""The dates of a report: what is in force, what it was before, and asking the officer for more time."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.requests import RoomRequest, actor
from minori.programmes import date_history, extensions
from minori.programmes.enums import DeadlineState
from minori.programmes.extensions import DeadlineProblem
from minori.ui.keeping import saved
from tenants.access import writers_only
from tenants.reports import queries
from tenants.reports.forms import MoreTimeForm
from tenants.reports.queries import Stand
from tenants.reports.views.shared import address, help_contact


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """The dates with their history; a POST asks for more time."""
    del organization
    stand = queries.standing(queries.deadline_or_404(deadline), at=timezone.now())
    if request.method == "POST":
        return _ask(request, stand)
    return _draw(request, stand, MoreTimeForm(initial=vars(request).get("kept")))


@writers_only
def _ask(request: RoomRequest, stand: Stand) -> HttpResponse:
    form = MoreTimeForm(request.POST)
    if form.is_valid():
        try:
            extensions.ask(stand.deadline, **form.cleaned_data, by=actor(request.person), at=timezone.now())
        except DeadlineProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The officer has been asked. You are told of the answer by mail."))
            there = address(request, "dates", deadline=stand.deadline.pk)
            return saved(request, redirect(there), form="more-time")
    return _draw(request, stand, form, status=422)


@require_POST
@writers_only
def withdraw(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Ask no longer."""
    del organization
    one = queries.deadline_or_404(deadline)
    asked = extensions.open_request(one)
    if asked is None:
        messages.error(request, _("There is no open request."))
    else:
        try:
            extensions.withdraw(asked, by=actor(request.person), at=timezone.now())
        except DeadlineProblem as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The request has been withdrawn."))
    return redirect(address(request, "dates", deadline=deadline))


def _draw(request: RoomRequest, stand: Stand, form: MoreTimeForm, *, status: int = 200) -> HttpResponse:
    one = stand.deadline
    history = date_history.of(one)
    asked = next((entry.request for entry in history if entry.request and not entry.request.settled_at), None)
    writes = bool(request.roles & WRITING_ROLES)
    context = {
        "deadline": one,
        "stand": stand,
        "form": form,
        "entries": [entry for entry in history if not asked or entry.request != asked],
        "asked": asked,
        "may_ask": writes and asked is None and one.state == DeadlineState.AWAITING,
        "may_withdraw": writes and asked is not None,
        "kept": vars(request).get("kept"),
        "help_contact": help_contact(one),
    }
    return render(request, "reports/dates.html", context, status=status)
