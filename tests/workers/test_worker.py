"""A real worker on a real queue: woken by a job it sends what waits; started, it looks around."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from minori import jobs
from minori.jobs import Job, enqueue
from minori.local import mailbox
from minori.mail import outbox
from minori.mail.enums import Kind, MessageState
from minori.mail.letters import Letter
from minori.mail.models import Message, Sweep
from reporting.reading import taking_in
from tests.factories import filings, people, programmes
from tests.workers import real
from tests.workers.real import until
from workers.tasks import nightly
from workers.tasks.sweeps import STEPS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue(settings: Any) -> Iterator[str]:
    with real.emptied_queue(settings) as address:
        yield address


@pytest.fixture
def mails(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A mail server: its folder and its port."""
    with mailbox.receiving(tmp_path / "mailbox") as port:
        yield tmp_path / "mailbox", port


@pytest.fixture
def worker(queue: str, mails: tuple[Path, int], tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own, on the tests' database."""
    mail = {"MINORI_SMTP_HOST": "127.0.0.1", "MINORI_SMTP_PORT": str(mails[1])}
    with real.running(queue, tmp_path / "worker.log", **mail) as process:
        yield process


def swept() -> set[str]:
    return set(Sweep.objects.exclude(succeeded_at=None).values_list("name", flat=True))


def test_a_worker_looks_around_when_it_starts_and_sends_when_it_is_woken(worker, mails, tmp_path):
    log = tmp_path / "worker.log"
    assert until(lambda: swept() >= set(STEPS) | set(nightly.STEPS)), log.read_text()
    assert not Sweep.objects.exclude(problem="").exists()

    letter = Letter(subject="起きてください", text="本文\n", html="")
    post = outbox.Post(key="one", person=people.person(email="a@hikari.example"), letter=letter)
    outbox.put([post], kind=Kind.NOTICE, at=timezone.now())
    assert until(lambda: Message.objects.get().state == MessageState.SENT), log.read_text()
    assert [mail.subject for mail in mailbox.list_mails(mails[0])] == ["起きてください"]

    # the connection of the last task breaks; the next task does not notice
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
    post = outbox.Post(key="two", person=people.person(email="b@hikari.example"), letter=letter)
    outbox.put([post], kind=Kind.NOTICE, at=timezone.now())
    assert until(lambda: Message.objects.filter(state=MessageState.SENT).count() == 2), log.read_text()


def test_a_queue_that_is_away_does_not_disturb_who_wakes_it(settings):
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock?virtual_host=0"
    jobs._producer.cache_clear()
    began = time.monotonic()
    try:
        enqueue(Job.SWEEP)
    finally:
        jobs._producer.cache_clear()
    assert time.monotonic() - began < 3, "whoever hands in would wait for a queue that is away"


def test_many_reports_that_wait_to_be_searchable_are_taken_in_run_after_run(request, queue, hikari, tmp_path):
    """The first sweep takes as many as one run takes, and wakes a worker for the rest."""
    round_ = programmes.round_()
    with jobs.waking_nobody():
        for _report in range(taking_in.AT_ONCE + 1):
            grant = programmes.grant(of=round_.programme, organization=hikari)
            filings.handed_in(programmes.deadline(of=grant, round=round_))
    assert taking_in.waiting().count() == taking_in.AT_ONCE + 1
    request.getfixturevalue("worker")
    log = tmp_path / "worker.log"
    assert until(lambda: f"Task {Job.TAKE_IN_MORE.value}" in log.read_text()), log.read_text()
    assert until(lambda: not taking_in.waiting().exists()), log.read_text()
