"""Workbooks and copies by mail: once, with what belongs to them, answered to the officer."""

from datetime import timedelta
from typing import Any

import pytest

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings.handing_in import NotPossibleNow
from minori.mail import copies, notices, sending
from minori.mail.enums import MessageState
from minori.mail.models import Enclosure, Message
from minori.programmes.models import Deadline
from reporting.review import workbooks
from tests.factories import behalf, people, programmes, registry

pytestmark = pytest.mark.django_db
AT = behalf.AT


@pytest.fixture
def deadline(hikari: Any) -> Deadline:
    made = programmes.deadline(organization=hikari)
    registry.registered(made.grant)
    return made


def test_the_workbook_goes_to_the_address_with_words_and_is_written_down(deadline):
    officer = deadline.grant.lead_officer
    by = behalf.Actor(person_id=officer.pk, name=officer.name)
    workbooks.send(
        deadline,
        address="npo@example.jp",
        name="田中 一郎",
        words="いつもありがとうございます。",
        language="ja",
        by=by,
        at=AT,
    )
    message = Message.objects.get()
    assert message.person is None
    assert (message.address, message.reply_to) == ("npo@example.jp", officer.email)
    assert message.subject == "【記入のお願い】進捗報告書 10月14日までにご返送ください"
    assert "いつもありがとうございます。" in message.text
    assert "返信は担当者に届きます" in message.text
    assert "返信しないで" not in message.text
    enclosed = Enclosure.objects.get()
    assert enclosed.filename.endswith("記入用紙.xlsx")
    assert bytes(enclosed.data)[:2] == b"PK"
    event = Event.objects.get(action=Action.WORKBOOK_SENT)
    assert event.details["address"] == "npo@example.jp"
    assert workbooks.known_addresses(deadline)[0][0] == "npo@example.jp"


def test_in_english_where_that_is_asked_for(deadline):
    workbooks.send(
        deadline,
        address="npo@example.jp",
        name="Ms Garcia",
        words="",
        language="en",
        by=behalf.OFFICER,
        at=AT,
    )
    assert Message.objects.get().subject.startswith("[To fill in] progress report")


def test_no_workbook_goes_out_for_what_is_handed_in(deadline):
    behalf.filed(deadline)
    with pytest.raises(NotPossibleNow):
        workbooks.send(
            deadline, address="a@example.jp", name="田中", words="", language="ja", by=behalf.OFFICER, at=AT
        )
    assert not Message.objects.exists()


def test_whoever_sent_it_gets_a_copy_with_the_paper_once(deadline, hikari):
    people.member(hikari, "editor", email="editor@example.jp")
    behalf.filed(deadline)
    assert copies.plan(at=AT) == 1
    assert copies.plan(at=AT + timedelta(minutes=1)) == 0
    message = Message.objects.get(address="tanaka@example.jp")
    assert message.subject == "【控え】進捗報告書 10月12日到着分を代理登録しました"
    assert "2行のうち" in message.text or "1行のうち1行に記入" in message.text
    assert "田中 一郎" in message.text
    assert bytes(message.enclosures.get().data)[:5] == b"%PDF-"


def test_its_people_get_a_receipt_that_says_who_filed_and_what(deadline, hikari):
    people.member(hikari, "editor", email="editor@example.jp")
    behalf.filed(deadline)
    notices.plan(at=AT)
    message = Message.objects.get(address="editor@example.jp")
    assert message.subject.startswith("【代理登録】進捗報告")
    assert "佐伯 真理" in message.text
    assert "課題がある" in message.text
    assert f"/o/hikari/reports/{deadline.pk}/" in message.text


@pytest.mark.django_db(transaction=True)
def test_the_file_goes_along_and_the_answer_goes_to_the_officer(hikari, settings):
    made = programmes.deadline(organization=hikari)
    registry.registered(made.grant)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    workbooks.send(
        made, address="npo@example.jp", name="田中", words="", language="ja", by=behalf.OFFICER, at=AT
    )
    message = Message.objects.get()
    letter = sending._mail(message)
    (name, data, kind) = letter.attachments[0]
    assert name.endswith(".xlsx")
    assert data[:2] == b"PK"
    assert kind.endswith("spreadsheetml.sheet")
    assert letter.reply_to == [made.grant.lead_officer.email]
    assert b"Reply-To" in letter.message().as_bytes()
    assert message.state == MessageState.PENDING
