"""A distributor's own holidays: what they move, who may follow them, and what the trail says."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.programmes import holiday_lists
from minori.programmes.enums import Weekend
from minori.programmes.models import Distributor, Holiday, HolidayList
from minori.programmes.proposing import propose_rounds
from tests.factories import programmes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=None, name="Jane Wanjiku")


@pytest.fixture
def nairobi() -> Distributor:
    return programmes.distributor(name="Nairobi Fund", time_zone="Africa/Nairobi", fiscal_year_begins=1)


def test_a_programme_follows_its_own_list_and_another_one_does_not(nairobi):
    kenya = programmes.holidays(nairobi, {date(2026, 10, 20): "Mashujaa Day"})
    works = holiday_lists.works_in(programmes.programme(of=nairobi, holidays=kenya))
    assert not works(date(2026, 10, 20))
    assert works(date(2026, 10, 21))
    assert works(date(2026, 11, 3))  # a holiday in Japan
    without = holiday_lists.works_in(programmes.programme(of=nairobi))
    assert without(date(2026, 10, 20))
    japanese = holiday_lists.works_in(programmes.programme())
    assert not japanese(date(2026, 11, 3))


def test_a_distributor_in_japan_may_follow_a_list_of_its_own():
    tokyo = programmes.distributor()
    works = holiday_lists.works_in(programmes.programme(of=tokyo, holidays=programmes.holidays(tokyo)))
    assert not works(date(2026, 1, 1))
    assert works(date(2026, 1, 2))  # a holiday of Japan's offices, and none of the list


@pytest.mark.parametrize(
    ("weekend", "off"),
    [("sat-sun", {5, 6}), ("fri-sat", {4, 5}), ("sun", {6}), ("sat", {5}), ("fri", {4})],
)
def test_the_weekend_is_the_list_s_own(nairobi, weekend, off):
    works = holiday_lists.works_in(
        programmes.programme(of=nairobi, holidays=programmes.holidays(nairobi, weekend=weekend))
    )
    assert {day.weekday() for day in (date(2026, 6, one) for one in range(1, 8)) if not works(day)} == off
    assert Weekend(weekend).weekdays == off


def test_rounds_of_a_calendar_year_are_due_when_the_list_lets_offices_work(nairobi):
    kenya = programmes.holidays(nairobi, {date(2027, 1, 14): "A holiday", date(2026, 7, 14): "Another"})
    programme = programmes.programme(
        of=nairobi, holidays=kenya, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31)
    )
    rounds = propose_rounds(
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        works=holiday_lists.works_in(programme),
        calendar=nairobi.fiscal_calendar,
    )
    assert [(one.starts_on, one.ends_on, one.due_on) for one in rounds] == [
        (date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 15)),
        (date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 15)),
        (date(2027, 1, 1), date(2027, 6, 30), date(2027, 7, 14)),
        (date(2027, 7, 1), date(2027, 12, 31), date(2028, 1, 14)),
    ]
    assert [one.title_in_english for one in rounds][:2] == [
        "Progress report (year 1, first half)",
        "Year-end report (year 1, second half)",
    ]


def test_replacing_a_list_replaces_its_days_and_is_recorded(nairobi):
    kenya = programmes.holidays(nairobi, {date(2026, 1, 1): "New Year"}, name="Kenya")
    other = programmes.holidays(nairobi, {date(2026, 1, 1): "Neujahr"}, name="Bayern")
    holiday_lists.replace(
        kenya,
        name="Kenya 2027",
        weekend="sun",
        days={date(2027, 1, 1): "New Year"},
        filename="k.ics",
        by=OFFICER,
        at=AT,
    )
    changed = HolidayList.objects.get(pk=kenya.pk)
    assert (changed.name, changed.filename, changed.uploaded_by_name) == (
        "Kenya 2027",
        "k.ics",
        "Jane Wanjiku",
    )
    assert list(changed.days.values_list("on", flat=True)) == [date(2027, 1, 1)]
    assert other.days.count() == 1
    event = Event.objects.filter(action=Action.HOLIDAYS_UPLOADED).latest("pk")
    assert (event.distributor_id, event.details) == (
        nairobi.pk,
        {"name": "Kenya 2027", "weekend": "sun", "days": 1, "file": "k.ics"},
    )


def test_another_name_leaves_the_days_and_their_file(nairobi):
    kenya = programmes.holidays(nairobi)
    holiday_lists.replace(kenya, name="Renamed", weekend="sat-sun", days=None, by=OFFICER, at=AT)
    kenya.refresh_from_db()
    assert (kenya.name, kenya.filename, kenya.days.count()) == ("Renamed", "holidays.csv", 1)


def test_a_name_is_there_once_for_each_distributor(nairobi):
    programmes.holidays(nairobi, name="Kenya")
    programmes.holidays(programmes.distributor(), name="Kenya")
    with pytest.raises(holiday_lists.NameTaken), transaction.atomic():
        programmes.holidays(nairobi, name="Kenya")
    second = programmes.holidays(nairobi, name="Uganda")
    with pytest.raises(holiday_lists.NameTaken), transaction.atomic():
        holiday_lists.replace(second, name="Kenya", weekend="sun", days=None, by=OFFICER, at=AT)


def test_a_list_that_a_programme_follows_is_not_removed(nairobi):
    kenya = programmes.holidays(nairobi)
    programme = programmes.programme(of=nairobi, holidays=kenya)
    with pytest.raises(holiday_lists.ListInUse):
        holiday_lists.remove(kenya, by=OFFICER, at=AT)
    programme.holidays = None
    programme.save()
    holiday_lists.remove(kenya, by=OFFICER, at=AT)
    assert not HolidayList.objects.filter(pk=kenya.pk).exists()
    assert not Holiday.objects.filter(of_id=kenya.pk).exists()
    assert Event.objects.get(action=Action.HOLIDAYS_REMOVED).details == {"name": kenya.name, "days": 1}


def test_the_database_keeps_a_day_once(nairobi):
    kenya = programmes.holidays(nairobi)
    with pytest.raises(IntegrityError), transaction.atomic():
        Holiday.objects.create(of=kenya, on=date(2026, 1, 1), name="Again")


def test_open_reports_that_are_due_on_a_day_off_are_found(hikari, nairobi):
    kenya = programmes.holidays(nairobi, {date(2026, 10, 14): "A new holiday"})
    programme = programmes.programme(of=nairobi, holidays=kenya)
    due = programmes.deadline(
        of=programmes.grant(of=programme, organization=hikari), round=programmes.round_(of=programme)
    )
    programmes.deadline(organization=hikari)  # on the same day, of a programme that does not follow the list
    assert holiday_lists.due_on_days_off(kenya, today=date(2026, 10, 1)) == [due]
    assert holiday_lists.due_on_days_off(kenya, today=date(2026, 10, 15)) == []
