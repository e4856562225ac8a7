"""What a round's numbers are calculated from: flat reads over all grants, the same number for any number of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from minori.filings.enums import Aspect, FigureKind
from minori.filings.measured import PLAN_ASPECTS, Dates, Filed, Period, dates_of, period_of
from minori.filings.models import Figure, Reading
from minori.programmes.enums import DeadlineState, RoundKind
from minori.programmes.models import Deadline, Round
from minori.registry.models import FrameworkVersion, RegisteredIndicator
from reporting.common.models import MappedIndicator

Key = tuple[int, UUID]
"""A grant and the identity of one of its indicators: identities alone may be shared by grants."""


class Read(NamedTuple):
    """The columns of a reading that calculations need (`filings.measured.Confirmed`)."""

    measure: Any
    covers: str
    on: date | None
    reached: str
    by_name: str
    reason: str


class Named(NamedTuple):
    """One registered indicator with its texts by aspect."""

    pk: int
    grant: int
    uuid: UUID
    code: str
    row: str
    mark: str
    statement: str
    texts: Mapping[Aspect, str]

    @property
    def key(self) -> Key:
        """Its grant and identity."""
        return self.grant, self.uuid


@dataclass(frozen=True)
class Inputs:
    """Everything a round's numbers are made of, by grant or by indicator.

    `asked` are the grants that report in this round, in the order of the board. `indicators` are those of the plan that
    counts in it; `gone` those that are mapped and no longer stand in it. `deadlines` are of filings, for links.
    """

    asked: list[int]
    dates: Mapping[int, Dates]
    periods: Mapping[int, list[Period]]
    indicators: list[Named]
    gone: list[Named]
    plan_readings: Mapping[tuple[Key, Aspect, str], Read]
    filed: Mapping[Key, Mapping[int, Filed]]
    actual_readings: Mapping[Key, Mapping[int, Read]]
    deadlines: Mapping[int, int]
    mapped: list[MappedIndicator]


def asked(round_: Round) -> list[int]:
    """The grants that report in this round, in the order of the board."""
    return list(_deadlines(round_).filter(round=round_).values_list("grant_id", flat=True))


def mapped(round_: Round) -> list[MappedIndicator]:
    """What stands mapped onto the programme's common indicators, in their order."""
    return list(
        MappedIndicator.objects.standing()
        .filter(common__programme_id=round_.programme_id)
        .order_by("common__number", "pk")
        .select_related("common")
    )


def read(
    round_: Round,
    *,
    grants: Collection[int] | None = None,
    only: Collection[UUID] | None = None,
    mapped_: Iterable[MappedIndicator] | None = None,
) -> Inputs:
    """All of it, or what is of some grants, in eight queries, nine where something mapped is gone.

    `only`: of these indicators alone. `mapped_` is what `mapped` says, where it is known already.
    """
    known = list(_of(grants, _deadlines(round_), "grant"))
    mid_on = _mid_round_on(round_)
    calendar = round_.programme.distributor.fiscal_calendar
    periods: dict[int, list[Period]] = {}
    for one in known:
        periods.setdefault(one.grant_id, []).append(period_of(one.round))
    indicators = _indicators({"row__version__in": _versions(round_, known, grants), **_these(only, "uuid")})
    standing = [
        one
        for one in (mapped(round_) if mapped_ is None else mapped_)
        if grants is None or one.grant_id in grants
    ]
    actual = _actual_readings(round_, grants, only)
    filed, read_ = _figures(round_, actual, grants, only)
    return Inputs(
        asked=[one.grant_id for one in known if one.round_id == round_.pk],
        dates={one.grant_id: dates_of(one.grant, mid_round_on=mid_on, calendar=calendar) for one in known},
        periods=periods,
        indicators=indicators,
        gone=_gone(round_, standing, {one.key for one in indicators}),
        plan_readings=_plan_readings(round_, grants, only),
        filed=filed,
        actual_readings=read_,
        deadlines={one.current_filing_id: one.pk for one in known if one.current_filing_id is not None},
        mapped=standing,
    )


def _these(ids: Collection[Any] | None, path: str) -> dict[str, Any]:
    return {} if ids is None else {f"{path}__in": list(ids)}


def _of(grants: Collection[int] | None, found: QuerySet[Any], path: str) -> QuerySet[Any]:
    """What is found, of these grants."""
    return found.filter(**_these(grants, path))


def _deadlines(round_: Round) -> QuerySet[Deadline]:
    """What is asked of all grants up to this round, in the order of the board; `answers_to` is the filing's plan."""
    asked = Deadline.objects.filter(round__programme_id=round_.programme_id, round__number__lte=round_.number)
    return (
        asked.exclude(state=DeadlineState.WAIVED)
        .annotate(answers_to=F("current_filing__framework_version_id"))
        .select_related("round", "grant")
        .order_by("organization__name_kana", "organization__name", "grant__code", "round__number")
    )


def _mid_round_on(round_: Round) -> date | None:
    mid_term = Round.objects.filter(programme_id=round_.programme_id, kind=RoundKind.MID_TERM)
    return mid_term.order_by("number").values_list("period_ends_on", flat=True).first()


