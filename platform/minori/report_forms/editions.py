"""The installed form editions: files shipped here and files of the administrator's folder, with all mistakes named at once.

A file may hold several variants; each is loaded by a key of its own ("web.states"), which is what rounds pin.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from minori.report_forms.edition import (
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
from minori.report_forms.edition_schema import EditionError, Mistake, build
from minori.report_forms.toml_lines import line_at, lines_of

__all__ = [
    "Choice",
    "Column",
    "Edition",
    "EditionError",
    "EditionFile",
    "Field",
    "Item",
    "Kind",
    "Labelled",
    "LinedMistake",
    "Mistake",
    "Part",
    "Section",
    "Variant",
    "find_file",
    "found_files",
    "in_all_variants",
    "installed",
    "load",
    "mistakes_in",
    "read_edition",
    "use_folder",
]

SHIPPED = Path(str(files("minori.report_forms") / "editions"))
MOST_BYTES = 1024 * 1024
_NAME = re.compile(r"(?P<key>[a-z0-9-]+)\.v(?P<version>[1-9][0-9]{0,3})\.toml", re.ASCII)
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TOO_DEEP = "is nested more deeply than any form"
_DEEP_KEY = re.compile(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){30}", re.ASCII)
_folders: list[Path] = [SHIPPED]


@dataclass(frozen=True, slots=True, order=True)
class EditionFile:
    """The file of one version of an edition."""

    key: str
    version: int
    path: Path

    @property
    def is_shipped(self) -> bool:
        """Whether it came with this program."""
        return self.path.parent == SHIPPED

    @property
    def sha256(self) -> str:
        """The hash of what stands in the file now."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def edition(self) -> Edition:
        """The whole edition with all its variants; EditionError with everything wrong in the file."""
        status = self.path.stat()
        return _read(self, status.st_mtime_ns, status.st_size)

    def mistakes(self) -> "tuple[LinedMistake, ...]":
        """Everything wrong in the file, each with its line; empty for a file that is no text."""
        try:
            return mistakes_in(self.path.read_bytes().decode())
        except UnicodeDecodeError:
            return ()


@dataclass(frozen=True, slots=True)
class LinedMistake:
    """One mistake with its line in the file (from 1)."""

    line: int
    sentence: str


def use_folder(folder: Path | None) -> None:
    """Load editions from the administrator's folder too (None: from no folder but the shipped one)."""
    _folders[1:] = [] if folder is None else [folder]


def found_files() -> tuple[EditionFile, ...]:
    """The files of all editions, in order; a name that is shipped cannot be taken by the folder."""
    found: dict[tuple[str, int], EditionFile] = {}
    for folder in _folders:
        for path in folder.iterdir() if folder.is_dir() else ():
            if (match := _NAME.fullmatch(path.name)) and path.is_file():
                file = EditionFile(match["key"], int(match["version"]), path)
                found.setdefault((file.key, file.version), file)
    return tuple(sorted(found.values()))


def find_file(key: str, version: int) -> EditionFile | None:
    """The file that an edition's key ("web" or "web.states") and version are read from, or None."""
    name = key.partition(".")[0]
    match = _NAME.fullmatch(f"{name}.v{version}.toml")
    paths = (folder / match[0] for folder in _folders) if match else ()
    return next((EditionFile(name, version, path) for path in paths if path.is_file()), None)


def installed() -> tuple[tuple[str, int], ...]:
    """Key and version of every edition that can be used, in order; files with mistakes are left out."""
    return tuple((edition.key, edition.version) for edition in _usable())


def _usable() -> Iterator[Edition]:
    for file in found_files():
        try:
            edition = file.edition()
        except (EditionError, OSError):
            continue
        yield from in_all_variants(edition)


def in_all_variants(edition: Edition) -> tuple[Edition, ...]:
    """The edition in each of its variants; itself where it has none."""
    return tuple(edition.in_variant(one.key) for one in edition.variants) or (edition,)


def load(key: str, version: int) -> Edition:
    """An installed edition in the variant of its key; KeyError when there is none, EditionError for a bad file."""
    file = find_file(key, version)
    if file is None:
        raise KeyError((key, version))
    status = file.path.stat()
    return _read_variant(file, status.st_mtime_ns, status.st_size, key.partition(".")[2])


@lru_cache(maxsize=64)
def _read_variant(file: EditionFile, changed: int, size: int, variant: str) -> Edition:
    edition = _read(file, changed, size)
    if bool(variant) != bool(edition.variants):
        raise KeyError(f"{file.key}.{variant}" if variant else file.key)
    return edition.in_variant(variant) if variant else edition


@lru_cache(maxsize=64)
def _read(file: EditionFile, _changed: int, _size: int) -> Edition:
    """Read once, and again when the file was changed."""
    name = file.path.name
    try:
        text = file.path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise EditionError(
            (f"{name}: this is no UTF-8 text",), (Mistake("", ": this is no UTF-8 text"),)
        ) from error
    edition = read_edition(text, name)
    if (edition.key, edition.version) != (file.key, file.version):
        sentence = f": says it is {edition.key}.v{edition.version}"
        raise EditionError((f"{name}{sentence}",), (Mistake("key", sentence),))
    return edition


def read_edition(text: str, name: str) -> Edition:
    """An edition from the text of its file; EditionError lists every mistake with `name` and its path."""
    if found := _DEEP_KEY.search(text):  # the reader would take minutes
        line = text.count("\n", 0, found.start()) + 1
        raise EditionError((f"{name}: {_TOO_DEEP} (at line {line}, column 1)",))
    try:
        data = tomllib.loads(text)
    except RecursionError as error:
        raise EditionError((f"{name}: {_TOO_DEEP}{_deepest_line(text)}",)) from error
    except tomllib.TOMLDecodeError as error:
        raise EditionError((f"{name}: {error}",)) from error
    return build(data, name)


def _deepest_line(text: str) -> str:
    """Where the most brackets open, for a text that is nested too deeply to be read."""
    counts = [line.count("[") + line.count("{") for line in text.splitlines()]
    return f" (at line {counts.index(max(counts)) + 1}, column 1)"


def mistakes_in(text: str) -> tuple[LinedMistake, ...]:
    """Everything wrong in the text of an edition's file, each with its line, from top to bottom."""
    try:
        read_edition(text, "")
    except EditionError as error:
        if not error.mistakes:  # no TOML at all: the reader stops at the first
            sentence = error.problems[0].removeprefix(": ")
            match = _LINE.search(sentence)
            line = int(match[1]) if match else text.count("\n") + 1
            return (LinedMistake(line, sentence),)
        lines = lines_of(text)
        found = [LinedMistake(line_at(lines, one.path), one.sentence.lstrip(".: ")) for one in error.mistakes]
        return tuple(sorted(found, key=lambda one: one.line))
    return ()
