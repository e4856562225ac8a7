"""What a distributor sets for all of its programmes: the month its fiscal year begins in."""

from datetime import datetime

from django.db import transaction

from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.jobs import Job, enqueue
from minori.programmes.models import Distributor, Round


def begin_fiscal_year(distributor: Distributor, *, month: int, by: Actor, at: datetime) -> Distributor:
    """Let the fiscal year begin in another month (1 to 12). Yearly targets of all its programmes are judged by it.

    Holds the distributor's row. Records an event for each programme, which makes its summaries stale, and wakes the
    compiler. Changes nothing where the month is the same.
    """
    with transaction.atomic():
        locked = Distributor.objects.select_for_update().get(pk=distributor.pk)
        before = locked.fiscal_year_begins
        if month == before:
            return locked
        locked.fiscal_year_begins = month
        locked.save(update_fields=["fiscal_year_begins"])
        programmes = list(locked.programmes.order_by("pk").values_list("pk", flat=True))
        for programme_id in programmes or (None,):
            record(
                Action.FISCAL_YEAR_SET,
                by=by,
                at=at,
                distributor_id=locked.pk,
                programme_id=programme_id,
                details={"month": [before, month]},
            )
        rounds = Round.objects.filter(programme__in=programmes).order_by("pk")
        for programme_id, round_id in rounds.values_list("programme_id", "pk"):
            enqueue(Job.COMPILE, programme_id=programme_id, round_id=round_id)
    return locked
