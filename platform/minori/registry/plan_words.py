"""What is found in plan files, in people's words: a sentence for each thing, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from minori.registry.pasting import MARK_LENGTH
from minori.registry.plan_columns import Part, heading
from minori.registry.plan_forms import Place
from minori.registry.plan_reading import Finding, FindingCode, PlanRead, Question
from minori.registry.plan_sources import Source
from minori.registry.words import name_of, say_problems
from minori.report_forms import grids as tables
from minori.report_forms.framework import Row
from minori.report_forms.grids import Grid, column_letters
from minori.report_forms.pairing import Answer, Fit

_FINDINGS: dict[FindingCode, str | Promise] = {
    FindingCode.NO_ROW_ABOVE: gettext_lazy("This line has no statement, and there is no row above it."),
    FindingCode.NO_LEVEL: gettext_lazy(
        "Nothing says whether this row is an outcome, an output or an activity."
    ),
    FindingCode.UNKNOWN_LEVEL: gettext_lazy(
        "“%(text)s” is no level. Write short-term outcome, long-term outcome, output or activity."
    ),
    FindingCode.UNKNOWN_SUPPORT: gettext_lazy(
        "“%(text)s” is no kind of support. Write financial (資金支援) or non-financial (非資金的支援)."
    ),
    FindingCode.LONG_MARK: gettext_lazy("The indicator’s number “%(text)s” is longer than %(most)s letters."),
    FindingCode.UNDECIDED: gettext_lazy(
        "The numbers of this cell do not match those of the line. Please decide."
    ),
    FindingCode.SEASON_ALONE: gettext_lazy("A time stands here without an activity: “%(text)s”."),
    FindingCode.DOUBLE_HEADING: gettext_lazy(
        "This column has the same heading as another one. Rename or remove it."
    ),
    FindingCode.GUIDANCE: gettext_lazy("Words of the form itself stand here: “%(text)s”."),
    FindingCode.GUIDANCE_ROW: gettext_lazy(
        "This line holds nothing but words of the form. Leave those out, or go on row by row."
    ),
    FindingCode.NO_RESULT: gettext_lazy(
        "This cell calculates, but the file holds no result: “%(text)s”. Open and save it in Excel, or write the"
        " value, and upload it again."
    ),
    FindingCode.FORMULA: gettext_lazy("This cell calculates. What Excel last showed was read: “%(text)s”."),
    FindingCode.FORMAT: gettext_lazy("Excel may show this number or date in another way: “%(text)s”."),
    FindingCode.RADICALS: gettext_lazy("Letters from a PDF were read as ordinary ones: “%(text)s”."),
    FindingCode.CONTINUES: gettext_lazy(
        "This line has no statement. It belongs to the row above: “%(text)s”."
    ),
    FindingCode.TWO_INDICATORS: gettext_lazy(
        "The line has two texts for its indicator. This one is kept with the plan as it was written: “%(text)s”."
    ),
    FindingCode.REMAINDER: gettext_lazy("This text has no place in the plan and was not read: “%(text)s”."),
}


@dataclass(frozen=True)
class Told:
    """A finding in words."""

    text: str
    where: str
    href: str = ""
    hinders: bool = False


@dataclass(frozen=True)
class Asked:
    """A question in words, with its name in the form and the answers to choose from."""

    name: str
    question: Question
    where: str
    column: str
    sentence: str
    choices: list[tuple[str, str]]

    @property
    def value(self) -> str:
        """The answer that is given or proposed, "" where there is none."""
        return self.question.answer.value if self.question.answer else ""


def where(grids: Sequence[Grid], place: Place, *, column: bool = True) -> str:
    """A place as people find it: 計画!B12, table 3 row 4, line 7 column 2."""
    grid = grids[place.grid]
    row = place.row + 1
    if grid.source is tables.Source.SHEET:
        return f"{grid.name}!{column_letters(place.column) if column else ''}{row}"
    if grid.source is tables.Source.TABLE:
        words = _("table %(number)s, row %(row)s") % {"number": grid.number, "row": row}
        return words + (_(", column %(column)s") % {"column": place.column + 1} if column else "")
    if grid.source is tables.Source.TEXT:
        return _("text before table %(number)s") % {"number": grid.number}
    words = _("line %(line)s") % {"line": row}
    return words + (_(", column %(column)s") % {"column": place.column + 1} if column else "")


def say(finding: Finding, grids: Sequence[Grid]) -> Told:
    """A finding as a sentence; one that waits for a decision leads to its question."""
    facts = {"text": Truncator(" ".join(finding.text.split())).chars(60), "most": MARK_LENGTH}
    href = f"#{_anchor(finding.place)}" if finding.code is FindingCode.UNDECIDED else ""
    return Told(str(_FINDINGS[finding.code]) % facts, where(grids, finding.place), href, finding.hinders)


def say_all(read: PlanRead, grids: Sequence[Grid]) -> list[Told]:
    """Everything found, what hinders first."""
    return [say(finding, grids) for finding in read.findings]


def say_unsound(read: PlanRead) -> list[tuple[Place | None, str, Row | None]]:
    """What keeps the rows from being registered, each with the line its row was made of."""
    return [
        (None if row is None else read.place_of(row.uuid), sentence, row)
        for sentence, row in say_problems(read.framework)
    ]


def say_hindering(read: PlanRead, grids: Sequence[Grid]) -> list[Told]:
    """Everything that keeps the plan from being registered: in its cells, then in what was made of them."""
    found = [one for one in say_all(read, grids) if one.hinders]
    for place, sentence, row in say_unsound(read):
        named = "" if row is None else name_of(row)
        there = named if place is None else where(grids, place, column=False)
        href = "" if row is None else f"#row-{row.uuid}"
        found.append(Told(sentence, there, href, hinders=True))
    return found


def ask(question: Question, grids: Sequence[Grid]) -> Asked:
    """A question with its answers."""
    if question.merged:
        sentence = _("This cell is merged over %(count)s lines.")
    elif question.fit is Fit.JOINT:
        sentence = _("Several numbers stand before one text; the line has %(count)s indicators.")
    elif question.fit is Fit.SHARED:
        sentence = _("This text has no numbers; the line has %(count)s indicators.")
    else:
        sentence = _("The numbers here are not those of the line’s %(count)s indicators.")
    return Asked(
        name=_anchor(question.place),
        question=question,
        where=where(grids, question.place),
        column=heading(question.part, get_language() or "ja"),
        sentence=sentence % {"count": question.count},
        choices=_choices(question),
    )


def _choices(question: Question) -> list[tuple[str, str]]:
    each = pgettext("a text stands beside several indicators", "It holds for each of them")
    if question.fit is Fit.JOINT:
        each = _("Each part holds for the indicators whose numbers it names")
    choices = [(Answer.EACH.value, each), (Answer.FIRST.value, _("It is only for the first"))]
    if question.may_be_numbered:
        by_number = _("By its numbers; for the other indicators it stays empty")
        choices.insert(0, (Answer.NUMBERED.value, by_number))
    if not question.merged:
        choices.append(
            (Answer.WHOLE.value, _("Keep the line as one indicator, with its texts as they stand"))
        )
    return choices


def _anchor(place: Place) -> str:
    return f"q-{place.grid}-{place.row}-{place.column}"


@dataclass(frozen=True)
class ShownLine:
    """A line of a source: where it stood, and its cells behind their headings ("" where they had none)."""

    where: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownSource:
    """What a plan said, for a page."""

    filename: str
    lines: list[ShownLine]


def shown_source(source: Source | None) -> ShownSource | None:
    """The source of a version with the headings of its cells; None where it was not read from a file."""
    if source is None:
        return None
    language = get_language() or "ja"
    known = [("", ""), *((part.value, heading(part, language)) for part in Part)]
    lines = [
        ShownLine(line.where, [(head, line.cells[name]) for name, head in known if name in line.cells])
        for line in source.lines
    ]
    return ShownSource(source.filename, lines)
