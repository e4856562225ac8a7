"""The paper of a report: contents and their form edition as plain values, in the order of the official form.

Nothing is asked of the database here, and nothing is left out that was handed in. Only labels that are
known for certain are printed: an open place of a choice list shows its number alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from minori.documents import attached, results
from minori.documents.attached import Attached, PhotoUrl
from minori.documents.results import ResultRow, ResultTable
from minori.documents.said import Said, Saying
from minori.report_forms.answers import is_answerable
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Edition, Field, Item, Kind, Part, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLine:
    """One line of the head: a text or a day; both empty for a draft's day of handing in."""

    key: str
    label: str
    text: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoList:
    """The photos and the documents of one field, with the form's note below; those put at rows say so."""

    anchor: str
    label: str
    note: str
    photos: tuple[Attached, ...]
    documents: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSection:
    """One section; `heading` is printed once above neighbouring sections that share it, "" otherwise.

    `level` is that of the headings of its questions.
    """

    key: str
    title: str
    heading: str
    level: int = 4
    tables: tuple[ResultTable, ...] = ()
    said: tuple[Said, ...] = ()
    photo_lists: tuple[PhotoList, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPart:
    """One part of the form (① 実績値, ② …)."""

    key: str
    title: str
    sections: tuple[PaperSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A report as it is read. `draft` papers say so and name no day of handing in."""

    title: str
    draft: bool
    revision: int
    round_title: str
    head: tuple[HeadLine, ...]
    parts: tuple[PaperPart, ...]

    @property
    def tables(self) -> tuple[ResultTable, ...]:
        """All results tables, in order."""
        return tuple(table for part in self.parts for section in part.sections for table in section.tables)

    @property
    def rows(self) -> tuple[ResultRow, ...]:
        """All rows of all results tables, in order."""
        return tuple(row for table in self.tables for row in table.rows)

    @property
    def said(self) -> tuple[Said, ...]:
        """All answered questions, in order."""
        return tuple(said for part in self.parts for section in part.sections for said in section.said)


def of(
    contents: Contents,
    *,
    edition: Edition,
    language: str,
    photo_url: PhotoUrl | None = None,
    draft: bool = False,
) -> Paper:
    """The paper of these contents in the form's words of `language` ("ja", "en"; users' texts stay as written).

    `photo_url` gives the address of a photo; without it papers name the photos. `draft` marks the paper
    下書き and leaves the day of handing in open.
    """
    reading = _Reading(contents, edition, language, photo_url)
    parts = (reading.part(part) for part in edition.parts)
    return Paper(
        title=edition.title.say(language),
        draft=draft,
        revision=contents.head.revision,
        round_title=contents.head.round_title,
        head=tuple(reading.head(draft=draft)),
        parts=tuple(part for part in parts if part.sections),
    )


class _Reading:
    def __init__(
        self, contents: Contents, edition: Edition, language: str, photo_url: PhotoUrl | None
    ) -> None:
        self.contents = contents
        self.edition = edition
        self.language = language
        self.saying = Saying(edition, contents.answers, language)
        names = results.names_of(contents.framework)
        self.files = attached.of(contents, names=names, language=language, url=photo_url)

    def head(self, *, draft: bool) -> Iterator[HeadLine]:
        head = self.contents.head
        texts = {
            Item.PROJECT_TITLE.value: head.project_title,
            Item.DISTRIBUTOR.value: head.distributor,
            Item.ORGANIZATION.value: head.organization,
            Item.ROUND_TITLE.value: head.round_title,
        }
        days = {
            Item.HANDED_IN_ON.value: None if draft else head.handed_in_on,
            Item.STARTS_ON.value: head.starts_on,
            Item.ENDS_ON.value: head.ends_on,
        }
        for field in self.edition.fields_of(Kind.HEAD):
            for item in field.items:
                label = item.label.say(self.language)
                if item.key in texts:
                    yield HeadLine(key=item.key, label=label, text=texts[item.key])
                elif item.key in days:
                    yield HeadLine(key=item.key, label=label, day=days[item.key])

    def part(self, part: Part) -> PaperPart:
        sections: list[PaperSection] = []
        above = ""
        for section in part.sections:
            shown = self.section(section, above)
            above = section.heading.say(self.language)
            if shown.tables or shown.said or shown.photo_lists:
                sections.append(shown)
        return PaperPart(key=part.key, title=part.title.say(self.language), sections=tuple(sections))

    def section(self, section: Section, above: str) -> PaperSection:
        heading = section.heading.say(self.language)
        of_kind = {kind: [one for one in section.fields if one.kind == kind] for kind in Kind}
        return PaperSection(
            key=section.key,
            title=section.title.say(self.language),
            heading="" if heading == above else heading,
            level=5 if heading else 4,
            tables=tuple(
                results.table_of(
                    self.contents,
                    field=field,
                    language=self.language,
                    files=attached.by_row(self.files),
                )
                for field in of_kind[Kind.RESULTS]
            ),
            said=tuple(
                said
                for field in section.fields
                if is_answerable(field)
                for said in self.saying.said(field, section)
            ),
            photo_lists=tuple(self.photos(field) for field in of_kind[Kind.PHOTOS]),
        )

    def photos(self, field: Field) -> PhotoList:
        return PhotoList(
            anchor=field.key,
            label=field.label.say(self.language),
            note=field.note.say(self.language),
            photos=tuple(one for one in self.files if one.is_photo),
            documents=tuple(one for one in self.files if not one.is_photo),
        )
