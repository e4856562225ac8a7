"""Numbers as people type them into a field of numbers, and how they are printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.report_forms.amounts import grouped, plainly, read_amount, with_unit
from minori.report_forms.texts import NO_TEXT, Text

YEN = Text("円", "yen")
PEOPLE = Text("人", "people")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200000", "1200000"),
        ("1,200,000", "1200000"),
        ("1,200,000円", "1200000"),
        ("１，２００，０００円", "1200000"),
        ("１２０万円", "1200000"),
        ("120 万 円", "1200000"),
        ("1.5万円", "15000"),
        ("120万5千円", "1205000"),
        ("120万5000円", "1205000"),
        ("1億2,000万円", "120000000"),
        ("2億3千万", "230000000"),
        ("3千円", "3000"),
        ("百二十万円", "1200000"),
        ("二千五百円", "2500"),
        ("¥1,200,000-", "1200000"),
        ("￥1,200,000", "1200000"),
        ("金120,000円也", "120000"),
        ("1 200 000 yen", "1200000"),
        ("1,200 JPY", "1200"),
        ("1、200、000円", "1200000"),
        ("　800　円　", "800"),
        ("0円", "0"),
        ("-500円", "-500"),
        ("▲1,000", "-1000"),
        ("12.50", "12.50"),
    ],
)
def test_an_amount_is_read_however_it_is_typed(text: str, number: str) -> None:
    assert read_amount(text, YEN) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "円",
        "約120万円",
        "120万円程度",
        "120〜150万円",
        "1,2000円",
        "12 34",
        "10人",
        "万円",
        "120万万円",
        "1万2億",
        "1234567890123456",
        "使っていません",
        "1.2.3",
        "5千万億",
        "--5",
    ],
)
def test_what_is_not_exactly_one_number_is_never_guessed(text: str) -> None:
    assert read_amount(text, YEN) is None


def test_a_field_knows_its_own_unit_and_one_without_a_unit_takes_any_counter() -> None:
    assert read_amount("150名", PEOPLE) == 150
    assert read_amount("150 People", PEOPLE) == 150
    assert read_amount("150円", PEOPLE) is None
    assert read_amount("150人", NO_TEXT) == 150
    assert read_amount("12団体", NO_TEXT) == 12
    assert read_amount("12 organizations", Text("団体", "organizations")) == 12


def test_the_unit_is_printed_once_and_what_is_no_number_stays_as_written() -> None:
    assert with_unit("1,200,000円", YEN, "ja") == "1,200,000円"
    assert with_unit("120万", YEN, "ja") == "1,200,000円"
    assert with_unit("1200000", YEN, "en") == "1,200,000 yen"
    assert with_unit("約120万円", YEN, "ja") == "約120万円"
    assert with_unit("", YEN, "ja") == ""
    assert with_unit("1500", NO_TEXT, "ja") == "1,500"


@given(st.decimals(min_value=-(10**9), max_value=10**12, places=2))
def test_what_is_printed_or_stored_reads_as_the_same_number(number: Decimal) -> None:
    for written in (plainly(number), grouped(number), f"{grouped(number)}円"):
        assert read_amount(written, YEN) == number


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    number = read_amount(text, YEN)
    assert number is None or read_amount(plainly(number), YEN) == number
