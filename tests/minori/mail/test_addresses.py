"""Addresses that take no mails: flagged by what servers say, told once, skipped with the reason, cleared by a person."""

from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import Role
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.mail import addresses, reminders, resending
from minori.mail.enums import Fault, Kind, MessageState, Outcome, Reason
from minori.mail.models import FlaggedAddress, LedgerEntry, Message
from minori.tenancy.rooms import entering
from tenants.reports.queries import unreached
from tests.factories import people, programmes
from tests.minori.mail.conftest import NINE
from tests.minori.mail.faulty import misbehaving
from tests.minori.mail.test_sending import post, send

pytestmark = pytest.mark.django_db(transaction=True)
OFFICER = Actor(person_id=None, name="佐伯 真理")


def flag(address, **facts):
    given = {"why": Fault.BOUNCED, "words": "550 5.1.1 no such user", "happened_at": NINE, "at": NINE}
    return addresses.flag(address, **(given | facts))


@pytest.mark.parametrize(
    ("answer", "flags"),
    [
        ("550 5.1.1 no such user here", True),
        ("553 5.1.3 bad address syntax", True),
        ("550 5.2.1 mailbox disabled", True),
        ("550 user unknown", True),
        ("551 user not local", True),
        ("554 5.7.1 relay access denied", False),  # our own fault: it would flag everybody
        ("550 5.7.1 blocked by policy", False),
        ("552 5.2.2 mailbox full", False),
        ("554 transaction failed", False),
        ("450 4.2.1 try later", False),
    ],
)
def test_a_refused_recipient_is_flagged_and_a_refused_sender_flags_nobody(settings, answer, flags):
    message = post(kind=Kind.NOTICE, email="Gone@hikari.example")
    with misbehaving(settings, rcpt=answer):
        send()
    assert FlaggedAddress.objects.exists() is flags
    if flags:
        one = FlaggedAddress.objects.get()
        assert (one.address, one.why, one.message) == ("gone@hikari.example", Fault.REFUSED, message)
        assert one.words == answer
    message.refresh_from_db()
    assert message.state == (MessageState.PENDING if answer.startswith("4") else MessageState.FAILED)


def test_a_refusal_of_the_text_says_nothing_of_the_address(settings):
    post(email="gone@hikari.example")
    with misbehaving(settings, text="550 5.1.1 no such user"):
        send()
    assert not FlaggedAddress.objects.exists()


def test_the_officer_and_the_organization_are_told_once_and_the_trail_says_it(hikari):
    gone = people.member(hikari, name="鈴木 次郎", email="gone@hikari.example")
    approver = people.member(hikari, Role.APPROVER, name="高橋 三郎")
    grant = programmes.grant(organization=hikari)
    assert flag(" GONE@hikari.example ") is not None
    assert flag("gone@hikari.example") is not None
    told = Message.objects.filter(kind=Kind.NOTICE).order_by("pk")
    assert {one.person_id for one in told} == {grant.lead_officer_id, approver.pk}
    assert len(told) == 2
    assert all("鈴木 次郎" in one.subject for one in told)
    assert all("550 5.1.1" in one.text for one in told)
    pages = {one.person_id: one.text for one in told}
    assert reverse("setup:people", args=[hikari.slug]) in pages[grant.lead_officer_id]
    assert reverse("houses:people", args=[hikari.slug]) in pages[approver.pk]
    event = Event.objects.get(action=Action.ADDRESS_FLAGGED)
    assert (event.organization_id, event.details["address"]) == (hikari.pk, gone.email)


def test_an_address_of_nobody_here_flags_nothing():
    assert flag("stranger@example.org") is None
    assert not FlaggedAddress.objects.exists()


def test_somebody_whose_address_is_flagged_is_skipped_with_the_reason_and_the_others_are_not(
    hikari, fortnight
):
    deadline = fortnight
    gone = people.member(hikari, email="gone@hikari.example")
    there = people.member(hikari, Role.APPROVER)
    flag(gone.email)
    Message.objects.all().delete()
    assert reminders.sweep(at=NINE).mails == 1
    by_person = {one.person_id: one for one in LedgerEntry.objects.exclude(reason=Reason.STALE)}
    assert (by_person[gone.pk].outcome, by_person[gone.pk].reason) == (Outcome.SKIPPED, Reason.FLAGGED)
    assert by_person[there.pk].outcome == Outcome.PLANNED
    assert not Message.objects.filter(key__startswith="nobody:").exists()
    assert deadline.reminders.filter(person=gone).exists()


def test_where_mails_arrive_at_nobody_the_officer_hears_that_nobody_can_be_reminded(hikari, fortnight):
    deadline = fortnight
    gone = people.member(hikari, email="gone@hikari.example")
    flag(gone.email)
    assert reminders.sweep(at=NINE).alarms == 1
    alarm = Message.objects.get(key__startswith="nobody:")
    assert alarm.person == deadline.grant.lead_officer
    assert reminders.sweep(at=NINE + timedelta(hours=1)).alarms == 0


def test_whoever_joins_with_a_flagged_address_is_no_alarm_where_others_were_told(hikari, fortnight):
    people.member(hikari, Role.APPROVER)
    assert reminders.sweep(at=NINE).mails == 1
    late = people.member(hikari, email="late@hikari.example")
    flag(late.email)
    assert reminders.sweep(at=NINE + timedelta(hours=1)).alarms == 0
    assert LedgerEntry.objects.filter(person=late, reason=Reason.FLAGGED).exists()
    assert not Message.objects.filter(key__startswith="nobody:").exists()


