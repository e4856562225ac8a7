"""The page an invitation's link leads to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from minori.accounts import invitations
from minori.accounts.invitations import MustSignIn, NotOpen, SignInClosed, SomebodyElse, Standing
from minori.accounts.models import Invitation, User
from minori.accounts.views.signing_in import mail_code

GONE = 410


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites to what; on the button, join. The link itself signs nobody in."""
    invitation = invitations.find(token)
    if invitation is None:
        return render(request, "account/join_unknown.html", status=404)
    if not request.COOKIES.get("django_language"):
        translation.activate(invitation.language)
    stands = invitations.standing(invitation, at=timezone.now())
    if stands is not Standing.OPEN:
        return _gone(request, invitation, stands)
    if request.method == "POST":
        return _join(request, invitation)
    return _show(request, invitation)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    try:
        invitations.accept(invitation, signed_in=user, at=timezone.now())
    except NotOpen as refused:
        return _gone(request, invitation, refused.standing)
    except MustSignIn:
        # somebody signs in with this address: a code first, then this page again
        return mail_code(request, address=invitation.email, next_url=request.path)
    except SomebodyElse:
        return _show(request, invitation)
    except SignInClosed:
        messages.error(request, _("This account has been closed. Please ask the person who invited you."))
        return _show(request, invitation)
    messages.success(request, _("You have joined %(house)s.") % {"house": invitation.house})
    if user is None:
        return mail_code(request, address=invitation.email, next_url="/")
    return redirect("home")


def _show(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    here = request.user if isinstance(request.user, User) else None
    context = {
        "invitation": invitation,
        "somebody_else": here is not None and here.email != invitation.email,
        "signed_in_as": here.email if here else "",
    }
    return render(request, "account/join.html", context)


def _gone(request: HttpRequest, invitation: Invitation, stands: Standing) -> HttpResponse:
    context = {"invitation": invitation, "standing": stands.value}
    return render(request, "account/join_gone.html", context, status=GONE)
