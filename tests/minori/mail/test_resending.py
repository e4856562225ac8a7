"""A refused or uncertain mail is sent again by hand, under its own Message-ID, and recorded."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.mail import reminders, resending, sending
from minori.mail.enums import Kind, MessageState
from minori.mail.models import Message
from tests.minori.mail import steps
from tests.minori.mail.conftest import NINE
from tests.minori.mail.faulty import misbehaving

pytestmark = pytest.mark.django_db

OFFICER = Actor(person_id=None, name="佐伯 真理")


@pytest.fixture
def refused(fortnight: Any, writer: Any, settings: Any) -> Message:
    """A reminder that the mail server refused."""
    reminders.sweep(at=NINE)
    with misbehaving(settings, rcpt="554 5.7.1 not from you"):
        sending.send_waiting(clock=timezone.now, as_of=NINE)
    message = Message.objects.get()
    assert message.state == MessageState.FAILED
    return message


def test_a_refused_mail_goes_out_again_under_its_own_id(refused, fortnight, sink):
    resending.send_again(refused, about=fortnight, by=OFFICER, at=timezone.now())
    sending.send_waiting(clock=timezone.now, as_of=NINE)
    (mail,) = sink.mails
    assert ("Message-ID", refused.message_id) in mail.headers
    refused.refresh_from_db()
    assert (refused.state, refused.resends) == (MessageState.SENT, 0)
    event = Event.objects.get(action=Action.MAIL_RESENT)
    assert (event.deadline_id, event.person_name, event.details["was"]) == (
        fortnight.pk,
        "佐伯 真理",
        "failed",
    )


def test_an_uncertain_notice_is_sent_again_only_by_hand_and_counted(refused, fortnight, sink):
    Message.objects.update(kind=Kind.NOTICE, state=MessageState.UNCERTAIN)
    refused.reminders.all().delete()
    sending.send_waiting(clock=lambda: timezone.now() + timedelta(hours=1), as_of=NINE)
    assert sink.mails == []
    resending.send_again(refused, about=fortnight, by=OFFICER, at=timezone.now())
    sending.send_waiting(clock=timezone.now, as_of=NINE)
    assert len(sink.mails) == 1
    refused.refresh_from_db()
    assert (refused.state, refused.resends) == (MessageState.SENT, 1)


def test_after_handing_in_no_reminder_is_sent_again(refused, fortnight):
    steps.hand_in(fortnight, at=NINE + timedelta(hours=1))
    with pytest.raises(resending.NotAgain, match="提出済み"):
        resending.send_again(refused, about=fortnight, by=OFFICER, at=timezone.now())


def test_what_waits_or_was_sent_is_not_sent_again(refused, fortnight):
    resending.send_again(refused, about=fortnight, by=OFFICER, at=timezone.now())
    with pytest.raises(resending.NotAgain):
        resending.send_again(refused, about=fortnight, by=OFFICER, at=timezone.now())
    assert Event.objects.filter(action=Action.MAIL_RESENT).count() == 1


def test_mails_about_signing_in_are_never_sent_again(refused, fortnight):
    Message.objects.update(kind=Kind.ACCOUNT)
    with pytest.raises(resending.NotAgain):
        resending.send_again(refused, about=fortnight, by=OFFICER, at=timezone.now())
