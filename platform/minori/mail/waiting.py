"""Reminding of what waits for somebody's word, by the programme's ladders: decided once, one mail a person a day.

The due-date reminders of a person go first; what else waits joins a mail of its kind that has not left yet, takes the day's
mail where there is none, under the same key, and waits for tomorrow otherwise.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from minori.accounts.models import Person
from minori.mail import addresses, days, digests, inviting, ladders, outbox, own_texts, queries, waiting_texts
from minori.mail.enums import Kind, MessageState, Outcome, Reason
from minori.mail.ladders import Rung
from minori.mail.models import Message
from minori.mail.waiting_models import WaitingStep
from minori.mail.waiting_queries import Matter, matters
from minori.mail.wording import Texts

NAME = "waiting"
"""Under this name the sweeps' log keeps when it last ran."""


@dataclass(frozen=True)
class Planned:
    """What a run wrote: mails, waiting mails that took more in, invitations mailed again, steps that collapsed; and how many
    wait for tomorrow."""

    mails: int = 0
    joined: int = 0
    invitations: int = 0
    skipped: int = 0
    tomorrow: int = 0

    def as_json(self) -> dict[str, int]:
        """For the sweeps' log."""
        return asdict(self)


@dataclass(frozen=True)
class _Decision:
    """What is said to a person about a matter now, and the steps that collapse into it."""

    matter: Matter
    person: int | None
    turn: ladders.Turn


def plan(*, at: datetime) -> Planned:
    """Plan what is due at a moment: ledger and outbox in one transaction, under the planners' lock.

    Safe to run twice and in parallel. Nothing is written to an address at which nothing arrives: the step is noted as
    skipped. Its number of queries does not depend on how much waits; an invitation that is mailed again takes some more.
    """
    with transaction.atomic():
        queries.lock_planning()
        ladders.complete(queries.programmes_without_steps())
        open_ = matters(at)
        decisions, unheard = _apart(_decide([one for one in open_ if one.goes_out(at)], at))
        unsent = _unsent({one.person for one in decisions if one.person is not None})
        joining = [one for one in decisions if one.person in unsent]
        now, tomorrow, absorbed = _todays([one for one in decisions if one.person not in unsent], at)
        apart = [one for one in now if one.person is not None and not _is_absorbed(one, absorbed)]
        mailed = _write_mails(apart, at=at)
        invited = {one.matter.about: mail for one in now if one.person is None and (mail := _invite(one, at))}
        rows = [row for one in unheard for row in _rows(one, None, at=at, reason=Reason.FLAGGED)]
        for one in now:
            if one.person is None:
                mail = invited.get(one.matter.about)
            else:
                mail = (absorbed if _is_absorbed(one, absorbed) else mailed)[one.person]
            rows += _rows(one, mail, at=at) if mail else []
        for one in joining:
            rows += _rows(one, unsent[one.person or 0], at=at)
        WaitingStep.objects.bulk_create(rows)
        joined = {unsent[one.person or 0].pk for one in joining}
        for pk in sorted(joined):
            _renew(pk, {one.about: one for one in open_}, at=at, anyway=True)
    return Planned(
        mails=len(set(mailed.values())),
        joined=len(joined),
        invitations=len(invited),
        skipped=sum(row.outcome == Outcome.SKIPPED for row in rows),
        tomorrow=tomorrow,
    )


def keep_current(*, at: datetime) -> int:
    """Take out of waiting mails what has moved on meanwhile, and write those of an earlier day anew; a mail about nothing is
    withdrawn. How many were touched.

    One query where no such mail waits.
    """
    waiting = Message.objects.filter(
        key__startswith="reminder:", state=MessageState.PENDING, waiting_steps__outcome=Outcome.PLANNED
    )
    ids = sorted(set(waiting.order_by("pk").values_list("pk", flat=True)))
    if not ids:
        return 0
    open_ = {one.about: one for one in matters(at)}
    return sum(_renew(pk, open_, at=at) for pk in ids)


