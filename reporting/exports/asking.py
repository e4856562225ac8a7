"""Asking for a round as a file, and changing one's mind."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.programmes.models import Round
from reporting.exports.enums import UNDER_WAY, Kind, State
from reporting.exports.models import Export, ExportPart

SHOWN = 20


def ask(round_: Round, *, kind: Kind, language: str, by: Actor, at: datetime) -> Export:
    """Ask for a round as a file, made by a worker; asked again while it is under way it is the same one.

    Who takes what along is an event of the distributor's (no input of any summary: it changes no figure).
    """
    with transaction.atomic():
        Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
        same = {"round": round_, "kind": kind, "language": language, "asked_by_id": by.person_id}
        waiting = Export.objects.filter(**same, state__in=UNDER_WAY).first()
        if waiting is not None:
            return waiting
        export = Export.objects.create(**same, asked_at=at, asked_by_name=by.name)
        record(
            Action.TAKEN_ALONG,
            by=by,
            at=at,
            distributor_id=round_.programme.distributor_id,
            details={
                "kind": kind.value,
                "programme": round_.programme.code,
                "round": round_.number,
                "export": str(export.uuid),
            },
        )
        enqueue(Job.EXPORT, export_id=export.pk)
    return export


def cancel(export: Export, *, at: datetime) -> bool:
    """Stop an export that is under way; False where it has come to an end already. The worker notices by itself."""
    stopped = Export.objects.filter(pk=export.pk, state__in=UNDER_WAY)
    return bool(stopped.update(state=State.CANCELLED, ended_at=at))


def of_round(round_: Round) -> list[Export]:
    """The newest exports of a round."""
    return list(Export.objects.filter(round=round_)[:SHOWN])


def pieces(export: Export) -> Iterator[bytes]:
    """The file's bytes, part by part."""
    positions = ExportPart.objects.filter(export=export).order_by("position").values_list("pk", flat=True)
    for pk in list(positions):
        yield bytes(ExportPart.objects.values_list("data", flat=True).get(pk=pk))


def expire(*, at: datetime) -> int:
    """Take away the files whose time is over; how many exports that were."""
    with transaction.atomic():
        over = Export.objects.select_for_update().filter(state=State.READY, expires_at__lte=at)
        keys = list(over.values_list("pk", flat=True))
        ExportPart.objects.filter(export__in=keys).delete()
        Export.objects.filter(pk__in=keys).update(state=State.EXPIRED)
    return len(keys)
