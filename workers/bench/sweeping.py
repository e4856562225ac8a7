"""A sweep of reminders over many reports that are waited for, against the bare SQL query that finds what is due.

Everything lies in a database of its own. Nearly every sweep finds nothing to do, as in life, where one runs every five
minutes and a step comes a few times in a report's half year; what a sweep that writes costs is measured beside it.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from minori.accounts.enums import Role
from minori.accounts.models import Membership, Person
from minori.mail import ladders, reminders
from minori.mail.models import LedgerEntry
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization
from minori.problems import Problem
from minori.programmes.enums import RoundKind
from minori.programmes.models import Deadline, Distributor, Grant, Programme, Round
from minori.tenancy.rooms import as_owner
from workers.bench.own_database import own_database

AT = datetime(2026, 9, 30, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Wednesday morning."""

GRANTS, PEOPLE, REPORTS = 50, 2, 2
"""Of a programme, of an organization, and of a grant that are waited for at once: this round's and an older one's."""

DUE = 100
"""Of one in so many reports the newest step is due, where a sweep that writes is measured."""

_BARE = """
SELECT d.id, m.person_id, s.key
FROM programmes_deadline d
JOIN programmes_grant g ON g.id = d.grant_id
JOIN programmes_round r ON r.id = d.round_id
JOIN organizations_organization o ON o.id = d.organization_id AND o.state = 'active'
JOIN mail_step s ON s.programme_id = g.programme_id AND s.ladder = 'due'
    AND coalesce(coalesce(d.extended_to, d.due_on) + s.days, r.opens_on) <= %(today)s
JOIN accounts_membership m ON m.organization_id = d.organization_id AND m.ended_at IS NULL
LEFT JOIN mail_ledgerentry l ON l.deadline_id = d.id AND l.step = s.key AND l.due_version = d.due_version
    AND l.person_id = m.person_id
WHERE d.state = 'awaiting' AND l.id IS NULL
"""
"""Every step whose day has come by the calendar, for everybody who writes, and that is not decided. It knows no holidays,
no addresses at which nothing arrives, no return and no organization without people."""

_DECIDED = """
INSERT INTO mail_ledgerentry
    (deadline_id, step, person_id, due_version, due_on, decided_at, outcome, reason, answered_by_name)
SELECT d.id, s.key, m.person_id, d.due_version, coalesce(d.extended_to, d.due_on), %(at)s, 'skipped', 'stale', ''
FROM programmes_deadline d
JOIN programmes_grant g ON g.id = d.grant_id
JOIN programmes_round r ON r.id = d.round_id
JOIN mail_step s ON s.programme_id = g.programme_id AND s.ladder = 'due'
    AND coalesce(coalesce(d.extended_to, d.due_on) + s.days, r.opens_on) <= %(ahead)s
JOIN accounts_membership m ON m.organization_id = d.organization_id
ON CONFLICT DO NOTHING
"""


