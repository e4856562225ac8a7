"""Answering for health before anything else is asked."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from minori.health import views

_ANSWERS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/healthz": views.alive,
    "/readyz": views.ready,
}


class HealthFirst:
    """Answers `/healthz` and `/readyz` before session and person are read, which would need the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = _ANSWERS.get(request.path_info, self.get_response)
        return answer(request)
