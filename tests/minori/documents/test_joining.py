"""Papers set in pieces and joined: pages, page numbers, bookmarks and the structure for reading aloud."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from minori.documents import joining, typesetting
from minori.documents.joining import CannotJoin, Joined

TEMPLATE = Path(__file__).resolve().parents[3] / "reporting" / "exports" / "typst" / "summary.typ"


def piece(
    *names: str, title: str = "章（一）", rows: int = 30, text: str = "指標の達成状況", **more: Any
) -> bytes:
    blocks = [
        {
            "heading": [name],
            "said": [],
            "quiet": ["a (b) 7 0 R"],
            "picture": "",
            "alt": "",
            "widths": [1, 3],
            "heads": [["団体"], ["現状"]],
            "rows": [[[name], [f"{text}{place}"]] for place in range(rows)],
        }
        for name in names
    ]
    sheet = {
        "language": "ja",
        "region": "JP",
        "name": "(名) 5 0 R",
        "author": "財団",
        "foot": "foot",
        "colon": "：",
        "title": ["題"] if title else [],
        "head": [],
        "first": 1,
        "pages": 0,
        "parts": [{"title": [title] if title else [], "blocks": blocks}],
        **more,
    }
    return typesetting.typeset(sheet, pictures=[], template=TEMPLATE.read_bytes())


def joined(path: Path, *parts: tuple[bytes, bool]) -> PdfReader:
    with Joined(path) as whole:
        for pdf, continues in parts:
            whole.add(pdf, continues=continues)
    return PdfReader(BytesIO(path.read_bytes()), strict=True)


def test_pages_and_numbers_go_on_and_bookmarks_stand_where_they_belong(tmp_path):
    one = piece("ひかり", "きぼう", first=1, pages=5)
    first = joining.pages_of(one)
    two = piece("あかり", title="章（一）（続き）", first=first + 1, pages=5)
    three = piece("(x) 3 0 R", title="Next (x)")
    whole = joined(tmp_path / "all.pdf", (one, False), (two, True), (three, False))
    texts = [page.extract_text() for page in whole.pages]
    assert len(texts) == first + joining.pages_of(two) + joining.pages_of(three)
    assert f"{first + 1} / 5" in texts[first]
    assert f"{first} / 5" in texts[first - 1]
    chapter, below, following, last = whole.outline
    assert [chapter["/Title"], following["/Title"]] == ["章（一）", "Next (x)"]
    assert [one["/Title"] for one in below] == ["ひかり", "きぼう", "あかり"]
    assert [one["/Title"] for one in last] == ["(x) 3 0 R"]
    assert whole.get_destination_page_number(below[2]) == first


def test_what_reads_it_aloud_finds_every_page_and_every_table_head_once(tmp_path):
    parts = [(piece("ひかり", rows=5), False), (piece("きぼう", rows=5), True)]
    whole = joined(tmp_path / "all.pdf", *parts)
    root = whole.trailer["/Root"]
    tree = root["/StructTreeRoot"]
    nums = tree["/ParentTree"]["/Nums"]
    assert list(nums[::2]) == list(range(len(whole.pages)))
    assert [page["/StructParents"] for page in whole.pages] == list(nums[::2])
    for page, held in zip(whole.pages, nums[1::2], strict=True):
        pages = [one.get_object().get("/Pg") for one in held.get_object()]
        assert {one.get("/StructParents") for one in pages if one is not None} == {page["/StructParents"]}
    names = tree["/IDTree"]["/Names"][::2]
    assert list(names) == sorted(set(names))
    document = tree["/K"][0].get_object()
    assert [one.get_object()["/S"] for one in document["/K"]].count("/Table") == 2
    assert all(one.get_object()["/P"] == document for one in document["/K"])
    heads = set(re.findall(rb"Headers\[\((P\d+U[^)]*)\)", (tmp_path / "all.pdf").read_bytes()))
    assert {one.decode() for one in heads} == set(names)
    assert root["/Metadata"].get_data().count(b"pdfuaid:part>1<") == 1


def test_it_claims_no_more_than_its_humblest_part(tmp_path):
    parts = [(piece("ひかり"), False), (piece("きぼう", text="🦄𓀀", title=""), True)]
    whole = joined(tmp_path / "all.pdf", *parts)
    metadata = whole.trailer["/Root"]["/Metadata"].get_data()
    assert b"pdfuaid:part" not in metadata
    assert f"NPages>{len(whole.pages)}<".encode() in metadata


def test_the_same_parts_give_the_same_file(tmp_path):
    part = piece("ひかり")
    for name in ("one", "two"):
        joined(tmp_path / name, (part, False), (part, False))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7\nstartxref\n5\n%%EOF\n"])
def test_what_the_typesetter_did_not_make_is_refused(broken, tmp_path):
    with pytest.raises(CannotJoin):
        joining.pages_of(broken)
    with pytest.raises(CannotJoin), Joined(tmp_path / "none.pdf"):
        pass
