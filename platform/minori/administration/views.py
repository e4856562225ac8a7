"""Pages of the administration: distributors and their staff, organizations."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts import invitations, kept, memberships
from minori.accounts.enums import StaffRole
from minori.accounts.invitations import NotOpen
from minori.accounts.models import Invitation, StaffMembership
from minori.accounts.requests import PersonRequest, actor
from minori.administration import distributors, queries
from minori.administration.access import administrators_only
from minori.administration.forms import DistributorForm, InvitationForm
from minori.programmes.models import Distributor

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
    form = InvitationForm(request.POST or None, initial=texts.dict() if texts else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(
                **form.cleaned_data, distributor=chosen, by=actor(request.person), at=timezone.now()
            )
        except ValidationError as error:
            form.add_error("role", error)
        else:
            _say_whether_mailed(request, invitation)
            return redirect("administration:distributor", slug=slug)
    context: dict[str, Any] = {
        "chosen": chosen,
        "form": form,
        "staff": queries.staff(chosen),
        "invitations": [
            (one, invitations.standing(one, at=timezone.now()).value)
            for one in invitations.waiting(distributor=chosen)
        ],
        "roles": StaffRole.choices,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "administration/distributor.html", context, status=status)


@require_POST
@administrators_only
def change_staff(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Give somebody of the distributor another role, or end it."""
    membership = get_object_or_404(StaffMembership.objects.active(), distributor__slug=slug, pk=pk)
    by, at = actor(request.person), timezone.now()
    try:
        if request.POST.get("action") == "end":
            memberships.end(membership, by=by, at=at)
            messages.success(request, _("The role has been ended."))
        elif (role := request.POST.get("role", "")) in StaffRole.values:
            memberships.change(membership, role=role, by=by, at=at)
            messages.success(request, _("The role has been changed."))
    except memberships.LastOne as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("administration:distributor", slug=slug)


@require_POST
@administrators_only
def change_invitation(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Send an invitation to the distributor again, or withdraw it."""
    invitation = get_object_or_404(Invitation, distributor__slug=slug, pk=pk)
    by, at = actor(request.person), timezone.now()
    try:
        if request.POST.get("action") == "revoke":
            invitations.revoke(invitation, by=by, at=at)
            messages.success(request, _("The invitation has been withdrawn."))
        else:
            _say_whether_mailed(request, invitations.resend(invitation, by=by, at=at))
    except NotOpen:
        messages.error(request, _("The invitation has been used or withdrawn in the meantime."))
    return redirect("administration:distributor", slug=slug)


@require_safe
@administrators_only
def organizations(request: PersonRequest) -> HttpResponse:
    """All organizations with their state."""
    page = Paginator(queries.organizations(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "administration/organizations.html", {"page": page})


def _say_whether_mailed(request: PersonRequest, invitation: Invitation) -> None:
    words = {"email": invitation.email}
    if invitation.sent_at:
        messages.success(request, _("The invitation has been sent to %(email)s.") % words)
    else:
        messages.error(
            request,
            _(
                "The invitation to %(email)s is written down, but the mail server does not answer. Send it again later."
            )
            % words,
        )
