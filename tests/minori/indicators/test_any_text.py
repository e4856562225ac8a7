"""Whatever is written or pasted: a reading comes back, in time, and says nothing that is not in the text."""

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.indicators import records
from minori.indicators.folding import fold
from minori.indicators.measures import Confidence, Kind
from minori.indicators.reading import Field, read
from minori.indicators.whens import WhenKind, read_when

PHRASES = [
    line.split("|")[1].strip().replace("\\n", "\n")
    for line in (Path(__file__).parent / "phrases.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
SIGNS = (
    "0123456789０５９〇一三十百千万億,.．、。，・:：／/~〜-ー－()（）①②➀①⑴%％割人名件回か所月年日週度"
    "毎各約延計以上下内超増減同上なし\n 　「」=＝×"
)
pieces = st.one_of(st.sampled_from(PHRASES), st.text(SIGNS, max_size=6), st.text(max_size=3))
mutated = st.lists(pieces, max_size=6).map("".join)
texts = st.one_of(st.text(max_size=120), st.text(SIGNS, max_size=60), mutated)


def all_of(measure):
    yield measure
    for part in measure.parts:
        yield from all_of(part)


@given(texts, st.sampled_from(Field))
def test_a_reading_never_fails_and_keeps_its_word(text, field):
    whole = read(text, field=field)

    assert whole.text == text
    for measure in all_of(whole):
        if measure.span is not None:
            start, end = measure.span
            assert 0 <= start <= end <= len(text)
        assert measure.text in text
        if measure.value is not None and measure.kind is not Kind.ALL:
            assert measure.span is not None
            assert measure.span[0] < measure.span[1]
            assert measure.value >= 0
        if measure.upper is not None:
            assert measure.value < measure.upper
        if measure.of is not None:
            assert 0 <= measure.value <= measure.of
            assert measure.of
        if measure.confidence is Confidence.SURE:
            assert not measure.unread
        if measure.parts:
            assert measure.value is None
        for piece in measure.unread:
            assert piece in text
    assert json.loads(json.dumps(records.of_measure(whole)))["text"] == text


@given(
    st.text("あいうえおかさたなはまやらわんアイウ漢字参加者実施状態、。\n", max_size=80),
    st.sampled_from(Field),
)
def test_where_no_number_is_written_none_is_read(text, field):
    assert not any(measure.is_numeric for measure in all_of(read(text, field=field)))


@given(st.integers(0, 999_999_999), st.sampled_from(["人", "件", "回", "団体", "か所", "トン"]))
def test_a_number_is_read_whatever_its_writing(number, unit):
    plain = str(number)
    wide = plain.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    for written in (plain, wide, f"{number:,}", f"{number:,}".replace(",", "，")):
        measure = read(f"{written}{unit}", field=Field.ACTUAL)
        assert (measure.value, measure.unit) == (Decimal(number), unit)
        assert measure.confidence is Confidence.SURE


@given(texts)
def test_an_achieve_by_phrase_never_fails_and_its_days_are_in_order(text):
    when = read_when(text)

    assert when.text == text
    for one in (when, *when.several):
        assert one.text in text
        if one.first and one.last:
            assert one.first <= one.last
        if one.kind in (WhenKind.DATE, WhenKind.MONTH, WhenKind.FISCAL_YEAR):
            assert one.first is not None
            assert one.last is not None
    assert json.loads(json.dumps(records.of_when(when)))["text"] == text


@given(st.dates(date(1990, 1, 1), date(2098, 12, 31)))
def test_a_day_is_read_whatever_its_writing(day):
    plain = f"{day.year}年{day.month}月{day.day}日"
    writings = [plain, fold(plain), f"{day:%Y/%m/%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y-%m-%d}"]
    if day.year >= 2020:
        writings.append(f"令和{day.year - 2018}年{day.month}月{day.day}日")
    for written in writings:
        when = read_when(written)
        assert (when.kind, when.first, when.last) == (WhenKind.DATE, day, day)


@given(st.text())
def test_folding_moves_nothing(text):
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "参加者10人、",
            "1",
            "1,",
            "①",
            "2024年3月",
            "10人中",
            "~1",
            "(",
            "「",
            "1/",
            "百",
            "年",
            "約",
            "3回×",
        ),
        *(
            "\n",
            " ",
            "・5件\n",
            "のべ",
            "①と",
            "a.1",
            "1-",
            "5段階",
            "全員",
            "あ",
            "0",
            "は100人と",
            "（10人）",
        ),
        *("設定", "月に", "1回につき", "-①"),
    ],
)
def test_a_long_paste_takes_time_in_proportion(piece):
    def seconds(letters):
        text = (piece * letters)[:letters]
        start = time.process_time()
        read(text)
        read_when(text)
        return time.process_time() - start

    short, long = min(seconds(2_500) for _ in range(3)), seconds(20_000)
    assert long < 40 * max(short, 0.005), f"{short:.3f} s, then {long:.3f} s for eight times as much"


def test_a_paste_of_a_hundred_kilobytes_is_read():
    text = ("".join(PHRASES) * 50)[:100_000]

    assert read(text).text == text
    assert read_when(text).text == text
