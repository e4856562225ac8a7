"""Steps of a report, through the rules."""

from datetime import date, datetime

from minori.audit.trail import Actor
from minori.filings import reviewing
from minori.filings.models import Filing
from minori.mail import reminders
from minori.mail.enums import MessageState
from minori.mail.models import Message
from minori.programmes.models import Deadline
from tests.factories import filings

OFFICER = Actor(person_id=None, name="佐藤 花子")
EDITOR = Actor(person_id=None, name="田中 恵")


def hand_in(deadline: Deadline, *, at: datetime, by: Actor = EDITOR) -> Filing:
    """Hand in the next revision."""
    return filings.handed_in(deadline, at=at, by=by)


def send_back(
    deadline: Deadline, *, due_on: date, at: datetime, body: str = "0103の理由を教えてください。"
) -> None:
    """Send it back with one comment."""
    remarks = [reviewing.Remark(body)]
    reviewing.send_back(deadline, filing=_newest(deadline), remarks=remarks, due_on=due_on, by=OFFICER, at=at)


def accept(deadline: Deadline, *, at: datetime) -> None:
    """Accept it."""
    reviewing.accept(deadline, filing=_newest(deadline), by=OFFICER, at=at)


def _newest(deadline: Deadline) -> Filing:
    return Filing.objects.filter(deadline=deadline).latest("revision")


def swept(at: datetime) -> reminders.SweepResult:
    """A sweep, after which the mail server takes at once what it wrote: it never joins what comes up later."""
    result = reminders.sweep(at=at)
    let_go(at)
    return result


def let_go(at: datetime) -> None:
    """The mail server has taken everything that waited."""
    Message.objects.filter(state=MessageState.PENDING).update(
        state=MessageState.SENT, sent_at=at, next_try_at=None
    )
