"""The page of all mails about one report."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.accounts.models import Membership
from minori.audit.trail import Actor
from minori.mail import asking, reminders
from minori.mail.enums import MessageState
from minori.mail.models import LedgerEntry, Message
from reporting.reminding import ledger
from tests.factories import people, programmes
from tests.reporting.reminding.conftest import WEEK_LATE


def page_of(deadline) -> str:
    return reverse("reminding:deadline", kwargs={"pk": deadline.pk})


def test_what_was_decided_and_by_whom_stands_on_the_page(desk, swept, overdue, their_overdue):
    entry = LedgerEntry.objects.get(deadline=overdue, step="after-7")
    asking.decline([entry], by=Actor(person_id=None, name="担当 花子"), at=timezone.now())
    page = desk.get(page_of(overdue)).content.decode()
    for words in (
        "田中 恵",
        "担当者が送らないと判断",
        "回答：担当 花子",
        "次の段階のお知らせにまとめました",
        "14日前",
        "7日後",
    ):
        assert words in page
    assert "別団体 太郎" not in page
    assert desk.get(page_of(their_overdue)).status_code == 404


def test_the_days_to_come_are_business_days_and_stop_at_the_hand_in(overdue):
    coming = ledger.coming(
        overdue, at=datetime.fromisoformat("2026-10-09T12:00:00+09:00"), language="ja"
    ).lines
    assert [one.on for one in coming] == [date(2026, 10, day) for day in (14, 15, 21, 28)]
    assert [one.asks for one in coming] == [False, False, True, True]
    assert [one.step.words for one in coming] == ["当日", "1日後", "7日後", "14日後"]
    assert "本日締切" in coming[0].subject
    overdue.state = "handed_in"
    assert ledger.coming(overdue, at=WEEK_LATE, language="ja").lines == []


@pytest.fixture
def ahead(grant, hikari):
    """Hikari's report due on a Wednesday far ahead."""
    people.member(hikari, name="田中 恵", email="tanaka@hikari.example")
    return programmes.deadline(
        of=grant, round=programmes.round_(of=grant.programme, due_on=date(2099, 10, 14))
    )


def test_a_mail_to_come_stands_with_its_day_its_step_its_subject_and_whom_it_goes_to(desk, ahead):
    page = desk.get(page_of(ahead)).content.decode()
    section = page.partition('id="coming"')[2].partition("</section>")[0]
    for words in ("送る日", "段階", "当日", "【本日締切】", "送る前に確認", "宛先：田中 恵"):
        assert words in section


@pytest.fixture
def refused(overdue) -> Message:
    reminders.sweep(at=datetime.fromisoformat("2026-10-15T09:00:00+09:00"))
    message = Message.objects.get(reminders__deadline=overdue)
    message.state, message.next_try_at, message.last_error = MessageState.FAILED, None, "550 no such user"
    message.save()
    return message


def test_a_refused_mail_is_sent_again_from_the_page(desk, overdue, refused):
    page = desk.get(page_of(overdue)).content.decode()
    assert "550 no such user" in page
    address = reverse("reminding:again", kwargs={"pk": overdue.pk, "mail": refused.pk})
    assert address in page
    after = desk.post(address, follow=True).content.decode()
    assert "もう一度送ります" in after
    refused.refresh_from_db()
    assert refused.state == MessageState.PENDING


def test_a_mail_of_another_report_is_not_reached_through_this_one(desk, overdue, refused, their_overdue):
    theirs = Message.objects.create(
        key="theirs",
        kind=refused.kind,
        address="taro@kibou.example",
        language="ja",
        subject="よそ",
        text="よそ",
        message_id="<theirs@example.jp>",
        state=MessageState.FAILED,
        last_error="550",
        created_at=timezone.now(),
    )
    address = reverse("reminding:again", kwargs={"pk": overdue.pk, "mail": theirs.pk})
    assert desk.post(address).status_code == 404
    elsewhere = reverse("reminding:again", kwargs={"pk": their_overdue.pk, "mail": theirs.pk})
    assert desk.post(elsewhere).status_code == 404


def test_readers_look_and_send_nothing(reader, overdue, refused):
    assert "もう一度送る" not in reader.get(page_of(overdue)).content.decode()
    address = reverse("reminding:again", kwargs={"pk": overdue.pk, "mail": refused.pk})
    assert reader.post(address).status_code == 403


def test_the_number_of_queries_is_fixed(desk, swept, overdue, django_assert_num_queries):
    with django_assert_num_queries(LEDGER_QUERIES):
        desk.get(page_of(overdue))


LEDGER_QUERIES = 14


@pytest.mark.usefixtures("their_overdue")
def test_alarms_stand_on_the_first_page_and_only_ones_own(desk, overdue, refused, kibou, grant):
    alone = programmes.grant(organization=kibou, of=grant.programme)
    Membership.objects.filter(organization=kibou).delete()
    programmes.deadline(of=alone, round=overdue.round)
    Message.objects.filter(pk=refused.pk).update(created_at=timezone.now())
    LedgerEntry.objects.filter(message=refused).update(decided_at=timezone.now())
    page = desk.get("/desk/reminders/").content.decode()
    assert "リマインドを送る相手がいません" in page
    assert page.count(kibou.name) == 1
    assert "届いたか確かでない" in page
    assert "tanaka@hikari.example" in page
    assert "taro@kibou.example" not in page


def test_no_alarm_where_all_is_well(desk, overdue):
    page = desk.get("/desk/reminders/").content.decode()
    assert "リマインドを送る相手がいません" not in page
    assert "届いたか確かでない" not in page
