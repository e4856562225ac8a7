"""The optional number beside an indicator's text: read from the text, or what a person says instead.

As long as nobody says anything else the number is a function of the text and nothing is stored; so it stays in step. What a
person types is stored with what the box held before (`beside`), so that the page can tell when the text says something
new. Handing in confirms what stands there (`minori.filings.readings`); nothing here ever stands in its way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from minori.filings.readings import Given
from minori.indicators.measures import Measure
from minori.indicators.spoken import Period, read_actual, understand, write
from minori.indicators.statements import Covers
from minori.report_forms.answers import RowAnswer, read_day
from minori.report_forms.framework import Indicator
from minori.report_forms.marks import split, split_in_line
from minori.report_forms.shapes import Json
from minori.report_forms.texts import clean, is_empty
from tenants.reports import former as former_numbers
from tenants.reports.drafts import WorkingCopy
from tenants.reports.former import Former
from tenants.reports.goals import Goal, Goals
from tenants.reports.saving import NUMBERS

ASPECT = NUMBERS
"""The aspect of a row's stored answer that holds what people said; absent where they said nothing."""
PARTS = ("value", "unit", "span", "on")
_LONGEST = {"value": 40, "unit": 20, "span": 20, "on": 10, "beside": 120, "anyway": 20}
NO_UNIT = "-"
"""What `anyway` holds where a person says that a number rightly has no unit."""
SPANS = (Covers.PERIOD, Covers.FISCAL_YEAR, Covers.START, Covers.DATE)
_OFFERED, _LOOKED_AT = 3, 6  # readings of a text with several numbers


class State(StrEnum):
    """How a number stands."""

    NONE = "none"  # no number was read and none was given
    READ = "read"  # as read from the text
    FILED = "filed"  # as in the revision before, whose words are the same
    OFFICER = "officer"  # the same, as the officer corrected it
    SAID = "said"  # by a person
    EMPTIED = "emptied"  # a person said that it is no number
    UNCLEAR = "unclear"  # typed, and no number
    SPAN = "span"  # it is not said what it covers
    DAY = "day"  # it is as of a day, and the day is missing
    WORDS = "words"  # a number without words
    UNIT = "unit"  # of another unit than the registered target, and nobody has said that it is right


COUNTED = frozenset({State.READ, State.FILED, State.OFFICER, State.SAID})
_OF_A_UNIT = frozenset({State.READ, State.FILED, State.SAID, State.SPAN, State.DAY})
OPEN = frozenset({State.UNCLEAR, State.SPAN, State.DAY, State.WORDS, State.UNIT})


@dataclass(frozen=True, slots=True)
class Box:
    """What the inputs of a number hold."""

    value: str = ""
    unit: str = ""
    span: str = ""
    on: str = ""

    @property
    def token(self) -> str:
        """All in one string, as the page carries it."""
        return f"{self.value}|{self.unit}|{self.span}|{self.on}" if self.value else ""


EMPTY = Box()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the box holds while nobody says anything else. `several` are amounts that only a person can choose from."""

    box: Box = EMPTY
    measure: Measure | None = None
    origin: State = State.NONE
    several: tuple[Measure, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A reading that one press puts into the box. `beside` is what the box stands beside then."""

    box: Box
    measure: Measure
    origin: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The number of one indicator of a row, as it stands."""

    row: UUID
    indicator: Indicator
    box: Box
    beside: str
    state: State
    measure: Measure | None
    offers: tuple[Offer, ...]
    withdrawn: bool = False
    differs: bool = False
    token: str = ""
    unlike: Goal | None = None
    anyway: str = ""

    @property
    def unit_key(self) -> str:
        """What `anyway` holds once a person has said that the unit is right, though the target has another."""
        return self.measure.unit[: _LONGEST["anyway"]] or NO_UNIT if self.measure else NO_UNIT

    @property
    def name(self) -> str:
        """What the names of its inputs begin with."""
        return f"row-{self.row}-n-{self.indicator.uuid}"

    @property
    def counts(self) -> bool:
        """Whether handing in will confirm it."""
        return self.state in COUNTED

    @property
    def is_open(self) -> bool:
        """Whether something is left to say, so that the box stands open."""
        return self.state in OPEN or self.differs

    @property
    def given(self) -> Given | None:
        """What handing in confirms; None where nothing counts."""
        if not self.counts or self.measure is None:
            return None
        covers = Covers(self.box.span)
        return Given(
            measure=self.measure, covers=covers, on=read_day(self.box.on) if covers is Covers.DATE else None
        )

    @property
    def inputs(self) -> dict[str, list[str]]:
        """Its inputs as a page posts them."""
        parts = {part: [str(getattr(self.box, part))] for part in PARTS} | {"beside": [self.beside]}
        parts["anyway"] = [self.anyway] if self.anyway else []
        return {f"{self.name}-{part}": value for part, value in parts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What numbers are read with: the round's period, the registered targets, the lines of the revision before."""

    period: Period
    goals: Goals
    former: Mapping[UUID, Former] = field(default_factory=dict)


