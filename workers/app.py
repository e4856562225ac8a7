"""The Celery application. Tasks are thin: they call the desk's and the rooms' functions, later and again until done."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minori.settings")

app = Celery("minori")
app.config_from_object("workers.celery_settings")
app.conf["CELERY_DB_REUSE_MAX"] = 1_000_000_000  # read by Celery's Django fixup: it leaves connections to us

app.autodiscover_tasks(["workers"], related_name="tasks")


@task_prerun.connect
@task_postrun.connect
def keep_good_connections(**_signal: Any) -> None:
    """Go on with the connections that are in order; close those that broke or grew old. Not inside a transaction."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


@worker_ready.connect
def look_around(**_signal: Any) -> None:
    """A worker that starts looks at once for what was left lying while none ran."""
    from minori.jobs import Job, enqueue

    enqueue(Job.SWEEP)
