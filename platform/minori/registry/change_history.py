"""A change request with all that happened to it, the same on both sides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from minori.registry.change_models import ChangeRequest, ChangeRevision
from minori.registry.enums import ChangeState


class Happening(StrEnum):
    """What can happen to a request."""

    SENT = "sent"
    SENT_AGAIN = "sent_again"
    RETURNED = "returned"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"


@dataclass(frozen=True)
class Step:
    """One step: when, by whom, with which words; `revision` is what was sent."""

    what: Happening
    at: datetime
    by: str
    words: str = ""
    revision: int = 0


@dataclass(frozen=True)
class History:
    """A request with its revisions, oldest first, and its steps."""

    request: ChangeRequest
    revisions: list[ChangeRevision]
    steps: list[Step]

    @property
    def last(self) -> ChangeRevision:
        """What was sent last."""
        return self.revisions[-1]

    def revision(self, number: int | None) -> ChangeRevision | None:
        """A revision by its number (None: the last), or None where there is none."""
        wanted = self.request.last_revision if number is None else number
        return next((one for one in self.revisions if one.number == wanted), None)


def of(request: ChangeRequest) -> History:
    """The request with everything that happened, in one query."""
    revisions = list(request.revisions.select_related("base").order_by("number"))
    steps: list[Step] = []
    for one in revisions:
        sent = Happening.SENT if one.number == 1 else Happening.SENT_AGAIN
        steps.append(Step(sent, one.sent_at, one.sent_by_name, one.remark, one.number))
        if one.returned_at is not None:
            steps.append(Step(Happening.RETURNED, one.returned_at, one.returned_by_name, one.returned_words))
    if request.answered_at is not None:
        steps.append(Step(Happening.ANSWERED, request.answered_at, request.answered_by_name))
    if request.closed_at is not None:
        what = Happening.DECIDED if request.state == ChangeState.DECIDED else Happening.WITHDRAWN
        steps.append(Step(what, request.closed_at, request.closed_by_name, request.words))
    return History(request, revisions, steps)