def test_what_waits_for_a_flagged_address_is_withdrawn_with_the_reason_but_a_code_to_sign_in_is_not(
    hikari, fortnight, sink
):
    gone = people.member(hikari, email="gone@hikari.example")
    reminders.sweep(at=NINE)
    notice = post(kind=Kind.NOTICE, key="notice", person=gone)
    code = post(kind=Kind.ACCOUNT, key="code", person=gone)
    flag(gone.email)
    send()
    states = {one.key: one.state for one in Message.objects.filter(person=gone)}
    assert states.pop(code.key) == MessageState.SENT
    assert states.pop(notice.key) == MessageState.WITHDRAWN
    assert list(states.values()) == [MessageState.WITHDRAWN]
    assert LedgerEntry.objects.get(message__isnull=False).reason == Reason.FLAGGED
    assert [one.recipients for one in sink.mails if gone.email in one.recipients] == [(gone.email,)]


def test_clearing_is_recorded_and_mails_are_written_again_and_old_news_flag_nothing_anew(hikari, fortnight):
    gone = people.member(hikari, email="gone@hikari.example")
    one = flag(gone.email)
    later = NINE + timedelta(minutes=5)
    addresses.clear(one, by=OFFICER, at=later)
    addresses.clear(one, by=OFFICER, at=later)
    assert Event.objects.filter(action=Action.ADDRESS_CLEARED, organization_id=hikari.pk).count() == 1
    assert flag(gone.email, happened_at=later - timedelta(minutes=1), at=later) is None
    assert not addresses.flagged([gone.email])
    assert reminders.sweep(at=later).mails == 1
    again = flag(gone.email, happened_at=later + timedelta(minutes=1), at=later + timedelta(minutes=2))
    assert again is not None
    assert again.pk != one.pk


def test_a_mail_that_came_back_is_sent_again_only_once_the_address_is_cleared(hikari, fortnight):
    deadline = fortnight
    gone = people.member(hikari, email="gone@hikari.example")
    reminders.sweep(at=NINE)
    message = Message.objects.get(person=gone)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.BOUNCED, sent_at=NINE, returned_at=NINE, next_try_at=None
    )
    message.reminders.update(outcome=Outcome.BOUNCED)
    one = flag(gone.email)
    with pytest.raises(resending.NotAgain):
        resending.send_again(message, about=deadline, by=OFFICER, at=NINE)
    addresses.clear(one, by=OFFICER, at=NINE)
    resending.send_again(message, about=deadline, by=OFFICER, at=NINE)
    message.refresh_from_db()
    assert (message.state, message.returned_at, message.sent_at) == (MessageState.PENDING, None, None)
    assert message.reminders.get().outcome == Outcome.PLANNED


def test_people_see_it_and_clear_it_on_either_side(client, hikari):
    grant = programmes.grant(organization=hikari)
    gone = people.member(hikari, name="鈴木 次郎", email="gone@hikari.example")
    approver = people.member(hikari, Role.APPROVER)
    officer = people.officer(grant.programme.distributor)
    flag(gone.email)
    membership = gone.memberships.get()
    here = [hikari.slug, membership.pk]
    cleared = {"action": "clear_address"}
    for who, page, clear, typed in (
        (officer, reverse("setup:people", args=here[:1]), reverse("setup:clear_address", args=here), {}),
        (
            approver,
            reverse("houses:people", args=here[:1]),
            reverse("houses:change_member", args=here),
            cleared,
        ),
    ):
        people.sign_in(client, who)
        assert "メールが届きません" in client.get(page).content.decode()
        assert client.post(clear, typed).status_code == 302
        assert "メールが届きません" not in client.get(page).content.decode()
        flag(gone.email, happened_at=NINE + timedelta(days=2000), at=NINE)
    assert not outgoing.outbox
    people.sign_in(client, officer)
    assert "鈴木 次郎 (gone@hikari.example)" in client.get(reverse("reminding:index")).content.decode()
    people.sign_in(client, people.officer(programmes.distributor()))
    assert client.post(reverse("setup:clear_address", args=[hikari.slug, membership.pk])).status_code == 404
    assert "gone@hikari.example" not in client.get(reverse("reminding:index")).content.decode()


def test_a_room_sees_its_own_people_s_flags_only(client, hikari, kibou):
    gone = people.member(hikari, Role.APPROVER, name="鈴木 次郎", email="gone@hikari.example")
    people.member(kibou, name="山本 五郎", email="away@kibou.example")
    flag("gone@hikari.example")
    flag("away@kibou.example")
    with entering(hikari):
        assert [one.address for one in FlaggedAddress.objects.all()] == ["gone@hikari.example"]
        assert [one.name for one in unreached()] == ["鈴木 次郎"]
    people.sign_in(client, gone)
    home = client.get(reverse("reports:home", args=[hikari.slug])).content.decode()
    assert "次の方にメールが届いていません" in home
    assert "away@kibou.example" not in home


def test_a_flag_stands_beside_an_invitation_on_every_page_that_lists_it(client, hikari):
    from minori.accounts import invitations

    grant = programmes.grant(organization=hikari)
    officer = people.officer(grant.programme.distributor)
    approver = people.member(hikari, Role.APPROVER)
    invitations.invite(
        email="gone@hikari.example",
        name="新井 光",
        role=Role.EDITOR,
        language="ja",
        organization=hikari,
        by=Actor(person_id=approver.pk, name=approver.name),
        at=timezone.now(),
    )
    assert flag("Gone@hikari.example") is not None
    for who, page in ((officer, "setup:people"), (approver, "houses:people")):
        people.sign_in(client, who)
        html = client.get(reverse(page, args=[hikari.slug])).content.decode()
        assert "メールが届きません" in html, page
