"""Making exports: woken when one is asked for, found again by the sweep; files whose time is over go at night."""

from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from minori.jobs import Job, enqueue
from reporting.exports import asking, making
from workers.app import app

LIMIT = 1800  # seconds


@app.task(name=Job.EXPORT, time_limit=LIMIT, soft_time_limit=LIMIT - 30)
def make_export(export_id: int) -> bool:
    """Make an export unless another worker is at it.

    Longer than the queue waits for an answer: a second delivery finds the lock held and does nothing.
    """
    return making.make(export_id, clock=timezone.now, too_long=SoftTimeLimitExceeded)


def wake_waiting_exports(_at: datetime) -> int:
    """Wake a worker for every export that is not at its end; how many. What a killed worker left is found here."""
    waiting = making.waiting()
    for export_id in waiting:
        enqueue(Job.EXPORT, export_id=export_id)
    return len(waiting)


def expire_exports(at: datetime) -> int:
    """Take away files whose time is over; how many."""
    return asking.expire(at=at)
