"""What pages about people do when a button is pressed, and what they say then."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from minori.accounts import invitations, memberships
from minori.accounts.enums import Role, StaffRole
from minori.accounts.invitations import NotOpen
from minori.accounts.memberships import AnyMembership
from minori.accounts.models import Invitation, Membership
from minori.accounts.requests import PersonRequest, actor
from minori.houses.forms import InvitationForm
from minori.mail import addresses, inviting
from minori.organizations.models import Organization
from minori.programmes.models import Distributor

MOST_WAITING = 50
"""So many invitations to one house may wait at once: nobody's pages send mail without end."""


def invite(request: PersonRequest, form: InvitationForm, house: Organization | Distributor) -> bool:
    """Invite whom the valid form names; False with the reason in the form where that cannot be."""
    where = {"distributor": house} if isinstance(house, Distributor) else {"organization": house}
    if invitations.waiting(**where).count() >= MOST_WAITING:
        form.add_error(None, _("Too many invitations wait for an answer. Withdraw some of them first."))
        return False
    try:
        invitation = inviting.invite(
            **form.cleaned_data, **where, by=actor(request.person), at=timezone.now()
        )
    except ValidationError as error:
        form.add_error("role", error)
        return False
    say_on_its_way(request, invitation)
    return True


def change_membership(request: PersonRequest, membership: AnyMembership) -> bool:
    """End the role or give another one, as the posted button says; False where grants must be handed over first."""
    by, at = actor(request.person), timezone.now()
    known = Role.values if isinstance(membership, Membership) else StaffRole.values
    try:
        if request.POST.get("action") == "end":
            memberships.end(membership, by=by, at=at)
            messages.success(request, _("The role has been ended."))
        elif request.POST.get("action") == "clear_address":
            clear_address(request, membership)
        elif (role := request.POST.get("role", "")) in known:
            memberships.change(membership, role=role, by=by, at=at)
            messages.success(request, _("The role has been changed."))
    except memberships.LastOne as refused:
        messages.error(request, " ".join(refused.messages))
    except memberships.StillInCharge as refused:
        messages.error(request, " ".join(refused.messages))
        return False
    return True


def clear_address(request: PersonRequest, membership: AnyMembership) -> None:
    """Let mails be written to somebody's address again, and say so."""
    for one in addresses.flagged([membership.person.email]).values():
        addresses.clear(one, by=actor(request.person), at=timezone.now())
    messages.success(request, _("Mails are written to this address again."))


def change_invitation(request: PersonRequest, invitation: Invitation) -> None:
    """Send the invitation again or withdraw it, as the posted button says."""
    by, at = actor(request.person), timezone.now()
    try:
        if request.POST.get("action") == "revoke":
            invitations.revoke(invitation, by=by, at=at)
            messages.success(request, _("The invitation has been withdrawn."))
        else:
            say_on_its_way(request, inviting.resend(invitation, by=by, at=at))
    except NotOpen:
        messages.error(request, _("The invitation has been used or withdrawn in the meantime."))


def say_on_its_way(request: HttpRequest, invitation: Invitation) -> None:
    """Tell on the next page that the mail goes out; the list of invitations says what becomes of it."""
    words = {"email": invitation.email}
    messages.success(
        request,
        _("The invitation to %(email)s goes out within minutes. The list says what became of the mail.")
        % words,
    )
