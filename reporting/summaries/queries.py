"""What a summary is compiled from: three flat reads, the same number for any number of organizations."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings.enums import FigureKind
from minori.filings.models import Figure, Filing, Reading
from minori.programmes.enums import ExtensionState
from minori.programmes.models import Deadline, ExtensionRequest, Round
from minori.registry.models import FrameworkVersion, RegisteredRow
from minori.report_forms.framework import Level
from reporting.summaries.models import InputCount, Summary
from reporting.summaries.shape import FORMAT

BOARD = {
    "grant": "grant_id",
    "grant_code": "grant__code",
    "grant_title": "grant__title",
    "organization": "organization_id",
    "organization_name": "organization__name",
    "organization_slug": "organization__slug",
    "lead": "grant__lead_officer__name",
    "deputy": "grant__deputy_officer__name",
    "deadline": "pk",
    "state": "state",
    "due_on": "due_on",
    "extended_to": "extended_to",
    "closes_on": "closes_on",
    "asked_until": "asked_until",
    "returned_due_on": "returned_due_on",
    "filing": "current_filing_id",
    "revision": "current_filing__revision",
    "came": "current_filing__came",
    "handed_in_at": "current_filing__handed_in_at",
    "first_handed_in_at": "first_handed_in_at",
    "days_late": "days_late",
    "waived_reason": "waived_reason",
}
CELLS = {
    "grant": "filing__deadline__grant_id",
    "filing": "filing_id",
    "position": "position",
    "row": "row_uuid",
    "parent": "parent_uuid",
    "level": "level",
    "code": "code",
    "progress": "progress",
    "covered_by": "covered_by_uuid",
    "text": "text",
    "remark": "remark",
    "nothing": "nothing",
    "statement": "statement",
    "version": "filing__framework_version__number",
}

PLANNED = {
    "grant": "version__grant_id",
    "position": "position",
    "row": "uuid",
    "parent": "parent_uuid",
    "code": "code",
    "statement": "statement",
}


SET_UP = (Action.ROUND_CREATED, Action.ROUND_CHANGED)
"""Events of later rounds that count too."""


def count_inputs(round_: Round) -> int:
    """How many append-only inputs there are that can change this round's summary: events, and readings of numbers.

    A summary says what got worse since the last round, so those of earlier rounds belong to it too: all of them,
    so that the number only ever grows, whichever round comes to stand before this one. Neither is ever taken away,
    so two equal sums are of the same events and the same readings. How later rounds are set up belongs to it too: the
    mid-term round tells a date that earlier targets are judged by.
    """
    counted = InputCount.objects.filter(_about(_up_to(round_)), programme_id=round_.programme_id)
    return int(counted.aggregate(all=Coalesce(Sum("count"), 0))["all"])


INPUTS = """(
    SELECT coalesce(sum(i.count), 0) FROM summaries_inputcount i
    WHERE i.programme_id = {round}.programme_id AND (i.round_id IS NULL OR i.action = ANY(%(set_up)s) OR i.round_id IN (
        SELECT id FROM programmes_round u WHERE u.programme_id = {round}.programme_id AND u.number <= {round}.number)))"""
"""`count_inputs` as a part of another statement, where `round` names a `programmes_round` and `set_up` is `SET_UP`."""


def _about(round_ids: Any) -> Q:
    return Q(round_id__in=round_ids) | Q(round_id=None) | Q(action__in=SET_UP)


def _up_to(round_: Round) -> QuerySet[Round, int]:
    rounds = Round.objects.filter(programme_id=round_.programme_id, number__lte=round_.number)
    return rounds.order_by().values_list("pk", flat=True)


def _events(round_: Round) -> QuerySet[Event]:
    about = Event.objects.about_rounds(programme_id=round_.programme_id, round_ids=_up_to(round_))
    return about | Event.objects.filter(programme_id=round_.programme_id, action__in=SET_UP)


def _readings(round_: Round) -> QuerySet[Reading]:
    return Reading.objects.filter(
        Q(round_id__in=_up_to(round_)) | Q(round_id=None), grant__programme_id=round_.programme_id
    )


def inputs_by_grant(round_: Round) -> dict[str, int]:
    """The same inputs by the grant they are about; "" are those about none, which may change every grant's numbers."""
    events = _events(round_).order_by().values_list("grant_id").annotate(count=Count("pk"))
    readings = _readings(round_).order_by().values_list("grant_id").annotate(count=Count("pk"))
    found = Counter({"": 0})
    for grant, count in (*events, *readings):
        found[str(grant or "")] += count
    return dict(found)


