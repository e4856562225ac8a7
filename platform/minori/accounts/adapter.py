"""How sign-in behaves here, where allauth asks."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minori.accounts import kept
from minori.accounts.models import Person, User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves: people are invited."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts. Please wait a few minutes and try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very site, written without a host."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(self, *args: Any, message: str | None = None, **kwargs: Any) -> None:
        """Our pages say what happened; allauth's own notes (which repeat addresses) are left out."""
        if message:
            super().add_message(*args, message=message, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, _("This account has been closed. Please ask the person who invited you."))
        return redirect(settings.LOGIN_URL)

    def post_login(self, request: HttpRequest, user: User, **hook: Any) -> HttpResponse:
        """After every sign-in: the person's language applies, and what was kept for others here is forgotten."""
        response: HttpResponse = super().post_login(request, user, **hook)
        kept.belongs_to(request, response, user)
        person = Person.objects.filter(user=user).first()
        if person is not None:
            speak(response, person.language)
        return response


def speak(response: HttpResponse, language: str) -> None:
    """From the next page on, speak this language in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
