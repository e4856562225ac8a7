"""What the page of a grant's numbers shows: texts, what was confirmed of them, and what comes out with its explanation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from minori.filings import measured
from minori.filings.enums import Aspect
from minori.filings.measured import Measured
from minori.filings.models import Reading
from minori.filings.plan_numbers import REGISTERED, proposed
from minori.filings.readings import Given, registered_text
from minori.indicators.achievement import Achievement
from minori.indicators.common import Coverage, mean_achievement
from minori.indicators.measures import Measure
from minori.indicators.quantities import Amount, amount_of, why_incomparable
from minori.indicators.reasons import Reason
from minori.indicators.results import Outcome, Part, Value
from minori.indicators.stored import readable
from minori.marks import gapped
from minori.programmes.models import Deadline, Grant
from minori.registry import frameworks, successions
from minori.registry.models import FrameworkVersion, RegisteredRow
from minori.registry.successions import Beginning
from reporting.portfolio import forms, saying


@dataclass(frozen=True)
class Line:
    """One text with the reading that counts of it; `words` say what it was confirmed to mean.

    `proposal` and `day` are what Minori reads from a text that nobody has confirmed: shown, and counted nowhere.
    """

    aspect: Aspect
    text: str
    reading: Reading | None
    round: int | None = None
    nothing: bool = False
    proposal: Measure | None = None
    day: date | None = None

    @cached_property
    def proposed(self) -> str:
        """What the text seems to mean; "" where nothing was understood."""
        return saying.measure(self.proposal) if self.proposal is not None else ""

    @property
    def read_as(self) -> str:
        """What one click confirms, in a few words or as a date: posted with it, so that nothing else is confirmed."""
        if self.aspect == Aspect.ACTUAL:
            return ""
        return self.day.isoformat() if self.day else self.proposed

    @property
    def at_once(self) -> dict[str, str]:
        """What one click posts to confirm the proposal; {} where more must be said first (what an actual covers)."""
        if self.aspect == Aspect.ACTUAL or not (self.proposal or self.day):
            return {}
        facts = forms.initial(self.aspect, None, self.proposal, self.day)
        return {name: "" if value is None else str(value) for name, value in facts.items()}

    @cached_property
    def words(self) -> str:
        """What the text was confirmed to mean."""
        return "" if self.reading is None else words_of(self.reading)


def words_of(reading: Reading) -> str:
    """What a reading says: its measure, how far a state is reached, what an actual covers. A day stands by itself."""
    parts = []
    if (measure := readable(reading.measure)) is not None:
        parts.append(saying.measure(measure))
    if reading.reached:
        parts.append(str(reading.get_reached_display()))
    if reading.covers:
        parts.append(str(reading.get_covers_display()))
    return gapped(parts)


@dataclass(frozen=True)
class Step:
    """One number of an explanation. `deadline` is that of the report it stands in, `corrected` why it was corrected."""

    role: str
    text: str
    number: str
    by: str
    round: int | None
    deadline: int | None
    corrected: str = ""


@dataclass(frozen=True)
class Explanation:
    """How a figure came about: the definition, it with its numbers, and these with their words."""

    rule: str
    expression: str
    steps: list[Step]


@dataclass(frozen=True)
class Year:
    """One fiscal year of a yearly target."""

    year: str
    figure: str
    why: str
    finished: bool
    met: bool | None


@dataclass(frozen=True)
class Shown:
    """One indicator on the page."""

    one: Measured
    found: Achievement
    lines: list[Line]
    achievement: str
    why: str
    marks: list[str]
    met: bool | None
    target: str
    target_on: date | None
    time: str
    time_why: str
    explanation: Explanation
    years: list[Year]
    begins: Beginning | None = None
    ended: int | None = None
    """The version from which on the plan no longer has it."""


@dataclass(frozen=True)
class Row:
    """One row of the plan with its indicators."""

    row: RegisteredRow
    indicators: list[Shown]


def version_of(grant: Grant, deadline: Deadline | None) -> FrameworkVersion | None:
    """The version that the shown report answers to; before the first report the newest."""
    if deadline is not None and deadline.current_filing is not None:
        return deadline.current_filing.framework_version
    if deadline is not None:
        return frameworks.version_for(deadline)
    return FrameworkVersion.objects.filter(grant=grant).order_by("-number").first()


def deadlines_of(grant: Grant) -> list[Deadline]:
    """The grant's reports that were handed in and count, the newest first."""
    filed = Deadline.objects.filter(grant=grant, current_filing__isnull=False)
    related = filed.select_related("round", "current_filing__framework_version")
    return list(
        related.defer("current_filing__contents", "current_filing__part_hashes").order_by("-round__number")
    )


@dataclass(frozen=True)
class Entry:
    """One indicator of a grant with how far it has come at the round that is shown."""

    one: Measured
    found: Achievement

    @property
    def uuid(self) -> str:
        return str(self.one.indicator.uuid)

    @property
    def name(self) -> str:
        """Its mark and statement; "" where the plan gives it none."""
        return f"{self.one.indicator.mark}{self.one.indicator.statement}"

    @property
    def achievement(self) -> str:
        return saying.result(self.found.outcome)


