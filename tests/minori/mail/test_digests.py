"""The officers' Monday digest: once a person and week, only where there is something to tell."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from minori.accounts.models import Person
from minori.mail import digests, waiting
from minori.mail.digest_models import Digest, DigestOutcome
from minori.mail.enums import MessageState
from minori.mail.models import Message
from minori.programmes.holidays import business_days_in, on_or_after
from minori.programmes.models import Programme
from tests.factories import changes, filings, people, programmes, registry
from tests.minori.mail.steps import let_go

pytestmark = pytest.mark.django_db


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


MONDAY = tokyo("2026-10-05T09:05")


@pytest.fixture
def programme(db: None) -> Programme:
    return programmes.programme()


@pytest.fixture
def officer(programme: Programme) -> Person:
    return people.officer(programme.distributor, name="佐伯 真理", email="saeki@example.jp")


@pytest.fixture
def deadline(programme: Programme, officer: Person, hikari: Any) -> Any:
    """Open since 1 October, due on Wednesday 14 October."""
    return programmes.deadline(of=programmes.grant(organization=hikari, of=programme, lead_officer=officer))


def mails() -> list[str]:
    return list(
        Message.objects.filter(key__startswith="digest:").order_by("pk").values_list("subject", flat=True)
    )


def test_it_comes_on_monday_from_nine_and_once(deadline: Any) -> None:
    assert digests.plan(at=tokyo("2026-10-05T08:59")).mails == 0
    assert digests.plan(at=MONDAY).mails == 1
    for again in ("2026-10-05T09:10", "2026-10-06T09:05", "2026-10-09T17:00"):
        assert digests.plan(at=tokyo(again)).mails == 0
    assert digests.plan(at=tokyo("2026-10-13T09:05")).mails == 1  # the 12th is a holiday
    assert mails() == [
        "【今週の仕事】10月5日：これからの締切など",
        "【今週の仕事】10月13日：これからの締切など",
    ]
    text = Message.objects.earliest("pk").text
    assert "来週が期限の報告書: 1" in text
    assert f"{deadline.organization.name} / {deadline.round.title}（10月14日、あと9日）" in text
    assert f"/desk/review/{deadline.pk}/" in text


def test_after_a_holiday_it_comes_on_the_next_working_day(deadline: Any) -> None:
    assert digests.plan(at=tokyo("2026-10-12T10:00")).mails == 0
    assert digests.plan(at=tokyo("2026-10-13T09:05")).mails == 1


def test_the_programmes_own_list_of_holidays_counts(deadline: Any, programme: Programme) -> None:
    programme.holidays = programmes.holidays(programme.distributor, {date(2026, 10, 5): "創立記念日"})
    programme.save()
    assert digests.plan(at=MONDAY).mails == 0
    assert digests.plan(at=tokyo("2026-10-06T09:05")).mails == 1


def test_a_missed_monday_is_caught_up_once_and_a_stale_digest_collapses(deadline: Any) -> None:
    assert digests.plan(at=tokyo("2026-10-08T11:00")).mails == 1
    done = digests.plan(at=tokyo("2026-10-13T09:05"))
    assert (done.mails, done.stale) == (1, 1)
    states = Message.objects.filter(key__startswith="digest:").order_by("pk").values_list("state", flat=True)
    assert list(states) == [MessageState.WITHDRAWN, MessageState.PENDING]


def test_nothing_to_tell_is_no_mail_and_stays_decided(
    officer: Person, programme: Programme, hikari: Any
) -> None:
    grant = programmes.grant(organization=hikari, of=programme, lead_officer=officer)
    assert digests.plan(at=MONDAY).as_json() == {"mails": 0, "none": 1, "tomorrow": 0, "stale": 0}
    programmes.deadline(of=grant)
    assert digests.plan(at=tokyo("2026-10-06T09:05")).mails == 0
    assert Digest.objects.get().outcome == DigestOutcome.NOTHING


def test_whoever_wants_none_gets_none(deadline: Any, officer: Person) -> None:
    Person.objects.filter(pk=officer.pk).update(monday_digest=False)
    assert digests.plan(at=MONDAY).mails == 0
    assert Digest.objects.get().outcome == DigestOutcome.OFF


def test_a_person_who_has_a_reminder_today_waits_for_tomorrow(deadline: Any, officer: Person) -> None:
    Message.objects.create(
        key=f"reminder:{officer.pk}:2026-10-05",
        kind="deadline",
        person=officer,
        address=officer.email,
        language="ja",
        subject="x",
        text="x",
        message_id="<x@x>",
        next_try_at=MONDAY,
        created_at=MONDAY,
    )
    assert digests.plan(at=MONDAY).as_json() == {"mails": 0, "none": 0, "tomorrow": 1, "stale": 0}
    let_go(MONDAY)
    assert digests.plan(at=tokyo("2026-10-06T09:05")).mails == 1


def test_it_absorbs_the_reminder_of_a_change_request(hikari: Any) -> None:
    grant = programmes.grant(organization=hikari)
    people.officer(grant.programme.distributor, of=grant.lead_officer)
    registry.registered(grant)
    request = changes.sent(grant)
    begun = timezone.now().astimezone(ZoneInfo("Asia/Tokyo")).date()
    day = on_or_after(begun + timedelta(days=7), business_days_in("Asia/Tokyo"))
    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert digests.plan(at=at).mails == 1
    waiting.plan(at=at)
    mail = Message.objects.get()
    assert f"変更申請 第{request.number}号" in mail.text
    assert list(mail.waiting_steps.values_list("step", flat=True)) == ["change-7"]
    waiting.keep_current(at=at)
    mail.refresh_from_db()
    assert mail.key.startswith("digest:")
    assert mail.state == MessageState.PENDING
    waiting.plan(at=at + timedelta(days=1))
    assert Message.objects.count() == 1


def test_it_tells_what_waits_overdue_and_in_english(
    deadline: Any, officer: Person, kibou: Any, programme: Programme
) -> None:
    Person.objects.filter(pk=officer.pk).update(language="en")
    handed = programmes.deadline(
        of=programmes.grant(organization=kibou, of=programme, lead_officer=officer), round=deadline.round
    )
    filings.handed_in(handed)
    digests.plan(at=tokyo("2026-10-19T09:05"))
    mail = Message.objects.get(key__startswith="digest:")
    assert mail.subject == "[This week] 19 October: 1 waiting for you, 1 overdue"
    assert "Reports waiting for your review: 1" in mail.text
    assert "Overdue reports: 1" in mail.text
    assert "(14 October, 5 days overdue)" in mail.text
    assert "<h2>Overdue reports: 1</h2>" in mail.html


def test_two_grants_of_one_organization_are_told_apart_and_one_is_not_burdened(
    deadline: Any, officer: Person, kibou: Any, programme: Programme
) -> None:
    theirs = programmes.grant(
        organization=deadline.organization, of=programme, lead_officer=officer, title="夜の学び舎"
    )
    programmes.deadline(of=theirs, round=deadline.round)
    programmes.deadline(
        of=programmes.grant(organization=kibou, of=programme, lead_officer=officer, title="一つだけ"),
        round=deadline.round,
    )
    digests.plan(at=MONDAY)
    text = Message.objects.get(key__startswith="digest:").text
    report = f"* {deadline.organization.name} / {deadline.round.title}"
    assert f"{report} / {deadline.grant.title}（10月14日、あと9日）" in text
    assert f"{report} / 夜の学び舎（10月14日、あと9日）" in text
    assert f"* {kibou.name} / {deadline.round.title}（10月14日、あと9日）" in text
    assert "\n\n--\n" in text
    assert "\n\n\n--\n" not in text


def test_a_week_is_named_by_its_monday_and_decided_once(officer: Person) -> None:
    row = {"person": officer, "decided_at": timezone.now(), "outcome": DigestOutcome.NOTHING}
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(week=date(2026, 10, 6), **row)
    Digest.objects.create(week=date(2026, 10, 5), **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(week=date(2026, 10, 5), **row)


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_grow_with_officers_and_grants(
    count: int, programme: Programme, hikari: Any, django_assert_num_queries: Any
) -> None:
    round_ = programmes.round_(of=programme)
    for _one in range(count):
        who = people.officer(programme.distributor)
        for _grant in range(count):
            programmes.deadline(
                of=programmes.grant(organization=hikari, of=programme, lead_officer=who), round=round_
            )
    digests.plan(at=tokyo("2026-09-28T09:05"))
    with django_assert_num_queries(QUERIES):
        assert digests.plan(at=MONDAY).mails == count


QUERIES = 19


def test_the_setting_is_shown_to_officers_only(client: Any, officer: Person, hikari: Any) -> None:
    people.sign_in(client, officer)
    assert 'name="monday_digest"' in client.get(reverse("accounts:settings")).content.decode()
    people.sign_in(client, people.member(hikari))
    assert 'name="monday_digest"' not in client.get(reverse("accounts:settings")).content.decode()
