"""Numbers that somebody confirmed: of registered texts and of reported ones."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from minori.audit.trail import Actor
from minori.filings import readings
from minori.filings.enums import Aspect
from minori.filings.models import Figure, Reading
from minori.filings.readings import Given
from minori.indicators.measures import Kind, Measure
from minori.indicators.statements import Covers
from minori.programmes.models import Deadline, Grant
from minori.registry.models import RegisteredIndicator

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="佐伯 真理")


def measure(value: int | str, unit: str = "人", kind: Kind = Kind.EXACT, **more: Any) -> Measure:
    """A measure as somebody would confirm it."""
    return Measure(f"{value}{unit}", kind, value=Decimal(value), unit=unit, **more)


def registered(
    grant: Grant,
    indicator: UUID,
    aspect: Aspect = Aspect.TARGET,
    one: Measure | None = None,
    on: date | None = None,
) -> Reading:
    """Confirm what a registered text of the grant's newest plan means."""
    words = RegisteredIndicator.objects.filter(row__version__grant=grant, uuid=indicator)
    newest = words.order_by("-row__version__number").first()
    assert newest is not None
    given = Given(measure=one, on=on)
    return readings.confirm(newest, aspect=aspect, given=given, by=OFFICER, at=AT)


def reported(
    deadline: Deadline, indicator: UUID, one: Measure, covers: Covers = Covers.START, on: date | None = None
) -> Reading:
    """Confirm what the report that counts says of an indicator."""
    figure = Figure.objects.get(filing=deadline.current_filing, indicator_uuid=indicator)
    given = Given(measure=one, covers=covers, on=on)
    return readings.confirm(figure, given=given, by=OFFICER, at=AT)
