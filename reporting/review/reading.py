"""A report as an officer reads it: the paper, what changed, what stood before, what was said. Asks no database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from minori.documents.paper import Paper, PaperSection, PhotoList
from minori.documents.results import ResultRow, ResultTable
from minori.documents.said import Said
from minori.documents.sheet import written
from minori.filings.correction import Correction
from minori.filings.models import OpenPart
from minori.report_forms.corrections import places
from minori.report_forms.differences import Change, Segment, Where, compare
from reporting.review.comparing import chosen, pieces, same_text
from reporting.review.numbers import Number
from reporting.review.sources import Sources
from reporting.review.threads import Thread, threads_of

WHOLE = ""
FOLD_FROM = 2


@dataclass(frozen=True, kw_only=True)
class Margin:
    """What stands beside one part: its threads, what is being written there, the corrections that were proposed.

    `anchor` is a field's key or a row's UUID, "" for the whole report; `name` is what people call the part.
    """

    anchor: str
    name: str
    threads: tuple[Thread, ...]
    typed: str
    opened: OpenPart | None = None
    corrections: tuple[Correction, ...] = ()
    may_correct: bool = False

    @property
    def input_name(self) -> str:
        """Name of the input in which a comment is written here."""
        return input_name(self.anchor)


@dataclass(frozen=True, kw_only=True)
class RowReading:
    """One row: now, in the previous round, and how it differs from the last revision."""

    row: ResultRow
    before: ResultRow | None
    was: ResultRow | None
    text: tuple[Segment, ...]
    remark: tuple[Segment, ...]
    changed: bool
    margin: Margin
    numbers: tuple[Number, ...] = ()

    @property
    def progress_changed(self) -> bool:
        """Whether the code differs from the last revision."""
        return self.was is not None and self.was.progress != self.row.progress

    @property
    def same_as_before(self) -> bool:
        """Whether the text is word for word that of the previous round."""
        return same_text(self.before, self.row)

    @property
    def nothing_changed(self) -> bool:
        """Whether "nothing to report" was said or taken back since the last revision."""
        return self.was is not None and self.was.nothing != self.row.nothing

    @property
    def is_new(self) -> bool:
        """Whether the last revision did not ask this row."""
        return self.changed and self.was is None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed here, nobody spoke, and nothing is being written."""
        at = self.margin
        return not (self.changed or at.threads or at.typed or at.opened or at.corrections)


@dataclass(frozen=True, kw_only=True)
class FieldReading:
    """One answer: now, in the previous round, and in the last revision where it differs.

    `removed` answers stood in the last revision only.
    """

    said: Said
    before: Said | None
    was: Said | None
    text: tuple[Segment, ...]
    changed: bool
    removed: bool
    margin: Margin

    @property
    def same_as_before(self) -> bool:
        """Whether the text is word for word that of the previous round."""
        return not self.removed and same_text(self.before, self.said)


@dataclass(frozen=True, kw_only=True)
class PhotosReading:
    """The files; `new` are the uuids that the last revision did not have, `removed` the names of those it had."""

    photos: PhotoList
    new: frozenset[str]
    removed: tuple[str, ...]
    margin: Margin

    @property
    def changed(self) -> bool:
        """Whether photos came or went."""
        return bool(self.new or self.removed)


@dataclass(frozen=True, kw_only=True)
class Run:
    """Neighbouring rows; `folded` ones did not change since the last revision and nobody spoke about them."""

    rows: tuple[RowReading, ...]
    folded: bool

    @property
    def name(self) -> str:
        """What the rows are called together: "0102–0106"."""
        first, last = self.rows[0].row.name, self.rows[-1].row.name
        return first if first == last else f"{first}–{last}"


@dataclass(frozen=True, kw_only=True)
class TableReading:
    """A results table; `gone` are rows that only the last revision asked."""

    table: ResultTable
    runs: tuple[Run, ...]
    gone: tuple[ResultRow, ...]
    margin: Margin

    @property
    def rows(self) -> tuple[RowReading, ...]:
        """All rows, in order."""
        return tuple(row for run in self.runs for row in run.rows)


