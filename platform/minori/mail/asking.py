"""A reminder long after the due date (督促) waits for an officer's word: what waits, and the yes or no to it.

What a machine writes a week late can damage a relationship, so the officer sees the very mail first (`domain.md`,
"Reminders"). A yes puts the step into the person's next mail; it goes out in the hours in which reminders go out.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.mail import days, own_texts, queries, rendering
from minori.mail.enums import WAITING_OUTCOMES, Outcome, Reason
from minori.mail.letters import Letter
from minori.mail.models import LedgerEntry
from minori.programmes.enums import OPEN_STATES
from minori.programmes.holiday_lists import works_by
from minori.programmes.holidays import business_days_in, on_or_after
from minori.programmes.models import Programme


@dataclass(frozen=True)
class Answered:
    """What an answer did: to so many mails; `gone`: those that nobody needs to answer any more."""

    done: int
    gone: int


def no_longer() -> Q:
    """Entries whose report is in or not required, or due on another day than when they were decided."""
    return ~Q(deadline__state__in=OPEN_STATES) | ~Q(due_version=F("deadline__due_version"))


def waiting_for_a_word(programmes: Iterable[Programme]) -> Sequence[LedgerEntry]:
    """The reminders that wait for an officer of these programmes, longest overdue first; one query."""
    found = (
        LedgerEntry.objects.filter(outcome=Outcome.ASKED, deadline__grant__programme__in=programmes)
        .exclude(no_longer())
        .select_related(
            "person",
            "deadline__round",
            "deadline__organization",
            "deadline__grant__lead_officer",
            "deadline__grant__programme__distributor",
        )
    )
    return list(found.order_by("due_on", "deadline", "person__name_kana", "pk"))


def how_many_wait(programmes: Iterable[Programme]) -> int:
    """The number of reports whose reminders wait for an officer's word."""
    asked = LedgerEntry.objects.filter(outcome=Outcome.ASKED, deadline__grant__programme__in=programmes)
    return asked.exclude(no_longer()).values("deadline").distinct().count()


def the_mail(entry: LedgerEntry, *, at: datetime) -> Letter:
    """The very mail as it would go out at this moment, without what is left of the draft: that is the organization's."""
    assert entry.person is not None, "what waits has its reader"
    deadline = rendering.deadlines({entry.deadline_id})[entry.deadline_id]
    today = deadline.grant.programme.distributor.local_date(at)
    return rendering.reminder(
        entry.person,
        [(deadline, entry.step, today)],
        left=lambda _deadline, _language: [],
        own=own_texts.of([deadline.grant.programme_id]),
    )


def allow(entries: Collection[LedgerEntry], *, by: Actor, at: datetime) -> Answered:
    """Yes: these go out with each person's next mail. Recorded; wakes the sweep.

    What was answered meanwhile, or is no longer needed, stays as it is.
    """
    with transaction.atomic():
        answered = _answer(entries, outcome=Outcome.ALLOWED, reason="", by=by, at=at)
        if answered.done:
            enqueue(Job.SWEEP)
    return answered


def decline(entries: Collection[LedgerEntry], *, by: Actor, at: datetime) -> Answered:
    """No: these do not go out; later steps of the ladder ask again. Recorded."""
    with transaction.atomic():
        return _answer(entries, outcome=Outcome.SKIPPED, reason=Reason.DECLINED, by=by, at=at)


def goes_out_on(entries: Collection[LedgerEntry], *, at: datetime) -> dict[int, date]:
    """The day on which each step that was allowed goes out, as things stand, by entry: today, or on the next working day
    where today is none, or where the person has had the one mail of the day. Five queries at most.

    The entries' grants, with programme and distributor, are read along.
    """
    waiting = [one for one in entries if one.outcome == Outcome.ALLOWED and one.person_id]
    programmes = {one.deadline.grant.programme_id: one.deadline.grant.programme for one in waiting}
    own = works_by({one.holidays_id for one in programmes.values() if one.holidays_id})
    people = days.of({one.person_id for one in waiting if one.person_id is not None}, at=at)
    served = days.had_a_mail(people, first=True)
    joins = queries.waiting_reminders(served)
    found = {}
    for one in waiting:
        programme = one.deadline.grant.programme
        works = own.get(programme.holidays_id or 0) or business_days_in(programme.distributor.time_zone)
        today = programme.distributor.local_date(at)
        later = one.person_id in served and one.person_id not in joins
        found[one.pk] = on_or_after(today + timedelta(days=later), works)
    return found


def close_what_is_over(*, at: datetime) -> int:
    """What waits for a word, or for the next mail, though its report is in or its due date moved: not sent."""
    over = LedgerEntry.objects.filter(outcome__in=WAITING_OUTCOMES).filter(no_longer()).values("pk")
    return LedgerEntry.objects.filter(pk__in=over).update(
        outcome=Outcome.SKIPPED, reason=Reason.DONE, decided_at=at
    )


def _answer(
    entries: Collection[LedgerEntry], *, outcome: Outcome, reason: str, by: Actor, at: datetime
) -> Answered:
    wanted = [entry.pk for entry in entries]
    locked = list(
        LedgerEntry.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted, outcome=Outcome.ASKED)
        .exclude(no_longer())
        .select_related("deadline__grant__programme", "person")
        .order_by("pk")
    )
    for entry in locked:
        entry.outcome, entry.reason = outcome, reason
        entry.answered_by_id, entry.answered_by_name, entry.answered_at = by.person_id, by.name[:200], at
    fields = ["outcome", "reason", "answered_by", "answered_by_name", "answered_at"]
    LedgerEntry.objects.bulk_update(locked, fields)
    action = Action.REMINDERS_ALLOWED if outcome == Outcome.ALLOWED else Action.REMINDERS_DECLINED
    for entry in locked:
        _record(action, entry, by=by, at=at)
    return Answered(done=len(locked), gone=len(wanted) - len(locked))


def _record(action: Action, entry: LedgerEntry, *, by: Actor, at: datetime) -> Event:
    grant = entry.deadline.grant
    return record(
        action,
        by=by,
        at=at,
        distributor_id=grant.programme.distributor_id,
        organization_id=entry.deadline.organization_id,
        grant_id=grant.pk,
        deadline_id=entry.deadline_id,
        details={"step": entry.step, "to": entry.person.name if entry.person else ""},
    )
