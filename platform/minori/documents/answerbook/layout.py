"""What stands in which line of the workbook. Nothing is drawn and nothing is asked of the database here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext as _

from minori.documents import results
from minori.documents.answerbook.keys import Keys
from minori.documents.asking import condition_of, label_of, numbered, text_label_of
from minori.documents.results import ResultRow
from minori.marks import listed
from minori.report_forms.answers import (
    NO,
    YES,
    Answer,
    Chosen,
    Progress,
    RowAnswer,
    Ticked,
    Written,
    YesNo,
    blank,
    is_answerable,
    is_untouched,
    may_be_nothing,
    nothing_name,
    text_name,
    values_of,
)
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Column, Edition, Field, Kind, Section

MARK = "○"
"""Stands in a cell where a box is ticked."""

LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds."""

OURS = "-"
"""Stands in the column of keys where a line of the sheet is ours and asks nothing."""

_NOT_SHOWN = {Column.STATEMENT.value, Column.TEXT.value, Column.PROGRESS.value}
_WITH_WORDS = frozenset({Kind.CHOICE, Kind.TICKS, Kind.YES_NO})


class Slot(StrEnum):
    """How a cell is filled in."""

    LONG = "long"  # a text of some lines
    SHORT = "short"  # a text of one line
    PICK = "pick"  # one of a list
    MARK = "mark"  # a circle or nothing


class Open(Protocol):
    """Which parts may be changed, by their anchors."""

    def __contains__(self, anchor: str, /) -> bool: ...


