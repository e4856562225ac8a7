"""A grant's indicators with what counts of them in numbers: registered texts, statements of the rounds, readings.

What `minori.indicators` calculates from. References are opaque there; here they name a filing or a registered indicator.
`plan_of` and `statement_of` take plain values: the compiler of summaries reads those of all grants at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Subquery

from minori.filings import readings
from minori.filings.enums import Aspect, FigureKind
from minori.filings.models import Figure, Reading
from minori.indicators.achievement import Achievement, achievement
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.pace import Pace, pace
from minori.indicators.statements import Covers, Reached, Said, Statement
from minori.indicators.stored import readable
from minori.indicators.targets import Plan
from minori.programmes.enums import DeadlineState, RoundKind
from minori.programmes.models import Deadline, Grant, Round
from minori.registry.models import FrameworkVersion, RegisteredIndicator

PLAN_ASPECTS: tuple[Aspect, ...] = tuple(aspect for aspect in Aspect if aspect != Aspect.ACTUAL)


class Confirmed(Protocol):
    """What somebody confirmed: a `Reading`, or its columns read in bulk."""

    @property
    def measure(self) -> Any: ...
    @property
    def covers(self) -> str: ...
    @property
    def on(self) -> date | None: ...
    @property
    def reached(self) -> str: ...
    @property
    def by_name(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What achievement needs to know of a grant. Without dates of its own the evaluations fall on the derived ones."""

    starts_on: date
    ends_on: date
    mid_on: date | None
    post_on: date
    calendar: FiscalCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One round that a grant reports in."""

    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """An indicator's line of the filing that counts in a round; `text` is the row's where it is shared."""

    filing: int | None
    text: str
    nothing: bool


@dataclass(frozen=True)
class Measured:
    """One registered indicator, what counts of its texts, and what the rounds said of it.

    `plan_readings` by aspect and `actual_readings` by the round's number are the readings behind them; `figures` the
    lines of the filings that count, by the round's number.
    """

    indicator: RegisteredIndicator
    plan: Plan
    statements: tuple[Statement, ...]
    plan_readings: Mapping[str, Reading]
    figures: Mapping[int, Figure]
    actual_readings: Mapping[int, Reading]

    def achievement(self, *, round_: int, today: date) -> Achievement:
        """How far it has come at a round."""
        return achievement(self.plan, self.statements, round_=round_, today=today)

    def pace(self, found: Achievement, *, today: date) -> Pace:
        """Its achievement beside the share of time gone to the date of the target used."""
        return pace_of(self.plan, found, today=today)


def pace_of(plan: Plan, found: Achievement, *, today: date) -> Pace:
    """Achievement beside the share of time gone to the date of the target used."""
    due_on = found.target.due_on if found.target else None
    return pace(found.outcome, starts_on=plan.starts_on, achieve_by=due_on, today=today)


def as_of(round_: Round | None, *, today: date) -> date:
    """The day a round's figures are judged on: the last of its period, whenever somebody looks.

    So a round's achievement and pace stay what they are, and rounds can be compared. Without a round: today.
    """
    return round_.period_ends_on if round_ is not None else today


def of_grant(grant: Grant, version: FrameworkVersion) -> list[Measured]:
    """Every indicator of a version of the grant's plan, in its order. Five queries for any number of them."""
    indicators = list(
        RegisteredIndicator.objects.filter(row__version=version)
        .select_related("row")
        .order_by("row__position", "position")
    )
    deadlines = _deadlines(grant)
    figures = _figures(deadlines)
    of_plan = readings.counting_of_plan(grant)
    of_figures = readings.counting_of_figures(
        one.pk for by_round in figures.values() for one in by_round.values()
    )
    dates = dates_of(
        grant,
        mid_round_on=vars(deadlines[0])["mid_round_on"] if deadlines else None,
        calendar=grant.programme.distributor.fiscal_calendar,
    )
    return [
        _measured(
            one,
            deadlines,
            dates=dates,
            figures=figures.get(one.uuid, {}),
            of_plan=of_plan,
            of_figures=of_figures,
        )
        for one in indicators
    ]


def dates_of(grant: Grant, *, mid_round_on: date | None, calendar: FiscalCalendar) -> Dates:
    """A grant's dates: its own evaluation dates, else the end of the mid-term round's period and its last day."""
    return Dates(
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        mid_on=grant.mid_term_on or mid_round_on,
        post_on=grant.ex_post_on or grant.ends_on,
        calendar=calendar,
    )


