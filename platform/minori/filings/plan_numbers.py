"""What a plan's texts say in numbers: what a person confirmed, and what is only read from them and counts nowhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from minori.filings.enums import Aspect
from minori.filings.measure_words import measure as measure_words
from minori.filings.models import Reading
from minori.filings.readings import counting_of_plan
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.measures import Confidence, Kind, Measure
from minori.indicators.reading import Field, read
from minori.indicators.stored import from_json
from minori.indicators.whens import WhenKind, read_when
from minori.programmes.calendar import JAPANESE
from minori.programmes.models import Grant

ONE_DAY = frozenset({WhenKind.DATE, WhenKind.MONTH, WhenKind.FISCAL_YEAR, WhenKind.RANGE})
FIELDS: Mapping[Aspect, Field] = MappingProxyType(
    {
        Aspect.ACTUAL: Field.ACTUAL,
        Aspect.BASELINE: Field.BASELINE,
        Aspect.TARGET: Field.TARGET,
        Aspect.MID_STATE: Field.STATE,
        Aspect.POST_STATE: Field.STATE,
    }
)
REGISTERED = (Aspect.BASELINE, Aspect.TARGET, Aspect.MID_STATE, Aspect.POST_STATE, Aspect.ACHIEVE_BY)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The readings that count of a grant's plan; `address` is where an officer confirms a text, None for whoever reads."""

    readings: Mapping[tuple[UUID, str, str], Reading]
    address: Callable[[UUID, str], str] | None = None

    @property
    def writable(self) -> bool:
        """Whether the page's reader confirms here."""
        return self.address is not None


def confirmed(grant: Grant, *, address: Callable[[UUID, str], str] | None = None) -> Confirmed:
    """What counts of a grant's registered texts; one query."""
    return Confirmed(counting_of_plan(grant), address)


def proposed(
    aspect: Aspect, text: str, *, calendar: FiscalCalendar = JAPANESE
) -> tuple[Measure | None, date | None]:
    """What a text seems to mean, as a measure or (an achieve-by) as its last day; None where nothing was understood.

    A fiscal year ends as the distributor's calendar says.
    """
    if aspect == Aspect.ACHIEVE_BY:
        when = read_when(text)
        if when.kind is WhenKind.FISCAL_YEAR and when.first is not None:
            return None, calendar.ends_on(when.first.year)
        return None, when.last if when.kind in ONE_DAY else None
    measure = read(text, field=FIELDS[aspect])
    understood = measure.kind not in (Kind.TEXT, Kind.SAME) and not measure.parts
    return (measure if understood and text.strip() else None), None


def is_sure(aspect: Aspect, text: str) -> bool:
    """Whether a text may be confirmed with others at once: one amount, or one time, understood completely."""
    if aspect == Aspect.ACHIEVE_BY:
        return read_when(text).kind in {WhenKind.DATE, WhenKind.MONTH, WhenKind.FISCAL_YEAR}
    measure, _day = proposed(aspect, text)
    return measure is not None and measure.is_numeric and measure.confidence is Confidence.SURE


def words_of(reading: Reading) -> str:
    """What a registered text was confirmed to mean; "" for a day, which is `reading.on`."""
    return "" if reading.measure is None else measure_words(from_json(reading.measure))
