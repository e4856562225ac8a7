"""Who works in an organization: roles, invitations, and whether its room is ready."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts import invitations, memberships
from minori.accounts.enums import Role
from minori.accounts.requests import DeskRequest, actor
from minori.houses import steps
from minori.houses.queries import invited, members
from minori.mail import addresses, inviting
from minori.organizations.models import Organization
from minori.programmes.models import Grant
from minori.ui.keeping import saved
from reporting.access import desk_only, may_decide_about, organization_or_404
from reporting.reminding.queries import is_silent
from reporting.setup import grants as rules
from reporting.setup.forms.grants import InviteeForm
from reporting.setup.views.errors import errors_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def people(request: DeskRequest, slug: str) -> HttpResponse:
    """Everybody with a role in the organization, who is invited, and a form to invite."""
    organization = organization_or_404(request, slug)
    may_decide = may_decide_about(request, organization)
    form = InviteeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        if rules.invite(organization, form.invitee(), by=actor(request.person), at=timezone.now()):
            messages.success(request, _("The invitation is on its way."))
            return saved(request, redirect("setup:people", slug=slug), form="invite")
        form.add_error("email", _("This person holds this role already."))
    now, known = timezone.now(), addresses.with_flags(members(organization))
    context = {
        "organization": organization,
        "grants": list(
            Grant.objects.filter(
                organization=organization, programme__distributor__in=request.desk.distributor_ids
            ).order_by("-starts_on", "pk")
        ),
        "members": known,
        "unheard": is_silent(known),
        "invitations": [
            (one.invitation, one.standing, Role(one.invitation.role).label, one.flag, one.mails)
            for one in invited(organization, at=now)
        ],
        "form": form,
        "errors": errors_of(form),
        "may_decide": may_decide,
    }
    return render(request, "setup/people.html", context, status=422 if form.errors else 200)


@require_safe
@desk_only
def room_state(request: DeskRequest, slug: str) -> HttpResponse:
    """Whether the organization's room is ready: a part of pages, asked for again until it is."""
    return render(request, "setup/room_state.html", {"organization": organization_or_404(request, slug)})


@require_POST
@desk_only
def resend(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """Mail a new link."""
    organization = _deciding(request, slug)
    invitation = get_object_or_404(invitations.of(organization=organization), pk=pk)
    try:
        inviting.resend(invitation, by=actor(request.person), at=timezone.now())
    except invitations.NotOpen:
        messages.error(request, _("This invitation has been accepted or taken back already."))
    else:
        messages.success(request, _("The invitation is on its way once more."))
    return redirect("setup:people", slug=slug)


@require_POST
@desk_only
def revoke(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back: its link stops working."""
    organization = _deciding(request, slug)
    invitation = get_object_or_404(invitations.of(organization=organization), pk=pk)
    try:
        invitations.revoke(invitation, by=actor(request.person), at=timezone.now())
    except invitations.NotOpen:
        messages.error(request, _("This invitation has been accepted or taken back already."))
    else:
        messages.success(request, _("The invitation has been taken back."))
    return redirect("setup:people", slug=slug)


@require_POST
@desk_only
def end(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """End somebody's role in the organization."""
    organization = _deciding(request, slug)
    membership = get_object_or_404(members(organization), pk=pk)
    try:
        memberships.end(membership, by=actor(request.person), at=timezone.now())
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, _("The role has been ended."))
    return redirect("setup:people", slug=slug)


@require_POST
@desk_only
def clear_address(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """Let mails be written to somebody's address again."""
    organization = _deciding(request, slug)
    steps.clear_address(request, get_object_or_404(members(organization), pk=pk))
    return redirect("setup:people", slug=slug)


def _deciding(request: DeskRequest, slug: str) -> Organization:
    organization = organization_or_404(request, slug)
    if not may_decide_about(request, organization):
        raise PermissionDenied
    return organization
