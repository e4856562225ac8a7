"""Photos as we keep them: turned upright, shrunk, written anew without anything but the picture."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from minori.documents.examining.kinds import Refusal, Refused

pillow_heif.register_heif_opener()

LONGEST_SIDE = 2000
LARGEST_BYTES = 2 * 1024 * 1024
PREVIEW_SIDE = 480
# Telephones that call themselves "50 megapixels" write 8192 × 6144, which is a little more.
MOST_PIXELS = 51_000_000
_QUALITIES = (88, 80, 70, 60)
# What the decoders raise for files that are cut off, mistaken or made up; none of them promises a list.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG of at most 2 MB and 2000 pixels on its longest side, without metadata; and a small one for lists."""

    data: bytes
    preview: bytes
    width: int
    height: int


def rewrite(data: bytes, kind: str) -> Photo:
    """The photo in these bytes, upright and without places, names, dates and devices.

    Raises `Refused` for a damaged file, one that moves, and one of more than 51 million pixels.
    """
    try:
        with Image.open(BytesIO(data), formats=[kind]) as opened:
            if opened.width * opened.height > MOST_PIXELS:  # Pillow's own limit only warns
                raise Refused(Refusal.TOO_MANY_PIXELS)
            if kind in {"PNG", "WEBP"} and getattr(opened, "is_animated", False):
                raise Refused(Refusal.ANIMATED)
            picture = _picture(opened)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(Refusal.TOO_MANY_PIXELS) from error
    except _BROKEN as error:
        raise Refused(Refusal.DAMAGED) from error
    written, size = _encode(picture)
    return Photo(data=written, preview=_preview(picture), width=size[0], height=size[1])


def _picture(image: Image.Image) -> Image.Image:
    """The bare picture: a new image, so that no comment, profile or position comes along."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: large ones are decoded smaller at once
    image.load()
    seen = _in_colours(image)
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    seen.info.setdefault("exif", image.info.get("exif", b""))
    turned = ImageOps.exif_transpose(seen)
    bare = Image.new("RGB", turned.size, "white")
    if turned.mode == "RGBA":
        bare.paste(turned, mask=turned.getchannel("A"))
    else:
        bare.paste(turned)
    return _in_srgb(bare, image.info.get("icc_profile"))


def _in_colours(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something is transparent; 16-bit greys are not cut off but scaled."""
    if image.mode in {"RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    sees_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    return image.convert("RGBA" if sees_through else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as the camera's profile means them: without it, photos of newer telephones turn pale."""
    if not profile:
        return picture
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):  # a profile for other colours, or none
        return picture
    if converted is None:
        return picture
    converted.info.clear()
    return converted


def _encode(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """JPEG below the limit: less quality first, then fewer pixels."""
    while True:
        for quality in _QUALITIES:
            buffer = BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True, exif=b"")
            if buffer.tell() <= LARGEST_BYTES:
                return buffer.getvalue(), picture.size
        picture = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5))


def _preview(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=80, optimize=True, exif=b"")
    return buffer.getvalue()


_NOTES = frozenset({0xE1, 0xED, 0xFE})  # Exif and XMP, Photoshop, comments
_SCAN = 0xDA


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG inside a document without its places, devices and comments; the picture itself is not written anew."""
    kept = bytearray(jpeg[:2])
    place = 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF:  # noqa: PLR2004 - every segment begins with it
        marker = jpeg[place + 1]
        if marker == _SCAN:
            return bytes(kept + jpeg[place:])
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if marker not in _NOTES:
            kept += jpeg[place:end]
        place = end
    return jpeg  # not as JPEGs are built: left to the program that opens the document
