"""Several sweeps and senders at the same time, and a sender killed in the middle: real threads, real processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from minori.local.addresses import postgres_url
from minori.mail import reminders
from minori.mail.enums import MessageState
from minori.mail.models import LedgerEntry, Message
from minori.mail.sending import LEASE, send_waiting
from tests.factories import people, programmes
from tests.minori.mail.conftest import NINE
from tests.minori.mail.faulty import misbehaving

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]
SENDER = """
import sys
from datetime import datetime
import django
django.setup()
from minori.mail.sending import send_waiting
print(send_waiting(clock=lambda: datetime.fromisoformat(sys.argv[1])).as_json(), flush=True)
"""


def at_once(*works: Callable[[], object]) -> None:
    """Run all of these at the same time, each on a connection of its own; raises what they raise."""
    start, problems = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(10)
            work()
        except Exception as problem:  # noqa: BLE001 - shown below
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


def sender(settings: Any) -> "subprocess.Popen[str]":
    """A sender in a process of its own, on the tests' database and mail server."""
    now = connection.settings_dict
    url = postgres_url(
        user=now["USER"], password=now["PASSWORD"], database=now["NAME"], socket_dir=now["HOST"]
    )
    environment = os.environ | {
        "DATABASE_APP_URL": url,
        "MINORI_SMTP_HOST": settings.EMAIL_HOST,
        "MINORI_SMTP_PORT": str(settings.EMAIL_PORT),
        "MINORI_MAIL_PER_SECOND": "1000",
        "DJANGO_SETTINGS_MODULE": "minori.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    command = [sys.executable, "-c", SENDER, NINE.isoformat()]
    return subprocess.Popen(command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE)


@pytest.fixture
def processes() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes of the test, ended with it."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_two_sweeps_and_two_senders_at_once_send_one_mail(sink, fortnight, writer):
    def sweep() -> object:
        return reminders.sweep(at=NINE)

    def send() -> object:
        return send_waiting(clock=lambda: NINE)

    at_once(sweep, sweep, send, send)
    at_once(sweep, sweep, send, send)
    assert sink.subjects == ["【あと14日】進捗報告書 10月14日締切"]
    assert Message.objects.get().state == MessageState.SENT
    assert LedgerEntry.objects.count() == 2


def test_two_senders_in_processes_share_the_outbox_without_doubling(sink, hikari, settings, processes):
    round_ = programmes.round_()
    programmes.deadline(of=programmes.grant(organization=hikari, of=round_.programme), round=round_)
    for _ in range(30):
        people.member(hikari)
    assert reminders.sweep(at=NINE + timedelta(days=1)).mails == 30
    Message.objects.update(next_try_at=NINE)
    processes += [sender(settings), sender(settings)]
    for process in processes:
        assert process.wait(60) == 0
    recipients = [mail.recipients[0] for mail in sink.mails]
    assert len(recipients) == len(set(recipients)) == 30


def test_a_sender_killed_between_claim_and_sending_loses_and_doubles_nothing(
    sink, fortnight, writer, settings, processes
):
    reminders.sweep(at=NINE)
    good = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    with misbehaving(settings, rcpt="hang") as server:
        process = sender(settings)
        processes.append(process)
        until = time.monotonic() + 30
        while Message.objects.get().state != MessageState.CLAIMED:
            assert time.monotonic() < until, "the sender did not claim the mail"
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert server.taken == []
    settings.EMAIL_HOST, settings.EMAIL_PORT = good
    settings.EMAIL_TIMEOUT = 5
    assert send_waiting(clock=lambda: NINE + timedelta(minutes=4)).sent == 0
    assert send_waiting(clock=lambda: NINE + LEASE + timedelta(seconds=1)).sent == 1
    message = Message.objects.get()
    assert len(sink.mails) == 1
    assert (message.state, message.attempts, message.resends) == (MessageState.SENT, 2, 1)
