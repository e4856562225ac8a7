"""The start page, and what people set for themselves."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts import kept, signing_in
from minori.accounts.access import signed_in_only
from minori.accounts.adapter import speak
from minori.accounts.forms import PasswordForm, SettingsForm
from minori.accounts.models import User
from minori.accounts.places import places_of
from minori.accounts.requests import PersonRequest
from minori.accounts.views.signing_in import TOO_MANY, UNPROCESSABLE


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go where the person belongs; where that is several places, ask."""
    user = request.user
    if not isinstance(user, User):
        return redirect(settings.LOGIN_URL)
    places = places_of(user, vars(request)["person"])
    if len(places) == 1:
        return redirect(places[0].url)
    return render(request, "account/home.html", {"places": places})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def change_settings(request: PersonRequest) -> HttpResponse:
    """Name, telephone, language; the language applies at once."""
    initial = texts.dict() if (texts := kept.take(request)) else None
    form = SettingsForm(request.POST or None, instance=request.person, initial=initial)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        with translation.override(person.language):
            messages.success(request, _("Your settings have been saved."))
        response = redirect("accounts:settings")
        speak(response, person.language)
        return response
    context = {
        "form": form,
        "email": request.user.email,
        "has_password": request.user.has_usable_password(),
        "places": places_of(request.user, request.person),
    }
    return render(request, "account/settings.html", context, status=UNPROCESSABLE if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def change_password(request: PersonRequest) -> HttpResponse:
    """Set a password, or change it; other sessions of this person end."""
    user = request.user
    asks_old = user.has_usable_password() and not signing_in.by_code_recently(request, user)
    form = PasswordForm(request.POST or None, user=user, asks_old=asks_old)
    status = 200
    if request.method == "POST":
        if not ratelimit.consume(request, action="change_password"):
            messages.error(request, _("Too many attempts. Please wait a few minutes and try again."))
            form, status = PasswordForm(user=user, asks_old=asks_old), TOO_MANY
        elif form.is_valid():
            user.set_password(form.cleaned_data["new"])
            user.save(update_fields=["password"])
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password has been set."))
            return redirect("accounts:settings")
        else:
            status = UNPROCESSABLE
    context = {"form": form, "has_password": user.has_usable_password()}
    return render(request, "account/password.html", context, status=status)


@require_POST
@signed_in_only
def drop_kept(request: PersonRequest) -> HttpResponse:
    """Forget what had been typed into a page before the session had ended."""
    path = request.POST.get("path", "")
    kept.drop(request, path)
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return redirect(path if local else "/")
