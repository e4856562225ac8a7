"""The officer's review pages: what waits, one report, its history, its files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minori.accounts.requests import DeskRequest, actor
from minori.audit.enums import Action
from minori.filings import reviewing
from minori.filings.approvals import approved_revision
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import FiledAttachment, Filing
from minori.filings.reviewing import StaleRevision
from minori.programmes import date_history
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.ui import addresses
from minori.ui.attachments import send
from minori.ui.keeping import saved
from reporting.access import deadline_or_404, desk_only, distributors, must_decide
from reporting.profiles import talks
from reporting.review import forms, notes, page, queries, queue, steps
from reporting.review.forms import Decision, DecisionForm
from reporting.signals import queries as signals

FORM = "decide"
DONE = {
    Decision.ACCEPT: (Action.ACCEPTED, DeadlineState.ACCEPTED),
    Decision.RETURN: (Action.RETURNED, DeadlineState.RETURNED),
    Decision.REOPEN: (Action.REOPENED, DeadlineState.RETURNED),
}


@require_safe
@desk_only
def index(request: DeskRequest) -> HttpResponse:
    """What waits for review: first what waits for me."""
    ours = list(distributors(request))
    if len(ours) == 1:
        vars(request)["distributor"] = ours[0]
    sections = queue.of(ours, person_id=request.person.pk, at=timezone.now(), asked=request.GET)
    context = {"sections": sections}
    return render(request, "review/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def deadline(request: DeskRequest, deadline: int) -> HttpResponse:
    """One report: GET shows a revision, POST decides about it."""
    found = deadline_or_404(request, deadline)
    if request.method == "POST":
        must_decide(request, found.grant.programme.distributor_id)
        return _decide(request, found, at=timezone.now())
    kept = vars(request).get("kept")
    typed = forms.moved(kept, page.anchors(found, found.current_filing)) if kept else {}
    form = _form_again(kept) if kept else None
    return _show(request, found, asked=_number(request.GET.get("revision")), typed=typed, form=form)


@require_POST
@desk_only
def begin(request: DeskRequest, deadline: int) -> HttpResponse:
    """Begin to read: from here on the organization cannot recall."""
    found = deadline_or_404(request, deadline)
    must_decide(request, found.grant.programme.distributor_id)
    reviewing.begin_reading(found, by=actor(request.person), at=timezone.now())
    return redirect("review:deadline", deadline=found.pk)


@require_safe
@desk_only
def history(request: DeskRequest, deadline: int) -> HttpResponse:
    """Every step in the life of a report, and all its revisions."""
    found = deadline_or_404(request, deadline)
    context = {
        "deadline": found,
        "programme": found.grant.programme,
        "revisions": page.revisions(found, asked=None),
        "steps": [steps.of(event) for event in queries.steps(found)],
    }
    return render(request, "review/history.html", context)


@require_safe
@desk_only
def attachment(request: DeskRequest, deadline: int, revision: int, uuid: UUID) -> HttpResponseBase:
    """A file as filed. It cannot run anything, and no shared cache keeps it."""
    found = deadline_or_404(request, deadline)
    one = get_object_or_404(FiledAttachment, filing__deadline=found, filing__revision=revision, uuid=uuid)
    return send(
        request, one.organization_id, one.sha256, filename=one.filename, content_type=one.content_type
    )


def _decide(request: DeskRequest, found: Deadline, *, at: datetime) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    filing = found.filings.filter(pk=form.cleaned_data.get("filing") or 0).first()
    if filing is None:
        raise Http404
    typed = forms.moved(request.POST, page.anchors(found, filing))
    if form.cleaned_data.get("decide") == Decision.RETURN:
        forms.check_return(form, typed)
    if form.errors:
        return _show(request, found, typed=typed, form=form, status=422)
    decision = Decision(form.cleaned_data["decide"])
    try:
        _take(request, found, filing, decision, form=form, typed=typed, at=at)
    except NotPossibleNow as refusal:
        return _refused(request, found, filing, decision, form=form, refusal=refusal, at=at)
    return _done(request, found, decision)


def _take(
    request: DeskRequest,
    found: Deadline,
    filing: Filing,
    decision: Decision,
    *,
    form: DecisionForm,
    typed: dict[str, str],
    at: datetime,
) -> None:
    by, said = actor(request.person), forms.remarks(typed)
    due_on = form.cleaned_data["due_on"]
    match decision:
        case Decision.ACCEPT:
            reviewing.accept(found, filing=filing, remarks=said, by=by, at=at)
        case Decision.RETURN:
            said = forms.remarks(forms.returned_with(typed, form.cleaned_data["words"]))
            everything = form.cleaned_data["everything"]
            reviewing.send_back(
                found, filing=filing, remarks=said, everything=everything, due_on=due_on, by=by, at=at
            )
        case Decision.REOPEN:
            reviewing.reopen(found, reason=form.cleaned_data["reason"], due_on=due_on, by=by, at=at)


def _refused(
    request: DeskRequest,
    found: Deadline,
    filing: Filing,
    decision: Decision,
    *,
    form: DecisionForm,
    refusal: NotPossibleNow,
    at: datetime,
) -> HttpResponse:
    """Show the report as it stands now, with the reason and everything that was typed."""
    action, state = DONE[decision]
    now = deadline_or_404(request, found.pk)
    twice = queries.is_latest_by(now, action=action, person_id=request.person.pk, filing_id=filing.pk)
    if now.state == state and twice:
        return _done(request, now, decision)
    if isinstance(refusal, StaleRevision):
        # the newer revision is shown in this answer: so reading has begun
        now = reviewing.begin_reading(now, by=actor(request.person), at=at)
        now = deadline_or_404(request, now.pk)
    form.add_error(None, str(refusal))
    typed = forms.moved(request.POST, page.anchors(now, now.current_filing))
    return _show(request, now, typed=typed, form=form, status=409)


def _done(request: DeskRequest, found: Deadline, decision: Decision) -> HttpResponse:
    said = {
        Decision.ACCEPT: _("Accepted."),
        Decision.RETURN: _("Sent back. The organization is told by mail."),
        Decision.REOPEN: _("Reopened."),
    }
    messages.success(request, said[decision])
    return saved(request, redirect("review:deadline", deadline=found.pk), form=FORM)


def _show(
    request: DeskRequest,
    found: Deadline,
    *,
    typed: dict[str, str],
    form: DecisionForm | None = None,
    asked: int | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = page.revisions(found, asked=asked)
    if shown is None:
        raise Http404
    at = timezone.now()
    may_decide = request.desk.may_decide(found.grant.programme.distributor_id)
    unread = may_decide and page.is_unread(found, shown)
    waits = found.state == DeadlineState.HANDED_IN and shown.shows_current
    context: dict[str, Any] = {
        "deadline": found,
        "programme": found.grant.programme,
        "revisions": shown,
        "days_waiting": queries.days_waiting(found, at=at),
        "neighbours": queries.neighbours(found, request.desk.distributor_ids, person_id=request.person.pk),
        "unread": unread,
        "waits": waits,
        "decides": may_decide and waits and not unread,
        "reopens": may_decide and found.state == DeadlineState.ACCEPTED and shown.shows_current,
        "approved_revision": approved_revision(shown.shown) if shown.shown else None,
        "read": None if unread else page.read(found, shown, typed=typed, decides=may_decide),
        "form": form or _blank(found, at=at),
        "returns_by": None if form else page.proposed_return(found, at=at),
        "may_decide": may_decide,
        "consultations": queries.consultations(found),
        "notes": notes.of(found),
        "talks": talks.of(
            found.organization_id, distributor_ids=[found.grant.programme.distributor_id], limit=3
        ),
        "signals": signals.of_deadline(found, language=request.LANGUAGE_CODE),
        "here": request.get_full_path(),
        "today": found.grant.programme.distributor.local_date(at),
        "dates": date_history.of(found),
    }
    return render(request, "review/deadline.html", context, status=status)


def _blank(found: Deadline, *, at: datetime) -> DecisionForm:
    return forms.blank(filing_id=found.current_filing_id or 0, due_on=page.proposed_return(found, at=at))


def _form_again(kept: Any) -> DecisionForm:
    """The form with what was typed before the session had ended, without calling it wrong."""
    names = ("filing", "due_on", "reason", "words", "everything")
    return DecisionForm(initial={name: kept.get(name) for name in names if kept.get(name)})


def _number(text: str | None) -> int | None:
    """A number in the address; anything else is no revision (0 exists nowhere)."""
    return None if text is None else addresses.number(text) or 0
