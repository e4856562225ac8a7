"""Readings: a person confirms what words mean in numbers. Only what is confirmed counts; nothing filed is touched.

The officer confirms, corrects and withdraws beside the filing; an organization confirms its own numbers with the act of
handing in (`confirm_with_filing`), and only then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.filings.enums import Aspect, Side
from minori.filings.models import Figure, Filing, Reading
from minori.filings.stepping import NotPossibleNow
from minori.indicators.measures import Measure
from minori.indicators.statements import Covers, Reached
from minori.indicators.stored import to_json
from minori.jobs import Job, enqueue
from minori.programmes.models import Grant
from minori.registry.frameworks import enqueue_programme
from minori.registry.models import RegisteredIndicator

Words = Figure | RegisteredIndicator
"""What can be read: an indicator's line of a filing, or a registered indicator with its texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person says words mean: a measure and what an actual covers, a judged state, or the day of an achieve-by."""

    measure: Measure | None = None
    covers: Covers | None = None
    on: date | None = None
    reached: Reached | None = None


def confirm(
    words: Words,
    *,
    aspect: Aspect = Aspect.ACTUAL,
    given: Given,
    by: Actor,
    at: datetime,
    side: Side = Side.DESK,
) -> Reading:
    """Confirm what words mean, for the first time or after a withdrawal. From then on it counts.

    Writes a reading and an event, wakes the compiler. Raises `NotPossibleNow` where a reading counts already
    (`correct` it then), where somebody else was quicker, and for something that is no reading of this aspect: an
    actual says what it covers, a day stands where one is meant. Locks nothing: the database keeps the chain single.
    """
    last = _newest(words, aspect)
    if last is not None and not last.withdrawn:
        raise NotPossibleNow(_("This number has been confirmed already. Correct it instead."))
    reading = _reading(words, aspect, given, replaces=last, by=by, at=at, side=side)
    return _write(reading, Action.READING_CONFIRMED, by=by, at=at)


def correct(reading: Reading, *, given: Given, reason: str, by: Actor, at: datetime) -> Reading:
    """Replace a reading by another one and say why; the old one stays in the history. Only the desk corrects.

    Raises `NotPossibleNow` without a reason, and where the reading is not the newest any more, or was withdrawn.
    """
    if not reason.strip():
        raise NotPossibleNow(_("Say why the number is corrected."))
    _must_count(reading)
    words = reading.figure or reading.registered
    assert words is not None  # a constraint
    new = _reading(words, Aspect(reading.aspect), given, replaces=reading, by=by, at=at, side=Side.DESK)
    new.reason = reason.strip()
    return _write(new, Action.READING_CORRECTED, by=by, at=at)


def withdraw(reading: Reading, *, by: Actor, at: datetime) -> Reading:
    """Say that nothing is confirmed any more: a reading too, after which the words are words again.

    Raises `NotPossibleNow` where the reading is not the newest any more, or was withdrawn.
    """
    _must_count(reading)
    new = Reading(
        organization_id=reading.organization_id,
        grant_id=reading.grant_id,
        round_id=reading.round_id,
        figure_id=reading.figure_id,
        registered_id=reading.registered_id,
        aspect=reading.aspect,
        replaces=reading,
        withdrawn=True,
        side=Side.DESK,
        at=at,
        by_id=by.person_id,
        by_name=by.name,
    )
    return _write(new, Action.READING_WITHDRAWN, by=by, at=at)


def confirm_with_filing(
    filing: Filing, given: Mapping[UUID, Given], *, by: Actor, at: datetime, side: Side
) -> list[Reading]:
    """The numbers that stand beside the texts as a report is handed in, by the indicators' UUIDs.

    Part of `handing_in.hand_in`: in its transaction, under its lock, told by its event. Raises `NotPossibleNow` for an
    indicator the filing has no line of.
    """
    figures = {
        figure.indicator_uuid: figure
        for figure in Figure.objects.filter(filing=filing, indicator_uuid__in=given).order_by("position")
    }
    if len(figures) != len(given):
        raise NotPossibleNow(_("A number stands at an indicator that the report does not have."))
    readings = [
        _reading(figures[uuid], Aspect.ACTUAL, one, replaces=None, by=by, at=at, side=side, filing=filing)
        for uuid, one in given.items()
    ]
    return Reading.objects.bulk_create(readings)


def history_of(words: Words, aspect: Aspect) -> list[Reading]:
    """Everything that was said of the same words, oldest first: confirmed, corrected, taken back; one query."""
    of = {"figure": words} if isinstance(words, Figure) else {"registered": words}
    return list(Reading.objects.filter(aspect=aspect, **of).order_by("pk"))


