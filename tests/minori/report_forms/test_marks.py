"""Telling a row's text apart by its indicators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.report_forms.marks import split
from tests.minori.report_forms.strategies import calm, texts
from tests.seed import report

TWO = ("①", "②")


@pytest.mark.parametrize(
    ("text", "marks", "pieces"),
    [
        ("① 一つ目\n② 二つ目", TWO, ["一つ目", "二つ目"]),
        ("① 一つ目\n② 二つ目", ("➀", "➁"), ["一つ目", "二つ目"]),
        ("❶一つ目\n２．二つ目", TWO, ["一つ目", "二つ目"]),
        ("(1) 一つ目\n（２）二つ目", TWO, ["一つ目", "二つ目"]),
        ("⑴一つ目\n⑵二つ目", ("(1)", "(2)"), ["一つ目", "二つ目"]),
        ("1)一つ目\n2)二つ目", ("１．", "２．"), ["一つ目", "二つ目"]),
        ("　① 一つ目\n続き\n\n　② 二つ目", TWO, ["一つ目\n続き", "二つ目"]),
        ("② 二つ目\n① 一つ目", TWO, ["一つ目", "二つ目"]),
        ("ア．一つ目\nイ．二つ目", ("ア", "イ"), ["一つ目", "二つ目"]),
        ("a. one\nb. two", ("a.", "b."), ["one", "two"]),
        ("① \n② 二つ目", TWO, ["", "二つ目"]),
        # marks nested in another writing belong to the piece
        ("①\n(1) 甲\n(2) 乙\n② 二つ目", TWO, ["(1) 甲\n(2) 乙", "二つ目"]),
        ("① 甲\n1. 乙\n2. 丙\n② 丁", TWO, ["甲\n1. 乙\n2. 丙", "丁"]),
        ("① 1.5倍\n② 2022年度\n3.5倍", TWO, ["1.5倍", "2022年度\n3.5倍"]),
    ],
)
def test_pieces_are_found_where_the_marks_are_those_of_the_indicators(text, marks, pieces):
    found = split(text, marks)
    assert found is not None
    assert list(found) == list(marks)
    assert list(found.values()) == pieces


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("①及び②ともに、支援した。", TWO),
        ("①・② 支援した。", TWO),
        ("①②ともに支援した。", TWO),
        ("① と ② は同じ。\n② さらに", TWO),
        ("① 一つ目だけ", TWO),
        ("① 一つ目\n② 二つ目\n③ 三つ目", TWO),
        ("① 一つ目\n① もう一度\n② 二つ目", TWO),
        ("全体として\n① 一つ目\n② 二つ目", TWO),
        ("一つ目 ② 二つ目", TWO),
        ("支援した。", TWO),
        ("", TWO),
        ("① 一つ目\n② 二つ目", ("", "")),
        ("① 一つ目\n② 二つ目", ("①", "➀")),
        ("① 一つ目", ()),
    ],
)
def test_a_text_that_cannot_be_told_apart_is_shared(text, marks):
    assert split(text, marks) is None


@pytest.mark.parametrize(
    ("text", "mark", "piece"),
    [
        ("2021年10月に始まった。", "①", "2021年10月に始まった。"),
        ("① 参加者1名", "①", "参加者1名"),
        ("支援実人数\n20人", "", "支援実人数\n20人"),
        ("①甲\n②乙", "①", "①甲\n②乙"),
        ("①及び②ともに", "①", "①及び②ともに"),
        ("① 甲", "", "① 甲"),
    ],
)
def test_a_single_indicator_owns_the_whole_text(text, mark, piece):
    assert split(text, (mark,)) == {mark: piece}


def test_the_texts_of_the_seed_fall_into_their_pieces():
    split_texts = {
        row.code: split(answer.text, row.marks)
        for row, answer in zip(report.framework(), report.rows(), strict=True)
    }
    shared = [code for code, pieces in split_texts.items() if pieces is None]
    assert shared == ["0103"]
    assert (
        split_texts["3"]["➁"]
        == "2020年度 8名（内3人登録）\n2021年度 8名（内3人登録）\n2022年度9月末 8名（内2名登録）"
    )
    assert split_texts["0102"]["①"].startswith("（0101）のリスト17団体の内")
    assert split_texts["4"] == {
        "➀": "2021年7月 1回ボランティア活動実施、2022年上半期は活動実績なし。",
        "➁": "参加者1名",
    }


# letters and signs, but no marks and no line breaks
plain = st.text(st.sampled_from("あ支援人年度「」・ 0"), max_size=15).map(lambda text: f"文{text}文")


@calm
@given(
    st.lists(plain, min_size=2, max_size=9), st.sampled_from(["{c} ", "({n})", "（{n}）", "{n}. ", "{n}．"])
)
def test_what_is_put_together_with_marks_comes_apart_again(pieces, writing):
    marks = [chr(0x2460 + number) for number in range(len(pieces))]
    lines = [
        writing.format(c=mark, n=number) + piece
        for number, (mark, piece) in enumerate(zip(marks, pieces, strict=True), start=1)
    ]
    assert split("\n".join(lines), marks) == dict(zip(marks, pieces, strict=True))


@calm
@given(texts, st.lists(st.sampled_from(["", "①", "②", "➁", "(1)", "ア", "★"]), max_size=3))
def test_pieces_are_parts_of_the_text_and_nothing_fails(text, marks):
    pieces = split(text, marks)
    assert pieces is None or (list(pieces) == marks and all(piece in text for piece in pieces.values()))
    assert pieces == split(text, marks)