@dataclass(frozen=True, kw_only=True)
class SectionReading:
    """One section of the form; `level` is that of the headings of its rows and questions."""

    key: str
    heading: str
    level: int
    tables: tuple[TableReading, ...]
    fields: tuple[FieldReading, ...]
    photos: tuple[PhotosReading, ...]


@dataclass(frozen=True, kw_only=True)
class PartReading:
    """One part of the form."""

    title: str
    sections: tuple[SectionReading, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A part of the report to jump to."""

    anchor: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The whole report.

    `changes` are the places that differ from the last revision, None where there is none to compare with.
    `elsewhere` are the threads at parts that this revision no longer has.
    """

    paper: Paper
    parts: tuple[PartReading, ...]
    whole: Margin
    changes: tuple[Place, ...] | None
    elsewhere: tuple[Margin, ...]

    def anchors(self) -> frozenset[str]:
        """Everything a comment can be written at."""
        return frozenset(anchors_of(self.paper))


def input_name(anchor: str) -> str:
    """The name of the input for a comment at an anchor; "" is the whole report."""
    return f"comment-{anchor or 'whole'}"


def anchors_of(paper: Paper) -> Iterator[str]:
    """Every anchor of a paper: the whole, tables, rows, fields and photo lists."""
    yield WHOLE
    for table in paper.tables:
        yield table.anchor
        yield from (row.anchor for row in table.rows)
    yield from (said.anchor for said in paper.said)
    for part in paper.parts:
        for section in part.sections:
            yield from (photos.anchor for photos in section.photo_lists)


def of(sources: Sources) -> Reading:
    """The reading of a report."""
    return _Maker(sources).reading()


class _Maker:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.threads = threads_of(sources.comments)
        self.rows_before = {row.uuid: row for row in sources.previous.rows} if sources.previous else {}
        self.said_before = {said.anchor: said for said in sources.previous.said} if sources.previous else {}
        self.rows_last = {row.uuid: row for row in sources.last.rows} if sources.last else {}
        self.said_last = {said.anchor: said for said in sources.last.said} if sources.last else {}
        self.changes = self._changes()
        self.correctable = {anchor for anchor, _aspect in places(sources.contents)}

    def _changes(self) -> dict[str, list[Change]]:
        """The differences from the last revision by the anchor they are shown at."""
        last = self.sources.last_contents
        found: dict[str, list[Change]] = {}
        for change in compare(last, self.sources.contents) if last else ():
            found.setdefault(self._anchor(change), []).append(change)
        return found

    def _anchor(self, change: Change) -> str:
        if change.where != Where.INDICATOR:
            return str(change.anchor)
        facts = change.new if isinstance(change.new, Mapping) else change.old
        if isinstance(facts, Mapping):  # a whole indicator came or went
            return str(facts["row"])
        row, _ = self.sources.contents.framework.indicator(change.anchor)  # type: ignore[arg-type]  # a UUID for indicators
        return str(row.uuid)

    def reading(self) -> Reading:
        paper = self.sources.paper
        parts = tuple(
            PartReading(title=part.title, sections=tuple(self._section(section) for section in part.sections))
            for part in paper.parts
        )
        known = frozenset(anchors_of(paper))
        elsewhere = [
            self._margin(anchor, self._old_name(anchor)) for anchor in self.threads if anchor not in known
        ]
        return Reading(
            paper=paper,
            parts=parts,
            whole=self._margin(WHOLE, ""),
            changes=tuple(_places(parts)) if self.sources.last else None,
            elsewhere=tuple(elsewhere),
        )

    def _section(self, section: PaperSection) -> SectionReading:
        return SectionReading(
            key=section.key,
            heading=section.heading,
            level=section.level - 1,
            tables=tuple(self._table(table) for table in section.tables),
            fields=(
                *(self._field(said, section) for said in section.said),
                *(self._removed(said) for said in self._gone_from(section)),
            ),
            photos=tuple(self._photos(photos) for photos in section.photo_lists),
        )

    def _table(self, table: ResultTable) -> TableReading:
        asked = {row.uuid for row in table.rows}
        last = (
            [one for one in self.sources.last.tables if one.anchor == table.anchor]
            if self.sources.last
            else []
        )
        return TableReading(
            table=table,
            runs=tuple(self._runs([self._row(row) for row in table.rows])),
            gone=tuple(row for one in last for row in one.rows if row.uuid not in asked),
            margin=self._margin(table.anchor, table.label),
        )

    def _runs(self, rows: Sequence[RowReading]) -> Iterator[Run]:
        """Where something changed since the last revision, long stretches without change are folded."""
        for quiet, group in groupby(rows, key=lambda row: bool(self.changes) and row.is_quiet):
            run = tuple(group)
            yield Run(rows=run, folded=quiet and len(run) >= FOLD_FROM)

    def _row(self, row: ResultRow) -> RowReading:
        was = self.rows_last.get(row.uuid)
        return RowReading(
            row=row,
            before=self.rows_before.get(row.uuid),
            was=was,
            text=pieces(was.text if was else None, row.text),
            remark=pieces(was.remark if was else None, row.remark),
            changed=row.anchor in self.changes,
            margin=self._margin(row.anchor, row.name),
            numbers=self.sources.numbers.get(row.uuid, ()),
        )

    def _field(self, said: Said, section: PaperSection) -> FieldReading:
        was = self.said_last.get(said.anchor)
        return FieldReading(
            said=said,
            before=self.said_before.get(said.anchor),
            was=was if was is not None and chosen(was) != chosen(said) else None,
            text=pieces(written(was) if was else None, written(said)),
            changed=said.anchor in self.changes,
            removed=False,
            margin=self._margin(said.anchor, said.label or section.title),
        )

    def _gone_from(self, section: PaperSection) -> list[Said]:
        """Answers that only the last revision has: follow-up questions that are no longer asked."""
        sections = (
            [one for part in self.sources.last.parts for one in part.sections if one.key == section.key]
            if self.sources.last
            else []
        )
        answered = {said.anchor for said in section.said}
        return [said for one in sections for said in one.said if said.anchor not in answered]

    def _removed(self, said: Said) -> FieldReading:
        return FieldReading(
            said=said,
            before=None,
            was=None,
            text=pieces(written(said), ""),
            changed=True,
            removed=True,
            margin=Margin(anchor=said.anchor, name=said.label, threads=(), typed=""),
        )

    def _photos(self, photos: PhotoList) -> PhotosReading:
        last = self.sources.last_contents
        before = {str(one.uuid): one.caption or one.filename for one in last.attachments} if last else {}
        now = {one.uuid for one in (*photos.photos, *photos.documents)}
        return PhotosReading(
            photos=photos,
            new=frozenset(uuid for uuid in now if uuid in self.changes),
            removed=tuple(name for uuid, name in before.items() if uuid not in now),
            margin=self._margin(photos.anchor, photos.label),
        )

    def _old_name(self, anchor: str) -> str:
        """What a part was called in the last revision; "" where it had none either."""
        names = {row.anchor: row.name for row in self.rows_last.values()}
        names |= {said.anchor: said.label for said in self.said_last.values()}
        return names.get(anchor, "")

    def _margin(self, anchor: str, name: str) -> Margin:
        threads = tuple(self.threads.get(anchor, ()))
        return Margin(
            anchor=anchor,
            name=name,
            threads=threads,
            typed=self.sources.typed.get(anchor, ""),
            opened=self.sources.opened.get(anchor),
            corrections=tuple(one for one in self.sources.corrections if one.anchor == anchor),
            may_correct=anchor in self.correctable,
        )


def _places(parts: Iterable[PartReading]) -> Iterator[Place]:
    """Where something differs from the last revision, in the order of the form."""
    for part in parts:
        for section in part.sections:
            for table in section.tables:
                yield from (_place(row.margin) for row in table.rows if row.changed)
                yield from (Place(anchor=row.anchor, name=row.name) for row in table.gone)
            yield from (_place(field.margin) for field in section.fields if field.changed)
            yield from (_place(photos.margin) for photos in section.photos if photos.changed)


def _place(margin: Margin) -> Place:
    return Place(anchor=margin.anchor, name=margin.name)
