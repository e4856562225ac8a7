"""Editions in use: what a round pins must not change, so its file is kept as it was when first pinned."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from minori.programmes.models import PinnedEdition
from minori.report_forms import editions
from minori.report_forms.editions import EditionFile


class Fault(Enum):
    """What can be wrong with the file of an edition in use."""

    MISSING = "is missing"
    CHANGED = "was changed after it came into use"


class InUse(ValueError):  # noqa: N818 - told to people
    """The version is in use, so its file cannot change."""


class NameTaken(ValueError):  # noqa: N818 - told to people
    """An edition of this name and version came with the program."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An edition in use whose file is not as it was."""

    pinned: PinnedEdition
    fault: Fault

    @property
    def name(self) -> str:
        """The file's name."""
        return self.pinned.file_name


def pin(key: str, version: int, *, at: datetime) -> None:
    """Note that a round pins this edition; the first time, its file's text and hash are kept.

    Raises what `editions.load` raises where there is no such edition.
    """
    editions.load(key, version)
    file = editions.find_file(key, version)
    assert file is not None, "it has just been loaded"
    if PinnedEdition.objects.filter(key=file.key, version=version).exists():
        return
    text = file.path.read_bytes().decode()
    kept = PinnedEdition(key=file.key, version=version, text=text, sha256=hash_of(text), pinned_at=at)
    PinnedEdition.objects.bulk_create([kept], ignore_conflicts=True)  # somebody else may pin it just now


def hash_of(text: str) -> str:
    """The sha256 of an edition's file."""
    return hashlib.sha256(text.encode()).hexdigest()


def broken() -> Iterator[Broken]:
    """The editions in use whose files are missing or not as they were when they were first pinned."""
    for pinned in PinnedEdition.objects.order_by("key", "version"):
        file = editions.find_file(pinned.key, pinned.version)
        if file is None:
            yield Broken(pinned, Fault.MISSING)
        elif file.sha256 != pinned.sha256:
            yield Broken(pinned, Fault.CHANGED)


def install(text: str, *, folder: Path) -> EditionFile:
    """Put a checked edition into the administrator's folder, whole or not at all.

    Raises `EditionError` for mistakes, `NameTaken` where one of this name was shipped, `InUse` where a round
    pins this version and the text is another.
    """
    edition = editions.read_edition(text, "the file")
    name = f"{edition.key}.v{edition.version}.toml"
    if (editions.SHIPPED / name).exists():
        raise NameTaken(name)
    pinned = PinnedEdition.objects.filter(key=edition.key, version=edition.version).first()
    if pinned is not None and pinned.sha256 != hash_of(text):
        raise InUse(name)
    _write(folder / name, text)
    return EditionFile(edition.key, edition.version, folder / name)


def restore(*, folder: Path) -> list[Broken]:
    """Write the files of editions in use as they were; returns those that were mended. Shipped ones are left alone."""
    found = [one for one in broken() if not (editions.SHIPPED / one.name).exists()]
    for one in found:
        _write(folder / one.name, one.pinned.text)
    return found


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(text.encode())
    beside.chmod(0o644)
    beside.replace(path)
