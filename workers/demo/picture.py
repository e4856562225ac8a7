"""A small neutral picture: nobody's room, drawn in a few shapes."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (1200, 900)
_WALLS = ((236, 229, 214), (222, 232, 228))
_WOOD, _LEAF, _SKY, _CLOTH = (176, 137, 104), (112, 148, 110), (176, 208, 224), (214, 150, 120)


def picture(number: int) -> bytes:
    """A JPEG of 1200 × 900 pixels; different numbers give different pictures."""
    image = Image.new("RGB", SIZE, _WALLS[number % len(_WALLS)])
    draw = ImageDraw.Draw(image)
    shift = 120 * (number % 4)
    draw.rectangle((120 + shift, 120, 520 + shift, 420), fill=_SKY, outline=(255, 255, 255), width=18)
    draw.line((320 + shift, 120, 320 + shift, 420), fill=(255, 255, 255), width=14)
    draw.rectangle((0, 700, SIZE[0], SIZE[1]), fill=(205, 186, 160))
    draw.rounded_rectangle((220, 560, 980, 610), radius=20, fill=_WOOD)
    for leg in (280, 900):
        draw.rectangle((leg, 610, leg + 26, 800), fill=_WOOD)
    for place in range(3 + number % 2):
        left = 300 + place * 170
        draw.ellipse((left, 520, left + 90, 562), fill=(250, 248, 243), outline=_CLOTH, width=6)
    draw.ellipse((1000, 420, 1120, 620), fill=_LEAF)
    draw.rectangle((1035, 600, 1085, 700), fill=_CLOTH)
    file = BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()
