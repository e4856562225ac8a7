"""Codes at the head of statements."""

import pytest
from hypothesis import given

from minori.report_forms.codes import CIRCLED, circled_number, read_code
from tests.minori.report_forms.strategies import calm, texts


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("１．社会復帰支援地域ネットワーク協議会に", "1"),
        ("（0101）連携すべき機関・団体が", "0101"),
        ("0201.ロジ拠点が整備される", "0201"),
        ("01-1 子どもの居場所が", "01-1"),
        ("1-1、相談員が", "1-1"),
        ("a.1 相談件数が増える", "a.1"),
        ("①参加者が増える", "1"),
        ("➁参加者が増える", "2"),
        ("【1】拠点ができる", "1"),
        ("０１０２　研修を受けた人が", "0102"),
        ("0103連携が深まる", "0103"),
        (" 3: 調査が終わる", "3"),
        ("2020年度の参加者が増える", None),
        ("3.5倍に増える", None),
        ("100 人が参加する", None),
        ("10人が参加する", None),
        ("【人材育成】研修を行う", None),
        ("子どもの居場所ができる", None),
        ("0.5％減る", None),
        ("①子どもが過ごせる\n②親が休める", None),
        ("➀子どもが過ごせる　②親が休める", None),
        ("１．学ぶ\n２．働く", None),
        ("0101.学ぶ\n0102.働く", None),
        ("①相談が増える（③と重なる）", "1"),
        ("1.学ぶ\n11人が働く", "1"),
        ("", None),
    ],
)
def test_a_code_is_read_where_one_is_written(statement, code):
    assert read_code(statement) == code


@calm
@given(texts)
def test_reading_never_fails_and_finds_plain_signs(text):
    code = read_code(text)
    assert code is None or (code.isascii() and code)


def test_circled_signs_of_all_sorts_are_numbers():
    assert [circled_number(sign) for sign in CIRCLED] == list(range(1, 51))
    assert [circled_number(sign) for sign in "❶➀➊➓"] == [1, 1, 1, 10]
    assert circled_number("1") is None
