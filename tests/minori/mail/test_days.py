"""One mail a person a day, by the day on which it is handed over: after outages, across time zones, on the days on which
clocks change. Every day is worked out by hand."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.trail import Actor, record
from minori.mail import days, digests, outbox, reminders, resending, sending, waiting
from minori.mail.enums import Kind, MessageState, Outcome, Reason
from minori.mail.letters import Letter
from minori.mail.models import LedgerEntry, Message
from minori.mail.waiting_models import WaitingStep
from minori.programmes import deadlines as dates
from minori.programmes.holidays import business_days_in, on_or_after
from minori.programmes.models import Deadline
from tests.factories import changes, people, programmes, registry
from tests.minori.mail import steps
from tests.minori.mail.conftest import Sink

pytestmark = pytest.mark.django_db

OFFICER = Actor(person_id=None, name="佐伯 真理")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


def send(at: datetime) -> sending.Sent:
    """What a sender does at this moment."""
    return sending.send_waiting(clock=lambda: at)


def sweep(at: datetime) -> None:
    """The steps that write the mails of a day, in their order."""
    reminders.sweep(at=at)
    digests.plan(at=at)
    waiting.plan(at=at)


@pytest.fixture
def approver(hikari: Any) -> Person:
    return people.member(hikari, "approver", name="代表 花子", email="daihyo@hikari.example")


@pytest.fixture
def asked(fortnight: Deadline, approver: Person) -> Deadline:
    """The approver was asked on Saturday 10 October: three days later is Tuesday the 13th (the 12th is a holiday), a day
    before the due date."""
    record(
        Action.APPROVAL_ASKED,
        by=Actor(person_id=None, name="田中 恵"),
        at=tokyo("2026-10-10T15:00"),
        organization_id=fortnight.organization_id,
        grant_id=fortnight.grant_id,
        deadline_id=fortnight.pk,
    )
    steps.swept(tokyo("2026-10-09T09:00"))  # three days before the due date
    return fortnight


CHECK = "【確認待ち】進捗報告書 10月14日締切"


def test_a_notice_that_an_outage_kept_back_waits_for_the_day_after_todays_reminder(
    asked: Deadline, sink: Sink
) -> None:
    sweep(tokyo("2026-10-13T09:00"))  # the mail server is away for the whole day
    assert Message.objects.get(state=MessageState.PENDING).subject == CHECK
    sweep(tokyo("2026-10-14T09:00"))
    assert Message.objects.filter(state=MessageState.PENDING).count() == 2
    assert send(tokyo("2026-10-14T11:00")).sent == 1
    assert sink.subjects == ["【本日締切】進捗報告書 10月14日締切"]
    kept = Message.objects.get(state=MessageState.PENDING)
    assert kept.next_try_at == tokyo("2026-10-15T09:15")
    assert send(tokyo("2026-10-15T09:14")).sent == 0
    # the step of the 15th (a day after) goes first again, the notice comes on the day after that
    sweep(tokyo("2026-10-15T09:00"))
    assert send(tokyo("2026-10-15T09:20")).sent == 1
    assert send(tokyo("2026-10-16T09:20")).sent == 1
    assert sink.subjects[1:] == ["【1日超過】進捗報告書 10月14日締切", CHECK]
    assert set(WaitingStep.objects.values_list("outcome", flat=True)) == {Outcome.PLANNED}


def test_a_notice_that_could_go_out_in_the_night_leaves_the_day_to_its_reminder(
    asked: Deadline, sink: Sink
) -> None:
    sweep(tokyo("2026-10-13T09:00"))
    assert send(tokyo("2026-10-14T02:00")).sent == 0  # the mail server is back
    assert Message.objects.get(state=MessageState.PENDING).next_try_at == tokyo("2026-10-14T09:15")
    sweep(tokyo("2026-10-14T09:00"))
    send(tokyo("2026-10-14T09:01"))
    send(tokyo("2026-10-14T09:16"))
    assert sink.subjects == ["【本日締切】進捗報告書 10月14日締切"]


def test_a_notice_that_nothing_else_takes_the_day_of_goes_out_in_the_morning(
    asked: Deadline, sink: Sink
) -> None:
    sweep(tokyo("2026-10-13T09:00"))
    dates.move(asked, due_on=date(2026, 11, 30), by=OFFICER, at=tokyo("2026-10-13T10:00"))
    send(tokyo("2026-10-14T02:00"))
    send(tokyo("2026-10-14T09:15"))
    assert sink.subjects == ["【確認待ち】進捗報告書 11月30日締切"]


def test_after_two_days_without_a_mail_server_what_waits_goes_out_day_by_day(
    asked: Deadline, sink: Sink
) -> None:
    sweep(tokyo("2026-10-13T09:00"))
    sweep(tokyo("2026-10-14T09:00"))
    for hour in (10, 11, 15):
        send(tokyo(f"2026-10-15T{hour}:00"))
    assert sink.subjects == ["【1日超過】進捗報告書 10月14日締切"]
    send(tokyo("2026-10-16T10:00"))
    assert sink.subjects[1:] == [CHECK]


def test_what_was_put_off_comes_on_a_working_day(asked: Deadline, sink: Sink) -> None:
    sweep(tokyo("2026-10-13T09:00"))
    reminder = Message.objects.create(
        key=f"reminder:{Message.objects.get(state=MessageState.PENDING).person_id}:2026-10-16",
        kind=Kind.DEADLINE,
        person=Message.objects.get(state=MessageState.PENDING).person,
        address="daihyo@hikari.example",
        language="ja",
        subject="金曜日の催促",
        text="x",
        message_id="<friday@x>",
        state=MessageState.SENT,
        sent_at=tokyo("2026-10-16T09:01"),
        created_at=tokyo("2026-10-16T09:00"),
        written_for=date(2026, 10, 16),
    )
    send(tokyo("2026-10-16T10:00"))
    kept = Message.objects.exclude(pk=reminder.pk).get(state=MessageState.PENDING)
    assert kept.next_try_at == tokyo("2026-10-19T09:15")  # a Monday


def test_what_else_waits_joins_the_mail_about_what_waits(
    asked: Deadline, approver: Person, sink: Sink
) -> None:
    dates.move(asked, due_on=date(2026, 11, 30), by=OFFICER, at=tokyo("2026-10-12T10:00"))
    assert waiting.plan(at=tokyo("2026-10-13T09:00")).as_json()["mails"] == 1
    again = waiting.plan(at=tokyo("2026-10-13T09:10"))
    assert (again.mails, again.joined) == (0, 0)
    # the mail server stays away: a week after the question the next step takes the older one's place
    again = waiting.plan(at=tokyo("2026-10-19T09:05"))
    assert (again.mails, again.joined, again.tomorrow) == (0, 1, 0)
    send(tokyo("2026-10-19T10:00"))
    assert sink.subjects == ["【確認待ち】進捗報告書 11月30日締切"]
    found = WaitingStep.objects.filter(person=approver).order_by("pk")
    assert list(found.values_list("step", "outcome", "reason")) == [
        ("approver-3", Outcome.SKIPPED, Reason.STALE),
        ("approver-7", Outcome.PLANNED, ""),
    ]


def test_what_perhaps_went_out_yesterday_goes_up_in_todays_mail(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    assert (
        sending.claim(at=tokyo("2026-10-14T09:01")) is not None
    )  # and its worker is killed, and none is there for a day
    reminders.sweep(at=tokyo("2026-10-15T09:00"))
    send(tokyo("2026-10-15T09:05"))
    send(tokyo("2026-10-15T09:30"))
    assert sink.subjects == ["【1日超過】進捗報告書 10月14日締切"]
    send(tokyo("2026-10-16T09:30"))
    assert len(sink.mails) == 1


def test_an_uncertain_reminder_of_yesterday_hands_its_reports_over(
    fortnight: Deadline, writer: Person, sink: Sink
) -> None:
    other = programmes.deadline(
        of=fortnight.grant,
        round=programmes.round_(
            of=fortnight.grant.programme, opens_on=date(2026, 9, 1), due_on=date(2026, 10, 29)
        ),
    )
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    earlier = Message.objects.get()
    Message.objects.update(
        state=MessageState.UNCERTAIN, attempts=1, next_try_at=tokyo("2026-10-15T09:30"), last_error="?"
    )
    reminders.sweep(at=tokyo("2026-10-15T09:00"))
    new = Message.objects.exclude(pk=earlier.pk).get()
    earlier.refresh_from_db()
    assert (earlier.state, earlier.next_try_at) == (MessageState.UNCERTAIN, None)
    assert set(new.reminders.values_list("deadline", flat=True)) == {fortnight.pk, other.pk}
    assert new.subject == "【1日超過】報告書2件 最初の締切は10月14日"
    send(tokyo("2026-10-15T10:00"))
    assert sink.subjects == [new.subject]
    assert not LedgerEntry.objects.filter(outcome=Outcome.PLANNED).exists()


def test_what_a_person_sends_again_goes_out_at_once(fortnight: Deadline, writer: Person, sink: Sink) -> None:
    reminders.sweep(at=tokyo("2026-10-09T09:00"))
    refused = Message.objects.get()
    Message.objects.update(state=MessageState.FAILED, next_try_at=None, last_error="550 no", attempts=1)
    reminders.sweep(at=tokyo("2026-10-14T09:00"))
    send(tokyo("2026-10-14T09:01"))
    resending.send_again(refused, about=fortnight, by=OFFICER, at=tokyo("2026-10-14T11:00"))
    assert send(tokyo("2026-10-14T11:01")).sent == 1
    assert len(sink.mails) == 2


def test_two_senders_take_one_mail_of_a_person(writer: Person) -> None:
    letter = Letter("件名", "本文", "")
    at = tokyo("2026-10-14T09:30")
    for key in ("contact:1:2", "digest:1:2026-10-12"):
        outbox.put([outbox.Post(key, writer, letter, at.date())], kind=Kind.NOTICE, at=at)
    assert sending.claim(at=at) is not None
    assert sending.claim(at=at) is None
    assert Message.objects.get(state=MessageState.PENDING).next_try_at == tokyo("2026-10-15T09:15")


def test_a_notice_of_what_happened_goes_out_beside_the_mail_of_the_day(writer: Person, sink: Sink) -> None:
    letter = Letter("件名", "本文", "")
    at = tokyo("2026-10-14T09:30")
    for key in ("contact:1:2", "event:3:room:1", "event:4:room:1"):
        outbox.put([outbox.Post(key, writer, letter, at.date())], kind=Kind.NOTICE, at=at)
    assert send(at).sent == 3


def test_an_officers_late_digest_is_the_mail_of_the_day_on_which_it_goes_out(hikari: Any) -> None:
    grant = programmes.grant(organization=hikari)
    officer = people.officer(grant.programme.distributor, of=grant.lead_officer)
    registry.registered(grant)
    changes.sent(grant)
    begun = timezone.now().astimezone(TOKYO).date()
    day = on_or_after(begun + timedelta(days=7), business_days_in("Asia/Tokyo"))
    at = datetime.combine(day, time(9, 30), TOKYO)
    earlier = at - timedelta(days=1)
    post = outbox.Post(
        f"digest:{officer.pk}:{day}", officer, Letter("今週の仕事", "本文", ""), earlier.date()
    )
    outbox.put([post], kind=Kind.NOTICE, at=earlier)
    found = waiting.plan(at=at)
    assert (found.mails, found.tomorrow) == (0, 1)


# ---- one calendar a person

LOS_ANGELES, NEW_YORK, TOKYO = (
    ZoneInfo(name) for name in ("America/Los_Angeles", "America/New_York", "Asia/Tokyo")
)


def report_in(zone: ZoneInfo, house: Any, *, opens_on: date, due_on: date) -> Deadline:
    programme = programmes.programme(of=programmes.distributor(time_zone=zone.key))
    round_ = programmes.round_(of=programme, opens_on=opens_on, due_on=due_on)
    return programmes.deadline(of=programmes.grant(organization=house, of=programme), round=round_)


def test_the_oldest_grant_says_what_day_it_is_and_for_staff_their_distributor(
    hikari: Any, kibou: Any
) -> None:
    at = tokyo("2026-10-14T08:00")
    nobodys = people.member(kibou)
    member = people.member(hikari)
    first = report_in(LOS_ANGELES, hikari, opens_on=date(2026, 9, 1), due_on=date(2026, 10, 30))
    report_in(TOKYO, hikari, opens_on=date(2026, 9, 1), due_on=date(2026, 10, 30))
    staff = people.officer(programmes.distributor(time_zone="America/New_York"))
    people.member(hikari, of=staff)
    found = days.of([member.pk, nobodys.pk, staff.pk], at=at)
    assert {pk: day.zone for pk, day in found.items()} == {
        member.pk: LOS_ANGELES,
        nobodys.pk: TOKYO,
        staff.pk: NEW_YORK,
    }
    assert [found[pk].date for pk in (member.pk, nobodys.pk)] == [date(2026, 10, 13), date(2026, 10, 14)]
    assert first.pk


@pytest.mark.parametrize(
    "change", [date(2026, 3, 8), date(2026, 11, 1)], ids=["a day of 23 hours", "of 25 hours"]
)
@pytest.mark.parametrize(("home", "abroad"), [(TOKYO, LOS_ANGELES), (NEW_YORK, TOKYO), (TOKYO, NEW_YORK)])
def test_reports_in_two_zones_never_make_two_mails_on_a_day_of_the_reader(
    hikari: Any, change: date, home: ZoneInfo, abroad: ZoneInfo
) -> None:
    # every day around the change has a step of one of the two, and most have one of both
    person = people.member(hikari)
    opens = change - timedelta(days=4)
    ours = report_in(home, hikari, opens_on=opens, due_on=change + timedelta(days=1))
    theirs = report_in(abroad, hikari, opens_on=opens, due_on=change + timedelta(days=1))
    further = report_in(abroad, hikari, opens_on=opens, due_on=change + timedelta(days=4))
    at = datetime(opens.year, opens.month, opens.day, tzinfo=ZoneInfo("UTC"))
    mailed: list[datetime] = []
    for _hour in range(24 * 11):
        at += timedelta(hours=1)
        if reminders.sweep(at=at).mails:
            mailed.append(at)
            steps.let_go(at)
    on = Counter(one.astimezone(home).date() for one in mailed)
    assert max(on.values()) == 1
    assert all(one.astimezone(home).hour >= 9 for one in mailed)
    for deadline in (ours, theirs, further):
        told = LedgerEntry.objects.filter(deadline=deadline, person=person)
        spoken = set(told.exclude(outcome=Outcome.SKIPPED).values_list("step", flat=True))
        assert spoken >= {"on-the-day", "after-1"}
        day = told.get(step="on-the-day")
        # by the distributor's own calendar, and on that very day
        zone = deadline.grant.programme.distributor.zone
        assert day.decided_at.astimezone(zone).date() == day.due_on


def test_words_count_the_days_of_each_reports_own_calendar(hikari: Any) -> None:
    people.member(hikari)
    ours = report_in(TOKYO, hikari, opens_on=date(2026, 9, 1), due_on=date(2026, 10, 28))
    theirs = report_in(LOS_ANGELES, hikari, opens_on=date(2026, 9, 1), due_on=date(2026, 10, 30))
    steps.swept(tokyo("2026-10-20T10:00"))
    # 10:00 in Tokyo on the 28th is 18:00 in Los Angeles on the 27th: three days are left there
    assert reminders.sweep(at=tokyo("2026-10-28T10:00")).mails == 1
    message = Message.objects.latest("pk")
    assert set(message.reminders.values_list("deadline", "step")) == {
        (ours.pk, "on-the-day"),
        (theirs.pk, "before-3"),
    }
    assert "本日" in message.text
    assert "あと3日" in message.text
    assert "あと2日" not in message.text
