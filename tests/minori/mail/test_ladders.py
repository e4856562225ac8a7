"""Worked ladders, written out by hand. 2026: 3 May is a Sunday, 3–6 May are holidays in Japan."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from minori.mail.enums import Ladder
from minori.mail.ladders import DEFAULTS, Rung, day_of, is_sending_time, reached
from minori.programmes.holidays import business_days_in

JAPAN = business_days_in("Asia/Tokyo")
TOKYO = ZoneInfo("Asia/Tokyo")
DUE = DEFAULTS[Ladder.DUE]


def days(*, opens_on: date, due_on: date, ladder: Ladder = Ladder.DUE) -> dict[str, date]:
    return {
        rung.key: day_of(rung, opens_on=opens_on, due_on=due_on, works=JAPAN) for rung in DEFAULTS[ladder]
    }


def newest(*, opens_on: date, due_on: date, today: date, rungs: tuple[Rung, ...] = DUE) -> list[str]:
    come = reached(rungs, opens_on=opens_on, due_on=due_on, today=today, works=JAPAN)
    return [rung.key for rung in come]


def test_the_ladder_of_an_ordinary_october() -> None:
    # opens Thursday 1 October, due Wednesday 14 October; 12 October is a holiday
    assert days(opens_on=date(2026, 10, 1), due_on=date(2026, 10, 14)) == {
        "opening": date(2026, 10, 1),
        "before-14": date(2026, 9, 30),
        "before-3": date(2026, 10, 9),  # the 11th is a Sunday
        "on-the-day": date(2026, 10, 14),
        "after-1": date(2026, 10, 15),
        "after-7": date(2026, 10, 21),
        "after-14": date(2026, 10, 28),
    }


def test_the_ladder_around_golden_week() -> None:
    # due Tuesday 5 May, in the middle of the holidays; opens on a Saturday
    assert days(opens_on=date(2026, 4, 11), due_on=date(2026, 5, 5)) == {
        "opening": date(2026, 4, 13),
        "before-14": date(2026, 4, 21),
        "before-3": date(2026, 5, 1),  # 2 May is a Saturday
        "on-the-day": date(2026, 5, 1),
        "after-1": date(2026, 5, 7),
        "after-7": date(2026, 5, 12),
        "after-14": date(2026, 5, 19),
    }


def test_the_ladder_around_new_year() -> None:
    # due Monday 4 January 2027
    assert days(opens_on=date(2026, 12, 1), due_on=date(2027, 1, 4)) == {
        "opening": date(2026, 12, 1),
        "before-14": date(2026, 12, 21),
        "before-3": date(2026, 12, 28),  # 1 January
        "on-the-day": date(2027, 1, 4),
        "after-1": date(2027, 1, 5),
        "after-7": date(2027, 1, 12),  # the 11th is 成人の日
        "after-14": date(2027, 1, 18),
    }


def test_the_ladder_of_a_due_date_on_a_sunday() -> None:
    found = days(opens_on=date(2026, 11, 1), due_on=date(2026, 11, 15))
    assert found["on-the-day"] == date(2026, 11, 13)
    assert found["after-1"] == date(2026, 11, 16)


@pytest.mark.parametrize("due_on", [date.max, date(9000, 1, 1)])
def test_a_date_at_the_end_of_time_stops_nobodys_reminders(due_on: date) -> None:
    """9999-12-31 for "no end": the opening is spoken of, the steps around the day are not computed."""
    assert newest(opens_on=date(2026, 10, 1), due_on=due_on, today=date(2026, 10, 9)) == ["opening"]


def test_the_ladder_of_a_return() -> None:
    assert days(opens_on=date(2026, 10, 1), due_on=date(2026, 11, 4), ladder=Ladder.RETURN) == {
        "return-before-3": date(2026, 10, 30),  # 1 November is a Sunday
        "return-on-the-day": date(2026, 11, 4),
        "return-after-1": date(2026, 11, 5),
        "return-after-7": date(2026, 11, 11),
    }


def test_nothing_is_reached_before_the_report_opens_even_if_a_step_falls_before() -> None:
    dates = {"opens_on": date(2026, 10, 1), "due_on": date(2026, 10, 14)}
    assert newest(**dates, today=date(2026, 9, 30)) == []
    assert newest(**dates, today=date(2026, 10, 1)) == ["before-14", "opening"]


def test_steps_are_reached_in_the_order_of_their_days() -> None:
    dates = {"opens_on": date(2026, 9, 1), "due_on": date(2026, 10, 14)}
    assert newest(**dates, today=date(2026, 9, 29)) == ["opening"]
    assert newest(**dates, today=date(2026, 9, 30)) == ["opening", "before-14"]
    assert newest(**dates, today=date(2026, 10, 13)) == ["opening", "before-14", "before-3"]
    assert newest(**dates, today=date(2026, 12, 1)) == [rung.key for rung in DUE]


def test_of_two_steps_on_one_day_the_later_one_speaks() -> None:
    assert newest(opens_on=date(2026, 4, 11), due_on=date(2026, 5, 5), today=date(2026, 5, 1))[-2:] == [
        "before-3",
        "on-the-day",
    ]


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        ("2026-10-14T08:59:59+09:00", False),
        ("2026-10-14T09:00:00+09:00", True),
        ("2026-10-14T23:59:59+09:00", True),
        ("2026-10-10T09:00:00+09:00", False),  # a Saturday
        ("2026-10-12T09:00:00+09:00", False),  # a holiday
    ],
)
def test_reminders_go_out_from_nine_on_business_days(moment: str, may: bool) -> None:
    assert is_sending_time(datetime.fromisoformat(moment), zone=TOKYO, works=JAPAN) is may


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 3, 6), 14),  # Friday, winter time
        (date(2026, 3, 9), 13),  # Monday after the clocks went forward on the 8th
        (date(2026, 10, 30), 13),
        (date(2026, 11, 2), 14),  # Monday after the clocks went back on the 1st
    ],
)
def test_nine_is_nine_on_either_side_of_daylight_saving(day: date, utc_hour: int) -> None:
    new_york, works = ZoneInfo("America/New_York"), business_days_in("America/New_York")
    nine = datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)
    assert is_sending_time(nine, zone=new_york, works=works)
    assert not is_sending_time(nine - timedelta(seconds=1), zone=new_york, works=works)
