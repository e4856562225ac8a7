"""The queue port: the only place outside `workers` that knows Celery. A job is a wake-up, never the truth."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from celery import Celery
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


COMMON, EXPORTS = "celery", "exports"
"""The queues. Exports have a worker of their own: one that takes half an hour delays nothing else."""


class Job(StrEnum):
    """Names of the tasks that may be woken; each must exist in `workers.tasks` (a test compares)."""

    PROVISION = "workers.tasks.provision_organization"
    COMPILE = "workers.tasks.compile_round"
    TAKE_IN = "workers.tasks.take_in_filing"
    TAKE_IN_MORE = "workers.tasks.take_in_more"
    SEND_MAIL = "workers.tasks.send_waiting_mail"
    EXPORT = "workers.tasks.make_export"
    SWEEP = "workers.tasks.sweep"
    NIGHT = "workers.tasks.do_nightly"

    @property
    def queue(self) -> str:
        """The queue it waits in."""
        return EXPORTS if self is Job.EXPORT else COMMON


def enqueue(job: Job, **ids: int) -> None:
    """Wake a worker once the transaction at hand is committed.

    A queue that is away is logged and otherwise ignored: sweeps over the database find the work later,
    and a person who handed in must not be shown an error for it. The same job is sent once a transaction.
    """
    send = _Wake(job, tuple(sorted(ids.items())))
    connection = transaction.get_connection()
    waiting = connection.run_on_commit
    if any(held == send and sids <= set(connection.savepoint_ids) for sids, held, _robust in waiting):
        return  # it goes out whenever this transaction does
    transaction.on_commit(send, robust=True)


@dataclass(frozen=True)
class _Wake:
    """A job to be sent on commit; equal to another one of the same job and ids."""

    job: Job
    ids: tuple[tuple[str, int], ...]

    def __call__(self) -> None:
        _send(self.job, dict(self.ids))


def _send(job: Job, ids: dict[str, int]) -> bool:
    try:
        _producer().send_task(job.value, kwargs=ids, queue=job.queue, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("the queue is away (%s): %s %s waits for the next sweep", error, job.name, ids)
        return False
    return True


@contextmanager
def waking_nobody() -> Iterator[None]:
    """Jobs that are enqueued inside are dropped: for work in a database that the workers do not know."""
    _producer.cache_clear()
    with override_settings(CELERY_BROKER_URL="memory://"):
        try:
            yield
        finally:
            _producer.cache_clear()


def workers_alive() -> list[str]:
    """Names of the workers that answer within a second; none where the queue is away."""
    try:
        answers = _producer().control.ping(timeout=1.0)
    except (OperationalError, OSError):
        return []
    return sorted(name for answer in answers or [] for name in answer)


@cache
def _producer() -> Celery:
    app = Celery("minori.jobs", broker=settings.CELERY_BROKER_URL, set_as_current=False)
    app.conf.update(
        broker_connection_retry=False,
        # one try and no waiting: by default a publisher waits six seconds for a queue that is away
        broker_transport_options={
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
            "connect_retries_timeout": 0.5,
        },
        task_ignore_result=True,
        task_serializer="json",
    )
    return app
