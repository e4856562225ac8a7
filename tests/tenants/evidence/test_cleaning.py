"""Photos are told by their content and written anew: only the picture is left."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from tenants.evidence import cleaning
from tenants.evidence.cleaning import PhotoRefused, clean
from tests.tenants.evidence import pictures


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.heic])
def test_places_devices_and_comments_are_gone(make) -> None:
    before = make()
    assert pictures.SECRET in before
    photo = clean(before)
    after = opened(photo.data)
    assert (after.format, after.size) == ("JPEG", (640, 480))
    assert dict(after.getexif()) == {}
    assert pictures.SECRET not in photo.data
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_that_was_taken_upright_stands_upright() -> None:
    photo = clean(pictures.jpeg((640, 480), orientation=6))
    assert (photo.width, photo.height) == (480, 640)


def test_what_is_transparent_becomes_white() -> None:
    assert opened(clean(pictures.png()).data).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_shrunk_to_2000_pixels_and_2_megabytes() -> None:
    noise = Image.effect_noise((3000, 2400), 120).convert("RGB")
    buffer = BytesIO()
    noise.save(buffer, "JPEG", quality=95)
    photo = clean(buffer.getvalue())
    assert max(photo.width, photo.height) <= cleaning.LONGEST_SIDE
    assert len(photo.data) <= cleaning.LARGEST_BYTES


def test_a_small_photo_keeps_its_size() -> None:
    assert (clean(pictures.png((64, 48))).width, clean(pictures.png((64, 48))).height) == (64, 48)


def test_the_same_photo_always_gives_the_same_bytes() -> None:
    assert clean(pictures.jpeg()).data == clean(pictures.jpeg()).data


def _png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(10_000, 9_000), (60_000, 60_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoRefused, match=r"画素数|pixels"):
        clean(_png_of(*size))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "中身のない|empty"),
        (b"this is only text", "写真ではありません|not a photo"),
        (SVG, "写真ではありません|not a photo"),
        (b"GIF89a" + b"\0" * 20, "写真ではありません|not a photo"),
        (b"%PDF-1.7", "写真ではありません|not a photo"),
        (b"\xff\xd8\xff" + b"no header", "こわれて|damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"nothing", "こわれて|damaged"),
        (b"\0\0\0\x18ftypheic" + b"nothing", "こわれて|damaged"),
        (pictures.jpeg((900, 900))[:2500], "こわれて|damaged"),
    ],
    ids=["empty", "text", "svg", "gif", "pdf", "jpeg header", "png header", "heic header", "cut off"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(PhotoRefused, match=why):
        clean(data)


def test_what_hangs_behind_a_photo_does_not_come_along() -> None:
    assert b"<script>" not in clean(pictures.jpeg() + SVG).data
