"""What is looked through once a night: are all files there, does every number still follow from what was handed in."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import chain, islice

from django.db import connection
from django.utils import timezone

from minori.filings import verifying as papers
from minori.jobs import Job, enqueue
from minori.mail import runs
from minori.mail.models import Sweep
from reporting.reading import verifying as searched
from reporting.summaries import verifying as summaries
from workers import keeping
from workers.app import app
from workers.tasks.exports import expire_exports

Step = Callable[[datetime], object]

AT = time(3)
"""From this hour of the installation's time zone on a night's work is due."""

TIRED_AFTER = timedelta(hours=1)
"""A step that began so long ago and never ended was killed: it is due again."""

LIMIT = 3600  # seconds
_LOCK = 4_701_002
_TOLD = 20  # differences written into the log of the sweeps; `minori verify` tells all


class SomethingIsWrong(RuntimeError):  # noqa: N818 - what was found
    """Files are missing, or numbers do not follow from the papers; the text says which."""


def look_at_files(_at: datetime) -> keeping.Kept:
    """Every file, and leftovers removed. Raises SomethingIsWrong."""
    kept = keeping.look_through(clean=True)
    if kept.wrong:
        raise SomethingIsWrong(_several(iter(kept.wrong)))
    return kept


def verify(_at: datetime) -> int:
    """Figures and summaries again from what was handed in. Raises SomethingIsWrong; returns 0, the differences."""
    found = chain(papers.differences(), summaries.differences(), searched.differences())
    if told := _several(found):
        raise SomethingIsWrong(told)
    return 0


STEPS: Mapping[str, Step] = {"files": look_at_files, "exported": expire_exports, "verify": verify}


@app.task(name=Job.NIGHT, time_limit=LIMIT, soft_time_limit=LIMIT - 30)
def do_nightly() -> dict[str, bool]:
    """Run the steps that are due, unless another worker is at it; which succeeded.

    Longer than the queue waits for an answer: a second delivery finds the lock held and does nothing.
    """
    with _alone() as we:
        due = due_steps(timezone.now()) if we else []
        return {name: runs.run(name, STEPS[name], clock=timezone.now) for name in due}


def wake(at: datetime) -> int:
    """Wake a worker for the night's work where some is due; how many steps are."""
    due = len(due_steps(at))
    if due:
        enqueue(Job.NIGHT)
    return due


def due_steps(at: datetime) -> list[str]:
    """The steps that have not been begun since the last night began, or never came to an end."""
    night = _last_night(at)
    begun = {
        row.name: row.ended_at is not None or row.began_at > at - TIRED_AFTER
        for row in Sweep.objects.filter(name__in=STEPS, began_at__gte=night)
    }
    return [name for name in STEPS if not begun.get(name)]


def _last_night(at: datetime) -> datetime:
    here = timezone.localtime(at)
    night = here.replace(hour=AT.hour, minute=AT.minute, second=0, microsecond=0)
    return night if night <= here else night - timedelta(days=1)


def _several(found: Iterator[str]) -> str:
    some = list(islice(found, _TOLD + 1))
    return "; ".join(some[:_TOLD]) + ("; and more" if len(some) > _TOLD else "")


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else does the night's work now; holds the lock meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
