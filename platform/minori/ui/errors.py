"""The pages for what went wrong: each says what happened, that nothing is lost, and how to go on."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from minori.ui.connection import is_away

RETRY_SECONDS = 30


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood; 413 where it was too long to be read."""
    if isinstance(exception, RequestDataTooBig):
        megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
        context = {"limit": f"{megabytes} MB"}
        return render(request, "ui/errors/too_long.html", context, status=413)
    return render(request, "ui/errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed; the reason given with the exception is shown."""
    reason = str(exception) if exception and str(exception) else ""
    return render(request, "ui/errors/403.html", {"reason": reason}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose page was too old: explains it and shows what was typed, so nothing is lost."""
    del reason
    typed = [(name, text) for name, texts in request.POST.lists() for text in texts if _may_show(name, text)]
    return render(
        request, "ui/errors/csrf.html", {"typed": typed, "back": request.get_full_path()}, status=403
    )


def _may_show(name: str, text: str) -> bool:
    secret = any(part in name.lower() for part in ("csrf", "password", "code", "token"))
    return bool(text.strip()) and not secret and not name.startswith("_")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none that this person may see."""
    del exception
    return render(request, "ui/errors/404.html", status=404)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """422: a stored filing cannot be read; which one, and that the others are not affected."""
    return render(request, "ui/errors/unreadable.html", {"unreadable": exception}, status=422)


def upload_too_large(request: HttpRequest, *, limit: str = "") -> HttpResponse:
    """413: a file beyond the limit; `limit` is the limit in words, such as "15 MB"."""
    return render(request, "ui/errors/413.html", {"limit": limit or _("15 MB")}, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake, or 503 where the database is away.

    Neither database nor session nor translation is asked; the page says it in both languages.
    """
    error = sys.exc_info()[1]
    if error is not None and is_away(error):
        return database_away(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def database_away(request: HttpRequest) -> HttpResponse:
    """503: the database cannot be reached. Asks for nothing that needs it."""
    del request
    response = HttpResponse(render_to_string("ui/errors/503.html", {"seconds": RETRY_SECONDS}), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
