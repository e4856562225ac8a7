"""What the pages about remarks read: a fixed number of queries for any number of grants."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict

from minori.accounts.models import Person
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Programme, Round
from reporting import paging
from reporting.paging import Window
from reporting.reading.models import ToAsk
from reporting.remarks.models import Remark
from reporting.summaries.models import GrantLine

A_PAGE = 20
AT_ONCE = timedelta(seconds=5)
_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)


def of_round(round_: Round) -> dict[int | None, Remark]:
    """The remarks of a round by grant, None for the whole; those that were never saved are left out."""
    return {one.grant_id: one for one in Remark.objects.filter(round=round_, version__gt=0)}


@dataclass(frozen=True)
class Filters:
    """What the address narrows the grants down to; "" narrows nothing down, and so does a `remark` that means nothing."""

    q: str = ""
    officer: str = ""
    remark: str = ""

    @property
    def any(self) -> bool:
        return any((self.q, self.officer, self.remark in _REMARK))


_REMARK = {"none": False, "written": True}


def filters_of(asked: QueryDict) -> Filters:
    """The filters of an address."""
    return paging.filters_in(asked, Filters)


def lines(
    round_: Round, *, filters: Filters, asked: QueryDict, only: Collection[int] | None = None
) -> Window:
    """The page of a compiled round's grants that the address asks for, in the order of the organizations' names.

    `only` these grants, whatever the filters say: a text that could not be saved must not be filtered away.
    """
    found = GrantLine.objects.filter(round=round_)
    if only is not None:
        found, filters = found.filter(grant__in=only), Filters()
    if filters.q:
        found = found.filter(words__contains=filters.q.lower())
    if filters.officer:
        found = found.filter(Q(lead=filters.officer) | Q(deputy=filters.officer))
    if filters.remark in _REMARK:
        written = Remark.objects.filter(round=round_, grant=OuterRef("grant")).exclude(text="")
        found = found.filter(Exists(written) if _REMARK[filters.remark] else ~Exists(written))
    rows = found.order_by("place").values("grant_id", "board", "strip", "texts")
    return paging.read(rows, asked=asked, name="page", per_page=A_PAGE)


def officers(round_: Round) -> list[str]:
    """Who leads or stands in for any grant of a compiled round, by name."""
    found = GrantLine.objects.filter(round=round_).order_by().values_list("lead", "deputy").distinct()
    return sorted({name for both in found for name in both if name})


def about(round_: Round, grants: Collection[int]) -> dict[int | None, Remark]:
    """The remarks about these grants and about the whole, None; those that were never saved are left out."""
    found = Remark.objects.filter(Q(grant__in=grants) | Q(grant=None), round=round_, version__gt=0)
    return {one.grant_id: one for one in found}


def state(round_: Round) -> tuple[int, datetime | None]:
    """How many of the compiled grants have a remark that says something, and when any remark was saved last."""
    compiled = GrantLine.objects.filter(round=round_).values("grant")
    found = Remark.objects.filter(round=round_, version__gt=0).aggregate(
        written=Count("pk", filter=~Q(text="") & Q(grant__in=compiled)), last=Max("saved_at")
    )
    return found["written"], found["last"]


def saved_since(round_id: int, milliseconds: int) -> QuerySet[Remark]:
    """The remarks that were saved after this many milliseconds of the common clock (1970-01-01 UTC), or just before.

    Just before: who began to save earlier may have finished later. To be told twice of a remark does no harm.
    """
    after = _CLOCK + timedelta(milliseconds=milliseconds + 1) - AT_ONCE
    return Remark.objects.filter(round=round_id, version__gt=0, saved_at__gte=after)


def to_ask(deadlines: Collection[int], *, person: Person) -> dict[int, Sequence[ToAsk]]:
    """What the person still means to ask about these reports, by deadline: their own list, nobody else's."""
    found: dict[int, list[ToAsk]] = defaultdict(list)
    for one in ToAsk.objects.filter(person=person, done_at=None, deadline__in=deadlines).order_by("pk"):
        found[one.deadline_id].append(one)
    return dict(found)


def rounds(programmes: QuerySet[Programme] | Collection[Programme], *, today: date) -> QuerySet[Round]:
    """The rounds that have opened, newest first, with how many grants they have and how many remarks are written."""
    return (
        Round.objects.filter(programme__in=programmes, opens_on__lte=today, deadlines__isnull=False)
        .select_related("programme__distributor")
        .annotate(
            grant_count=Count("deadlines", distinct=True),
            required_count=Count(
                "deadlines", filter=~Q(deadlines__state=DeadlineState.WAIVED), distinct=True
            ),
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
