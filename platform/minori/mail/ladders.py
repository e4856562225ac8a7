"""Ladders of reminders: which step falls on which day (pure), and the steps a programme begins with."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from minori.mail.enums import Ladder
from minori.mail.models import FURTHEST_STEP, Step
from minori.programmes.holidays import BusinessDay, on_or_after, on_or_before

SENT_FROM = time(9)
"""Local time from which reminders go out."""

OPENING = "opening"


@dataclass(frozen=True)
class Rung:
    """One step of a ladder as plain values. `days` from the due date, negative before it; None: the opening.

    `since`: it was added by hand, and speaks on days from that one on; what would have been earlier is not made up for.
    """

    key: str
    days: int | None
    asks_officer: bool = False
    since: date | None = None


DEFAULTS: dict[Ladder, tuple[Rung, ...]] = {
    Ladder.DUE: (
        Rung(OPENING, None),
        Rung("before-14", -14),
        Rung("before-3", -3),
        Rung("on-the-day", 0),
        Rung("after-1", 1),
        Rung("after-7", 7, asks_officer=True),
        Rung("after-14", 14, asks_officer=True),
    ),
    Ladder.RETURN: (
        Rung("return-before-3", -3),
        Rung("return-on-the-day", 0),
        Rung("return-after-1", 1),
        Rung("return-after-7", 7, asks_officer=True),
    ),
    Ladder.APPROVER: (Rung("approver-3", 3), Rung("approver-7", 7)),
    Ladder.CHANGE: (Rung("change-7", 7), Rung("change-14", 14)),
    Ladder.INVITATION: (Rung("invitation-5", 5), Rung("invitation-12", 12)),
}
"""Gentle by default: what a machine writes a week after the due date can damage a relationship, so it asks first."""

ASKS_FROM = 7
"""Days after the due date from which on the default ladders ask."""


FAR = 60
"""Days; more than holidays ever move a step."""


def day_of(rung: Rung, *, opens_on: date, due_on: date, works: BusinessDay) -> date:
    """The business day a step falls on: up to the due date it moves earlier, after it (and the opening) later."""
    if rung.days is None:
        return on_or_after(opens_on, works)
    if rung.days > 0:
        return on_or_after(due_on + timedelta(days=rung.days), works)
    return on_or_before(due_on + timedelta(days=rung.days), works)


def reached(
    rungs: Iterable[Rung], *, opens_on: date, due_on: date, today: date, works: BusinessDay
) -> list[Rung]:
    """The steps whose day has come, in the order of their days; the last one is the one to speak of.

    None before the report opens: a step that would come earlier waits for the opening and goes up in it.
    """
    if today < opens_on:
        return []
    # a step that is far away is not computed: whatever date somebody wrote, one report never stops all reminders
    near = [
        rung
        for rung in rungs
        if rung.days is None or due_on.toordinal() + rung.days <= today.toordinal() + FAR
    ]
    days = [(day_of(rung, opens_on=opens_on, due_on=due_on, works=works), rung) for rung in near]
    come = [(day, rung) for day, rung in days if (rung.since or date.min) <= day <= today]
    come.sort(key=lambda pair: (pair[0], -10_000 if pair[1].days is None else pair[1].days))
    return [rung for _day, rung in come]


@dataclass(frozen=True)
class Turn:
    """What is said on a day: the newest step that was reached speaks, the `stale` ones collapse into it."""

    speaks: Rung
    stale: Sequence[Rung]


def turn(come: Sequence[Rung], *, is_decided: Callable[[Rung], bool]) -> Turn | None:
    """Whose turn it is among the steps that were reached (`reached`); None where the newest was decided before."""
    if not come or is_decided(come[-1]):
        return None
    return Turn(come[-1], [rung for rung in come[:-1] if not is_decided(rung)])


def course(
    rungs: Collection[Rung],
    *,
    opens_on: date,
    due_on: date,
    today: date,
    works: BusinessDay,
    decided: Collection[str] = (),
) -> Iterator[tuple[date, Turn]]:
    """The days from `today` on on which something is said, and what: the sweep's own rules, day after day.

    `decided`: keys of the steps that were decided before. Ends after the last step; nothing that happens to the
    report meanwhile is foreseen.
    """
    if due_on.toordinal() > date.max.toordinal() - 2 * FAR - FURTHEST_STEP:
        return
    dates = {"opens_on": opens_on, "due_on": due_on, "works": works}
    begins = on_or_after(max(today, opens_on), works)
    days = {max(day_of(rung, **dates), begins) for rung in rungs}  # type: ignore[arg-type]  # dates and a calendar
    known = set(decided)

    def is_decided(rung: Rung) -> bool:
        return rung.key in known

    for day in sorted(days):
        come = reached(rungs, today=day, **dates)  # type: ignore[arg-type]  # the same
        if found := turn(come, is_decided=is_decided):
            known.update([found.speaks.key, *(rung.key for rung in found.stale)])
            yield day, found


def is_sending_time(at: datetime, *, zone: ZoneInfo, works: BusinessDay) -> bool:
    """Whether reminders go out at this moment: on a business day from 09:00, as the clock stands there."""
    local = at.astimezone(zone)
    return works(local.date()) and local.time() >= SENT_FROM


def complete(programme_ids: Sequence[int]) -> None:
    """Give programmes without steps the default ladders, in one query; running it twice changes nothing."""
    Step.objects.bulk_create(
        (
            Step(programme_id=pk, ladder=ladder, key=rung.key, days=rung.days, asks_officer=rung.asks_officer)
            for pk in programme_ids
            for ladder, rungs in DEFAULTS.items()
            for rung in rungs
        ),
        ignore_conflicts=True,
    )
