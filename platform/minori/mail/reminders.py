"""Reminders: what is due is computed from the database, decided once in the ledger, and put into the outbox."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from minori.accounts.models import Person
from minori.mail import (
    addresses,
    asking,
    currency,
    days,
    finding,
    ladders,
    outbox,
    own_texts,
    queries,
    rendering,
)
from minori.mail.enums import Kind, Ladder, MessageState, Outcome, Reason
from minori.mail.ladders import Rung
from minori.mail.left import asked_once
from minori.mail.models import LedgerEntry, Message
from minori.mail.queries import Due, Held, Ledger


@dataclass(frozen=True)
class SweepResult:
    """What a sweep wrote: mails, waiting mails that took more steps in, steps in either, steps skipped, alarms to officers,
    steps that an officer is asked about; and who waits for the next day."""

    mails: int = 0
    joined: int = 0
    planned: int = 0
    skipped: int = 0
    alarms: int = 0
    tomorrow: int = 0
    asked: int = 0

    def as_json(self) -> dict[str, int]:
        """For the row of the last sweep."""
        return asdict(self)


@dataclass(frozen=True)
class Decision:
    """What becomes of one step for one person; `reason` None: it goes into today's mail, or an officer is asked first.

    `held`: the ledger's entry, where an officer has said yes to the step.
    """

    due: Due
    rung: Rung
    person_id: int | None
    reason: Reason | None
    asks: bool = False
    held: Held | None = None

    @property
    def is_mailed(self) -> bool:
        """Whether it goes into today's mail."""
        return self.reason is None and not self.asks


def sweep(*, at: datetime) -> SweepResult:
    """Plan what is due at a moment: ledger and outbox rows in one transaction, under the planners' lock.

    Safe to run twice and in parallel; a missed run is caught up late but once. One mail a person a day: what comes up
    while the person's reminder still waits in the outbox joins it, what comes up after the day's mail waits for the next
    sending day. Its number of queries does not depend on the number of deadlines (asking rooms what is left, for the
    mails that are written, comes on top, and a waiting mail that is joined is written anew).
    """
    with transaction.atomic():
        queries.lock_planning()
        ladders.complete(queries.programmes_without_steps())
        asking.close_what_is_over(at=at)
        decisions, unsent, tomorrow, silent = _decide(at)
        planned = [one for one in decisions if one.is_mailed]
        messages = _write_mails([one for one in planned if _person(one) not in unsent], at=at)
        alarms = _write_alarms([one for one in decisions if one.due.deadline_id in silent], at=at)
        _write_ledger(decisions, {person: one.pk for person, one in messages.items()} | unsent, at=at)
        _take_over(messages, at=at)
        for message in unsent.values():
            currency.take_in(message, at=at)
    return SweepResult(
        mails=len(messages),
        joined=len(unsent),
        planned=len(planned),
        skipped=sum(one.reason is not None for one in decisions),
        alarms=alarms,
        tomorrow=tomorrow,
        asked=sum(one.asks for one in decisions),
    )


def _decide(at: datetime) -> tuple[list[Decision], dict[int, int], int, set[int]]:
    """What is decided now, the waiting mails that take some of it in (by person), how much waits for tomorrow, and the
    reports of which nobody hears: nobody is there, or mails arrive at none of those who are."""
    reached = _reached(queries.waited_for(at, among=finding.to_look_at(at)))
    people = queries.writers_of({due.organization_id for due, _rungs in reached})
    everybody = {pk for some in people.values() for pk in some}
    flagged = addresses.flagged_people(everybody)
    today = days.of(everybody, at=at)
    ledger = queries.ledger_of([due.deadline_id for due, _rungs in reached])
    allowed = {(one.deadline_id, one.person_id): one for one in ledger.held if one.allowed}
    decisions: list[Decision] = []
    for due, rungs in reached:
        readers: Sequence[int | None] = people.get(due.organization_id) or [None]
        for person in readers:
            if person is not None and not today[person].has_begun:
                continue  # where the reader is it is night, and a later sweep finds it again
            yes = None if person is None else allowed.get((due.deadline_id, person))
            decisions += [_said_yes(yes, due)] if yes else _decide_for(person, due, rungs, ledger, flagged)
    _close_held(ledger.held, reached, people, decisions, at=at)
    readers_now = {_person(one) for one in decisions if one.is_mailed}
    unsent = queries.waiting_reminders(readers_now, held=True)
    served = days.had_a_mail({pk: today[pk] for pk in readers_now if pk not in unsent}, first=True)
    waiting = {
        (one.due.deadline_id, one.person_id) for one in decisions if one.is_mailed and one.person_id in served
    }
    now = [one for one in decisions if (one.due.deadline_id, one.person_id) not in waiting]
    silent = {
        due.deadline_id for due, _rungs in reached if not set(people.get(due.organization_id, ())) - flagged
    }
    return now, unsent, len(waiting), silent