def entries(grant: Grant, version: FrameworkVersion, *, round_: int, today: date) -> list[Entry]:
    """Every indicator of the plan as of one round (0 before the first), in the plan's order."""
    return [
        Entry(one, one.achievement(round_=round_, today=today)) for one in measured.of_grant(grant, version)
    ]


def rows_of(
    entries: Iterable[Entry], *, grant: Grant, round_: int, filed: Iterable[Deadline], today: date
) -> list[Row]:
    """These indicators with their texts and explanations, by the rows of the plan."""
    at = {deadline.current_filing_id: deadline.pk for deadline in filed}
    begun, ended = successions.beginnings_of(grant.pk), successions.endings_of(grant.pk)
    rows: dict[int, Row] = {}
    for entry in entries:
        one = entry.one
        row = rows.setdefault(one.indicator.row_id, Row(one.indicator.row, []))
        uuid = one.indicator.uuid
        found = _shown(entry, round_=round_, at=at, today=today)
        row.indicators.append(replace(found, begins=begun.get(uuid), ended=ended.get(uuid)))
    return list(rows.values())


def coverage(entries: Iterable[Entry]) -> Coverage:
    """How many of the indicators have an achievement, and what became of the others."""
    return mean_achievement(entry.found for entry in entries).coverage


def _shown(entry: Entry, *, round_: int, at: Mapping[int | None, int], today: date) -> Shown:
    one, found = entry.one, entry.found
    pace = one.pace(found, today=today)
    return Shown(
        one=one,
        found=found,
        lines=lines_of(one, round_=round_),
        achievement=saying.result(found.outcome),
        why=saying.why(found.outcome),
        marks=saying.marks(found.outcome),
        met=found.met,
        target=str(saying.ROLES[found.target.role]) if found.target else "",
        target_on=found.target.due_on if found.target else None,
        time=saying.result(pace.time) if isinstance(pace.time, Value) else "",
        time_why=saying.why(pace.time),
        explanation=explain(found.outcome, at),
        years=[
            Year(
                saying.year(year.year, one.plan.calendar),
                saying.result(year.outcome),
                saying.why(year.outcome),
                year.finished,
                year.met,
            )
            for year in found.years
        ],
    )


def lines_of(one: Measured, *, round_: int) -> list[Line]:
    """The texts of an indicator: what is registered, where anything is, and what the round reported."""
    found = []
    for aspect in REGISTERED:
        text, reading = registered_text(one.indicator, aspect), one.plan_readings.get(aspect.value)
        evaluated = aspect in (Aspect.MID_STATE, Aspect.POST_STATE)
        if text.strip() or reading or not evaluated:
            proposal, day = (None, None) if reading else proposed(aspect, text, calendar=one.plan.calendar)
            found.append(Line(aspect, text, reading, proposal=proposal, day=day))
    figure = one.figures.get(round_)
    if figure is not None:
        actual = one.actual_readings.get(round_)
        proposal, _day = (None, None) if actual else proposed(Aspect.ACTUAL, figure.text)
        found.append(Line(Aspect.ACTUAL, figure.text, actual, round_, figure.nothing, proposal=proposal))
    return found


def unlike_its_target(one: Measured, aspect: Aspect, given: Given) -> str:
    """The sentence that an actual or a baseline cannot be held against the confirmed target; "" where it can.

    It is confirmed all the same: the words may well say so. Nothing is calculated from it.
    """
    if aspect not in (Aspect.ACTUAL, Aspect.BASELINE) or given.measure is None:
        return ""
    target = one.plan_readings.get(Aspect.TARGET.value)
    measure = readable(target.measure) if target else None
    said, wanted = amount_of(given.measure), amount_of(measure) if measure else None
    if not isinstance(said, Amount) or not isinstance(wanted, Amount):
        return ""
    if why_incomparable(said, wanted) is not Reason.UNITS_DIFFER:
        return ""
    units = {"unit": said.unit or _("no unit"), "target": wanted.unit or _("no unit")}
    return (
        _("Its unit (%(unit)s) is not that of the target (%(target)s): no achievement is calculated.") % units
    )


def explain(outcome: Outcome, at: Mapping[int | None, int]) -> Explanation:
    """How a ratio came about; `at` are the deadlines of the filings its parts refer to."""
    formula = outcome.formula
    expression = f"{formula.expression} = {saying.result(outcome)}" if isinstance(outcome, Value) else ""
    rule = str(saying.RULES.get(formula.rule, "")) if expression else ""
    return Explanation(rule, expression, steps_of(formula.parts, at))


def steps_of(parts: Iterable[Part], at: Mapping[int | None, int]) -> list[Step]:
    """The numbers of a formula with their words, who confirmed them and where they stand."""
    return [
        Step(
            role=str(saying.ROLES[part.role]),
            text=part.text,
            number=saying.number(part),
            by=part.confirmed_by,
            round=part.round,
            deadline=at.get(_filing_of(part.reference)),
            corrected=part.corrected,
        )
        for part in parts
    ]


def _filing_of(reference: str) -> int | None:
    kind, _, number = reference.partition(":")
    return int(number) if kind == "filing" and number.isdigit() else None
