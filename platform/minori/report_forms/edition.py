"""A form edition: parts, sections, fields and their texts, as data that a round of reports pins.

Official wording stands in `Text.ja`, an English one beside it. Labels are the form's own; nothing here
goes through the message catalogues.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from minori.report_forms.framework import Framework, Level, Row, Support
from minori.report_forms.texts import NO_TEXT, Text


class Kind(StrEnum):
    """What a field asks for."""

    HEAD = "head"  # filled from the register: dates, titles, names
    RESULTS = "results"  # one answer for each row of the framework
    CHOICE = "choice"  # one of several
    TICKS = "ticks"  # any of several, perhaps an exclusive "none" and an "other" with text
    TEXT = "text"  # one text, verbatim
    NUMBER = "number"  # one number, as it was written
    DATE = "date"  # one day
    YES_NO = "yes_no"  # 有 / 無, and what
    PHOTOS = "photos"  # attachments


class Accept(StrEnum):
    """What can be attached: each is told by its content."""

    PHOTO = "photo"  # JPEG, PNG, HEIC, WebP; kept as JPEG
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


class Item(StrEnum):
    """What can stand in a head, one label each."""

    HANDED_IN_ON = "handed_in_on"
    PROJECT_TITLE = "project_title"
    DISTRIBUTOR = "distributor"
    ORGANIZATION = "organization"
    ROUND_TITLE = "round_title"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"


class Column(StrEnum):
    """What can stand in the columns of a results table."""

    STATEMENT = "statement"
    SUPPORT = "support"
    SEASON = "season"
    INDICATORS = "indicators"
    BASELINES = "baselines"
    TARGETS = "targets"
    ACHIEVE_BY = "achieve_by"
    MID_STATES = "mid_states"
    POST_STATES = "post_states"
    TEXT = "text"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice or box.

    `confirmed` is false for an open place: the official list is known to have it, its label is not yet
    known ("" then); a page shows its number alone and paper prints nothing for it.
    `exclusive` allows no other tick beside it; `wants_text` asks for words, labelled `text_label`.
    """

    value: str
    label: Text = NO_TEXT
    confirmed: bool = True
    exclusive: bool = False
    wants_text: bool = False
    text_label: Text = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An item of a head or a column of a results table, with the form's label."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to use an edition, such as with targets or with mid-term and end states; a round pins one."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of the form.

    `number` and `label` are printed as on the official form; `hint` helps on the page only, `note` is
    printed below. `asked_after` names an earlier field of choices: this one is asked once one of the choices
    `asked_when` is made there; without them, after "yes" or after a tick that is not the exclusive box.
    `printed` is false for what the official form does not have. `variants` are those of the edition that have
    this field, none for all.
    """

    key: str
    kind: Kind
    label: Text = NO_TEXT
    number: str = ""
    hint: Text = NO_TEXT
    note: Text = NO_TEXT
    required: bool = False
    printed: bool = True
    asked_after: str = ""
    asked_when: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None  # characters of the text
    lines: int = 4  # height of the text's box; 1 is a single line
    unit: Text = NO_TEXT  # number: printed behind it
    minimum: int | None = None
    maximum: int | None = None
    not_before: str = ""  # date: the field of the day that comes first
    items: tuple[Labelled, ...] = ()  # head: Item keys
    columns: tuple[Labelled, ...] = ()  # results: Column keys
    level: Level = Level.OUTPUT  # results: which rows
    support: Support | None = Support.FINANCIAL  # None: both
    remark_max_length: int | None = None  # results: the remark at a code
    recommended_max: int | None = None  # photos
    max_count: int | None = None
    max_megabytes: int | None = None  # photos: one file as it is sent
    paper_megabytes: int | None = None  # photos: one picture as it is filed
    accept: tuple[Accept, ...] = (Accept.PHOTO,)  # photos: what may be attached

    @property
    def wants_text(self) -> bool:
        """Whether some choice asks for words."""
        return any(choice.wants_text for choice in self.choices)

    def choice(self, value: str) -> Choice | None:
        """The choice with this value, or None."""
        return next((choice for choice in self.choices if choice.value == value), None)

    def column(self, column: Column) -> Labelled | None:
        """A column of the results table, or None where this edition has none of the kind."""
        return next((labelled for labelled in self.columns if labelled.key == column.value), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is filled in, saved, commented and returned together: one line of the task list.

    `title` is the task's name; `heading` is the official heading, printed once above neighbouring
    sections that share it.
    """

    key: str
    title: Text
    heading: Text = NO_TEXT
    fields: tuple[Field, ...] = ()

    @property
    def is_optional(self) -> bool:
        """Whether nothing in it is required (任意)."""
        return not any(field.required for field in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A chapter of the form (① 実績値, ② …); `printed` is false for one that only the page has."""

    key: str
    title: Text
    printed: bool = True
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One version of a form.

    An edition with `variants` is used in one of them at a time: `in_variant` leaves what that one asks, and its
    key is then "web.states". What a round pins and a paper names is never the whole of such a file.
    """

    key: str
    version: int
    title: Text
    parts: tuple[Part, ...]
    variants: tuple[Variant, ...] = ()
    variant: Variant | None = None

    @property
    def file_key(self) -> str:
        """The key of the file, without the variant."""
        return self.key.partition(".")[0]

    def in_variant(self, key: str) -> "Edition":
        """What one variant asks; sections and parts that are left empty are gone. KeyError when there is none."""
        chosen = next((one for one in self.variants if one.key == key), None)
        if chosen is None:
            raise KeyError(key)
        parts = (replace(part, sections=tuple(_sections_of(part, key))) for part in self.parts)
        return replace(
            self,
            key=f"{self.key}.{key}",
            parts=tuple(part for part in parts if part.sections),
            variants=(),
            variant=chosen,
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections in the order of the form."""
        return tuple(section for part in self.parts for section in part.sections)

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the form."""
        return tuple(field for section in self.sections for field in section.fields)

    @cached_property
    def _places(self) -> Mapping[str, tuple[Part, Section, Field]]:
        return {
            field.key: (part, section, field)
            for part in self.parts
            for section in part.sections
            for field in section.fields
        }

    def section(self, key: str) -> Section:
        """The section with this key; KeyError when there is none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def field(self, key: str) -> Field:
        """The field with this key; KeyError when there is none."""
        return self._places[key][2]

    def section_of(self, field_key: str) -> Section:
        """The section a field stands in; KeyError when there is no such field."""
        return self._places[field_key][1]

    def part_of(self, section_key: str) -> Part:
        """The part a section stands in; KeyError when there is no such section."""
        for part in self.parts:
            if any(section.key == section_key for section in part.sections):
                return part
        raise KeyError(section_key)

    def fields_of(self, kind: Kind) -> tuple[Field, ...]:
        """The fields of one kind."""
        return tuple(field for field in self.fields if field.kind == kind)

    def rows_asked(self, framework: Framework) -> tuple[tuple[Field, Row], ...]:
        """The rows this form asks about, each with the results field that asks it."""
        return tuple(
            (field, row)
            for field in self.fields_of(Kind.RESULTS)
            for row in framework.rows_for(field.level, field.support)
        )

    def with_labels(self, labels: Mapping[tuple[str, str], Text]) -> "Edition":
        """The edition with labels that an officer has confirmed, by field key and choice value.

        Only open places are filled; a label that was certain from the beginning is never replaced.
        KeyError when the edition has no such field or choice.
        """
        for field_key, value in labels:
            if self.field(field_key).choice(value) is None:
                raise KeyError(value)
        parts = tuple(
            replace(part, sections=tuple(_label_section(section, labels) for section in part.sections))
            for part in self.parts
        )
        return replace(self, parts=parts)

    def open_places(self) -> Iterator[tuple[Field, Choice]]:
        """The choices whose official label nobody has confirmed yet."""
        return ((field, choice) for field in self.fields for choice in field.choices if not choice.confirmed)


def _sections_of(part: Part, variant: str) -> Iterator[Section]:
    for section in part.sections:
        asked = tuple(field for field in section.fields if not field.variants or variant in field.variants)
        if asked:
            yield replace(section, fields=asked)


def _label_section(section: Section, labels: Mapping[tuple[str, str], Text]) -> Section:
    return replace(section, fields=tuple(_label_field(field, labels) for field in section.fields))


def _label_field(field: Field, labels: Mapping[tuple[str, str], Text]) -> Field:
    choices = tuple(
        replace(choice, label=labels[field.key, choice.value], confirmed=True)
        if not choice.confirmed and (field.key, choice.value) in labels
        else choice
        for choice in field.choices
    )
    return replace(field, choices=choices)
