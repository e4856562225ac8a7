"""Taking a round along: asked for here, made by a worker, fetched until it expires."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.programmes.models import Programme, Round
from reporting.access import desk_only, must_decide, programme_or_404
from reporting.exports import asking
from reporting.exports.enums import Kind, State
from reporting.exports.models import Export

CONTENT_TYPES = {
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.JSON: "application/json",
}


@require_safe
@desk_only
def of_round(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """What a round can be taken along as, and what was asked for lately."""
    return render(request, "exports/round.html", _page(request, *_round_or_404(request, code, number)))


@require_safe
@desk_only
def under_way(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The part of the page with what was asked for: asked again by the page while something is under way."""
    return render(request, "exports/list.html", _page(request, *_round_or_404(request, code, number)))


@require_POST
@desk_only
def ask(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Ask for the round as a file."""
    programme, round_ = _round_or_404(request, code, number)
    must_decide(request, programme.distributor_id)
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise Http404
    by, at = actor(request.person), timezone.now()
    asking.ask(round_, kind=Kind(kind), language=request.LANGUAGE_CODE, by=by, at=at)
    messages.success(request, _("It is being made. The link appears below as soon as it is ready."))
    return redirect("exports:round", code=code, number=number)


@require_POST
@desk_only
def cancel(request: DeskRequest, code: str, number: int, uuid: UUID) -> HttpResponse:
    """Stop what is under way; what has ended stays as it is."""
    programme, round_ = _round_or_404(request, code, number)
    must_decide(request, programme.distributor_id)
    asking.cancel(get_object_or_404(Export, round=round_, uuid=uuid), at=timezone.now())
    return redirect("exports:round", code=code, number=number)


@require_safe
@desk_only
def file(request: DeskRequest, code: str, number: int, uuid: UUID) -> HttpResponseBase:
    """The file, part by part, for staff of the round's distributor, until it expires."""
    programme, round_ = _round_or_404(request, code, number)
    export = get_object_or_404(Export, round=round_, uuid=uuid)
    if export.state != State.READY or export.expires_at is None or export.expires_at <= timezone.now():
        messages.info(request, _("That file is not there any more. Please ask for it again."))
        return redirect("exports:round", code=code, number=number)
    kind, day = Kind(export.kind), programme.distributor.local_date(export.as_of or export.asked_at)
    response = StreamingHttpResponse(asking.pieces(export), content_type=CONTENT_TYPES[kind])
    name = quote(f"{programme.title}_{round_.title}_{day:%Y%m%d}.{kind.value}", safe="")
    response["Content-Disposition"] = (
        f"attachment; filename=\"{code}-{number}.{kind.value}\"; filename*=UTF-8''{name}"
    )
    response["Content-Length"] = str(export.size)
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: DeskRequest, programme: Programme, round_: Round) -> dict[str, Any]:
    exports = asking.of_round(round_)
    return {
        "programme": programme,
        "round": round_,
        "kinds": Kind,
        "exports": exports,
        "now": timezone.now(),
        "under_way": any(one.is_under_way for one in exports),
        "may_decide": request.desk.may_decide(programme.distributor_id),
    }


def _round_or_404(request: DeskRequest, code: str, number: int) -> tuple[Programme, Round]:
    programme = programme_or_404(request, code)
    round_ = Round.objects.filter(programme=programme, number=number, deadlines__isnull=False).first()
    if round_ is None:
        raise Http404
    round_.programme = programme
    return programme, round_
