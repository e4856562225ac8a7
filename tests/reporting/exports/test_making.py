"""An export from asking to expiring: one worker at a time, killed workers, cancelling, one state of the round."""

import errno
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from minori.audit.models import Event
from minori.audit.trail import Actor
from reporting.exports import asking, gathering, making
from reporting.exports.enums import Failure, Kind, State
from reporting.exports.models import Export, ExportPart
from reporting.summaries import queries as summary_queries
from tests.factories import filings
from tests.reporting.exports import rounds
from workers.tasks import exports as tasks

SAEKI = Actor(person_id=1, name="佐伯 真理")
AT = rounds.AT
pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return AT


@pytest.fixture
def round_(hikari: Any, kibou: Any) -> Any:
    return rounds.round_with(hikari, kibou)


@pytest.fixture
def export(round_: Any) -> Export:
    return asking.ask(round_, kind=Kind.CSV, language="ja", by=SAEKI, at=AT)


def swapped(monkeypatch: pytest.MonkeyPatch, writer: Callable[..., None]) -> None:
    monkeypatch.setitem(making.WRITERS, Kind.CSV, writer)


def test_asking_is_written_down_and_asked_twice_is_asked_once(round_, export):
    again = asking.ask(round_, kind=Kind.CSV, language="ja", by=SAEKI, at=AT)
    assert again.pk == export.pk
    event = Event.objects.get(action="taken_along")
    assert (event.person_name, event.distributor_id) == ("佐伯 真理", round_.programme.distributor_id)
    assert event.details["kind"] == "csv"
    before = summary_queries.count_inputs(round_)
    asking.ask(round_, kind=Kind.JSON, language="ja", by=SAEKI, at=AT)
    assert summary_queries.count_inputs(round_) == before, "taking along makes nothing stale"


def test_a_ready_export_has_its_whole_file_until_it_expires(export, monkeypatch):
    monkeypatch.setattr(making, "PIECE", 100)
    assert making.make(export.pk, clock=clock)
    export.refresh_from_db()
    assert (export.state, export.as_of, export.expires_at) == (State.READY, AT, AT + making.LIFE)
    data = b"".join(asking.pieces(export))
    assert len(data) == export.size > 300
    assert "ひかり" in data.decode("utf-8-sig")
    assert not making.make(export.pk, clock=clock), "what is ready is not made again"
    assert asking.expire(at=AT + timedelta(days=2)) == 0
    assert tasks.expire_exports(AT + making.LIFE) == 1
    export.refresh_from_db()
    assert export.state == State.EXPIRED
    assert not ExportPart.objects.exists()


def test_what_comes_in_before_the_reading_is_in_the_file(round_, export, kibou):
    filings.handed_in(
        round_.deadlines.get(organization=kibou), rows={"0101": {"text": "駆け込み", "progress": 1}}, at=AT
    )
    assert making.make(export.pk, clock=clock)
    assert "駆け込み" in b"".join(asking.pieces(export)).decode()


def test_a_round_that_is_never_fresh_is_refused_with_a_sentence(round_, export, monkeypatch):
    monkeypatch.setattr(gathering.compiling, "compile_round", lambda *_args, **_kwargs: False)
    assert not making.make(export.pk, clock=clock)
    export.refresh_from_db()
    assert (export.state, export.failure) == (State.FAILED, Failure.BUSY)


def test_a_cancelled_export_stops_in_the_middle_and_leaves_no_file(export, monkeypatch):
    def write(_gathered: Any, path: Path, told: Any) -> None:
        path.write_bytes(b"x")
        assert asking.cancel(export, at=AT)
        told(1, 2)
        pytest.fail("it went on")

    swapped(monkeypatch, write)
    assert not making.make(export.pk, clock=clock)
    export.refresh_from_db()
    assert export.state == State.CANCELLED
    assert not ExportPart.objects.exists()
    assert not asking.cancel(export, at=AT), "what has ended is not cancelled"


def test_one_cancelled_at_the_last_moment_leaves_no_file_either(export, monkeypatch):
    def write(_gathered: Any, path: Path, _told: Any) -> None:
        path.write_bytes(b"x")

    swapped(monkeypatch, write)
    told = making._Teller.step

    def step(teller: Any, step: Any) -> None:
        told(teller, step)
        if step == making.Step.KEEPING:
            asking.cancel(export, at=AT)

    monkeypatch.setattr(making._Teller, "step", step)
    assert not making.make(export.pk, clock=clock)
    assert not ExportPart.objects.exists()


def test_a_failure_is_told_in_a_sentence_and_raised_for_the_log(export, monkeypatch):
    def write(_gathered: Any, _path: Path, _told: Any) -> None:
        raise OSError(errno.ENOSPC, "no room left on device")

    swapped(monkeypatch, write)
    with pytest.raises(OSError, match="no room"):
        making.make(export.pk, clock=clock)
    export.refresh_from_db()
    assert (export.state, export.failure, export.ended_at) == (State.FAILED, Failure.BROKEN, AT)


def test_what_a_killed_worker_left_is_begun_again_and_given_up_after_three_times(export):
    Export.objects.filter(pk=export.pk).update(state=State.WORKING, attempts=1)
    assert tasks.wake_waiting_exports(AT) == 1
    assert making.make(export.pk, clock=clock)
    other = asking.ask(export.round, kind=Kind.CSV, language="ja", by=SAEKI, at=AT)
    Export.objects.filter(pk=other.pk).update(state=State.WORKING, attempts=making.ATTEMPTS)
    assert not making.make(other.pk, clock=clock)
    other.refresh_from_db()
    assert (other.state, other.failure) == (State.FAILED, Failure.TIRED)
    assert tasks.wake_waiting_exports(AT) == 0


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_lets_the_first_go_on(hikari, kibou):
    export = asking.ask(rounds.round_with(hikari, kibou), kind=Kind.CSV, language="ja", by=SAEKI, at=AT)
    settings = connections["default"].get_connection_params()
    known = {
        key: settings[key] for key in ("host", "port", "user", "password", "dbname") if settings.get(key)
    }
    with psycopg.connect(**known, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s, %s)", [making._LOCK, export.pk])
        assert not making.make(export.pk, clock=clock)
        export.refresh_from_db()
        assert export.state == State.WAITING
    for _moment in range(50):  # the server lets go of the lock a moment after the connection went
        if making.make(export.pk, clock=clock):
            break
        time.sleep(0.1)
    export.refresh_from_db()
    assert export.state == State.READY, "the lock went with the worker"


def test_a_round_is_read_in_a_fixed_number_of_queries(hikari):
    from django.test.utils import CaptureQueriesContext

    from reporting.summaries import compiling
    from tests.reporting.review.desk import desk

    counts = set()
    for size in (1, 3, 30):
        here = desk()
        for _one in range(size):
            filings.handed_in(here.deadline(hikari))
        compiling.compile_round(here.round.pk, at=AT)
        with CaptureQueriesContext(connection) as queries:
            rounds.gathered(here.round)
        counts.add(len(queries))
    assert counts == {14}
