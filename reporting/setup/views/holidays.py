"""A distributor's own lists of holidays: uploaded, looked at by year, replaced, removed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.requests import DeskRequest, actor
from minori.documents.uploads import UpToLimit
from minori.programmes import holiday_files, holiday_lists
from minori.programmes.enums import Weekend
from minori.programmes.holidays import is_in_japan
from minori.programmes.models import Distributor, HolidayList
from minori.ui import addresses
from minori.ui.errors import upload_too_large
from minori.ui.keeping import saved
from reporting.access import desk_only, distributors, must_decide
from reporting.setup import queries
from reporting.setup.forms.holidays import HolidaysForm

LARGEST_FORM = 20 * holiday_files.LARGEST
UNPROCESSABLE = 422


# The form is read only once our handler stands in front of Django's; the check of the token follows then.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def index(request: DeskRequest, slug: str) -> HttpResponse:
    """The lists of a distributor; posting uploads a new one."""
    distributor = _distributor(request, slug)
    return _limited(request, _index, distributor)


def _index(request: HttpRequest, distributor: Distributor, too_large: list[str]) -> HttpResponse:
    form = HolidaysForm(request.POST or None, request.FILES or None)
    made, problems = _save(request, form, distributor, None, too_large)
    if made:
        messages.success(request, _("The list has been uploaded. Choose it for a programme now."))
        return saved(request, redirect("setup:holidays", slug=distributor.slug, pk=made.pk), form="holidays")
    context = {
        "of": distributor,
        "form": form,
        "problems": problems,
        "lists": queries.holiday_lists_of(distributor),
        "in_japan": is_in_japan(distributor.time_zone),
    }
    return _page(request, "setup/holiday_lists.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def holidays(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """One list by year; posting renames it or replaces its days."""
    distributor = _distributor(request, slug)
    return _limited(request, _list, distributor, get_object_or_404(distributor.holiday_lists, pk=pk))


def _list(
    request: HttpRequest, distributor: Distributor, list_: HolidayList, too_large: list[str]
) -> HttpResponse:
    initial = {"name": list_.name, "weekend": list_.weekend}
    form = HolidaysForm(request.POST or None, request.FILES or None, replaces=True, initial=initial)
    kept, problems = _save(request, form, distributor, list_, too_large)
    if kept:
        messages.success(request, _("Saved."))
        return saved(request, redirect("setup:holidays", slug=distributor.slug, pk=list_.pk), form="holidays")
    today = distributor.local_date(timezone.now())
    years = queries.years_of(list_)
    asked = addresses.number(request.GET.get("year"))
    near = min(years, key=lambda year: (abs(year - today.year), -year), default=today.year)
    year = asked if asked in years else near
    context = {
        "of": distributor,
        "list": list_,
        "years": years,
        "year": year,
        "days": list_.days.filter(on__year=year).order_by("on"),
        "followed_by": list_.programmes.order_by("title", "pk"),
        "on_days_off": holiday_lists.due_on_days_off(list_, today=today),
        "form": form,
        "problems": problems,
    }
    return _page(request, "setup/holidays.html", context)


@require_POST
@desk_only
def remove(request: DeskRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a list that no programme follows."""
    distributor = _distributor(request, slug)
    list_ = get_object_or_404(distributor.holiday_lists, pk=pk)
    try:
        holiday_lists.remove(list_, by=actor(request.person), at=timezone.now())
    except holiday_lists.ListInUse as problem:
        messages.error(request, str(problem))
        return redirect("setup:holidays", slug=slug, pk=pk)
    messages.success(request, _("The list has been removed."))
    return redirect("setup:holiday_lists", slug=slug)


def _distributor(request: DeskRequest, slug: str) -> Distributor:
    distributor = get_object_or_404(distributors(request), slug=slug)
    must_decide(request, distributor.pk)
    vars(request)["distributor"] = distributor
    return distributor


def _limited(request: DeskRequest, view: Any, *about: Any) -> HttpResponse:
    """The view with the limit on files in front; it gets the names of those beyond it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
        return upload_too_large(request, limit="1 MB")
    handler = UpToLimit(request, limit=holiday_files.LARGEST)
    if request.method == "POST":
        request.upload_handlers.insert(0, handler)
    answer: HttpResponse = csrf_protect(view)(request, *about, handler.too_large)
    return answer


def _save(
    request: HttpRequest,
    form: HolidaysForm,
    distributor: Distributor,
    list_: HolidayList | None,
    too_large: list[str],
) -> tuple[HolidayList | None, list[dict[str, str]]]:
    """The list as it was sent, stored; or None with the problems of its file (those of its form stand in the form)."""
    if request.method != "POST":
        return None, []
    desk: DeskRequest = request  # type: ignore[assignment]  # `csrf_protect` knows plain requests only
    valid = form.is_valid()
    if too_large:
        form.errors.pop("file", None)  # it was left out on the way, so the form misses it
        return None, _too_large(too_large)
    weekend, file = form.cleaned_data.get("weekend"), form.cleaned_data.get("file")
    found = (
        holiday_files.read(file.read(), weekend=Weekend(weekend).weekdays, zone=distributor.zone)
        if file and weekend
        else None
    )
    problems = _problems(found) if found else []
    if problems or not valid:
        return None, problems
    facts: dict[str, Any] = {
        "name": form.cleaned_data["name"],
        "weekend": weekend,
        "days": found.days if found else None,
        "filename": (file.name or "")[:200] if file else "",
        "by": actor(desk.person),
        "at": timezone.now(),
    }
    try:
        if list_ is not None:
            return holiday_lists.replace(list_, **facts), []
        return holiday_lists.create(distributor, **facts), []
    except holiday_lists.NameTaken as problem:
        form.add_error("name", str(problem))
    return None, []


def _too_large(names: list[str]) -> list[dict[str, str]]:
    sentence = _("The file is larger than %(limit)s MB.") % {"limit": 1}
    return [{"href": "#id_file", "text": sentence, "where": name} for name in names]


def _problems(found: holiday_files.HolidayFile) -> list[dict[str, str]]:
    return [
        {
            "href": "#id_file",
            "text": one.text,
            "where": _("line %(line)s") % {"line": one.line} if one.line else "",
        }
        for one in found.problems
    ]


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    wrong = context["form"].errors or context["problems"]
    return render(request, template, context, status=UNPROCESSABLE if wrong else 200)
