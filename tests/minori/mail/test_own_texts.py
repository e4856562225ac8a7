"""A programme's own texts: what is refused, what a mail reads like, and who falls back to the standard."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from minori.accounts import letters
from minori.accounts.models import Person
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor, record
from minori.mail import inviting, own_texts, reminders, specimens, waiting, wording
from minori.mail.enums import Kind, Wording
from minori.mail.models import Message
from minori.mail.own_texts import STANDARD, BadText, TextChangedMeanwhile
from minori.mail.setting_models import OwnText
from minori.mail.wording import Words
from minori.programmes.models import Deadline
from tests.factories import people, programmes
from tests.minori.mail import steps
from tests.minori.mail.conftest import NINE

pytestmark = pytest.mark.django_db

MANAGER = Actor(person_id=None, name="高橋 管理")
OURS = Words(
    "【みのり財団】{報告書}のご提出（{期限}まで・{残り日数}）",
    "いつもお世話になっております。\n{実行団体}の「{事業}」についてのご連絡です。\n\n{詳細}\n\n担当：{担当者}",
)


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


def keep(
    deadline: Deadline,
    words: Words = OURS,
    *,
    what: Wording = Wording.BEFORE,
    language: str = "ja",
    seen: int = 0,
) -> bool:
    return own_texts.change(
        deadline.grant.programme,
        what=what,
        texts={language: words},
        seen={language: seen},
        by=MANAGER,
        at=tokyo("2026-09-20T10:00"),
    )


def test_a_reminder_reads_as_the_programme_wrote_it(fortnight: Deadline, writer: Person) -> None:
    keep(fortnight)
    reminders.sweep(at=NINE)
    message = Message.objects.get()
    assert message.subject == "【みのり財団】進捗報告書のご提出（10月14日まで・あと14日）"
    grant = fortnight.grant
    lines = message.text.splitlines()
    assert lines[0] == "田中 恵 様"
    assert f"特定非営利活動法人 ひかりの「{grant.title}」についてのご連絡です。" in lines
    assert f"担当：{grant.lead_officer.name}" in lines
    # the block is Minori's own: what, when, the link, whom to ask
    for words in (fortnight.round.title, "2026年10月14日（水）", f"/o/hikari/reports/{fortnight.pk}/"):
        assert words in message.text
        assert words in message.html
    assert grant.lead_officer.email in message.text
    assert "次の報告書のご提出をお願いします" not in message.text
    assert (
        message.text.index("いつもお世話に") < message.text.index("/o/hikari/") < message.text.index("担当：")
    )


def test_only_its_own_mail_in_its_own_language(fortnight: Deadline, writer: Person, hikari: Any) -> None:
    english = people.member(hikari, name="John", language="en")
    keep(fortnight)
    steps.swept(tokyo("2026-09-24T09:00"))  # the opening: another mail
    opening = set(Message.objects.values_list("subject", flat=True))
    assert opening == {"【受付開始】進捗報告書 10月14日締切", "[Now open] progress report due 14 October"}
    steps.swept(NINE)
    newest = Message.objects.get(person=english, key__endswith="2026-09-30")
    assert newest.subject.startswith("[14 days left] ")
    assert "This report is waiting for you." in newest.text


def test_the_text_follows_where_the_report_stands(fortnight: Deadline, writer: Person) -> None:
    for what in (Wording.BEFORE, Wording.ON_THE_DAY, Wording.AFTER, Wording.RETURNED):
        keep(fortnight, Words(f"{what.value} {{報告書}} {{期限}}", "{詳細}"), what=what)
    steps.swept(NINE)
    steps.swept(tokyo("2026-10-14T09:00"))
    steps.swept(tokyo("2026-10-15T09:00"))
    steps.hand_in(fortnight, at=tokyo("2026-10-16T12:00"))
    steps.send_back(fortnight, due_on=date(2026, 10, 30), at=tokyo("2026-10-19T12:00"))
    steps.swept(tokyo("2026-10-30T09:00"))
    assert [one.split()[0] for one in Message.objects.order_by("pk").values_list("subject", flat=True)] == [
        "before",
        "on_the_day",
        "after",
        "returned",
    ]


def test_reports_of_two_programmes_keep_their_texts_in_one_mail(
    fortnight: Deadline, writer: Person, hikari: Any
) -> None:
    keep(fortnight)
    other = programmes.round_(opens_on=date(2026, 9, 24))
    programmes.deadline(of=programmes.grant(organization=hikari, of=other.programme), round=other)
    reminders.sweep(at=NINE)
    message = Message.objects.get()
    assert message.subject == "【あと14日】報告書2件 最初の締切は10月14日"
    assert message.text.count("いつもお世話になっております") == 1
    assert message.text.count("次の報告書のご提出をお願いします") == 1
    assert message.text.count("/o/hikari/reports/") == 2


def test_names_with_braces_or_markup_stay_names(fortnight: Deadline, writer: Person) -> None:
    type(fortnight.grant).objects.filter(pk=fortnight.grant_id).update(title="{詳細}<b>&{残り日数}")
    keep(fortnight, Words("{事業} {報告書} {期限}", "{事業}\n{詳細}"))
    reminders.sweep(at=NINE)
    message = Message.objects.get()
    assert message.subject.startswith("{詳細}<b>&{残り日数} ")
    assert "<b>" not in message.html.split("<body")[1]
    assert message.text.count("/o/hikari/reports/") == 1


@pytest.mark.parametrize(
    ("words", "part", "sentence"),
    [
        (Words("{報告書} {期限} {締め切り}", "{詳細}"), "subject", "{締め切り} は使えません"),
        (Words("{報告書}です", "{詳細}"), "subject", "{期限} がありません"),
        (Words("{report} {date}", "詳しくはページで"), "body", "{詳細} がありません"),
        (Words("{報告書} {期限}", "{詳細}{詳細}"), "body", "1回だけ"),
        (Words("{報告書} {期限}", "{詳細} {申請番号}"), "body", "{申請番号} は使えません"),
        (Words("{報告書} {期限} {", "{詳細}"), "subject", "片方だけ"),
        (Words("{報告書} {期限}\nBcc: all@example.jp", "{詳細}"), "subject", "改行"),
        (Words("{報告書} {期限}\r\nBcc: all@example.jp", "{詳細}"), "subject", "改行"),
        (Words("{報告書}\u2028{期限}", "{詳細}"), "subject", "改行"),
        (Words("{報告書}\x07{期限}", "{詳細}"), "subject", "制御文字"),
        (Words("{報告書}\u202e{期限}", "{詳細}"), "subject", "制御文字"),
        (Words("{報告書} {期限}", "{詳細}\x00"), "body", "制御文字"),
        (Words("{報告書} {期限}" + "あ" * 150, "{詳細}"), "subject", "150字以内"),
        (Words("{報告書} {期限}", "{詳細}" + "あ" * 4000), "body", "4000字以内"),
        (Words("", "{詳細}"), "subject", "件名も"),
        (Words("{報告書} {期限}", "  "), "body", "本文も"),
        (Words("{報告書.__class__} {期限}", "{詳細}"), "subject", "{報告書.__class__} は使えません"),
    ],
)
def test_what_no_mail_can_be_made_of_is_refused_with_a_sentence(
    fortnight: Deadline, words: Words, part: str, sentence: str
) -> None:
    with pytest.raises(BadText) as refused:
        keep(fortnight, words)
    found = [one for one in refused.value.problems["ja"] if sentence in one.sentence]
    assert found, refused.value
    assert {one.part for one in found} == {part}
    assert not OwnText.objects.exists()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("what", list(Wording))
def test_the_standard_texts_are_texts_with_places_themselves(what: Wording, language: str) -> None:
    """What the editor begins with can be saved, and says what the standard mail says."""
    words = wording.standard(what, language)
    assert wording.problems(words, what=what, language=language) == []
    assert "%(" not in words.subject + words.body
    assert ("{詳細}" if language == "ja" else "{details}") in words.body


@pytest.mark.parametrize(
    ("today", "what"), [(NINE, Wording.BEFORE), (tokyo("2026-10-14T09:00"), Wording.ON_THE_DAY)]
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_standard_text_filled_in_is_the_standard_mail(
    fortnight: Deadline, hikari: Any, *, language: str, today: datetime, what: Wording
) -> None:
    reader = people.member(hikari, name="John", language=language)
    reminders.sweep(at=today)
    sent = Message.objects.get(person=reader)
    words = wording.standard(what, language)
    OwnText.objects.create(
        programme=fortnight.grant.programme,
        what=what,
        language=language,
        subject=words.subject,
        body=words.body,
        changed_at=today,
        changed_by_name="-",
    )
    from minori.mail import rendering
    from minori.mail.left import asked_once

    letter = rendering.reminder(
        reader,
        [(fortnight, "before-14", today.date())],
        left=asked_once(),
        own=own_texts.of([fortnight.grant.programme_id]),
    )
    assert (letter.subject, letter.text) == (sent.subject, sent.text)


def test_word_for_word_the_standard_is_no_own_text_and_nothing_is_recorded(fortnight: Deadline) -> None:
    assert not keep(fortnight, wording.standard(Wording.BEFORE, "ja"))
    assert not OwnText.objects.exists()
    assert not Event.objects.filter(action=Action.WORDING_CHANGED).exists()


def test_going_back_to_the_standard_keeps_what_was_said_in_the_trail(
    fortnight: Deadline, writer: Person
) -> None:
    keep(fortnight)
    assert keep(fortnight, STANDARD, seen=1)
    reminders.sweep(at=NINE)
    assert Message.objects.get().subject == "【あと14日】進捗報告書 10月14日締切"
    first, second = Event.objects.filter(action=Action.WORDING_CHANGED).order_by("pk")
    assert first.details == {
        "what": "before",
        "languages": ["ja"],
        "was": {"ja": {"subject": "", "body": ""}},
    }
    assert second.details["was"]["ja"]["subject"] == OURS.subject
    assert (second.person_name, second.programme_id) == ("高橋 管理", fortnight.grant.programme_id)


def test_who_saves_over_an_old_page_is_told_and_nothing_is_lost(fortnight: Deadline) -> None:
    keep(fortnight)
    with pytest.raises(TextChangedMeanwhile) as told:
        keep(fortnight, Words("{報告書} {期限}", "別の文面 {詳細}"))
    assert told.value.texts["ja"].subject == OURS.subject
    # back to the standard and new again is not the same version either
    keep(fortnight, STANDARD, seen=1)
    with pytest.raises(TextChangedMeanwhile):
        keep(fortnight, Words("{報告書} {期限}", "別の文面 {詳細}"), seen=1)
    assert OwnText.objects.get().version == 2


def test_the_two_languages_do_not_get_in_each_others_way(fortnight: Deadline) -> None:
    keep(fortnight)
    assert keep(fortnight, Words("{report} {date}", "Hello\n\n{details}"), language="en")
    assert OwnText.objects.count() == 2


def test_another_programme_says_the_standard(fortnight: Deadline, hikari: Any, writer: Person) -> None:
    other = programmes.round_(opens_on=date(2026, 9, 24))
    programmes.deadline(of=programmes.grant(organization=hikari, of=other.programme), round=other)
    keep(fortnight)
    assert {programme for programme, _what, _language in own_texts.of([other.programme_id])} == set()


def test_what_waits_reads_as_the_programme_wrote_it(fortnight: Deadline, writer: Person, hikari: Any) -> None:
    approver = people.member(hikari, "approver", name="代表 花子")
    words = Words(
        "{報告書} {期限} 承認のお願い",
        "{依頼者}さんから{待ち始めた日}に依頼がありました。\n\n{詳細}\n\nよろしくお願いします。",
    )
    keep(fortnight, words, what=Wording.APPROVER)
    record(
        Action.APPROVAL_ASKED,
        by=Actor(person_id=writer.pk, name=writer.name),
        at=tokyo("2026-10-01T15:00"),
        organization_id=fortnight.organization_id,
        grant_id=fortnight.grant_id,
        deadline_id=fortnight.pk,
    )
    waiting.plan(at=tokyo("2026-10-05T09:05"))
    message = Message.objects.get(person=approver)
    assert message.subject == "進捗報告書 10月14日 承認のお願い"
    assert "田中 恵さんから10月1日に依頼がありました。" in message.text
    assert "よろしくお願いします。" in message.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("what", list(Wording))
def test_every_mail_can_be_looked_at_with_the_data_of_a_report(
    fortnight: Deadline, what: Wording, language: str
) -> None:
    letter = specimens.letter(fortnight, what=what, language=language, words=wording.standard(what, language))
    assert "{" not in letter.subject + letter.text
    named = fortnight.organization.name if what in wording.INVITATIONS else fortnight.grant.title
    assert named in letter.text
    assert "http" in letter.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("what", sorted(wording.INVITATIONS))
def test_the_standard_text_of_an_invitation_filled_in_is_the_standard_mail(
    fortnight: Deadline, what: Wording, language: str
) -> None:
    distributor = fortnight.grant.programme.distributor
    officer = people.officer(distributor)
    by = Actor(person_id=officer.pk, name=officer.name)
    said = {"email": "new@hikari.example", "name": "John", "role": "editor", "language": language}
    invitation = inviting.invite(**said, organization=fortnight.organization, by=by, at=NINE)
    if what == Wording.NOT_ACCEPTED:
        inviting.remind(invitation, step="invitation-5", at=NINE)
    mail = Message.objects.order_by("pk").last()
    assert mail is not None
    own = inviting.filled(invitation, wording.standard(what, language), distributor=distributor.name)
    again = letters.invitation(invitation, link=inviting.LINK, own=own)
    assert (again.subject, again.text) == (mail.subject, mail.text)


def test_a_programmes_own_invitation_goes_out_with_its_link_and_other_houses_keep_the_standard(
    fortnight: Deadline, hikari: Any
) -> None:
    words = Words(
        "{実行団体}の皆さまへ　報告のご案内",
        "{招待者}（{資金分配団体}）です。{役割}、{リンクの期限}まで。\n\n{詳細}\n\n敬具",
    )
    keep(fortnight, words, what=Wording.INVITATION)
    officer = people.officer(fortnight.grant.programme.distributor, name="佐伯 真理")
    said = {"name": "新人 光", "role": "editor", "organization": hikari, "at": NINE}
    inviting.invite(email="a@hikari.example", by=Actor(person_id=officer.pk, name=officer.name), **said)
    mail = Message.objects.get()
    assert mail.subject == f"{hikari.name}の皆さまへ 報告のご案内"
    assert (
        f"佐伯 真理（{fortnight.grant.programme.distributor.name}）です。入力者、2026年10月14日（水）まで。"
        in mail.text
    )
    assert inviting.LINK in mail.text
    assert "敬具" in mail.text
    approver = people.member(hikari, "approver")
    other = people.officer(programmes.distributor())
    for number, person in enumerate((approver, other)):
        by = Actor(person_id=person.pk, name=person.name)
        inviting.invite(email=f"b{number}@hikari.example", by=by, **said)
    assert Message.objects.filter(subject=f"【実り】{hikari.name} への招待").count() == 2


def test_a_test_mail_goes_to_oneself_and_says_that_it_is_one(fortnight: Deadline) -> None:
    officer = fortnight.grant.lead_officer
    letter = specimens.letter(fortnight, what=Wording.BEFORE, language="ja", words=OURS)
    for _twice in range(2):
        own_texts.try_out(letter, on=officer, language="ja", at=NINE)
    sent = list(Message.objects.all())
    assert {(one.address, one.kind) for one in sent} == {(officer.email, Kind.NOTICE)}
    assert sent[0].subject == "【テスト】【みのり財団】進捗報告書のご提出（10月14日まで・あと3日）"


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE mail_owntext SET subject = 'x', version = version",
        "UPDATE mail_owntext SET subject = '', version = version + 1",
        "UPDATE mail_owntext SET subject = E'a\\nBcc: b', version = version + 1",
        "UPDATE mail_owntext SET body = E'a\\x07', version = version + 1",
        "DELETE FROM mail_owntext",
    ],
)
def test_the_database_refuses_what_no_page_would_save(fortnight: Deadline, broken: str) -> None:
    keep(fortnight)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(broken)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mail_owntext SET body = E'a\\nb', version = version + 1")


def test_a_mail_that_waits_is_written_anew_in_the_programmes_words(
    fortnight: Deadline, writer: Person
) -> None:
    from minori.mail.currency import keep_current

    keep(fortnight)
    reminders.sweep(at=NINE)
    keep_current(at=NINE + timedelta(days=1))
    assert Message.objects.get().subject == "【みのり財団】進捗報告書のご提出（10月14日まで・あと13日）"