def _decide(waiting: Sequence[Matter], at: datetime) -> list[_Decision]:
    if not waiting:
        return []
    rungs = queries.rungs_of({one.grant.programme_id for one in waiting})
    known = set(
        WaitingStep.objects.filter(about__in=[one.about for one in waiting])
        .order_by("pk")
        .values_list("about", "step", "person_id")
    )
    found = []
    for matter in waiting:
        come = _come(rungs.get((matter.grant.programme_id, matter.ladder), ()), matter, at)
        readers: Sequence[int | None] = [None] if matter.invitation else matter.readers
        for reader in readers:

            def is_decided(rung: Rung, matter: Matter = matter, reader: int | None = reader) -> bool:
                return (matter.about, rung.key, reader) in known

            if turn := ladders.turn(come, is_decided=is_decided):
                found.append(_Decision(matter, reader, turn))
    return found


def _apart(decisions: Sequence[_Decision]) -> tuple[list[_Decision], list[_Decision]]:
    """Those that can be heard, and those whose address takes no mail; two queries at most."""
    people = addresses.flagged_people({one.person for one in decisions if one.person is not None})
    invited = addresses.flagged(
        [one.matter.invitation.email for one in decisions if one.person is None and one.matter.invitation]
    )
    silent = [
        one
        for one in decisions
        if one.person in people
        or (one.matter.invitation is not None and one.matter.invitation.email.lower() in invited)
    ]
    return [one for one in decisions if one not in silent], silent


def _come(rungs: Sequence[Rung], matter: Matter, at: datetime) -> list[Rung]:
    today = matter.distributor.local_date(at)
    return ladders.reached(rungs, opens_on=matter.since, due_on=matter.since, today=today, works=matter.works)


def _todays(
    decisions: Sequence[_Decision], at: datetime
) -> tuple[list[_Decision], int, Mapping[int, Message]]:
    """Those of people and addresses that have had no mail today, how many others there are, and today's digests: they say
    what waits for officers already."""
    invited = {one.matter.invitation.email for one in decisions if one.matter.invitation}
    known = dict(Person.objects.filter(email__in=invited).order_by("pk").values_list("email", "pk"))
    today = days.of({pk for one in decisions for pk in _ids(one, known)}, at=at)
    served = days.had_a_mail(today)
    officers = {one.person for one in decisions if one.person is not None and not one.matter.to_room}
    said = digests.todays(list(officers), on={pk: today[pk].date for pk in officers}) if officers else {}
    now: list[_Decision] = []
    written = _invited_today(decisions, at)
    for one in decisions:
        # an officer's digest of today says what waits for the officer: it takes it in (`_is_absorbed`)
        takes_in = {"digest"} if not one.matter.to_room and one.person in said else set()
        if any(served.get(pk, set()) - takes_in or not today[pk].has_begun for pk in _ids(one, known)):
            continue
        if one.matter.invitation:
            if one.matter.invitation.email in written:
                continue
            written.add(one.matter.invitation.email)
        now.append(one)
    return now, len(decisions) - len(now), said


def _unsent(persons: Collection[int]) -> dict[int, Message]:
    """Mails about what waits that are in the outbox still, by person; held, so that no sender takes them meanwhile.

    One query, none for nobody.
    """
    if not persons:
        return {}
    found = Message.objects.filter(
        person__in=persons, kind=Kind.NOTICE, key__startswith="reminder:", state=MessageState.PENDING
    )
    held = found.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    return {one.person_id: one for one in held if one.person_id is not None}


def _is_absorbed(one: _Decision, digests_of: Mapping[int, Message]) -> bool:
    return one.person in digests_of and not one.matter.to_room


def _ids(one: _Decision, known: Mapping[str, int]) -> list[int]:
    if one.person is not None:
        return [one.person]
    assert one.matter.invitation is not None, "only invitations have no person"
    return [known[one.matter.invitation.email]] if one.matter.invitation.email in known else []


def _invited_today(decisions: Sequence[_Decision], at: datetime) -> set[str]:
    """Addresses to which an invitation was mailed today already, by a step or by hand."""
    return {
        invitation.email
        for one in decisions
        if (invitation := one.matter.invitation)
        and invitation.sent_at
        and one.matter.distributor.local_date(invitation.sent_at) == one.matter.distributor.local_date(at)
    }


