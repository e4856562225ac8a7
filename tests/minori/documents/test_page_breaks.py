"""Where the pages of a PDF end: no heading stands alone at the foot of a page."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from minori.report_forms.answers import Written
from tests.factories import filings
from tests.minori.documents.reading_pdf import printed, squeeze
from tests.minori.documents.test_paper import contents
from tests.minori.documents.test_pdf import jpeg


@pytest.mark.parametrize("lines", range(30, 58, 3))
def test_the_heading_of_the_photos_stands_on_the_page_of_the_first_photo(lines: int) -> None:
    photo = filings.photo(caption="はじめの写真")
    text = "\n".join(f"{number}行目の文" for number in range(lines))
    paper = contents(answers={"activities": Written(text)}, attachments=[photo])
    pdf = printed(paper, photos={photo.uuid: jpeg(300, 400)})
    found = [squeeze(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]
    heads = [number for number, page in enumerate(found) if "添付資料" in page or "活動の写真" in page]
    first = next(number for number, page in enumerate(found) if "はじめの写真" in page)
    assert heads, "the heading is printed"
    assert heads[-1] == heads[0] == first