def texts_of(text: str, indicators: Sequence[Indicator]) -> dict[UUID, str]:
    """Each indicator's own piece of the row's text; indicators that share one have none."""
    marks = [one.mark for one in indicators]
    pieces = split(text, marks) or (split_in_line(text, marks) if len(set(marks)) == len(marks) else None)
    return {} if pieces is None else {one.uuid: pieces[one.mark] for one in indicators}


def of_row(
    answer: RowAnswer, stored: Json, indicators: Sequence[Indicator], around: Around
) -> tuple[Number, ...]:
    """The numbers of a row: `stored` is its answer as JSON, with what people said."""
    said, pieces = said_in(stored), texts_of(answer.text, indicators)
    wordless = is_empty(answer.text)
    return tuple(
        _number(
            answer,
            one,
            said.get(str(one.uuid)),
            _suggested(answer, pieces.get(one.uuid), one, around),
            around.goals,
            wordless=wordless,
        )
        for one in indicators
    )


def _number(
    answer: RowAnswer,
    indicator: Indicator,
    said: Mapping[str, str] | None,
    suggested: Suggestion,
    goals: Goals,
    *,
    wordless: bool,
) -> Number:
    box, beside, own = _box(said, suggested)
    measure = understand(box.value, box.unit, text=answer.text) if own else suggested.measure
    state = State.NONE
    if not answer.nothing:
        state = _missing(box, measure, own=own, wordless=wordless) or (
            State.SAID if own else suggested.origin
        )
    differs = bool(own and suggested.measure and suggested.box.token not in (beside, box.token))
    # what an officer put right is the officer's word; a number that is missing has no unit
    asked = state in _OF_A_UNIT and measure is not None
    number = Number(
        row=answer.row,
        indicator=indicator,
        box=box,
        beside=beside,
        state=state,
        measure=measure,
        offers=_offers(suggested, differs=differs, own=own),
        withdrawn=suggested.withdrawn,
        differs=differs,
        token=suggested.box.token,
        unlike=goals.unlike(indicator, measure) if asked and measure else None,
        anyway=said["anyway"] if said else "",
    )
    unsaid = number.unlike is not None and number.anyway != number.unit_key
    return replace(number, state=State.UNIT) if unsaid and number.counts else number


def _box(said: Mapping[str, str] | None, suggested: Suggestion) -> tuple[Box, str, bool]:
    """What the box holds, what it was typed beside, and whether the amount is a person's own.

    Who only chose what the number covers, or its day, goes on following the text with the amount.
    """
    if said is None:
        return suggested.box, suggested.box.token, False
    box = Box(**{part: said[part] for part in PARTS})
    before = [*said["beside"].split("|"), "", "", "", ""]
    if [box.value, box.unit] != before[:2]:
        return box, said["beside"], True
    if [box.span, box.on] == before[2:4]:  # only the unit was said to be right
        return suggested.box, suggested.box.token, False
    return replace(suggested.box, span=box.span, on=box.on), suggested.box.token, False


def _missing(box: Box, measure: Measure | None, *, own: bool, wordless: bool) -> State | None:
    """What is left to say before a number counts; None where nothing is."""
    if not box.value:
        return State.EMPTIED if own else State.NONE
    if measure is None:
        return State.UNCLEAR
    if wordless:
        return State.WORDS
    if box.span not in set(SPANS):
        return State.SPAN
    return State.DAY if box.span == Covers.DATE and read_day(box.on) is None else None


