"""Two papers side by side: every field of both, with what came, went or stayed inside each text.

Made from papers and not from contents, so that what is compared is what people read: words and boxes, not values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext

from minori.documents.attached import Attached
from minori.documents.paper import HeadLine, Paper, PaperPart, PaperSection
from minori.documents.results import ResultRow, ResultTable
from minori.documents.said import Said
from minori.documents.sheet import written
from minori.report_forms.answers import Progress
from minori.report_forms.differences import Segment, SegmentKind, segments
from minori.report_forms.edition import Column

T = TypeVar("T")
Facts = dict[str, tuple[str, str]]  # by what they are: the form's name and the text

# Text and progress of a row are answers and come after what is registered for it.
_ANSWERED = frozenset({Column.STATEMENT.value, Column.TEXT.value, Column.PROGRESS.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact of a place: its name on the form ("" where the place has but one) and its text in pieces."""

    label: str
    pieces: tuple[Segment, ...]

    @property
    def changed(self) -> bool:
        """Whether something came or went."""
        return any(piece.kind != SegmentKind.EQUAL for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row, a question, a file or a line of the head; `standing` says whether only one paper has it."""

    name: str
    lines: tuple[Line, ...]
    standing: str = "both"  # both, new, gone

    @property
    def changed(self) -> bool:
        """Whether the papers differ here."""
        return self.standing != "both" or any(line.changed for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The places of one part of the form, those that differ and those that do not, each in the form's order."""

    title: str
    changed: tuple[Place, ...]
    same: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that stands in either paper."""

    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """How many places differ."""
        return sum(len(part.changed) for part in self.parts)


def of(old: Paper, new: Paper, *, language: str) -> Comparison:
    """Compare two papers in the order of the newer one; what only the older has stands behind it.

    The papers may be of different editions and plans: rows are the same by their identity, questions by their key.
    The day of handing in and the revision are those of each paper and are not compared.
    """
    sides = _Sides(old, new, language)
    parts = [sides.head(), *(sides.part(old_part, new_part) for old_part, new_part in _paired(old, new))]
    return Comparison(parts=tuple(part for part in parts if part.changed or part.same))


def _paired(old: Paper, new: Paper) -> Iterator[tuple[PaperPart | None, PaperPart | None]]:
    yield from _pairs({part.key: part for part in old.parts}, {part.key: part for part in new.parts})


def _pairs(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[T | None, T | None]]:
    """Each thing of the newer with its older self, then what went."""
    for key, now in new.items():
        yield old.get(key), now
    for key, before in old.items():
        if key not in new:
            yield before, None


class _Sides:
    def __init__(self, old: Paper, new: Paper, language: str) -> None:
        self.old = old
        self.new = new
        self.language = language

    def head(self) -> Part:
        lines = [{line.key: line for line in side.head if line.text} for side in (self.old, self.new)]
        return _part("", [_place(*both, name=_label_of, facts=_of_head) for both in _pairs(*lines)])

    def part(self, old: PaperPart | None, new: PaperPart | None) -> Part:
        shown = new or old
        assert shown is not None, "one of the two has it"
        sections = [
            {section.key: section for section in side.sections} if side else {} for side in (old, new)
        ]
        places = [place for both in _pairs(*sections) for place in self.section(*both)]
        return _part(shown.title, places)

    def section(self, old: PaperSection | None, new: PaperSection | None) -> Iterator[Place]:
        for rows in _pairs(_rows(old), _rows(new)):
            yield _place(*rows, name=lambda row: row.statement, facts=self.of_row)
        for said in _pairs(_said(old), _said(new)):
            yield _place(*said, name=lambda one: _name_of(one, new or old), facts=_of_said)
        for files in _pairs(_files(old), _files(new)):
            yield _place(*files, name=lambda one: one.filename, facts=_of_file)

    def of_row(self, row: ResultRow) -> Facts:
        labels = {cell.column: cell.label for cell in row.cells}
        registered = {
            cell.column: (cell.label, "\n".join(cell.lines))
            for cell in row.cells
            if cell.column not in _ANSWERED
        }
        return {
            "statement": (labels.get(Column.STATEMENT.value, ""), row.statement),
            **registered,
            "text": (labels.get(Column.TEXT.value, ""), _text_of(row)),
            "progress": (labels.get(Column.PROGRESS.value, ""), self.progress(row)),
            "remark": (gettext("reason or remark"), row.remark),
        }

    def progress(self, row: ResultRow) -> str:
        if row.progress is None:
            return ""
        code = f"{row.progress} {Progress(row.progress).label.say(self.language)}"
        return f"{code} {gettext('(for %(rows)s together)') % {'rows': row.span}}" if row.span else code


def _rows(section: PaperSection | None) -> dict[str, ResultRow]:
    tables: Sequence[ResultTable] = section.tables if section else ()
    return {row.anchor: row for table in tables for row in table.rows}


def _said(section: PaperSection | None) -> dict[str, Said]:
    return {said.anchor: said for said in section.said} if section else {}


def _files(section: PaperSection | None) -> dict[str, Attached]:
    lists = section.photo_lists if section else ()
    return {file.uuid: file for one in lists for file in (*one.photos, *one.documents)}


def _of_file(file: Attached) -> Facts:
    return {
        "caption": ("", file.caption),
        "row": (gettext("row"), file.row_name),
        "rights": (gettext("may it be published"), file.rights),
    }


def _name_of(said: Said, section: PaperSection | None) -> str:
    label = said.label or (section.title if section else "")
    return f"{said.number} {label}" if said.number else label


def _label_of(line: HeadLine) -> str:
    return line.label


def _of_head(line: HeadLine) -> Facts:
    return {"text": ("", line.text)}


def _of_said(said: Said) -> Facts:
    ticked = "\n".join(f"☑ {tick.label}" for tick in said.ticks if tick.ticked)
    return {"answer": ("", said.words or ticked), "text": (said.text_label, _text_of(said))}


def _text_of(one: ResultRow | Said) -> str:
    """What was written, with the word of somebody who said that there is nothing to report."""
    text = written(one) if isinstance(one, Said) else one.text
    return "\n".join(filter(None, (gettext("Nothing to report in this round") if one.nothing else "", text)))


def _part(title: str, places: Iterable[Place]) -> Part:
    found = list(places)
    return Part(
        title=title,
        changed=tuple(place for place in found if place.changed),
        same=tuple(place for place in found if not place.changed),
    )


def _place(old: T | None, new: T | None, *, name: Callable[[T], str], facts: Callable[[T], Facts]) -> Place:
    shown = old if new is None else new
    assert shown is not None, "one of the two has it"
    sides: list[Facts] = [{} if side is None else facts(side) for side in (old, new)]
    lines: list[Line] = []
    for was, now in _pairs(*sides):
        label, _text = now or was or ("", "")
        pieces = segments(was[1] if was else "", now[1] if now else "")
        line = Line(label=label, pieces=pieces)
        if line.changed or "".join(piece.text for piece in pieces) not in ("", name(shown)):
            lines.append(line)  # what the place is called stands above it already
    standing = "gone" if new is None else "new" if old is None else "both"
    return Place(name=name(shown), lines=tuple(lines), standing=standing)