def measure(*, repeat: int, deadlines: int = 10_000) -> dict[str, Any]:
    """The fastest of `repeat` sweeps and queries in seconds, at a tenth of the size and at the whole, and how they grow.

    `sweep_to_query`: how many times the bare query a sweep takes; `growth`: how many times as long it takes with ten
    times as many reports (10 is linear), beside `query_growth` of the bare query;
    `written_mails` and `writing_seconds`: of a sweep that has mails to write.
    """
    with own_database(say=_say), override_settings(MAIL_LEFT_OF=""):
        _fill(deadlines // 10, part="a")
        small = _looked(repeat)
        _fill(deadlines - deadlines // 10, part="b")
        whole = _looked(repeat)
        return {
            "deadlines": Deadline.objects.count(),
            "ledger": LedgerEntry.objects.count(),
            **whole,
            "small_deadlines": deadlines // 10,
            **{f"small_{name}": value for name, value in small.items()},
            "growth": round(whole["sweep_seconds"] / small["sweep_seconds"], 1),
            "query_growth": round(whole["query_seconds"] / small["query_seconds"], 1),
            **_written(),
        }


def _looked(repeat: int) -> dict[str, float]:
    with connection.cursor() as cursor:
        query = _fastest(lambda: cursor.execute(_BARE, {"today": AT.date()}).fetchall(), repeat)
    sweep = _fastest(_sweep_that_finds_nothing, repeat)
    return {
        "query_seconds": round(query, 5),
        "sweep_seconds": round(sweep, 5),
        "sweep_to_query": round(sweep / query, 2),
    }


def _written() -> dict[str, float]:
    _say("a sweep that writes")
    due = Deadline.objects.order_by("pk").values_list("pk", flat=True)[::DUE]
    LedgerEntry.objects.filter(deadline__in=list(due)).delete()
    began = time.perf_counter()
    written = reminders.sweep(at=AT)
    return {"written_mails": written.mails, "writing_seconds": round(time.perf_counter() - began, 3)}


def _sweep_that_finds_nothing() -> None:
    done = reminders.sweep(at=AT)
    if any(done.as_json().values()):
        msg = f"The sweep found something to do where nothing was: {done.as_json()}"
        raise Problem(msg)


def _fastest(work: Callable[[], object], repeat: int) -> float:
    taken = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _fill(deadlines: int, *, part: str) -> None:
    """Programmes with grants, each with two open reports and two people; due dates around today, a tenth extended.

    `part` begins their names, so that more can be added.
    """
    _say(f"{deadlines} reports that are waited for")
    now, today = timezone.now(), AT.date()
    wanted = -(-deadlines // REPORTS)
    days = {"starts_on": today.replace(year=2025), "ends_on": today.replace(year=2028)}
    with as_owner():
        houses = Organization.objects.bulk_create(
            Organization(
                schema_name=f"bench_{part}{number}",
                slug=f"bench-{part}{number}",
                name=f"特定非営利活動法人 実り{number}",
                state=OrganizationState.ACTIVE,
                created_at=now,
                ready_at=now,
            )
            for number in range(wanted)
        )
        people = Person.objects.bulk_create(
            Person(name=f"担当 {number}", email=f"person-{part}{number}@bench.example")
            for number in range(wanted * PEOPLE)
        )
        Membership.objects.bulk_create(
            Membership(person=person, organization=houses[number // PEOPLE], role=Role.EDITOR, since=AT)
            for number, person in enumerate(people)
        )
        officer = Person.objects.create(name="佐藤 花子", email=f"officer-{part}@bench.example")
        distributor = Distributor.objects.create(name="一般財団法人 みのり財団", slug=f"bench-{part}")
        programmes = Programme.objects.bulk_create(
            Programme(
                distributor=distributor, code=f"bench-{part}{number}", title=f"居場所づくり{number}", **days
            )
            for number in range(-(-wanted // GRANTS))
        )
        rounds = _rounds(programmes)
        grants = Grant.objects.bulk_create(
            Grant(
                programme=programmes[number // GRANTS],
                organization=one,
                code=f"bench-{part}{number}",
                title="学びの支援",
                lead_officer=officer,
                **days,
            )
            for number, one in enumerate(houses)
        )
        made = [(grant, round_) for grant in grants for round_ in rounds[grant.programme_id]][:deadlines]
        Deadline.objects.bulk_create(
            Deadline(
                grant=grant,
                round=round_,
                organization_id=grant.organization_id,
                due_on=round_.due_on,
                extended_to=round_.due_on + timedelta(days=1 + number % 10) if number % 10 == 0 else None,
            )
            for number, (grant, round_) in enumerate(made)
        )
    ladders.complete([one.pk for one in programmes])
    with connection.cursor() as cursor:
        # two weeks ahead: holidays move steps before the due date to earlier days than the calendar's
        cursor.execute(_DECIDED, {"at": AT, "ahead": today + timedelta(days=14)})
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the server does by itself soon after so many rows were written


def _rounds(programmes: list[Programme]) -> dict[int, list[Round]]:
    """Two rounds a programme that have opened: the older is overdue, the newer due within five weeks."""
    today = AT.date()
    found: dict[int, list[Round]] = {one.pk: [] for one in programmes}
    made = Round.objects.bulk_create(
        Round(
            programme=one,
            number=number + 1,
            kind=RoundKind.PROGRESS,
            title=f"進捗報告（{number + 1}年度目上期）",
            period_starts_on=today - timedelta(days=180),
            period_ends_on=today,
            opens_on=today - timedelta(days=40),
            due_on=today + timedelta(days=index % 35 if number else -(1 + index % 20)),
            edition="2020",
        )
        for index, one in enumerate(programmes)
        for number in range(REPORTS)
    )
    for one in made:
        found[one.programme_id].append(one)
    return found


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
