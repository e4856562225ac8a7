"""A programme's ladder: what is in force, and changing it by hand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.mail import ladders, queries
from minori.mail.enums import DATED_LADDERS, Ladder
from minori.mail.ladders import DEFAULTS, OPENING, SENT_FROM, Rung
from minori.mail.models import FURTHEST_STEP, Step
from minori.mail.setting_models import LadderSetting
from minori.programmes.models import Programme

MOST_STEPS = 30
"""Steps of one ladder at most (`domain.md`, "Reminders")."""


class BadLadder(ValueError):  # noqa: N818 - what is wrong, as a sentence
    """No such ladder is possible; the text says why."""


class ChangedMeanwhile(Exception):  # noqa: N818 - what happened
    """Somebody else saved since the page was opened; `setting` says who, when, and the version of now."""

    def __init__(self, setting: LadderSetting) -> None:
        super().__init__(str(setting))
        self.setting = setting


@dataclass(frozen=True)
class Wanted:
    """A whole ladder as a person says it: days by ladder (None: at the opening; negative: before the date).

    `asks_from`: from so many days after on an officer is asked first; a ladder that is not named never asks.
    """

    days: Mapping[Ladder, Collection[int | None]]
    asks_from: Mapping[Ladder, int] = field(default_factory=dict)

    def rungs(self, ladder: Ladder, *, since: date | None = None) -> tuple[Rung, ...]:
        """The steps of one ladder, in the order of their days."""
        asks = self.asks_from.get(ladder, FURTHEST_STEP + 1)
        ordered = sorted(
            self.days.get(ladder, ()), key=lambda days: -FURTHEST_STEP - 1 if days is None else days
        )
        return tuple(
            Rung(key_of(ladder, days), days, days is not None and days >= asks, since) for days in ordered
        )


DEFAULT = Wanted(
    days={ladder: tuple(rung.days for rung in rungs) for ladder, rungs in DEFAULTS.items()},
    asks_from=dict.fromkeys(DATED_LADDERS, ladders.ASKS_FROM),
)
"""The gentle one that every programme begins with."""


@dataclass(frozen=True)
class InForce:
    """A programme's ladder as it is. `setting` None: the default, never set by hand."""

    rungs: Mapping[Ladder, Sequence[Rung]]
    setting: LadderSetting | None

    @property
    def version(self) -> int:
        """The number that rises with every change; 0 before the first."""
        return self.setting.version if self.setting else 0

    def wanted(self) -> Wanted:
        """As a person would say it, to be changed."""
        asks = dict.fromkeys(DATED_LADDERS, ladders.ASKS_FROM)
        if self.setting:
            said = {Ladder.DUE: self.setting.asks_from, Ladder.RETURN: self.setting.return_asks_from}
            asks = {ladder: days for ladder, days in said.items() if days is not None}
        return Wanted({ladder: [rung.days for rung in rungs] for ladder, rungs in self.rungs.items()}, asks)


def key_of(ladder: Ladder, days: int | None) -> str:
    """The name a step has in the ledger: the same step is the same name, whoever takes it out and puts it in again."""
    if days is None:
        return OPENING
    if ladder not in DATED_LADDERS:
        return f"{ladder.value}-{days}"
    prefix = "" if ladder is Ladder.DUE else f"{ladder.value}-"
    if days == 0:
        return f"{prefix}on-the-day"
    return f"{prefix}before-{-days}" if days < 0 else f"{prefix}after-{days}"


def read_key(key: str) -> tuple[Ladder, int | None]:
    """What `key_of` made the name of a step from: its ladder and its days, None for the opening."""
    if key == OPENING:
        return Ladder.DUE, None
    first, _dash, rest = key.partition("-")
    ladder, when = (Ladder(first), rest) if first in Ladder.values else (Ladder.DUE, key)
    if when == "on-the-day":
        return ladder, 0
    days = int(when.rpartition("-")[2])
    return ladder, -days if when.startswith("before-") else days


def of(programme: Programme) -> InForce:
    """The ladder in force; two reads."""
    return of_all([programme])[programme.pk]


def of_all(programmes: Collection[Programme]) -> dict[int, InForce]:
    """The ladders in force, by programme; two reads."""
    ids = [one.pk for one in programmes]
    settings = LadderSetting.objects.in_bulk(ids)
    steps = queries.rungs_of(ids)
    written = {programme for programme, _ladder in steps}
    return {
        pk: InForce(
            {
                ladder: (steps.get((pk, ladder), ()) if pk in written or pk in settings else DEFAULTS[ladder])
                for ladder in Ladder
            },
            settings.get(pk),
        )
        for pk in ids
    }


