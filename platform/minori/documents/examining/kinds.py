"""What a file is, told by its first bytes, and why one is not taken."""

from enum import StrEnum

from minori.report_forms.edition import Accept


class Refusal(StrEnum):
    """Why a file is not taken; `minori.documents.cleaning` has the sentences."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    DRAWING = "drawing"
    ANIMATED = "animated"
    OLD_OFFICE = "old_office"
    PASSWORD = "password"  # noqa: S105 - the name of a reason
    DAMAGED = "damaged"
    MIXED = "mixed"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MUCH = "too_much"
    PROGRAM = "program"
    EMBEDDED = "embedded"


class Refused(ValueError):  # noqa: N818 - a state of the file
    """The file cannot be taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


PICTURES = frozenset({"JPEG", "PNG", "HEIF", "WEBP"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "OFFICE"),
)
_REFUSED_BEGINNINGS = (
    (b"GIF8", Refusal.ANIMATED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal.OLD_OFFICE),
    (b"MZ", Refusal.PROGRAM),
    (b"\x7fELF", Refusal.PROGRAM),
)


def format_of(data: bytes) -> str:
    """One of PICTURES, "PDF" or "OFFICE"; raises `Refused` for everything else. Names are never looked at."""
    if not data:
        raise Refused(Refusal.EMPTY)
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return name
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    for beginning, refusal in _REFUSED_BEGINNINGS:
        if data.startswith(beginning):
            raise Refused(refusal)
    if b"<svg" in data[:4096].lower():
        raise Refused(Refusal.DRAWING)
    raise Refused(Refusal.UNKNOWN)


CONTENT_TYPES = {
    Accept.PHOTO: "image/jpeg",
    Accept.PDF: "application/pdf",
    Accept.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Accept.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
