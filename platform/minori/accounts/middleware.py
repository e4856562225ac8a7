"""Who is here: the person behind the signed-in user, and what was kept for them."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control

from minori.accounts import kept

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PersonMiddleware:
    """Sets `request.person`: the signed-in person, or None; what they are shown is for them alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        # the person came with the user (accounts.backends), or there is none
        person = getattr(user, "person", None) if user.is_authenticated else None
        vars(request)["person"] = person  # typed in `accounts.requests`
        response = self.get_response(request)
        if user.is_authenticated and not response.has_header("Cache-Control"):
            # asked for anew each time: a shared computer or proxy shows nobody what somebody else has read
            patch_cache_control(response, private=True, no_cache=True)
        return response


class KeptMiddleware:
    """Sets `request.kept`: what was typed into this page before the session had ended, or None.

    Stands before RoomMiddleware, because a room reads no session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        vars(request)["kept"] = kept.offered(request, at=timezone.now())
        return kept.settle(request, self.get_response(request))