def counts_from(programme: Programme, *, at: datetime) -> date:
    """The first day on which a step that is added now may speak: today before 09:00 there, else tomorrow."""
    local = at.astimezone(programme.distributor.zone)
    return local.date() if local.time() < SENT_FROM else local.date() + timedelta(days=1)


def change(programme: Programme, *, wanted: Wanted, seen: int, by: Actor, at: datetime) -> bool:
    """Set a programme's whole ladder; whether anything changed. Recorded as LADDER_CHANGED.

    Steps that stay keep what was decided about them; steps that are added speak from `counts_from` on, so nothing is
    made up for and nothing that went out is doubled; a step that is taken out asks and speaks no more, but what an
    officer was asked, or has allowed, stays. Takes the planners' lock, so that no sweep sees half of it. Raises
    BadLadder, and ChangedMeanwhile where the version is no longer the one that was `seen`.
    """
    check(wanted)
    with transaction.atomic():
        queries.lock_planning()
        if not programme.reminder_steps.exists() and not LadderSetting.objects.filter(pk=programme).exists():
            ladders.complete([programme.pk])
        setting = LadderSetting.objects.filter(programme=programme).first()
        details = _write(programme, wanted, since=counts_from(programme, at=at))
        asks = (wanted.asks_from.get(Ladder.DUE), wanted.asks_from.get(Ladder.RETURN))
        before = (setting.asks_from, setting.return_asks_from) if setting else (ladders.ASKS_FROM,) * 2
        if not details and asks == before:
            return False  # the same ladder sent twice is no conflict, whoever sent it first
        if setting is not None and setting.version != seen:
            raise ChangedMeanwhile(setting)  # and nothing of it is written
        _keep(setting or LadderSetting(programme=programme, version=0), asks, by=by, at=at)
        record(
            Action.LADDER_CHANGED,
            by=by,
            at=at,
            distributor_id=programme.distributor_id,
            programme_id=programme.pk,
            details=details | {"asks_from": asks[0], "return_asks_from": asks[1]},
        )
    return True


def check(wanted: Wanted) -> None:
    """Raises BadLadder for a ladder that is too long or has steps where there can be none."""
    for ladder, days in wanted.days.items():
        if len(days) > MOST_STEPS:
            raise BadLadder(_("A ladder has at most %(most)s steps.") % {"most": MOST_STEPS})
        lowest = -FURTHEST_STEP if ladder in DATED_LADDERS else 1
        for one in days:
            if one is None and ladder is not Ladder.DUE:
                raise BadLadder(_("Only the ladder of the due date has a step at the opening."))
            if one is not None and not lowest <= one <= FURTHEST_STEP:
                raise BadLadder(
                    _("A step lies at most %(most)s days from its date.") % {"most": FURTHEST_STEP}
                )


def _write(programme: Programme, wanted: Wanted, *, since: date) -> dict[str, Any]:
    """Take out, put in and change steps; what was done, by the steps' names."""
    rungs = {rung.key: (ladder, rung) for ladder in Ladder for rung in wanted.rungs(ladder, since=since)}
    held = {step.key: step for step in programme.reminder_steps.all()}
    gone = sorted(held.keys() - rungs.keys())
    new = [key for key in rungs if key not in held]
    turned = [
        key
        for key, (_l, rung) in rungs.items()
        if key in held and held[key].asks_officer != rung.asks_officer
    ]
    programme.reminder_steps.filter(key__in=gone).delete()
    for key in turned:
        held[key].asks_officer = rungs[key][1].asks_officer
    Step.objects.bulk_update([held[key] for key in turned], ["asks_officer"])
    Step.objects.bulk_create(
        Step(
            programme=programme,
            ladder=ladder,
            key=key,
            days=rung.days,
            asks_officer=rung.asks_officer,
            since=rung.since,
        )
        for key, (ladder, rung) in rungs.items()
        if key in new
    )
    done = {"added": new, "removed": gone, "asking_changed": turned}
    return {name: keys for name, keys in done.items() if keys}


def _keep(setting: LadderSetting, asks: tuple[int | None, int | None], *, by: Actor, at: datetime) -> None:
    setting.asks_from, setting.return_asks_from = asks
    setting.version += 1
    setting.changed_at, setting.changed_by_id, setting.changed_by_name = at, by.person_id, by.name
    setting.save()
