"""Programmes and their rounds: set up in one go, changed later without touching what was handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.filings.models import Filing
from minori.jobs import Job, enqueue
from minori.programmes import deadlines, pinned
from minori.programmes.models import Distributor, HolidayList, Programme, Round

PINNED = ("kind", "period_starts_on", "period_ends_on", "edition", "edition_version")
"""What stays as it is once somebody has handed in for a round."""


class CodeTaken(ValueError):  # noqa: N818 - shown to people as a sentence
    """Another programme or grant has this code; `str()` is the sentence for the person."""


class RoundInUse(ValueError):  # noqa: N818 - shown to people as a sentence
    """Somebody has handed in for the round, so what it asks for cannot change; `str()` is the sentence."""


@dataclass(frozen=True, kw_only=True)
class RoundFacts:
    """What an officer says of a round."""

    kind: str
    title: str
    period_starts_on: date
    period_ends_on: date
    opens_on: date
    due_on: date
    edition: str
    edition_version: int
    closes_on: date | None = None


def create(
    *,
    distributor: Distributor,
    code: str,
    title: str,
    window: str,
    starts_on: date,
    ends_on: date,
    rounds: Sequence[RoundFacts],
    holidays: HolidayList | None = None,
    by: Actor,
    at: datetime,
) -> Programme:
    """A new programme with its rounds, numbered as given. Raises `CodeTaken`; then nothing is written."""
    try:
        with transaction.atomic():
            programme = Programme.objects.create(
                distributor=distributor,
                code=code,
                title=title,
                window=window,
                starts_on=starts_on,
                ends_on=ends_on,
                holidays=holidays,
            )
            _record(Action.PROGRAMME_CREATED, programme, by=by, at=at, details={"code": code, "title": title})
            for facts in rounds:
                add_round(programme, facts=facts, by=by, at=at)
    except IntegrityError as error:
        if Programme.objects.filter(code=code).exists():
            raise CodeTaken(_("Another programme has this code already.")) from error
        raise
    return programme


def change(
    programme: Programme,
    *,
    title: str,
    window: str,
    starts_on: date,
    ends_on: date,
    holidays: HolidayList | None = None,
    by: Actor,
    at: datetime,
) -> Programme:
    """Change a programme's facts; unchanged facts are not recorded. Its code stays: addresses and papers name it.

    `holidays`: the list that its dates follow; None: as the distributor's time zone has them. Due dates that are set
    stay, reminders to come move.
    """
    with transaction.atomic():
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        facts = {"title": title, "window": window, "starts_on": starts_on, "ends_on": ends_on}
        facts["holidays"] = holidays
        changed = _apply(locked, facts)
        if changed:
            _record(Action.PROGRAMME_CHANGED, locked, by=by, at=at, details=changed)
            for round_id in locked.rounds.order_by("number").values_list("pk", flat=True):
                enqueue(Job.COMPILE, programme_id=locked.pk, round_id=round_id)
    return locked


CHANGED_MEANWHILE = _(
    "Somebody changed this round while the page was open. Compare yours with what is saved now, then save again."
)
"""Said to the second of two who change a round."""


def stamp(round_: Round) -> str:
    """What a page shows of a round, so that the second of two who change it hears of the first."""
    facts = [str(getattr(round_, name)) for name in RoundFacts.__dataclass_fields__]
    return sha256("\0".join(facts).encode()).hexdigest()[:16]


def add_round(programme: Programme, *, facts: RoundFacts, by: Actor, at: datetime) -> Round:
    """A further round of the programme; every grant that runs during it gets its deadline."""
    with transaction.atomic():
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)  # numbered without gaps
        number = (programme.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
        pinned.pin(facts.edition, facts.edition_version, at=at)
        round_ = Round.objects.create(programme=programme, number=number, **vars(facts))
        _record(
            Action.ROUND_CREATED,
            programme,
            by=by,
            at=at,
            round_id=round_.pk,
            details={"number": number, "title": facts.title},
        )
        deadlines.set_for_round(round_, by=by, at=at)
        enqueue(Job.COMPILE, programme_id=programme.pk, round_id=round_.pk)
    return round_


def change_round(round_: Round, *, facts: RoundFacts, sure: bool = False, by: Actor, at: datetime) -> Round:
    """Change a round; new dates (due, closing) move the deadlines that still had the old ones.

    Raises `RoundInUse` where somebody has handed in and the kind, period or edition would change, and
    `deadlines.DayHasPassed` where a deadline would move into the past, unless `sure`.
    """
    with transaction.atomic():
        locked = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
        due_before, closes_before = locked.due_on, locked.closes_on
        changed = _apply(locked, vars(facts), save=False)
        if not changed:
            return locked
        if set(changed) & set(PINNED) and is_in_use(locked):
            raise RoundInUse(
                _("Somebody has handed in for this round: its kind, period and form stay as they are.")
            )
        pinned.pin(locked.edition, locked.edition_version, at=at)
        locked.save()
        _record(Action.ROUND_CHANGED, locked.programme, by=by, at=at, round_id=locked.pk, details=changed)
        deadlines.follow_round(
            locked,
            due_before=due_before,
            closes_before=closes_before,
            sure=sure,
            by=by,
            at=at,
        )
        deadlines.set_for_round(locked, by=by, at=at)
        enqueue(Job.COMPILE, programme_id=locked.programme_id, round_id=locked.pk)
    return locked


def is_in_use(round_: Round) -> bool:
    """Whether anything has been handed in for the round, recalled papers included."""
    return Filing.objects.filter(deadline__round=round_).exists()


def _apply(row: Programme | Round, facts: dict[str, Any], *, save: bool = True) -> dict[str, list[str]]:
    """Set the facts; what changed, by name, from what to what."""
    changed = {
        name: [str(getattr(row, name)), str(value)]
        for name, value in facts.items()
        if getattr(row, name) != value
    }
    for name in changed:
        setattr(row, name, facts[name])
    if changed and save:
        row.save()
    return changed


def _record(
    action: Action,
    programme: Programme,
    *,
    by: Actor,
    at: datetime,
    details: dict[str, Any],
    round_id: int | None = None,
) -> None:
    record(
        action,
        by=by,
        at=at,
        distributor_id=programme.distributor_id,
        programme_id=programme.pk,
        round_id=round_id,
        details=details,
    )
