"""What a notice is about and whom it is for: what all texts of notices share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from minori.audit.models import Event
from minori.mail import rendering
from minori.mail.letters import short_date
from minori.programmes.models import Deadline, Grant


class Audience(Enum):
    """Whom an event concerns."""

    ROOM = "room"
    APPROVERS = "approvers"
    OFFICER = "officer"
    OFFICERS = "officers"

    @property
    def in_room(self) -> bool:
        """Whether these are people of the organization."""
        return self in (Audience.ROOM, Audience.APPROVERS)


@dataclass(frozen=True)
class About:
    """An event with what it is about. `today`: the distributor's date of the event.

    `together`: the events of one act that are told in one mail, each with its report; else the event alone. `summary`:
    what was filed on behalf, in short.
    """

    event: Event
    grant: Grant
    deadline: Deadline | None
    remarks: Sequence[str]
    declined: str
    to_confirm: bool
    today: date
    together: Sequence[tuple[Event, Deadline]] = ()
    summary: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Words:
    """Subject, sentences, and what else belongs to them."""

    subject: str
    sentences: Sequence[str]
    more: Sequence[tuple[str, str]] = ()
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class Text:
    """How one audience is told of one kind of event."""

    audience: Audience
    words: Callable[[About], Words]


def report(about: About) -> dict[str, str]:
    """The facts of a report that subjects name."""
    assert about.deadline is not None, "the event is about a report"
    return {
        "report": rendering.report_name(about.deadline),
        "organization": about.grant.organization.name,
        "date": short_date(about.today),
        "due": short_date(about.deadline.effective_due_on),
    }