def plan_of(
    texts: Mapping[Aspect, str], found: Mapping[Aspect, Confirmed | None], *, dates: Dates, reference: str
) -> Plan:
    """What is registered of an indicator, with what was confirmed of each text."""
    due = found[Aspect.ACHIEVE_BY]
    return Plan(
        baseline=said(texts[Aspect.BASELINE], found[Aspect.BASELINE], reference=reference),
        target=said(texts[Aspect.TARGET], found[Aspect.TARGET], reference=reference),
        mid=said(texts[Aspect.MID_STATE], found[Aspect.MID_STATE], reference=reference),
        post=said(texts[Aspect.POST_STATE], found[Aspect.POST_STATE], reference=reference),
        mid_on=dates.mid_on,
        post_on=dates.post_on,
        achieve_by=due.on if due else None,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        calendar=dates.calendar,
    )


def statement_of(period: Period, filed: Filed | None, reading: Confirmed | None) -> Statement:
    """What one round said of an indicator: nothing at all where it has no line."""
    reference = f"filing:{filed.filing}" if filed else ""
    return Statement(
        round=period.number,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        said=said(filed.text if filed else "", reading, reference=reference),
        covers=Covers(reading.covers) if reading and reading.covers else Covers.UNKNOWN,
        on=reading.on if reading else None,
        nothing=filed.nothing if filed else False,
        reached=Reached(reading.reached) if reading and reading.reached else None,
    )


def said(text: str, reading: Confirmed | None, *, reference: str) -> Said:
    """Words with the reading that counts of them, if any."""
    measure = readable(reading.measure) if reading else None
    if reading is None or measure is None:
        return Said(text, reference=reference)
    return Said(text, measure, reading.by_name, reference, reading.reason)


def _deadlines(grant: Grant) -> list[Deadline]:
    """What is asked of a grant; `mid_round_on` is the end of the period of the programme's mid-term round."""
    mid_term = Round.objects.filter(programme_id=grant.programme_id, kind=RoundKind.MID_TERM)
    asked = Deadline.objects.filter(grant=grant).exclude(state=DeadlineState.WAIVED)
    asked = asked.annotate(mid_round_on=Subquery(mid_term.order_by("number").values("period_ends_on")[:1]))
    return list(asked.select_related("round").order_by("round__number"))


def _figures(deadlines: Iterable[Deadline]) -> dict[UUID, dict[int, Figure]]:
    """The indicators' lines of the filings that count, by indicator and round; a shared text is the row's."""
    numbers = {one.current_filing_id: one.round.number for one in deadlines if one.current_filing_id}
    found: dict[UUID, dict[int, Figure]] = {}
    rows: dict[tuple[int, UUID], str] = {}
    for figure in Figure.objects.filter(filing__in=numbers).order_by("filing", "position"):
        if figure.kind == FigureKind.ROW:
            rows[figure.filing_id, figure.row_uuid] = figure.text
        elif figure.indicator_uuid is not None:
            figure.text = rows.get((figure.filing_id, figure.row_uuid), "") if figure.shared else figure.text
            found.setdefault(figure.indicator_uuid, {})[numbers[figure.filing_id]] = figure
    return found


def _measured(
    indicator: RegisteredIndicator,
    deadlines: Iterable[Deadline],
    *,
    dates: Dates,
    figures: Mapping[int, Figure],
    of_plan: Mapping[tuple[UUID, str, str], Reading],
    of_figures: Mapping[int, Reading],
) -> Measured:
    texts = {aspect: readings.registered_text(indicator, aspect) for aspect in PLAN_ASPECTS}
    found = {aspect: of_plan.get((indicator.uuid, aspect.value, text)) for aspect, text in texts.items()}
    actual = {number: of_figures[one.pk] for number, one in figures.items() if one.pk in of_figures}
    return Measured(
        indicator=indicator,
        plan=plan_of(texts, found, dates=dates, reference=f"plan:{indicator.pk}"),
        statements=tuple(
            statement_of(
                period_of(one.round), _filed(figures.get(one.round.number)), actual.get(one.round.number)
            )
            for one in deadlines
        ),
        plan_readings={aspect.value: one for aspect, one in found.items() if one is not None},
        figures=figures,
        actual_readings=actual,
    )


def period_of(round_: Round) -> Period:
    """A round as its statements need it."""
    return Period(number=round_.number, starts_on=round_.period_starts_on, ends_on=round_.period_ends_on)


def _filed(figure: Figure | None) -> Filed | None:
    return (
        None if figure is None else Filed(filing=figure.filing_id, text=figure.text, nothing=figure.nothing)
    )
