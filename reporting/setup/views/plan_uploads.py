"""Plan intake: files with contracted plans uploaded or pasted, given back with marks, put away; our own workbook."""

from pathlib import PurePath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.documents.cleaning import FileRefused
from minori.documents.uploads import UpToLimit
from minori.programmes.models import Programme
from minori.registry.words import why_no_table
from minori.report_forms.pasted import NotATable
from minori.ui.errors import upload_too_large
from minori.ui.keeping import saved
from reporting.access import desk_only
from reporting.setup import example_plan, plan_files
from reporting.setup import intake as rules
from reporting.setup.intake import LARGEST
from reporting.setup.models import PlanFile
from reporting.setup.views.intake import index_page, programme_of

MEGABYTE = 1024 * 1024
LARGEST_FORM = 100 * MEGABYTE
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# The form is read only once our handler stands in front of Django's; the check of the token follows then.
@csrf_exempt
@require_POST
@desk_only
def upload(request: DeskRequest, code: str) -> HttpResponse:
    """Take files: the good ones are read, for each other one a sentence says what is wrong."""
    programme = programme_of(request, code)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
        return upload_too_large(request, limit=f"{LARGEST} MB")
    handler = UpToLimit(request, limit=LARGEST * MEGABYTE)
    request.upload_handlers.insert(0, handler)
    return csrf_protect(_take)(request, programme, handler)


def _take(request: HttpRequest, programme: Programme, handler: UpToLimit) -> HttpResponse:
    desk: DeskRequest = request  # type: ignore[assignment]  # `csrf_protect` knows plain requests only
    by, at = actor(desk.person), timezone.now()
    files = desk.FILES.getlist("files")
    problems = [
        {
            "text": _("The file is larger than %(limit)s MB.") % {"limit": LARGEST},
            "where": name,
            "href": "#files",
        }
        for name in handler.too_large
    ]
    taken = 0
    for file in files[: rules.MOST_FILES]:
        name = (file.name or "")[:200]
        try:
            rules.add_file(programme, data=file.read(), filename=name, by=by, at=at)
            taken += 1
        except (FileRefused, rules.NoPlan) as refusal:
            problems.append({"text": str(refusal), "where": name, "href": "#files"})
    if len(files) > rules.MOST_FILES:
        sentence = _("At most %(most)s files can be sent at once.") % {"most": rules.MOST_FILES}
        problems.append({"text": sentence, "where": "", "href": "#files"})
    if not files and not problems:
        problems.append({"text": _("Choose at least one file."), "where": "", "href": "#files"})
    if problems:
        return index_page(desk, programme, problems)
    messages.success(
        desk,
        ngettext("%(count)s file has been read.", "%(count)s files have been read.", taken)
        % {"count": taken},
    )
    return redirect("setup:intake", code=programme.code)


@require_POST
@desk_only
def paste(request: DeskRequest, code: str) -> HttpResponse:
    """A table pasted from Excel, in the layout of the form or in ours."""
    programme = programme_of(request, code)
    text = request.POST.get("text", "")
    try:
        rules.add_pasted(programme, text=text, by=actor(request.person), at=timezone.now())
    except rules.NoPlan as problem:
        return index_page(
            request, programme, [{"text": str(problem), "where": "", "href": "#text"}], text=text
        )
    except NotATable as error:
        sentence = why_no_table(error)
        where = _("line %(line)s") % {"line": error.line}
        return index_page(
            request, programme, [{"text": sentence, "where": where, "href": "#text"}], text=text
        )
    return saved(request, redirect("setup:intake", code=code), form="paste")


@require_safe
@desk_only
def template(request: DeskRequest, code: str) -> HttpResponse:
    """Our own workbook with the programme's grants."""
    programme = programme_of(request, code)
    name = _("plans-of-%(programme)s") % {"programme": programme.code}
    return _workbook(plan_files.template(programme), f"{name}.xlsx")


@require_safe
@desk_only
def example(request: DeskRequest, code: str) -> HttpResponse:
    """An invented plan in the layout of the official form, to try the intake with."""
    programme = programme_of(request, code)
    name = _("example-plan-of-%(programme)s") % {"programme": programme.code}
    return _workbook(example_plan.example(programme, language=get_language() or "ja"), f"{name}.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@desk_only
def marked(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """The file with what was found marked in it."""
    programme = programme_of(request, code)
    file = get_object_or_404(PlanFile, pk=pk, programme=programme)
    shown = rules.look(programme, files=[file.pk])
    try:
        data, ending = plan_files.marked(shown)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("setup:intake", code=code)
    stem = PurePath(file.filename).stem or _("pasted")
    name = _("%(file)s_marked") % {"file": stem}
    return _workbook(data, f"{name}.{ending}")


@require_POST
@desk_only
def discard(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """Throw a file away; what has been registered stays."""
    programme = programme_of(request, code)
    rules.discard(get_object_or_404(PlanFile, pk=pk, programme=programme))
    messages.success(request, _("The file is gone. Registered plans stay."))
    return redirect("setup:intake", code=code)