def _write_mails(decisions: Sequence[_Decision], *, at: datetime) -> dict[int, Message]:
    """One mail a person, whatever the number of matters; by person."""
    of: dict[int, list[Matter]] = defaultdict(list)
    for one in decisions:
        if one.person is not None:
            of[one.person].append(one.matter)
    people = Person.objects.in_bulk(of) if of else {}
    todays = days.of(of, at=at)
    own = _own(one.matter for one in decisions)
    posts = []
    for pk, about in of.items():
        today = about[0].distributor.local_date(at)
        written = waiting_texts.letter(people[pk], about, today=today, own=own)
        posts.append(
            outbox.Post(
                key=f"reminder:{pk}:{todays[pk].date}",
                person=people[pk],
                letter=written,
                written_for=todays[pk].date,
            )
        )
    return dict(zip(of, outbox.put(posts, kind=Kind.NOTICE, at=at), strict=True)) if posts else {}


def _invite(one: _Decision, at: datetime) -> Message | None:
    invitation = one.matter.invitation
    return inviting.remind(invitation, step=one.turn.speaks.key, at=at) if invitation else None


def _rows(
    one: _Decision, mail: Message | None, *, at: datetime, reason: Reason | None = None
) -> Iterable[WaitingStep]:
    """The step that speaks (or is skipped, for a `reason`), and those that collapse into it."""
    for rung in (*one.turn.stale, one.turn.speaks):
        speaks = rung is one.turn.speaks and reason is None
        yield WaitingStep(
            programme_id=one.matter.grant.programme_id,
            grant=one.matter.grant,
            deadline=one.matter.deadline,
            ladder=one.matter.ladder,
            about=one.matter.about,
            step=rung.key,
            person_id=one.person,
            decided_at=at,
            outcome=Outcome.PLANNED if speaks else Outcome.SKIPPED,
            reason="" if speaks else reason if reason and rung is one.turn.speaks else Reason.STALE,
            message=mail if speaks else None,
        )


def _renew(pk: int, open_: Mapping[str, Matter], *, at: datetime, anyway: bool = False) -> bool:
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("person")
            .filter(pk=pk, state=MessageState.PENDING)
            .first()
        )
        if message is None or message.person is None:
            return False
        planned = list(message.waiting_steps.filter(outcome=Outcome.PLANNED).order_by("pk"))
        here = [one for one in planned if _still_theirs(open_.get(one.about), message.person.pk)]
        over = [one.pk for one in planned if one not in here]
        written_for = days.of([message.person.pk], at=at)[message.person.pk].date
        if not (over or anyway) and message.written_for == written_for:
            return False
        newest = {one.about: one for one in here}
        stale = [one.pk for one in here if one is not newest[one.about]]
        WaitingStep.objects.filter(pk__in=stale).update(
            outcome=Outcome.SKIPPED, reason=Reason.STALE, message=None
        )
        WaitingStep.objects.filter(pk__in=over).update(
            outcome=Outcome.SKIPPED, reason=Reason.DONE, message=None
        )
        left = [open_[about] for about in newest]
        if left:
            today = left[0].distributor.local_date(at)
            letter = waiting_texts.letter(message.person, left, today=today, own=_own(left))
            message.subject, message.text, message.html = letter.subject[:300], letter.text, letter.html
            message.written_for = written_for
        else:
            message.state, message.next_try_at = MessageState.WITHDRAWN, None
        message.save(update_fields=["subject", "text", "html", "state", "next_try_at", "written_for"])
    return True


def _still_theirs(matter: Matter | None, person: int) -> bool:
    """Whether it waits still, and for this person: a role may have ended, a grant been handed over."""
    return matter is not None and person in matter.readers


def _own(about: Iterable[Matter]) -> Texts:
    programmes = {one.grant.programme_id for one in about}
    return own_texts.of(programmes) if programmes else {}
