"""Sending what waits in the outbox."""

from django.utils import timezone

from minori.jobs import Job, enqueue
from minori.mail import sending
from workers.app import app


@app.task(name=Job.SEND_MAIL)
def send_waiting_mail() -> dict[str, object]:
    """Send waiting mails for a while; where more wait than one turn takes, the next turn is woken at once."""
    sent = sending.send_waiting(clock=timezone.now)
    if sent.more and not sent.away:
        enqueue(Job.SEND_MAIL)
    return sent.as_json()
