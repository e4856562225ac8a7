"""The regular sweeps: what is due, waited for or stale is found in the database, whatever the queue has lost."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import timezone

from minori.jobs import Job
from minori.mail import alarms, arrivals, contacts, copies, digests, notices, reminders, runs, waiting
from reporting.summaries import tallies
from workers import heartbeat
from workers.app import app
from workers.tasks import nightly
from workers.tasks.exports import wake_waiting_exports
from workers.tasks.filings import take_in_waiting
from workers.tasks.organizations import provision_waiting
from workers.tasks.summaries import wake_stale

Step = Callable[[datetime], object]


def plan_notices(at: datetime) -> notices.Planned:
    return notices.plan(at=at)


def plan_arrivals(at: datetime) -> int:
    return arrivals.plan(at=at)


def plan_copies(at: datetime) -> int:
    return copies.plan(at=at)


def plan_alarms(at: datetime) -> int:
    return alarms.plan(at=at)


def wake_nightly(at: datetime) -> int:
    return nightly.wake(at)


def plan_reminders(at: datetime) -> reminders.SweepResult:
    return reminders.sweep(at=at)


def plan_waiting(at: datetime) -> waiting.Planned:
    return waiting.plan(at=at)


def plan_digests(at: datetime) -> digests.Planned:
    return digests.plan(at=at)


def plan_contacts(at: datetime) -> contacts.Planned:
    return contacts.plan(at=at)


def count_scheme(at: datetime) -> int:
    return tallies.compile_scheme(at=at)


def wake_stale_summaries(_at: datetime) -> int:
    return wake_stale()


QUICK_STEPS: Mapping[str, Step] = {
    "organizations": provision_waiting,
    notices.NAME: plan_notices,
    arrivals.NAME: plan_arrivals,
    copies.NAME: plan_copies,
    "summaries": wake_stale_summaries,
    "scheme": count_scheme,
    "reading": take_in_waiting,
    "exports": wake_waiting_exports,
}
"""What somebody may be waiting for in front of a page: looked after every minute, and when a worker starts."""

STEPS: Mapping[str, Step] = {
    **QUICK_STEPS,
    "reminders": plan_reminders,
    digests.NAME: plan_digests,  # before what waits: it says that too
    waiting.NAME: plan_waiting,
    contacts.NAME: plan_contacts,
    "night": wake_nightly,
    alarms.NAME: plan_alarms,
}
"""Everything: every five minutes. Each step runs though another failed, and its last run is kept (`mail.Sweep`)."""


@app.task(name=Job.SWEEP)
def sweep() -> dict[str, bool]:
    """Run every step; which succeeded. A sign of life goes out when all did."""
    done = {name: runs.run(name, step, clock=timezone.now) for name, step in STEPS.items()}
    if all(done.values()):
        heartbeat.beat()
    return done


@app.task(name="workers.tasks.sweep_quickly")
def sweep_quickly() -> dict[str, bool]:
    """Run the quick steps; which succeeded."""
    return {name: runs.run(name, step, clock=timezone.now) for name, step in QUICK_STEPS.items()}
