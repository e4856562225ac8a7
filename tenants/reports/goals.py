"""The unit that a registered target counts in, and whether the number beside a text is of another one.

Numbers of two units are never added nor compared (`minori.indicators.quantities`): a number in another unit than its
target's is pointed out while it is typed, and counts once a person says that its unit is right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

from minori.filings.enums import Aspect
from minori.filings.models import Reading
from minori.filings.plan_numbers import FIELDS
from minori.filings.readings import registered_text
from minori.indicators.measures import Kind, Measure
from minori.indicators.quantities import unit_of
from minori.indicators.reading import read
from minori.indicators.stored import readable
from minori.report_forms.framework import Indicator

_STATES = (Aspect.POST_STATE, Aspect.MID_STATE)
_PERCENT, _STEPS = "%", "段階"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a number is not of the unit of: the registered words, and the units they count in."""

    words: str
    units: tuple[str, ...]


@dataclass
class Goals:
    """The registered targets of one grant; what was confirmed of them is looked up once, where their words do not match."""

    grant_id: int

    def unlike(self, indicator: Indicator, measure: Measure) -> Goal | None:
        """The target whose unit a number is not of; None where it is, and where the target has no unit.

        The words of the target, else of its states at the end and at mid-term. One query for a grant, and none while
        units are those of the words.
        """
        own = set(_counted_in(measure))
        aspects = (Aspect.TARGET,) if indicator.target.strip() else _STATES
        texts = {aspect: text for aspect in aspects if (text := getattr(indicator, aspect.value)).strip()}
        read_ = {aspect: _units_of(aspect, text) for aspect, text in texts.items()}
        if not texts or own & {unit_of(unit) for units in read_.values() for unit in units}:
            return None
        for aspect, text in texts.items():
            said = self._confirmed.get((indicator.uuid, aspect, text))
            units = tuple(_units(said)) if said is not None else read_[aspect]
            if any(units) and not own & {unit_of(unit) for unit in units}:
                return Goal(" ".join(text.split()), tuple(unit for unit in units if unit))
        return None

    @cached_property
    def _confirmed(self) -> Mapping[tuple[UUID, Aspect, str], Measure]:
        counting = Reading.objects.counting().filter(grant=self.grant_id, registered__isnull=False)
        found = counting.filter(aspect__in=(Aspect.TARGET, *_STATES)).select_related("registered")
        return {
            (one.registered.uuid, aspect, registered_text(one.registered, aspect)): measure
            for one in found.order_by("pk")
            for aspect in [Aspect(one.aspect)]
            if one.registered is not None and (measure := readable(one.measure)) is not None
        }


@lru_cache(maxsize=2048)
def _units_of(aspect: Aspect, text: str) -> tuple[str, ...]:
    return tuple(_units(read(text, field=FIELDS[aspect])))


def _units(measure: Measure) -> Iterator[str]:
    """The units a measure counts in, each once, as they are written."""
    yield from dict.fromkeys(_leaves(measure))


def _counted_in(measure: Measure) -> Iterator[str]:
    yield from map(unit_of, _leaves(measure))


def _leaves(measure: Measure) -> Iterator[str]:
    if measure.parts:
        for part in measure.parts:
            yield from _leaves(part)
    elif measure.kind in (Kind.ALL, Kind.SHARE):
        yield _PERCENT
    elif measure.kind is Kind.SCALE:
        yield _STEPS
    elif measure.is_numeric:
        yield measure.unit
