"""Once a night every file and every number is looked through, by one worker; what is wrong raises an alarm."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.db import connection

from minori.filings import files
from minori.mail import alarms
from minori.mail.models import Message, Sweep
from minori.tenancy.rooms import as_owner
from tests.factories import filings, people, programmes
from workers import heartbeat, keeping
from workers.commands import files as files_command
from workers.tasks import nightly

pytestmark = pytest.mark.django_db

EVENING = datetime.fromisoformat("2026-10-13T22:00:00+09:00")
SEVEN = datetime.fromisoformat("2026-10-14T07:00:00+09:00")


def ran(name: str, *, began: datetime, ended: bool = True) -> None:
    Sweep.objects.create(name=name, began_at=began, ended_at=began if ended else None, succeeded_at=began)


def test_a_nights_work_is_due_once_after_three_in_the_morning():
    assert nightly.due_steps(EVENING) == ["files", "exported", "verify"]
    for name in nightly.STEPS:
        ran(name, began=EVENING)
    assert nightly.due_steps(EVENING + timedelta(hours=4, minutes=59)) == []
    assert nightly.due_steps(SEVEN) == [
        "files",
        "exported",
        "verify",
    ]  # two nights of downtime are caught up once as well
    assert nightly.due_steps(SEVEN + timedelta(days=3)) == ["files", "exported", "verify"]


def test_a_step_that_was_killed_is_due_again_after_an_hour():
    ran("files", began=EVENING)
    ran("exported", began=EVENING)
    ran("verify", began=EVENING, ended=False)
    assert nightly.due_steps(EVENING + timedelta(minutes=59)) == []
    assert nightly.due_steps(EVENING + timedelta(minutes=61)) == ["verify"]


@pytest.mark.django_db(transaction=True)
def test_the_nights_work_is_done_and_kept(hikari):
    assert nightly.do_nightly() == {"files": True, "exported": True, "verify": True}
    assert nightly.do_nightly() == {}
    result = Sweep.objects.get(name="files").result
    assert (result["files"], result["wrong"]) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_it_to_the_first():
    other = connection.copy("other")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [nightly._LOCK])
        assert nightly.do_nightly() == {}
        cursor.execute(
            "SELECT pg_advisory_unlock(%s)", [nightly._LOCK]
        )  # the server may outlive a closed connection
    other.close()
    assert set(nightly.do_nightly()) == set(nightly.STEPS)


@pytest.mark.django_db(transaction=True)
def test_leftovers_are_removed_and_needed_files_stay(hikari, kibou):
    """The same bytes are a leftover in one organization and a filed photo in the other."""
    sha256 = files.keep(hikari.pk, b"the same bytes")
    files.keep(kibou.pk, b"the same bytes")
    _filed(hikari, sha256)
    kept = keeping.look_through(clean=True)
    assert (kept.looked_at, kept.wrong, kept.removed) == (1, (), 1)
    assert files.exists(hikari.pk, sha256)
    assert not files.exists(kibou.pk, sha256)


@pytest.mark.django_db(transaction=True)
def test_a_lost_file_is_told_by_the_command_and_by_the_night(hikari, capsys):
    sha256 = files.keep(hikari.pk, b"to be lost")
    _filed(hikari, sha256)
    files.forget(hikari.pk, sha256)
    assert files_command.run(Namespace(clean=False)) == 1
    assert (
        capsys.readouterr().out
        == f"hikari: {sha256} is missing or changed\n1 files looked at, 1 missing or changed\n"
    )
    assert nightly.do_nightly() == {"files": False, "exported": True, "verify": True}
    assert f"hikari: {sha256} is missing" in Sweep.objects.get(name="files").problem


@pytest.mark.django_db(transaction=True)
def test_a_figure_that_drifted_is_found(hikari):
    _filed(hikari, files.keep(hikari.pk, b"a photo"))
    with as_owner(), connection.cursor() as cursor:  # nobody else can
        cursor.execute("ALTER TABLE filings_figure DISABLE TRIGGER USER")
        cursor.execute("UPDATE filings_figure SET progress = 1 WHERE progress = 2")
        changed = cursor.rowcount
        cursor.execute("ALTER TABLE filings_figure ENABLE TRIGGER USER")
    assert changed == 1
    assert nightly.do_nightly() == {"files": True, "exported": True, "verify": False}
    assert "its figures differ from its contents" in Sweep.objects.get(name="verify").problem


def test_administrators_are_told_of_what_is_wrong_once_a_day(hikari):
    people.administrator(email="admin@example.jp")
    people.member(hikari, "approver")
    Sweep.objects.create(
        name="verify", began_at=SEVEN, problem="SomethingIsWrong: filing 1: its figures differ"
    )
    assert alarms.plan(at=SEVEN) == 1
    assert alarms.plan(at=SEVEN + timedelta(hours=2)) == 0
    assert alarms.plan(at=SEVEN + timedelta(days=1)) == 1
    mail = Message.objects.order_by("pk")[0]
    assert mail.address == "admin@example.jp"
    assert mail.subject == "【異常】実り：数値の検算（夜間）が失敗しています（10月14日）"
    assert "its figures differ" in mail.text
    assert "/administration/state/" in mail.text


def test_a_task_that_failed_a_moment_ago_is_no_news():
    people.administrator()
    Sweep.objects.create(
        name="reminders",
        began_at=SEVEN,
        succeeded_at=SEVEN - timedelta(minutes=5),
        problem="OperationalError",
    )
    assert alarms.plan(at=SEVEN) == 0
    assert alarms.plan(at=SEVEN + timedelta(minutes=31)) == 1


def _filed(organization: Any, sha256: str) -> None:
    grant = programmes.grant(organization=organization)
    deadline = programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
    filings.handed_in(deadline, attachments=[filings.photo(sha256=sha256)])


class Listener(BaseHTTPRequestHandler):
    heard: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(500 if "bad" in self.path else 200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[str]:
    Listener.heard.clear()
    server = HTTPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_heartbeat_is_heard_outside(settings, listener):
    settings.HEARTBEAT_URL = f"{listener}/minori"
    assert heartbeat.beat()
    assert Listener.heard == ["/minori"]


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1/", "nonsense", "{}/bad"])
def test_a_heartbeat_that_nobody_hears_harms_nothing(settings, listener, url):
    settings.HEARTBEAT_URL = url.format(listener)
    assert not heartbeat.beat()
