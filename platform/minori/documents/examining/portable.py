"""PDF documents: every object looked at, and written anew without the names of their writers."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject

from minori.documents.examining.kinds import Refusal, Refused

MOST_OBJECTS = 300_000
MOST_PAGES = 1000
# Actions that run or send something; going to a page or to a web address is left.
_RUNNING = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/RichMediaExecute",
    }
)
_MEDIA = frozenset({"/RichMedia", "/Movie", "/Screen", "/Sound", "/3D", "/FileAttachment"})
_BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OSError,
    AssertionError,
    NotImplementedError,
    OverflowError,
)


def rewrite(data: bytes) -> bytes:
    """The PDF as we keep it. The same file always gives the same bytes.

    A signed one is kept byte for byte, for writing it anew would break its signature (its properties stay then).
    Raises `Refused` for a damaged or protected file, for scripts and started programs, and for files inside it.
    """
    if b"%%EOF" not in data[-1024:]:
        raise Refused(Refusal.MIXED if b"%%EOF" in data else Refusal.DAMAGED)
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Refused(Refusal.PASSWORD)
        if not 1 <= len(reader.pages) <= MOST_PAGES:
            raise Refused(Refusal.TOO_MUCH if reader.pages else Refusal.DAMAGED)
        signed = False
        for one in _dictionaries(reader.trailer):
            _must_be_still(one)
            signed = signed or one.get("/FT") == "/Sig" or one.get("/Type") == "/Sig"
        if signed:
            _must_be_nothing_else(data)
            return data
        return _written(reader)
    except Refused:
        raise
    except _BROKEN as error:
        raise Refused(Refusal.DAMAGED) from error


def _must_be_nothing_else(data: bytes) -> None:
    if data[data.rindex(b"%%EOF") + 5 :].strip(b"\r\n \0"):
        raise Refused(Refusal.MIXED)


def _written(reader: PdfReader) -> bytes:
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for one in _dictionaries(writer.root_object):
        for name in ("/Metadata", "/PieceInfo"):
            one.pop(NameObject(name), None)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _must_be_still(one: DictionaryObject) -> None:
    if one.get("/S") in _RUNNING or "/JS" in one or "/XFA" in one:
        raise Refused(Refusal.PROGRAM)
    if "/EF" in one or one.get("/Subtype") in _MEDIA:
        raise Refused(Refusal.EMBEDDED)


def _dictionaries(root: Any) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached, streams among them, each once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [root]
    count = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            key = (one.idnum, one.generation)
            if key in seen:
                continue
            seen.add(key)
            one = one.get_object()
        count += 1
        if count > MOST_OBJECTS:
            raise Refused(Refusal.TOO_MUCH)
        if isinstance(one, DictionaryObject):
            yield one
            waiting.extend(dict.values(one))
        elif isinstance(one, ArrayObject):
            waiting.extend(list.__iter__(one))
        elif one is None or isinstance(one, NullObject):
            continue
