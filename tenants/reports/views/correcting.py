"""Corrections that the officer proposes: what would change, and one button that takes them over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minori.accounts.enums import Role
from minori.accounts.requests import RoomRequest, actor
from minori.documents import corrections, paper
from minori.filings import correcting as hatch
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Correction
from minori.programmes import labels
from minori.programmes.models import Deadline
from minori.report_forms.contents import Contents
from minori.report_forms.texts import clean
from minori.ui.keeping import saved
from tenants.access import approvers_only
from tenants.reports import correcting, queries
from tenants.reports.sections import language_in_force
from tenants.reports.views.shared import address, help_contact

FORM = "corrections"
LONGEST_KEY = 18  # digits: no key is longer


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """What the officer proposes to correct; a POST takes over or declines what was chosen."""
    del organization
    one = queries.deadline_or_404(deadline)
    if request.method == "POST":
        return _settle(request, one)
    return _show(request, one)


@approvers_only
def _settle(request: RoomRequest, one: Deadline) -> HttpResponse:
    chosen = request.POST.getlist("correction")
    pks = [int(pk) for pk in chosen if pk.isascii() and pk.isdigit() and len(pk) <= LONGEST_KEY]
    words = clean(request.POST.get("words", ""))
    if not pks:
        return _show(request, one, words=words, error=_("Choose at least one correction."), status=422)
    by, at = actor(request.person), timezone.now()
    try:
        if request.POST.get("action") == "decline":
            done = hatch.decline(one, pks=pks, words=words, by=by, at=at)
            said = _("The texts stay as they were handed in. The officer is told by mail.")
        else:
            filing = correcting.take(one, pks=pks, by=by, at=at)
            done = 0 if filing is None else 1
            number = filing.revision if filing else 0
            said = _("Taken over: revision %(number)d has been handed in.") % {"number": number}
    except NotPossibleNow as refusal:
        return _show(request, one, words=words, error=str(refusal), status=409)
    if done:
        messages.success(request, said)
    else:
        messages.info(request, _("This was answered already."))
    there = "correct" if Correction.objects.open().filter(deadline=one).exists() else "report"
    return saved(request, redirect(address(request, there, deadline=one.pk)), form=FORM)


def _show(
    request: RoomRequest, one: Deadline, *, words: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    every = list(Correction.objects.filter(deadline=one).order_by("-pk"))
    found = _shown(one, every)
    kept = vars(request).get("kept")
    context = {
        "deadline": one,
        "stand": queries.standing(one, at=timezone.now()),
        "waiting": [shown for shown in found if shown.correction.state == "open"],
        "settled": [shown for shown in found if shown.correction.state != "open"],
        "may_settle": Role.APPROVER in request.roles,
        "words": words or (kept.get("words", "") if kept else ""),
        "error": error,
        "kept": kept,
        "help_contact": help_contact(one),
    }
    return render(request, "reports/correct.html", context, status=status)


def _shown(one: Deadline, every: list[Correction]) -> list[corrections.Shown]:
    if not every or one.current_filing is None:
        return []
    contents = Contents.from_json(one.current_filing.contents)
    edition = labels.edition_of(one.grant.programme.distributor, contents.edition, contents.edition_version)
    return corrections.shown(every, paper.of(contents, edition=edition, language=language_in_force()))
