"""Real workers on a real queue, on the tests' database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from minori import jobs
from minori.local.addresses import celery_broker_url, postgres_url

ROOT = Path(__file__).resolve().parents[2]
QUEUE = 7 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
"""Number of the Valkey database: the workers' own, and another for each process that tests run in, so that nobody
else's jobs are mixed in or taken away."""


@contextmanager
def emptied_queue(settings: Any) -> Iterator[str]:
    """An empty queue of the test's own; its address."""
    import redis

    address = settings.REDIS_URL.partition("?")[0] + f"?db={QUEUE}"
    settings.CELERY_BROKER_URL = celery_broker_url(address)
    client = redis.Redis.from_url(address)
    client.flushdb()
    jobs._producer.cache_clear()
    yield address
    jobs._producer.cache_clear()
    client.flushdb()
    client.close()


@contextmanager
def running(queue: str, log: Path, *options: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own."""
    now = connection.settings_dict
    url = postgres_url(
        user=now["USER"], password=now["PASSWORD"], database=now["NAME"], socket_dir=now["HOST"]
    )
    told = os.environ | {
        "DATABASE_APP_URL": url,
        "REDIS_URL": queue,
        "DJANGO_SETTINGS_MODULE": "minori.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        **environment,
    }
    told.pop("DATABASE_URL", None)
    command = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "workers.app",
        "worker",
        "--concurrency",
        "1",
        *options,
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--loglevel", "INFO"],
            env=told,
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def until(what: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether it comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return False
