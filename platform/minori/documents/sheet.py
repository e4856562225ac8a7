"""A paper as the data that its printed form is set from: every text in its place, and nothing but texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from minori import marks
from minori.documents.attached import Attached
from minori.documents.lettering import Lines, height_of, lines_of, printed
from minori.documents.paper import Paper, PaperSection, PhotoList
from minori.documents.results import Cell, ResultRow, ResultTable
from minori.documents.said import Said
from minori.report_forms.edition import Column

Data = dict[str, Any]
Pictures = Mapping[str, str]
"""By the photo's uuid, the name of its file as the typesetter finds it."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the form of an edition lies on paper. `widths` are shares of the table's width, by column."""

    landscape: bool = True
    widths: Mapping[Column, float] = field(default_factory=dict)
    centred: frozenset[Column] = frozenset({Column.SUPPORT, Column.SEASON, Column.ACHIEVE_BY})

    def width(self, column: str) -> float:
        """The share of one column."""
        key = Column(column)
        return self.widths.get(key, _WIDTHS[key])


_WIDTHS: Mapping[Column, float] = {
    Column.STATEMENT: 5,
    Column.SUPPORT: 1.8,
    Column.SEASON: 2.4,
    Column.INDICATORS: 5,
    Column.BASELINES: 4,
    Column.TARGETS: 5,
    Column.ACHIEVE_BY: 2.3,
    Column.MID_STATES: 4.5,
    Column.POST_STATES: 4.5,
    Column.TEXT: 8,
    Column.PROGRESS: 2.4,
}
# What differs from the usual, by the edition's key.
LAYOUTS: Mapping[str, Layout] = {}
USUAL = Layout()

# In full-width characters of the text's size: the breadth of the page, of a table's, and what a cell's edges take.
_BREADTH, _TABLE_BREADTH, _EDGES = 79.0, 88.0, 1.2
_PORTRAIT = 53.0 / 79.0
# A row of up to so many lines is kept on one page; a higher one may go on overleaf.
_KEPT_TOGETHER = 14
# Height to breadth of the place for a picture, as the template has it.
_PLACE_OF_A_PICTURE = 62 / 85


def of(
    paper: Paper,
    *,
    layout: Layout,
    language: str,
    foot: str,
    about: Data,
    pictures: Pictures,
) -> Data:
    """Everything that is printed, for `typst/paper.typ`. Texts of the page itself are in the language in force.

    `about` is what the end says of this revision, or the boxes of a draft.
    """
    printing = _Printing(layout, pictures, marks.colon())
    head = [
        (printing.text(line.label), printing.text(say_day(line.day) if line.day else line.text))
        for line in paper.head
    ]
    return {
        "language": language,
        "region": "JP" if language == "ja" else None,
        "landscape": layout.landscape,
        "name": marks.gapped((paper.title, paper.round_title)),
        "author": "",
        "draft": gettext("Draft (not handed in)") if paper.draft else "",
        "foot": foot,
        "colon": printing.colon,
        "title": printing.text(paper.title),
        "head": head,
        "parts": [
            {
                "title": printing.text(part.title),
                "sections": [printing.section(section) for section in part.sections],
            }
            for part in paper.parts
        ],
        "about": {
            "title": printing.text(about["title"]),
            "pairs": [(printing.text(label), printing.text(value)) for label, value in about["pairs"]],
            "boxes": [printing.text(box) for box in about["boxes"]],
        },
    }


def say_day(day: date) -> str:
    """A day as the pages write it, in the language in force."""
    return date_format(day, pgettext("format of a date with year", "j F Y"))


def written(said: Said) -> str:
    """What was written, a day as the pages write it."""
    return say_day(said.day) if said.day else said.text


class _Printing:
    def __init__(self, layout: Layout, pictures: Pictures, colon: str) -> None:
        self.layout = layout
        self.pictures = pictures
        self.colon = colon
        self.share = 1.0 if layout.landscape else _PORTRAIT

    def text(self, text: str, room: float = _BREADTH) -> Lines:
        return lines_of(text, room=room * self.share)

    def section(self, section: PaperSection) -> Data:
        return {
            "heading": self.text(section.heading),
            "tables": [self.table(table) for table in section.tables],
            "said": [self.said(said) for said in section.said],
            "photos": [self.photos(one, section.heading) for one in section.photo_lists],
        }

    def table(self, table: ResultTable) -> Data:
        rooms = self.rooms([column.column for column in table.columns])
        starred = table.note[:1] if table.note[:1] in ("＊", "*") else ""
        return {
            "columns": [
                {
                    "width": self.layout.width(column.column),
                    "label": self.text(
                        column.label + (starred if column.column == Column.PROGRESS else ""), room
                    ),
                }
                for column, room in zip(table.columns, rooms, strict=True)
            ],
            "rows": [self.row(row, rooms) for row in table.rows],
            "empty": [] if table.rows else self.text(gettext("The plan has no rows of this kind.")),
            "note": self.text(table.note),
        }

    def rooms(self, columns: Sequence[str]) -> list[float]:
        """How many full-width characters fit in a line of each column."""
        whole = sum(self.layout.width(column) for column in columns)
        breadth = _TABLE_BREADTH * self.share
        return [breadth * self.layout.width(column) / whole - _EDGES for column in columns]

    def row(self, row: ResultRow, rooms: Sequence[float]) -> Data:
        cells = [self.cell(row, cell, room) for cell, room in zip(row.cells, rooms, strict=True)]
        heights = [
            sum(height_of(piece["lines"], room=room) for piece in cell)
            for cell, room in zip(cells, rooms, strict=True)
        ]
        return {
            "depth": row.depth,
            "breakable": max(heights, default=0) > _KEPT_TOGETHER,
            "cells": cells,
        }

    def cell(self, row: ResultRow, cell: Cell, room: float) -> list[Data]:
        match Column(cell.column):
            case Column.STATEMENT:
                return self.pieces(("plain", row.statement), room=room - row.depth)
            case Column.TEXT:
                return self.pieces(
                    ("plain", gettext("Nothing to report in this round") if row.nothing else ""),
                    ("plain", row.text),
                    ("quiet", "\n".join(_at_row(one) for one in row.files)),
                    room=room,
                )
            case Column.PROGRESS:
                return self.pieces(*_progress(row), ("plain", row.remark), room=room)
            case column:
                look = "centred" if column in self.layout.centred else "plain"
                return self.pieces((look, "\n".join(cell.lines)), room=room)

    def pieces(self, *pieces: tuple[str, str], room: float = _BREADTH) -> list[Data]:
        return [{"look": look, "lines": self.text(text, room)} for look, text in pieces if text]

    def said(self, said: Said) -> Data:
        label = " ".join(filter(None, (said.number, said.label)))
        if label and not said.printed:
            label = f"{label} {gettext('(not part of the official form)')}"
        introduced = f"→{said.text_label}{self.colon}" if said.text and said.ticks and said.text_label else ""
        return {
            "label": self.text(label),
            "ticks": [{"ticked": tick.ticked, "label": self.text(tick.label)} for tick in said.ticks],
            "pieces": self.pieces(
                ("plain", said.words),
                ("plain", gettext("Nothing to report in this round") if said.nothing else ""),
                ("plain", introduced + written(said)),
            ),
        }

    def photos(self, photos: PhotoList, heading: str) -> Data:
        return {
            "label": self.text("" if photos.label == heading else photos.label),
            "note": self.text(photos.note),
            "photos": [
                {
                    "file": self.pictures.get(photo.uuid, ""),
                    "tall": _is_tall(photo),
                    "alt": printed(photo.caption or photo.filename),
                    "missing": self.text(gettext("This picture cannot be shown."), room=20),
                    "caption": self.text(_words(photo.caption or photo.filename, photo), room=26),
                }
                for photo in photos.photos
            ],
            "documents": [self.text(_named(one)) for one in photos.documents],
        }


def _is_tall(photo: Attached) -> bool:
    """Whether the picture fills its place in height rather than in breadth; so too where its size is not known."""
    return not photo.width or photo.height > photo.width * _PLACE_OF_A_PICTURE


def _progress(row: ResultRow) -> Iterable[tuple[str, str]]:
    """The code as on the official form, with the rows it stands for; where another row's covers this one, that."""
    if row.progress is not None:
        yield "code", str(row.progress)
        if row.span:
            yield "quiet", gettext("(for %(rows)s together)") % {"rows": row.span}
    elif row.covered_by:
        said = gettext("covered by %(code)s at %(name)s")
        yield "quiet", said % {"name": row.covered_by, "code": row.covered_progress}


def _at_row(file: Attached) -> str:
    """A file under its row: named here, and shown where the files of the report are."""
    said = gettext("Photo: %(name)s") if file.is_photo else gettext("Document: %(name)s")
    return said % {"name": file.caption or file.filename}


def _named(document: Attached) -> str:
    size = filesizeformat(document.size)
    named = f"{document.filename}{marks.bracketed(marks.listed((document.kind, size)))}"
    return _words(marks.gapped((named, document.caption)), document)


def _words(text: str, file: Attached) -> str:
    """A caption with the row the file was put at, and what was said about showing it to others."""
    at = gettext("(at row %(name)s)") % {"name": file.row_name} if file.row_name else ""
    return "\n".join(filter(None, (" ".join(filter(None, (text, at))), file.rights)))
