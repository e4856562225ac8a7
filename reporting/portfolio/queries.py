"""What the programme pages read: compiled summaries and how fresh they are, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import Case, Count, F, JSONField, Max, OuterRef, Q, QuerySet, Subquery, When

from minori.programmes.enums import DeadlineState
from minori.programmes.models import Programme, Round
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import ChangeState, Party
from minori.registry.models import FrameworkVersion, RegisteredIndicator
from reporting.signals.compiling import SignalLine
from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import NumbersContents
from reporting.summaries.queries import stale_rounds
from reporting.summaries.shape import BoardLine, RoundFacts, SummaryContents, Totals


@dataclass(frozen=True)
class Numbers:
    """The compiled numbers of one round."""

    number: int
    title: str
    period_ends_on: date
    numbers: NumbersContents
    as_of: datetime


@dataclass(frozen=True)
class GrantFacts:
    """A grant as pages name it."""

    code: str
    title: str
    organization: str


@dataclass(frozen=True)
class Compiled:
    """The compiled rounds of a programme, read in one query; `as_of` and `signals` are those of the round shown."""

    contents: list[SummaryContents]
    as_of: datetime | None
    stale: bool
    failure: str
    signals: list[SignalLine]

    def of_round(self, number: int) -> SummaryContents | None:
        """The summary of one round, or None while it has not been compiled."""
        return next((one for one in self.contents if one["round"]["number"] == number), None)


def overview(programmes: QuerySet[Programme], *, today: date) -> QuerySet[Programme]:
    """Programmes with what waits for the officer and how many grants and open rounds they have."""
    return programmes.annotate(
        grant_count=Count("grants", distinct=True),
        waiting_count=Count(
            "grants__deadlines", filter=Q(grants__deadlines__state=DeadlineState.HANDED_IN), distinct=True
        ),
        returned_count=Count(
            "grants__deadlines", filter=Q(grants__deadlines__state=DeadlineState.RETURNED), distinct=True
        ),
        overdue_count=Count(
            "grants__deadlines",
            filter=Q(grants__deadlines__state=DeadlineState.AWAITING)
            & (
                Q(grants__deadlines__extended_to__lt=today)
                | Q(grants__deadlines__extended_to=None, grants__deadlines__due_on__lt=today)
            ),
            distinct=True,
        ),
        last_round_opened_on=Max("rounds__opens_on", filter=Q(rounds__opens_on__lte=today)),
    ).order_by("-ends_on", "title")


def waiting_changes(programme: Programme) -> set[int]:
    """The grants with a change request that waits for the officer."""
    waits = Q(party=Party.ROOM, state=ChangeState.WAITING) | Q(state=ChangeState.ANSWERED)
    found = ChangeRequest.objects.filter(waits, grant__programme=programme).order_by("grant_id")
    return set(found.values_list("grant_id", flat=True))


def rounds_with_deadlines(programme: Programme) -> list[Round]:
    """The programme's rounds that have any deadline, in order."""
    return list(programme.rounds.filter(deadlines__isnull=False).distinct().order_by("number"))


def shown_round(rounds: list[Round], *, asked: int | None, today: date) -> Round | None:
    """The round asked for, else the newest that has opened, else the first."""
    for round_ in rounds:
        if round_.number == asked:
            return round_
    opened = [round_ for round_ in rounds if round_.opens_on <= today]
    return opened[-1] if opened else (rounds[0] if rounds else None)


def compiled(programme: Programme, *, round_: Round) -> Compiled:
    """The compiled rounds of a programme and whether the shown one is stale: two queries.

    Of the rounds that are not shown only their boards and totals are read: the words of their maps are most of a summary.
    """
    whole, noticed = (
        Case(When(round=round_, then=F(name)), default=None, output_field=JSONField())
        for name in ("contents", "signals")
    )
    summaries = list(
        Summary.objects.filter(programme=programme)
        .annotate(whole=whole, noticed=noticed)
        .order_by("round__number")
        .values(
            "round_id",
            "as_of",
            "failure",
            "whole",
            "noticed",
            "contents__round",
            "contents__board",
            "contents__totals",
        )
    )
    shown = next((one for one in summaries if one["round_id"] == round_.pk), None)
    return Compiled(
        contents=[
            one["whole"]
            or _board_only(one["contents__round"], one["contents__board"], one["contents__totals"])
            for one in summaries
            if one["contents__round"] is not None
        ],
        as_of=shown["as_of"] if shown else None,
        stale=is_stale(round_),
        failure=shown["failure"] if shown else "",
        signals=(shown["noticed"] if shown else None) or [],
    )


def _board_only(facts: RoundFacts, board: list[BoardLine], totals: Totals) -> SummaryContents:
    return cast("SummaryContents", {"round": facts, "board": board, "totals": totals})


def numbers(programme: Programme) -> list[Numbers]:
    """The compiled numbers of a programme's rounds, in their order: one query."""
    lines = (
        Summary.objects.filter(programme=programme)
        .exclude(numbers=None)
        .order_by("round__number")
        .values_list("round__number", "round__title", "round__period_ends_on", "numbers", "as_of")
    )
    return [
        Numbers(number, title, ends_on, contents, as_of)
        for number, title, ends_on, contents, as_of in lines
        if contents is not None and as_of is not None
    ]


def grants(programme: Programme) -> dict[int, GrantFacts]:
    """The programme's grants as pages name them: one query."""
    lines = programme.grants.order_by("organization__name_kana", "organization__name", "code").values_list(
        "pk", "code", "title", "organization__name"
    )
    return {pk: GrantFacts(code, title, organization) for pk, code, title, organization in lines}


def current_indicators(programme: Programme) -> set[tuple[int, str]]:
    """Grant and identity of every indicator in the newest plans of a programme: one query."""
    newest = FrameworkVersion.objects.filter(grant=OuterRef("row__version__grant")).order_by("-number")
    found = RegisteredIndicator.objects.filter(
        row__version__grant__programme=programme, row__version=Subquery(newest.values("pk")[:1])
    ).order_by("pk")
    return {(grant, str(uuid)) for grant, uuid in found.values_list("row__version__grant", "uuid")}


def is_stale(round_: Round) -> bool:
    """Whether the round's summary waits to be compiled."""
    return stale_rounds().filter(pk=round_.pk).exists()
