"""Word, Excel and PDF documents, good ones and made-up ones."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import openpyxl
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

WRITER = "佐藤 和子"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def relation(kind: str, target: str, *, outside: bool = True) -> str:
    """One relationship of a part."""
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="rId9" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'


def relations(*ones: str) -> str:
    """The relationships of a part."""
    return f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}">{"".join(ones)}</Relationships>'


def docx(
    more: Mapping[str, bytes | str] | None = None,
    *,
    text: str = "会計報告",
    main: str = _WORD,
    types: str = "",
) -> bytes:
    """A Word document with its writer's name; `more` adds or replaces parts."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>',
        "_rels/.rels": relations(relation("officeDocument", "word/document.xml", outside=False)),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{WRITER}</dc:creator><cp:lastModifiedBy>{WRITER}</cp:lastModifiedBy></cp:coreProperties>",
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
    }
    return zipped(parts | dict(more or {}))


def xlsx(**cells: Any) -> bytes:
    """An Excel workbook as openpyxl writes it, with its writer's name."""
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = WRITER
    for name, value in (cells or {"A1": "居場所の利用者", "B1": 640}).items():
        book.active[name] = value
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Name and content of every part."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pdf(
    *, pages: int = 1, root: Mapping[str, Any] | None = None, secret: str = "", files: bool = False
) -> bytes:
    """A PDF with its writer's name; `root` adds to its catalogue."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Author": WRITER, "/Title": "決算書"})
    for name, value in (root or {}).items():
        writer.root_object[NameObject(name)] = value
    if files:
        writer.add_attachment("program.exe", b"MZ...")
    if secret:
        writer.encrypt(secret, algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def action(kind: str, **more: Any) -> DictionaryObject:
    """An action of a PDF."""
    made = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}")})
    for name, value in more.items():
        made[NameObject(f"/{name}")] = TextStringObject(value)
    return made
