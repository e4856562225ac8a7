"""The sender and a mail server, real on both sides."""

import time
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minori.accounts.enums import Role
from minori.accounts.models import Membership, User
from minori.audit.trail import MINORI
from minori.mail import outbox, reminders
from minori.mail.enums import Kind, MessageState, Outcome, Reason
from minori.mail.letters import Letter
from minori.mail.models import LedgerEntry, Message
from minori.mail.pace import seconds_to_wait
from minori.mail.sending import LEASE, Sent, claim, send_waiting, settle_abandoned
from minori.programmes import deadlines as rules
from tests.factories import people
from tests.minori.mail.conftest import NINE
from tests.minori.mail.faulty import misbehaving

pytestmark = pytest.mark.django_db(transaction=True)


def send(at: datetime = NINE) -> Sent:
    return send_waiting(clock=lambda: at)


def post(kind: Kind = Kind.NOTICE, key: str = "one", **fields: Any) -> Message:
    letter = Letter(subject="提出を受け付けました", text="本文\n.行頭の点\n", html="<p>本文</p>")
    who = fields.pop("person", None) or people.person(**fields)
    return outbox.put([outbox.Post(key=key, person=who, letter=letter)], kind=kind, at=NINE)[0]


def test_a_waiting_mail_arrives_whole(sink):
    message = post(email="suzuki@hikari.example")
    assert send().sent == 1
    (mail,) = sink.mails
    assert mail.recipients == ("suzuki@hikari.example",)
    assert mail.subject == "提出を受け付けました"
    assert mail.text.splitlines() == ["本文", ".行頭の点"]
    assert "<p>本文</p>" in mail.html
    headers = dict(mail.headers)
    assert headers["Message-ID"] == message.message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, NINE, 1)


def test_a_second_run_sends_nothing_more(sink):
    post()
    send()
    assert send() == Sent()
    assert len(sink.mails) == 1


def test_the_reminder_of_a_deadline_in_a_fortnight_arrives_once_and_none_after_handing_in(
    sink, fortnight, writer
):
    reminders.sweep(at=NINE)
    send()
    assert sink.subjects == ["【あと14日】進捗報告書 10月14日締切"]
    assert set(LedgerEntry.objects.exclude(outcome=Outcome.SKIPPED).values_list("outcome", flat=True)) == {
        Outcome.SENT
    }
    rules.waive(fortnight, reason="休止中", by=MINORI, at=NINE)
    for days in range(1, 40):
        reminders.sweep(at=NINE + timedelta(days=days))
        send(NINE + timedelta(days=days))
    assert len(sink.mails) == 1


def test_a_planned_reminder_is_withdrawn_when_the_report_comes_first(sink, fortnight, writer):
    reminders.sweep(at=NINE)
    rules.waive(fortnight, reason="休止中", by=MINORI, at=NINE)
    assert send() == Sent()
    assert sink.mails == []
    assert Message.objects.get().state == MessageState.WITHDRAWN
    assert LedgerEntry.objects.get(step="before-14").reason == Reason.DONE


def test_what_is_done_while_the_mails_before_it_go_out_is_not_reminded_of(sink, fortnight, writer):
    reminders.sweep(at=NINE)
    rules.waive(fortnight, reason="休止中", by=MINORI, at=NINE)  # after the run has begun
    assert claim(at=NINE) is None
    assert Message.objects.get().state == MessageState.WITHDRAWN
    assert LedgerEntry.objects.get(step="before-14").reason == Reason.DONE


@pytest.mark.parametrize("how", ["role ended", "reads only now", "sign-in closed"])
def test_whoever_has_left_before_it_went_out_has_no_reminder(sink, fortnight, writer, how):
    account = people.sign_in(Client(), writer) and User.objects.get(person=writer)
    reminders.sweep(at=NINE)
    if how == "role ended":
        Membership.objects.filter(person=writer).update(ended_at=NINE)
    elif how == "reads only now":
        Membership.objects.filter(person=writer).update(role=Role.READER)
    else:
        User.objects.filter(pk=account.pk).update(is_active=False)
    assert claim(at=NINE) is None
    assert send() == Sent()
    assert sink.mails == []
    assert LedgerEntry.objects.get(step="before-14").reason == Reason.LEFT