def _offers(suggested: Suggestion, *, differs: bool, own: bool) -> tuple[Offer, ...]:
    if suggested.measure is not None:
        return (Offer(suggested.box, suggested.measure, suggested.origin),) if differs else ()
    if own:
        return ()
    found: list[Offer] = []
    for measure in suggested.several[:_LOOKED_AT]:
        written = write(measure) if len(found) < _OFFERED else None
        if written is not None:
            offered = Box(written.value, written.unit, suggested.box.span, suggested.box.on)
            found.append(Offer(offered, measure, State.READ))
    return tuple(found)


def _suggested(answer: RowAnswer, text: str | None, indicator: Indicator, around: Around) -> Suggestion:
    former = around.former.get(indicator.uuid)
    if former is not None and former.is_of(text, answer.text):
        return _as_filed(former)
    if text is None or is_empty(text):
        return Suggestion()
    spoken = read_actual(text, around.period)
    written = write(spoken.measure) if spoken.measure is not None else None
    span = spoken.covers.value if spoken.covers else ""
    on = spoken.on.isoformat() if spoken.on else ""
    if spoken.measure is None or written is None:
        return Suggestion(Box("", "", span, on), several=spoken.several)
    return Suggestion(Box(written.value, written.unit, span, on), spoken.measure, State.READ)


def _as_filed(former: Former) -> Suggestion:
    if former.measure is None:
        return Suggestion(withdrawn=former.withdrawn)
    written = write(former.measure)
    if written is None:  # a kind that no box can say: the officer confirms it again beside the filing
        return Suggestion()
    on = former.on.isoformat() if former.on else ""
    origin = State.OFFICER if former.by_officer else State.FILED
    return Suggestion(Box(written.value, written.unit, former.covers, on), former.measure, origin)


def said_in(stored: Json) -> dict[str, dict[str, str]]:
    """What people said, by indicator; whatever is no number of ours is nothing."""
    numbers = stored.get(ASPECT)
    if not isinstance(numbers, dict):
        return {}
    return {
        key: {part: str(one.get(part, "")) for part in _LONGEST}
        for key, one in numbers.items()
        if isinstance(one, dict)
    }


def posted_in(row: UUID, indicators: Sequence[Indicator], posted: Mapping[str, Sequence[str]]) -> Json | None:
    """What a page posted of a row's numbers: those that a person said; None where the page carries no box at all."""
    carried = False
    said: Json = {}
    for one in indicators:
        prefix = f"row-{row}-n-{one.uuid}"
        if f"{prefix}-value" not in posted:
            continue
        carried = True
        parts = {part: _part(posted, f"{prefix}-{part}", part) for part in _LONGEST}
        box = Box(**{part: parts[part] for part in PARTS})
        if box.token != parts["beside"] or parts["anyway"]:
            said[str(one.uuid)] = parts
    return said if carried else None


def _part(posted: Mapping[str, Sequence[str]], name: str, part: str) -> str:
    text = clean((posted.get(name) or ("",))[-1]).strip()[: _LONGEST[part]]
    if part == "span":
        return text if text in set(SPANS) else ""
    return text if part == "beside" else text.replace("|", "／").replace("\n", " ")


def around_of(copy: WorkingCopy) -> Around:
    """What the numbers of a report are read with; two queries where a revision was handed in already."""
    round_ = copy.deadline.round
    period = Period(round_.period_starts_on, round_.period_ends_on)
    return Around(
        period=period,
        goals=Goals(copy.deadline.grant_id),
        former=former_numbers.of_filing(copy.deadline.current_filing_id),
    )


def of_copy(copy: WorkingCopy, around: Around) -> tuple[Number, ...]:
    """The numbers of all rows that the form asks about, in their order."""
    found: list[Number] = []
    for row in copy.draft.all_rows:
        stored = copy.stored.get(str(row.uuid))
        found.extend(
            of_row(copy.draft.row_answer(row), stored.value if stored else {}, row.indicators, around)
        )
    return tuple(found)


def given_of(found: Iterable[Number]) -> dict[UUID, Given]:
    """What handing in confirms, by indicator."""
    return {one.indicator.uuid: given for one in found if (given := one.given) is not None}
