"""What waits for somebody's word is reminded of: by the programme's ladders, once, one mail a person a day."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from minori.accounts import invitations
from minori.accounts.models import Invitation, Person
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor, record
from minori.local.mailbox import Mail
from minori.mail import addresses, inviting, laddering, reminders, sending, waiting
from minori.mail.enums import Kind, Ladder, MessageState, Outcome, Reason
from minori.mail.laddering import Wanted
from minori.mail.models import FlaggedAddress, Message
from minori.mail.waiting_models import WaitingStep
from minori.programmes.holidays import business_days_in, on_or_after
from minori.programmes.models import Deadline, Grant
from minori.registry.change_models import ChangeRequest
from minori.registry.enums import Party
from tests.factories import changes, people, programmes, registry
from tests.minori.accounts.conftest import mails as mails  # noqa: PLC0414 - a fixture
from tests.minori.accounts.mailbox import Mails, link_in
from tests.minori.mail import steps
from tests.minori.mail.conftest import Sink

pytestmark = pytest.mark.django_db

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICER = Actor(person_id=None, name="佐伯 真理")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


def later(days: int, since: datetime | None = None) -> datetime:
    """09:30 on the first business day so many days later."""
    begun = (since or timezone.now()).astimezone(TOKYO).date()
    day = on_or_after(begun + timedelta(days=days), business_days_in("Asia/Tokyo"))
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=TOKYO)


def steps_of(about: str) -> list[tuple[str, str, str]]:
    found = WaitingStep.objects.filter(about__startswith=about).order_by("pk")
    return list(found.values_list("step", "outcome", "reason"))


@pytest.fixture
def approver(hikari: Any) -> Person:
    return people.member(hikari, "approver", name="代表 花子", email="daihyo@hikari.example")


def ask(deadline: Deadline, by: Person, at: str) -> Event:
    """As `tenants.reports.asking.ask` records it. Friday 2 October is a working day, the 5th a Monday."""
    return record(
        Action.APPROVAL_ASKED,
        by=Actor(person_id=by.pk, name=by.name),
        at=tokyo(at),
        organization_id=deadline.organization_id,
        grant_id=deadline.grant_id,
        deadline_id=deadline.pk,
    )


# ---- an approver who was asked


def test_an_approver_is_reminded_three_and_seven_days_later(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    event = ask(fortnight, writer, "2026-10-01T15:00")
    days = [f"2026-10-{day:02}T09:05" for day in range(1, 16)]
    mailed = []
    for day in days:
        if waiting.plan(at=tokyo(day)).mails:
            mailed.append(day[:10])
            steps.let_go(tokyo(day))
    # 4 October is a Sunday
    assert mailed == ["2026-10-05", "2026-10-08"]
    message = Message.objects.earliest("pk")
    assert (message.person, message.kind) == (approver, Kind.NOTICE)
    assert message.subject == "【確認待ち】進捗報告書 10月14日締切"
    assert "10月1日に田中 恵さんから" in message.text
    assert f"/o/hikari/reports/{fortnight.pk}/" in message.text
    assert fortnight.grant.lead_officer.name in message.text
    assert steps_of(f"approval:{event.pk}") == [
        ("approver-3", Outcome.PLANNED, ""),
        ("approver-7", Outcome.PLANNED, ""),
    ]


def test_missed_runs_collapse_into_the_newest_step(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    ask(fortnight, writer, "2026-10-01T15:00")
    assert waiting.plan(at=tokyo("2026-10-09T09:05")).as_json() == {
        "mails": 1,
        "joined": 0,
        "invitations": 0,
        "skipped": 1,
        "tomorrow": 0,
    }
    assert waiting.plan(at=tokyo("2026-10-09T09:10")).mails == 0
    assert steps_of("approval") == [
        ("approver-3", Outcome.SKIPPED, Reason.STALE),
        ("approver-7", Outcome.PLANNED, ""),
    ]


def test_the_asker_and_people_who_only_write_are_not_reminded(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    ask(fortnight, approver, "2026-10-01T15:00")
    assert waiting.plan(at=tokyo("2026-10-05T09:05")).mails == 0


def test_nothing_goes_out_after_handing_in_and_a_new_question_is_a_new_ladder(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    ask(fortnight, writer, "2026-10-01T15:00")
    steps.hand_in(fortnight, at=tokyo("2026-10-02T10:00"))
    assert waiting.plan(at=tokyo("2026-10-05T09:05")).mails == 0
    steps.send_back(fortnight, due_on=tokyo("2026-10-30T09:00").date(), at=tokyo("2026-10-05T10:00"))
    assert waiting.plan(at=tokyo("2026-10-06T09:05")).mails == 0
    ask(fortnight, writer, "2026-10-07T10:00")
    assert (
        waiting.plan(at=tokyo("2026-10-13T09:05")).mails == 1
    )  # 10 October is a Saturday, the 12th a holiday


def test_one_mail_a_person_a_day(fortnight: Deadline, writer: Person, approver: Person) -> None:
    ask(fortnight, writer, "2026-10-06T15:00")
    at = tokyo("2026-10-09T09:00")
    steps.swept(at)  # three days before the due date
    assert waiting.plan(at=at).tomorrow == 1
    assert Message.objects.filter(person=approver).count() == 1
    assert waiting.plan(at=tokyo("2026-10-13T09:00")).mails == 1
    # and the other way round
    other = programmes.round_(
        of=fortnight.grant.programme, opens_on=at.date(), due_on=tokyo("2026-10-16T09:00").date()
    )
    programmes.deadline(of=fortnight.grant, round=other)
    result = reminders.sweep(at=tokyo("2026-10-13T10:00"))
    assert result.tomorrow >= 1
    keys = Message.objects.filter(key__startswith=f"reminder:{approver.pk}:").values_list("key", flat=True)
    assert len(keys) == len(set(keys)) == 2


def test_nothing_goes_out_before_nine_or_on_a_holiday(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    ask(fortnight, writer, "2026-10-01T15:00")
    for at in ("2026-10-05T08:59", "2026-10-11T10:00", "2026-10-12T10:00"):
        assert waiting.plan(at=tokyo(at)).mails == 0


def test_a_mail_that_waits_is_withdrawn_when_its_report_comes_in(
    fortnight: Deadline, writer: Person, approver: Person, sink: Sink
) -> None:
    ask(fortnight, writer, "2026-10-01T15:00")
    waiting.plan(at=tokyo("2026-10-05T09:05"))
    steps.hand_in(fortnight, at=tokyo("2026-10-05T09:06"))
    sending.send_waiting(clock=timezone.now, as_of=tokyo("2026-10-05T09:07"))
    assert Message.objects.get(person=approver).state == MessageState.WITHDRAWN
    assert steps_of("approval") == [("approver-3", Outcome.SKIPPED, Reason.DONE)]
    assert [mail for mail in sink.mails if "daihyo@hikari.example" in mail.recipients] == []


# ---- change requests


@pytest.fixture
def planned(hikari: Any) -> Grant:
    grant = programmes.grant(organization=hikari)
    programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
    registry.registered(grant)
    return grant


def test_a_change_request_waits_for_both_officers(planned: Grant) -> None:
    deputy = people.officer(planned.programme.distributor, name="副担当")
    Grant.objects.filter(pk=planned.pk).update(deputy_officer=deputy)
    request = changes.sent(planned)
    assert waiting.plan(at=later(6)).mails == (0 if later(6).date() < later(7).date() else 2)
    waiting.plan(at=later(7))
    found = Message.objects.filter(key__startswith="reminder:").order_by("pk")
    assert {one.person_id for one in found} == {planned.lead_officer_id, deputy.pk}
    assert found[0].subject.startswith(
        f"【回答待ち】特定非営利活動法人 ひかり 変更申請 第{request.number}号（"
    )
    assert f"/desk/setup/grants/{planned.code}/changes/{request.number}/" in found[0].text


def test_what_the_officer_proposed_waits_for_the_organization(planned: Grant, writer: Person) -> None:
    changes.sent(planned, party=Party.DESK)
    waiting.plan(at=later(7, changes.AT))
    (message,) = Message.objects.filter(key__startswith="reminder:")
    assert message.person == writer
    assert "/o/hikari/" in message.text


def test_a_decided_or_withdrawn_request_is_quiet(planned: Grant) -> None:
    request = changes.sent(planned)
    decided_at = timezone.now()
    assert isinstance(request, ChangeRequest)
    changes.decided(request, agreement=changes.AGREED, at=decided_at)
    assert waiting.plan(at=later(8)).mails == 0


def test_several_matters_of_one_reader_are_one_mail(planned: Grant, kibou: Any) -> None:
    other = programmes.grant(organization=kibou, of=planned.programme, lead_officer=planned.lead_officer)
    programmes.deadline(of=other, round=planned.programme.rounds.get())
    registry.registered(other)
    for grant in (planned, other):
        changes.sent(grant)
    assert waiting.plan(at=later(7)).mails == 1
    message = Message.objects.get(key__startswith="reminder:")
    assert message.subject.startswith("【回答待ち】2件")
    for grant in (planned, other):
        assert grant.organization.name in message.text
        assert f"/desk/setup/grants/{grant.code}/changes/" in message.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_what_waits(
    count: int, planned: Grant, kibou: Any, django_assert_num_queries: Any
) -> None:
    grants = [planned]
    for _more in range(count - 1):
        other = programmes.grant(organization=kibou, of=planned.programme)
        programmes.deadline(of=other, round=planned.programme.rounds.get())
        registry.registered(other)
        grants.append(other)
    for grant in grants:
        changes.sent(grant)
    at = later(7)
    with django_assert_num_queries(PLAN_QUERIES):
        assert waiting.plan(at=at).mails == count
    with django_assert_num_queries(AGAIN_QUERIES):
        assert waiting.plan(at=at).mails == 0


PLAN_QUERIES = 23
AGAIN_QUERIES = 11


def test_nothing_that_waits_costs_nothing_before_sending(django_assert_num_queries: Any) -> None:
    assert waiting.keep_current(at=timezone.now()) == 0
    with django_assert_num_queries(1):
        assert waiting.keep_current(at=timezone.now()) == 0


# ---- invitations


@pytest.fixture
def invited(hikari: Any, mails: Mails, django_capture_on_commit_callbacks: Any) -> Invitation:
    """Invited by mail on Thursday 1 October 2026."""
    grant = programmes.grant(organization=hikari)
    officer = people.officer(grant.programme.distributor)
    with django_capture_on_commit_callbacks(execute=True):
        return inviting.invite(
            email="new@hikari.example",
            name="新人 さくら",
            role="editor",
            organization=hikari,
            by=Actor(person_id=officer.pk, name=officer.name),
            at=tokyo("2026-10-01T15:00"),
        )


def token_in(mail: Mail) -> str:
    return link_in(mail).removeprefix("/join/").rstrip("/")


def test_who_has_not_accepted_gets_the_link_again_for_longer_and_the_ladder_goes_on(
    invited: Invitation, mails: Mails
) -> None:
    mailed = []
    mails()
    for day in range(1, 32):
        if waiting.plan(at=tokyo(f"2026-10-{day:02}T09:05")).invitations:
            mailed.append(day)
            mails()
    assert mailed == [6, 13]  # 5 and 12 days after
    first, second, third = mails()
    assert second.subject == "【実り】特定非営利活動法人 ひかり への招待（参加がまだお済みではありません）"
    assert second.recipients == ("new@hikari.example",)
    assert len({link_in(mail) for mail in (first, second, third)}) == 1
    assert invitations.find(token_in(third)) == invited
    invited.refresh_from_db()
    assert invited.invited_at == tokyo("2026-10-01T15:00")
    assert invited.expires_at == tokyo("2026-10-13T09:05") + invitations.LIFE


def test_an_invitation_that_was_accepted_or_revoked_is_quiet(invited: Invitation) -> None:
    invitations.revoke(invited, by=OFFICER, at=tokyo("2026-10-02T15:00"))
    assert waiting.plan(at=tokyo("2026-10-06T09:05")).invitations == 0
    assert not WaitingStep.objects.exists()


def test_a_reminder_of_an_invitation_goes_through_outbox_and_ledger_without_its_link(
    invited: Invitation, mails: Mails
) -> None:
    (mail,) = mails()
    waiting.plan(at=tokyo("2026-10-06T09:05"))
    step = WaitingStep.objects.get(step="invitation-5")
    assert step.message is not None
    assert (step.message.kind, step.message.state) == (Kind.INVITATION, MessageState.PENDING)
    stored = str(list(Message.objects.values()))
    assert token_in(mail) not in stored
    assert inviting.LINK in step.message.text
    invited.refresh_from_db()
    assert invited.sent_at is not None
    assert token_in(mails()[-1]) == token_in(mail)
    step.message.refresh_from_db()
    assert step.message.state == MessageState.SENT


def test_while_the_mail_server_is_away_the_reminder_waits_and_the_link_works(
    invited: Invitation, mails: Mails, settings: Any
) -> None:
    (mail,) = mails()
    here = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    waiting.plan(at=tokyo("2026-10-06T09:05"))
    assert len(mails()) == 1
    assert invitations.find(token_in(mail)) == invited
    settings.EMAIL_PORT = here
    assert len(mails()) == 2


@pytest.mark.parametrize("what", ["accepted", "revoked"])
def test_a_mail_that_waits_is_taken_back_with_its_invitation(
    invited: Invitation, mails: Mails, what: str
) -> None:
    if what == "revoked":
        invitations.revoke(invited, by=OFFICER, at=tokyo("2026-10-02T15:00"))
    else:
        invitations.accept(invited, signed_in=None, at=tokyo("2026-10-02T15:00"))
    assert mails() == []
    assert Message.objects.get().state == MessageState.WITHDRAWN


def test_of_two_mails_that_wait_only_the_newest_goes_out(invited: Invitation, mails: Mails) -> None:
    inviting.resend(invited, by=OFFICER, at=tokyo("2026-10-02T15:00"))
    (mail,) = mails()
    assert invitations.find(token_in(mail)) == invited
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == [MessageState.WITHDRAWN, MessageState.SENT]


def test_a_link_from_before_links_could_be_made_again_is_replaced(invited: Invitation, mails: Mails) -> None:
    mails()
    Invitation.objects.update(seed="", token_hash="0" * 64)
    waiting.plan(at=tokyo("2026-10-06T09:05"))
    assert invitations.find(token_in(mails()[-1])) == invited


def test_another_key_of_the_installation_makes_another_link_that_works(
    invited: Invitation, mails: Mails, settings: Any
) -> None:
    settings.SECRET_KEY = "another key of more than fifty characters, for a test only"
    (mail,) = mails()
    assert invitations.find(token_in(mail)) == invited


# ---- addresses that take no mail


def silent(address: str) -> None:
    FlaggedAddress.objects.create(address=address, why="bounced", flagged_at=tokyo("2026-10-01T09:00"))


def test_nothing_that_waits_is_written_to_an_address_that_takes_no_mail(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    ask(fortnight, writer, "2026-10-01T15:00")
    silent(approver.email)
    at = tokyo("2026-10-05T09:05")
    assert waiting.plan(at=at).as_json() == {
        "mails": 0,
        "joined": 0,
        "invitations": 0,
        "skipped": 1,
        "tomorrow": 0,
    }
    assert waiting.plan(at=at).skipped == 0
    step = WaitingStep.objects.get()
    assert (step.outcome, step.reason, step.message) == (Outcome.SKIPPED, Reason.FLAGGED, None)
    assert not Message.objects.exists()


def test_the_others_hear_of_it_all_the_same(
    fortnight: Deadline, hikari: Any, writer: Person, approver: Person
) -> None:
    there = people.member(hikari, "approver")
    ask(fortnight, writer, "2026-10-01T15:00")
    silent(approver.email)
    assert waiting.plan(at=tokyo("2026-10-05T09:05")).mails == 1
    assert [one.person for one in Message.objects.all()] == [there]


def test_once_the_address_is_cleared_the_next_step_is_mailed(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    ask(fortnight, writer, "2026-10-01T15:00")
    silent(approver.email)
    waiting.plan(at=tokyo("2026-10-05T09:05"))
    addresses.clear(FlaggedAddress.objects.get(), by=OFFICER, at=tokyo("2026-10-06T09:00"))
    assert waiting.plan(at=tokyo("2026-10-06T09:05")).mails == 0
    assert waiting.plan(at=tokyo("2026-10-08T09:05")).mails == 1  # the step of seven days


def test_an_address_flagged_while_the_mail_waits_is_said_in_the_ledger(
    fortnight: Deadline, writer: Person, approver: Person, mails: Mails
) -> None:
    ask(fortnight, writer, "2026-10-01T15:00")
    waiting.plan(at=tokyo("2026-10-05T09:05"))
    silent(approver.email)
    assert mails() == []
    step = WaitingStep.objects.get(step="approver-3")
    assert (step.outcome, step.reason) == (Outcome.SKIPPED, Reason.FLAGGED)


def test_an_invitation_to_such_an_address_is_not_repeated_by_itself(
    invited: Invitation, mails: Mails
) -> None:
    mails()
    silent(invited.email)
    planned = waiting.plan(at=tokyo("2026-10-06T09:05"))
    assert (planned.invitations, planned.skipped) == (0, 1)
    assert WaitingStep.objects.get().reason == Reason.FLAGGED
    assert len(mails()) == 1
    inviting.resend(invited, by=OFFICER, at=tokyo("2026-10-06T10:00"))  # a person has said so
    assert len(mails()) == 2


# ---- the ladders are the programme's


def test_a_programme_can_do_without(fortnight: Deadline, writer: Person, approver: Person) -> None:
    days = {**laddering.DEFAULT.days, Ladder.APPROVER: []}
    programme = fortnight.grant.programme
    laddering.change(programme, wanted=Wanted(days), seen=0, by=OFFICER, at=tokyo("2026-09-30T08:00"))
    ask(fortnight, writer, "2026-10-01T15:00")
    assert waiting.plan(at=tokyo("2026-10-13T09:05")).mails == 0


def test_the_database_keeps_each_step_once_and_in_a_mail(fortnight: Deadline, writer: Person) -> None:
    said = {
        "programme": fortnight.grant.programme,
        "ladder": Ladder.APPROVER,
        "about": "approval:1",
        "step": "approver-3",
        "person": writer,
        "decided_at": timezone.now(),
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        WaitingStep.objects.create(**said, outcome=Outcome.PLANNED)
    with pytest.raises(DatabaseError), transaction.atomic():
        WaitingStep.objects.create(
            **(said | {"ladder": Ladder.DUE}), outcome=Outcome.SKIPPED, reason=Reason.STALE
        )
    WaitingStep.objects.create(**said, outcome=Outcome.SKIPPED, reason=Reason.STALE)
    with pytest.raises(DatabaseError), transaction.atomic():
        WaitingStep.objects.create(**said, outcome=Outcome.SKIPPED, reason=Reason.STALE)


def test_what_waits_follows_the_programmes_own_list_of_holidays(
    fortnight: Deadline, writer: Person, approver: Person
) -> None:
    programme = fortnight.grant.programme
    own = programmes.holidays(programme.distributor, {date(2026, 10, 5): "創立記念日"})
    type(programme).objects.filter(pk=programme.pk).update(holidays=own)
    ask(fortnight, writer, "2026-10-01T15:00")
    assert waiting.plan(at=tokyo("2026-10-05T09:05")).mails == 0
    assert waiting.plan(at=tokyo("2026-10-06T09:05")).mails == 1