def _reached(dues: Sequence[Due]) -> list[tuple[Due, tuple[Rung, ...]]]:
    rungs = queries.rungs_of({due.programme_id for due in dues})
    memo: dict[tuple[int, Ladder, date, date, date], tuple[Rung, ...]] = {}
    found = []
    for due in dues:
        key = (due.programme_id, due.ladder, due.opens_on, due.due_on, due.today)
        if key not in memo:
            steps = rungs.get((due.programme_id, due.ladder), ())
            memo[key] = tuple(
                ladders.reached(
                    steps, opens_on=due.opens_on, due_on=due.due_on, today=due.today, works=due.works
                )
            )
        if memo[key]:
            found.append((due, memo[key]))
    return found


def _decide_for(
    person: int | None, due: Due, rungs: Sequence[Rung], ledger: Ledger, flagged: Collection[int]
) -> list[Decision]:
    """The newest step speaks, if it has not been decided; stale ones collapse into it."""

    def is_decided(rung: Rung) -> bool:
        return (due.deadline_id, rung.key, person, due.due_version) in ledger.decided

    turn = ladders.turn(rungs, is_decided=is_decided)
    if turn is None:
        return []
    stale = [Decision(due, rung, person, Reason.STALE) for rung in turn.stale]
    reason = Reason.FLAGGED if person in flagged else _reason(turn.speaks, person, due, ledger)
    asks = turn.speaks.asks_officer and reason is None
    return [*stale, Decision(due, turn.speaks, person, reason, asks=asks)]


def _said_yes(yes: Held, due: Due) -> Decision:
    """The step that an officer allowed; one that has come up since is decided after it."""
    return Decision(due, Rung(yes.step, 0), yes.person_id, None, held=yes)


def _close_held(
    held: Sequence[Held],
    reached: Sequence[tuple[Due, tuple[Rung, ...]]],
    people: dict[int, list[int]],
    decisions: Sequence[Decision],
    *,
    at: datetime,
) -> None:
    """What waits for a word collapses into a newer step, and ends where its reader has left."""
    of = {due.deadline_id: due.organization_id for due, _rungs in reached}
    newer = {(one.due.deadline_id, one.person_id) for one in decisions if one.held is None}
    stale = [one.entry_id for one in held if not one.allowed and (one.deadline_id, one.person_id) in newer]
    left = [one.entry_id for one in held if one.person_id not in people.get(of[one.deadline_id], [])]
    for ids, reason in ((stale, Reason.STALE), (left, Reason.LEFT)):
        if ids:
            LedgerEntry.objects.filter(pk__in=ids).update(
                outcome=Outcome.SKIPPED, reason=reason, decided_at=at
            )


def _reason(rung: Rung, person: int | None, due: Due, ledger: Ledger) -> Reason | None:
    if person is None:
        return Reason.NOBODY
    if rung.days is None and (due.deadline_id, person) in ledger.told:
        return Reason.TOLD_BEFORE
    if (due.deadline_id, rung.key, person, due.due_on) in ledger.sent:  # moved, and moved back
        return Reason.TOLD_BEFORE
    return None


