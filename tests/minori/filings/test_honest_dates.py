"""When a filing came and how late it is: a room says neither otherwise than it is, tried with raw SQL."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.filings import handing_in, reviewing
from minori.filings.reviewing import Remark
from minori.programmes import deadlines
from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes
from tests.minori.filings import by_hand
from tests.minori.filings.test_steps import OFFICER

pytestmark = pytest.mark.django_db


@pytest.fixture
def recalled(hikari: Any) -> Deadline:
    """A report handed in once and recalled, due three days ago."""
    people.speaking(hikari)
    today = timezone.now().astimezone(programmes.Distributor().zone).date()
    grant = programmes.grant(organization=hikari)
    round_ = programmes.round_(
        of=grant.programme, opens_on=date(2025, 10, 1), due_on=today - timedelta(days=3)
    )
    deadline = programmes.deadline(of=grant, round=round_)
    filings.handed_in(deadline, at=timezone.now())
    handing_in.recall(deadline, by=filings.EDITOR, at=timezone.now())
    deadline.refresh_from_db()
    return deadline


def come(deadline: Deadline, *, at: datetime, days_late: int, ahead: int = 1) -> str:
    """What the database says to a filing written past the rules, by one of ひかり's people; "" where it takes it."""
    by = people.speaking(deadline.organization)
    return by_hand.come(by_hand.next_filing(deadline, by=by, at=at, days_late=days_late, ahead=ahead))


def test_a_room_cannot_put_back_the_day_of_its_filing(recalled, hikari):
    now = timezone.now()
    with entering(hikari):
        assert come(recalled, at=now, days_late=3) == ""
        assert "a room hands in now" in come(recalled, at=now - timedelta(days=3), days_late=0)
        assert "a room hands in now" in come(recalled, at=now - timedelta(hours=1), days_late=3)
        assert "a room hands in now" in come(recalled, at=now + timedelta(hours=1), days_late=3)


def test_nobody_makes_a_filing_less_late_than_it_is(recalled, hikari):
    now = timezone.now()
    with entering(hikari):
        assert "is 3 days late, not 0" in come(recalled, at=now, days_late=0)
    assert "is 3 days late, not 0" in come(recalled, at=now, days_late=0)


def test_the_desk_registers_what_came_on_another_day(recalled):
    then = timezone.now() - timedelta(days=3)
    assert come(recalled, at=then, days_late=0) == ""
    assert "is 0 days late, not 3" in come(recalled, at=then, days_late=3)


def test_the_day_is_that_of_the_distributor_and_the_date_the_one_in_force(hikari):
    far = programmes.distributor(time_zone="Pacific/Kiritimati")
    grant = programmes.grant(organization=hikari, of=programmes.programme(of=far))
    deadline = programmes.deadline(of=grant)
    deadlines.extend(deadline, to=date(2026, 10, 20), reason="災害", by=OFFICER, at=filings.AT)
    deadline.refresh_from_db()
    last_minute = datetime.fromisoformat("2026-10-20T23:59:59+14:00")
    filing = filings.handed_in(deadline, at=last_minute)
    assert filing.days_late == 0
    handing_in.recall(deadline, by=filings.EDITOR, at=last_minute)
    assert come(deadline, at=last_minute, days_late=0) == ""
    assert "is 1 days late" in come(deadline, at=last_minute + timedelta(seconds=1), days_late=0)


def test_after_a_return_the_date_of_the_return_counts(hikari):
    deadline = programmes.deadline(organization=hikari)
    filing = filings.handed_in(deadline)
    due_on = date(2026, 10, 20)
    reviewing.send_back(
        deadline, filing=filing, remarks=[Remark("？")], due_on=due_on, by=OFFICER, at=filings.AT
    )
    assert come(deadline, at=datetime.fromisoformat("2026-10-20T12:00+09:00"), days_late=0) == ""
    assert "is 2 days late" in come(
        deadline, at=datetime.fromisoformat("2026-10-22T12:00+09:00"), days_late=0
    )


def test_revisions_come_one_after_the_other_and_only_while_the_report_is_open(recalled):
    now = timezone.now()
    assert "the next revision is 2" in come(recalled, at=now, days_late=3, ahead=2)
    filings.handed_in(recalled, at=now)
    assert "while its report is open" in come(recalled, at=now, days_late=3)
