"""Taking filings in: their passages are written down so that they can be searched. Woken at hand-in, swept for later."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from minori.filings.models import Filing
from minori.report_forms.contents import Contents
from reporting.reading import folding, passages
from reporting.reading.models import Passage, TakenIn

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Filings in one run, a second or two: others get their turn between two runs."""

LOCK = 4_701_003
"""Number of the advisory lock under which what waits is taken in."""


def waiting() -> QuerySet[Filing]:
    """Filings that have not been taken in, or only in an older format, oldest first."""
    here = TakenIn.objects.filter(format=folding.FORMAT).values("filing")
    return Filing.objects.exclude(pk__in=here).order_by("pk")


def take_in_waiting(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Take in what waits, at most `limit` filings; how many. One that cannot be read does not stop the others.

    0 too where somebody else is at it: two would only take in the same.
    """
    with _alone() as alone:
        keys = list(waiting().values_list("pk", flat=True)[:limit]) if alone else []
        for key in keys:
            take_in(key, at=at)
    return len(keys)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else takes in what waits; the lock goes with the worker's connection, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def take_in(filing_id: int, *, at: datetime) -> int:
    """Write a filing's passages down; how many. Safe to run twice and in parallel: the same passages take their own place.

    Holds a lock on the filing's row of this table. A filing that cannot be read is written down with the reason.
    """
    with transaction.atomic():
        TakenIn.objects.get_or_create(filing_id=filing_id, defaults={"format": 0, "at": at})
        here = TakenIn.objects.select_for_update().get(filing_id=filing_id)
        if here.format == folding.FORMAT:
            return 0
        related = ("deadline__grant__programme", "deadline__round")
        filing = Filing.objects.select_related(*related).get(pk=filing_id)
        here.failure = ""
        rows: list[Passage] = []
        try:
            rows = list(passages_of(filing))
        except (ValueError, KeyError, TypeError, AttributeError) as error:  # whatever a broken paper may hold
            log.exception("filing %s cannot be read", filing_id)
            here.failure = f"{type(error).__name__}: {error}"[:1000]
        Passage.objects.filter(filing=filing).delete()
        Passage.objects.bulk_create(rows, batch_size=500)
        here.format, here.at = folding.FORMAT, at
        here.save(update_fields=["format", "at", "failure"])
    return len(rows)


def passages_of(filing: Filing) -> Iterator[Passage]:
    """The passages of a filing, unsaved. Raises `ShapeError` for contents that cannot be read."""
    grant = filing.deadline.grant
    for position, words in enumerate(passages.of(Contents.from_json(filing.contents))):
        folded = folding.fold(f"{words.name}\n{words.text}" if words.name else words.text).text
        yield Passage(
            filing=filing,
            distributor_id=grant.programme.distributor_id,
            programme_id=grant.programme_id,
            round_id=filing.deadline.round_id,
            grant=grant,
            handed_in_at=filing.handed_in_at,
            position=position,
            part=words.part.value,
            anchor=words.anchor,
            name=words.name,
            text=words.text,
            folded=folded,
            tokens=folding.tokens(folded),
        )
