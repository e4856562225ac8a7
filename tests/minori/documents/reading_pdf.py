"""What stands in a PDF, read back by a program of another house."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from minori.documents.pdf import pdf_of
from minori.report_forms.contents import Contents
from tests.factories import filings

HASH = "3f" * 32


def squeeze(text: str) -> str:
    """The letters alone. Circled numbers of two kinds look the same: the font has one shape for both."""
    return re.sub(r"\s", "", text).translate(str.maketrans("➀➁➂➃➄➅➆➇➈➉", "①②③④⑤⑥⑦⑧⑨⑩"))


def printed(contents: Contents, language: str = "ja", **more: Any) -> bytes:
    """The PDF of contents on the seed's form, as filed unless told otherwise."""
    facts = {"edition": filings.edition(), "photos": {}, "filed_hash": HASH}
    return pdf_of(contents, language=language, **(facts | more))


def pages(pdf: bytes) -> list[str]:
    """The letters of each page, its foot at the end."""
    return [squeeze(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def body(pdf: bytes, *, head_of_table: str = "") -> str:
    """The letters of all pages without what stands on every page."""
    found = pages(pdf)
    feet = [re.compile(rf"{re.escape(_foot_of(page))}") for page in found]
    whole = "".join(foot.sub("", page) for foot, page in zip(feet, found, strict=True))
    if head_of_table:
        first, *rest = whole.split(head_of_table)
        whole = first + head_of_table + "".join(rest)
    return whole


def _foot_of(page: str) -> str:
    """From the form's title near the end to 「2/3」."""
    found = re.search(r"進捗報告書（実行団体）(?:(?!進捗報告書（実行団体）).)*\d+/\d+$", page)
    assert found, f"no foot: {page[-120:]}"
    return found[0]
