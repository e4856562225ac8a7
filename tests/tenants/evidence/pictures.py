"""Photos as they come from cameras: with places, devices and comments in them."""

from io import BytesIO

import pillow_heif
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

pillow_heif.register_heif_opener()
SECRET = b"Saitama-Camera-4711"


def exif(orientation: int = 1) -> Image.Exif:
    """Where and with what a photo was taken."""
    data = Image.Exif()
    data[Base.Make] = SECRET.decode()
    data[Base.Orientation] = orientation
    place = data.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (35.0, 51.0, 26.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (139.0, 38.0, 56.0)
    return data


def picture(
    size: tuple[int, int] = (640, 480), mode: str = "RGB", colour: object = (180, 90, 30)
) -> Image.Image:
    return Image.new(mode, size, colour)


def jpeg(
    size: tuple[int, int] = (640, 480), *, orientation: int = 1, colour: object = (180, 90, 30)
) -> bytes:
    """A JPEG with GPS data and a comment."""
    buffer = BytesIO()
    picture(size, colour=colour).save(buffer, "JPEG", exif=exif(orientation).tobytes(), comment=SECRET)
    return buffer.getvalue()


def png(size: tuple[int, int] = (64, 48)) -> bytes:
    """A PNG, half transparent."""
    buffer = BytesIO()
    picture(size, "RGBA", (255, 0, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def heic(size: tuple[int, int] = (640, 480)) -> bytes:
    """A HEIC with GPS data, as iPhones send it."""
    buffer = BytesIO()
    picture(size).save(buffer, "HEIF", exif=exif().tobytes())
    return buffer.getvalue()


def webp(size: tuple[int, int] = (640, 480)) -> bytes:
    """A WebP with GPS data."""
    buffer = BytesIO()
    picture(size).save(buffer, "WEBP", exif=exif().tobytes())
    return buffer.getvalue()


def moving(kind: str) -> bytes:
    """A picture of three frames: GIF, WEBP or PNG."""
    frames = [picture((40, 30), colour=(shade, 0, 0)) for shade in (0, 120, 240)]
    buffer = BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()
