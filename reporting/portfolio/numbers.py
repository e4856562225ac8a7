"""The officer's page of one grant's numbers: what is registered and reported, what it means, what comes out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.filings import measured, readings
from minori.filings.measured import Measured
from minori.filings.models import Reading
from minori.filings.stepping import NotPossibleNow
from minori.programmes.models import Deadline, Grant
from minori.registry.models import FrameworkVersion
from minori.ui import addresses
from minori.ui.keeping import saved
from reporting import paging
from reporting.access import desk_only, grant_or_404, must_decide
from reporting.portfolio import forms, measuring

FORM = "number"
A_PAGE = 4  # indicators; each is a card with the lines of its texts


@require_safe
@desk_only
def grant(request: DeskRequest, code: str) -> HttpResponse:
    """All indicators of a grant with their numbers, as of its newest report or of `?round=`."""
    found = grant_or_404(request, code)
    filed, shown = _shown(request, found)
    version = measuring.version_of(found, shown)
    now = found.programme.distributor.local_date(timezone.now())
    today = measured.as_of(shown.round if shown else None, today=now)
    round_ = shown.round.number if shown else 0
    every = measuring.entries(found, version, round_=round_, today=today) if version else []
    page = paging.window(every, asked=_with_page(request.GET, every), name="page", per_page=A_PAGE)
    rows = measuring.rows_of(page.items, grant=found, round_=round_, filed=filed, today=today)
    context = {
        "grant": found,
        "programme": found.programme,
        "filed": filed,
        "shown": shown,
        "of_round": f"?round={round_}" if shown else "",
        "as_of": today,
        "every": every if page.pages > 1 else [],
        "page": page,
        "rows": rows,
        "coverage": measuring.coverage(every),
        "may_decide": request.desk.may_decide(found.programme.distributor_id),
    }
    return render(request, "portfolio/numbers.html", context)


def _with_page(asked: QueryDict, every: Sequence[measuring.Entry]) -> QueryDict:
    """The address with the page that holds the indicator `?at=` asks for, where it asks for one."""
    place = next((place for place, one in enumerate(every) if one.uuid == asked.get("at")), None)
    query = asked.copy()
    query.pop("at", None)
    if place is not None:
        query["page"] = str(place // A_PAGE + 1)
    return query


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def number(request: DeskRequest, code: str, uuid: UUID, aspect: str) -> HttpResponse:
    """What one text means: GET shows the form, POST confirms, corrects, or takes back."""
    found = grant_or_404(request, code)
    must_decide(request, found.programme.distributor_id)
    _filed, shown = _shown(request, found)
    one, line = _line(found, shown, uuid, aspect, version=_version(request, found, shown))
    back = _back(request, code, shown, uuid)
    posted: QueryDict = request.POST
    if "as_read" in posted:  # the very words that one click was to confirm
        if not line.at_once or posted["as_read"] != line.read_as:
            messages.info(
                request, _("It has been confirmed, or reads differently, meanwhile: please look again.")
            )
            return redirect(back)
        posted = QueryDict(mutable=True)
        posted.update(line.at_once)
    kind = forms.form_class(line.aspect)
    form = (
        kind(posted, corrects=bool(posted.get("reading")))
        if request.method == "POST"
        else kind(
            initial=forms.initial(line.aspect, line.reading, line.proposal, line.day),
            corrects=line.reading is not None,
        )
    )
    withdraws = request.method == "POST" and request.POST.get("step") == "withdraw"
    if request.method == "POST" and (withdraws or form.is_valid()):
        try:
            done = _write(request, one, line, form, withdraws=withdraws)
        except NotPossibleNow as refusal:
            form.is_valid()
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            if not withdraws and (
                unlike := measuring.unlike_its_target(one, line.aspect, form.given(line.text))
            ):
                messages.warning(request, unlike)
            return saved(request, redirect(back), form=FORM)
    context = {
        "grant": found,
        "programme": found.programme,
        "one": one,
        "line": line,
        "form": form,
        "back": back,
        "history": [
            (reading, measuring.words_of(reading))
            for reading in readings.history_of(_words(one, line), line.aspect)
        ],
    }
    return render(request, "portfolio/number.html", context, status=422 if form.errors else 200)


def _back(request: DeskRequest, code: str, shown: Deadline | None, uuid: UUID) -> str:
    """Where the officer came from: the report that was being read, the plan, else the page of numbers."""
    where, _colon, row = request.GET.get("back", "").partition(":")
    plan = addresses.number(request.GET.get("plan"))
    if where == "plan" and plan is not None:
        return reverse("setup:version", kwargs={"code": code, "number": plan})
    if where == "review" and shown is not None:
        return f"{reverse('review:deadline', kwargs={'deadline': shown.pk})}#part-{_identity(row)}"
    page = reverse("portfolio:numbers", kwargs={"code": code})
    return f"{page}?round={shown.round.number if shown else ''}&at={uuid}#i-{uuid}"


def _identity(text: str) -> str:
    """A UUID that came with an address; anything else is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _shown(request: DeskRequest, found: Grant) -> tuple[list[Deadline], Deadline | None]:
    """The grant's reports, and the one the page is about."""
    filed = measuring.deadlines_of(found)
    asked = addresses.number(request.GET.get("round"))
    newest = filed[0] if filed else None
    return filed, next((one for one in filed if one.round.number == asked), newest)


