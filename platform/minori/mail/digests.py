"""The officers' Monday digest: one mail a week about everything that waits in the grants a person looks after.

It goes out on the first working day of the week from 09:00, and later in the same week where that was missed. What
would remind an officer of change requests on that day is absorbed by it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from minori.accounts.enums import DECIDING_STAFF_ROLES
from minori.accounts.models import Person, StaffMembership
from minori.mail import days, digest_texts, outbox, queries, work
from minori.mail.digest_models import Digest, DigestOutcome
from minori.mail.enums import Kind, MessageState
from minori.mail.ladders import is_sending_time
from minori.mail.models import Message
from minori.programmes.holiday_lists import works_by
from minori.programmes.holidays import business_days_in
from minori.programmes.models import Grant, Programme

NAME = "digests"
"""Under this name the sweeps' log keeps when it last ran."""


@dataclass(frozen=True)
class Planned:
    """What a run decided: mails, people of whose grants there was nothing to tell or who want none, people who have
    another mail today, and digests of past weeks that were never sent and are withdrawn."""

    mails: int = 0
    none: int = 0
    tomorrow: int = 0
    stale: int = 0

    def as_json(self) -> dict[str, int]:
        """For the sweeps' log."""
        return asdict(self)


def plan(*, at: datetime) -> Planned:
    """Decide this week's digest of every officer whose calendar has come to it; once a person and week.

    Holds the planners' lock. A fixed number of queries, however many officers and grants there are.
    """
    with transaction.atomic():
        queries.lock_planning()
        today = days.of(_officers(), at=at)
        weeks = {pk: _monday(day.date) for pk, day in today.items()}
        decided = set(
            Digest.objects.filter(week__in=set(weeks.values()))
            .order_by("pk")
            .values_list("person_id", "week")
        )
        people = Person.objects.in_bulk([pk for pk, week in weeks.items() if (pk, week) not in decided])
        if not people:
            return Planned()
        grants = work.grants_of(people.keys())
        ready = _ready(grants, today, at)
        stale = _collapse(ready, weeks)
        served = days.had_a_mail({pk: today[pk] for pk in ready})
        now = {pk: date_ for pk, date_ in ready.items() if pk not in served}
        if not now:
            return Planned(tomorrow=len(ready), stale=stale)
        rows = _write(now, weeks, people, grants, at=at)
    mails = sum(one.outcome == DigestOutcome.WRITTEN for one in rows)
    return Planned(mails=mails, none=len(rows) - mails, tomorrow=len(ready) - len(now), stale=stale)


def todays(persons: Sequence[int], *, on: Mapping[int, date]) -> dict[int, Message]:
    """The digests that these people have on their own day `on`, by person; one query."""
    found = Digest.objects.filter(person__in=persons, message__isnull=False).select_related("message")
    newest = found.filter(week__gte=min(on.values(), default=date.max) - timedelta(days=6)).order_by("pk")
    return {
        one.person_id: one.message
        for one in newest
        if one.message is not None and one.message.written_for == on.get(one.person_id)
    }


def _officers() -> set[int]:
    """Every officer and manager whose sign-in is open."""
    staff = (
        StaffMembership.objects.active()
        .filter(role__in=DECIDING_STAFF_ROLES)
        .exclude(person__user__is_active=False)
    )
    return set(staff.order_by("pk").values_list("person_id", flat=True))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _ready(
    grants: Mapping[int, Sequence[Grant]], today: Mapping[int, days.Day], at: datetime
) -> dict[int, date]:
    """Who can have a mail at this moment, by the calendar of one of their programmes, and the date it is for them."""
    programmes: dict[int, Programme] = {
        one.programme_id: one.programme for held in grants.values() for one in held
    }
    own = works_by({one.holidays_id for one in programmes.values() if one.holidays_id})
    open_ = {
        pk
        for pk, one in programmes.items()
        if is_sending_time(
            at,
            zone=one.distributor.zone,
            works=own.get(one.holidays_id or 0) or business_days_in(one.distributor.time_zone),
        )
    }
    return {
        person: today[person].date
        for person, held in grants.items()
        if today[person].has_begun and any(one.programme_id in open_ for one in held)
    }


def _collapse(ready: Mapping[int, date], weeks: Mapping[int, date]) -> int:
    """Take back digests of earlier weeks that still wait to be sent, also where this week's waits for the next day."""
    waiting = Message.objects.filter(
        key__startswith="digest:",
        state=MessageState.PENDING,
        person__in=ready,
        written_for__lt=min(weeks.values()),
    )
    return waiting.update(state=MessageState.WITHDRAWN, next_try_at=None)


def _write(
    now: Mapping[int, date],
    weeks: Mapping[int, date],
    people: Mapping[int, Person],
    grants: Mapping[int, Sequence[Grant]],
    *,
    at: datetime,
) -> list[Digest]:
    wanted = [pk for pk in now if people[pk].monday_digest]
    everything = work.waiting_in({one.pk for pk in wanted for one in grants[pk]}, at=at)
    posts: dict[int, outbox.Post] = {}
    for pk in wanted:
        mine = everything.of({one.pk for one in grants[pk]})
        senders = {one.programme.distributor.name for one in grants[pk]}
        letter = digest_texts.letter(
            people[pk], mine, today=now[pk], sender=senders.pop() if len(senders) == 1 else ""
        )
        if letter is not None:
            key = f"digest:{pk}:{weeks[pk]}"
            posts[pk] = outbox.Post(key=key, person=people[pk], letter=letter, written_for=now[pk])
    mails = dict(zip(posts, outbox.put(posts.values(), kind=Kind.NOTICE, at=at), strict=True))
    outcomes = defaultdict(lambda: DigestOutcome.OFF, dict.fromkeys(wanted, DigestOutcome.NOTHING))
    outcomes |= dict.fromkeys(posts, DigestOutcome.WRITTEN)
    return Digest.objects.bulk_create(
        Digest(person_id=pk, week=weeks[pk], decided_at=at, outcome=outcomes[pk], message=mails.get(pk))
        for pk in now
    )