class Everything:
    """Where no return left anything closed."""

    def __contains__(self, anchor: str) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Slotted:
    """One cell to fill in. `locked`: it was not sent back, or does not fit into a cell."""

    slot: Slot
    value: str = ""
    choices: tuple[str, ...] = ()
    limit: int | None = None
    locked: bool = False
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question, or a part of one. `name` is that of the input of a page; `value` of a tick its box.

    `first` lines carry the question's label, `hint` and comments; the others belong to it. One without a cell is the
    question above its boxes.
    """

    anchor: str
    name: str
    label: str
    slotted: Slotted | None
    first: bool = True
    required: bool = False
    hint: str = ""
    previous: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the plan: what is registered by column, what stood there last time, and its cells by name."""

    anchor: str
    row: ResultRow
    registered: tuple[str, ...]
    previous: str
    comments: tuple[str, ...]
    cells: Mapping[str, Slotted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows that a results field asks about; `columns` are the labels of what is registered."""

    field: Field
    columns: tuple[str, ...]
    text_label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One section: its sheet."""

    key: str
    title: str
    part: str
    tables: tuple[Table, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anything can be written here: after a return only what was sent back."""
        cells = [cell for table in self.tables for row in table.rows for cell in row.cells.values()]
        cells += [line.slotted for line in self.lines if line.slotted is not None]
        return any(not cell.locked for cell in cells)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a workbook is made of.

    `filled` is what stands in it from the beginning: blank, or the revision that was sent back. `opened` are the
    anchors that may be changed, `comments` the officer's by anchor, `previous` the report of the round before.
    """

    keys: Keys
    edition: Edition
    filled: Contents
    previous: Contents | None = None
    opened: Open = field(default_factory=Everything)
    comments: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the sheets."""
        return self.keys.language


def pages_of(asked: Asked) -> tuple[Page, ...]:
    """The sheets with something to fill in, in the order of the form. Call it with the workbook's language active."""
    pages = [_page(asked, section) for section in asked.edition.sections]
    return tuple(page for page in pages if page.tables or page.lines)


def progress_choices(language: str) -> tuple[str, ...]:
    """The four codes with their words."""
    return tuple(f"{code.value} {code.label.say(language)}" for code in Progress)


def takes_files(edition: Edition) -> bool:
    """Whether photos and documents are sent along."""
    return bool(edition.fields_of(Kind.PHOTOS))


def _page(asked: Asked, section: Section) -> Page:
    return Page(
        key=section.key,
        title=section.title.say(asked.language),
        part=asked.edition.part_of(section.key).title.say(asked.language),
        tables=tuple(_table(asked, one) for one in section.fields if one.kind == Kind.RESULTS),
        lines=tuple(line for one in section.fields if is_answerable(one) for line in _lines(asked, one)),
    )


def _table(asked: Asked, one: Field) -> Table:
    table = results.table_of(asked.filled, field=one, language=asked.language)
    shown = [column for column in table.columns if column.column not in _NOT_SHOWN]
    text = one.column(Column.TEXT)
    return Table(
        field=one,
        columns=tuple(column.label for column in shown),
        text_label=(text.label if text else one.label).say(asked.language),
        rows=tuple(_row(asked, one, row) for row in table.rows),
    )


def _row(asked: Asked, one: Field, row: ResultRow) -> Row:
    answer = asked.filled.row_answer(row.uuid) or RowAnswer(row.uuid)
    before = asked.previous.row_answer(row.uuid) if asked.previous else None
    names = results.names_of(asked.filled.framework)
    locked = row.anchor not in asked.opened or len(answer.text) > LONGEST_CELL
    codes = progress_choices(asked.language)
    cells = {
        "text": Slotted(
            slot=Slot.LONG, value=answer.text, limit=one.max_length, locked=locked, lines=one.lines
        ),
        "progress": Slotted(
            slot=Slot.PICK,
            value="" if answer.progress is None else codes[answer.progress.value - 1],
            choices=codes,
            locked=locked,
        ),
        "remark": Slotted(
            slot=Slot.LONG, value=answer.remark, limit=one.remark_max_length, locked=locked, lines=2
        ),
        "nothing": Slotted(
            slot=Slot.MARK, value=MARK if answer.nothing else "", choices=(MARK,), locked=locked
        ),
        "covers": Slotted(
            slot=Slot.SHORT, value=listed(names[uuid] for uuid in answer.covers), locked=locked
        ),
    }
    return Row(
        anchor=row.anchor,
        row=row,
        registered=tuple("\n".join(cell.lines) for cell in row.cells if cell.column not in _NOT_SHOWN),
        previous=row_words(before, asked.language) if before else "",
        comments=tuple(asked.comments.get(row.anchor, ())),
        cells=cells,
    )


def row_words(answer: RowAnswer, language: str) -> str:
    """What was reported for a row, in words."""
    said = [_("Nothing to report in this round")] if answer.nothing else []
    said += [answer.text] if answer.text else []
    if answer.progress is not None:
        said.append(f"[{answer.progress.value} {answer.progress.label.say(language)}]")
    return "\n".join([*said, *([answer.remark] if answer.remark else [])])


def answer_words(one: Field, answer: Answer, language: str) -> str:
    """What was answered to a question, in words."""
    said = [label_of(one, value, language) for value in values_of(answer)]
    if isinstance(answer, Written) and answer.nothing:
        said.append(_("Nothing to report in this round"))
    return "\n".join([*said, *([answer.text] if answer.text else [])])


def _lines(asked: Asked, one: Field) -> Iterator[Line]:
    language = asked.language
    answer = asked.filled.answers.get(one.key, blank(one))
    locked = one.key not in asked.opened or len(answer.text) > LONGEST_CELL
    before = asked.previous.answers.get(one.key) if asked.previous else None
    hints = [condition_of(asked.edition, one, language), one.hint.say(language)]
    cells: list[tuple[str, str, Slotted | None]] = [("", "", None)] if one.kind == Kind.TICKS else []
    cells += _cells(one, answer, language, locked=locked)
    for number, (name, label, slotted) in enumerate(cells):
        first = number == 0
        yield Line(
            anchor=one.key,
            name=name,
            label=label or (numbered(one, language) or asked.edition.section_of(one.key).title.say(language)),
            slotted=slotted,
            first=first,
            required=one.required and first,
            hint="\n".join(hint for hint in hints if hint) if first else "",
            previous=answer_words(one, before, language)
            if first and before and not is_untouched(before)
            else "",
            comments=tuple(asked.comments.get(one.key, ())) if first else (),
        )


def _cells(one: Field, answer: Answer, language: str, *, locked: bool) -> Iterator[tuple[str, str, Slotted]]:
    """The cells of a question: the name of its input, its own label ("" for the question's), how it is filled in."""
    match answer:
        case Ticked(values=values):
            for choice in one.choices:
                value = MARK if choice.value in values else ""
                slotted = Slotted(slot=Slot.MARK, value=value, choices=(MARK,), locked=locked)
                yield f"{one.key}={choice.value}", label_of(one, choice.value, language), slotted
        case Chosen(value=value):
            choices = tuple(label_of(one, choice.value, language) for choice in one.choices)
            shown = label_of(one, value, language) if value else ""
            yield one.key, "", Slotted(slot=Slot.PICK, value=shown, choices=choices, locked=locked)
        case YesNo(said=said):
            words = {value: label_of(one, value, language) for value in (YES, NO)}
            shown = "" if said is None else words[YES if said else NO]
            yield (
                one.key,
                "",
                Slotted(slot=Slot.PICK, value=shown, choices=tuple(words.values()), locked=locked),
            )
        case Written(text=text):
            long = one.kind == Kind.TEXT and one.lines > 1
            slot = Slot.LONG if long else Slot.SHORT
            yield (
                one.key,
                "",
                Slotted(slot=slot, value=text, limit=one.max_length, locked=locked, lines=one.lines),
            )
    if isinstance(answer, Written) and may_be_nothing(one):
        value = MARK if answer.nothing else ""
        slotted = Slotted(slot=Slot.MARK, value=value, choices=(MARK,), locked=locked)
        yield nothing_name(one), _("Nothing to report in this round"), slotted
    if one.kind in _WITH_WORDS and (one.wants_text or one.kind == Kind.YES_NO):
        label = text_label_of(one, language) or _("What")
        slotted = Slotted(slot=Slot.LONG, value=answer.text, limit=one.max_length, locked=locked, lines=2)
        yield text_name(one), label, slotted