def _version(request: DeskRequest, found: Grant, shown: Deadline | None) -> FrameworkVersion | None:
    """The plan whose text is meant: the one that `?plan=` names, else that of the report."""
    asked = addresses.number(request.GET.get("plan"))
    if asked is not None:
        return get_object_or_404(found.framework_versions, number=asked)
    return measuring.version_of(found, shown)


def _line(
    found: Grant, shown: Deadline | None, uuid: UUID, aspect: str, *, version: FrameworkVersion | None
) -> tuple[Measured, measuring.Line]:
    """The indicator and the text the address names; 404 where the plan or the report has none."""
    every = measured.of_grant(found, version) if version else []
    one = next((one for one in every if one.indicator.uuid == uuid), None)
    lines = measuring.lines_of(one, round_=shown.round.number if shown else 0) if one else []
    line = next((line for line in lines if line.aspect == aspect), None)
    if one is None or line is None:
        raise Http404
    return one, line


def _words(one: Measured, line: measuring.Line) -> readings.Words:
    """What was read: the words of the reading that counts, else the report's line or the registered indicator."""
    if line.reading is not None and (words := line.reading.figure or line.reading.registered) is not None:
        return words
    return one.figures[line.round] if line.round is not None else one.indicator


def _write(request: DeskRequest, one: Measured, line: measuring.Line, form: Any, *, withdraws: bool) -> str:
    """Confirm where nothing counted when the page was made, else correct or withdraw what counted then.

    Returns what was done as a sentence.
    """
    by, at = actor(request.person), timezone.now()
    old = _seen(request, one, line)
    if withdraws:
        if old is None:
            raise Http404
        readings.withdraw(old, by=by, at=at)
        return _("The confirmation was taken back.")
    given = form.given(line.text)
    if old is not None:
        readings.correct(old, given=given, reason=form.cleaned_data["reason"], by=by, at=at)
        return _("The number was corrected.")
    words = one.figures[line.round] if line.round is not None else one.indicator
    readings.confirm(words, aspect=line.aspect, given=given, by=by, at=at)
    return _("Confirmed.")


def _seen(request: DeskRequest, one: Measured, line: measuring.Line) -> Reading | None:
    """The reading that counted when the page was made: of this indicator and text, or there is none (404)."""
    posted = str(request.POST.get("reading", ""))
    if not posted:
        return None
    figure = one.figures.get(line.round) if line.round is not None else None
    of = {"figure": figure} if figure else {"registered__uuid": one.indicator.uuid}
    readings_ = Reading.objects.filter(
        aspect=line.aspect, organization_id=one.indicator.organization_id, **of
    )
    return get_object_or_404(readings_, pk=addresses.number(posted) or 0)
