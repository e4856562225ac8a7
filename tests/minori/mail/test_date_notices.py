"""Who is told of dates: officers of what is asked, organizations of what changed, one mail for one press of a button."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from minori.audit.trail import Actor
from minori.mail import notices, reminders
from minori.mail.models import Message
from minori.programmes import deadlines as rules
from minori.programmes import extensions
from tests.factories import people, programmes
from tests.minori.mail.conftest import NINE
from tests.minori.mail.steps import EDITOR, OFFICER

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2026-10-13T16:00:00+09:00")
REPORT = "進捗報告（2年度目上期）「ひとり親家庭の学びと居場所の支援」"
UNTIL = date(2026, 10, 30)
WHY = "担当者の入院のため。"
WRITER = "tanaka@hikari.example"
SOON = timedelta(seconds=20)


def mails(at: datetime = AT) -> list[tuple[str, str]]:
    """What is planned at a moment: (address, subject)."""
    before = set(Message.objects.values_list("pk", flat=True))
    notices.plan(at=at)
    fresh = Message.objects.exclude(pk__in=before).order_by("pk")
    return [(message.address, message.subject) for message in fresh]


def ask(deadline: Any) -> Any:
    """Asked on a day of the tests, which only the desk can write down: a room asks now."""
    return extensions.ask(deadline, until=UNTIL, reason=WHY, by=EDITOR, at=AT)


def test_lead_and_deputy_are_asked_with_a_link_to_the_answer(fortnight, writer, kibou):
    people.member(kibou, email="somebody@kibou.example")
    grant = fortnight.grant
    grant.deputy_officer = programmes.officer_person(email="deputy@minori.example")
    grant.save()
    ask(fortnight)
    subject = f"【延長の依頼】特定非営利活動法人 ひかり {REPORT} 10月30日まで"
    assert mails() == [(grant.lead_officer.email, subject), ("deputy@minori.example", subject)]
    text = Message.objects.get(address="deputy@minori.example").text
    assert f"理由: {WHY}" in text
    assert "希望された期限: 2026年10月30日（金）" in text
    assert "提出期限: 2026年10月14日（水）" in text
    assert f"/desk/setup/deadlines/{fortnight.pk}/" in text
    assert mails() == []


def test_the_answers_are_told_to_those_who_write(fortnight, writer, hikari):
    people.member(hikari, "reader", email="reader@hikari.example")
    request = ask(fortnight)
    mails()
    later = AT + timedelta(hours=1)
    extensions.decline(request, words="決算の都合で延ばせません。", by=OFFICER, at=later)
    assert mails(later) == [(WRITER, f"【延長の見送り】{REPORT} 期限は10月14日のまま")]
    assert "決算の都合で延ばせません。" in Message.objects.latest("pk").text
    extensions.grant(ask(fortnight), to=date(2026, 10, 23), words="この日までに。", by=OFFICER, at=later)
    told = mails(later)
    assert (WRITER, f"【延長承認】{REPORT} 新しい期限は10月23日") in told
    text = Message.objects.get(subject__startswith="【延長承認】").text
    assert "提出期限が2026年10月14日（水）から2026年10月23日（金）に変わりました。" in text
    assert "この日までに。" in text


def test_a_moved_date_says_from_when_to_when(fortnight, writer):
    rules.move(fortnight, due_on=date(2026, 10, 20), reason="連休のため", by=OFFICER, at=AT)
    assert mails() == [(WRITER, f"【期限変更】{REPORT} 新しい期限は10月20日")]
    text = Message.objects.get().text
    assert "提出期限が2026年10月14日（水）から2026年10月20日（火）に変わりました。" in text
    assert "理由: 連休のため" in text


def test_a_moved_due_date_below_an_extension_is_no_news(fortnight, writer):
    rules.extend(fortnight, to=UNTIL, reason="台風", by=OFFICER, at=AT)
    mails()
    rules.move(fortnight, due_on=date(2026, 10, 20), by=OFFICER, at=AT + timedelta(hours=1))
    assert mails(AT + timedelta(hours=1)) == []


def test_a_request_that_was_withdrawn_before_it_was_told_is_no_mail(fortnight, writer):
    extensions.withdraw(ask(fortnight), by=EDITOR, at=AT + SOON)
    assert mails(AT + 2 * SOON) == []
    request = extensions.ask(fortnight, until=UNTIL, reason=WHY, by=EDITOR, at=AT + 3 * SOON)
    assert [subject[:7] for _address, subject in mails(AT + 3 * SOON)] == ["【延長の依頼】"]
    extensions.withdraw(request, by=EDITOR, at=AT + 4 * SOON)
    officer = fortnight.grant.lead_officer.email
    subject = f"【延長依頼の取り下げ】特定非営利活動法人 ひかり {REPORT} 10月13日"
    assert mails(AT + 5 * SOON) == [(officer, subject)]
    assert mails(AT + 6 * SOON) == []


def test_a_date_that_changed_again_before_it_was_told_is_told_once(fortnight, writer):
    rules.extend(fortnight, to=UNTIL, reason="台風", by=OFFICER, at=AT)
    rules.extend(fortnight, to=date(2026, 10, 23), reason="書き間違い", sure=True, by=OFFICER, at=AT + SOON)
    assert mails() == [(WRITER, f"【期限変更】{REPORT} 新しい期限は10月23日")]
    text = Message.objects.get().text
    assert "提出期限が2026年10月14日（水）から2026年10月23日（金）に変わりました。" in text
    assert "理由: 書き間違い" in text
    assert "10月30日" not in text
    later = AT + timedelta(hours=1)
    rules.extend(fortnight, to=date(2026, 11, 6), reason="台風", by=OFFICER, at=later)
    rules.close_on(fortnight, closes_on=date(2026, 11, 30), reason="決算", by=OFFICER, at=later + SOON)
    assert mails(later) == [(WRITER, f"【期限変更】{REPORT} 新しい期限は11月6日")]
    text = Message.objects.latest("pk").text
    assert "提出期限が2026年10月23日（金）から2026年11月6日（金）に変わりました。" in text
    assert "受付締切日は2026年11月30日（月）です。" in text
    assert mails(later + timedelta(days=1)) == []


def test_a_date_that_is_back_before_it_was_told_is_no_mail(fortnight, writer):
    rules.move(fortnight, due_on=date(2026, 10, 20), by=OFFICER, at=AT)
    rules.move(fortnight, due_on=date(2026, 10, 14), by=OFFICER, at=AT + SOON)
    assert mails() == []
    rules.move(fortnight, due_on=date(2027, 10, 20), by=OFFICER, at=AT + 2 * SOON)
    assert mails() == [(WRITER, f"【期限変更】{REPORT} 新しい期限は2027年10月20日")]


def test_a_press_of_a_button_for_many_is_told_without_what_changed_again(fortnight, writer, hikari):
    second = programmes.deadline(
        of=programmes.grant(organization=hikari, of=fortnight.round.programme), round=fortnight.round
    )
    rules.move_many([fortnight, second], due_on=date(2026, 10, 20), by=OFFICER, at=AT)
    rules.move(fortnight, due_on=date(2026, 10, 21), by=OFFICER, at=AT + SOON)
    assert sorted(subject for _address, subject in mails()) == [
        f"【期限変更】{REPORT} 新しい期限は10月20日",
        f"【期限変更】{REPORT} 新しい期限は10月21日",
    ]
    assert mails(AT + timedelta(days=1)) == []


def test_who_asked_for_more_time_has_the_answer_whatever_comes_after(fortnight, writer):
    extensions.grant(ask(fortnight), to=UNTIL, words="この日までに。", by=OFFICER, at=AT)
    later = AT + SOON
    rules.extend(fortnight, to=date(2026, 11, 6), reason="台風", by=OFFICER, at=later)
    assert [subject for address, subject in mails() if address == WRITER] == [
        f"【延長承認】{REPORT} 新しい期限は10月30日",
        f"【期限変更】{REPORT} 新しい期限は11月6日",
    ]


def test_a_date_changed_for_many_is_one_mail_to_each_person(fortnight, writer, hikari, kibou):
    people.member(kibou, email="suzuki@kibou.example")
    round_ = fortnight.round
    second, theirs = (
        programmes.deadline(of=programmes.grant(organization=house, of=round_.programme), round=round_)
        for house in (hikari, kibou)
    )
    rules.move_many([fortnight, second, theirs], due_on=date(2026, 10, 20), by=OFFICER, at=AT)
    assert sorted(mails()) == [
        ("suzuki@kibou.example", f"【期限変更】{REPORT} 新しい期限は10月20日"),
        (WRITER, "【期限変更】報告書2件 10月13日変更"),
    ]
    text = Message.objects.get(address=WRITER).text
    assert text.count("2026年10月20日（火）に変わりました") == 2
    assert "/o/hikari/" in text
    assert "kibou" not in text
    assert mails() == []
    assert mails(AT + timedelta(days=1)) == []


def test_a_closing_date_is_told_when_set_and_when_lifted(fortnight, writer):
    rules.close_on(fortnight, closes_on=date(2026, 10, 31), reason="決算のため", by=OFFICER, at=AT)
    assert mails() == [(WRITER, f"【受付締切日】{REPORT} 締切は10月31日")]
    assert "この日を過ぎると提出できません" in Message.objects.latest("pk").text
    later = AT + timedelta(hours=1)
    rules.close_on(fortnight, closes_on=None, reason="被災のため", by=OFFICER, at=later)
    assert mails(later) == [(WRITER, f"【受付締切日の解除】{REPORT} 提出期限10月14日")]


def test_a_waiver_and_its_end_are_told(fortnight, writer):
    rules.waive(fortnight, reason="事業の中断", by=OFFICER, at=AT)
    assert mails() == [(WRITER, f"【提出不要】{REPORT} 10月13日決定")]
    rules.require_again(fortnight, by=OFFICER, at=AT + timedelta(hours=1))
    assert mails(AT + timedelta(hours=1)) == [(WRITER, f"【提出のお願い】{REPORT} 提出期限10月14日")]


def test_in_english_too(fortnight, hikari):
    people.member(hikari, email="smith@hikari.example", language="en")
    rules.extend(fortnight, to=UNTIL, reason="typhoon", by=OFFICER, at=AT)
    assert mails() == [
        (
            "smith@hikari.example",
            "[New due date] 進捗報告（2年度目上期） “ひとり親家庭の学びと居場所の支援” is now due 30 October",
        )
    ]
    text = Message.objects.get().text
    assert "The due date has moved from Wednesday 14 October 2026 to Friday 30 October 2026." in text


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NINE, "受付締切日は2026年10月16日（金）です。この日を過ぎると提出できません。"),
        (NINE + timedelta(days=21), "受付締切日（2026年10月16日（金））を過ぎたため提出できません。"),
    ],
)
def test_reminders_say_when_handing_in_closes(fortnight, writer, at, words):
    rules.close_on(fortnight, closes_on=date(2026, 10, 16), reason="決算のため", by=OFFICER, at=NINE)
    from minori.mail.models import Step

    Step.objects.all().delete()
    reminders.sweep(at=NINE)
    if at != NINE:
        Step.objects.update(asks_officer=False)
        reminders.sweep(at=at)
    letter = Message.objects.latest("pk")
    assert words in letter.text
    assert words in letter.html


def test_an_extension_starts_a_new_ladder(fortnight, writer):
    reminders.sweep(at=NINE)
    request = extensions.ask(fortnight, until=date(2026, 10, 21), reason=WHY, by=EDITOR, at=NINE)
    extensions.grant(request, to=date(2026, 10, 21), by=OFFICER, at=NINE)
    week = NINE + timedelta(days=7)  # again fourteen days before
    assert reminders.sweep(at=week).planned == 1
    assert "あと14日" in Message.objects.latest("pk").subject


def test_the_asker_is_an_officer_herself(fortnight):
    officer = fortnight.grant.lead_officer
    by = Actor(person_id=officer.pk, name=officer.name)
    extensions.ask(fortnight, until=UNTIL, reason=WHY, by=by, at=AT)
    assert mails() == []
