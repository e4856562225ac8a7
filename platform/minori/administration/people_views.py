"""Pages of the administration: people."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from minori.accounts import users
from minori.accounts.models import Person, User
from minori.accounts.requests import PersonRequest, actor
from minori.administration import queries
from minori.administration.access import administrators_only
from minori.report_forms.texts import clean

PER_PAGE = 50

_STEPS: dict[str, tuple[Callable[..., None], Promise]] = {
    "close": (users.close, _("This person can no longer sign in.")),
    "reopen": (users.reopen, _("This person can sign in again.")),
    "make_administrator": (users.make_administrator, _("This person is an administrator now.")),
    "end_administrator": (users.end_administrator, _("This person is no longer an administrator.")),
}


@require_safe
@administrators_only
def people(request: PersonRequest) -> HttpResponse:
    """People who sign in, searched by address or name."""
    words = clean(request.GET.get("q", "")).strip()
    page = Paginator(queries.people(words), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "administration/people.html", {"page": page, "q": words})


@require_safe
@administrators_only
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """One person: roles, and whether they may sign in and administer."""
    account = get_object_or_404(User, pk=pk)
    shown = Person.objects.filter(user=account).first()
    context = {"account": account, "shown": shown, "roles": queries.roles(shown) if shown else []}
    return render(request, "administration/person.html", context)


@require_POST
@administrators_only
def change_person(request: PersonRequest, pk: int) -> HttpResponse:
    """Close or reopen a sign-in, make or end an administrator."""
    account = get_object_or_404(User, pk=pk)
    step = _STEPS.get(request.POST.get("action", ""))
    if step is not None:
        change, done = step
        try:
            change(account, by=actor(request.person), at=timezone.now())
            messages.success(request, str(done))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    return redirect("administration:person", pk=pk)
