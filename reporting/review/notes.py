"""Notes beside a report, for the distributor's own staff: written, read, taken away by who wrote them."""

from datetime import datetime

from minori.audit.trail import Actor
from minori.programmes.models import Deadline
from reporting.review.models import Note


def of(deadline: Deadline) -> list[Note]:
    """The notes on a report, newest first."""
    return list(Note.objects.filter(deadline=deadline).order_by("-at", "-pk"))


def write(deadline: Deadline, *, body: str, by: Actor, at: datetime) -> Note:
    """Write a note; the same words of the same person once, however often they are posted."""
    said = {"deadline": deadline, "body": body.strip(), "by_id": by.person_id}
    known = Note.objects.filter(**said).first()
    return known or Note.objects.create(at=at, by_name=by.name, **said)


def drop(deadline: Deadline, pk: int, *, by: Actor) -> bool:
    """Take a note away; False where it is not this person's, or not there any more."""
    gone, _by_model = Note.objects.filter(deadline=deadline, pk=pk, by_id=by.person_id).delete()
    return bool(gone)