def _versions(round_: Round, known: Iterable[Deadline], grants: Collection[int] | None) -> list[int]:
    """The plan of every grant that counts in the round: what its report answers to, else the newest in force."""
    in_force = FrameworkVersion.objects.filter(
        grant__programme_id=round_.programme_id, effective_from_round__lte=round_.number
    )
    in_force = _of(grants, in_force, "grant")
    found = dict(in_force.order_by("grant", "number").values_list("grant_id", "pk"))
    for one in known:
        answers_to = vars(one)["answers_to"]
        if one.round_id == round_.pk and answers_to is not None:
            found[one.grant_id] = answers_to
    return sorted(found.values())


def _indicators(of: Mapping[str, Any]) -> list[Named]:
    texts = [aspect.value for aspect in PLAN_ASPECTS]
    named = ("pk", "row__version__grant_id", "uuid", "row__code", "row__statement", "mark", "statement")
    found = RegisteredIndicator.objects.filter(**of).order_by(
        "row__version__grant", "row__version", "row__position", "position"
    )
    lines = found.values_list(*named, *texts)
    return [
        Named._make((*line[: len(named)], dict(zip(PLAN_ASPECTS, line[len(named) :], strict=True))))
        for line in lines
    ]


def _gone(round_: Round, mapped: Iterable[MappedIndicator], known: set[Key]) -> list[Named]:
    """What is mapped and no longer in the plan, as it last stood there: its numbers carry on, and say so."""
    missing = {(one.grant_id, one.indicator_uuid) for one in mapped} - known
    if not missing:
        return []
    found = _indicators(
        {
            "row__version__grant__in": {grant for grant, _ in missing},
            "row__version__effective_from_round__lte": round_.number,
            "uuid__in": {uuid for _, uuid in missing},
        }
    )
    last = {one.key: one for one in found if one.key in missing}  # of the newest version, by the order
    return list(last.values())


def _plan_readings(
    round_: Round, grants: Collection[int] | None, only: Collection[UUID] | None
) -> dict[tuple[Key, Aspect, str], Read]:
    """By the text, so that a reading lives on while indicator and words stay what they are (`readings.counting_of_plan`)."""
    counting = Reading.objects.counting().filter(
        grant__programme_id=round_.programme_id,
        registered__isnull=False,
        **_these(grants, "grant"),
        **_these(only, "registered__uuid"),
    )
    texts = Case(
        *(When(aspect=aspect, then=F(f"registered__{aspect.value}")) for aspect in PLAN_ASPECTS),
        default=Value(""),
        output_field=TextField(),
    )
    lines = counting.order_by("pk").values_list(
        "grant_id", "registered__uuid", "aspect", texts, *Read._fields
    )
    return {((grant, uuid), Aspect(aspect), text): Read(*read) for grant, uuid, aspect, text, *read in lines}


def _actual_readings(
    round_: Round, grants: Collection[int] | None, only: Collection[UUID] | None
) -> dict[int, Read]:
    counting = Reading.objects.counting().filter(
        round__programme_id=round_.programme_id,
        round__number__lte=round_.number,
        figure__isnull=False,
        **_these(grants, "grant"),
        **_these(only, "figure__indicator_uuid"),
    )
    return {figure: Read(*read) for figure, *read in counting.values_list("figure_id", *Read._fields)}


def _figures(
    round_: Round,
    readings: Mapping[int, Read],
    grants: Collection[int] | None,
    only: Collection[UUID] | None,
) -> tuple[dict[Key, dict[int, Filed]], dict[Key, dict[int, Read]]]:
    """The indicators' lines of the filings that count, with the readings of them, by indicator and round."""
    of_row = Figure.objects.filter(
        filing=OuterRef("filing"), row_uuid=OuterRef("row_uuid"), kind=FigureKind.ROW
    )
    shared = Coalesce(Subquery(of_row.order_by("pk").values("text")[:1]), Value(""))
    lines = (
        Figure.objects.filter(
            kind=FigureKind.INDICATOR,
            filing__deadline__round__programme_id=round_.programme_id,
            filing__deadline__round__number__lte=round_.number,
            filing=F("filing__deadline__current_filing"),
            **_these(grants, "filing__deadline__grant"),
            **_these(only, "indicator_uuid"),
        )
        .order_by("filing", "position")
        .values_list(
            "pk",
            "filing__deadline__grant_id",
            "indicator_uuid",
            "filing__deadline__round__number",
            "filing_id",
            Case(When(shared=True, then=shared), default=F("text"), output_field=TextField()),
            "nothing",
        )
    )
    filed: dict[Key, dict[int, Filed]] = {}
    read_: dict[Key, dict[int, Read]] = {}
    for pk, grant, uuid, number, filing, text, nothing in lines:
        key = (grant, uuid)
        filed.setdefault(key, {})[number] = Filed(filing=filing, text=text, nothing=nothing)
        if pk in readings:
            read_.setdefault(key, {})[number] = readings[pk]
    return filed, read_
