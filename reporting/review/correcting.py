"""Proposing small corrections of a report under review (訂正の提案), and taking proposals back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.requests import DeskRequest, actor
from minori.documents import corrections, places
from minori.filings import correcting
from minori.filings.models import Correction, Filing
from minori.filings.stepping import NotPossibleNow, StaleRevision
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms import editions
from minori.report_forms.contents import Contents
from minori.report_forms.corrections import CorrectableText, Spot, standing
from minori.report_forms.texts import clean
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, must_decide
from reporting.review import page

FORM = "corrections"
LONG = 60  # characters: beyond it a text gets a box of several lines


@dataclass(frozen=True, kw_only=True)
class Line:
    """One text that can be corrected, with the words that stand in its box."""

    name: str
    label: str
    value: str
    rows: int


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def correct(request: DeskRequest, deadline: int) -> HttpResponse:
    """Every text of the report under review in a box of its own; a POST proposes those that were changed."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    if request.method != "POST":
        return _show(request, found, typed=vars(request).get("kept"))
    filing = found.filings.filter(pk=_number(request.POST.get("filing"))).first()
    if filing is None:
        raise Http404
    texts = {
        spot: clean(request.POST[name])
        for spot in _standing(filing)
        if (name := input_name(spot)) in request.POST
    }
    try:
        proposed = correcting.propose(
            found,
            filing=filing,
            texts=texts,
            why=clean(request.POST.get("why", "")),
            by=actor(request.person),
            at=timezone.now(),
        )
    except NotPossibleNow as refusal:
        status = 409 if isinstance(refusal, StaleRevision) else 422
        return _show(request, found, typed=request.POST, error=str(refusal), status=status)
    _say_proposed(request, len(proposed))
    return saved(request, redirect("review:correct", deadline=found.pk), form=FORM)


@require_POST
@desk_only
def withdraw(request: DeskRequest, deadline: int, correction: int) -> HttpResponse:
    """Take one proposal back."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    if correcting.withdraw(found, pks=[correction], by=actor(request.person), at=timezone.now()):
        messages.success(request, _("The proposal has been withdrawn."))
    else:
        messages.error(request, _("The organization has answered this proposal already."))
    return redirect("review:correct", deadline=found.pk)


def input_name(spot: Spot) -> str:
    """The name of the box of a text."""
    return f"{spot.aspect}-{spot.anchor}"


def of(deadline: Deadline, filing: Filing | None) -> list[corrections.Shown]:
    """Every correction ever proposed for a report, the newest first, as pages show them."""
    if filing is None:
        return []
    found = Correction.objects.filter(deadline=deadline).select_related("taken_as").order_by("-pk")
    found = found.defer("taken_as__contents", "taken_as__part_hashes")
    every = list(found)
    return corrections.shown(every, page.sheet(deadline, filing).paper) if every else []


def _show(
    request: DeskRequest,
    found: Deadline,
    *,
    typed: QueryDict | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    filing = found.current_filing
    if filing is None:
        raise Http404
    now = deadline_or_404(request, found.pk)
    reviewed = now.state == DeadlineState.HANDED_IN
    context: dict[str, Any] = {
        "deadline": now,
        "programme": now.grant.programme,
        "filing": now.current_filing,
        "reviewed": reviewed,
        "lines": _lines(now, typed) if reviewed else (),
        "corrections": of(now, now.current_filing),
        "why": typed.get("why", "") if typed else "",
        "error": error,
    }
    return render(request, "review/correct.html", context, status=status)


def _lines(deadline: Deadline, typed: QueryDict | None) -> Sequence[Line]:
    filing = deadline.current_filing
    assert filing is not None, "a report under review has a filing"
    names = dict(places.places_of(page.sheet(deadline, filing).paper))
    waiting = {
        correcting.spot_of(one): one.new for one in Correction.objects.open().filter(deadline=deadline)
    }
    return [
        _line(spot, one, names.get(spot.anchor, ""), waiting.get(spot, one.text), typed)
        for spot, one in _standing(filing).items()
    ]


def _line(spot: Spot, one: CorrectableText, place: str, text: str, typed: QueryDict | None) -> Line:
    name = input_name(spot)
    value = clean(str(typed[name])) if typed and name in typed else text
    lines = value.count("\n") + sum(len(line) // LONG for line in value.split("\n")) + 1
    return Line(
        name=name, label=corrections.name_of(place, spot.aspect), value=value, rows=min(max(lines, 2), 16)
    )


def _standing(filing: Filing) -> dict[Spot, CorrectableText]:
    contents = Contents.from_json(filing.contents)
    return standing(contents, editions.load(contents.edition, contents.edition_version))


def _say_proposed(request: DeskRequest, count: int) -> None:
    if count:
        words = ngettext(
            "%(count)d correction has been proposed. The organization is told by mail.",
            "%(count)d corrections have been proposed. The organization is told by mail.",
            count,
        )
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("The same corrections wait already."))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0  # noqa: PLR2004 - no key is longer
