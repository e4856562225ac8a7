"""Photos as we keep them: told by their content, turned upright, shrunk, written anew without anything but the picture."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()

LONGEST_SIDE = 2000
LARGEST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 80_000_000
_QUALITIES = (88, 80, 70, 60)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# What the decoders raise for files that are cut off, mistaken or made up; none of them promises a list.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError, struct.error, zlib.error)


class PhotoRefused(ValueError):  # noqa: N818 - shown to people as a sentence
    """The file cannot be taken as a photo; `str()` says why to the person."""


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A JPEG of at most 2 MB and 2000 pixels on its longest side, without metadata."""

    data: bytes
    width: int
    height: int
    content_type: str = "image/jpeg"


def clean(data: bytes) -> CleanPhoto:
    """The photo in these bytes, upright and without places, names, dates and devices.

    JPEG, PNG and HEIC are told by their content, never by their name. Raises `PhotoRefused` with a sentence for
    an empty file, another kind of file, a damaged one, and a picture of more than 80 million pixels.
    """
    if not data:
        raise PhotoRefused(_("The file is empty."))
    kind = _kind_of(data)
    try:
        with Image.open(BytesIO(data), formats=[kind]) as opened:
            _must_be_small_enough(opened)
            picture = _picture(opened)
    except PhotoRefused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise PhotoRefused(_("The file is damaged and cannot be opened as a photo.")) from error
    return _encode(picture)


def _kind_of(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    raise PhotoRefused(_("This is not a photo. Photos are files of the kinds JPEG, PNG and HEIC."))


def _must_be_small_enough(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:  # Pillow's own limit only warns
        raise _too_many_pixels()


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        _("The picture has too many pixels. Please save it smaller, up to 80 million pixels.")
    )


def _picture(image: Image.Image) -> Image.Image:
    """The bare picture: a new image, so that no comment, profile or position comes along."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: large ones are decoded smaller at once
    image.load()
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", turned.size, "white")
    if turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info:
        seen = turned.convert("RGBA")
        bare.paste(seen, mask=seen.getchannel("A"))
    else:
        bare.paste(turned.convert("RGB"))
    return bare


def _encode(picture: Image.Image) -> CleanPhoto:
    """JPEG below the limit: less quality first, then fewer pixels."""
    while True:
        for quality in _QUALITIES:
            buffer = BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True, exif=b"")
            if buffer.tell() <= LARGEST_BYTES:
                return CleanPhoto(data=buffer.getvalue(), width=picture.width, height=picture.height)
        picture = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5))
