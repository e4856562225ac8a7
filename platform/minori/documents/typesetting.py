"""The typesetter: a sheet and its pictures become a PDF.

Texts reach it as data, never as markup. It sees one folder, made for this one paper, with nothing in it but the
pictures under names of ours; it is gone when the paper is done. Fonts come from packages, none from the system.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst

_SIGNATURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_ACCESSIBLE = "ua-1"
_own = threading.local()


def name_of_picture(place: int, data: bytes) -> str:
    """The name of the file for the picture at this place, "" for bytes that are no photo as we file them."""
    kind = next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), "")
    return f"picture-{place}.{kind}" if kind else ""


def typeset(sheet: Mapping[str, Any], *, pictures: Mapping[str, bytes], at: datetime | None = None) -> bytes:
    """The PDF of a sheet with its pictures, by their names. The same sheet gives the same bytes.

    It keeps the rules for accessible documents (PDF/UA-1); only where a text has a letter that no font here
    knows (a pictogram, a rare script) it cannot claim to, and shows a box in its place.
    """
    data = {"sheet": json.dumps(sheet, ensure_ascii=False)}
    with TemporaryDirectory(prefix="minori-paper-") as folder:
        for name, content in pictures.items():
            (Path(folder) / name).write_bytes(content)
        try:
            return _compile(data, folder, at, [_ACCESSIBLE])
        except typst.TypstError:
            return _compile(data, folder, at, [])


def _compile(data: dict[str, str], folder: str, at: datetime | None, standards: Sequence[Any]) -> bytes:
    made = _compiler().compile(
        input=_template(),
        root=folder,
        format="pdf",
        sys_inputs=data,
        pdf_standards=list(standards),
        timestamp=at or datetime(2000, 1, 1, tzinfo=UTC),
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
