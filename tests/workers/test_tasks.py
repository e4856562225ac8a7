"""Tasks: every job has one, beat wakes only what exists, and one step's trouble does not stop the others."""

from datetime import UTC, datetime
from typing import Any

import pytest

from minori.jobs import Job
from minori.mail import runs
from minori.mail.models import Sweep
from workers import tasks
from workers.app import app
from workers.schedule import SCHEDULE
from workers.tasks.sweeps import QUICK_STEPS, STEPS

AT = datetime(2026, 10, 13, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("job", list(Job))
def test_every_job_has_a_task(job: Job) -> None:
    assert app.tasks[job.value].name == job.value


def test_beat_wakes_only_tasks_that_exist_and_expire_before_the_next() -> None:
    for entry in SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] < entry["schedule"]


def test_nothing_is_sent_with_a_countdown_and_tasks_come_back_only_long_after_their_limit() -> None:
    assert app.conf.broker_transport_options["visibility_timeout"] >= 3 * app.conf.task_time_limit
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert not any({"eta", "countdown"} & set(entry["options"]) for entry in SCHEDULE.values())


@pytest.mark.django_db(transaction=True)
def test_a_sweep_runs_every_step_and_keeps_what_came_of_it() -> None:
    assert tasks.sweep() == dict.fromkeys(STEPS, True)
    rows = {row.name: row for row in Sweep.objects.all()}
    assert set(rows) == set(STEPS)
    assert all(row.ended_at and row.succeeded_at and not row.problem for row in rows.values())
    assert rows["reminders"].result == dict.fromkeys(
        ("mails", "joined", "planned", "asked", "skipped", "alarms", "tomorrow"), 0
    )


@pytest.mark.django_db(transaction=True)
def test_the_quick_sweep_is_a_part_of_the_whole() -> None:
    assert tasks.sweep_quickly() == dict.fromkeys(QUICK_STEPS, True)
    assert set(QUICK_STEPS) < set(STEPS)


@pytest.mark.django_db
def test_a_step_that_fails_is_noted_and_its_last_success_stays() -> None:
    later = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)

    def stumble(_at: datetime) -> object:
        raise ZeroDivisionError

    assert runs.run("some", lambda _at: 3, clock=lambda: AT)
    assert not runs.run("some", stumble, clock=lambda: later)
    row = Sweep.objects.get(name="some")
    assert (row.succeeded_at, row.began_at, row.result) == (AT, later, {"count": 3})
    assert row.problem.startswith("ZeroDivisionError")


@pytest.mark.django_db(transaction=True)
def test_an_organization_that_waits_for_its_room_is_found() -> None:
    from minori.audit.trail import MINORI
    from minori.organizations import provisioning
    from minori.organizations.models import Organization
    from minori.tenancy.rooms import entering
    from tenants.reports.models import Report

    mirai = provisioning.register(slug="mirai-task", name="みらい", by=MINORI, at=AT)
    try:
        assert tasks.sweep_quickly()["organizations"]
        with entering(mirai):
            assert Report.objects.count() == 0
        assert tasks.provision_organization(mirai.pk) is False
    finally:
        _remove(mirai)
    assert Organization.objects.count() == 2


def _remove(organization: Any) -> None:
    from django.db import connection

    from minori.tenancy.rooms import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{organization.schema_name}" CASCADE')
        cursor.execute(f'DROP ROLE "{organization.db_role}"')
        cursor.execute("DELETE FROM organizations_organization WHERE id = %s", [organization.pk])
