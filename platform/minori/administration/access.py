"""Who may look after the installation. The one place of this side."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from minori.accounts import kept
from minori.accounts.requests import PersonRequest

P = ParamSpec("P")
View = Callable[Concatenate[PersonRequest, P], HttpResponse]


def administrators_only(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only administrators: others get 404, the signed-out the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return kept.sign_in(request)
        if not request.user.is_administrator or vars(request)["person"] is None:
            raise Http404
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it is a PersonRequest from here on

    return guarded