def _write_mails(planned: Sequence[Decision], *, at: datetime) -> dict[int, Message]:
    """One mail a person, whatever the number of reports; by person."""
    of_person: dict[int, list[Decision]] = defaultdict(list)
    for one in planned:
        of_person[_person(one)].append(one)
    today = days.of(of_person, at=at)
    people = Person.objects.in_bulk(of_person)
    deadlines = rendering.deadlines({one.due.deadline_id for one in planned})
    left = asked_once()
    own = own_texts.of({one.due.programme_id for one in planned}) if planned else {}
    posts = [
        outbox.Post(
            key=f"reminder:{pk}:{today[pk].date}",
            person=people[pk],
            letter=rendering.reminder(
                people[pk],
                [(deadlines[one.due.deadline_id], one.rung.key, one.due.today) for one in ones],
                left=left,
                own=own,
            ),
            written_for=today[pk].date,
        )
        for pk, ones in of_person.items()
    ]
    messages = outbox.put(posts, kind=Kind.DEADLINE, at=at) if posts else []
    return dict(zip(of_person, messages, strict=True))


def _take_over(messages: Mapping[int, Message], *, at: datetime) -> None:
    """What perhaps went out on an earlier day goes up in today's mail, instead of going out again beside it."""
    for earlier in queries.perhaps_sent(messages, at=at) if messages else ():
        new = messages[earlier.person_id or 0]
        if earlier.reminders.filter(outcome=Outcome.PLANNED).update(message=new):
            currency.take_in(new.pk, at=at)
        earlier.state, earlier.next_try_at = MessageState.UNCERTAIN, None
        earlier.claimed_by, earlier.claimed_until = "", None
        earlier.save(update_fields=["state", "next_try_at", "claimed_by", "claimed_until"])


def _write_alarms(unheard: Sequence[Decision], *, at: datetime) -> int:
    """Tell the officer, once per due date, about reports of whose organization nobody can be notified: the lead, else the
    deputy, else every manager."""
    ids = {one.due.deadline_id: one.due for one in unheard}
    known = queries.known_keys(_alarm_key(due) for due in ids.values())
    fresh = [due for due in ids.values() if _alarm_key(due) not in known]
    found = rendering.deadlines({due.deadline_id for due in fresh})
    officers = queries.officers_of([one.grant for one in found.values()])
    readers = Person.objects.in_bulk({pk for some in officers.values() for pk in some})
    posts = []
    for due in fresh:
        one = found[due.deadline_id]
        told = officers[one.grant_id]
        if told and told[0] in (one.grant.lead_officer_id, one.grant.deputy_officer_id):
            told = told[:1]
        for place, pk in enumerate(told):
            posts.append(
                outbox.Post(
                    key=_alarm_key(due) + (f":{pk}" if place else ""),
                    person=readers[pk],
                    letter=rendering.nobody_to_notify(one, today=due.today, reader=readers[pk]),
                )
            )
    return len(outbox.put(posts, kind=Kind.NOTICE, at=at)) if posts else 0


def _write_ledger(decisions: Sequence[Decision], messages: dict[int, int], *, at: datetime) -> None:
    """`messages`: keys of the mails, by person."""
    for one in decisions:
        if one.held:
            LedgerEntry.objects.filter(pk=one.held.entry_id).update(
                outcome=Outcome.PLANNED, message_id=messages[_person(one)]
            )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            deadline_id=one.due.deadline_id,
            step=one.rung.key,
            person_id=one.person_id,
            due_version=one.due.due_version,
            due_on=one.due.due_on,
            decided_at=at,
            outcome=Outcome.SKIPPED if one.reason else Outcome.ASKED if one.asks else Outcome.PLANNED,
            reason=one.reason or "",
            message_id=messages[_person(one)] if one.is_mailed else None,
        )
        for one in decisions
        if one.held is None
    )


def _alarm_key(due: Due) -> str:
    return f"nobody:{due.deadline_id}:{due.due_version}"


def _person(one: Decision) -> int:
    assert one.person_id is not None, "a planned step has its reader"
    return one.person_id
