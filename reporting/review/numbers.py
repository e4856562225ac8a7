"""The numbers beside a report as it is read: what was confirmed of each text, the target and last time beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from minori.filings.enums import Aspect
from minori.filings.measure_words import measure as measure_words
from minori.filings.models import Figure, Filing, Reading
from minori.filings.readings import counting_of_figures, counting_of_plan
from minori.indicators.spoken import Period, read_actual
from minori.indicators.stored import readable
from minori.marks import gapped
from minori.programmes.models import Deadline
from minori.report_forms.contents import Contents
from minori.report_forms.framework import Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One indicator's number: `words` were confirmed, `proposed` is what Minori reads and nobody has confirmed."""

    name: str
    words: str
    reading: Reading | None
    proposed: str
    target: str
    before: str
    href: str

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.words or self.proposed or self.target or self.before or self.href)


def of_filing(
    deadline: Deadline, filing: Filing, contents: Contents, *, previous: Filing | None, writable: bool
) -> dict[UUID, tuple[Number, ...]]:
    """The numbers of a filing by row, in the order of the plan. Four queries, whatever its length.

    `writable`: it is the filing that counts, and the officer may correct.
    """
    figures = Figure.objects.filter(filing__in=[filing.pk, *([previous.pk] if previous else [])])
    lines = list(figures.filter(indicator_uuid__isnull=False).order_by("filing", "position"))
    counting = counting_of_figures(one.pk for one in lines)
    now = {one.indicator_uuid: one for one in lines if one.filing_id == filing.pk}
    before = {one.indicator_uuid: _words(counting.get(one.pk)) for one in lines if one.filing_id != filing.pk}
    beside = _Beside(deadline, counting, _targets(deadline, contents), before, writable)
    found: dict[UUID, tuple[Number, ...]] = {}
    for row in contents.framework:
        shown = [_number(one, now[one.uuid], beside) for one in row.indicators if one.uuid in now]
        found[row.uuid] = tuple(one for one in shown if one.is_shown)
    return found


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside each line: what counts of it, the targets and last time in words."""

    deadline: Deadline
    counting: Mapping[int, Reading]
    targets: Mapping[UUID, str]
    before: Mapping[UUID | None, str]
    writable: bool


def _number(indicator: Indicator, figure: Figure, beside: _Beside) -> Number:
    reading = beside.counting.get(figure.pk)
    may = beside.writable and not figure.nothing and bool(figure.text or figure.shared)
    return Number(
        name=indicator.title,
        words=_words(reading),
        reading=reading,
        proposed="" if reading else _proposed(figure, beside.deadline),
        target=beside.targets.get(indicator.uuid, ""),
        before=beside.before.get(indicator.uuid, ""),
        href=_address(beside.deadline, indicator.uuid, figure.row_uuid) if may else "",
    )


def _words(reading: Reading | None) -> str:
    """What was confirmed: 「3回　この報告対象期間」; "" where nothing counts."""
    if reading is None:
        return ""
    measure = readable(reading.measure)
    parts = [measure_words(measure)] if measure is not None else []
    parts += [str(reading.get_reached_display())] if reading.reached else []
    parts += [str(reading.get_covers_display())] if reading.covers else []
    return gapped(parts)


def _proposed(figure: Figure, deadline: Deadline) -> str:
    period = Period(deadline.round.period_starts_on, deadline.round.period_ends_on)
    found = read_actual(figure.text, period).measure
    return measure_words(found) if found else ""


def _targets(deadline: Deadline, contents: Contents) -> dict[UUID, str]:
    """What the registered targets were confirmed to mean, of indicators whose words are those of the report's plan."""
    counting = counting_of_plan(deadline.grant)
    found = {}
    for row in contents.framework:
        for one in row.indicators:
            reading = counting.get((one.uuid, Aspect.TARGET.value, one.target))
            measure = readable(reading.measure) if reading is not None else None
            if measure is not None:
                found[one.uuid] = measure_words(measure)
    return found


def _address(deadline: Deadline, indicator: UUID, row: UUID) -> str:
    kwargs = {"code": deadline.grant.code, "uuid": indicator, "aspect": Aspect.ACTUAL.value}
    query = urlencode({"round": deadline.round.number, "back": f"review:{row}"})
    return f"{reverse('portfolio:number', kwargs=kwargs)}?{query}"
