"""One report: its task list, its states, its comments, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minori.accounts.enums import WRITING_ROLES, Role
from minori.accounts.requests import RoomRequest, actor
from minori.filings import closing
from minori.filings import handing_in as hatch
from minori.filings.enums import Came
from minori.filings.handing_in import NotPossibleNow
from minori.filings.revisions import recalled
from minori.programmes import date_history
from minori.programmes.enums import DeadlineState
from tenants.access import approvers_only, writers_only
from tenants.reports import comments, corrections, drafts, following, forms, queries, sections
from tenants.reports.queries import Stand
from tenants.reports.views.shared import address, help_contact, may_write


@require_safe
def report(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """The task list of a report with honest states, what came back, what was handed in."""
    del organization
    one = queries.deadline_or_404(deadline)
    stand = queries.standing(one, at=timezone.now())
    copy = drafts.read(one)
    kept = vars(request).get("kept")
    threads = comments.with_typed(
        comments.threads_of([one.pk])[one.pk], forms.bodies_in(kept) if kept else {}
    )
    waiting = comments.open_ones(one, threads)
    filings = queries.filings_of(one)
    shown = queries.consultations_of(one)
    context = {
        "stand": stand,
        "deadline": one,
        "copy": copy,
        "parts": sections.tasks_of(copy, waiting),
        "left": sections.left_in(copy),
        "waiting": waiting,
        "opened": sections.named(copy, copy.opened.by_the_organization),
        "general": comments.at(threads, [""]),
        "elsewhere": [
            thread
            for thread in threads
            if thread.anchor and sections.section_of_anchor(copy, thread.anchor) is None
        ],
        "filings": filings,
        "recalled": recalled(one) if len(filings) > 1 or queries.was_recalled(one, filings) else (),
        "own_draft": following.own_draft(one) if any(each.came == Came.BEHALF for each in filings) else None,
        "proposed": corrections.named(copy, corrections.open_of([one.pk])[one.pk]),
        "may_settle": bool(request.roles & WRITING_ROLES),
        "shown": shown,
        "seen_outside": next((each for each in shown if each.withdrawn_at is None), None),
        "was_recalled": queries.was_recalled(one, filings),
        "may_write": may_write(request, stand),
        "recall_makes_late": stand.days_left < 0,
        "may_recall": Role.APPROVER in request.roles and _is_unread(stand) and not _has_closed(stand),
        "no_recall": closing.NO_RECALL if _is_unread(stand) and _has_closed(stand) else "",
        "dates": date_history.of(one),
        "more_time": queries.open_requests([one]).get(one.pk),
        "kept": kept,
        "help_contact": help_contact(one),
    }
    return render(request, "reports/report.html", context)


def _is_unread(stand: Stand) -> bool:
    """Whether the report could be taken back, but for a closing date; the rule decides again under the lock."""
    deadline = stand.deadline
    untouched = deadline.reading_began_at is None and deadline.returned_at is None
    return deadline.state == DeadlineState.HANDED_IN and untouched


def _has_closed(stand: Stand) -> bool:
    return stand.deadline.has_closed(stand.today)


@require_POST
@approvers_only
def recall(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Take the report back while nobody has begun to read it (引戻し)."""
    del organization
    one = queries.deadline_or_404(deadline)
    try:
        hatch.recall(one, by=actor(request.person), at=timezone.now())
    except NotPossibleNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The report has been recalled. You can change it and hand it in again."))
    return redirect(address(request, "report", deadline=deadline))


@require_POST
@writers_only
def comment(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Answer comments from the report's page, or mark one as dealt with."""
    del organization
    one = queries.deadline_or_404(deadline)
    reply(request, one.pk)
    return redirect(address(request, "report", deadline=deadline))


def reply(request: RoomRequest, deadline: int) -> None:
    """Send the answers that were typed into a page and note which comment its button marked."""
    one = queries.deadline_or_404(deadline)
    by, at = actor(request.person), timezone.now()
    sent = comments.answer_all(one, bodies=forms.bodies_in(request.POST), by=by, at=at)
    if sent:
        messages.success(request, _("Your answer has been sent."))
    pressed = forms.mark_in(request.POST)
    if pressed is not None:
        pk, done = pressed
        comments.mark(one, pk, done=done, by=by, at=at)
