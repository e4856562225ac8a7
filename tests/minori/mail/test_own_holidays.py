"""Reminders on a distributor's own calendar: its holidays, its weekend, its time zone with both changes of the clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from minori.mail import queries
from minori.mail.ladders import Rung, day_of
from minori.mail.models import Message
from minori.mail.reminders import sweep
from minori.programmes.holiday_lists import works_in
from tests.factories import people, programmes

pytestmark = pytest.mark.django_db


def due(
    organization, *, zone, days=None, weekend="sat-sun", due_on=date(2026, 10, 14), opens_on=date(2026, 1, 5)
):
    """A report of a programme with its own list of holidays."""
    house = programmes.distributor(time_zone=zone)
    own = programmes.holidays(house, days or {}, weekend=weekend)
    programme = programmes.programme(of=house, holidays=own)
    round_ = programmes.round_(of=programme, opens_on=opens_on, due_on=due_on)
    return programmes.deadline(of=programmes.grant(of=programme, organization=organization), round=round_)


@pytest.mark.parametrize(
    ("change", "nine_in_utc"),
    [
        (date(2026, 3, 29), 7),  # the clocks go forward in Berlin that night
        (date(2026, 10, 25), 8),  # and back
    ],
)
def test_nine_is_nine_on_the_very_days_on_which_the_clocks_change(hikari, change, nine_in_utc):
    # both are Sundays: working days where the weekend is Friday
    due(hikari, zone="Europe/Berlin", weekend="fri", due_on=change + timedelta(days=3))
    people.member(hikari)
    nine = datetime(change.year, change.month, change.day, nine_in_utc, tzinfo=UTC)
    assert queries.waited_for(nine - timedelta(seconds=1)) == []
    found = queries.waited_for(nine)
    assert [one.today for one in found] == [change]
    assert sweep(at=nine - timedelta(seconds=1)).mails == 0
    assert sweep(at=nine).mails == 1
    assert sweep(at=nine + timedelta(hours=1)).mails == 0  # the hour that comes twice writes nobody twice
    assert Message.objects.filter(kind="deadline").count() == 1


def test_no_reminder_goes_out_on_a_holiday_of_the_list_and_one_of_japan_is_none(hikari):
    kenya = {date(2026, 10, 20): "Mashujaa Day"}
    due(hikari, zone="Africa/Nairobi", days=kenya, due_on=date(2026, 10, 20))
    people.member(hikari)
    assert queries.waited_for(datetime(2026, 10, 20, 6, tzinfo=UTC)) == []
    assert len(queries.waited_for(datetime(2026, 11, 3, 6, tzinfo=UTC))) == 1  # 文化の日


def test_steps_move_off_the_holidays_and_the_weekend_of_the_list(hikari):
    list_ = {date(2026, 10, 11): "A Sunday holiday", date(2026, 10, 14): "A holiday"}
    deadline = due(hikari, zone="Asia/Dubai", days=list_, weekend="fri-sat", due_on=date(2026, 10, 14))
    works = works_in(deadline.grant.programme)
    about = {"opens_on": date(2026, 10, 2), "due_on": date(2026, 10, 14), "works": works}
    assert day_of(Rung("opening", None), **about) == date(2026, 10, 4)  # a Friday: the Sunday after
    assert day_of(Rung("before-3", -3), **about) == date(
        2026, 10, 8
    )  # Sunday 11, Saturday, Friday: the Thursday before
    assert day_of(Rung("on-the-day", 0), **about) == date(2026, 10, 13)
    assert day_of(Rung("after-1", 1), **about) == date(2026, 10, 15)
    assert day_of(Rung("after-2", 2), **about) == date(2026, 10, 18)


def test_one_sweep_serves_programmes_with_lists_and_without(hikari, django_assert_num_queries):
    due(hikari, zone="Asia/Tokyo", days={date(2026, 10, 13): "Ours alone"}, due_on=date(2026, 10, 16))
    programmes.deadline(organization=hikari)
    with django_assert_num_queries(3):
        found = queries.waited_for(datetime(2026, 10, 13, 1, tzinfo=UTC))
    assert len(found) == 1  # the one without a list
    due(hikari, zone="Asia/Tokyo", due_on=date(2026, 10, 16))
    with django_assert_num_queries(3):
        found = queries.waited_for(datetime(2026, 10, 14, 1, tzinfo=UTC))
    assert len(found) == 3
