"""Texts that are word for word those of the last report: derived by comparing, never stored."""

from collections.abc import Iterator
from dataclasses import dataclass

from minori.documents.results import name_of
from minori.report_forms.answers import is_answerable
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Field, Kind, Section
from tenants.reports.drafts import WorkingCopy
from tenants.reports.sections import language_in_force


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A section with the names of its rows or fields that did not change; `control` is the first one's control."""

    section: Section
    names: tuple[str, ...]
    control: str


def in_report(copy: WorkingCopy, previous: Contents | None) -> list[Unchanged]:
    """The sections with texts that did not change since the last report, in the order of the form."""
    if previous is None:
        return []
    found = []
    for section in copy.edition.sections:
        same = [one for field in section.fields for one in _same(copy, field, previous)]
        if same:
            found.append(Unchanged(section, tuple(name for name, _control in same), same[0][1]))
    return found


def _same(copy: WorkingCopy, field: Field, previous: Contents) -> Iterator[tuple[str, str]]:
    """Names and controls of what did not change."""
    if field.kind == Kind.RESULTS:
        for row in copy.draft.rows_of(field):
            before = previous.row_answer(row.uuid)
            if before is not None and _is_same(before.text, copy.draft.row_answer(row).text):
                yield name_of(row), f"row-{row.uuid}"
        return
    before_it = previous.answers.get(field.key) if is_answerable(field) else None
    if before_it is not None and _is_same(before_it.text, copy.draft.answer(field).text):
        yield field.label.say(language_in_force()), f"field-{field.key}"


def _is_same(before: str, now: str) -> bool:
    return bool(now.strip()) and before.strip() == now.strip()
