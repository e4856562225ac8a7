"""Rounds by quarter and month, and due dates by rule: worked out by hand with a calendar."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.indicators.fiscal import FiscalCalendar
from minori.programmes.enums import RoundKind
from minori.programmes.holidays import is_business_day_in_japan
from minori.programmes.proposing import COUNTS, Due, DueRule, Rhythm, propose_next, propose_rounds


def test_quarters_of_the_japanese_fiscal_year_end_with_a_year_end_report():
    rounds = propose_rounds(
        starts_on=date(2026, 5, 11), ends_on=date(2027, 9, 30), rhythm=Rhythm.QUARTER, works=lambda _day: True
    )
    assert [(one.title, one.starts_on, one.ends_on) for one in rounds] == [
        ("進捗報告（1年度目第1四半期）", date(2026, 5, 11), date(2026, 6, 30)),
        ("進捗報告（1年度目第2四半期）", date(2026, 7, 1), date(2026, 9, 30)),
        ("進捗報告（1年度目第3四半期）", date(2026, 10, 1), date(2026, 12, 31)),
        ("年度末報告（1年度目第4四半期）", date(2027, 1, 1), date(2027, 3, 31)),
        ("進捗報告（2年度目第1四半期）", date(2027, 4, 1), date(2027, 6, 30)),
        ("事業完了報告", date(2027, 7, 1), date(2027, 9, 30)),
    ]
    assert rounds[1].due_on == date(2026, 10, 14)


def test_months_of_a_calendar_year():
    rounds = propose_rounds(
        starts_on=date(2028, 1, 1),
        ends_on=date(2029, 1, 31),
        rhythm=Rhythm.MONTH,
        calendar=FiscalCalendar(1),
        works=lambda _day: True,
        due=DueRule(Due.FIXED_DAY, 10),
    )
    assert len(rounds) == 13
    assert (rounds[1].title_in_english, rounds[1].ends_on) == (
        "Progress report (year 1, month 2)",
        date(2028, 2, 29),
    )
    assert (rounds[11].kind, rounds[11].title) == (RoundKind.YEAR_END, "年度末報告（1年度目12月）")
    assert [one.due_on for one in rounds[:2]] == [date(2028, 2, 10), date(2028, 3, 10)]
    assert rounds[12].title_in_english == "Completion report"


def test_own_dates_are_not_proposed():
    assert propose_rounds(starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31), rhythm=Rhythm.OWN) == []


@pytest.mark.parametrize(
    ("rule", "end", "due"),
    [
        (DueRule(), date(2026, 9, 30), date(2026, 10, 14)),
        # Golden Week of 2026: work on the 1st of May, a Friday, then on the 7th, 8th, 11th and 12th
        (DueRule(Due.BUSINESS_DAYS, 5), date(2026, 4, 30), date(2026, 5, 12)),
        # the turn of the year: offices work until 28 December and from 4 January 2027, a Monday
        (DueRule(Due.BUSINESS_DAYS, 1), date(2026, 12, 28), date(2027, 1, 4)),
        (DueRule(Due.FIXED_DAY, 31), date(2027, 1, 31), date(2027, 2, 28)),
        (DueRule(Due.FIXED_DAY, 10), date(2026, 12, 31), date(2027, 1, 10)),
        (
            DueRule(Due.FIXED_DAY, 1),
            date(2027, 2, 2),
            date(2027, 3, 1),
        ),  # a period cut to the programme's end
        (DueRule(Due.MONTH_END), date(2026, 9, 30), date(2026, 10, 31)),
        (DueRule(Due.PERIOD_END), date(2026, 9, 30), date(2026, 9, 30)),
    ],
)
def test_due_by_rule(rule, end, due):
    assert rule.count(end, is_business_day_in_japan) == due


def test_a_day_off_moves_to_the_next_business_day_and_a_report_opens_in_time():
    (only,) = propose_rounds(  # 31 October 2026 is a Saturday
        starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 30), due=DueRule(Due.MONTH_END)
    )
    assert (only.counted_due_on, only.due_on) == (date(2026, 10, 31), date(2026, 11, 2))
    (last,) = propose_rounds(
        starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 30), due=DueRule(Due.PERIOD_END)
    )
    assert (last.opens_on, last.due_on) == (date(2026, 9, 30), date(2026, 9, 30))


@given(
    st.dates(min_value=date(2019, 1, 1), max_value=date(2040, 1, 1)),
    st.integers(min_value=0, max_value=1500),
    st.sampled_from([one for one in Rhythm if one.months]),
    st.builds(DueRule, st.sampled_from(Due), st.integers(min_value=1, max_value=40)),
    st.integers(min_value=1, max_value=12),
)
def test_rounds_of_every_rhythm_cover_the_programme_and_are_due_in_order(begins, days, rhythm, rule, month):
    ends = begins + timedelta(days=days)
    rounds = propose_rounds(
        starts_on=begins, ends_on=ends, rhythm=rhythm, due=rule, calendar=FiscalCalendar(month)
    )
    assert (rounds[0].starts_on, rounds[-1].ends_on) == (begins, ends)
    assert sum((one.ends_on - one.starts_on).days + 1 for one in rounds) == days + 1
    for one in rounds:
        assert one.starts_on <= one.ends_on
        assert one.opens_on <= one.due_on
        assert one.due_on >= one.ends_on
        assert is_business_day_in_japan(one.due_on)
        assert (one.ends_on - one.starts_on).days <= 31 * rhythm.months
    assert len({one.title for one in rounds}) == len(rounds)
    assert len({one.title_in_english for one in rounds}) == len(rounds)
    assert {Due.DAYS, Due.BUSINESS_DAYS, Due.FIXED_DAY} == COUNTS


def had(*rounds: tuple[date, date, date]):
    """Rounds as a programme has them: from, to and due."""
    return [
        SimpleNamespace(period_starts_on=begins, period_ends_on=ends, due_on=due)
        for begins, ends, due in rounds
    ]


FIRST = (date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 14))
SECOND = (date(2026, 10, 1), date(2027, 3, 31), date(2027, 4, 14))


@pytest.mark.parametrize(
    ("rounds", "ends_on", "expected"),
    [
        # nothing yet: the usual half-year, fourteen days after it
        ([], date(2028, 3, 31), ("進捗報告（1年度目上期）", date(2026, 9, 30), date(2026, 10, 14))),
        # the second half of the year: 31 March and fourteen days
        ([FIRST], date(2028, 3, 31), ("年度末報告（1年度目下期）", date(2027, 3, 31), date(2027, 4, 14))),
        # a mid-term evaluation of dates of its own between them changes nothing
        (
            [FIRST, (date(2026, 4, 1), date(2026, 12, 31), date(2027, 1, 29)), SECOND],
            date(2028, 3, 31),
            ("進捗報告（2年度目上期）", date(2027, 9, 30), date(2027, 10, 14)),
        ),
        # a programme made longer by four months: the half-year is cut to them, and completes it
        ([FIRST, SECOND], date(2027, 7, 31), ("事業完了報告", date(2027, 7, 31), date(2027, 8, 16))),
        # quarters due on the last day of the next month; 31 January 2027 is a Sunday
        (
            [
                (date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 31)),
                (date(2026, 7, 1), date(2026, 9, 30), date(2026, 11, 2)),
            ],
            date(2028, 3, 31),
            ("進捗報告（1年度目第3四半期）", date(2026, 12, 31), date(2027, 2, 1)),
        ),
        # months due five business days later: 30 June, a Tuesday, then 1, 2, 3, 6 and 7 July
        (
            [
                (date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 12)),
                (date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 5)),
            ],
            date(2027, 3, 31),
            ("進捗報告（1年度目6月）", date(2026, 6, 30), date(2026, 7, 7)),
        ),
    ],
)
def test_the_next_round_follows_the_rhythm_and_the_rule_of_those_before(rounds, ends_on, expected):
    found = propose_next(had(*rounds), starts_on=date(2026, 4, 1), ends_on=ends_on)
    assert (found.title, found.ends_on, found.due_on) == expected


@pytest.mark.parametrize(
    ("rounds", "ends_on"),
    [
        ([FIRST, SECOND], date(2027, 3, 31)),  # the last one ends the programme
        ([(date(2026, 4, 7), date(2026, 8, 3), date(2026, 9, 1))], date(2028, 3, 31)),  # own dates
        ([(date(2026, 4, 1), date(2026, 9, 30), date(2026, 8, 1))], date(2026, 9, 30)),  # due before its end
    ],
)
def test_nothing_is_proposed_behind_the_last_round_and_behind_own_dates(rounds, ends_on):
    assert propose_next(had(*rounds), starts_on=date(2026, 4, 1), ends_on=ends_on) is None
