"""代理登録: the workbook goes out, what came back is read, put right and filed; the original is kept."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.enums import Language
from minori.accounts.requests import DeskRequest, actor
from minori.documents.cleaning import FileRefused
from minori.documents.uploads import UpToLimit
from minori.filings import files
from minori.filings.behalf import OnBehalf
from minori.filings.handing_in import NotPossibleNow
from minori.programmes.models import Deadline
from minori.report_forms.shapes import Json
from minori.ui.attachments import send as send_file
from minori.ui.errors import upload_too_large
from minori.ui.keeping import saved
from minori.ui.templatetags.ui_tags import late_words
from reporting.access import deadline_or_404, desk_only, must_decide
from reporting.review import behalf, returned, returned_parts, workbooks
from reporting.review.behalf_forms import FilingForm, SendForm
from reporting.review.behalf_page import draw, here
from reporting.review.models import ReturnedWorkbook
from reporting.review.returned import Looked, WrongWorkbook
from reporting.review.workbooks import XLSX

MEGABYTE = 1024 * 1024


@require_safe
@desk_only
def behalf_page(request: DeskRequest, deadline: int) -> HttpResponse:
    """Everything about this report and the mail: sending, what came back, filing it."""
    return draw(request, deadline_or_404(request, deadline))


@require_safe
@desk_only
def workbook(request: DeskRequest, deadline: int, language: str) -> HttpResponse:
    """The workbook as it stands now, in a language."""
    found = deadline_or_404(request, deadline)
    if language not in Language.values:
        raise Http404
    today = found.grant.programme.distributor.local_date(timezone.now())
    if why := workbooks.refusal(found, today=today):
        messages.error(request, why)
        return redirect(here(found))
    data, name = workbooks.workbook(found, language=language)
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@desk_only
def send(request: DeskRequest, deadline: int) -> HttpResponse:
    """Send the workbook by mail."""
    found = _decided(request, deadline)
    form = SendForm(request.POST, prefix="send")
    if not form.is_valid():
        return draw(request, found, sending=form, status=422)
    try:
        workbooks.send(found, **form.cleaned_data, by=actor(request.person), at=timezone.now())
    except NotPossibleNow as refusal:
        return draw(request, found, sending=form, problem=str(refusal), status=409)
    messages.success(
        request, _("The workbook goes to %(address)s.") % {"address": form.cleaned_data["address"]}
    )
    return saved(request, redirect(here(found)), form="send")


# The form is read only once our handler stands in front of Django's; the check of the token follows then.
@csrf_exempt
@require_POST
@desk_only
def upload(request: DeskRequest, deadline: int) -> HttpResponse:
    """Read a workbook that came back."""
    found = _decided(request, deadline)
    if int(request.META.get("CONTENT_LENGTH") or 0) > (returned.LARGEST + 1) * MEGABYTE:
        return upload_too_large(request, limit=f"{returned.LARGEST} MB")
    handler = UpToLimit(request, limit=returned.LARGEST * MEGABYTE)
    request.upload_handlers.insert(0, handler)
    return csrf_protect(_take)(request, found)


def _take(request: HttpRequest, found: Deadline) -> HttpResponse:
    desk: DeskRequest = request  # type: ignore[assignment]  # `csrf_protect` knows plain requests only
    file = desk.FILES.get("workbook")
    if file is None:
        return draw(desk, found, problem=_("Choose the workbook that came back."), status=422)
    try:
        returned.take(
            found, data=file.read(), filename=file.name or "", by=actor(desk.person), at=timezone.now()
        )
    except (FileRefused, WrongWorkbook, NotPossibleNow) as refusal:
        return draw(desk, found, problem=str(refusal), status=422)
    messages.success(desk, _("The workbook has been read. Please look through it below."))
    return redirect(f"{here(found)}#returned")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def part(request: DeskRequest, deadline: int, anchor: str) -> HttpResponse:
    """One part of what came back, put right by hand."""
    found = deadline_or_404(request, deadline)
    kept = returned.of(found)
    if request.method == "POST":
        must_decide(request, found.grant.programme.distributor_id)
        if kept is None or not _is_meant(request, kept):
            return _another(request, found)
    if kept is None:
        raise Http404
    looked = returned.look(kept, found)
    shown = returned_parts.part_of(looked, anchor, get_language() or "ja")
    if shown is None:
        raise Http404
    if request.method == "POST":
        value = _decision(request, looked, anchor)
        try:
            returned.correct(kept, anchor, value)
        except returned.AnotherWorkbook:
            return _another(request, found)
        messages.success(request, _("Put right: %(name)s") % {"name": shown.name})
        return saved(request, redirect(f"{here(found)}#returned"), form="part")
    context: dict[str, Any] = {
        "deadline": found,
        "workbook": kept,
        "part": shown,
        "noticed": [one for one in looked.noticed() if one.anchor == anchor],
        "place": looked.read.places.get(anchor),
        "may_decide": request.desk.may_decide(found.grant.programme.distributor_id),
    }
    return render(request, "review/behalf_part.html", context)


def _decision(request: DeskRequest, looked: Looked, anchor: str) -> Json:
    """What is to stand at a part: as it was typed, or what is proposed where that was pressed."""
    if "proposed" in request.POST:
        if anchor not in looked.read.proposed:
            raise Http404
        return looked.read.proposed[anchor]
    try:
        return returned_parts.value_of(looked, anchor, dict(request.POST.lists()))
    except ValueError as error:
        raise Http404 from error


@require_POST
@desk_only
def discard(request: DeskRequest, deadline: int) -> HttpResponse:
    """Put the workbook away, with the files that came along."""
    found = _decided(request, deadline)
    kept = returned.of(found)
    if kept is None:
        return redirect(here(found))  # a double click
    if not _is_meant(request, kept):
        return _another(request, found)
    try:
        returned.discard(kept)
    except returned.AnotherWorkbook:
        return _another(request, found)
    messages.success(request, _("The workbook has been put away. Nothing was filed."))
    return redirect(here(found))


def _is_meant(request: DeskRequest, kept: ReturnedWorkbook) -> bool:
    """Whether a page was about the file that stands there now; another officer may have read another one."""
    return request.POST.get("workbook", kept.sha256) == kept.sha256


def _another(request: DeskRequest, found: Deadline) -> HttpResponse:
    messages.error(
        request,
        _("Another workbook was read in the place of this one, or it was put away. Please look again."),
    )
    return redirect(here(found))


@require_POST
@desk_only
def file(request: DeskRequest, deadline: int) -> HttpResponse:
    """File what came back on behalf of the organization."""
    found = _decided(request, deadline)
    kept = returned.of(found)
    if kept is None:
        messages.error(request, _("There is no workbook to file any more."))
        return redirect(here(found))
    form = FilingForm(request.POST, prefix="file", has_draft=workbooks.draft_saved_at(found) is not None)
    if not form.is_valid():
        return draw(request, found, filing=form, status=422)
    said = form.cleaned_data
    try:
        filing = behalf.file(
            kept,
            found,
            sender_name=said["sender_name"].strip(),
            sender_address=said["sender_address"],
            arrived_on=said["arrived_on"],
            approval=form.approval(),
            seen=said["seen"],
            draft_known=bool(said.get("draft_known")),
            by=actor(request.person),
            at=timezone.now(),
        )
    except NotPossibleNow as refusal:
        return draw(
            request, deadline_or_404(request, deadline), filing=form, problem=str(refusal), status=409
        )
    except files.Unavailable:
        problem = _("It could not be stored at the moment. Please send it again in some minutes.")
        return draw(request, found, filing=form, problem=problem, status=503)
    late = late_words(filing.days_late) if filing.days_late else _("on time")
    messages.success(
        request,
        _("Filed on behalf as revision %(revision)s, %(late)s. The organization gets a copy.")
        % {"revision": filing.revision, "late": late},
    )
    return saved(request, redirect("review:deadline", deadline=found.pk), form="file")


@require_safe
@desk_only
def original(request: DeskRequest, deadline: int, revision: int) -> HttpResponseBase:
    """The workbook as it arrived, byte for byte."""
    found = deadline_or_404(request, deadline)
    one = get_object_or_404(OnBehalf, filing__deadline=found, filing__revision=revision)
    return send_file(
        request, one.organization_id, one.original_sha256, filename=one.original_name, content_type=XLSX
    )


def _decided(request: DeskRequest, pk: int) -> Deadline:
    found = deadline_or_404(request, pk)
    must_decide(request, found.grant.programme.distributor_id)
    return found
