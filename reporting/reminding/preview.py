"""What an organization will get on which days: worked out by the sweep's own rules for one report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from minori.accounts.models import Person
from minori.mail import ladders, own_texts, queries, rendering
from minori.mail.enums import Ladder
from minori.mail.ladders import Rung
from minori.mail.models import LedgerEntry
from minori.programmes.enums import OPEN_STATES, DeadlineState
from minori.programmes.holiday_lists import works_in
from minori.programmes.holidays import business_days_in, holiday_name
from minori.programmes.models import Deadline, Grant, Holiday, Programme, Round
from reporting.reminding import saying


@dataclass(frozen=True)
class Fallen:
    """A step, the day it would fall on, and why it goes out on another ("" where it does not)."""

    words: str
    on: date
    off: str


@dataclass(frozen=True)
class Line:
    """One mail to come. `collapsed`: earlier steps that go up in it."""

    on: date
    step: Fallen
    subject: str
    asks: bool
    collapsed: Sequence[Fallen] = ()


@dataclass(frozen=True)
class Preview:
    """Who gets which mails about a report; `is_over`: it is in or not required, so nobody gets any."""

    deadline: Deadline
    readers: Sequence[Person]
    lines: Sequence[Line]
    returned: bool
    is_over: bool


def chosen(programme: Programme, *, grant: str, round_: str, today: date) -> Deadline | None:
    """The report of this grant (by code) and round (by number); without a choice, one that is waited for."""
    found = (
        Deadline.objects.filter(grant__programme=programme)
        .select_related("grant__programme__distributor", "grant__lead_officer", "organization", "round")
        .order_by("round__number", "organization__name_kana", "pk")
    )
    if grant or round_:
        number = int(round_) if round_.isascii() and round_.isdigit() and len(round_) < 6 else 0  # noqa: PLR2004 - fits
        return found.filter(grant__code=grant, round__number=number).first()
    waited = found.awaiting_the_organization()
    return waited.filter(due_on__gte=today).first() or waited.last() or found.last()


def choices(programme: Programme) -> tuple[Sequence[Grant], Sequence[Round]]:
    """The grants and rounds of a programme to choose a report by; two queries."""
    grants = programme.grants.select_related("organization").order_by("organization__name_kana", "code")
    return list(grants), list(programme.rounds.order_by("number"))


def of(deadline: Deadline, rungs: Mapping[Ladder, Sequence[Rung]], *, at: datetime, language: str) -> Preview:
    """The mails to come about a report by a ladder that is, or may be, in force; subjects in the language."""
    returned = deadline.state == DeadlineState.RETURNED
    readers = readers_of(deadline)
    if deadline.state not in OPEN_STATES:
        return Preview(deadline, readers, [], returned=returned, is_over=True)
    lines = _lines(deadline, rungs[Ladder.RETURN if returned else Ladder.DUE], at=at, language=language)
    return Preview(deadline, readers, lines, returned=returned, is_over=False)


def coming(deadline: Deadline, rungs: Sequence[Rung], *, at: datetime) -> list[tuple[date, ladders.Turn]]:
    """The days on which something will be said, with the step that speaks; by the ledger's and the sweep's rules."""
    distributor = deadline.grant.programme.distributor
    local = at.astimezone(distributor.zone)
    decided = LedgerEntry.objects.filter(deadline=deadline, due_version=deadline.due_version)
    return list(
        ladders.course(
            rungs,
            opens_on=deadline.round.opens_on,
            due_on=deadline.effective_due_on,
            today=local.date(),
            works=works_in(deadline.grant.programme),
            decided=frozenset(decided.order_by("pk").values_list("step", flat=True)),
        )
    )


def readers_of(deadline: Deadline) -> Sequence[Person]:
    """The people who are written to about a report."""
    ids = queries.writers_of([deadline.organization_id]).get(deadline.organization_id, [])
    return list(Person.objects.filter(pk__in=ids).order_by("name_kana", "name", "pk"))


def _lines(deadline: Deadline, rungs: Sequence[Rung], *, at: datetime, language: str) -> list[Line]:
    off = _days_off(deadline.grant.programme)
    reader, own = Person(name="", language=language), own_texts.of([deadline.grant.programme_id])
    return [
        Line(
            on=day,
            step=_fallen(turn.speaks, deadline, day, off),
            subject=rendering.reminder(
                reader,
                [(deadline, turn.speaks.key, day)],
                left=lambda _deadline, _language: [],
                own=own,
            ).subject,
            asks=turn.speaks.asks_officer,
            collapsed=[_fallen(rung, deadline, day, off) for rung in turn.stale],
        )
        for day, turn in coming(deadline, rungs, at=at)
    ]


def _fallen(rung: Rung, deadline: Deadline, day: date, off: Callable[[date], str]) -> Fallen:
    on = (
        deadline.round.opens_on
        if rung.days is None
        else deadline.effective_due_on + timedelta(days=rung.days)
    )
    return Fallen(saying.step(rung), on, off(on) if on != day else "")


def _days_off(programme: Programme) -> Callable[[date], str]:
    """Says of a day why no mail goes out on it, by the programme's own list of holidays or its time zone's."""
    if programme.holidays_id is None:
        zone = programme.distributor.time_zone
        return lambda day: saying.day_off(day, holiday_name(day, zone), works=business_days_in(zone))
    days = Holiday.objects.filter(of=programme.holidays_id).order_by("on")
    names, works = dict(days.values_list("on", "name")), works_in(programme)
    return lambda day: saying.day_off(day, names.get(day, ""), works=works)
