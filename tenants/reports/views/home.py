"""The organization's home, its list of reports, its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minori.accounts.enums import Role
from minori.accounts.requests import RoomRequest
from minori.audit.models import Event
from minori.documents.results import name_of
from minori.organizations import consent
from minori.programmes.enums import Standing
from minori.programmes.models import ExtensionRequest
from minori.report_forms.completeness import Count
from tenants.reports import asking, comments, corrections, drafts, queries
from tenants.reports.comments import Thread
from tenants.reports.drafts import WorkingCopy
from tenants.reports.queries import Stand
from tenants.reports.sections import language_in_force, left_in, section_of_anchor
from tenants.reports.views.shared import help_contact, may_write


@dataclass(frozen=True)
class CameBack:
    """A comment waiting for the organization, with the section it stands in ("" for the whole report)."""

    thread: Thread
    section: str
    title: str
    row: str


@dataclass(frozen=True)
class DueReport:
    """A report that waits for the organization: how far it has come, what is left, what came back."""

    stand: Stand
    count: Count
    left: list[str]
    came_back: list[CameBack]
    may_write: bool
    begun: bool
    has_plan: bool
    asked: Event | None
    more_time: ExtensionRequest | None
    is_approver: bool


@require_safe
def home(request: RoomRequest, organization: str) -> HttpResponse:
    """What is due when, what is left to fill in, what came back; then what is to come and what has been."""
    del organization
    everything = queries.standings(list(queries.ours().order_by("due_on", "pk")), at=timezone.now())
    open_ones = sorted(
        (one for one in everything if one.may_write), key=lambda one: one.deadline.effective_due_on
    )
    due = _due(request, open_ones)
    read = [one.deadline for one in everything if one.standing == Standing.HANDED_IN]
    asked = corrections.open_of(one.pk for one in read) if read else {}
    context = {
        "corrections": [(one, len(asked[one.pk])) for one in read if asked[one.pk]],
        "today": everything[0].today if everything else timezone.localdate(),
        "due": due,
        "coming": [one for one in everything if one.standing == Standing.NOT_OPEN],
        "past": [
            one for one in reversed(everything) if not one.may_write and one.standing != Standing.NOT_OPEN
        ],
        "plans": queries.plans_to_confirm(),
        "changes": queries.changes_with_us(),
        "unreached": queries.unreached(),
        "help_contact": help_contact((open_ones or everything)[0].deadline) if everything else None,
    }
    return render(request, "reports/home.html", context)


def _due(request: RoomRequest, stands: Sequence[Stand]) -> list[DueReport]:
    deadlines = [one.deadline for one in stands]
    if not deadlines:
        return []
    copies = drafts.read_all(deadlines)
    threads, asked = comments.threads_of(copies), asking.asked(deadlines)
    more_time = queries.open_requests(deadlines)
    return [
        _due_report(
            request, one, copies[one.deadline.pk], threads[one.deadline.pk], asked=asked, more_time=more_time
        )
        for one in stands
    ]


def _due_report(
    request: RoomRequest,
    stand: Stand,
    copy: WorkingCopy,
    threads: list[Thread],
    *,
    asked: Mapping[int, Event],
    more_time: Mapping[int, ExtensionRequest],
) -> DueReport:
    return DueReport(
        stand=stand,
        count=copy.count,
        left=left_in(copy),
        came_back=[_came_back(copy, thread) for thread in comments.open_ones(stand.deadline, threads)],
        may_write=may_write(request, stand),
        begun=bool(copy.stored or copy.attachments),
        has_plan=not copy.lacks_plan,
        asked=asked.get(stand.deadline.pk),
        more_time=more_time.get(stand.deadline.pk),
        is_approver=Role.APPROVER in request.roles,
    )


def _came_back(copy: WorkingCopy, thread: Thread) -> CameBack:
    section = section_of_anchor(copy, thread.anchor)
    rows = {str(row.uuid): name_of(row) for row in copy.draft.all_rows}
    return CameBack(
        thread=thread,
        section=section.key if section else "",
        title=section.title.say(language_in_force()) if section else "",
        row=rows.get(thread.anchor, ""),
    )


@require_safe
def index(request: RoomRequest, organization: str) -> HttpResponse:
    """Every report of the organization: what came back and what is due first, then what is in, last what is to come."""
    del organization
    stands = queries.standings(list(queries.ours().order_by("due_on", "pk")), at=timezone.now())
    waited_for = sorted(
        (one for one in stands if one.may_write),
        key=lambda one: (one.standing != Standing.RETURNED, one.deadline.effective_due_on),
    )
    context = {
        "any": bool(stands),
        "due": waited_for,
        "read": [one for one in reversed(stands) if one.standing == Standing.HANDED_IN],
        "past": [one for one in reversed(stands) if one.standing in (Standing.ACCEPTED, Standing.WAIVED)],
        "coming": [one for one in stands if one.standing == Standing.NOT_OPEN],
    }
    return render(request, "reports/index.html", context)


@require_safe
def people(request: RoomRequest, organization: str) -> HttpResponse:
    """Who works here, with which roles; approvers see the number by which another distributor may fund them too."""
    del organization
    approver = Role.APPROVER in request.roles
    context = {
        "people": queries.people(),
        "approver": approver,
        "number": consent.number_of(request.organization, at=timezone.now()) if approver else "",
        "days": consent.DAYS,
    }
    return render(request, "reports/people.html", context)
