"""Recording events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from minori.audit.enums import Action
from minori.audit.models import Event


@dataclass(frozen=True)
class Actor:
    """Who acts: the person's id and the name as it is written down."""

    person_id: int | None
    name: str


MINORI = Actor(person_id=None, name="Minori")
"""The system itself: workers, commands, the demo."""


def record(
    action: Action, *, by: Actor, at: datetime, details: dict[str, Any] | None = None, **about: Any
) -> Event:
    """Write one event in the caller's transaction. `about`: ids and states, by the names of `Event`'s fields."""
    return Event.objects.create(
        action=action, at=at, person_id=by.person_id, person_name=by.name, details=details or {}, **about
    )
