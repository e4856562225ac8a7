"""Who is here: the person behind the signed-in user, and what was kept for them."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from minori.accounts import kept

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PersonMiddleware:
    """Sets `request.person`: the signed-in person, or None."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        # the person came with the user (accounts.backends), or there is none
        person = getattr(user, "person", None) if user.is_authenticated else None
        vars(request)["person"] = person  # typed in `accounts.requests`
        return self.get_response(request)


class KeptMiddleware:
    """Sets `request.kept`: what was typed into this page before the session had ended, or None.

    Stands before RoomMiddleware, because a room reads no session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        vars(request)["kept"] = kept.offered(request, at=timezone.now())
        return kept.settle(request, self.get_response(request))
