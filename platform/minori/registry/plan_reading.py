"""A contracted plan as it stands in a file made into a framework: with everything a person should look at. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from minori.registry.nesting import propose_parents
from minori.registry.pasting import MARK_LENGTH
from minori.registry.plan_columns import Part, is_guidance
from minori.registry.plan_forms import Place, WrittenLine, WrittenPlan, lines_of_guidance, without_guidance
from minori.report_forms.codes import read_code
from minori.report_forms.framework import Framework, Indicator, Level, Row, Support, number_marks
from minori.report_forms.grids import Hint
from minori.report_forms.pairing import Answer, Fit, Pairing, pair, proposed
from minori.report_forms.radicals import without_radicals
from minori.report_forms.texts import is_empty

INDICATOR_PARTS: dict[Part, str] = {
    Part.INDICATOR: "statement",
    Part.BASELINE: "baseline",
    Part.TARGET: "target",
    Part.ACHIEVE_BY: "achieve_by",
    Part.MEANS: "means",
    Part.MID_STATE: "mid_state",
    Part.POST_STATE: "post_state",
}
_ROW_PARTS = (Part.STATEMENT, Part.CODE)


class FindingCode(StrEnum):
    """What a person is told about a plan that was read."""

    NO_ROW_ABOVE = "no_row_above"
    NO_LEVEL = "no_level"
    UNKNOWN_LEVEL = "unknown_level"
    UNKNOWN_SUPPORT = "unknown_support"
    LONG_MARK = "long_mark"
    UNDECIDED = "undecided"
    SEASON_ALONE = "season_alone"
    DOUBLE_HEADING = "double_heading"
    GUIDANCE = "guidance"
    GUIDANCE_ROW = "guidance_row"
    FORMULA = "formula"
    NO_RESULT = "no_result"
    FORMAT = "format"
    RADICALS = "radicals"
    CONTINUES = "continues"
    TWO_INDICATORS = "two_indicators"
    REMAINDER = "remainder"


HINDERING = frozenset(
    {
        FindingCode.NO_ROW_ABOVE,
        FindingCode.NO_LEVEL,
        FindingCode.UNKNOWN_LEVEL,
        FindingCode.UNKNOWN_SUPPORT,
        FindingCode.LONG_MARK,
        FindingCode.UNDECIDED,
        FindingCode.SEASON_ALONE,
        FindingCode.DOUBLE_HEADING,
        FindingCode.GUIDANCE_ROW,
        FindingCode.NO_RESULT,
    }
)
"""What keeps a plan from being taken over; the rest is told, so that nobody is surprised."""
_HINTS = {
    Hint.FORMULA: FindingCode.FORMULA,
    Hint.FORMAT: FindingCode.FORMAT,
    Hint.NO_RESULT: FindingCode.NO_RESULT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to tell, at a cell or a line."""

    code: FindingCode
    place: Place
    text: str = ""
    part: Part | None = None

    @property
    def hinders(self) -> bool:
        """Whether the plan cannot be taken over before this is mended."""
        return self.code in HINDERING


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A text of a line that does not go with its numbers, or a cell merged over several of its lines."""

    line: str
    part: Part
    fit: Fit
    merged: bool
    count: int
    text: str
    beside: str
    """The indicators of the line, as they were written."""
    place: Place
    answer: Answer | None
    """What a person said, else what is proposed; None where somebody has to say."""
    may_be_numbered: bool = False
    """Whether it names some of the line's numbers, so that the others can stay empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A line as it was written, with the rows of the framework that were made of it."""

    place: Place
    level: str
    cells: Mapping[str, str]
    rows: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanRead:
    """The framework with what is to be told, asked and kept."""

    framework: Framework
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it can be registered as it stands."""
        return not any(finding.hinders for finding in self.findings) and not self.framework.problems()

    def place_of(self, row: UUID) -> Place | None:
        """The line that a row was made of; None for a row that no line made."""
        return next((one.place for one in self.kept if row in one.rows), None)


Answers = Mapping[tuple[str, Part], Answer]


def read_plan(
    plan: WrittenPlan,
    *,
    identify: Callable[[str], UUID],
    answers: Answers | None = None,
    leave_guidance_out: bool = False,
) -> PlanRead:
    """The framework that a plan in a file says, with every finding and question at its cell.

    `identify` makes an identity of a place, so that reading again gives the same rows. `answers` are by line and
    part. Every line is kept to the letter, whatever is made of it.
    """
    reading = _Reading(identify, answers or {})
    for place in plan.double:
        reading.tell(FindingCode.DOUBLE_HEADING, place)
    for remainder in plan.remainders:
        reading.tell(FindingCode.REMAINDER, remainder.place, remainder.text)
    for line in plan.lines:
        reading.look_at(line)
        if not leave_guidance_out and lines_of_guidance(line):
            reading.tell(FindingCode.GUIDANCE_ROW, line.first)
    lines = without_guidance(plan.lines) if leave_guidance_out else plan.lines
    for line in lines:
        reading.read_line(line)
    return reading.result(plan.lines)


@dataclass
class _Begun:
    """A row whose lines are still being read."""

    row: Row
    indicators: list[Indicator] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    merged: dict[Part, tuple[WrittenLine, int]] = field(
        default_factory=dict
    )  # a cell, and the row behind its last


class _Reading:
    def __init__(self, identify: Callable[[str], UUID], answers: Answers) -> None:
        self.identify = identify
        self.answers = answers
        self.rows: list[_Begun] = []
        self.findings: list[Finding] = []
        self.questions: list[Question] = []
        self.made: dict[Place, list[UUID]] = {}
        self.loose: set[UUID] = set()  # activities in a block of their own

    def tell(self, code: FindingCode, place: Place, text: str = "", part: Part | None = None) -> None:
        self.findings.append(Finding(code=code, place=place, text=text, part=part))

    def look_at(self, line: WrittenLine) -> None:
        """What is told of single cells."""
        for part, written in line.cells.items():
            if is_guidance(written.text):
                self.tell(FindingCode.GUIDANCE, written.place, written.text, part)
            if written.hint is not None and part not in {Part.NUMBER, Part.MONITORING}:
                self.tell(_HINTS[written.hint], written.place, written.text, part)
            if without_radicals(written.text) != written.text:
                self.tell(FindingCode.RADICALS, written.place, written.text, part)

    def read_line(self, line: WrittenLine) -> None:
        if any(not is_empty(line.text(part)) for part in _ROW_PARTS):
            self.begin_row(line)
        elif not self.rows:
            if line.level is not Level.ACTIVITY:
                self.tell(FindingCode.NO_ROW_ABOVE, line.first)
                return
        elif any(not is_empty(line.text(part)) for part in (*INDICATOR_PARTS, Part.GUIDE)):
            self.tell(FindingCode.CONTINUES, line.first, self.rows[-1].row.statement)
        if self.rows:
            self.add_indicators(line)
        self.add_activity(line)

    def begin_row(self, line: WrittenLine) -> None:
        self.check_words(line)
        above = self.rows[-1].row.level if self.rows else None
        level = line.level or above
        if level is None:
            self.tell(FindingCode.NO_LEVEL, line.first)
        statement = without_radicals(line.text(Part.STATEMENT))
        row = Row(
            uuid=self.identify(f"row {line.place.key}"),
            level=level or Level.OUTPUT,
            support=line.support or Support.FINANCIAL,
            code=line.text(Part.CODE).strip() or read_code(statement) or "",
            statement=statement,
            season=without_radicals(line.text(Part.SEASON)) if level is Level.ACTIVITY else "",
        )
        self.rows.append(_Begun(row))
        self.made.setdefault(line.place, []).append(row.uuid)

    def check_words(self, line: WrittenLine) -> None:
        """The words of the columns for level and support, where there are such columns."""
        if line.level is None and not is_empty(line.text(Part.LEVEL)):
            self.tell(
                FindingCode.UNKNOWN_LEVEL, line.cells[Part.LEVEL].place, line.text(Part.LEVEL), Part.LEVEL
            )
        if line.support is None and not is_empty(line.text(Part.SUPPORT)):
            cell = line.cells[Part.SUPPORT]
            self.tell(FindingCode.UNKNOWN_SUPPORT, cell.place, cell.text, Part.SUPPORT)

    def add_indicators(self, line: WrittenLine) -> None:
        begun = self.rows[-1]
        texts = {part: without_radicals(line.text(part)) for part in INDICATOR_PARTS}
        guide = without_radicals(line.text(Part.GUIDE))
        if is_empty(texts[Part.INDICATOR]):
            texts[Part.INDICATOR] = guide
        elif not is_empty(guide):
            self.tell(FindingCode.TWO_INDICATORS, line.cells[Part.GUIDE].place, guide, Part.GUIDE)
        mark = line.text(Part.MARK).strip()
        if len(mark) > MARK_LENGTH:
            self.tell(FindingCode.LONG_MARK, line.cells[Part.MARK].place, mark, Part.MARK)
        if not mark and all(is_empty(text) for text in texts.values()):
            return
        self.fill_merged(line, begun, texts)
        for number, (own_mark, own) in enumerate(self.split(line, mark, texts)):
            uuid = self.identify(f"indicator {line.place.key} {number}")
            named = {INDICATOR_PARTS[part]: text for part, text in own.items()}
            begun.indicators.append(Indicator(uuid=uuid, mark=own_mark, **named))

    def split(
        self, line: WrittenLine, mark: str, texts: dict[Part, str]
    ) -> list[tuple[str, dict[Part, str]]]:
        """One indicator, or one for each number of the line's texts."""
        by_name = {INDICATOR_PARTS[part]: text for part, text in texts.items()}
        pairing = None if mark else pair(by_name, lead="statement")
        if pairing is None:
            return [(mark, texts)]
        asked = {part: pairing.fits[name] for part, name in INDICATOR_PARTS.items() if name in pairing.unsure}
        said = {
            part: self.answers[line.place.key, part]
            for part in asked
            if (line.place.key, part) in self.answers
        }
        whole = Answer.WHOLE in said.values()
        for part, fit in asked.items():
            some = INDICATOR_PARTS[part] in pairing.by_number
            self.ask(
                line, part, fit, len(pairing.marks), Answer.WHOLE if whole else said.get(part), some=some
            )
        if whole:
            return [("", texts)]
        return _pieces(pairing, said)

    def ask(
        self,
        line: WrittenLine,
        part: Part,
        fit: Fit,
        count: int,
        said: Answer | None,
        *,
        merged: bool = False,
        some: bool = False,
    ) -> None:
        source = part if part in line.cells else Part.GUIDE
        cell = line.cells[source]
        answer = said or (Answer.EACH if merged else proposed(INDICATOR_PARTS[part], fit))
        if answer is None:
            self.tell(FindingCode.UNDECIDED, cell.place, cell.text, source)
        self.questions.append(
            Question(
                line=line.place.key,
                part=part,
                fit=fit,
                merged=merged,
                count=count,
                text=cell.text,
                beside=line.text(Part.INDICATOR) or line.text(Part.GUIDE),
                place=cell.place,
                answer=answer,
                may_be_numbered=some,
            )
        )

    def fill_merged(self, line: WrittenLine, begun: _Begun, texts: dict[Part, str]) -> None:
        """A cell merged over several lines holds for the lines below too, unless a person says otherwise."""
        for part in INDICATOR_PARTS:
            written = line.cells.get(part)
            if written is not None and written.over > 1:
                begun.merged[part] = (line, written.place.row + written.over)
            elif written is None and part in begun.merged:
                above, end = begun.merged[part]
                if line.place.grid != above.place.grid or line.place.row >= end:
                    continue
                said = self.answers.get((above.place.key, part))
                asked = any(
                    one.merged and one.line == above.place.key and one.part is part for one in self.questions
                )
                if not asked:
                    self.ask(above, part, Fit.SHARED, above.cells[part].over, said, merged=True)
                if said in (None, Answer.EACH):
                    texts[part] = without_radicals(above.text(part))

    def add_activity(self, line: WrittenLine) -> None:
        activity, season = (without_radicals(line.text(part)) for part in (Part.ACTIVITY, Part.SEASON))
        above = self.rows[-1].row if self.rows else None
        alone = line.level is Level.ACTIVITY and Part.STATEMENT not in line.cells
        if is_empty(activity):
            if not is_empty(season) and (above is None or above.level is not Level.ACTIVITY):
                self.tell(FindingCode.SEASON_ALONE, line.cells[Part.SEASON].place, season, Part.SEASON)
            return
        row = Row(
            uuid=self.identify(f"activity {line.place.key}"),
            parent=None if alone or above is None or above.level is Level.ACTIVITY else above.uuid,
            level=Level.ACTIVITY,
            support=line.support or Support.FINANCIAL,
            code=read_code(activity) or "",
            statement=activity,
            season=season,
        )
        self.made.setdefault(line.place, []).append(row.uuid)
        if alone:
            self.loose.add(row.uuid)
        if row.parent is None:
            self.rows.append(_Begun(row))
        else:
            self.rows[-1].activities.append(row)

    def result(self, lines: Sequence[WrittenLine]) -> PlanRead:
        placed = propose_parents(list(self.in_order()), loose=self.loose)
        known = {row.uuid: row.parent for row in self.in_order() if row.parent is not None}
        rows = tuple(replace(row, parent=known.get(row.uuid, row.parent)) for row in placed)
        kept = tuple(
            Kept(
                place=line.place,
                level="" if line.level is None else line.level.value,
                cells={part.value: written.text for part, written in line.cells.items()},
                rows=tuple(self.made.get(line.place, ())),
            )
            for line in lines
        )
        findings = sorted(self.findings, key=lambda one: (not one.hinders, one.place))
        return PlanRead(
            framework=Framework(rows), findings=tuple(findings), questions=tuple(self.questions), kept=kept
        )

    def in_order(self) -> Iterator[Row]:
        for begun in self.rows:
            yield replace(begun.row, indicators=number_marks(begun.indicators))
            yield from begun.activities


def _pieces(pairing: Pairing, said: Mapping[Part, Answer]) -> list[tuple[str, dict[Part, str]]]:
    answers = {INDICATOR_PARTS[part]: answer for part, answer in said.items()}
    parts = {name: part for part, name in INDICATOR_PARTS.items()}
    return [
        (mark, {parts[name]: text for name, text in texts.items()})
        for mark, texts in zip(pairing.marks, pairing.texts(answers), strict=True)
    ]
