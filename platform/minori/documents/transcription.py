"""転記モード: a report as a list of what is to be copied into the official system, field by field in the form's order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from minori.documents.paper import Paper, PaperSection
from minori.documents.results import ResultRow, ResultTable
from minori.documents.said import Said
from minori.marks import gapped
from minori.report_forms.answers import Progress
from minori.report_forms.marks import split


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing to copy, to choose there, or that was left blank; `label` is "" where the entry's title says it."""

    id: str
    label: str
    text: str
    what: Literal["text", "choice", "blank"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field of the official form, or one row of its table; `key` tells it apart, for the tick that it is copied."""

    key: str
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The entries under one heading of the form."""

    title: str
    entries: tuple[Entry, ...]


def of(paper: Paper, *, language: str) -> tuple[Group, ...]:
    """The groups in the order of the form. What the official form does not have is left out."""
    maker = _Maker(language)
    head = [
        Entry(key=line.key, title=line.label, pieces=(Piece(id=f"t-{line.key}", label="", text=line.text),))
        for line in paper.head
        if line.text
    ]
    groups = [Group(title=_("About the report"), entries=tuple(head))] if head else []
    for part in paper.parts:
        for section in part.sections:
            entries = tuple(maker.entries(section))
            if entries:
                groups.append(Group(title=gapped((part.title, section.title)), entries=entries))
    return tuple(groups)


class _Maker:
    def __init__(self, language: str) -> None:
        self.language = language

    def entries(self, section: PaperSection) -> Iterator[Entry]:
        for table in section.tables:
            for row in table.rows:
                yield Entry(key=row.anchor, title=row.statement, pieces=tuple(self.row(table, row)))
        for said in section.said:
            if said.printed:
                title = f"{said.number} {said.label or section.title}".strip()
                yield Entry(key=said.anchor, title=title, pieces=tuple(self.said(said)))
        for photos in section.photo_lists:
            for photo in photos.photos:
                pieces = (Piece(id=f"t-{photo.uuid}", label="", text=photo.caption),) if photo.caption else ()
                yield Entry(key=photo.uuid, title=photo.filename, pieces=pieces)

    def row(self, table: ResultTable, row: ResultRow) -> Iterator[Piece]:
        """The text whole, then by indicator where it can be told apart, the progress in words, the remark."""
        label = next((column.label for column in table.columns if column.column == "text"), table.label)
        if row.nothing:
            yield Piece(id=f"t-{row.anchor}", label=label, text=_("Nothing to report in this round"))
        elif row.text:
            yield Piece(id=f"t-{row.anchor}", label=label, text=row.text)
            yield from self.by_indicator(row)
        else:
            yield Piece(id=f"t-{row.anchor}", label=label, text=_("not reported"), what="blank")
        progress = next(
            (column.label for column in table.columns if column.column == "progress"), _("Progress")
        )
        coded = row.progress or row.covered_progress
        yield Piece(
            id=f"p-{row.anchor}", label=progress, text=self.code(row), what="choice" if coded else "blank"
        )
        if row.remark:
            yield Piece(id=f"r-{row.anchor}", label=_("Reason or remark"), text=row.remark)

    def by_indicator(self, row: ResultRow) -> Iterator[Piece]:
        marks = [one.mark for one in row.indicators]
        pieces = split(row.text, marks) if len(marks) > 1 else None
        for number, one in enumerate(row.indicators):
            if pieces and pieces[one.mark]:
                yield Piece(id=f"t-{row.anchor}-{number}", label=one.statement, text=pieces[one.mark])

    def code(self, row: ResultRow) -> str:
        code = row.progress or row.covered_progress
        if code is None:
            return _("nothing to report") if row.nothing else _("not reported")
        words = f"{code} {Progress(code).label.say(self.language)}"
        if row.progress is None:
            return _("%(code)s (stated together at %(name)s)") % {"code": words, "name": row.covered_by}
        return words

    def said(self, said: Said) -> Iterator[Piece]:
        chosen = (
            [tick.label for tick in said.ticks if tick.ticked]
            if said.ticks
            else [said.words] * bool(said.words)
        )
        for number, words in enumerate(chosen):
            yield Piece(id=f"c-{said.anchor}-{number}", label="", text=words, what="choice")
        if said.nothing:
            yield Piece(id=f"n-{said.anchor}", label="", text=_("Nothing to report in this round"))
        if said.text:
            yield Piece(id=f"t-{said.anchor}", label=said.text_label, text=said.digits or said.text)
        if said.blank:
            yield Piece(id=f"b-{said.anchor}", label="", text=_("not answered"), what="blank")