def test_a_notice_waits_for_nobody_whose_sign_in_is_closed(sink, writer):
    people.sign_in(Client(), writer)
    message = post(person=writer)
    User.objects.filter(person=writer).update(is_active=False)
    assert send() == Sent()
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.WITHDRAWN, "the sign-in is closed")


def test_a_waiver_taken_back_begins_the_reminders_anew(sink, fortnight, writer):
    reminders.sweep(at=NINE)
    rules.waive(fortnight, reason="押し間違い", by=MINORI, at=NINE)
    assert send() == Sent()
    rules.require_again(fortnight, by=MINORI, at=NINE)
    tomorrow = NINE + timedelta(days=1)
    reminders.sweep(at=tomorrow)
    assert send(tomorrow).sent == 1
    assert sink.subjects == ["【あと13日】進捗報告書 10月14日締切"]


def test_of_two_reports_the_one_handed_in_meanwhile_is_taken_out(sink, hikari, fortnight, writer):
    from tests.factories import programmes

    other = programmes.grant(organization=hikari, of=fortnight.grant.programme, title="もう一つの事業")
    programmes.deadline(of=other, round=fortnight.round)
    reminders.sweep(at=NINE)
    rules.waive(fortnight, reason="休止中", by=MINORI, at=NINE)
    send()
    assert sink.subjects == ["【あと14日】進捗報告書 10月14日締切"]
    assert "もう一つの事業" in sink.mails[0].text
    assert fortnight.grant.title not in sink.mails[0].text


def test_a_reminder_that_had_to_wait_says_how_many_days_are_left_now(sink, fortnight, writer):
    reminders.sweep(at=NINE)
    send(NINE + timedelta(days=2))
    assert sink.subjects == ["【あと12日】進捗報告書 10月14日締切"]


