"""Exact amounts, units and the one rounding."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from minori.indicators.measures import Kind
from minori.indicators.quantities import (
    Amount,
    amount_of,
    exact,
    percent,
    plain,
    rounded,
    same_unit,
    whole_months,
)
from minori.indicators.reasons import Reason
from minori.indicators.stored import UnreadableMeasure, from_json, to_json
from tests.minori.indicators.examples import measure


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(3, 2), 0, "2"),
        (Fraction(5, 2), 0, "3"),  # to even would be 2
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(1, 3), 3, "0.333"),
        (Fraction(1005, 1000), 2, "1.01"),  # a float of 1.005 would show 1.00
        (Fraction(0), 1, "0.0"),
    ],
)
def test_rounding_is_half_up_and_away_from_zero(value, places, shown):
    assert f"{rounded(value, places):f}" == shown


def test_a_third_is_33_3_percent():
    assert percent(Fraction(4, 12)) == "33.3"
    assert percent(Fraction(-3, 5)) == "-60.0"


def test_numbers_stand_in_formulas_as_exactly_as_they_are():
    assert [plain(Fraction(one)) for one in ("8", "1/4", "-1/8", "1/3", "1500", "0")] == [
        "8",
        "0.25",
        "-0.125",
        "1/3",
        "1500",
        "0",
    ]


def test_units_are_the_same_however_they_are_spelled():
    assert same_unit("％", "%")
    assert same_unit("名", "人")
    assert same_unit("箇所", "カ所")
    assert same_unit(" Kg", "kg")
    assert not same_unit("人", "世帯")
    assert not same_unit("回", "件")
    assert not same_unit("", "人")


def test_what_is_no_number_of_this_world_is_no_number():
    assert exact(None) is None
    assert exact(Decimal("NaN")) is None
    assert exact(Decimal("-Infinity")) is None
    assert exact(Decimal("1E+1000000")) is None
    assert exact(Decimal("0E+1000000")) == 0
    assert amount_of(measure("NaN")) is Reason.NO_NUMBER
    assert amount_of(measure(3, "人", Kind.SHARE)) is Reason.NO_NUMBER
    assert amount_of(measure(3, "人", Kind.SHARE, of="NaN")) is Reason.NO_NUMBER


def test_everybody_is_a_count_where_it_is_known_and_a_hundred_percent_else():
    assert amount_of(measure(None, kind=Kind.ALL, of=17)).value == 17
    everybody = amount_of(measure(None, kind=Kind.ALL))
    assert isinstance(everybody, Amount)
    assert (everybody.size, everybody.counted) == (1, False)


def test_whole_months_only():
    assert whole_months(date(2025, 4, 1), date(2026, 3, 31)) == 12
    assert whole_months(date(2024, 2, 1), date(2024, 2, 29)) == 1
    assert whole_months(date(2024, 2, 1), date(2024, 2, 28)) is None
    assert whole_months(date(2024, 2, 2), date(2024, 2, 29)) is None
    assert whole_months(date(2024, 3, 1), date(2024, 2, 29)) is None


def test_a_stored_measure_is_readable_and_has_its_format_and_digits():
    one = measure("150.50", "人", Kind.RANGE, upper="200", years={"2026": "1"}, span=(0, 3), unread=("程度",))
    stored = to_json(one)
    assert (stored["format"], stored["value"], stored["years"]) == (1, "150.50", {"2026": "1"})
    assert from_json(stored) == one


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"format": 2},
        {"format": 1},
        to_json(measure(1)) | {"kind": "guess"},
        to_json(measure(1)) | {"value": "eins"},
        to_json(measure(1)) | {"years": [1]},
        to_json(measure(1)) | {"span": 5},
    ],
)
def test_what_is_no_measure_of_a_known_format_is_refused(broken):
    with pytest.raises(UnreadableMeasure):
        from_json(broken)
