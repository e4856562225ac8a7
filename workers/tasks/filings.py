"""Making what was handed in searchable: woken at hand-in, found again by the sweep."""

from datetime import datetime

from django.utils import timezone

from minori.jobs import Job, enqueue
from reporting.reading import taking_in
from workers.app import app


@app.task(name=Job.TAKE_IN)
def take_in_filing(filing_id: int) -> int:
    """Take one filing in; how many passages."""
    return taking_in.take_in(filing_id, at=timezone.now())


@app.task(name=Job.TAKE_IN_MORE)
def take_in_more() -> int:
    """Take in some of what waits; how many filings."""
    return take_in_waiting(timezone.now())


def take_in_waiting(at: datetime) -> int:
    """Take in some of what waits; how many filings. While there is more a worker is woken for it, behind all that waits
    already: thousands of reports that came at once are searchable in minutes, and hold up nobody."""
    taken = taking_in.take_in_waiting(at=at)
    if taken == taking_in.AT_ONCE:
        enqueue(Job.TAKE_IN_MORE)
    return taken
