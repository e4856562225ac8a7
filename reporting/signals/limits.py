"""A programme's thresholds: what they are, and changing them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.programmes import labels
from minori.programmes.models import Programme
from minori.report_forms.edition import Choice, Edition, Field
from minori.report_forms.edition import Kind as FieldKind
from reporting.signals.models import SignalLimits
from reporting.signals.rules import Kind, Limits

NUMBERS = (
    "behind_rounds",
    "other_rounds",
    "grace_days",
    "below_percent",
    "unchanged_characters",
    "silent_rounds",
    "late_times",
    "late_days",
)
DIFFICULTIES = "課題"
"""What the official form's label says of the one choice that is known for certain (「3 課題がある」)."""


def of(programme: Programme) -> Limits:
    """The thresholds in force: those that were set, else the defaults. Two reads."""
    kept = SignalLimits.objects.filter(programme=programme).first()
    asked = choices(programme)
    if kept is None:
        return Limits(worries=frozenset(by_default(asked)))
    worries = by_default(asked) if kept.worries is None else {_split(one) for one in kept.worries}
    return Limits(
        **{name: getattr(kept, name) for name in NUMBERS},
        worries=frozenset(worries),
        off=frozenset(Kind(one) for one in kept.off if one in set(Kind)),
    )


def choices(programme: Programme) -> list[tuple[Edition, Field, Choice]]:
    """Every choice that the programme's forms ask of everybody, with the labels its distributor has completed."""
    pinned = programme.rounds.order_by("number").values_list("edition", "edition_version")
    found: dict[tuple[str, str], tuple[Edition, Field, Choice]] = {}
    for key, version in dict.fromkeys(pinned):
        edition = labels.edition_of(programme.distributor, key, version)
        for field in edition.fields:
            if field.kind == FieldKind.CHOICE and field.required:
                for choice in field.choices:
                    found.setdefault((field.key, choice.value), (edition, field, choice))
    return list(found.values())


def by_default(asked: Iterable[tuple[Edition, Field, Choice]]) -> set[tuple[str, str]]:
    """The choices that the forms themselves call a difficulty."""
    return {(field.key, choice.value) for _edition, field, choice in asked if DIFFICULTIES in choice.label.ja}


def change(programme: Programme, *, facts: dict[str, Any], by: Actor, at: datetime) -> None:
    """Set a programme's thresholds, and wake the compile of all of its rounds. Holds the programme's lock.

    `facts`: by the fields of `SignalLimits`. The event makes every round's summary stale.
    """
    with transaction.atomic():
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        said = {"changed_at": at, "changed_by_id": by.person_id, "changed_by_name": by.name}
        SignalLimits.objects.update_or_create(programme=programme, defaults={**facts, **said})
        record(
            Action.SIGNALS_CHANGED,
            by=by,
            at=at,
            distributor_id=programme.distributor_id,
            programme_id=programme.pk,
            details=facts,
        )
        for round_id in programme.rounds.order_by("number").values_list("pk", flat=True):
            enqueue(Job.COMPILE, programme_id=programme.pk, round_id=round_id)


def _split(text: str) -> tuple[str, str]:
    field, _equals, value = text.partition("=")
    return field, value
