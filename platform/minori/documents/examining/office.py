"""Word and Excel documents: looked through part by part and packed anew, without the names of their writers.

ISO/IEC 29500-2 (Open Packaging Conventions): a zip of parts, `[Content_Types].xml` says what each is, `*.rels`
what belongs together and what is fetched from elsewhere.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from minori.documents.examining.kinds import Refusal, Refused
from minori.documents.examining.photos import without_notes
from minori.report_forms.edition import Accept

MOST_PARTS = 3000
MOST_BYTES = 150 * 1024 * 1024
MOST_TIMES_LARGER = 200  # a part that grows more than so much is no text of people
_SMALL = 10 * 1024 * 1024
_TYPES = "[Content_Types].xml"
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Accept.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Accept.XLSX,
}
_PROGRAMS = re.compile(r"macro|vbaproject|vbadata|activex|\.oleobject", re.IGNORECASE)
_ENDINGS = frozenset({"xml", "rels", "vml", "odttf", "fntdata", "svg", "emf", "wmf", "wdp"}) | frozenset(
    {"png", "jpg", "jpeg", "jpe", "gif", "bmp", "tif", "tiff", "webp"}
)
ElementTree.register_namespace("", "http://schemas.openxmlformats.org/package/2006/relationships")
_OFFICE_ENDINGS = frozenset({"docx", "xlsx"})
_LINKS = ("http://", "https://", "mailto:", "tel:")
_NOWHERE = "about:blank"
_FIELDS = re.compile(rb"<(?:\w+:)?instrText[^>]*>([^<]*)<|\binstr=\"([^\"]*)\"")
_FETCHING = re.compile(rb"\bDDE(?:AUTO)?\b", re.IGNORECASE)
_BARE = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, KeyError)


def rewrite(data: bytes, *, inside: bool = False) -> tuple[Accept, bytes]:
    """Which kind of document this is, and the document as we keep it. The same document always gives the same bytes.

    Raises `Refused` for what is no such document, for macros, for other files inside (a chart's own table is
    allowed), for what unpacks to far more than it should, and for what fetches from other programs. Links to the
    web stay; whatever else would be fetched from elsewhere when it is opened points nowhere afterwards.
    """
    _must_be_nothing_else(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = _parts(package)
            kind = _kind(package, parts)
            return kind, _pack(package, parts, inside=inside)
    except Refused:
        raise
    except (*_BROKEN, ElementTree.ParseError, RuntimeError) as error:
        raise Refused(Refusal.DAMAGED) from error


def _must_be_nothing_else(data: bytes) -> None:
    """A zip may have something before and behind it; a document does not."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        raise Refused(Refusal.DAMAGED)
    if end + 22 != len(data):
        raise Refused(Refusal.MIXED)


def _parts(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = [part for part in package.infolist() if not part.is_dir()]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise Refused(Refusal.TOO_MUCH)
    if not parts or min(part.header_offset for part in parts) != 0:
        raise Refused(Refusal.MIXED)
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names):
        raise Refused(Refusal.DAMAGED)
    for part in parts:
        if part.flag_bits & 0x1:
            raise Refused(Refusal.PASSWORD)
        if part.file_size > _SMALL and part.file_size > MOST_TIMES_LARGER * max(part.compress_size, 1):
            raise Refused(Refusal.TOO_MUCH)
        if part.filename.startswith("/") or "\\" in part.filename or ".." in part.filename.split("/"):
            raise Refused(Refusal.DAMAGED)
    return parts


def _kind(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Accept:
    if not any(part.filename == _TYPES for part in parts):
        raise Refused(Refusal.UNKNOWN)  # some other zip
    types = [one.get("ContentType", "") for one in _xml(package.read(_TYPES))]
    if any(_PROGRAMS.search(one) for one in [*types, *(part.filename for part in parts)]):
        raise Refused(Refusal.PROGRAM)
    kinds = {_MAIN[one] for one in types if one in _MAIN}
    if len(kinds) != 1:
        raise Refused(Refusal.UNKNOWN)
    return kinds.pop()


def _pack(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], *, inside: bool) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for part in parts:
            info = zipfile.ZipInfo(part.filename, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(info, _clean(part.filename, package.read(part), inside=inside))
    return buffer.getvalue()


def _clean(name: str, content: bytes, *, inside: bool) -> bytes:
    """One part as we keep it."""
    if name in _BARE:
        return _BARE[name]
    ending = name.rpartition(".")[2].lower()
    if "embeddings" in name.split("/") and ending in _OFFICE_ENDINGS and not inside:
        return rewrite(content, inside=True)[1]  # the table behind a chart
    if ending == "bin" and "printerSettings" in name:
        return b""
    if ending not in _ENDINGS or content.startswith((b"MZ", b"\x7fELF")):
        raise Refused(Refusal.EMBEDDED)
    if ending in {"jpg", "jpeg", "jpe"}:
        return without_notes(content)
    if ending in {"xml", "rels", "vml"}:
        return _clean_xml(ending, content)
    return content


def _clean_xml(ending: str, content: bytes) -> bytes:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise Refused(Refusal.DAMAGED)  # the format forbids them; UTF-16 would hide them
    if ending == "rels":
        return _without_fetching(content)
    if b"<ddeLink" in content or b"<oleLink" in content or _FETCHING.search(b"".join(_fields(content))):
        raise Refused(Refusal.PROGRAM)
    return content


def _fields(content: bytes) -> Iterator[bytes]:
    """The instructions of fields; Word may cut one into several pieces."""
    for long, short in _FIELDS.findall(content):
        yield long or b" " + short + b" "


def _without_fetching(content: bytes) -> bytes:
    """Relationships as they are, those that fetch something from elsewhere pointed nowhere."""
    root = _xml(content)
    changed = False
    for one in root:
        target = one.get("Target", "").strip().lower()
        if one.get("TargetMode") != "External" and not re.match(r"[a-z][a-z0-9+.-]+:|\\\\|//", target):
            continue
        if one.get("Type", "").endswith("/hyperlink") and target.startswith(_LINKS):
            continue
        one.set("Target", _NOWHERE)
        changed = True
    if not changed:
        return content
    written: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _xml(content: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content[:4096]:
        raise Refused(Refusal.DAMAGED)
    return ElementTree.fromstring(content)  # noqa: S314 - without a document type there are no entities to expand
