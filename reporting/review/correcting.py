"""Proposing a small correction at a place of the report that is being read, and taking the proposal back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minori.accounts.requests import DeskRequest, actor
from minori.documents.corrections import code_words
from minori.filings import correcting
from minori.filings.correction import Correction
from minori.filings.enums import CorrectedAspect, CorrectionState
from minori.filings.models import Filing
from minori.filings.stepping import NotPossibleNow
from minori.filings.unreadable import contents_of
from minori.programmes.models import Deadline
from minori.report_forms.answers import Progress
from minori.report_forms.corrections import Aspect, places
from minori.report_forms.texts import clean
from minori.ui import addresses
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, must_decide
from reporting.review import page, queries
from reporting.review.reading import anchors_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def propose(request: DeskRequest, deadline: int, anchor: str) -> HttpResponse:
    """The text of one place to be corrected; a POST proposes it to the organization."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    filing = _filing_or_404(found, request.POST.get("filing", ""))
    standing = _standing(filing, anchor)
    if not standing:
        raise Http404
    asked = (request.POST if request.method == "POST" else request.GET).get("aspect", "")
    aspect = next((one for one in standing if one == asked), None if asked else next(iter(standing)))
    if aspect is None:  # an address that was made up; a text is never proposed in place of something else
        raise Http404
    if request.method != "POST":
        return _show(request, found, filing, anchor, aspect, new=standing[aspect])
    new, why = clean(request.POST.get("new", "")), clean(request.POST.get("why", ""))
    try:
        correcting.propose(
            found,
            filing=filing,
            anchor=anchor,
            aspect=aspect,
            new=new,
            why=why,
            by=actor(request.person),
            at=timezone.now(),
        )
    except NotPossibleNow as refusal:
        return _show(request, found, filing, anchor, aspect, new=new, why=why, error=str(refusal), status=422)
    messages.success(request, _("The correction has been proposed. The organization is told by mail."))
    return saved(request, redirect(_place(found, anchor)), form="propose")


@require_POST
@desk_only
def withdraw(request: DeskRequest, deadline: int, correction: int) -> HttpResponse:
    """Take a proposal back."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    one = get_object_or_404(Correction, deadline=found, pk=correction)
    try:
        correcting.withdraw(one, by=actor(request.person), at=timezone.now())
    except NotPossibleNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The proposal has been withdrawn."))
    return redirect(_place(found, one.anchor))


def _show(
    request: DeskRequest,
    found: Deadline,
    filing: Filing,
    anchor: str,
    aspect: Aspect,
    *,
    new: str,
    why: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    standing = _standing(filing, anchor)
    there = [one for one in queries.corrections(found) if one.anchor == anchor and one.aspect == aspect]
    kept = vars(request).get("kept")
    context = {
        "deadline": found,
        "programme": found.grant.programme,
        "filing": filing,
        "anchor": anchor,
        "name": _name(found, filing, anchor),
        "aspect": aspect,
        "aspects": [(one.value, CorrectedAspect(one.value).label) for one in standing],
        "standing": standing[aspect],
        "codes": [(str(one.value), code_words(str(one.value))) for one in Progress],
        "new": kept.get("new", new) if kept else new,
        "why": kept.get("why", why) if kept else why,
        "error": error,
        "kept": kept,
        "waiting": next((one for one in there if one.state == CorrectionState.OPEN), None),
    }
    return render(request, "review/propose.html", context, status=status)


def _filing_or_404(found: Deadline, pk: str) -> Filing:
    """The revision that was read when the page was opened (posted), else the one that counts."""
    wanted = addresses.number(pk) or found.current_filing_id
    return get_object_or_404(Filing, deadline=found, pk=wanted or 0)


def _standing(filing: Filing, anchor: str) -> dict[Aspect, str]:
    """What stands at a place, by aspect: the text first."""
    found = places(contents_of(filing))
    return {aspect: found[anchor, aspect] for aspect in Aspect if (anchor, aspect) in found}


def _name(found: Deadline, filing: Filing, anchor: str) -> str:
    paper = page.sheet(found, filing).paper
    assert anchor in set(anchors_of(paper)), "what stands in the contents stands on the paper"
    rows = {row.anchor: row.name for row in paper.rows}
    titles = {
        said.anchor: said.label or section.title
        for part in paper.parts
        for section in part.sections
        for said in section.said
    }
    return rows.get(anchor) or titles.get(anchor, "")


def _place(found: Deadline, anchor: str) -> str:
    return reverse("review:deadline", kwargs={"deadline": found.pk}) + f"#part-{anchor}"
