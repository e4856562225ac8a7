"""What the pages about remarks read: a fixed number of queries for any number of grants."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from minori.accounts.models import Person
from minori.programmes.models import Programme, Round
from reporting.reading.models import ToAsk
from reporting.remarks.models import Remark


def of_round(round_: Round) -> dict[int | None, Remark]:
    """The remarks of a round by grant, None for the whole; those that were never saved are left out."""
    return {one.grant_id: one for one in Remark.objects.filter(round=round_, version__gt=0)}


def to_ask(round_: Round, *, person: Person) -> dict[int, Sequence[ToAsk]]:
    """What the person still means to ask about a round's reports, by deadline: their own list, nobody else's."""
    found: dict[int, list[ToAsk]] = defaultdict(list)
    for one in ToAsk.objects.filter(person=person, done_at=None, deadline__round=round_).order_by("pk"):
        found[one.deadline_id].append(one)
    return dict(found)


def rounds(programmes: QuerySet[Programme] | Collection[Programme], *, today: date) -> QuerySet[Round]:
    """The rounds that have opened, newest first, with how many grants they have and how many remarks are written."""
    return (
        Round.objects.filter(programme__in=programmes, opens_on__lte=today, deadlines__isnull=False)
        .select_related("programme__distributor")
        .annotate(
            grant_count=Count("deadlines", distinct=True),
            handed_in_count=Count(
                "deadlines", filter=Q(deadlines__current_filing__isnull=False), distinct=True
            ),
            remark_count=_written(grant__isnull=False),
            overall_count=_written(grant=None),
        )
        .order_by(F("programme__ends_on").desc(), "programme__title", "-number")
    )


def _written(**about: Any) -> Coalesce:
    written = Remark.objects.filter(round=OuterRef("pk"), **about).exclude(text="")
    counts = written.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)
