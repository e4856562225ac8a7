"""Pages on which a house looks after its own people: an organization's approvers, a distributor's managers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts import kept
from minori.accounts.enums import Role, StaffRole
from minori.accounts.models import Invitation
from minori.accounts.requests import PersonRequest
from minori.houses import queries, steps
from minori.houses.access import approvers_of_it, managers_of_it
from minori.houses.forms import InvitationForm
from minori.mail import addresses
from minori.organizations.models import Organization
from minori.programmes import contacts
from minori.programmes.models import Distributor
from minori.ui.keeping import saved

UNPROCESSABLE = 422
FORM = "invite-form"


@require_http_methods(["GET", "HEAD", "POST"])
@approvers_of_it
def people(request: PersonRequest, organization: Organization) -> HttpResponse:
    """Who works in the organization, who is invited; posting invites."""
    form = _form(request, roles=Role.choices, usual=Role.EDITOR)
    if request.method == "POST" and form.is_valid() and steps.invite(request, form, organization):
        return saved(request, redirect("houses:people", slug=organization.slug), form=FORM)
    shown = {
        "members": addresses.with_flags(queries.members(organization)),
        "roles": Role.choices,
        "help_contact": contacts.of_organizations([organization.pk]),
    }
    return _page(request, "houses/people.html", organization, form, shown)


@require_POST
@approvers_of_it
def change_member(request: PersonRequest, organization: Organization, pk: int) -> HttpResponse:
    """Give somebody of the organization another role, or end it."""
    steps.change_membership(request, get_object_or_404(queries.members(organization), pk=pk))
    still = queries.members(organization).filter(person=request.person, role=Role.APPROVER)
    if not still.exists():  # whoever ends their own role does not see this page again
        return redirect("home")
    return redirect("houses:people", slug=organization.slug)


@require_POST
@approvers_of_it
def change_invitation(request: PersonRequest, organization: Organization, pk: int) -> HttpResponse:
    """Send an invitation to the organization again, or withdraw it."""
    steps.change_invitation(request, get_object_or_404(Invitation, organization=organization, pk=pk))
    return redirect("houses:people", slug=organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_of_it
def staff(request: PersonRequest, distributor: Distributor) -> HttpResponse:
    """Who works at the distributor, who is invited; posting invites."""
    form = _form(request, roles=StaffRole.choices, usual=StaffRole.OFFICER)
    if request.method == "POST" and form.is_valid() and steps.invite(request, form, distributor):
        return saved(request, redirect("houses:staff", slug=distributor.slug), form=FORM)
    shown = {"members": addresses.with_flags(queries.staff(distributor)), "roles": StaffRole.choices}
    return _page(request, "houses/staff.html", distributor, form, shown)


@require_POST
@managers_of_it
def change_staff(request: PersonRequest, distributor: Distributor, pk: int) -> HttpResponse:
    """Give somebody of the distributor another role, or end it."""
    membership = get_object_or_404(queries.staff(distributor), pk=pk)
    if not steps.change_membership(request, membership):
        page = reverse("handover:index", kwargs={"slug": distributor.slug})  # the desk's: known by name only
        return redirect(f"{page}?from={membership.person_id}")
    still = queries.staff(distributor).filter(person=request.person, role=StaffRole.MANAGER)
    if not still.exists():
        return redirect("home")
    return redirect("houses:staff", slug=distributor.slug)


@require_POST
@managers_of_it
def change_staff_invitation(request: PersonRequest, distributor: Distributor, pk: int) -> HttpResponse:
    """Send an invitation to the distributor again, or withdraw it."""
    steps.change_invitation(request, get_object_or_404(Invitation, distributor=distributor, pk=pk))
    return redirect("houses:staff", slug=distributor.slug)


def _form(request: PersonRequest, **about: Any) -> InvitationForm:
    texts = kept.take(request)
    return InvitationForm(request.POST or None, initial=texts.dict() if texts else None, **about)


def _page(
    request: PersonRequest,
    template: str,
    house: Organization | Distributor,
    form: InvitationForm,
    shown: dict[str, Any],
) -> HttpResponse:
    context = {"house": house, "form": form, "invited": queries.invited(house, at=timezone.now()), **shown}
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)
