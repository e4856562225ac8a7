"""Answering when the database is away, and when a filing cannot be read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
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
