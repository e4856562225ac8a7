"""What happens to reminders while they are on their way: dates that move twice, waivers, other ladders, nobody left."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.accounts.models import Membership, Person
from minori.audit.trail import Actor
from minori.mail import asking, laddering, reminders, sending
from minori.mail.enums import Ladder, MessageState, Outcome, Reason
from minori.mail.laddering import Wanted
from minori.mail.models import LedgerEntry, Message
from minori.mail.smtp import Answer, Delivery
from minori.programmes import deadlines as rules
from minori.programmes.models import Deadline, Programme
from tests.factories import people, programmes
from tests.minori.mail.conftest import NINE, Sink
from tests.minori.mail.steps import let_go, swept

pytestmark = pytest.mark.django_db

BY = Actor(person_id=None, name="佐伯 真理")
DAY = timedelta(days=1)


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


def sent(at: datetime) -> None:
    """The mail server takes everything, as the sender notes it."""
    let_go(at)
    LedgerEntry.objects.filter(outcome=Outcome.PLANNED).update(outcome=Outcome.SENT)


def move(deadline: Deadline, to: str, at: datetime) -> None:
    deadline.refresh_from_db()
    rules.move(deadline, due_on=date.fromisoformat(to), reason="訂正", by=BY, at=at)


def entries(step: str) -> list[tuple[int, str, str]]:
    found = LedgerEntry.objects.filter(step=step).order_by("due_version")
    return list(found.values_list("due_version", "outcome", "reason"))


def test_a_date_moved_by_mistake_and_moved_back_doubles_no_step(fortnight: Deadline, writer: Person) -> None:
    reminders.sweep(at=NINE)
    sent(NINE)
    move(fortnight, "2026-11-14", NINE + timedelta(hours=1))
    move(fortnight, "2026-10-14", NINE + timedelta(hours=1, minutes=2))
    assert reminders.sweep(at=NINE + DAY).mails == 0
    assert entries("before-14") == [(1, Outcome.SENT, ""), (3, Outcome.SKIPPED, Reason.TOLD_BEFORE)]
    assert reminders.sweep(at=tokyo("2026-10-09T09:00")).mails == 1  # the next step comes as it would have


def test_moved_and_moved_back_before_the_mail_went_out_loses_none(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    reminders.sweep(at=NINE)
    move(fortnight, "2026-11-14", NINE + timedelta(minutes=1))
    move(fortnight, "2026-10-14", NINE + timedelta(minutes=2))
    reminders.sweep(at=NINE + timedelta(minutes=5))
    sending.send_waiting(clock=timezone.now, as_of=NINE + timedelta(minutes=6))
    reminders.sweep(at=NINE + DAY)
    sending.send_waiting(clock=timezone.now, as_of=NINE + DAY)
    assert len(sink.mails) == 1


def test_an_extension_while_a_sender_holds_the_mail_counts_it_as_sent_and_begins_a_new_ladder(
    fortnight: Deadline, writer: Person
) -> None:
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    now = timezone.now()
    claimed = sending.claim(at=now)
    assert claimed is not None
    rules.extend(fortnight, to=date(2026, 10, 30), reason="病気", by=BY, at=tokyo("2026-10-14T09:01"))
    assert sending.mark(claimed, Answer(Delivery.ACCEPTED, "250 ok"), at=now)
    assert entries("on-the-day") == [(1, Outcome.SENT, "")]
    mailed = [day for day in range(15, 31) if swept(tokyo(f"2026-10-{day}T09:00")).mails]
    assert mailed == [16, 27, 30]  # 14 and 3 days before the new date, and the day


def test_waived_while_a_sender_holds_the_mail_and_dies_it_is_not_sent_again(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    reminders.sweep(at=NINE)
    now = timezone.now()
    assert sending.claim(at=now) is not None
    rules.waive(fortnight, reason="休止中のため", by=BY, at=NINE + timedelta(minutes=1))
    later = now + 2 * sending.LEASE
    sending.send_waiting(clock=lambda: later)
    message = Message.objects.get()
    assert (message.state, message.next_try_at) == (MessageState.UNCERTAIN, None)
    assert sink.mails == []


def test_a_ladder_changed_while_a_step_waits_for_a_yes_neither_loses_nor_doubles_it(
    fortnight: Deadline, writer: Person
) -> None:
    late = tokyo("2026-10-21T09:00")
    reminders.sweep(at=late)
    programme = fortnight.grant.programme
    days = {**laddering.DEFAULT.days, Ladder.DUE: [None, -14, -3, 0, 1, 9]}
    laddering.change(
        programme, wanted=Wanted(days, {Ladder.DUE: 9}), seen=0, by=BY, at=late + timedelta(hours=1)
    )
    (entry,) = asking.waiting_for_a_word(Programme.objects.order_by("pk"))
    asking.allow([entry], by=BY, at=late + timedelta(hours=2))
    assert swept(late + timedelta(hours=2)).mails == 1
    assert swept(tokyo("2026-10-22T09:00")).mails == 0
    assert reminders.sweep(at=tokyo("2026-10-23T09:00")).asked == 1  # the new step of nine days


def test_an_organization_whose_last_person_leaves_is_an_alarm_and_whoever_comes_is_written_to(
    hikari: Any, fortnight: Deadline, writer: Person
) -> None:
    swept(NINE)
    Membership.objects.update(ended_at=NINE)
    assert reminders.sweep(at=tokyo("2026-10-09T09:00")).alarms == 1
    people.member(hikari, name="後任 花")
    assert swept(tokyo("2026-10-09T10:00")).mails == 1


def test_reports_of_two_distributors_are_decided_apart_and_stand_in_one_mail(
    hikari: Any, fortnight: Deadline, writer: Person
) -> None:
    other = programmes.programme()
    round_ = programmes.round_(of=other, opens_on=date(2026, 9, 24))
    theirs = programmes.deadline(of=programmes.grant(organization=hikari, of=other), round=round_)
    reminders.sweep(at=tokyo("2026-10-21T09:00"))
    ours = asking.waiting_for_a_word([fortnight.grant.programme])
    assert [one.deadline_id for one in ours] == [fortnight.pk]
    assert [one.deadline_id for one in asking.waiting_for_a_word([other])] == [theirs.pk]
    asking.allow(ours, by=BY, at=tokyo("2026-10-21T09:30"))
    swept(tokyo("2026-10-21T09:30"))
    message = Message.objects.get()
    assert message.subject == "【7日超過】進捗報告書 10月14日締切"
    assert {one.deadline_id for one in message.reminders.all()} == {fortnight.pk}
