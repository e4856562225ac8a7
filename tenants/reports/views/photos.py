"""Adding photos to a report, and taking one out."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.requests import RoomRequest, actor
from minori.report_forms.edition import Field, Kind
from minori.ui.errors import upload_too_large
from tenants.access import writers_only
from tenants.evidence import photos
from tenants.evidence.models import Photo
from tenants.evidence.photos import MEGABYTE, Refused
from tenants.evidence.uploads import UpToLimit
from tenants.reports import drafts, queries
from tenants.reports.sections import language_in_force
from tenants.reports.views import reading
from tenants.reports.views.addresses import photo_address
from tenants.reports.views.shared import address
from tenants.writing import NotOpen

LARGEST_FORM = 400 * MEGABYTE


def photo_field_or_404(copy: drafts.WorkingCopy) -> Field:
    """The field of the form that asks for photos."""
    fields = copy.edition.fields_of(Kind.PHOTOS)
    if not fields:
        raise Http404
    return fields[0]


# The form is read only once our handler stands in front of Django's; the check of the token follows then.
@csrf_exempt
@require_POST
@writers_only
def upload(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Take photos: the good ones are kept, for each other one a sentence says what is wrong."""
    copy = drafts.read(queries.deadline_or_404(deadline))
    field = photo_field_or_404(copy)
    limit = field.max_megabytes or 15
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
        return upload_too_large(request, limit=f"{limit} MB")
    handler = UpToLimit(request, limit=limit * MEGABYTE)
    request.upload_handlers.insert(0, handler)
    protected = csrf_protect(_take)
    return protected(request, copy, field, handler)


def _take(request: HttpRequest, copy: drafts.WorkingCopy, field: Field, handler: UpToLimit) -> HttpResponse:
    room: RoomRequest = request  # type: ignore[assignment]  # `csrf_protect` knows plain requests only
    uploads = room.FILES.getlist("photos")
    here = address(room, "section", deadline=copy.deadline.pk, section=copy.edition.section_of(field.key).key)
    try:
        added = photos.add(
            copy.deadline.pk, uploads=uploads, field=field, by=actor(room.person), at=timezone.now()
        )
    except NotOpen as refusal:
        messages.error(room, str(refusal))
        return redirect(here)
    refused = [
        *(Refused(name, photos.too_large(field.max_megabytes or 15)) for name in handler.too_large),
        *added.refused,
    ]
    count = len(added.photos)
    if not refused and not count:
        refused = [Refused("", _("Choose the photos first."))]
    if count:
        said = ngettext("%(count)s photo has been added.", "%(count)s photos have been added.", count)
        messages.success(room, said % {"count": count})
    return _with_refusals(room, copy.deadline.pk, field, refused) if refused else redirect(here)


def _with_refusals(request: RoomRequest, deadline: int, field: Field, refused: list[Refused]) -> HttpResponse:
    copy = drafts.read(queries.deadline_or_404(deadline))
    asked = copy.edition.section_of(field.key)
    return reading.draw(request, copy, asked, reading.page_of(copy, asked), refused=refused, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def remove(request: RoomRequest, organization: str, deadline: int, photo: UUID) -> HttpResponse:
    """Ask, then take a photo out of the draft. What was handed in keeps it."""
    del organization
    copy = drafts.read(queries.deadline_or_404(deadline))
    asked = copy.edition.section_of(photo_field_or_404(copy).key)
    here = address(request, "section", deadline=deadline, section=asked.key)
    found = Photo.objects.filter(deadline_id=deadline, uuid=photo).first()
    if request.method == "POST":
        try:
            photos.remove(deadline, photo, at=timezone.now())
        except NotOpen as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The photo has been removed."))
        return redirect(here)
    found = found or get_object_or_404(Photo, deadline_id=deadline, uuid=photo)
    context = {
        "deadline": copy.deadline,
        "title": asked.title.say(language_in_force()),
        "section": asked,
        "photo": found,
        "url": photo_address(request, photos.as_attachment(found)),
    }
    return render(request, "reports/remove_photo.html", context)
