"""What a notice is about and whom it is for: what all texts of notices share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import pgettext

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail.letters import short_date
from minori.programmes.models import Deadline, Grant


class Audience(Enum):
    """Whom an event concerns."""

    ROOM = "room"
    APPROVERS = "approvers"
    OFFICERS = "officer"  # lead and deputy; the value stands in the keys of notices

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
    is_receipt: bool = False
    """Whether whoever did it has it too; of what they did themselves people are not told otherwise."""


NEAR = timedelta(days=180)
"""Days from now on which a day and a month alone are read as the next ones."""

_LONGEST_TITLE = 20
"""Characters of a project's title in a subject; lists of mails show few."""


def report(about: About) -> dict[str, str]:
    """The facts of a report that subjects name: its round and its project tell it from the others of the day."""
    assert about.deadline is not None, "the event is about a report"
    named = {
        "round": about.deadline.round.title,
        "grant": Truncator(about.grant.title).chars(_LONGEST_TITLE),
    }
    return {
        "report": pgettext("a report in a subject", "%(round)s “%(grant)s”") % named,
        "organization": about.grant.organization.name,
        "date": short_date(about.today),
        "due": coming(_said_day(about) or about.deadline.effective_due_on, today=about.today),
    }


def coming(day: date, *, today: date) -> str:
    """A day as subjects have it: with its year where that is not plain, marked where it has passed."""
    if day - today > NEAR:
        return date_format(day, pgettext("format of a date with its year in a subject", "j F Y"))
    if day >= today:
        return short_date(day)
    return pgettext("a day in a subject", "%(day)s (passed)") % {"day": short_date(day)}


def _said_day(about: About) -> date | None:
    """The day that a return or a reopening named, whatever came after it."""
    if about.event.action not in (Action.RETURNED, Action.REOPENED):
        return None
    try:
        return date.fromisoformat(str(about.event.details.get("due_on")))
    except ValueError:
        return None
