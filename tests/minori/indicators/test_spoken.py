"""What reports say in numbers, and what span of time they tell of."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.indicators.measures import Kind, Per
from minori.indicators.spoken import LONGEST, Period, read_actual, understand, write
from minori.indicators.statements import Covers

PERIOD = Period(date(2022, 4, 1), date(2022, 9, 30))


@pytest.mark.parametrize(
    ("text", "value", "unit", "covers", "on"),
    [
        ("42人", "42", "人", None, None),
        ("今期の参加者は42人です", "42", "人", Covers.PERIOD, None),
        ("事業開始から延べ1,800人が利用", "1800", "人", Covers.START, None),
        ("累計350食を提供", "350", "食", Covers.START, None),
        ("今年度は12回", "12", "回", Covers.FISCAL_YEAR, None),
        ("9月末現在、登録者は47名です。", "47", "名", Covers.DATE, date(2022, 9, 30)),
        ("34名（2022.9.30現在）", "34", "名", Covers.DATE, date(2022, 9, 30)),
        ("SNSのフォロワー数 1,532（9/30時点）", "1532", "", Covers.DATE, date(2022, 9, 30)),
        ("令和4年9月30日時点で34名", "34", "名", Covers.DATE, date(2022, 9, 30)),
        ("2022年度9月末現在20人", "20", "人", Covers.FISCAL_YEAR, None),
        ("42 people since the start of the project", "42", "people", Covers.START, None),
    ],
)
def test_a_text_of_one_number_says_what_it_covers_where_it_does(text, value, unit, covers, on):
    spoken = read_actual(text, PERIOD)

    assert spoken.measure is not None
    assert (spoken.measure.value, spoken.measure.unit) == (Decimal(value), unit)
    assert (spoken.covers, spoken.on) == (covers, on)
    assert spoken.measure.text == text


@pytest.mark.parametrize(
    "text",
    [
        "目標50人に対して42人",
        "昨年度は30名、今年度は45名",
        "上期3回、下期2回予定",
        "今期は2回、累計で5回",
        "定員20名",
        "48名中44名が「満足」と回答（91.7%）",
        "5人から8人に増えた",
    ],
)
def test_where_a_person_must_choose_nothing_is_taken_but_the_amounts_are_offered(text):
    spoken = read_actual(text, PERIOD)

    assert spoken.measure is None
    assert spoken.several


def test_two_spans_of_time_are_none():
    assert read_actual("今期、事業開始から5回", PERIOD).covers is None


def test_a_month_without_a_year_is_of_the_period_or_nothing():
    assert read_actual("10月末現在5名", PERIOD).on == date(2022, 10, 31)
    assert read_actual("2月末現在5名", PERIOD).on is None
    assert read_actual("9月末現在5名").on is None


def test_a_story_is_no_number():
    assert read_actual("あ" * LONGEST + "5人", PERIOD).several == ()
    assert read_actual("、".join(f"{one}月{one}回" for one in range(1, 9)), PERIOD).several == ()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("1,800", "人"), (Kind.EXACT, "1800", "人", None)),
        (("１８００", "人"), (Kind.EXACT, "1800", "人", None)),
        (("-3", "人"), (Kind.EXACT, "-3", "人", None)),
        (("0", ""), (Kind.EXACT, "0", "", None)),
        (("65", "％"), (Kind.SHARE, "65", "%", None)),
        (("6割", ""), (Kind.SHARE, "60", "%", None)),
        (("44/48", "名"), (Kind.SHARE, "44", "名", None)),
        (("約100", "人"), (Kind.ABOUT, "100", "人", None)),
        (("≧100", "人"), (Kind.AT_LEAST, "100", "人", None)),
        (("3～5", "回"), (Kind.RANGE, "3", "回", None)),
        (("4.3", "（5段階中）"), (Kind.SCALE, "4.3", "", None)),
        (("12", "人／月"), (Kind.EXACT, "12", "人", Per.MONTH)),
        (("2万", "円"), (Kind.EXACT, "20000", "円", None)),
        (("100人", ""), (Kind.EXACT, "100", "人", None)),
    ],
)
def test_what_a_person_types_into_the_box_is_understood(typed, expected):
    measure = understand(*typed, text="文")

    kind, amount, unit, per = expected
    assert measure is not None
    assert (measure.kind, measure.value, measure.unit, measure.per) == (kind, Decimal(amount), unit, per)
    assert measure.text == "文"


@pytest.mark.parametrize("value", ["", "abc", "多数", "3回と5回", "3回増", "--5", "1,00"])
def test_what_is_no_number_is_none(value):
    assert understand(value, "人", text="文") is None


@given(
    st.text(alphabet="0123456789０１,.、／/～約≧人名回%％中のうち今期現在月末年度①②()（） 増減", max_size=30)
)
def test_no_text_raises_and_what_is_written_is_understood_again(text):
    spoken = read_actual(text, PERIOD)

    for measure in (spoken.measure, *spoken.several):
        written = write(measure) if measure is not None else None
        if written is not None and measure is not None:
            again = understand(written.value, written.unit, text=text)
            assert again is not None
            assert (again.kind, again.value, again.of, again.upper) == (
                measure.kind,
                measure.value,
                measure.of,
                measure.upper,
            )


@given(st.text(max_size=20), st.text(max_size=8))
def test_no_input_raises(value, unit):
    understand(value, unit, text="文")
