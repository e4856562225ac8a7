"""A 督促 waits for the officer's yes: asked once, sent with the next mail, never after handing in."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.mail import asking, reminders
from minori.mail.enums import MessageState, Outcome, Reason
from minori.mail.models import LedgerEntry, Message, Step
from minori.programmes import deadlines as dates
from minori.programmes.models import Deadline, Programme
from tests.factories import people, programmes
from tests.minori.mail import steps
from tests.minori.mail.conftest import Sink

pytestmark = pytest.mark.django_db

OFFICER = Actor(person_id=None, name="佐伯 真理")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


WEEK_LATE = tokyo("2026-10-21T09:00")
"""Seven days after the due date of `fortnight`, a Wednesday."""


def asked() -> list[LedgerEntry]:
    return list(asking.waiting_for_a_word(Programme.objects.order_by("pk")))


def outcomes(step: str) -> list[tuple[str, str]]:
    return list(LedgerEntry.objects.filter(step=step).order_by("pk").values_list("outcome", "reason"))


@pytest.fixture
def week_late(fortnight: Deadline, writer: Any) -> LedgerEntry:
    """A report a week overdue whose 督促 waits."""
    result = reminders.sweep(at=WEEK_LATE)
    assert (result.mails, result.asked) == (0, 1)
    return asked()[0]


def test_without_a_yes_nothing_goes_out_however_often_is_looked(week_late):
    for hours in range(48):
        reminders.sweep(at=WEEK_LATE + timedelta(hours=hours))
    assert Message.objects.count() == 0
    assert [entry.pk for entry in asked()] == [week_late.pk]


def test_a_yes_sends_it_once_and_says_who_said_so(week_late, fortnight):
    asking.allow([week_late], by=OFFICER, at=WEEK_LATE + timedelta(hours=1))
    assert asked() == []
    assert reminders.sweep(at=WEEK_LATE + timedelta(hours=2)).mails == 1
    assert reminders.sweep(at=WEEK_LATE + timedelta(hours=3)).mails == 0
    message = Message.objects.get()
    assert message.subject == "【7日超過】進捗報告書 10月14日締切"
    week_late.refresh_from_db()
    assert (week_late.outcome, week_late.message, week_late.answered_by_name) == (
        Outcome.PLANNED,
        message,
        "佐伯 真理",
    )
    event = Event.objects.get(action=Action.REMINDERS_ALLOWED)
    assert (event.deadline_id, event.person_name) == (fortnight.pk, "佐伯 真理")


def test_the_officer_reads_the_mail_that_goes_out(week_late):
    shown = asking.the_mail(week_late, at=WEEK_LATE)
    asking.allow([week_late], by=OFFICER, at=WEEK_LATE)
    reminders.sweep(at=WEEK_LATE)
    message = Message.objects.get()
    more = [line for line in message.text.splitlines() if line not in shown.text.splitlines()]
    assert shown.subject == message.subject
    assert len(more) <= 1  # what is left of the organization's draft, which officers do not see
    assert all(line.startswith("未入力") for line in more)
    assert [line for line in message.text.splitlines() if line not in more] == shown.text.splitlines()


def test_a_yes_in_the_evening_goes_out_the_next_morning_as_it_is_then(week_late):
    asking.allow([week_late], by=OFFICER, at=tokyo("2026-10-23T20:00"))
    assert reminders.sweep(at=tokyo("2026-10-24T10:00")).mails == 0
    assert reminders.sweep(at=tokyo("2026-10-26T08:59")).mails == 0
    assert reminders.sweep(at=tokyo("2026-10-26T09:00")).mails == 1
    assert Message.objects.get().subject == "【12日超過】進捗報告書 10月14日締切"


def test_a_no_is_kept_and_the_next_step_asks_again(week_late):
    asking.decline([week_late], by=OFFICER, at=WEEK_LATE)
    reminders.sweep(at=WEEK_LATE + timedelta(hours=1))
    assert outcomes("after-7") == [(Outcome.SKIPPED, Reason.DECLINED)]
    reminders.sweep(at=WEEK_LATE + timedelta(days=7))
    assert [entry.step for entry in asked()] == ["after-14"]
    assert Message.objects.count() == 0


def test_what_nobody_answered_collapses_into_the_newer_step(week_late):
    reminders.sweep(at=WEEK_LATE + timedelta(days=7))
    assert outcomes("after-7") == [(Outcome.SKIPPED, Reason.STALE)]
    assert [entry.step for entry in asked()] == ["after-14"]
    late = asking.allow([week_late], by=OFFICER, at=WEEK_LATE + timedelta(days=8))
    assert (late.done, late.gone) == (0, 1)


@pytest.mark.parametrize("answered", [False, True])
def test_after_handing_in_nothing_waits_and_nothing_goes_out(week_late, fortnight, answered):
    if answered:
        asking.allow([week_late], by=OFFICER, at=WEEK_LATE)
    steps.hand_in(fortnight, at=WEEK_LATE + timedelta(minutes=5))
    assert asked() == []
    assert asking.allow([week_late], by=OFFICER, at=WEEK_LATE).done == 0
    reminders.sweep(at=WEEK_LATE + timedelta(minutes=10))
    assert Message.objects.count() == 0
    assert outcomes("after-7") == [(Outcome.SKIPPED, Reason.DONE)]


def test_handing_in_between_the_yes_and_the_sending_stops_the_mail(week_late, fortnight, sink: Sink):
    from minori.mail import sending

    asking.allow([week_late], by=OFFICER, at=WEEK_LATE)
    reminders.sweep(at=WEEK_LATE)
    steps.hand_in(fortnight, at=WEEK_LATE + timedelta(minutes=5))
    sending.send_waiting(clock=timezone.now, as_of=WEEK_LATE + timedelta(minutes=6))
    assert sink.mails == []
    assert Message.objects.get().state == MessageState.WITHDRAWN


def test_a_moved_due_date_takes_the_question_back(week_late, fortnight):
    dates.move(fortnight, due_on=date(2026, 11, 30), reason="災害のため", by=OFFICER, at=WEEK_LATE)
    assert asked() == []
    asking.close_what_is_over(at=WEEK_LATE)
    assert outcomes("after-7") == [(Outcome.SKIPPED, Reason.DONE)]


def test_who_left_the_organization_is_not_written_to(week_late, writer, hikari):
    other = people.member(hikari, name="後任 花")
    asking.allow([week_late], by=OFFICER, at=WEEK_LATE)
    writer.memberships.update(ended_at=WEEK_LATE)
    reminders.sweep(at=WEEK_LATE + timedelta(minutes=5))
    assert Message.objects.count() == 0
    assert (Outcome.SKIPPED, Reason.LEFT) in outcomes("after-7")
    assert [entry.person for entry in asked()] == [other]


def test_a_yes_joins_the_one_mail_of_the_day(week_late, hikari, fortnight):
    other = programmes.round_(
        of=fortnight.grant.programme, opens_on=date(2026, 10, 1), due_on=date(2026, 10, 22)
    )
    programmes.deadline(of=fortnight.grant, round=other)
    at = tokyo("2026-10-22T08:00")
    asking.allow([week_late], by=OFFICER, at=at)
    assert reminders.sweep(at=at + timedelta(hours=1)).mails == 1
    assert Message.objects.get().subject == "【8日超過】報告書2件 最初の締切は10月14日"


def test_a_yes_after_todays_mail_waits_for_tomorrows(week_late, fortnight):
    other = programmes.round_(
        of=fortnight.grant.programme, opens_on=date(2026, 10, 1), due_on=date(2026, 10, 21)
    )
    programmes.deadline(of=fortnight.grant, round=other)
    steps.swept(WEEK_LATE + timedelta(minutes=5))
    assert Message.objects.count() == 1
    asking.allow([week_late], by=OFFICER, at=WEEK_LATE + timedelta(minutes=6))
    assert steps.swept(WEEK_LATE + timedelta(minutes=10)).mails == 0
    assert steps.swept(WEEK_LATE + timedelta(days=1)).mails == 1


def test_a_programme_can_do_without_the_officers_word(fortnight, writer):
    steps.swept(tokyo("2026-10-15T09:00"))
    Step.objects.update(asks_officer=False)
    assert steps.swept(WEEK_LATE).mails == 1
    assert asked() == []


def test_two_answers_at_once_count_once(week_late):
    first = asking.decline([week_late], by=OFFICER, at=WEEK_LATE)
    second = asking.allow([week_late], by=OFFICER, at=WEEK_LATE)
    assert (first.done, second.done, second.gone) == (1, 0, 1)
    assert Event.objects.filter(action=Action.REMINDERS_ALLOWED).count() == 0
