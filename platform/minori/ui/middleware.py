"""Answering when the database is away and when a filing cannot be read; requests without NUL."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase

from minori.filings.unreadable import Unreadable
from minori.ui import errors
from minori.ui.connection import is_away


class DatabaseAway:
    """Turns "cannot connect" raised by a view into a page that says so (503); leaves every other error alone.

    What other middleware raises never passes here: Django has made a 500 of it by then, so
    `errors.server_error` looks at the error as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that could not reach the database."""
        return errors.database_away(request) if is_away(exception) else None


class UnreadableFiling:
    """Turns a filing that a view cannot read into a page that says which one and what to do (422)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that met such a filing."""
        return errors.unreadable(request, exception) if isinstance(exception, Unreadable) else None


class WithoutNul:
    """Takes NUL out of addresses and forms before anybody reads them: no person types it, and PostgreSQL cannot store it.

    Forms with files are left to the fields that read them: their views choose first how files are taken in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on without NUL."""
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]  # as good as Django's own
        if request.content_type == "application/x-www-form-urlencoded":
            try:
                posted = request.POST
            except (RequestDataTooBig, TooManyFieldsSent, UnreadablePostError):
                return self.get_response(request)  # said where it is read
            if any("\0" in value for name in posted for value in (name, *posted.getlist(name))):
                request.POST = _without_nul(posted)  # type: ignore[assignment]  # as good as Django's own
        return self.get_response(request)


def _without_nul(given: QueryDict) -> QueryDict:
    found = QueryDict(mutable=True)
    for name in given:
        found.setlist(name.replace("\0", ""), [str(one).replace("\0", "") for one in given.getlist(name)])
    return found
