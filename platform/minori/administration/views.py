"""Pages of the administration: distributors and their staff, organizations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts import kept
from minori.accounts.enums import StaffRole
from minori.accounts.models import Invitation
from minori.accounts.requests import PersonRequest, actor
from minori.administration import distributors, queries
from minori.administration.access import administrators_only
from minori.administration.forms import DistributorForm
from minori.health import state as health
from minori.houses import queries as houses
from minori.houses import steps
from minori.houses.forms import InvitationForm
from minori.programmes.models import Distributor
from minori.ui.keeping import saved

UNPROCESSABLE = 422
PER_PAGE = 50


@require_safe
@administrators_only
def home(request: PersonRequest) -> HttpResponse:
    """All distributors."""
    return render(request, "administration/home.html", {"distributors": queries.distributors()})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def create_distributor(request: PersonRequest) -> HttpResponse:
    """A new distributor; its first manager is invited next."""
    texts = kept.take(request)
    form = DistributorForm(request.POST or None, initial=texts.dict() if texts else None)
    if request.method == "POST" and form.is_valid():
        distributor = distributors.create(**form.cleaned_data, by=actor(request.person), at=timezone.now())
        messages.success(request, _("The distributor has been created. Invite its first manager now."))
        return redirect("administration:distributor", slug=distributor.slug)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "administration/create_distributor.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def distributor(request: PersonRequest, slug: str) -> HttpResponse:
    """Who works at a distributor, who is invited; posting invites."""
    chosen = get_object_or_404(Distributor, slug=slug)
    texts = kept.take(request)
    form = InvitationForm(
        request.POST or None,
        initial=texts.dict() if texts else None,
        roles=StaffRole.choices,
        usual=StaffRole.MANAGER,
    )
    if request.method == "POST" and form.is_valid() and steps.invite(request, form, chosen):
        return saved(request, redirect("administration:distributor", slug=slug), form="invite-form")
    context = {
        "house": chosen,
        "form": form,
        "members": houses.staff(chosen),
        "invited": houses.invited(chosen, at=timezone.now()),
        "roles": StaffRole.choices,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "administration/distributor.html", context, status=status)


@require_POST
@administrators_only
def change_staff(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Give somebody of the distributor another role, or end it."""
    chosen = get_object_or_404(Distributor, slug=slug)
    steps.change_membership(request, get_object_or_404(houses.staff(chosen), pk=pk))
    return redirect("administration:distributor", slug=slug)


@require_POST
@administrators_only
def change_invitation(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation to the distributor again, or withdraw it."""
    steps.change_invitation(request, get_object_or_404(Invitation, distributor__slug=slug, pk=pk))
    return redirect("administration:distributor", slug=slug)


@require_safe
@administrators_only
def state(request: PersonRequest) -> HttpResponse:
    """How the installation is doing: regular tasks, mail, queue, workers."""
    found = health.look(timezone.now())
    return render(request, "administration/state.html", {"state": found})


@require_safe
@administrators_only
def organizations(request: PersonRequest) -> HttpResponse:
    """All organizations with their state."""
    page = Paginator(queries.organizations(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "administration/organizations.html", {"page": page})
