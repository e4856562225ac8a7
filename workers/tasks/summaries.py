"""Compiling summaries: woken by steps, found again by the sweep."""

from django.utils import timezone

from minori.jobs import Job, enqueue
from reporting.summaries import compiling, inputs, queries
from workers.app import app


@app.task(name=Job.COMPILE)
def compile_round(programme_id: int, round_id: int) -> bool:
    """Compile one round unless it is fresh. The programme's id is for people who read the log."""
    return compiling.compile_round(round_id, at=timezone.now())


def wake_stale() -> int:
    """Wake a compile for every stale round; how many. What a killed worker left is found here."""
    inputs.fold()
    rounds = list(queries.stale_rounds().values_list("programme_id", "pk"))
    for programme_id, round_id in rounds:
        enqueue(Job.COMPILE, programme_id=programme_id, round_id=round_id)
    return len(rounds)
