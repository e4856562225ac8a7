"""Photos are told by their content and written anew: only the picture is left."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from minori.documents.cleaning import FileRefused, clean
from minori.documents.examining import photos
from tests.tenants.evidence import pictures


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.heic, pictures.webp])
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
    assert max(photo.width, photo.height) <= photos.LONGEST_SIDE
    assert len(photo.data) <= photos.LARGEST_BYTES


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
    with pytest.raises(FileRefused, match=r"画素数|pixels"):
        clean(_png_of(*size))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "中身のない|empty"),
        (b"this is only text", "この種類のファイル|this kind"),
        (b"<html><script>alert(1)</script>", "この種類のファイル|this kind"),
        (SVG, "SVG"),
        (pictures.moving("GIF"), "動く画像|Moving"),
        (pictures.moving("WEBP"), "動く画像|Moving"),
        (pictures.moving("PNG"), "動く画像|Moving"),
        (b"\xff\xd8\xff" + b"no header", "こわれて|damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"nothing", "こわれて|damaged"),
        (b"\0\0\0\x18ftypheic" + b"nothing", "こわれて|damaged"),
        (pictures.jpeg((900, 900))[:2500], "こわれて|damaged"),
    ],
    ids=[
        "empty",
        "text",
        "html",
        "svg",
        "gif",
        "webp",
        "apng",
        "jpeg header",
        "png header",
        "heic header",
        "cut off",
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        clean(data)


@pytest.mark.parametrize("tail", [SVG, b"<html><script>alert(1)</script>", b"PK\x03\x04 a zip PK\x05\x06"])
def test_what_hangs_behind_a_photo_does_not_come_along(tail: bytes) -> None:
    kept = clean(pictures.jpeg() + tail)
    assert tail not in kept.data
    assert kept.data.endswith(b"\xff\xd9"), "the JPEG ends where a JPEG ends"


def test_what_a_comment_of_a_photo_says_does_not_come_along() -> None:
    buffer = BytesIO()
    pictures.picture().save(buffer, "JPEG", comment=b"/*<script>alert(1)</script>*/")
    assert b"script" not in clean(buffer.getvalue()).data


def test_a_photo_has_a_small_picture_for_lists() -> None:
    photo = clean(pictures.jpeg((1600, 1200), orientation=6))
    small = opened(photo.preview)
    assert small.size == (360, 480)
    assert dict(small.getexif()) == {}
    assert len(photo.preview) < len(photo.data)


def test_colours_of_newer_telephones_are_turned_into_those_of_every_screen() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    buffer = BytesIO()
    pictures.picture(colour=(200, 40, 40)).save(buffer, "JPEG", icc_profile=profile)
    kept = opened(clean(buffer.getvalue()).data)
    assert "icc_profile" not in kept.info, "a profile that does not fit is left out, the photo stays"


def test_a_grey_picture_of_16_bits_keeps_its_shades() -> None:
    buffer = BytesIO()
    Image.new("I;16", (60, 40), 32_768).save(buffer, "PNG")
    red, green, blue = opened(clean(buffer.getvalue()).data).getpixel((20, 20))
    assert red == green == blue
    assert 120 <= red <= 136


def test_a_file_that_takes_too_long_is_refused_and_only_its_process_dies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("minori.documents.cleaning.LONGEST_WAIT", 0.01)
    with pytest.raises(FileRefused, match=r"込み入って|too complicated"):
        clean(pictures.heic((3000, 3000)))


def test_the_process_that_opens_files_knows_no_settings_and_writes_no_files() -> None:
    asked = (
        "import os, resource, runpy, sys; sys.argv = ['x', 'photo']; sys.stdin.close;"
        "from minori.documents.examining.__main__ import limit; limit();"
        "print(sorted(os.environ), resource.getrlimit(resource.RLIMIT_CPU)[0],"
        " resource.getrlimit(resource.RLIMIT_FSIZE)[0], 'django' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-I", "-c", asked], env={}, capture_output=True, text=True, check=True
    ).stdout
    assert "DATABASE" not in told
    assert told.rstrip().endswith("30 0 False")
