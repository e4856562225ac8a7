"""The sections of a report as a task list: what state each is in, and a few words of what stands there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, ngettext, pgettext

from minori.documents.asking import label_of
from minori.documents.results import name_of
from minori.filings.models import OpenPart
from minori.marks import gapped
from minori.report_forms.amounts import with_unit
from minori.report_forms.answers import (
    Answer,
    Chosen,
    Ticked,
    Written,
    YesNo,
    is_asked,
    is_blank,
)
from minori.report_forms.completeness import SectionState, state_of
from minori.report_forms.edition import Edition, Field, Kind, Part, Section
from minori.report_forms.framework import Row
from minori.report_forms.parts import ATTACHMENTS
from minori.ui.templatetags.ui_tags import colon
from tenants.reports.comments import Thread, at
from tenants.reports.drafts import WorkingCopy

HINT_LENGTH = 60
CLOSED = "closed"
"""The state of a section that a return left as it was handed in."""


@dataclass(frozen=True, slots=True)
class Task:
    """One section in the task list; `state` is a chip's state, `optional` where nothing in it is required."""

    key: str
    title: str
    state: str
    hint: str
    optional: bool


@dataclass(frozen=True, slots=True)
class TaskPart:
    """The sections of one part of the form."""

    title: str
    tasks: tuple[Task, ...]


def language_in_force() -> str:
    """The language of this page or mail; Japanese where none is set."""
    return get_language() or "ja"


def tasks_of(copy: WorkingCopy, open_threads: Sequence[Thread]) -> tuple[TaskPart, ...]:
    """The task list of a report; a section with an open comment is 差戻しあり."""
    language = language_in_force()
    return tuple(
        TaskPart(part.title.say(language), tuple(_tasks(copy, part, open_threads, language)))
        for part in copy.edition.parts
    )


def left_in(copy: WorkingCopy) -> list[str]:
    """The titles of the sections that count and are not filled in, in the order of the form."""
    language = language_in_force()
    return [
        section.title.say(language)
        for section in copy.edition.sections
        if (state := state_of(copy.draft, section)) != SectionState.DONE
        and (not section.is_optional or state == SectionState.STARTED)
    ]


def anchors_of(copy: WorkingCopy, section: Section) -> list[str]:
    """The anchors of comments that belong to a section: its fields, and the rows its fields ask about."""
    rows = [str(row.uuid) for field in section.fields for row in _rows(copy, field)]
    files = [ATTACHMENTS] if any(field.kind == Kind.PHOTOS for field in section.fields) else []
    return [field.key for field in section.fields] + rows + files


def section_of_anchor(copy: WorkingCopy, anchor: str) -> Section | None:
    """The section a comment's anchor belongs to; None for the whole report and for what is no longer asked."""
    return next((one for one in copy.edition.sections if anchor and anchor in anchors_of(copy, one)), None)


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """A part that the organization opened itself: its name, its section, and why."""

    name: str
    section: str
    part: OpenPart


def named(copy: WorkingCopy, opened: Iterable[OpenPart]) -> list[OpenedPart]:
    """Opened parts that the report asks, with their names."""
    language = language_in_force()
    rows = {str(row.uuid): name_of(row) for row in copy.draft.all_rows}
    found = []
    for part in opened:
        section = section_of_anchor(copy, part.anchor)
        if section is not None and part.anchor != ATTACHMENTS:
            title = section.title.say(language)
            name = gapped((title, rows.get(part.anchor, "")))
            found.append(OpenedPart(name=name, section=section.key, part=part))
    return found


def neighbours(edition: Edition, section: Section) -> tuple[Section | None, Section | None]:
    """The sections before and after this one."""
    order = edition.sections
    place = [one.key for one in order].index(section.key)
    return (order[place - 1] if place else None), (order[place + 1] if place + 1 < len(order) else None)