def counting_of_figures(figures: Iterable[int]) -> dict[int, Reading]:
    """The readings that count of some figures, by the figures' primary keys; one query."""
    found = Reading.objects.counting().filter(figure__in=list(figures)).order_by("pk")
    return {one.figure_id: one for one in found if one.figure_id is not None}


def counting_of_plan(grant: Grant) -> dict[tuple[UUID, str, str], Reading]:
    """The readings that count of a grant's registered texts, by indicator, aspect and text; one query.

    By the text: a reading lives on in a later version of the plan while indicator and words stay what they are.
    """
    found = Reading.objects.counting().filter(grant=grant, registered__isnull=False)
    return {
        (one.registered.uuid, one.aspect, registered_text(one.registered, Aspect(one.aspect))): one
        for one in found.select_related("registered").order_by("pk")
        if one.registered is not None
    }


def registered_text(indicator: RegisteredIndicator, aspect: Aspect) -> str:
    """The registered words an aspect names."""
    return str(getattr(indicator, aspect.value))


def _newest(words: Words, aspect: Aspect) -> Reading | None:
    if isinstance(words, Figure) is not (aspect == Aspect.ACTUAL):
        message = "a figure has an actual, a registered indicator everything else"
        raise TypeError(message)
    of = {"figure": words} if isinstance(words, Figure) else {"registered": words}
    return Reading.objects.newest().filter(aspect=aspect, **of).order_by("-pk").first()


def _must_count(reading: Reading) -> None:
    if reading.withdrawn or Reading.objects.filter(replaces=reading).exists():
        raise _somebody_was_quicker()


def _somebody_was_quicker() -> NotPossibleNow:
    return NotPossibleNow(_("Somebody else has changed this number in the meantime. Look at it again."))


def _reading(
    words: Words,
    aspect: Aspect,
    given: Given,
    *,
    replaces: Reading | None,
    by: Actor,
    at: datetime,
    side: Side,
    filing: Filing | None = None,
) -> Reading:
    _must_be_sound(aspect, given)
    of: dict[str, Any] = {}
    if isinstance(words, Figure):
        deadline = (filing or words.filing).deadline
        of |= {"figure": words, "grant_id": deadline.grant_id, "round_id": deadline.round_id}
    else:
        of |= {"registered": words, "grant_id": words.row.version.grant_id}
    return Reading(
        organization_id=words.organization_id,
        aspect=aspect,
        replaces=replaces,
        measure=None if given.measure is None else to_json(given.measure),
        covers=given.covers.value if given.covers else "",
        on=given.on,
        reached=given.reached.value if given.reached else "",
        side=side,
        at=at,
        by_id=by.person_id,
        by_name=by.name,
        **of,
    )


def _must_be_sound(aspect: Aspect, given: Given) -> None:
    """What the table's constraints demand too, with a sentence for the person."""
    if aspect == Aspect.ACHIEVE_BY:
        if given.on is None:
            raise NotPossibleNow(_("Give the day by which it is to be achieved."))
    elif given.measure is None and (given.reached is None or aspect != Aspect.ACTUAL):
        raise NotPossibleNow(_("Give a number, or say how far it is reached."))
    elif given.measure is not None and aspect == Aspect.ACTUAL and given.covers is None:
        raise NotPossibleNow(_("Say what the number covers."))
    if (given.covers is Covers.DATE) is not (given.on is not None) and aspect != Aspect.ACHIEVE_BY:
        raise NotPossibleNow(_("Give the day that the number is of."))
    if aspect != Aspect.ACTUAL and (given.covers is not None or given.reached is not None):
        raise NotPossibleNow(_("Only what was reported covers a span of time."))


def _write(reading: Reading, action: Action, *, by: Actor, at: datetime) -> Reading:
    grant = Grant.objects.select_related("programme").get(pk=reading.grant_id)
    with transaction.atomic():
        try:
            with transaction.atomic():
                reading.save(force_insert=True)
        except IntegrityError as error:
            if Reading.objects.filter(replaces=reading.replaces_id, aspect=reading.aspect).filter(
                figure=reading.figure_id, registered=reading.registered_id
            ):
                raise _somebody_was_quicker() from error
            raise
        _record(reading, grant, action, by=by, at=at)
    return reading


def _record(reading: Reading, grant: Grant, action: Action, *, by: Actor, at: datetime) -> None:
    record(
        action,
        by=by,
        at=at,
        distributor_id=grant.programme.distributor_id,
        organization_id=reading.organization_id,
        programme_id=grant.programme_id,
        round_id=reading.round_id,
        grant_id=grant.pk,
        filing_id=reading.figure.filing_id if reading.figure else None,
        details={"aspect": reading.aspect, "reading": reading.pk}
        | ({"reason": reading.reason} if reading.reason else {}),
    )
    if reading.round_id is None:
        enqueue_programme(grant)
    else:
        enqueue(Job.COMPILE, programme_id=grant.programme_id, round_id=reading.round_id)
