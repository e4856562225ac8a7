"""What became of a report's dates: every change and every request for more time, for both sides to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.programmes.models import Deadline, ExtensionRequest

CHANGES = (
    Action.DEADLINE_MOVED,
    Action.EXTENSION_GRANTED,
    Action.CLOSING_MOVED,
    Action.CLOSING_LIFTED,
    Action.WAIVED,
    Action.UNWAIVED,
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One change with its reason, or one request with its answer (`request`). Dates are None where none was or is."""

    at: datetime
    by: str
    what: str
    before: date | None = None
    after: date | None = None
    closes_before: date | None = None
    closes_after: date | None = None
    closing: bool = False
    reason: str = ""
    request: ExtensionRequest | None = None


def of(deadline: Deadline) -> list[Entry]:
    """The history of one report's dates, oldest first. Two queries."""
    return of_many([deadline])[deadline.pk]


def of_many(deadlines: Iterable[Deadline]) -> dict[int, list[Entry]]:
    """The histories of several reports' dates, by deadline. Two queries."""
    found: dict[int, list[Entry]] = {one.pk: [] for one in deadlines}
    for request in ExtensionRequest.objects.filter(deadline__in=found).order_by("pk"):
        found[request.deadline_id].append(_asked(request))
    for event in Event.objects.filter(action__in=CHANGES, deadline_id__in=found).order_by("pk"):
        if event.deadline_id is not None and not event.details.get(
            "request"
        ):  # a grant stands at its request
            found[event.deadline_id].append(_changed(event))
    return {pk: sorted(entries, key=lambda entry: entry.at) for pk, entries in found.items()}


def _asked(request: ExtensionRequest) -> Entry:
    return Entry(
        at=request.asked_at,
        by=request.asked_by_name,
        what=str(Action.EXTENSION_ASKED.label),
        after=request.until,
        reason=request.reason,
        request=request,
    )


def _changed(event: Event) -> Entry:
    details = event.details
    return Entry(
        at=event.at,
        by=event.person_name,
        what=event.get_action_display(),
        before=_day(details.get("from")),
        after=_day(details.get("to")),
        closes_before=_day(details.get("closes_from")),
        closes_after=_day(details.get("closes_to")),
        closing="closes_to" in details,
        # taking a waiver back names the waiver's reason, which stands at the waiver
        reason="" if event.action == Action.UNWAIVED else str(details.get("reason") or ""),
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
