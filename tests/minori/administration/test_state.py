"""The administrators' page of the installation's state, and what a monitoring service sees of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori import jobs
from minori.health import state
from minori.mail import outbox, runs
from minori.mail.enums import Kind
from minori.mail.letters import Letter
from minori.mail.models import Sweep
from tests.factories import people

pytestmark = pytest.mark.django_db


def ran(name: str, *, ago: timedelta, problem: str = "") -> None:
    at = timezone.now() - ago
    Sweep.objects.create(name=name, began_at=at, ended_at=at, succeeded_at=at, problem=problem)


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 503)])
def test_silence_of_the_reminders_is_told_to_whoever_watches(client, minutes, status):
    ran("reminders", ago=timedelta(minutes=minutes))
    answer = client.get("/sweepz")
    assert (answer.status_code, answer.json()) == (status, {"sweep": status == 200})


def test_an_installation_that_never_swept_is_silent(client):
    assert client.get("/sweepz").status_code == 503


def test_every_regular_task_has_words():
    from workers.tasks import nightly, sweeps

    assert set(runs.LABELS) == set(sweeps.STEPS) | set(nightly.STEPS)


def test_failing_and_late_tasks_stand_on_top(client):
    for name in runs.LABELS:
        ran(name, ago=timedelta(minutes=1))
    Sweep.objects.filter(name="notices").update(problem="OperationalError: away")
    Sweep.objects.filter(name="verify").update(succeeded_at=timezone.now() - timedelta(hours=25))
    Sweep.objects.filter(name="files").update(succeeded_at=timezone.now() - timedelta(hours=27))
    first, second, *rest = state.sweeps(timezone.now())
    assert (first.problem, first.is_late) == ("OperationalError: away", False)
    assert (second.label, second.is_late) == (runs.label("files"), True)
    assert not any(one.is_late or one.problem for one in rest)


def test_the_page_says_what_waits_and_that_no_worker_answers(client):
    people.sign_in(client, people.administrator())
    letter = Letter(subject="件名", text="本文\n", html="")
    waiting = outbox.Post(key="one", person=people.person(), letter=letter)
    outbox.put([waiting], kind=Kind.NOTICE, at=timezone.now())
    page = client.get("/administration/state/").content.decode()
    assert "ワーカーが応答しません" in page
    assert "最も古いもの" in page
    assert "まだありません" in page


def test_the_page_opens_while_the_queue_is_away(client, settings: Any):
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    jobs._producer.cache_clear()
    try:
        people.sign_in(client, people.administrator())
        assert "キューが応答しません" in client.get("/administration/state/").content.decode()
    finally:
        jobs._producer.cache_clear()
