"""Exports and their own worker: what others wait for goes past them, and one that is killed is not stuck."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from minori import jobs
from minori.jobs import Job
from reporting.exports import asking
from reporting.exports.enums import Failure, Kind, State, Step
from reporting.exports.making import ATTEMPTS
from reporting.exports.models import Export
from tests.factories import filings
from tests.reporting.exports import rounds
from tests.workers import real
from tests.workers.real import until
from workers.tasks.exports import wake_waiting_exports

pytestmark = pytest.mark.django_db(transaction=True)
EXPORTS = ("--queues", jobs.EXPORTS, "--max-tasks-per-child", "1")


@pytest.fixture
def queue(settings: Any) -> Iterator[str]:
    with real.emptied_queue(settings) as address:
        yield address


@pytest.fixture
def export(hikari: Any, kibou: Any, queue: str) -> Export:
    """Asked for, and its job in the queue: on a busy machine a queue that answers late is passed over."""
    round_ = rounds.round_with(hikari, kibou)
    made = asking.ask(round_, kind=Kind.CSV, language="ja", by=filings.EDITOR, at=timezone.now())
    assert until(lambda: in_queue(jobs.EXPORTS) or wake_waiting_exports(timezone.now()) == 0)
    return made


def in_queue(name: str) -> list[bytes]:
    """The jobs that wait in a queue."""
    address = f"{settings.REDIS_URL.partition('?')[0]}?db={real.QUEUE}"
    with redis.Redis.from_url(address) as client:
        found: list[bytes] = client.lrange(name, 0, -1)
        return found


@contextmanager
def nothing_put_aside() -> Iterator[None]:
    """Meanwhile a worker comes as far as putting its file aside, and waits there."""
    now = connection.settings_dict
    login = {"host": now["HOST"], "dbname": now["NAME"], "user": now["USER"], "password": now["PASSWORD"]}
    with psycopg.connect(**login) as other:
        other.execute("LOCK TABLE exports_exportpart IN EXCLUSIVE MODE")
        yield
        other.rollback()


def state(export: Export) -> str:
    export.refresh_from_db()
    return export.state


def in_the_middle(export: Export, attempt: int) -> bool:
    export.refresh_from_db()
    return (export.state, export.step, export.attempts) == (State.WORKING, Step.KEEPING, attempt)


def child_of(worker: "subprocess.Popen[bytes]") -> int:
    """The process in which the worker does its work."""
    return int(Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()[0])


def test_each_job_waits_in_its_queue(export):
    jobs.enqueue(Job.COMPILE, round_id=export.round_id)
    assert [Job.EXPORT.value.encode() in one for one in in_queue(jobs.EXPORTS)] == [True]
    assert in_queue(jobs.COMMON)
    assert not any(Job.EXPORT.value.encode() in one for one in in_queue(jobs.COMMON))


def given_up(export: Export) -> bool:
    """Whether PostgreSQL has noticed that the worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [export.pk]
        )
        return bool(cursor.fetchone()[0] == 0)


def killed(worker: "subprocess.Popen[bytes]", export: Export) -> None:
    """Kill the process that makes it, wait until PostgreSQL knows, and let the sweep come by."""
    os.kill(child_of(worker), signal.SIGKILL)
    assert until(lambda: given_up(export)), "its lock is still held"
    wake_waiting_exports(timezone.now())


def test_one_whose_process_is_killed_is_made_again_by_the_same_worker(export, queue, tmp_path):
    log = tmp_path / "exports.log"
    with real.running(queue, log, *EXPORTS) as worker:
        with nothing_put_aside():
            assert until(lambda: in_the_middle(export, 1)), log.read_text()
            killed(worker, export)
            assert until(lambda: in_the_middle(export, 2)), log.read_text()
        assert until(lambda: state(export) == State.READY), log.read_text()
    assert export.attempts == 2
    assert b"".join(asking.pieces(export)).startswith(b"\xef\xbb\xbf")


def woken_again(export: Export) -> str:
    """What has become of it after another look of the sweep."""
    wake_waiting_exports(timezone.now())
    return state(export)


def test_one_whose_worker_is_killed_is_found_by_the_sweep_and_made_once_more(export, queue, tmp_path):
    log = tmp_path / "exports.log"
    with nothing_put_aside(), real.running(queue, log, *EXPORTS) as worker:
        assert until(lambda: in_the_middle(export, 1)), log.read_text()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert state(export) == State.WORKING
    assert until(lambda: given_up(export)), "its lock is still held"
    with real.running(queue, log, *EXPORTS):
        # the sweep comes again and again; woken too often it is made once all the same
        assert until(lambda: woken_again(export) == State.READY), log.read_text()
    assert export.attempts == 2
    assert export.parts.count() == 1


def test_one_that_kills_its_process_each_time_is_given_up_with_a_sentence(export, queue, tmp_path):
    log = tmp_path / "exports.log"
    with nothing_put_aside(), real.running(queue, log, *EXPORTS) as worker:
        for attempt in range(1, ATTEMPTS + 1):
            assert until(lambda: in_the_middle(export, attempt)), log.read_text()  # noqa: B023 - asked at once
            killed(worker, export)
        assert until(lambda: state(export) == State.FAILED), log.read_text()
    assert export.failure == Failure.TIRED
    assert export.get_failure_display()
