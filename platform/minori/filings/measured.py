"""A grant's indicators with what counts of them in numbers: registered texts, statements of the rounds, readings.

What `minori.indicators` calculates from. References are opaque there; here they name a filing or a registered indicator.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from minori.filings import readings
from minori.filings.enums import Aspect, FigureKind
from minori.filings.models import Figure, Reading
from minori.indicators.achievement import Achievement, achievement
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.pace import Pace, pace
from minori.indicators.statements import Covers, Reached, Said, Statement
from minori.indicators.stored import from_json
from minori.indicators.targets import Plan
from minori.programmes.enums import DeadlineState, RoundKind
from minori.programmes.models import Deadline, Grant
from minori.registry.models import FrameworkVersion, RegisteredIndicator


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
        due_on = found.target.due_on if found.target else None
        return pace(found.outcome, starts_on=self.plan.starts_on, achieve_by=due_on, today=today)


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
    mid_on = _mid_term(deadlines)
    return [
        _measured(
            one,
            grant,
            deadlines,
            figures=figures.get(one.uuid, {}),
            of_plan=of_plan,
            of_figures=of_figures,
            mid_on=mid_on,
        )
        for one in indicators
    ]


def said(text: str, reading: Reading | None, *, reference: str) -> Said:
    """Words with the reading that counts of them, if any."""
    if reading is None or reading.measure is None:
        return Said(text, reference=reference)
    return Said(text, from_json(reading.measure), reading.by_name, reference)


def _deadlines(grant: Grant) -> list[Deadline]:
    asked = Deadline.objects.filter(grant=grant).exclude(state=DeadlineState.WAIVED)
    return list(asked.select_related("round", "current_filing").order_by("round__number"))


def _mid_term(deadlines: Iterable[Deadline]) -> date | None:
    """The mid-term evaluation's date is the end of the period its round is about; there may be none."""
    return next((one.round.period_ends_on for one in deadlines if one.round.kind == RoundKind.MID_TERM), None)


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
    grant: Grant,
    deadlines: Iterable[Deadline],
    *,
    figures: Mapping[int, Figure],
    of_plan: Mapping[tuple[UUID, str, str], Reading],
    of_figures: Mapping[int, Reading],
    mid_on: date | None,
) -> Measured:
    texts = {
        aspect: readings.registered_text(indicator, aspect) for aspect in Aspect if aspect != Aspect.ACTUAL
    }
    found = {aspect: of_plan.get((indicator.uuid, aspect.value, text)) for aspect, text in texts.items()}
    reference = f"plan:{indicator.pk}"
    due = found[Aspect.ACHIEVE_BY]
    plan = Plan(
        baseline=said(texts[Aspect.BASELINE], found[Aspect.BASELINE], reference=reference),
        target=said(texts[Aspect.TARGET], found[Aspect.TARGET], reference=reference),
        mid=said(texts[Aspect.MID_STATE], found[Aspect.MID_STATE], reference=reference),
        post=said(texts[Aspect.POST_STATE], found[Aspect.POST_STATE], reference=reference),
        mid_on=mid_on,
        post_on=grant.ends_on,
        achieve_by=due.on if due else None,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        calendar=FiscalCalendar(),
    )
    actual = {number: of_figures[one.pk] for number, one in figures.items() if one.pk in of_figures}
    return Measured(
        indicator=indicator,
        plan=plan,
        statements=tuple(
            _statement(one, figures.get(one.round.number), actual.get(one.round.number)) for one in deadlines
        ),
        plan_readings={aspect.value: one for aspect, one in found.items() if one is not None},
        figures=figures,
        actual_readings=actual,
    )


def _statement(deadline: Deadline, figure: Figure | None, reading: Reading | None) -> Statement:
    round_ = deadline.round
    reference = f"filing:{deadline.current_filing_id}" if figure else ""
    return Statement(
        round=round_.number,
        starts_on=round_.period_starts_on,
        ends_on=round_.period_ends_on,
        said=said(figure.text if figure else "", reading, reference=reference),
        covers=Covers(reading.covers) if reading and reading.covers else Covers.UNKNOWN,
        on=reading.on if reading else None,
        nothing=figure.nothing if figure else False,
        reached=Reached(reading.reached) if reading and reading.reached else None,
    )
