"""Is it alive, can it work? For load balancers and people who install it."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from minori.health.state import is_silent, queue_depth


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and queue answer, else 503 with which of them does not."""
    state = {"database": database_answers(), "queue": queue_depth() is not None}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


@require_safe
@never_cache
def swept(request: HttpRequest) -> JsonResponse:
    """200 while reminders are planned, 503 when they have not been for half an hour: for a monitoring service."""
    silent = is_silent(timezone.now())
    return JsonResponse({"sweep": not silent}, status=503 if silent else 200)


def database_answers() -> bool:
    """Whether a trivial query succeeds."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
