"""Sending the bytes of an attachment, or saying why that cannot be done: for pages of either side."""

from pathlib import PurePath

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from minori.filings import files

_OFFICE = "application/vnd.openxmlformats-officedocument"
_ENDINGS = {
    "image/jpeg": ".jpg",
    "application/pdf": ".pdf",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
}


def send(
    request: HttpRequest,
    organization_id: int,
    sha256: str,
    *,
    filename: str,
    content_type: str,
    may_be_kept: bool = True,
) -> HttpResponseBase:
    """An attachment the caller has found for this person; with `?size=small` its small picture.

    `may_be_kept` is false where the person may lose sight of it again: then no browser keeps it.
    503 where the store is away, 500 where the bytes are not
    those that were put there: nobody is shown what was not handed in.
    """
    is_photo = content_type == "image/jpeg"
    small = is_photo and request.GET.get("size") == "small"
    try:
        data = (files.open_preview if small else files.open_)(organization_id, sha256)
    except (FileNotFoundError, ValueError) as missing:
        raise Http404 from missing
    except files.Unavailable:
        return explain(request, damaged=False)
    except files.Damaged:
        return explain(request, damaged=True)
    answer = files.response(
        data,
        filename=_named(filename, content_type),
        content_type=content_type,
        sha256=f"{sha256}-small" if small else sha256,
    )
    if not may_be_kept:
        answer["Cache-Control"] = "private, no-store"
    return answer


def _named(filename: str, content_type: str) -> str:
    """The name with the ending of what the file is: nothing that was called .exe comes back as one."""
    path, ending = PurePath(filename), _ENDINGS.get(content_type, "")
    return filename if not ending or path.suffix.lower() == ending else path.stem + ending


def explain(request: HttpRequest, *, damaged: bool) -> HttpResponse:
    """The page that says why a file cannot be given now."""
    answer = render(request, "ui/errors/file.html", {"damaged": damaged}, status=500 if damaged else 503)
    answer["Cache-Control"] = "no-store"
    return answer
