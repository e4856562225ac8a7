"""One mail a person a day, whatever comes up when: it joins the mail that waits, or goes out on the next sending day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.mail import asking, contacts, digests, outbox, reminders, sending
from minori.mail.enums import MessageState, Outcome, Reason
from minori.mail.models import LedgerEntry, Message
from minori.programmes import deadlines as dates
from minori.programmes.models import Deadline, Programme
from tests.factories import people, programmes
from tests.minori.mail.conftest import Sink
from tests.minori.mail.steps import hand_in, let_go, swept

pytestmark = pytest.mark.django_db

OFFICER = Actor(person_id=None, name="佐伯 真理")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


WEEK_LATE = tokyo("2026-10-21T09:00")
"""Seven days after the due date of `fortnight`, a Wednesday."""


def asked() -> list[LedgerEntry]:
    return list(asking.waiting_for_a_word(Programme.objects.order_by("pk")))


def subjects() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def outcomes() -> list[tuple[str, str, str]]:
    return list(LedgerEntry.objects.order_by("pk").values_list("step", "outcome", "reason"))


def new_lead(deadline: Deadline, *, at: datetime) -> None:
    """Somebody else leads the grant, as a handover records it."""
    grant = deadline.grant
    successor = people.officer(grant.programme.distributor, name="後任 花子")
    former, grant.lead_officer = grant.lead_officer, successor
    grant.save()
    record(
        Action.GRANTS_HANDED_OVER,
        by=OFFICER,
        at=at,
        distributor_id=grant.programme.distributor_id,
        programme_id=grant.programme_id,
        organization_id=grant.organization_id,
        grant_id=grant.pk,
        details={"part": "lead", "from": former.pk, "to": successor.pk},
    )


def report_due(fortnight: Deadline, due_on: str) -> Deadline:
    """One more report of the same grant."""
    round_ = programmes.round_(
        of=fortnight.grant.programme, opens_on=date(2026, 10, 1), due_on=date.fromisoformat(due_on)
    )
    return programmes.deadline(of=fortnight.grant, round=round_)


def test_a_word_about_the_new_officer_leaves_what_is_allowed_afterwards_for_the_next_day(
    fortnight: Deadline, writer: Person
) -> None:
    new_lead(fortnight, at=WEEK_LATE - timedelta(hours=1))
    reminders.sweep(at=WEEK_LATE)
    assert contacts.plan(at=WEEK_LATE).mails == 1
    entry = asked()[0]
    asking.allow([entry], by=OFFICER, at=WEEK_LATE + timedelta(hours=2))
    later = WEEK_LATE + timedelta(hours=2, minutes=5)
    result = reminders.sweep(at=later)
    assert (result.mails, result.tomorrow) == (0, 1)
    assert asking.goes_out_on([LedgerEntry.objects.get(pk=entry.pk)], at=later) == {
        entry.pk: date(2026, 10, 22)
    }
    assert reminders.sweep(at=WEEK_LATE + timedelta(days=1)).mails == 1
    assert subjects()[-1] == "【8日超過】進捗報告書 10月14日締切"


def test_a_digest_is_the_mail_of_its_day_too(fortnight: Deadline, writer: Person) -> None:
    # the editor is an officer elsewhere, of whose grant there is something to tell
    programme = programmes.programme(of=programmes.distributor())
    people.officer(programme.distributor, of=writer)
    other = programmes.grant(organization=fortnight.organization, of=programme, lead_officer=writer)
    hand_in(
        programmes.deadline(of=other, round=programmes.round_(of=programme)), at=tokyo("2026-10-08T12:00")
    )
    monday = tokyo("2026-10-26T09:00")
    reminders.sweep(at=monday)
    assert digests.plan(at=monday).mails == 1
    asking.allow(asked(), by=OFFICER, at=monday + timedelta(hours=1))
    result = reminders.sweep(at=monday + timedelta(hours=2))
    assert (result.mails, result.tomorrow) == (0, 1)
    assert reminders.sweep(at=monday + timedelta(days=1)).mails == 1


def test_what_comes_up_joins_a_mail_that_still_waits(fortnight: Deadline, writer: Person, sink: Sink) -> None:
    other = report_due(fortnight, "2026-10-22")
    reminders.sweep(at=WEEK_LATE)
    message = Message.objects.get()
    assert message.subject == "【あと1日】進捗報告書 10月22日締切"
    asking.allow(asked(), by=OFFICER, at=WEEK_LATE + timedelta(hours=1))
    result = reminders.sweep(at=WEEK_LATE + timedelta(hours=1))
    assert (result.mails, result.joined, result.tomorrow) == (0, 1, 0)
    sending.send_waiting(clock=timezone.now, as_of=WEEK_LATE + timedelta(hours=2))
    assert sink.subjects == ["【7日超過】報告書2件 最初の締切は10月14日"]
    told = LedgerEntry.objects.filter(message=message, outcome=Outcome.SENT)
    assert {one.deadline_id for one in told} == {fortnight.pk, other.pk}


def test_after_an_outage_one_mail_says_how_it_stands_and_the_newer_step_takes_the_older_ones_place(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    result = reminders.sweep(at=tokyo("2026-10-15T09:00"))
    assert (result.mails, result.joined) == (0, 1)
    sending.send_waiting(clock=timezone.now, as_of=tokyo("2026-10-15T09:01"))
    assert sink.subjects == ["【1日超過】進捗報告書 10月14日締切"]
    assert outcomes()[-2:] == [
        ("on-the-day", Outcome.SKIPPED, Reason.STALE),
        ("after-1", Outcome.SENT, ""),
    ]


def test_what_went_out_late_in_the_night_is_the_mail_of_that_day(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    sending.send_waiting(clock=timezone.now, as_of=tokyo("2026-10-15T02:00"))
    assert sink.subjects == ["【1日超過】進捗報告書 10月14日締切"]
    result = reminders.sweep(at=tokyo("2026-10-15T09:00"))
    assert (result.mails, result.tomorrow) == (0, 1)
    assert reminders.sweep(at=tokyo("2026-10-16T09:00")).mails == 1


def test_a_mail_that_was_taken_back_is_no_mail_of_the_next_day(fortnight: Deadline, writer: Person) -> None:
    other = report_due(fortnight, "2026-10-30")
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    Message.objects.update(state=MessageState.WITHDRAWN, next_try_at=None, written_for=date(2026, 10, 15))
    dates.move(other, due_on=date(2026, 10, 29), by=OFFICER, at=tokyo("2026-10-14T10:00"))
    assert reminders.sweep(at=tokyo("2026-10-15T09:00")).mails == 1


def test_the_word_about_a_new_officer_waits_for_a_late_reminder(fortnight: Deadline, writer: Person) -> None:
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    new_lead(fortnight, at=tokyo("2026-10-14T10:00"))
    next_day = tokyo("2026-10-15T09:30")
    assert contacts.plan(at=next_day).as_json() == {"mails": 0, "tomorrow": 1}
    let_go(next_day)
    Message.objects.update(written_for=date(2026, 10, 15))
    assert contacts.plan(at=tokyo("2026-10-15T15:00")).mails == 0
    assert contacts.plan(at=tokyo("2026-10-16T09:30")).mails == 1


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-10-21T11:00", "2026-10-21"),
        ("2026-10-22T08:00", "2026-10-22"),
        ("2026-10-24T11:00", "2026-10-26"),  # a Saturday
        ("2026-10-30T23:59", "2026-10-30"),
        ("2026-11-03T10:00", "2026-11-04"),  # Culture Day
    ],
)
def test_the_officer_is_told_on_which_day_it_goes_out(
    fortnight: Deadline, writer: Person, *, at: str, day: str
) -> None:
    reminders.sweep(at=WEEK_LATE)
    entry = asked()[0]
    asking.allow([entry], by=OFFICER, at=tokyo(at))
    allowed = LedgerEntry.objects.get(pk=entry.pk)
    assert asking.goes_out_on([allowed], at=tokyo(at)) == {entry.pk: date.fromisoformat(day)}


def test_reports_in_two_time_zones_go_on_together_and_share_a_mail_where_they_can(
    hikari: Any, fortnight: Deadline, writer: Person
) -> None:
    west = programmes.distributor(time_zone="America/Los_Angeles")
    round_ = programmes.round_(of=programmes.programme(of=west), opens_on=date(2026, 9, 1))
    programmes.deadline(of=programmes.grant(organization=hikari, of=round_.programme), round=round_)
    written = [
        swept(tokyo("2026-09-24T00:00") + timedelta(hours=hour)).mails for hour in range(0, 24 * 30, 2)
    ]
    # a day there and a day here are not the same hours: a mail for each at most, never two under one day
    assert Message.objects.count() == sum(written)
    assert 5 <= sum(written) <= 10


def test_whoever_had_a_mail_is_found_in_one_query(
    fortnight: Deadline, writer: Person, django_assert_num_queries: Any
) -> None:
    from minori.mail import days
    from minori.mail.enums import Kind
    from minori.mail.letters import Letter

    day = date(2026, 10, 21)
    letter = Letter("件名", "本文", "")
    for key, written_for in (
        ("contact:1:2", day),
        ("event:3:room:1", day),
        ("digest:1:2026-10-19", day - timedelta(days=1)),
    ):
        outbox.put([outbox.Post(key, writer, letter, written_for)], kind=Kind.NOTICE, at=WEEK_LATE)
    with django_assert_num_queries(1):
        theirs = days.of([writer.pk], at=WEEK_LATE)
    with django_assert_num_queries(1):
        assert days.had_a_mail(theirs) == {writer.pk: {"contact", "digest"}}
    with django_assert_num_queries(0):
        assert days.had_a_mail({}) == {}
