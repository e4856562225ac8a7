"""Notices of what happened: once per event and person, though commits come late and runs come twice."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from minori.audit.trail import Actor
from minori.mail import notices, runs
from minori.mail.enums import Kind
from minori.mail.models import Message
from minori.programmes import deadlines as rules
from minori.registry import frameworks
from tests.factories import people, programmes, registry
from tests.minori.mail.steps import EDITOR, OFFICER, accept, hand_in, send_back

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2026-10-13T16:00:00+09:00")
REPORT = "進捗報告（2年度目上期）「ひとり親家庭の学びと居場所の支援」"


@pytest.fixture
def planned(fortnight: Any, writer: Any) -> Any:
    """hikari's report with its plan, whose notice has been written already."""
    registry.registered(fortnight.grant, at=AT - timedelta(days=10))
    return fortnight


def mails(at: datetime = AT) -> list[tuple[str, str]]:
    """What is planned at a moment: (address, subject)."""
    before = set(Message.objects.values_list("pk", flat=True))
    notices.plan(at=at)
    fresh = Message.objects.exclude(pk__in=before).order_by("pk")
    return [(message.address, message.subject) for message in fresh]


def test_handing_in_gives_a_receipt_and_tells_the_lead_officer(planned, kibou):
    people.member(kibou, email="somebody@kibou.example")
    hand_in(planned, at=AT)
    assert mails() == [
        ("tanaka@hikari.example", f"【提出控え】{REPORT} 10月13日提出"),
        (planned.grant.lead_officer.email, f"【提出】特定非営利活動法人 ひかり {REPORT} 10月13日"),
    ]
    receipt = Message.objects.get(address="tanaka@hikari.example")
    assert receipt.kind == Kind.NOTICE
    assert planned.grant.title in receipt.text
    assert "版: 1" in receipt.text


def test_planning_twice_writes_once(planned):
    hand_in(planned, at=AT)
    assert len(mails()) == 2
    assert mails() == []
    assert mails(AT + timedelta(days=2)) == []


def test_an_event_that_is_committed_late_is_not_missed(planned):
    hand_in(planned, at=AT)
    mails()
    runs.run(notices.NAME, lambda at: notices.plan(at=at), clock=lambda: AT + timedelta(hours=5))
    send_back(planned, due_on=date(2026, 10, 30), at=AT + timedelta(hours=2))  # its clock read earlier
    assert [subject for _to, subject in mails(AT + timedelta(hours=6))] == [
        f"【差戻し】{REPORT} 10月30日までに再提出をお願いします",
        f"【差戻し】特定非営利活動法人 ひかり {REPORT} 再提出10月30日まで",
    ]


def test_after_a_long_stop_nothing_is_missed(planned):
    runs.run(notices.NAME, lambda at: notices.plan(at=at), clock=lambda: AT - timedelta(hours=1))
    hand_in(planned, at=AT)
    assert len(mails(AT + timedelta(days=20))) == 2


def test_what_happened_long_before_the_first_run_is_not_told(planned):
    hand_in(planned, at=AT)
    assert mails(AT + timedelta(days=4)) == []


def test_a_return_carries_its_comments_and_its_due_date(planned):
    hand_in(planned, at=AT)
    mails()
    send_back(planned, due_on=date(2026, 10, 30), at=AT, body="0103の<理由>を\n教えてください。")
    (address, _subject), (officer, _other) = mails()
    message = Message.objects.get(subject__startswith="【差戻し】", address=address)
    assert officer == planned.grant.lead_officer.email
    assert address == "tanaka@hikari.example"
    assert "0103の<理由>を\n教えてください。" in message.text
    assert "&lt;理由&gt;" in message.html
    assert "再提出の期限: 2026年10月30日（金）" in message.text
    assert "\n提出期限:" not in message.text
    assert f"/o/hikari/reports/{planned.pk}/" in message.text
    assert planned.grant.lead_officer.name in message.text


def test_accepting_and_handing_in_again_are_told(planned):
    hand_in(planned, at=AT)
    send_back(planned, due_on=date(2026, 10, 30), at=AT)
    mails()
    hand_in(planned, at=AT + timedelta(days=1))
    assert [subject for _to, subject in mails()] == [
        f"【提出控え】{REPORT} 第2版 10月14日提出",
        f"【再提出】特定非営利活動法人 ひかり {REPORT} 10月14日",
    ]
    accept(planned, at=AT + timedelta(days=2))
    assert [subject for _to, subject in mails()] == [
        f"【確認済】{REPORT} 10月15日",
        f"【確認済】特定非営利活動法人 ひかり {REPORT} 10月15日",
    ]


def test_an_officer_is_not_told_of_what_she_did_herself(planned):
    officer = planned.grant.lead_officer
    hand_in(planned, at=AT, by=Actor(person_id=officer.pk, name=officer.name))
    assert [address for address, _subject in mails()] == ["tanaka@hikari.example"]


def test_a_new_due_date_is_told_with_its_reason(planned):
    rules.extend(planned, to=date(2026, 10, 30), reason="担当者の病気", by=OFFICER, at=AT)
    assert mails() == [("tanaka@hikari.example", f"【期限変更】{REPORT} 新しい期限は10月30日")]
    assert "理由: 担当者の病気" in Message.objects.get().text


def test_the_steps_of_a_plan_are_told(hikari, writer):
    grant = programmes.grant(organization=hikari)
    proposal = frameworks.propose(grant, framework=registry.framework(), remark="", by=EDITOR, at=AT)
    assert mails() == [(grant.lead_officer.email, "【登録依頼】特定非営利活動法人 ひかり 事業計画 10月13日")]
    frameworks.decline(proposal, remark="目標値の単位を書いてください。", by=OFFICER, at=AT)
    assert mails() == [("tanaka@hikari.example", "【差戻し】事業計画 10月13日")]
    assert "目標値の単位" in Message.objects.latest("pk").text
    again = frameworks.propose(grant, framework=registry.framework(), remark="", by=EDITOR, at=AT)
    mails()
    frameworks.approve(again, by=OFFICER, at=AT)
    assert mails() == [("tanaka@hikari.example", "【登録】事業計画 10月13日")]


def test_a_plan_that_the_officer_loaded_asks_to_be_confirmed(hikari, writer):
    registry.registered(programmes.grant(organization=hikari), at=AT)
    assert mails() == [("tanaka@hikari.example", "【ご確認のお願い】事業計画 10月13日登録")]


def test_everybody_reads_their_own_language(planned, hikari):
    people.member(hikari, email="smith@hikari.example", language="en")
    hand_in(planned, at=AT)
    assert (
        "smith@hikari.example",
        "[Received] 進捗報告（2年度目上期） “ひとり親家庭の学びと居場所の支援” handed in on 13 October",
    ) in mails()
    text = Message.objects.get(address="smith@hikari.example").text
    assert text.startswith("Dear ")
    assert "Due date of this report: Wednesday 14 October 2026" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_events(
    count: int, hikari: Any, kibou: Any, django_assert_num_queries: Any
) -> None:
    round_ = programmes.round_()
    for number in range(count):
        house = (hikari, kibou)[number % 2]
        people.member(house)
        grant = programmes.grant(organization=house, of=round_.programme)
        registry.registered(grant, at=AT - timedelta(days=10))
        hand_in(programmes.deadline(of=grant, round=round_), at=AT)
    with django_assert_num_queries(PLAN_QUERIES):
        assert notices.plan(at=AT).mails >= 2 * count


PLAN_QUERIES = 17
