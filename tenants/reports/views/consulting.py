"""Showing the draft to the officer to consult (下書き相談), reading the answers, asking again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.enums import WRITING_ROLES
from minori.accounts.requests import RoomRequest, actor
from minori.documents.attached import PhotoUrl
from minori.documents.consultation import page_of
from minori.filings import consulting
from minori.filings.enums import Side
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Consultation
from minori.programmes.models import Deadline
from minori.report_forms.texts import clean
from minori.ui.keeping import saved
from tenants.access import writers_only
from tenants.reports import drafts, queries
from tenants.reports.consultations import show_draft
from tenants.reports.sections import language_in_force
from tenants.reports.views.shared import address, help_contact, may_write
from tenants.writing import NotOpen


@require_safe
def consult(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Before showing: what the officer will see and what not; and what was shown before."""
    del organization
    one = queries.deadline_or_404(deadline)
    return _ask(request, one)


@require_POST
@writers_only
def show(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Show the draft as it stands."""
    del organization
    one = queries.deadline_or_404(deadline)
    question = clean(request.POST.get("question", ""))
    try:
        shown = show_draft(one, question=question, by=actor(request.person), at=timezone.now())
    except (NotPossibleNow, NotOpen) as refusal:
        return _ask(request, one, question=question, error=str(refusal), status=409)
    messages.success(request, _("The officer can read the draft now. They are told by mail."))
    there = address(request, "consultation", deadline=deadline, number=shown.number)
    return saved(request, redirect(there), form="consult")


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: RoomRequest, organization: str, deadline: int, number: int) -> HttpResponse:
    """One shown draft with what was said about it; a POST says more."""
    del organization
    one = queries.deadline_or_404(deadline)
    found = _consultation_or_404(one, number)
    if request.method == "POST":
        return _say(request, one, found)
    return _show(request, one, found)


@writers_only
def _say(request: RoomRequest, one: Deadline, found: Consultation) -> HttpResponse:
    body, anchor = clean(request.POST.get("body", "")), request.POST.get("anchor", "")
    page = page_of(found, language=language_in_force())
    try:
        consulting.say(
            found,
            side=Side.ROOM,
            body=body,
            anchor=anchor if page.knows(anchor) else "",
            by=actor(request.person),
            at=timezone.now(),
        )
    except NotPossibleNow as refusal:
        return _show(request, one, found, body=body, anchor=anchor, error=str(refusal), status=422)
    messages.success(request, _("Your words have been sent."))
    there = address(request, "consultation", deadline=one.pk, number=found.number)
    return saved(request, redirect(f"{there}#remarks"), form="remark")


@require_POST
@writers_only
def withdraw(request: RoomRequest, organization: str, deadline: int, number: int) -> HttpResponse:
    """Stop showing a draft."""
    del organization
    found = _consultation_or_404(queries.deadline_or_404(deadline), number)
    consulting.withdraw(found, by=actor(request.person), at=timezone.now())
    messages.success(request, _("The draft is no longer shown."))
    return redirect(address(request, "consult", deadline=deadline))


def _consultation_or_404(deadline: Deadline, number: int) -> Consultation:
    found = Consultation.objects.filter(deadline=deadline, number=number).select_related("deadline").first()
    if found is None:
        raise Http404
    return found


def _ask(
    request: RoomRequest, one: Deadline, *, question: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    stand = queries.standing(one, at=timezone.now())
    kept = vars(request).get("kept")
    context = {
        "deadline": one,
        "stand": stand,
        "copy": drafts.read(one),
        "shown": queries.consultations_of(one),
        "may_write": may_write(request, stand),
        "question": question or (kept.get("question", "") if kept else ""),
        "error": error,
        "kept": kept,
        "help_contact": help_contact(one),
    }
    return render(request, "reports/consult.html", context, status=status)


def _show(
    request: RoomRequest,
    one: Deadline,
    found: Consultation,
    *,
    body: str = "",
    anchor: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    kept = vars(request).get("kept")
    writes = bool(request.roles & WRITING_ROLES)
    context = {
        "deadline": one,
        "page": page_of(found, language=language_in_force(), file_url=_addresses(request, found)),
        "speaks": writes and found.withdrawn_at is None,
        "writes": writes,
        "action": address(request, "consultation", deadline=one.pk, number=found.number),
        "body": body or (kept.get("body", "") if kept else ""),
        "anchor": anchor or (kept.get("anchor", "") if kept else ""),
        "error": error,
        "kept": kept,
        "help_contact": help_contact(one),
    }
    return render(request, "reports/consultation.html", context, status=status)


def _addresses(request: RoomRequest, found: Consultation) -> PhotoUrl:
    place = {
        "organization": request.organization.slug,
        "deadline": found.deadline_id,
        "number": found.number,
    }
    return lambda file: reverse("evidence:shown", kwargs={**place, "file": file.uuid})