def _tasks(copy: WorkingCopy, part: Part, open_threads: Sequence[Thread], language: str) -> Iterator[Task]:
    for section in part.sections:
        waiting = at(open_threads, anchors_of(copy, section))
        yield Task(
            key=section.key,
            title=section.title.say(language),
            state=_state(copy, section, waiting),
            hint=gapped((_hint(copy, section, language), _comments_hint(waiting))),
            optional=section.is_optional and not any(field.kind == Kind.HEAD for field in section.fields),
        )


def is_closed(copy: WorkingCopy, section: Section) -> bool:
    """Whether a return left the whole section as it was handed in; what is filled from the register never is."""
    heads_only = all(field.kind == Kind.HEAD for field in section.fields)
    return not heads_only and not any(anchor in copy.opened for anchor in anchors_of(copy, section))


def _state(copy: WorkingCopy, section: Section, waiting: Sequence[Thread]) -> str:
    """A chip's state: a section with an open comment came back, one of which nothing is open is closed."""
    if waiting:
        return "returned"
    if is_closed(copy, section):
        return CLOSED
    return state_of(copy.draft, section).value


def _comments_hint(waiting: Sequence[Thread]) -> str:
    if not waiting:
        return ""
    return ngettext("%(count)s open comment", "%(count)s open comments", len(waiting)) % {
        "count": len(waiting)
    }


def _hint(copy: WorkingCopy, section: Section, language: str) -> str:
    hints = [_field_hint(copy, field, language) for field in section.fields]
    return next((hint for hint in hints if hint), "")


def _field_hint(copy: WorkingCopy, field: Field, language: str) -> str:
    match field.kind:
        case Kind.HEAD:
            return pgettext("between items of a list", ", ").join(
                item.label.say(language) for item in field.items
            )
        case Kind.RESULTS:
            return _results_hint(copy, field)
        case Kind.PHOTOS:
            count = len(copy.attachments)
            return ngettext("%(count)s file", "%(count)s files", count) % {"count": count} if count else ""
        case _:
            if not is_asked(copy.edition, field, copy.draft.answers):
                return ""
            return _short(words_of(field, copy.draft.answer(field), language))


def _results_hint(copy: WorkingCopy, field: Field) -> str:
    rows = _rows(copy, field)
    if not rows:
        return gettext("No plan is registered yet.") if copy.version is None else ""
    written = sum(1 for row in rows if not copy.draft.row_answer(row).is_untouched)
    coded = sum(1 for row in rows if copy.draft.row_answer(row).progress is not None)
    return ngettext(
        "%(written)s of %(count)s row written, %(coded)s with a progress code",
        "%(written)s of %(count)s rows written, %(coded)s with a progress code",
        len(rows),
    ) % {"written": written, "count": len(rows), "coded": coded}


def _rows(copy: WorkingCopy, field: Field) -> tuple[Row, ...]:
    return copy.draft.rows_of(field) if field.kind == Kind.RESULTS else ()


def words_of(field: Field, answer: Answer, language: str) -> str:
    """An answer in the words of the form: what was chosen or ticked, then what was written."""
    if is_blank(answer) and not answer.text:
        return ""
    match answer:
        case Written(text=text) if field.kind == Kind.NUMBER:
            return with_unit(text, field.unit, language)
        case Written(text=text, nothing=nothing):
            return "\n".join([gettext("Nothing to report in this round")] * nothing + [text] * bool(text))
        case Chosen(value=value):
            chosen = [value] if value else []
        case YesNo(said=said):
            chosen = {True: ["yes"], False: ["no"], None: []}[said]
        case Ticked(values=values):
            chosen = list(values)
    said_words = pgettext("between items of a list", ", ").join(
        label_of(field, value, language) for value in chosen
    )
    return f"{said_words}{colon()}{answer.text}" if said_words and answer.text else said_words or answer.text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= HINT_LENGTH else f"{line[:HINT_LENGTH]}…"
