"""Telling the device that what it kept was saved (see `static/ui/js/keep.js`)."""

from typing import TypeVar
from urllib.parse import quote

from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "minori_saved"
SECONDS = 300

Response = TypeVar("Response", bound=HttpResponseBase)


def saved(request: HttpRequest, response: Response, *, form: str) -> Response:
    """Say that the form with the id `form`, posted to this address, was saved; returns the response.

    Without it the device keeps offering what was typed there, until the form shows the same text.
    """
    response.set_cookie(
        COOKIE,
        quote(f"{request.path}#{form}", safe=""),
        max_age=SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
