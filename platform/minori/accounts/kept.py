"""What somebody typed and sent after their session had ended: kept until they have signed in again.

The posted texts wait in the browser's anonymous session (server side, so large texts fit), for the one
person who was last signed in on this browser and for nobody else: a signed cookie says who that was.
They are shown in the form after sign-in and go once the form has been saved.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from minori.accounts.models import User

_KEY = "kept"
_COOKIE = "minori_last"
_SALT = "minori.accounts.kept"
_DAYS = 180
_LIFE = timedelta(hours=12)
_PAGES = 5
_LARGEST = 200_000  # characters of one form
_SECRET = ("csrf", "password", "token")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send a signed-out person to sign in and back to this very address; keeps the texts of a form just sent.

    For the doors only (`tenants.access`, `reporting.access`), before a room is entered. A script of ours that asks for
    JSON keeps its texts on the device and is told 401.
    """
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"sign_in": True}, status=401)
    if request.method == "POST" and not request.headers.get("HX-Request"):
        _keep(request, at=timezone.now())
    return redirect_to_login(request.get_full_path())


def take(request: HttpRequest) -> QueryDict | None:
    """The texts typed into the page at this address before the session had ended, or None.

    Show the form with them (and `account/kept.html`, which says so); they go by themselves once a form has
    been posted to this address with success.
    """
    taken: QueryDict | None = vars(request).get("kept")
    return taken


def offered(request: HttpRequest, *, at: datetime) -> QueryDict | None:
    """What `take` gives for this request: only for a GET, of the person it belongs to, not older than half a day."""
    if request.method != "GET" or not request.user.is_authenticated:
        return None
    entry = request.session.get(_KEY, {}).get(request.path)
    if (
        entry is None
        or entry["for"] != request.user.pk
        or at.timestamp() - entry["at"] > _LIFE.total_seconds()
    ):
        return None
    return QueryDict(urlencode(entry["fields"], doseq=True))


def saves_part_of(request: HttpRequest, path: str, *, is_saved: Callable[[str], bool]) -> None:
    """Say that this request saves some fields of the form at `path`: the inputs that `is_saved` knows go there."""
    vars(request)["saves_part_of"] = (path, is_saved)


def settle(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let go what was saved by this request; turn the page of a mere button into the page it stood on."""
    if not request.user.is_authenticated or _KEY not in request.session:
        return response
    path, is_saved = vars(request).get("saves_part_of", (request.path, request.POST.__contains__))
    entry = request.session[_KEY].get(path)
    if entry is None:
        return response
    status = response.status_code
    if request.method == "POST" and HTTPStatus.OK <= status < HTTPStatus.BAD_REQUEST:
        _saved(request, path, entry, is_saved)
    elif request.method == "GET" and status == HTTPStatus.METHOD_NOT_ALLOWED:
        drop(request, request.path)
        messages.info(request, _("You have been signed in again. Please press the button once more."))
        return HttpResponseRedirect(entry["page"] or "/")
    elif (
        request.method == "GET" and status == HTTPStatus.BAD_REQUEST and vars(request).get("kept") is not None
    ):
        # the form has changed since: what was typed no longer fits it, and must not bar the way to the page
        drop(request, request.path)
        return HttpResponseRedirect(request.get_full_path())
    return response


def drop(request: HttpRequest, *paths: str) -> None:
    """Forget what was kept for these addresses."""
    entries = request.session.get(_KEY, {})
    left = {path: entry for path, entry in entries.items() if path not in paths}
    if left != entries:
        request.session[_KEY] = left
    if not left:
        request.session.pop(_KEY, None)


def belongs_to(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """After a sign-in: forget what another person had typed here, and remember who is here now."""
    entries = request.session.get(_KEY, {})
    drop(request, *[path for path, entry in entries.items() if entry["for"] != user.pk])
    response.set_signed_cookie(
        _COOKIE,
        str(user.pk),
        salt=_SALT,
        max_age=_DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _saved(request: HttpRequest, path: str, entry: dict[str, Any], is_saved: Callable[[str], bool]) -> None:
    """Forget the form that was saved, or of a form that a script saves field by field, those fields."""
    if not request.headers.get("HX-Request") and path == request.path:
        drop(request, path)
        return
    left = {name: values for name, values in entry["fields"].items() if not is_saved(name)}
    if left:
        request.session[_KEY] = request.session[_KEY] | {path: entry | {"fields": left}}
    else:
        drop(request, path)


class _NoFiles(FileUploadHandler):
    """Reads past files: they are too large to keep, and choosing them again is no typing."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def _keep(request: HttpRequest, *, at: datetime) -> None:
    owner = request.get_signed_cookie(_COOKIE, None, salt=_SALT, max_age=_DAYS * 86_400)
    if owner is None or not owner.isdigit():
        return  # nobody to keep it for
    if not hasattr(request, "_post"):
        request.upload_handlers = [_NoFiles(request)]
    try:
        fields = dict(_texts(request.POST))
    except (RequestDataTooBig, TooManyFieldsSent, UnreadablePostError):
        return  # the copy on the device has it
    if sum(len(text) for values in fields.values() for text in values) > _LARGEST or not _from_our_page(
        request
    ):
        return
    entries = dict(request.session.get(_KEY, {}))
    entries.pop(request.path, None)
    entries[request.path] = {
        "for": int(owner),
        "at": at.timestamp(),
        "page": _page(request),
        "fields": fields,
    }
    request.session[_KEY] = dict(list(entries.items())[-_PAGES:])


def _texts(posted: QueryDict) -> Iterator[tuple[str, list[str]]]:
    for name, values in posted.lists():
        if not any(part in name.lower() for part in _SECRET):
            yield name, [str(value) for value in values]


def _from_our_page(request: HttpRequest) -> bool:
    """Whether the form carries our token: a door answers before Django has looked.

    Without this another site could put its words into somebody's form, and its session over theirs.
    """
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    return check.process_view(request, lambda _request: HttpResponse(), (), {}) is None


def _page(request: HttpRequest) -> str:
    """The path of the page the form stood on, where it is one of ours."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(referrer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
