"""A filing taken apart into its passages: each text that somebody wrote, with the place where it stands. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from minori.report_forms.contents import Contents
from minori.report_forms.framework import Row
from minori.report_forms.texts import is_empty
from reporting.reading import folding


class Part(StrEnum):
    """What kind of text a passage is."""

    ROW = "row"
    REMARK = "remark"
    FIELD = "field"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text of a filing. `anchor` is a field's key or a row's UUID, the place where comments hang.

    `name` is what the row was called in the plan (code and statement), to the letter; a field is named by its form.
    """

    part: Part
    anchor: str
    name: str
    text: str


def of(contents: Contents) -> Iterator[Words]:
    """The texts of a filing, in its order; blanks are left out. Captions stand with the report or their row."""
    rows = {row.uuid: row for row in contents.framework}
    for answer in contents.rows:
        name = _name(rows.get(answer.row))
        if not is_empty(answer.text):
            yield Words(part=Part.ROW, anchor=str(answer.row), name=name, text=answer.text)
        if not is_empty(answer.remark):
            yield Words(part=Part.REMARK, anchor=str(answer.row), name=name, text=answer.remark)
    for key, given in contents.answers.items():
        if not is_empty(given.text):
            yield Words(part=Part.FIELD, anchor=key, name="", text=given.text)
    for file in contents.attachments:
        if not is_empty(file.caption):
            yield Words(part=Part.CAPTION, anchor=_place(file.row), name=file.filename, text=file.caption)


def _place(row: UUID | None) -> str:
    return "" if row is None else str(row)


def _name(row: Row | None) -> str:
    return "" if row is None else folding.name_of_row(row.code, row.statement)
