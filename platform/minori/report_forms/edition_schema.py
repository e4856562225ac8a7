"""What a form edition's file may hold, and how it becomes an `Edition`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from minori.report_forms.edition import (
    Accept,
    Choice,
    Column,
    Edition,
    Field,
    Item,
    Kind,
    Labelled,
    Part,
    Section,
    Variant,
)
from minori.report_forms.edition_conflicts import find_conflicts
from minori.report_forms.framework import Level, Support
from minori.report_forms.texts import Text

FILE_FORMAT = 1
BOTH = "both"
E = TypeVar("E", bound=StrEnum)
_KEY = re.compile(r"[a-z0-9_]+", re.ASCII)
_FILE_KEY = re.compile(r"[a-z0-9-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong: the path of its place in the file ("" for the whole), and the sentence."""

    path: str
    sentence: str


class EditionError(ValueError):
    """The file of an edition has mistakes; `problems` names all of them, each with its path."""

    def __init__(self, problems: tuple[str, ...], mistakes: tuple[Mistake, ...] = ()) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.mistakes = mistakes


class _Table:
    """One table of the file; every read notes what is wrong instead of stopping."""

    def __init__(self, data: object, path: str, problems: list[Mistake]) -> None:
        self.path = path
        self.problems = problems
        self.read: set[str] = set()
        self.data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.note("", "a table is expected")

    def note(self, key: str, message: str) -> None:
        place = f"{self.path}{'.' if key and self.path else ''}{key}"
        self.problems.append(Mistake(place, f"{'.' if place else ''}{place}: {message}"))

    def _take(self, key: str, wanted: type, default: Any, name: str) -> Any:
        self.read.add(key)
        value = self.data.get(key, default)
        if key not in self.data:
            if default is None:
                self.note(key, "is missing")
            return default
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            self.note(key, f"{name} is expected")
            return default
        return value

    def word(self, key: str, default: str | None = None) -> str:
        value: str | None = self._take(key, str, default, "a text")
        return value or ""

    def key(self, key: str, pattern: re.Pattern[str] = _KEY) -> str:
        """A key: it stands in addresses and in the names of inputs."""
        word = self.word(key)
        if key in self.data and isinstance(self.data[key], str) and not pattern.fullmatch(word):
            sign = "-" if pattern is _FILE_KEY else "_"
            self.note(key, f"lower-case letters, digits and {sign} are expected")
        return word

    def flag(self, key: str, *, default: bool) -> bool:
        value: bool = self._take(key, bool, default, "true or false")
        return value

    def count(self, key: str) -> int | None:
        """A whole number above zero, or None where the key is absent."""
        if key not in self.data:
            return None
        value: int | None = self._take(key, int, None, "a whole number")
        if value is not None and value < 1:
            self.note(key, "a whole number above zero is expected")
            return None
        return value

    def whole(self, key: str) -> int | None:
        """A whole number, negative ones and zero too, or None where the key is absent."""
        value: int | None = self._take(key, int, None, "a whole number") if key in self.data else None
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; an absent one is empty."""
        items = self._take(key, list, [], "a list")
        if not all(isinstance(item, str) for item in items):
            self.note(key, "a list of texts is expected")
            return ()
        return tuple(items)

    def text(self, key: str, *, required: bool = False) -> Text:
        """Japanese and English together, or neither."""
        if key not in self.data:
            self.read.add(key)
            if required:
                self.note(key, "is missing")
            return Text()
        place = f"{self.path}.{key}" if self.path else key
        table = _Table(self._take(key, dict, {}, "{ ja = …, en = … }"), place, self.problems)
        text = Text(table.word("ja"), table.word("en"))
        table.finish()
        return text

    def member(self, key: str, of: type[E], default: E | None = None) -> E | None:
        """A member of an enumeration by its value; None, and noted, when it is no such value."""
        missing = key not in self.data
        word = self.word(key, default)
        try:
            return of(word)
        except ValueError:
            if not missing:
                self.note(key, f"one of {', '.join(member.value for member in of)} is expected")
            return None

    def members(self, key: str, of: type[E]) -> tuple[E, ...]:
        """Members of an enumeration, each once; what is none of them is noted."""
        known = {member.value: member for member in of}
        found = []
        for word in self._take(key, list, [], "a list"):
            if word not in known:
                self.note(key, f"one of {', '.join(known)} is expected")
            elif known[word] not in found:
                found.append(known[word])
        return tuple(found)

    def tables(self, key: str, *, required: bool = False) -> "Iterator[_Table]":
        items = self._take(key, list, None if required else [], "a list") or []
        for index, item in enumerate(items):
            place = f"{self.path}.{key}" if self.path else key
            yield _Table(item, f"{place}[{index}]", self.problems)

    def finish(self) -> None:
        """Notes the keys that nobody asked for: a misspelt key must not be a silent default."""
        for key in self.data:
            if key not in self.read:
                self.note(key, "is not known here")


def build(data: Mapping[str, Any], name: str) -> Edition:
    """An edition from the tables of its file; EditionError lists every mistake with `name` and its path."""
    found: list[Mistake] = []
    edition = _read_edition(_Table(data, "", found))
    found.extend(Mistake(path, f": {message}") for path, message in find_conflicts(edition))
    if found:
        raise EditionError(tuple(f"{name}{mistake.sentence}" for mistake in found), tuple(found))
    return edition


def _read_edition(table: _Table) -> Edition:
    if table.count("format") != FILE_FORMAT:
        table.note("format", f"{FILE_FORMAT} is expected")
    edition = Edition(
        key=table.key("key", _FILE_KEY),
        version=table.count("version") or 0,
        title=table.text("title", required=True),
        variants=tuple(_read_variant(variant) for variant in table.tables("variants")),
        parts=tuple(_read_part(part) for part in table.tables("parts", required=True)),
    )
    if not edition.version and "version" not in table.data:
        table.note("version", "is missing")
    table.finish()
    return edition


def _read_variant(table: _Table) -> Variant:
    variant = Variant(key=table.key("key", _FILE_KEY), title=table.text("title", required=True))
    table.finish()
    return variant


def _read_part(table: _Table) -> Part:
    part = Part(
        key=table.key("key"),
        title=table.text("title", required=True),
        printed=table.flag("printed", default=True),
        sections=tuple(_read_section(section) for section in table.tables("sections", required=True)),
    )
    table.finish()
    return part


def _read_section(table: _Table) -> Section:
    section = Section(
        key=table.key("key"),
        title=table.text("title", required=True),
        heading=table.text("heading"),
        fields=tuple(_read_field(field) for field in table.tables("fields", required=True)),
    )
    table.finish()
    return section


def _read_field(table: _Table) -> Field:
    kind = table.member("kind", Kind)
    field = Field(
        key=table.key("key"),
        kind=kind or Kind.TEXT,
        label=table.text("label", required=kind not in (None, Kind.HEAD)),
        number=table.word("number", ""),
        hint=table.text("hint"),
        note=table.text("note"),
        required=table.flag("required", default=False),
        printed=table.flag("printed", default=True),
        asked_after=table.word("asked_after", ""),
        asked_when=table.words("asked_when"),
        variants=table.words("variants"),
        **(_READERS[kind](table) if kind else {}),
    )
    if not kind:  # what any kind may have is no further mistake
        table.read |= _OF_SOME_KIND
    table.finish()
    return field


def _read_head(table: _Table) -> dict[str, Any]:
    return {"items": tuple(_read_labelled(table, "items", Item))}


def _read_results(table: _Table) -> dict[str, Any]:
    return {
        "columns": tuple(_read_labelled(table, "columns", Column)),
        "level": table.member("level", Level, Level.OUTPUT) or Level.OUTPUT,
        "support": _read_support(table),
        "max_length": table.count("max_length"),
        "remark_max_length": table.count("remark_max_length"),
    }


def _read_support(table: _Table) -> Support | None:
    if table.data.get("support") == BOTH:
        table.read.add("support")
        return None
    return table.member("support", Support, Support.FINANCIAL) or Support.FINANCIAL


def _read_number(table: _Table) -> dict[str, Any]:
    return {"unit": table.text("unit"), "minimum": table.whole("minimum"), "maximum": table.whole("maximum")}


def _read_date(table: _Table) -> dict[str, Any]:
    return {"not_before": table.word("not_before", "")}


def _read_choices(table: _Table) -> dict[str, Any]:
    choices = tuple(_read_choice(choice) for choice in table.tables("choices", required=True))
    return {"choices": choices, "max_length": table.count("max_length")}


def _read_text(table: _Table) -> dict[str, Any]:
    return {"max_length": table.count("max_length"), "lines": table.count("lines") or 4}


def _read_photos(table: _Table) -> dict[str, Any]:
    keys = ("recommended_max", "max_count", "max_megabytes", "paper_megabytes")
    return {key: table.count(key) for key in keys} | {
        "accept": table.members("accept", Accept) or (Accept.PHOTO,)
    }


_READERS: Mapping[Kind, Callable[[_Table], dict[str, Any]]] = {
    Kind.HEAD: _read_head,
    Kind.RESULTS: _read_results,
    Kind.CHOICE: _read_choices,
    Kind.TICKS: _read_choices,
    Kind.YES_NO: _read_choices,
    Kind.TEXT: _read_text,
    Kind.NUMBER: _read_number,
    Kind.DATE: _read_date,
    Kind.PHOTOS: _read_photos,
}


# What only fields of some kinds may have: not told beside a kind that is misspelt.
_OF_SOME_KIND = frozenset(
    {
        *(
            "items",
            "columns",
            "level",
            "support",
            "max_length",
            "remark_max_length",
            "choices",
            "lines",
            "unit",
        ),
        *(
            "minimum",
            "maximum",
            "not_before",
            "recommended_max",
            "max_count",
            "max_megabytes",
            "paper_megabytes",
        ),
    }
)


def _read_labelled(table: _Table, key: str, of: type[StrEnum]) -> Iterator[Labelled]:
    for item in table.tables(key, required=True):
        member = item.member("key", of)
        yield Labelled(key=member.value if member else "", label=item.text("label", required=True))
        item.finish()


def _read_choice(table: _Table) -> Choice:
    confirmed = table.flag("confirmed", default=True)
    choice = Choice(
        value=table.key("value"),
        label=table.text("label", required=confirmed),
        confirmed=confirmed,
        exclusive=table.flag("exclusive", default=False),
        wants_text=table.flag("wants_text", default=False),
        text_label=table.text("text_label"),
    )
    if not confirmed and choice.label:
        table.note("label", "an open place (confirmed = false) has no label yet")
    if choice.wants_text and not choice.text_label:
        table.note("text_label", "is missing")
    table.finish()
    return choice
