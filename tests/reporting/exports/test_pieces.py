"""Long papers in pieces: nothing is lost or said twice, and each piece is of a bearable size."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from reporting.exports.enums import Kind
from reporting.exports.writing import pieces
from reporting.exports.writing.pieces import Block, in_pieces
from tests.reporting.exports import rounds


def chapters() -> Any:
    table = Block(heading="表", heads=["a"], widths=[1], rows=iter([[f"行{place}"] for place in range(40)]))
    blocks = [Block(heading=f"団体{place}", said="あ" * 100) for place in range(20)]
    yield "一", iter([])
    yield "二", iter(blocks)
    yield "三", iter([table])


def test_everything_stands_once_and_in_order():
    cut = list(in_pieces(chapters(), large=600))
    blocks = [block for piece in cut for part in piece.parts for block in part.blocks]
    assert [one.heading for one in blocks if one.heading] == [*(f"団体{place}" for place in range(20)), "表"]
    assert [row[0] for one in blocks for row in one.rows] == [f"行{place}" for place in range(40)]
    assert all(one.heads for one in blocks if one.rows), "every piece of a table has its head"
    assert max(piece.size for piece in cut) <= 2 * 600 + 2 * pieces.A_ROW
    assert [piece.begins for piece in cut] == [True, *[False] * (len(cut) - 1)]


def test_a_chapter_without_blocks_is_left_out_and_one_cut_is_named_again():
    cut = list(in_pieces(chapters(), large=600))
    assert {part.title for piece in cut for part in piece.parts} == {"二", "三"}
    assert [piece.continues for piece in cut] == [piece.parts[0].again for piece in cut]
    firsts = [part.title for piece in cut for part in piece.parts if not part.again]
    assert firsts == ["二", "三"]


def test_a_short_paper_is_one_piece():
    assert len(list(in_pieces(chapters()))) == 1


@pytest.mark.django_db
def test_a_paper_in_pieces_says_the_same_and_counts_its_pages_through(hikari, kibou, tmp_path, monkeypatch):
    round_ = rounds.round_with(hikari, kibou)
    whole = PdfReader(BytesIO(rounds.written(round_, Kind.PDF, tmp_path).read_bytes()))
    monkeypatch.setattr(pieces.in_pieces, "__kwdefaults__", {"large": 300})
    cut = PdfReader(BytesIO(rounds.written(round_, Kind.PDF, tmp_path).read_bytes()))
    texts = [page.extract_text() for page in cut.pages]
    assert len(texts) > len(whole.pages)
    assert all(f"{place} / {len(texts)}" in text for place, text in enumerate(texts, start=1))
    assert "（続き）" in "".join(texts)
    assert [one["/Title"] for one in cut.outline if not isinstance(one, list)] == [
        one["/Title"] for one in whole.outline if not isinstance(one, list)
    ]
    said = "".join(texts).replace("\n", "").replace(" ", "")
    for page in whole.pages:
        for line in page.extract_text().splitlines()[:-1]:
            assert line.replace(" ", "") in said
    assert b"pdfuaid:part>1<" in cut.trailer["/Root"]["/Metadata"].get_data()
