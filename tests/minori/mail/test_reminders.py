"""What a sweep decides: once per step, person and due date; grouped; stopped by handing in."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from minori.accounts.models import User
from minori.mail import reminders
from minori.mail.enums import Kind, Outcome, Reason
from minori.mail.models import LedgerEntry, Message, Step
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline, Grant
from tests.factories import people, programmes
from tests.minori.mail.conftest import NINE
from tests.minori.mail.steps import hand_in, send_back, swept

pytestmark = pytest.mark.django_db


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


def subjects() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def ledger() -> list[tuple[str, str, str]]:
    return list(LedgerEntry.objects.order_by("pk").values_list("step", "outcome", "reason"))


def test_a_fortnight_before_the_due_date_one_mail_is_planned(fortnight, writer):
    result = reminders.sweep(at=NINE)
    assert (result.mails, result.planned, result.alarms) == (1, 1, 0)
    message = Message.objects.get()
    assert (message.address, message.kind) == ("tanaka@hikari.example", Kind.DEADLINE)
    assert message.subject == "【あと14日】進捗報告書 10月14日締切"
    assert ledger() == [
        ("opening", Outcome.SKIPPED, Reason.STALE),
        ("before-14", Outcome.PLANNED, ""),
    ]


def test_a_second_sweep_plans_nothing_more(fortnight, writer):
    reminders.sweep(at=NINE)
    assert reminders.sweep(at=NINE).as_json() == reminders.SweepResult().as_json()
    assert reminders.sweep(at=NINE + timedelta(hours=5)).mails == 0
    assert Message.objects.count() == 1


def test_the_whole_ladder_runs_once_over_the_weeks(fortnight, writer):
    mailed = []
    for days in range(60):
        for time in ("08:55", "09:00", "17:00"):
            at = tokyo(f"2026-09-20T{time}") + timedelta(days=days)
            if swept(at).mails:
                mailed.append(at.isoformat()[:16])
    assert mailed == [
        "2026-09-24T09:00",
        "2026-09-30T09:00",
        "2026-10-09T09:00",
        "2026-10-14T09:00",
        "2026-10-15T09:00",
    ]
    assert subjects() == [
        "【受付開始】進捗報告書 10月14日締切",
        "【あと14日】進捗報告書 10月14日締切",
        "【あと5日】進捗報告書 10月14日締切",
        "【本日締切】進捗報告書 10月14日締切",
        "【1日超過】進捗報告書 10月14日締切",
    ]
    assert ledger()[-2:] == [
        ("after-7", Outcome.SKIPPED, Reason.STALE),
        ("after-14", Outcome.ASKED, ""),
    ]


def test_nothing_goes_out_before_nine_or_on_a_holiday(fortnight, writer):
    assert reminders.sweep(at=tokyo("2026-09-30T08:59")).mails == 0
    assert reminders.sweep(at=tokyo("2026-10-10T09:00")).mails == 0
    assert reminders.sweep(at=tokyo("2026-10-12T12:00")).mails == 0
    assert reminders.sweep(at=tokyo("2026-10-13T09:00")).mails == 1


def test_missed_runs_are_caught_up_once_with_the_newest_step(fortnight, writer):
    reminders.sweep(at=tokyo("2026-10-13T16:20"))
    reminders.sweep(at=tokyo("2026-10-13T16:25"))
    assert subjects() == ["【あと1日】進捗報告書 10月14日締切"]
    assert ledger() == [
        ("opening", Outcome.SKIPPED, Reason.STALE),
        ("before-14", Outcome.SKIPPED, Reason.STALE),
        ("before-3", Outcome.PLANNED, ""),
    ]


def test_the_clock_set_back_an_hour_does_no_harm(fortnight, writer):
    reminders.sweep(at=NINE + timedelta(minutes=30))
    reminders.sweep(at=NINE - timedelta(minutes=30))
    reminders.sweep(at=NINE + timedelta(minutes=31))
    assert Message.objects.count() == 1


def test_nothing_goes_out_after_handing_in(fortnight, writer):
    from minori.audit.trail import MINORI
    from minori.programmes import deadlines as rules

    rules.waive(fortnight, reason="休止中のため", by=MINORI, at=NINE)
    assert reminders.sweep(at=NINE).mails == 0
    assert LedgerEntry.objects.count() == 0


def test_a_person_gets_one_mail_a_day_about_all_reports(hikari, kibou, fortnight):
    both = people.member(hikari, name="兼任 花")
    people.member(kibou, of=both)
    other = programmes.deadline(
        of=programmes.grant(organization=kibou, of=fortnight.grant.programme), round=fortnight.round
    )
    reminders.sweep(at=NINE)
    message = Message.objects.get()
    assert message.subject == "【あと14日】報告書2件 最初の締切は10月14日"
    for deadline in (fortnight, other):
        assert f"/o/{deadline.organization.slug}/" in message.text
    assert LedgerEntry.objects.filter(outcome=Outcome.PLANNED, message=message).count() == 2


def test_what_comes_up_after_todays_mail_waits_for_tomorrows(hikari, fortnight, writer):
    swept(NINE)
    programmes.deadline(
        of=programmes.grant(organization=hikari, of=fortnight.grant.programme), round=fortnight.round
    )
    later = swept(NINE + timedelta(hours=1))
    assert (later.mails, later.tomorrow) == (0, 1)
    assert swept(NINE + timedelta(days=1)).mails == 1
    assert Message.objects.count() == 2


def test_readers_and_people_who_left_are_not_written_to(hikari, fortnight):
    from minori.accounts.models import Membership, User

    people.member(hikari, "reader")
    gone, closed = people.member(hikari), people.member(hikari)
    Membership.objects.filter(person=gone).update(ended_at=NINE)
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    approver = people.member(hikari, "approver")
    reminders.sweep(at=NINE)
    assert list(Message.objects.filter(kind=Kind.DEADLINE).values_list("person", flat=True)) == [approver.pk]


def test_one_person_with_two_roles_gets_one_mail(hikari, fortnight):
    both = people.member(hikari, "editor")
    people.member(hikari, "approver", of=both)
    assert reminders.sweep(at=NINE).mails == 1


def test_nobody_to_notify_is_an_alarm_to_the_lead_officer_once(fortnight):
    for day in ("2026-09-30", "2026-10-09", "2026-10-14"):
        reminders.sweep(at=tokyo(f"{day}T09:00"))
    alarm = Message.objects.get()
    assert (alarm.person, alarm.kind) == (fortnight.grant.lead_officer, Kind.NOTICE)
    assert alarm.subject == "【通知先なし】特定非営利活動法人 ひかり 10月14日締切の報告書"
    assert set(LedgerEntry.objects.values_list("person", "outcome")) == {(None, Outcome.SKIPPED)}


@pytest.mark.parametrize("closed", [1, 2])
def test_the_alarm_is_heard_by_whoever_is_left(fortnight, closed):
    house = fortnight.grant.programme.distributor
    lead, deputy = people.officer(house), people.officer(house)
    manager, other = (people.officer(house, "manager") for _number in range(2))
    Grant.objects.filter(pk=fortnight.grant_id).update(lead_officer=lead, deputy_officer=deputy)
    for person in (lead, deputy)[:closed]:
        people.sign_in(Client(), person)
        User.objects.filter(person=person).update(is_active=False)
    reminders.sweep(at=tokyo("2026-09-30T09:00"))
    heard = set(Message.objects.values_list("person", flat=True))
    assert heard == ({deputy.pk} if closed == 1 else {manager.pk, other.pk})


def test_somebody_who_joins_late_gets_the_newest_step(hikari, fortnight):
    reminders.sweep(at=NINE)
    people.member(hikari)
    assert reminders.sweep(at=NINE + timedelta(hours=2)).mails == 1


def test_a_moved_due_date_starts_a_new_ladder_without_a_second_opening(fortnight, writer):
    from minori.audit.trail import MINORI
    from minori.programmes import deadlines as rules

    swept(tokyo("2026-09-24T09:00"))
    rules.move(fortnight, due_on=date(2026, 11, 27), by=MINORI, at=tokyo("2026-09-25T10:00"))
    assert swept(tokyo("2026-09-28T09:00")).mails == 0
    assert ledger()[-1] == ("opening", Outcome.SKIPPED, Reason.TOLD_BEFORE)
    assert swept(tokyo("2026-11-13T09:00")).mails == 1
    assert subjects()[-1] == "【あと14日】進捗報告書 11月27日締切"


def test_an_extension_counts_from_its_own_day(fortnight, writer):
    from minori.audit.trail import MINORI
    from minori.programmes import deadlines as rules

    swept(tokyo("2026-10-09T09:00"))
    rules.extend(
        fortnight, to=date(2026, 10, 30), reason="担当者の病気", by=MINORI, at=tokyo("2026-10-13T10:00")
    )
    assert swept(tokyo("2026-10-14T09:00")).mails == 0
    assert swept(tokyo("2026-10-16T09:00")).mails == 1
    assert subjects()[-1] == "【あと14日】進捗報告書 10月30日締切"


def test_a_returned_report_has_its_own_ladder(returned, writer):
    mailed = [day for day in range(20, 32) if swept(tokyo(f"2026-10-{day}T09:00")).mails]
    assert mailed == [27, 30]
    assert subjects() == [
        "【差戻し・あと3日】進捗報告書 10月30日締切",
        "【差戻し・本日締切】進捗報告書 10月30日締切",
    ]


@pytest.fixture
def returned(fortnight: Deadline) -> Deadline:
    """Handed in, then sent back on 19 October until 30 October."""
    hand_in(fortnight, at=tokyo("2026-10-13T12:00"))
    send_back(fortnight, due_on=date(2026, 10, 30), at=tokyo("2026-10-19T12:00"))
    fortnight.refresh_from_db()
    assert fortnight.state == DeadlineState.RETURNED
    return fortnight


def test_a_programme_may_have_a_ladder_of_its_own(fortnight, writer):
    Step.objects.create(programme=fortnight.grant.programme, ladder="due", key="before-5", days=-5)
    assert reminders.sweep(at=NINE).mails == 0
    assert reminders.sweep(at=tokyo("2026-10-09T09:00")).mails == 1
    assert ledger() == [("before-5", Outcome.PLANNED, "")]


def test_another_time_zone_has_its_own_nine_and_its_own_holidays(hikari, writer):
    zone = programmes.distributor(time_zone="America/New_York")
    programmes.deadline(of=programmes.grant(organization=hikari, of=programmes.programme(of=zone)))
    # 13 October: nothing special there; 09:00 is 13:00 UTC until the clocks change
    assert reminders.sweep(at=datetime.fromisoformat("2026-10-12T12:59:00+00:00")).mails == 0
    assert reminders.sweep(at=datetime.fromisoformat("2026-10-12T13:00:00+00:00")).mails == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_deadlines(
    count: int, hikari: Any, kibou: Any, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.MAIL_LEFT_OF = ""  # rooms are asked one by one, for the mails that are written
    round_ = programmes.round_(opens_on=date(2026, 9, 24))
    for number in range(count):
        house = (hikari, kibou)[number % 2]
        programmes.deadline(of=programmes.grant(organization=house, of=round_.programme), round=round_)
        people.member(house)
    Step.objects.all().delete()
    with django_assert_num_queries(SWEEP_QUERIES):
        assert reminders.sweep(at=NINE).mails == count


SWEEP_QUERIES = 27


def test_a_reminder_says_what_is_left_to_fill_in(fortnight, writer):
    from tests.factories import registry

    registry.registered(fortnight.grant)
    reminders.sweep(at=NINE)
    message = Message.objects.get()
    assert "未入力の項目: " in message.text
    assert f"/o/hikari/reports/{fortnight.pk}/" in message.text


def nobody_answers(deadline: Deadline) -> list[str]:
    """A room that fails inside PostgreSQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return []


def test_a_room_that_cannot_be_asked_does_not_hold_up_the_reminder(fortnight, writer, settings):
    settings.MAIL_LEFT_OF = f"{__name__}.nobody_answers"
    assert reminders.sweep(at=NINE).mails == 1
    assert "未入力の項目" not in Message.objects.get().text
