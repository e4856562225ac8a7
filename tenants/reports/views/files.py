"""Adding files to a report or to one of its rows, and taking one out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.kept import take
from minori.accounts.requests import RoomRequest, actor
from minori.documents.results import name_of
from minori.documents.uploads import UpToLimit
from minori.report_forms.edition import Field, Kind
from minori.report_forms.framework import Row
from minori.ui.errors import upload_too_large
from minori.ui.keeping import saved
from tenants.access import writers_only
from tenants.evidence import attachments
from tenants.evidence.attachments import MEGABYTE, Described, Refused
from tenants.evidence.models import AttachedFile
from tenants.reports import drafts, forms, queries
from tenants.reports.drafts import WorkingCopy
from tenants.reports.sections import language_in_force
from tenants.reports.views import listing, reading
from tenants.reports.views.shared import address, help_contact, may_write
from tenants.writing import NotOpen

LARGEST_FORM = 400 * MEGABYTE


def files_field_or_404(copy: WorkingCopy) -> Field:
    """The field of the form that asks for files."""
    fields = copy.edition.fields_of(Kind.PHOTOS)
    if not fields:
        raise Http404
    return fields[0]


def row_or_404(copy: WorkingCopy, uuid: UUID) -> Row:
    """A row that the form asks about."""
    found = next((row for row in copy.draft.all_rows if row.uuid == uuid), None)
    if found is None:
        raise Http404
    return found


# The form is read only once our handler stands in front of Django's; the check of the token follows then.
@csrf_exempt
@require_POST
@writers_only
def upload(request: RoomRequest, organization: str, deadline: int, row: UUID | None = None) -> HttpResponse:
    """Take files: the good ones are kept, for each other one a sentence says what is wrong."""
    del organization
    copy = drafts.read(queries.deadline_or_404(deadline))
    field = files_field_or_404(copy)
    at_row = None if row is None else row_or_404(copy, row)
    limit = field.max_megabytes or 15
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
        return upload_too_large(request, limit=f"{limit} MB")
    handler = UpToLimit(request, limit=limit * MEGABYTE)
    request.upload_handlers.insert(0, handler)
    protected = csrf_protect(_take)
    return protected(request, copy, field, at_row, handler)


def _take(
    request: HttpRequest, copy: WorkingCopy, field: Field, row: Row | None, handler: UpToLimit
) -> HttpResponse:
    room: RoomRequest = request  # type: ignore[assignment]  # `csrf_protect` knows plain requests only
    try:
        added = attachments.add(
            copy.deadline.pk,
            uploads=room.FILES.getlist("files"),
            field=field,
            row=None if row is None else row.uuid,
            by=actor(room.person),
            at=timezone.now(),
        )
    except NotOpen as refusal:
        return _closed(room, copy, row, str(refusal))
    refused = [
        *(Refused(name, attachments.too_large(field.max_megabytes or 15)) for name in handler.too_large),
        *added.refused,
    ]
    if not refused and not added.files:
        refused = [Refused("", _("Choose the files first."))]
    if _wants_json(room):
        return _told(refused, len(added.files))
    if added.files:
        messages.success(room, _added_words(len(added.files)))
    return _with_refusals(room, copy, row, refused) if refused else redirect(_place(room, copy, row))


def _added_words(count: int) -> str:
    return ngettext("%(count)s file has been added.", "%(count)s files have been added.", count) % {
        "count": count
    }


def _wants_json(request: RoomRequest) -> bool:
    """Whether our script sends the files one by one and says itself what became of each."""
    return request.headers.get("Accept") == "application/json"


def _told(refused: list[Refused], added: int) -> JsonResponse:
    said = [{"filename": one.filename, "why": one.why} for one in refused]
    return JsonResponse({"added": added, "refused": said}, status=422 if said else 200)


def _closed(request: RoomRequest, copy: WorkingCopy, row: Row | None, why: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"added": 0, "refused": [{"filename": "", "why": why}]}, status=409)
    messages.error(request, why)
    return redirect(_place(request, copy, row))


def _place(request: RoomRequest, copy: WorkingCopy, row: Row | None) -> str:
    """The page on which these files are listed."""
    if row is not None:
        return address(request, "row_files", deadline=copy.deadline.pk, row=row.uuid)
    section = copy.edition.section_of(files_field_or_404(copy).key)
    return address(request, "section", deadline=copy.deadline.pk, section=section.key)


def _with_refusals(
    request: RoomRequest, copy: WorkingCopy, row: Row | None, refused: list[Refused]
) -> HttpResponse:
    again = drafts.read(queries.deadline_or_404(copy.deadline.pk))
    if row is not None:
        return _draw_row(request, again, row, refused=refused, status=422)
    asked = again.edition.section_of(files_field_or_404(again).key)
    return reading.draw(request, again, asked, reading.page_of(again, asked), refused=refused, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def row_files(request: RoomRequest, organization: str, deadline: int, row: UUID) -> HttpResponse:
    """The files of one row: what is there, what is said about them, and adding more."""
    del organization
    copy = drafts.read(queries.deadline_or_404(deadline))
    files_field_or_404(copy)
    found = row_or_404(copy, row)
    here = _place(request, copy, found)
    if request.method == "POST":
        try:
            torn = attachments.describe(deadline, said=forms.described_in(request.POST), at=timezone.now())
        except NotOpen as refusal:
            messages.error(request, str(refusal))
            return redirect(here)
        if torn:
            again = drafts.read(queries.deadline_or_404(deadline))
            said = forms.described_in(request.POST)
            captions = {uuid: said[uuid] for uuid in torn}
            return _draw_row(request, again, found, captions=captions, status=422)
        messages.success(request, _("Saved."))
        return saved(request, redirect(_back(request, copy, found)), form="files")
    if str(row) not in copy.opened or not may_write(
        request, queries.standing(copy.deadline, at=timezone.now())
    ):
        return redirect(_back(request, copy, found))
    kept = take(request)
    return _draw_row(request, copy, found, captions=forms.described_in(kept) if kept else None)


def _back(request: RoomRequest, copy: WorkingCopy, row: Row) -> str:
    """The row in its table."""
    assert copy.framework is not None, "the row was found in it"
    asked = next(field for field, one in copy.edition.rows_asked(copy.framework) if one.uuid == row.uuid)
    section = copy.edition.section_of(asked.key)
    here = address(request, "section", deadline=copy.deadline.pk, section=section.key)
    return f"{here}#row-{row.uuid}"


def _draw_row(
    request: RoomRequest,
    copy: WorkingCopy,
    row: Row,
    *,
    refused: list[Refused] | None = None,
    captions: dict[UUID, Described] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "deadline": copy.deadline,
        "row": row,
        "name": name_of(row),
        "field": files_field_or_404(copy),
        "hint": files_field_or_404(copy).hint.say(language_in_force()),
        "files": listing.of_row(request, copy, row.uuid, captions),
        "rights": listing.rights_choices(),
        "accept": listing.accepted(copy),
        "refused": refused or [],
        "upload_url": address(request, "upload_at_row", deadline=copy.deadline.pk, row=row.uuid),
        "back": _back(request, copy, row),
        "help_contact": help_contact(copy.deadline),
    }
    return render(request, "reports/row_files.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def remove(request: RoomRequest, organization: str, deadline: int, file: UUID) -> HttpResponse:
    """Ask, then take a file out of the draft. What was handed in keeps it."""
    del organization
    copy = drafts.read(queries.deadline_or_404(deadline))
    files_field_or_404(copy)
    found = AttachedFile.objects.filter(deadline_id=deadline, uuid=file).first()
    here = _place(request, copy, None)
    row = next((one for one in copy.draft.all_rows if found and one.uuid == found.row_uuid), None)
    if request.method == "POST":
        try:
            attachments.remove(deadline, file, at=timezone.now())
        except NotOpen as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The file has been removed."))
        return redirect(_place(request, copy, row) if "at_row" in request.POST else here)
    found = found or get_object_or_404(AttachedFile, deadline_id=deadline, uuid=file)
    at_row = row is not None and "at_row" in request.GET
    context = {
        "deadline": copy.deadline,
        "one": listing.one_of(request, copy, found.uuid),
        "at_row": at_row,
        "back": _place(request, copy, row if at_row else None),
        "help_contact": help_contact(copy.deadline),
    }
    return render(request, "reports/remove_file.html", context)
