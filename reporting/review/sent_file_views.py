"""Photos and documents that came along with a workbook: added, described, looked at, taken away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.requests import DeskRequest
from minori.documents.cleaning import FileRefused
from minori.documents.uploads import UpToLimit
from minori.programmes.models import Deadline
from minori.ui.errors import upload_too_large
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, must_decide
from reporting.review import returned, sent_files
from reporting.review.behalf_page import draw, here
from reporting.review.models import ReturnedWorkbook, SentFile

MEGABYTE = 1024 * 1024
LARGEST_FORM = 60


@csrf_exempt
@require_POST
@desk_only
def add(request: DeskRequest, deadline: int) -> HttpResponse:
    """Add files; the good ones are taken, for each other one a sentence says what is wrong."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM * MEGABYTE:
        return upload_too_large(request, limit=f"{LARGEST_FORM} MB")
    handler = UpToLimit(request, limit=15 * MEGABYTE)
    request.upload_handlers.insert(0, handler)
    return csrf_protect(_add)(request, found, handler)


def _add(request: HttpRequest, found: Deadline, handler: UpToLimit) -> HttpResponse:
    desk: DeskRequest = request  # type: ignore[assignment]  # `csrf_protect` knows plain requests only
    kept = _kept(found)
    looked = returned.look(kept, found)
    standing = len(looked.ground.asked.filled.attachments)
    problems = [
        f"{name}: {_('The file is larger than %(limit)s MB.') % {'limit': 15}}" for name in handler.too_large
    ]
    taken = 0
    for file in desk.FILES.getlist("files"):
        name = returned.name_of(file.name or "")
        try:
            sent_files.add(
                kept, field=looked.takes_files(), standing=standing, data=file.read(), filename=name
            )
            taken += 1
        except FileRefused as refusal:
            problems.append(f"{name}: {refusal}")
    if problems:
        return draw(desk, found, problem=" ".join(problems), status=422)
    messages.success(
        desk, ngettext("%(count)s file added.", "%(count)s files added.", taken) % {"count": taken}
    )
    return redirect(f"{here(found)}#files")


@require_POST
@desk_only
def describe(request: DeskRequest, deadline: int) -> HttpResponse:
    """Write captions and rights; the button of a file takes it away."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    kept = _kept(found)
    standing = kept.files.order_by("position").values_list("uuid", flat=True)
    said = {
        uuid: (request.POST.get(f"caption-{uuid}", ""), request.POST.get(f"rights-{uuid}", ""))
        for uuid in standing
        if f"caption-{uuid}" in request.POST
    }
    sent_files.describe(kept, said)
    if gone := request.POST.get("remove"):
        kept.files.filter(uuid__in=[uuid for uuid in standing if str(uuid) == gone]).delete()
    messages.success(request, _("Saved."))
    return saved(request, redirect(f"{here(found)}#files"), form="described")


@require_safe
@desk_only
def picture(request: DeskRequest, deadline: int, uuid: UUID) -> HttpResponse:
    """The small picture of a photo that came along."""
    found = deadline_or_404(request, deadline)
    one = get_object_or_404(SentFile.objects.defer("data"), workbook__deadline=found, uuid=uuid)
    if not one.preview:
        raise Http404
    response = HttpResponse(bytes(one.preview), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _kept(found: Deadline) -> ReturnedWorkbook:
    kept = returned.of(found)
    if kept is None:
        raise Http404
    return kept
