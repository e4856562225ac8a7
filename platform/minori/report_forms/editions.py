"""The installed form editions: data files read once, with all their mistakes named at once."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

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
)
from minori.report_forms.edition_schema import EditionError, build

__all__ = [
    "Choice",
    "Column",
    "Edition",
    "EditionError",
    "Field",
    "Item",
    "Kind",
    "Labelled",
    "Part",
    "Section",
    "installed",
    "load",
    "read_edition",
]

_FILES = files("minori.report_forms") / "editions"
_NAME = re.compile(r"(?P<key>[a-z0-9-]+)\.v(?P<version>[0-9]+)\.toml")


def installed() -> tuple[tuple[str, int], ...]:
    """Key and version of every edition that can be loaded, in order."""
    matches = (_NAME.fullmatch(file.name) for file in _FILES.iterdir())
    return tuple(sorted((match["key"], int(match["version"])) for match in matches if match))


@lru_cache(maxsize=32)
def load(key: str, version: int) -> Edition:
    """An installed edition; KeyError when there is none, EditionError with everything wrong in its file."""
    name = f"{key}.v{version}.toml"
    if (key, version) not in installed():
        raise KeyError(name)
    edition = read_edition((_FILES / name).read_text(encoding="utf-8"), name)
    if (edition.key, edition.version) != (key, version):
        raise EditionError((f"{name}: says it is {edition.key}.v{edition.version}",))
    return edition


def read_edition(text: str, name: str) -> Edition:
    """An edition from the text of its file; EditionError lists every mistake with `name` and its path."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EditionError((f"{name}: {error}",)) from error
    return build(data, name)
