"""A section as its page draws it: every field with what stands in it, what was typed, what is wrong and what was asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from minori.documents.asking import condition_of, label_of, numbered, text_label_of
from minori.documents.results import name_of, span_of
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, Chosen, Progress, RowAnswer, Ticked, Written, YesNo, is_asked
from minori.report_forms.completeness import SectionState, row_state
from minori.report_forms.contents import Attachment, Contents
from minori.report_forms.edition import Column, Field, Kind, Section
from minori.report_forms.framework import Indicator, Row
from minori.report_forms.shapes import Json
from tenants.reports import amounts, both, closed, folding, number_words, numbers
from tenants.reports.both import Both
from tenants.reports.closed import Closed
from tenants.reports.comments import Thread
from tenants.reports.drafts import WorkingCopy
from tenants.reports.folding import Place
from tenants.reports.models import Answer as StoredAnswer
from tenants.reports.number_words import Said as NumberSaid
from tenants.reports.numbers import Around
from tenants.reports.saving import Conflict, Given
from tenants.reports.sections import language_in_force, words_of
from tenants.reports.stamps import Stamp, stamp

_WITH_WORDS = frozenset({Kind.CHOICE, Kind.TICKS, Kind.YES_NO})
_INDICATOR_COLUMNS = (
    (Column.TARGETS, "target"),
    (Column.BASELINES, "baseline"),
    (Column.MID_STATES, "mid_state"),
    (Column.POST_STATES, "post_state"),
    (Column.ACHIEVE_BY, "achieve_by"),
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a section's page shows beside what is stored.

    `typed` replaces what is stored, field by field: what a person typed and could not save, or was kept while they
    were signed out. `errors` are sentences by the id of their control.
    """

    typed: Mapping[str, Given] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    threads: Sequence[Thread] = ()
    previous: Contents | None = None
    around: Around | None = None

    def threads_at(self, anchor: str) -> list[Thread]:
        """The threads at a field or row."""
        return [thread for thread in self.threads if thread.anchor == anchor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field of a section; `kind` is the edition's, `value` and `values` what is chosen, `text` what is written."""

    key: str
    kind: str
    label: str
    hint: str
    condition: str
    mark: str
    lines: int
    limit: int | None
    choices: tuple[tuple[str, str], ...]
    value: str
    values: tuple[str, ...]
    text: str
    understood: str
    text_label: str
    may_be_nothing: bool
    nothing: bool
    asked: bool
    version: str
    error: str
    text_error: str
    previous: str
    threads: list[Thread]
    conflict: Both | None
    saved_at: datetime | None
    closed: Closed | None = None
    rows: tuple["Line", ...] = ()

    @property
    def is_line(self) -> bool:
        """Whether a text fits on one line: what was written on several never loses them."""
        return self.lines == 1 and "\n" not in self.text

    @property
    def done_rows(self) -> int:
        """How many rows are filled in."""
        return sum(row.state == SectionState.DONE for row in self.rows)

    @property
    def next_key(self) -> str:
        """The key of the first row that is not filled in."""
        return folding.first_unfinished(self.rows)


@dataclass(frozen=True, slots=True)
class RegisteredIndicator:
    """One indicator as registered: its statement with its mark, and its other texts with the form's labels."""

    statement: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a results field."""

    key: str
    name: str
    statement: str
    depth: int
    indicators: tuple[RegisteredIndicator, ...]
    state: str
    text: str
    nothing: bool
    progress: str
    remark: str
    typed: bool
    covers: tuple[str, ...]
    span: str
    covered_by: str
    version: str
    error: str
    remark_error: str
    progress_error: str
    previous_text: str | None
    previous_code: str
    threads: list[Thread]
    conflict: Both | None
    saved_at: datetime | None
    label: str
    limit: int | None
    remark_limit: int | None
    closed: Closed | None = None
    files: tuple[Attachment, ...] | None = None
    numbers: tuple[NumberSaid, ...] = ()
    place: Place = folding.OPEN

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do here: filled in, or not sent back and so closed."""
        return self.state == SectionState.DONE or (self.closed is not None and self.state != "returned")

    @property
    def wants_eyes(self) -> bool:
        """Whether somebody spoke here, something contradicts itself, or is not saved."""
        spoken = any(not thread.is_settled for thread in self.threads)
        return bool(
            spoken or self.conflict or self.error or self.remark_error or self.progress_error or self.typed
        )

    @property
    def mark(self) -> str:
        """The mark in the row's head: its code, else "nothing" to report, else a blank."""
        return self.progress or ("nothing" if self.nothing else "blank")

    @property
    def reading(self) -> str:
        """The text in one line."""
        return folding.reading_of(self.text)

    @property
    def same_as_before(self) -> bool:
        """Whether the text is that of the previous report, letter by letter."""
        return bool(self.previous_text) and self.text == self.previous_text


def controls_of(copy: WorkingCopy, section: Section, page: Page) -> list[Control]:
    """The fields of a section, ready to be drawn; heads are drawn from the register and photos by their own template."""
    return [_control(copy, asked, page) for asked in section.fields]


def lines_of(copy: WorkingCopy, asked: Field, page: Page, only: UUID | None = None) -> tuple[Line, ...]:
    """The rows of a results field, `only` one of them where a part of the page is drawn."""
    if asked.kind != Kind.RESULTS or copy.framework is None:
        return ()
    rows = copy.draft.rows_of(asked)
    if only is not None:
        return tuple(_line(copy, asked, row, page, rows) for row in rows if row.uuid == only)
    lines = [_line(copy, asked, row, page, rows) for row in rows]
    return tuple(
        replace(line, place=place) for line, place in zip(lines, folding.places_of(lines), strict=True)
    )


def progress_choices() -> list[tuple[str, str]]:
    """The four codes with their numbers and words, and the way back to a blank."""
    language = language_in_force()
    codes = [(str(code.value), f"{code.value} {code.label.say(language)}") for code in Progress]
    return [*codes, ("", _("not reported"))]


def _control(copy: WorkingCopy, asked: Field, page: Page) -> Control:
    language = language_in_force()
    answerable = answer_values.is_answerable(asked)
    stored = copy.stored.get(asked.key)
    answer = _answer(copy, asked, page) if answerable else Written()
    given = page.typed.get(asked.key)
    control = f"id_{asked.key}"
    return Control(
        key=asked.key,
        kind=asked.kind.value,
        label=numbered(asked, language),
        hint=asked.hint.say(language),
        condition=condition_of(copy.edition, asked, language),
        mark="required" if asked.required else "optional",
        lines=asked.lines,
        limit=asked.max_length,
        choices=_choices(asked, answer, language),
        value=_value(answer),
        values=answer.values if isinstance(answer, Ticked) else (),
        text=amounts.text_of(asked, answer),
        understood=amounts.understood(asked, answer.text),
        text_label=text_label_of(asked, language) if asked.kind in _WITH_WORDS else "",
        may_be_nothing=answer_values.may_be_nothing(asked),
        nothing=isinstance(answer, Written) and answer.nothing,
        asked=not answerable or is_asked(copy.edition, asked, copy.draft.answers),
        version=str(_stamp(given, stored)),
        error=page.errors.get(control, "") or page.errors.get(f"{control}_0", ""),
        text_error=page.errors.get(f"{control}-text", ""),
        previous=_previous(asked, page.previous, language) if answerable else "",
        threads=page.threads_at(asked.key),
        conflict=_both(asked, page.conflicts.get(asked.key), language) if answerable else None,
        saved_at=stored.saved_at if stored else None,
        closed=closed.field(copy, asked, answer, language),
        rows=lines_of(copy, asked, page),
    )


def _stamp(given: Given | None, stored: StoredAnswer | None) -> Stamp:
    """What the page goes on from: where something is typed and not saved, what that was typed over."""
    if given is not None:
        return given.stamp
    return stamp(stored.version, stored.value) if stored else Stamp()


def _choices(asked: Field, answer: Answer, language: str) -> tuple[tuple[str, str], ...]:
    """The choices in words; a choice that was made, or need not be made, can be taken back."""
    choices = tuple((choice.value, label_of(asked, choice.value, language)) for choice in asked.choices)
    if asked.kind in {Kind.CHOICE, Kind.YES_NO} and (_value(answer) or not asked.required):
        return (*choices, ("", _("no answer")))
    return choices


def _answer(copy: WorkingCopy, asked: Field, page: Page) -> Answer:
    given = page.typed.get(asked.key)
    return answer_values.from_json(given.value) if given else copy.draft.answer(asked)


def _value(answer: Answer) -> str:
    match answer:
        case Chosen(value=value):
            return value
        case YesNo(said=said):
            return {True: answer_values.YES, False: answer_values.NO, None: ""}[said]
        case _:
            return ""


def _previous(asked: Field, previous: Contents | None, language: str) -> str:
    answer = previous.answers.get(asked.key) if previous else None
    return words_of(asked, answer, language) if answer is not None else ""


def both_of(copy: WorkingCopy, conflict: Conflict) -> Both | None:
    """Two people's words for a field or a row of a report."""
    language = language_in_force()
    if "row" in conflict.mine:
        names = {row.uuid: name_of(row) for row in copy.draft.all_rows}
        return _both_rows(conflict, names, language)
    return _both(copy.edition.field(conflict.key), conflict, language)


def _both(asked: Field, conflict: Conflict | None, language: str) -> Both | None:
    if conflict is None:
        return None
    mine, theirs = (
        words_of(asked, answer_values.from_json(one), language) for one in (conflict.mine, conflict.theirs)
    )
    nothing = _("(nothing)")
    return both.of(conflict, mine or nothing, theirs or nothing)


def _line(copy: WorkingCopy, asked: Field, row: Row, page: Page, rows: Sequence[Row]) -> Line:
    language = language_in_force()
    key = str(row.uuid)
    given = page.typed.get(key)
    stored: StoredAnswer | None = copy.stored.get(key)
    answer = RowAnswer.from_json(given.value) if given else copy.draft.row_answer(row)
    names = {one.uuid: name_of(one) for one in rows}
    covering = copy.draft.covered.get(row.uuid)
    before = page.previous.row_answer(row.uuid) if page.previous else None
    threads = page.threads_at(key)
    control = f"id_row-{key}"
    return Line(
        key=key,
        name=names[row.uuid],
        statement=row.statement,
        depth=min(_depth(copy, row, names), 3),
        indicators=tuple(_registered(asked, one, language) for one in row.indicators),
        state="returned"
        if any(not thread.is_settled for thread in threads)
        else row_state(copy.draft, row).value,
        text=answer.text,
        nothing=answer.nothing,
        progress="" if answer.progress is None else str(answer.progress.value),
        remark=answer.remark,
        typed=given is not None,
        covers=tuple(str(one) for one in answer.covers),
        span=span_of(answer.covers, names=names),
        covered_by=names.get(covering, "") if covering and answer.progress is None else "",
        version=str(_stamp(given, stored)),
        error=page.errors.get(f"{control}-text", ""),
        remark_error=page.errors.get(f"{control}-remark", ""),
        progress_error=page.errors.get(f"{control}-progress", ""),
        previous_text=before.text if before else None,
        previous_code=folding.mark_of(before),
        threads=threads,
        conflict=_both_rows(page.conflicts.get(key), names, language),
        saved_at=stored.saved_at if stored else None,
        label=asked.label.say(language),
        limit=asked.max_length,
        remark_limit=asked.remark_max_length,
        closed=closed.row(copy, row, answer),
        files=copy.files_at(row),
        numbers=number_words.at_row(row, answer, given, stored, page.around),
    )


def _depth(copy: WorkingCopy, row: Row, shown: Mapping[UUID, Any]) -> int:
    """How many rows of the same list stand above this one."""
    depth, above = 0, row.parent
    while above is not None and copy.framework is not None and (found := copy.framework.find_row(above)):
        depth += above in shown
        above = found.parent
    return depth


def _registered(asked: Field, one: Indicator, language: str) -> RegisteredIndicator:
    pairs = []
    for column, name in _INDICATOR_COLUMNS:
        labelled = asked.column(column)
        value: str = getattr(one, name)
        if column == Column.BASELINES and labelled is None:
            pairs.append((_("Baseline"), value or _("not registered")))
        elif labelled is not None:
            pairs.append((labelled.label.say(language), value or _("not registered")))
    statement = (
        one.statement if one.mark and one.statement.startswith(one.mark) else f"{one.mark}{one.statement}"
    )
    return RegisteredIndicator(statement=statement, pairs=tuple(pairs))


def _both_rows(conflict: Conflict | None, names: Mapping[UUID, str], language: str) -> Both | None:
    if conflict is None:
        return None
    mine, theirs = (
        _row_words(one, conflict.aspects, names, language) for one in (conflict.mine, conflict.theirs)
    )
    return both.of(conflict, mine, theirs)


def _row_words(stored: Json, aspects: Iterable[str], names: Mapping[UUID, str], language: str) -> str:
    answer = RowAnswer.from_json(stored)
    code = answer.progress
    words = {
        numbers.ASPECT: number_words.of_conflict(stored),
        "text": answer.text,
        "nothing": _("Nothing to report in this round") if answer.nothing else "",
        "progress": f"{code.value} {code.label.say(language)}" if code else _("not reported"),
        "remark": answer.remark,
        "covers": span_of(answer.covers, names=dict(names)),
    }
    return "\n".join(words[aspect] or _("(nothing)") for aspect in aspects if aspect in words)
