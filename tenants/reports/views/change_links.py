"""A report's change boxes: which change requests they are about. Said in passing; it stands in nobody's way."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from minori.accounts.requests import RoomRequest, actor
from minori.registry import change_links, changes
from minori.report_forms import change_boxes
from minori.report_forms.edition import Section
from minori.ui import addresses
from tenants.access import writers_only
from tenants.reports import queries
from tenants.reports.drafts import WorkingCopy
from tenants.reports.views.shared import address


def context_of(copy: WorkingCopy, asked: Section) -> dict[str, Any] | None:
    """What the section with the change boxes shows of change requests; None for every other section. Three queries."""
    if copy.version is None or not change_boxes.has_boxes(asked):
        return None
    linked = change_links.requests_of(copy.deadline)
    return {
        "linked": linked,
        "others": change_links.others_of(copy.deadline, linked),
        "open": changes.open_request(copy.deadline.grant),
    }


@require_POST
@writers_only
def link_change(request: RoomRequest, organization: str, deadline: int) -> HttpResponse:
    """Link a report with a change request of its grant, or take the link away."""
    del organization
    report = queries.deadline_or_404(deadline)
    number = addresses.number(request.POST.get("number"))
    known = report.grant.change_requests.filter(number=number or 0).first()
    if known is None:
        raise Http404
    step = change_links.unlink if request.POST.get("step") == "unlink" else change_links.link
    step(known, report, by=actor(request.person), at=timezone.now())
    asked = slugify(str(request.POST.get("section", "")))
    if asked:
        there = address(request, "section", deadline=deadline, section=asked)
        return redirect(f"{there}#change-requests")
    return redirect(address(request, "report", deadline=deadline))
