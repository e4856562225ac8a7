"""Half-years of the Japanese fiscal year, as rounds."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.programmes.calendar import fiscal_year, half_year_end
from minori.programmes.enums import RoundKind
from minori.programmes.holidays import is_business_day_in_japan
from minori.programmes.proposing import propose_rounds


def test_three_fiscal_years_make_six_rounds_with_the_fields_own_names():
    rounds = propose_rounds(starts_on=date(2025, 4, 1), ends_on=date(2028, 3, 31))
    assert [one.title for one in rounds] == [
        "進捗報告（1年度目上期）",
        "年度末報告（1年度目下期）",
        "進捗報告（2年度目上期）",
        "年度末報告（2年度目下期）",
        "進捗報告（3年度目上期）",
        "事業完了報告",
    ]
    assert rounds[0].starts_on == date(2025, 4, 1)
    assert (rounds[0].ends_on, rounds[0].opens_on, rounds[0].due_on) == (
        date(2025, 9, 30),
        date(2025, 10, 1),
        date(2025, 10, 14),
    )
    assert rounds[-1].kind is RoundKind.COMPLETION
    assert rounds[-1].due_on == date(2028, 4, 14)


def test_the_round_of_the_seed_comes_out_with_its_own_due_date():
    rounds = propose_rounds(starts_on=date(2020, 5, 1), ends_on=date(2023, 3, 31))
    fifth = rounds[4]
    assert (fifth.title, fifth.due_on) == ("進捗報告（3年度目上期）", date(2022, 10, 14))


def test_a_start_late_in_the_fiscal_year_begins_with_a_short_second_half():
    rounds = propose_rounds(starts_on=date(2021, 3, 31), ends_on=date(2024, 2, 29))
    assert rounds[0].title == "年度末報告（1年度目下期）"
    assert (rounds[0].starts_on, rounds[0].ends_on) == (date(2021, 3, 31), date(2021, 3, 31))
    assert rounds[1].title == "進捗報告（2年度目上期）"
    assert rounds[-1].ends_on == date(2024, 2, 29)


def test_a_programme_within_one_half_year_has_its_completion_report_only():
    (only,) = propose_rounds(starts_on=date(2026, 5, 1), ends_on=date(2026, 9, 30))
    assert only.kind is RoundKind.COMPLETION


@pytest.mark.parametrize(
    ("day", "year", "end"),
    [
        (date(2026, 3, 31), 2025, date(2026, 3, 31)),
        (date(2026, 4, 1), 2026, date(2026, 9, 30)),
        (date(2026, 9, 30), 2026, date(2026, 9, 30)),
        (date(2026, 10, 1), 2026, date(2027, 3, 31)),
        (date(2027, 1, 1), 2026, date(2027, 3, 31)),
    ],
)
def test_fiscal_years_run_from_april_to_march(day, year, end):
    assert fiscal_year(day) == year
    assert half_year_end(day) == end


@given(
    st.dates(min_value=date(2019, 1, 1), max_value=date(2040, 1, 1)), st.integers(min_value=0, max_value=2500)
)
def test_rounds_cover_the_programme_without_gap_or_overlap(starts_on, days):
    ends_on = starts_on + timedelta(days=days)
    rounds = propose_rounds(starts_on=starts_on, ends_on=ends_on)
    assert rounds[0].starts_on == starts_on
    assert rounds[-1].ends_on == ends_on
    assert [one.number for one in rounds] == list(range(1, len(rounds) + 1))
    for before, after in pairwise(rounds):
        assert after.starts_on == before.ends_on + timedelta(days=1)
    for one in rounds:
        assert one.starts_on <= one.ends_on < one.opens_on <= one.due_on


def test_nothing_is_proposed_as_due_on_a_day_off():
    # the 14th of October 2023 is a Saturday; of April 2029 too
    rounds = propose_rounds(starts_on=date(2023, 4, 1), ends_on=date(2029, 3, 31))
    assert (rounds[0].counted_due_on, rounds[0].due_on) == (date(2023, 10, 14), date(2023, 10, 16))
    assert rounds[-1].due_on == date(2029, 4, 16)
    assert all(is_business_day_in_japan(one.due_on) for one in rounds)
    assert [one.due_on for one in rounds if one.due_on == one.counted_due_on] != []
    everywhere = propose_rounds(
        starts_on=date(2023, 4, 1), ends_on=date(2029, 3, 31), works=lambda _day: True
    )
    assert all(one.due_on == one.counted_due_on for one in everywhere)