def test_a_server_that_is_away_costs_no_attempt(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    post()
    result = send()
    assert "ConnectionRefusedError" in result.away
    assert result.more
    message = Message.objects.get()
    assert (message.state, message.attempts) == (MessageState.PENDING, 0)


@pytest.mark.parametrize(
    ("faults", "state", "words"),
    [
        ({"rcpt": "550 no such mailbox"}, MessageState.FAILED, "550 no such mailbox"),
        ({"text": "554 spam"}, MessageState.FAILED, "554 spam"),
        ({"rcpt": "451 greylisted"}, MessageState.PENDING, "451 greylisted"),
        ({"data": "452 full"}, MessageState.PENDING, "452 full"),
        ({"rcpt": "drop"}, MessageState.PENDING, "SMTPServerDisconnected"),
        ({"rcpt": "hang"}, MessageState.PENDING, ""),
        ({"text": "drop"}, MessageState.UNCERTAIN, "SMTPServerDisconnected"),
        ({"text": "hang"}, MessageState.UNCERTAIN, ""),
    ],
)
def test_what_the_server_does_is_written_down_for_what_it_is(settings, faults, state, words):
    post()
    began = time.monotonic()
    with misbehaving(settings, **faults):
        send()
    assert time.monotonic() - began < 10
    message = Message.objects.get()
    assert message.state == state
    assert words in message.last_error
    assert message.last_error
    assert message.attempts == 1


def test_a_server_that_hangs_before_greeting_is_away(settings):
    post()
    with misbehaving(settings, greeting="hang"):
        assert send().away
    assert Message.objects.get().attempts == 0


def test_later_means_later_and_longer_each_time_until_given_up(settings):
    post()
    at, pauses = NINE, []
    with misbehaving(settings, rcpt="451 later") as server:
        while (message := Message.objects.get()).state == MessageState.PENDING:
            assert send(message.next_try_at - timedelta(seconds=1)).later == 0
            pauses.append((message.next_try_at - at).total_seconds() / 60)
            at = message.next_try_at
            assert send(at).later == 1
        assert server.taken == []
    assert pauses[:7] == [0, 1, 5, 15, 60, 240, 240]
    assert (message.state, message.last_error) == (MessageState.FAILED, "451 later")
    assert at - NINE > timedelta(days=3)


def test_an_uncertain_reminder_goes_out_again_under_the_same_message_id(settings, sink, fortnight, writer):
    reminders.sweep(at=NINE)
    good = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    with misbehaving(settings, text="drop") as server:
        assert send().uncertain == 1
    settings.EMAIL_HOST, settings.EMAIL_PORT = good
    assert send(NINE + timedelta(minutes=1)) == Sent()
    assert send(NINE + LEASE).sent == 1
    message = Message.objects.get()
    assert (message.state, message.resends) == (MessageState.SENT, 1)
    assert message.message_id in server.taken[0]
    assert dict(sink.mails[0].headers)["Message-ID"] == message.message_id


@pytest.mark.parametrize("kind", [Kind.ACCOUNT, Kind.NOTICE])
def test_other_uncertain_mails_are_never_sent_again(settings, sink, kind):
    post(kind)
    good = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    with misbehaving(settings, text="drop"):
        send()
    settings.EMAIL_HOST, settings.EMAIL_PORT = good
    for days in range(5):
        assert send(NINE + timedelta(days=days)) == Sent()
    assert sink.mails == []
    assert Message.objects.get().state == MessageState.UNCERTAIN


def test_an_uncertain_reminder_is_not_sent_again_once_the_report_came(settings, sink, fortnight, writer):
    reminders.sweep(at=NINE)
    with misbehaving(settings, text="drop"):
        send()
    rules.waive(fortnight, reason="休止中", by=MINORI, at=NINE)
    assert send(NINE + LEASE) == Sent()
    message = Message.objects.get()
    assert (message.state, message.next_try_at) == (MessageState.UNCERTAIN, None)


def test_a_claim_holds_for_its_lease_and_is_uncertain_after_it():
    post()
    message = claim(at=NINE)
    assert message is not None
    assert claim(at=NINE) is None
    assert settle_abandoned(at=NINE + LEASE - timedelta(seconds=1)) == 0
    assert settle_abandoned(at=NINE + LEASE) == 1
    message.refresh_from_db()
    assert (message.state, message.claimed_by) == (MessageState.UNCERTAIN, "")


def test_a_dropped_conversation_does_not_hold_up_the_other_mails(settings):
    for number in range(3):
        post(key=f"{number}")
    with misbehaving(settings, text="drop") as server:
        assert send().uncertain == 3
    assert len(server.taken) == 3


def test_hasty_mails_go_first(sink):
    post(Kind.NOTICE, key="late", email="b@x.example")
    post(Kind.ACCOUNT, key="hasty", email="a@x.example")
    send()
    assert [mail.recipients[0] for mail in sink.mails] == ["a@x.example", "b@x.example"]


def test_the_same_key_is_never_written_twice():
    from django.db import IntegrityError

    post(key="same")
    with pytest.raises(IntegrityError, match="key"):
        post(key="same")


def test_senders_take_turns_at_the_mail_server(settings):
    settings.MAIL_PER_SECOND = 0.1  # one in 10 seconds, so that a slow machine does not matter
    waits = [seconds_to_wait() for _ in range(4)]
    assert waits[0] == 0
    assert [round(wait / 10) for wait in waits[1:]] == [1, 2, 3]


def test_a_turn_left_over_from_a_clock_set_back_counts_from_now(settings):
    from minori.mail.models import Pace

    seconds_to_wait()
    Pace.objects.update(next_at=datetime.fromisoformat("2099-01-01T00:00:00+00:00"))
    assert seconds_to_wait() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_an_empty_outbox_costs_few_queries_and_no_conversation(settings, count, sink):
    for number in range(count):
        post(key=f"{number}")
    send()
    settings.EMAIL_PORT = 1
    with CaptureQueriesContext(connection) as queries:
        assert send() == Sent()
    assert len(queries) == 9


@pytest.mark.parametrize("name", ["みのり財団", 'み"の\\り, 財団 <x@evil.example>', "Minori Foundation"])
def test_the_sender_is_the_distributor_by_way_of_minori_at_our_own_address(sink, name):
    letter = Letter(subject="件名", text="本文\n", html="", sender=name)
    who = people.person(email="suzuki@hikari.example", language="ja")
    outbox.put([outbox.Post(key="named", person=who, letter=letter)], kind=Kind.NOTICE, at=NINE)
    assert send().sent == 1
    (mail,) = sink.mails
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    said = name.replace('"', "").replace("\\", "") + "（Minori）"
    assert mail.sender == f"{said} <{address}>"


def test_a_mail_of_no_distributor_comes_from_the_installation(sink):
    post(email="suzuki@hikari.example")
    send()
    assert dict(sink.mails[0].headers)["From"] == settings.DEFAULT_FROM_EMAIL
