"""The clock is set back an hour while reminders wait: the next sweep finds it, nothing is lost and nothing doubled."""

from datetime import datetime, timedelta

import pytest

from minori.accounts.models import Person
from minori.mail import reminders, runs, sending
from minori.mail.enums import MessageState
from minori.mail.models import Message
from minori.programmes.models import Deadline
from tests.minori.mail.conftest import NINE, Sink

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TEN = NINE + HOUR


def sweep(at: datetime) -> bool:
    return runs.run("reminders", lambda began: reminders.sweep(at=began), clock=lambda: at)


def send(at: datetime) -> sending.Sent:
    return sending.send_waiting(clock=lambda: at)


def test_what_waited_goes_out_with_the_next_sweep_and_once(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    sweep(TEN)  # and the clock is set back by an hour before a sender comes to it
    assert send(TEN - HOUR + MINUTE).sent == 0
    sweep(TEN - HOUR + 2 * MINUTE)
    assert send(TEN - HOUR + 3 * MINUTE).sent == 1
    for minutes in range(5, 75, 5):
        sweep(TEN - HOUR + minutes * MINUTE)
        send(TEN - HOUR + (minutes + 1) * MINUTE)
    assert len(sink.mails) == 1
    assert Message.objects.count() == 1


def test_what_a_killed_sender_left_is_found_at_once_where_its_lease_was_over(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    sweep(TEN)
    assert sending.claim(at=TEN) is not None  # and its process is killed
    sweep(TEN + 6 * MINUTE)
    sweep(TEN - HOUR + 10 * MINUTE)
    assert send(TEN - HOUR + 11 * MINUTE).sent == 1
    assert Message.objects.get().resends == 1


def test_a_mail_that_is_being_sent_stays_with_its_sender(fortnight: Deadline, writer: Person) -> None:
    sweep(TEN)
    claimed = sending.claim(at=TEN)
    assert claimed is not None
    sweep(TEN - HOUR + MINUTE)
    assert send(TEN - HOUR + MINUTE).sent == 0
    assert Message.objects.get().state == MessageState.CLAIMED


def test_what_is_planned_for_a_moment_to_come_waits_for_it(fortnight: Deadline, writer: Person) -> None:
    sweep(TEN - 2 * HOUR)
    reminders.sweep(at=TEN)  # as `minori remind --at` does
    sweep(TEN - 2 * HOUR - 30 * MINUTE)
    assert Message.objects.get().next_try_at == TEN
