"""Making what was handed in searchable: woken at hand-in, found again by the sweep."""

from datetime import datetime

from django.utils import timezone

from minori.jobs import Job
from reporting.reading import taking_in
from workers.app import app


@app.task(name=Job.TAKE_IN)
def take_in_filing(filing_id: int) -> int:
    """Take one filing in; how many passages."""
    return taking_in.take_in(filing_id, at=timezone.now())


def take_in_waiting(at: datetime) -> int:
    """Take in what waits; how many filings."""
    return taking_in.take_in_waiting(at=at)
