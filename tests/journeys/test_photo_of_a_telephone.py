"""A photo as an iPhone sends it: HEIC, turned, with its place. It is seen upright, on paper too, and tells no place."""

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from minori.accounts.enums import Role
from minori.organizations.models import Organization
from minori.tenancy.rooms import entering
from tenants.evidence import attachments
from tests.factories import people
from tests.journeys.test_clean_pages import look, visit
from tests.tenants.evidence import pictures
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_handing_in import fill

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
RED, BLUE = (200, 30, 30), (30, 30, 200)


def taken_upright() -> bytes:
    """Lying in the file as the sensor saw it, with the note that it is to be turned by a quarter."""
    lying = pictures.picture((640, 480), colour=RED)
    lying.paste(BLUE, (320, 0, 640, 480))
    buffer = BytesIO()
    lying.save(buffer, "HEIF", exif=pictures.exif(orientation=6).tobytes())
    data = buffer.getvalue()
    assert b"ftypheic" in data[:32]
    assert b"irot" in data, "turned by the container, as iPhones do it"
    assert pictures.SECRET in data
    return data


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 30 for one, other in zip(pixel[:3], colour, strict=True))


def upright(image: Image.Image) -> bool:
    """Higher than wide, red above and blue below."""
    plain = image.convert("RGB")
    top, bottom = (plain.getpixel((plain.width // 2, y)) for y in (10, plain.height - 10))
    return plain.height > plain.width and near(top, RED) and near(bottom, BLUE)


def test_a_heic_is_seen_upright_on_the_page_and_on_paper_and_tells_no_place(
    chromium: Browser, live_server: Any, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_DIR = tmp_path / "files"
    hikari = Organization.objects.get(slug="hikari")
    deadline = open_deadline(hikari)
    fill(deadline)
    page = visit(chromium, live_server.url, people.member(hikari, Role.APPROVER, name="承認 太郎"), "ja", 360)
    here = f"/o/hikari/reports/{deadline.pk}/"
    page.goto(f"{here}sections/photos/")
    photo = {"name": "IMG_4711.HEIC", "mimeType": "image/heic", "buffer": taken_upright()}
    page.locator("[name=files]").set_input_files([photo])
    page.get_by_role("button", name="追加する").click()
    expect(page.locator("[data-upload-status]")).to_contain_text("追加しました")
    picture = page.locator("#files img").first
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('#files img')?.naturalWidth > 0")
    assert picture.evaluate("one => one.naturalHeight > one.naturalWidth")
    assert not look(page, "heic")
    shown = page.request.get(picture.evaluate("one => one.src"))
    assert upright(Image.open(BytesIO(shown.body())))
    with entering(hikari):
        (stored,) = attachments.of(deadline.pk)
    whole = page.request.get(reverse("evidence:file", args=["hikari", stored.uuid])).body()
    for bytes_ in (shown.body(), whole):
        assert pictures.SECRET not in bytes_
        assert dict(Image.open(BytesIO(bytes_)).getexif()) == {}
    assert upright(Image.open(BytesIO(whole)))
    paper = PdfReader(BytesIO(page.request.get(f"{here}draft.pdf").body()))
    printed = [image.image for sheet in paper.pages for image in sheet.images]
    assert [upright(one) for one in printed if one is not None and one.width > 50] == [True]
    page.context.close()
