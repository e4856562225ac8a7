"""Where a report stands, told from its audit trail alone: `minori verify` compares it with what the tables say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline


class BrokenTrail(ValueError):  # noqa: N818 - what is found
    """An event begins where the report did not stand, or a step is missing what it has to say."""


@dataclass(frozen=True)
class Stand:
    """Where a report stands: its state, the filing that counts, how late the first revision was."""

    state: str = DeadlineState.AWAITING
    filing_id: int | None = None
    days_late: int | None = None


def replay(events: Iterable[Event]) -> Stand:
    """Where one report stands after its events, oldest first; raises `BrokenTrail` where they do not join.

    Events that move nothing (an answer, a part opened, a due date moved) are passed over.
    """
    stand = Stand()
    for event in events:
        if event.action not in _MOVES:
            continue
        if event.from_state != stand.state:
            message = f"event {event.pk} ({event.action}) begins at {event.from_state}, the report stood at {stand.state}"
            raise BrokenTrail(message)
        stand = replace(_after(event, stand), state=event.to_state)
    return stand


_MOVES = frozenset(
    {
        Action.HANDED_IN,
        Action.HANDED_IN_AGAIN,
        Action.CORRECTION_TAKEN,
        Action.RECALLED,
        Action.RETURNED,
        Action.ACCEPTED,
        Action.REOPENED,
        Action.WAIVED,
        Action.UNWAIVED,
    }
)
_FILED = frozenset({Action.HANDED_IN, Action.HANDED_IN_AGAIN})


def _after(event: Event, stand: Stand) -> Stand:
    if event.action in _FILED:
        late = _detail(event, "days_late") if stand.days_late is None else stand.days_late
        return replace(stand, filing_id=event.filing_id, days_late=late)
    if event.action == Action.CORRECTION_TAKEN:
        return replace(stand, filing_id=event.filing_id)
    if event.action == Action.RECALLED:
        return Stand()
    return stand


def _detail(event: Event, name: str) -> Any:
    if name not in event.details:
        message = f"event {event.pk} ({event.action}) does not say {name}"
        raise BrokenTrail(message)
    return event.details[name]


def differences() -> Iterator[str]:
    """A sentence for every report that does not stand where its trail leads."""
    for deadline, events in _trails():
        name = f"deadline {deadline.pk}"
        try:
            told = replay(events)
        except BrokenTrail as broken:
            yield f"{name}: its trail is broken: {broken}"
            continue
        stands = Stand(deadline.state, deadline.current_filing_id, deadline.days_late)
        if told != stands:
            yield f"{name}: its trail leads to {_say(told)}, it stands at {_say(stands)}"


def _say(stand: Stand) -> str:
    return f"{stand.state} (filing {stand.filing_id}, days late {stand.days_late})"


def _trails(at_once: int = 500) -> Iterator[tuple[Deadline, list[Event]]]:
    """Every deadline with its events, some hundred at a time."""
    keys = list(Deadline.objects.order_by("pk").values_list("pk", flat=True))
    return chain.from_iterable(
        _some_trails(keys[start : start + at_once]) for start in range(0, len(keys), at_once)
    )


def _some_trails(keys: list[int]) -> Iterator[tuple[Deadline, list[Event]]]:
    events: Mapping[int | None, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(deadline_id__in=keys, action__in=_MOVES).order_by("pk"):
        events[event.deadline_id].append(event)
    for deadline in Deadline.objects.filter(pk__in=keys).order_by("pk"):
        yield deadline, events[deadline.pk]
