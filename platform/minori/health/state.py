"""How the installation is doing: for the administrators' page and for whoever watches from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db.models import Count, Min, Q

from minori import jobs
from minori.mail import runs
from minori.mail.enums import MessageState
from minori.mail.models import Message, Sweep
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization

SILENCE = timedelta(minutes=30)
"""When the sweep that plans reminders has not succeeded for so long, somebody has to look."""

HEART = "reminders"
"""The sweep whose silence is dangerous: a missed reminder is a missed report."""

_NIGHTLY = frozenset({"files", "verify"})
_A_NIGHT = timedelta(hours=26)
_WAITING = (MessageState.PENDING, MessageState.CLAIMED, MessageState.UNCERTAIN)


@dataclass(frozen=True)
class SweepState:
    """One regular task: when it last succeeded, what went wrong since, whether that is too long ago."""

    label: str
    succeeded_at: datetime | None
    problem: str
    is_late: bool


@dataclass(frozen=True)
class MailState:
    """The outbox: how many wait, since when, how many were refused in the last week."""

    waiting: int
    oldest_at: datetime | None
    refused: int


@dataclass(frozen=True)
class State:
    """Everything the page shows. `queue` and `workers` are None where the queue does not answer."""

    sweeps: Sequence[SweepState]
    mail: MailState
    queue: int | None
    workers: Sequence[str] | None
    preparing: int


def look(at: datetime) -> State:
    """Ask database, queue and workers; takes up to a second, the time workers have to answer."""
    depth = queue_depth()
    return State(
        sweeps=sweeps(at),
        mail=_mail(at),
        queue=depth,
        workers=None if depth is None else jobs.workers_alive(),
        preparing=Organization.objects.filter(state=OrganizationState.PREPARING).count(),
    )


def is_silent(at: datetime) -> bool:
    """Whether no reminders have been planned for half an hour, or ever: the dead man's switch."""
    last = Sweep.objects.filter(name=HEART).values_list("succeeded_at", flat=True).first()
    return last is None or last < at - SILENCE


def sweeps(at: datetime) -> list[SweepState]:
    """Every regular task that is known, the failing and late ones first."""
    rows = {row.name: row for row in Sweep.objects.all()}
    found = []
    for name in runs.LABELS:
        row = rows.get(name)
        last = row.succeeded_at if row else None
        patience = _A_NIGHT if name in _NIGHTLY else SILENCE
        late = last is None or last < at - patience
        found.append(SweepState(runs.label(name), last, row.problem if row else "", late))
    return sorted(found, key=lambda one: not (one.is_late or one.problem))


def queue_depth() -> int | None:
    """How many wake-ups wait for a worker; None where the queue does not answer within a second."""
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
        return sum(int(client.llen(queue)) for queue in (jobs.COMMON, jobs.EXPORTS))
    except (redis.RedisError, OSError):
        return None


def _mail(at: datetime) -> MailState:
    waits = Q(state__in=_WAITING)
    refused = Q(state=MessageState.FAILED, created_at__gte=at - timedelta(days=7))
    found = Message.objects.aggregate(
        waiting=Count("pk", filter=waits),
        oldest_at=Min("created_at", filter=waits),
        refused=Count("pk", filter=refused),
    )
    return MailState(**found)
