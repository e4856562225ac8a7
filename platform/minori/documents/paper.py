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
from minori.report_forms.amounts import plainly, with_unit
from minori.report_forms.answers import (
    NO,
    YES,
    Chosen,
    Ticked,
    Written,
    YesNo,
    blank,
    is_answerable,
    is_asked,
    is_untouched,
    read_day,
    read_number,
)
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Choice, Edition, Field, Item, Kind, Part, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLine:
    """One line of the head: a text or a day; both empty for a draft's day of handing in."""

    key: str
    label: str
    text: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One box of a list; `label` is the number alone where no label is known."""

    label: str
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answered question.

    `anchor` is the field's key, where comments hang. `words` is what was chosen ("3. 課題がある", "有"),
    `ticks` the boxes, `text` what was written, `text_label` the form's name for it; a number's `text` has its
    unit behind it and `digits` hold it alone, a date's `day` is the day where `text` is one. `nothing` is true where
    somebody said that there is nothing to report in this round, `blank` where nothing was answered. `printed`
    is false for what the official form does not have. `unknown` is true where a chosen place has no confirmed
    label.
    """

    anchor: str
    kind: str
    label: str
    number: str = ""
    printed: bool = True
    optional: bool = False
    words: str = ""
    ticks: tuple[Tick, ...] = ()
    text: str = ""
    digits: str = ""
    text_label: str = ""
    day: date | None = None
    nothing: bool = False
    blank: bool = False
    unknown: bool = False


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
                said for field in section.fields if is_answerable(field) for said in self.said(field, section)
            ),
            photo_lists=tuple(self.photos(field) for field in of_kind[Kind.PHOTOS]),
        )

    def said(self, field: Field, section: Section) -> Iterator[Said]:
        """The answer to a field; nothing for an unanswered field that is not asked, or not on the official form."""
        answer = self.contents.answers.get(field.key, blank(field))
        asked = field.printed and is_asked(self.edition, field, self.contents.answers)
        if not asked and is_untouched(answer):
            return
        chosen, ticks = self._choices(field, answer)
        yield Said(
            anchor=field.key,
            kind=field.kind.value,
            label=self._label(field, section),
            number=field.number,
            printed=field.printed,
            optional=section.is_optional,
            words=" ".join(self._words(choice) for choice in chosen) if not ticks else "",
            ticks=ticks,
            text=self._text(field, answer.text),
            digits=self._digits(field, answer.text),
            day=read_day(answer.text) if field.kind == Kind.DATE else None,
            text_label=self._text_label(field, chosen),
            nothing=isinstance(answer, Written) and answer.nothing,
            blank=is_untouched(answer),
            unknown=any(not choice.confirmed for choice in chosen),
        )

    def _text(self, field: Field, text: str) -> str:
        return with_unit(text, field.unit, self.language) if field.kind == Kind.NUMBER else text

    def _digits(self, field: Field, text: str) -> str:
        number = read_number(field, text) if field.kind == Kind.NUMBER else None
        return "" if number is None else plainly(number)

    def _label(self, field: Field, section: Section) -> str:
        """The field's label, "" where the heading right above it, the section's or the part's, says the same."""
        label = field.label.say(self.language)
        if not label or len(section.fields) > 1:
            return label
        heading = section.heading.say(self.language)
        part = self.edition.part_of(section.key)
        title = "" if heading or len(part.sections) > 1 else part.title.say(self.language)
        return "" if label.casefold() in heading.casefold() or label == title else label

    def _choices(self, field: Field, answer: object) -> tuple[tuple[Choice, ...], tuple[Tick, ...]]:
        """What was chosen, and for boxes the whole list as the form prints it."""
        match answer:
            case Chosen(value=value):
                return self._find(field, (value,) if value else ()), ()
            case YesNo(said=said):
                return self._find(field, () if said is None else (YES if said else NO,)), ()
            case Ticked(values=values):
                chosen = self._find(field, values)
                shown = [one for one in field.choices if one.confirmed or one in chosen]
                shown += [one for one in chosen if one not in shown]
                return chosen, tuple(Tick(label=self._words(one), ticked=one in chosen) for one in shown)
            case Written():
                return (), ()
        return (), ()

    def _find(self, field: Field, values: tuple[str, ...]) -> tuple[Choice, ...]:
        # a value the edition does not know any more is shown as it was stored, never dropped
        return tuple(field.choice(value) or Choice(value=value, confirmed=False) for value in values)

    def _words(self, choice: Choice) -> str:
        """The choice as the form prints it: numbered choices with their number, open places by number alone."""
        label = choice.label.say(self.language) if choice.confirmed else ""
        if not label:
            return f"{choice.value}."
        return f"{choice.value}. {label}" if choice.value.isdigit() else label

    def _text_label(self, field: Field, chosen: tuple[Choice, ...]) -> str:
        asking = next((one for one in (*chosen, *field.choices) if one.wants_text), None)
        return asking.text_label.say(self.language) if asking else ""

    def photos(self, field: Field) -> PhotoList:
        return PhotoList(
            anchor=field.key,
            label=field.label.say(self.language),
            note=field.note.say(self.language),
            photos=tuple(one for one in self.files if one.is_photo),
            documents=tuple(one for one in self.files if not one.is_photo),
        )