def board(round_id: int) -> pd.DataFrame:
    """Every deadline of a round with its grant, in the order of the organizations' names."""
    asked = ExtensionRequest.objects.filter(deadline=OuterRef("pk"), state=ExtensionState.OPEN)
    deadlines = (
        Deadline.objects.filter(round_id=round_id)
        .annotate(asked_until=Subquery(asked.order_by("pk").values("until")[:1]))
        .order_by("organization__name_kana", "organization__name", "grant__code")
    )
    return _frame(deadlines.values_list(*BOARD.values()), BOARD)


def cells(round_id: int) -> pd.DataFrame:
    """The rows of every filing of a round that counts, with their codes as filed."""
    figures = Figure.objects.filter(
        kind=FigureKind.ROW, filing__deadline__round_id=round_id, filing=F("filing__deadline__current_filing")
    )
    registered = RegisteredRow.objects.filter(
        version_id=OuterRef("filing__framework_version_id"), uuid=OuterRef("row_uuid")
    )
    figures = figures.annotate(statement=Subquery(registered.values("statement"))).order_by(
        "filing_id", "position"
    )
    return _frame(figures.values_list(*CELLS.values()), CELLS)


def planned_rows(round_: Round) -> pd.DataFrame:
    """The output rows of every grant's plan in force in a round: what stands in the map before anything is handed in."""
    newest = (
        FrameworkVersion.objects.filter(
            grant_id=OuterRef("version__grant_id"), effective_from_round__lte=round_.number
        )
        .order_by("-number")
        .values("pk")[:1]
    )
    rows = RegisteredRow.objects.filter(
        version__grant__deadlines__round=round_, level=Level.OUTPUT.value, version_id=Subquery(newest)
    ).order_by("version_id", "position")
    return _frame(rows.values_list(*PLANNED.values()), PLANNED)


def answers(round_id: int) -> Iterable[tuple[int, dict[str, Any]]]:
    """Grant and the frozen answers, by section and field, of every filing of a round that counts."""
    filings = Filing.objects.filter(deadline__round_id=round_id, pk=F("deadline__current_filing"))
    return filings.order_by("pk").values_list("deadline__grant_id", "contents__answers")


def previous_round(round_: Round) -> Round | None:
    """The round before this one in the programme."""
    return (
        Round.objects.filter(programme_id=round_.programme_id, number__lt=round_.number)
        .order_by("-number")
        .first()
    )


def stale_rounds() -> QuerySet[Round]:
    """Rounds whose summary is missing, of an older format, or has not counted every input: what the sweep looks for.

    Rounds without any deadline have nothing to compile.
    """
    up_to_it = Round.objects.filter(
        programme_id=OuterRef(OuterRef("programme_id")), number__lte=OuterRef(OuterRef("number"))
    )
    counted = (
        InputCount.objects.filter(
            _about(up_to_it.order_by().values("pk")), programme_id=OuterRef("programme_id")
        )
        .order_by()
        .values("programme_id")
        .annotate(all=Sum("count"))
        .values("all")
    )
    current = Summary.objects.filter(Q(contents=None) | Q(brief__format=FORMAT))
    compiled = current.filter(round_id=OuterRef("pk")).values("events_compiled")
    return (
        Round.objects.filter(Exists(Deadline.objects.filter(round=OuterRef("pk"))))
        .annotate(
            inputs=Coalesce(Subquery(counted), 0),
            compiled=Coalesce(Subquery(compiled), -1),
        )
        .exclude(inputs=F("compiled"))
        .order_by("pk")
    )


def _frame(rows: Iterable[tuple[Any, ...]], columns: dict[str, str]) -> pd.DataFrame:
    # object columns: dates, ids and None stay what they are, and nothing becomes a float
    return pd.DataFrame(list(rows), columns=list(columns), dtype=object)
