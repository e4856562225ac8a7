"""The typesetter: a sheet and its pictures become a PDF.

Texts reach it as data, never as markup. It sees one folder, made for this one paper, with nothing in it but the
pictures under names of ours; it is gone when the paper is done. Fonts come from packages, none from the system.
"""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst
from PIL import Image

_SIGNATURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_ACCESSIBLE = "ua-1"
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""What a PDF is told as the time it was made, so that it depends on nothing but its contents."""

_KEPT = 10
"""For so many papers the typesetter keeps what it has set."""

_own = threading.local()


class CannotTypeset(Exception):  # noqa: N818 - it says what could not be done
    """The sheet or one of its pictures is not what the typesetter takes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo under a name that we made."""

    name: str
    data: bytes

    @property
    def is_sound(self) -> bool:
        """Whether the whole picture can be decoded; slow, so asked only where something went wrong."""
        try:
            with Image.open(BytesIO(self.data), formats=["JPEG", "PNG"]) as image:
                image.load()
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return False
        return True


def pictures_of(photos: Mapping[UUID, bytes]) -> dict[UUID, Picture]:
    """The photos as pictures; bytes that begin like nothing we file (a drawing, a page) are left out."""
    kinds = {
        uuid: next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), "")
        for uuid, data in photos.items()
    }
    return {
        uuid: Picture(f"picture-{place}.{kinds[uuid]}", data)
        for place, (uuid, data) in enumerate(photos.items(), start=1)
        if kinds[uuid]
    }


def typeset(
    sheet: Mapping[str, Any],
    *,
    pictures: Iterable[Picture],
    at: datetime = NO_TIME,
    template: bytes | None = None,
) -> bytes:
    """The PDF of a sheet with its pictures. The same sheet gives the same bytes. Raises `CannotTypeset`.

    It keeps the rules for accessible documents (PDF/UA-1); only where a text has a letter that no font here
    knows (a pictogram, a rare script) it cannot claim to, and shows a box in its place. `template` is ours, never
    anybody's text; without one the sheet is a report.
    """
    source = _template() if template is None else template
    data = {"sheet": json.dumps(sheet, ensure_ascii=False)}
    with TemporaryDirectory(prefix="minori-paper-") as folder:
        for picture in pictures:
            (Path(folder) / picture.name).write_bytes(picture.data)
        try:
            return _compile(source, data, folder, at, [_ACCESSIBLE])
        except typst.TypstError:
            pass
        try:
            return _compile(source, data, folder, at, [])
        except typst.TypstError as error:
            raise CannotTypeset(str(error)) from error


def forget() -> None:
    """Let the typesetter give back what it keeps of the last papers, for whoever sets many in a row.

    It keeps what it was asked for until nobody has for ten papers; empty ones are quick.
    """
    compiler = _compiler()
    for _paper in range(_KEPT + 1):
        compiler.compile(input=b"", format="pdf")


def _compile(
    source: bytes, data: dict[str, str], folder: str, at: datetime, standards: Sequence[Any]
) -> bytes:
    made = _compiler().compile(
        input=source,
        root=folder,
        format="pdf",
        sys_inputs=data,
        pdf_standards=list(standards),
        timestamp=at,
    )
    assert isinstance(made, bytes), "one PDF is one piece"
    return made


def _compiler() -> typst.Compiler:
    """This thread's compiler: none serves two at once. Made once; the fonts are shared by all."""
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(input=b"", font_paths=_fonts(), ignore_system_fonts=True)
    found: typst.Compiler = _own.compiler
    return found


@cache
def _fonts() -> typst.Fonts:
    folders = [
        str(Path(str(package.FONT_PATH)).parent)
        for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
    ]
    # what the typesetter carries itself has the boxes ☑ ☐ and letters that the Japanese font lacks
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


@cache
def _template() -> bytes:
    return (files("minori.documents") / "typst" / "paper.typ").read_bytes()
