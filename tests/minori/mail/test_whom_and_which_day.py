"""Who is told of an event, from whom the mail seems to come, and by which name each of its dates is called."""

import base64
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.audit.trail import Actor
from minori.filings import correcting, handing_in, reviewing
from minori.mail import notices, reminders, rendering, sending
from minori.mail.left import asked_once
from minori.mail.models import Message
from minori.programmes import deadlines as rules
from minori.programmes.models import Deadline
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry
from tests.minori.mail.conftest import NINE
from tests.minori.mail.steps import OFFICER, hand_in, send_back

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2026-10-13T16:00:00+09:00")
DAY = timedelta(days=1)


@pytest.fixture
def house(fortnight: Any, hikari: Any, kibou: Any) -> dict[str, Any]:
    """hikari's approver and editor, the lead and the deputy of its grant; kibou's editor beside them."""
    registry.registered(fortnight.grant, at=AT - 10 * DAY)
    grant = fortnight.grant
    grant.deputy_officer = programmes.officer_person(email="deputy@minori.example")
    grant.save()
    people.member(kibou, email="somebody@kibou.example")
    return {
        "approver": people.member(hikari, "approver", email="approver@hikari.example"),
        "editor": people.member(hikari, "editor", email="editor@hikari.example"),
        "lead": grant.lead_officer,
        "deputy": grant.deputy_officer,
    }


def acting(person: Any) -> Actor:
    return Actor(person_id=person.pk, name=person.name)


def told(house: dict[str, Any], at: datetime = AT) -> set[str]:
    """Who has a mail of what has happened since, by their part."""
    before = set(Message.objects.values_list("pk", flat=True))
    notices.plan(at=at)
    names = {person.email: name for name, person in house.items()}
    fresh = Message.objects.exclude(pk__in=before)
    return {names[one.address] for one in fresh}


def texts(at: datetime = AT) -> dict[str, Message]:
    before = set(Message.objects.values_list("pk", flat=True))
    notices.plan(at=at)
    return {one.address: one for one in Message.objects.exclude(pk__in=before).order_by("pk")}


def test_a_receipt_goes_to_whoever_handed_in_and_to_the_colleagues(fortnight, house):
    hand_in(fortnight, at=AT, by=acting(house["approver"]))
    assert told(house) == {"approver", "editor", "lead", "deputy"}


def test_the_others_are_told_of_a_recall_and_not_who_recalled(fortnight, house, hikari):
    hand_in(fortnight, at=AT)
    told(house)
    handing_in.recall(fortnight, by=acting(house["editor"]), at=AT)
    assert told(house) == {"approver", "lead", "deputy"}


@pytest.mark.parametrize("who", ["lead", "deputy"])
def test_whoever_decides_has_no_mail_and_the_other_officer_has(fortnight, house, who):
    other = {"lead": "deputy", "deputy": "lead"}[who]
    filing = hand_in(fortnight, at=AT)
    told(house)
    by = acting(house[who])
    remarks = [reviewing.Remark("直してください。")]
    reviewing.send_back(fortnight, filing=filing, remarks=remarks, due_on=date(2026, 10, 30), by=by, at=AT)
    assert told(house) == {"approver", "editor", other}
    filing = hand_in(fortnight, at=AT + DAY)
    told(house)
    reviewing.accept(fortnight, filing=filing, by=by, at=AT + DAY)
    assert told(house) == {"approver", "editor", other}
    reviewing.reopen(fortnight, reason="数値の誤り", due_on=date(2026, 11, 10), by=by, at=AT + DAY)
    assert told(house) == {"approver", "editor", other}


def test_receipts_of_one_day_have_subjects_of_their_own(fortnight, house, hikari):
    grant = programmes.grant(
        organization=hikari,
        of=fortnight.grant.programme,
        title="夜の居場所と食の支援を地域にひろげる三か年の事業",
    )
    registry.registered(grant, at=AT - 10 * DAY)
    second = programmes.deadline(of=grant, round=fortnight.round)
    for one in (fortnight, second):
        filings.handed_in(one, at=AT)
    notices.plan(at=AT)
    subjects = Message.objects.filter(address="editor@hikari.example", subject__startswith="【提出控え】")
    assert sorted(one.subject for one in subjects) == [
        "【提出控え】進捗報告（2年度目上期）「ひとり親家庭の学びと居場所の支援」 10月13日提出",
        "【提出控え】進捗報告（2年度目上期）「夜の居場所と食の支援を地域にひろげる三…」 10月13日提出",
    ]


def test_a_mail_comes_from_the_distributor_of_the_grant(fortnight, house):
    name = fortnight.grant.programme.distributor.name
    hand_in(fortnight, at=AT)
    notices.plan(at=AT)
    assert set(Message.objects.values_list("sender", flat=True)) == {name}


def test_a_return_names_its_own_date_and_no_other(fortnight, house):
    rules.extend(fortnight, to=date(2026, 10, 20), reason="台風", by=OFFICER, at=AT - 5 * DAY)
    hand_in(fortnight, at=AT)
    texts()
    send_back(fortnight, due_on=date(2026, 10, 30), at=AT)
    text = texts()["editor@hikari.example"].text
    assert "再提出の期限: 2026年10月30日（金）" in text
    assert "10月14日" not in text
    assert "10月20日" not in text
    # handed in again before the mail was planned: the day of the return stays the day of the return
    hand_in(fortnight, at=AT + DAY)
    send_back(fortnight, due_on=date(2026, 11, 6), at=AT + 2 * DAY)
    hand_in(fortnight, at=AT + 2 * DAY)
    subjects = [one.subject for one in Message.objects.all()]
    texts(AT + 2 * DAY)
    late = [one.subject for one in Message.objects.all() if one.subject not in subjects]
    assert any("11月6日までに再提出" in subject for subject in late)


def test_a_corrected_revision_answers_to_no_due_date(fortnight, house, hikari):
    filing = hand_in(fortnight, at=AT)
    reviewing.begin_reading(fortnight, by=OFFICER, at=AT)
    proposed = correcting.propose(
        fortnight,
        filing=filing,
        anchor="activities",
        aspect=Aspect.TEXT,
        new="週4回の開所。",
        by=OFFICER,
        at=AT,
    )
    texts()
    with entering(hikari):
        correcting.take(fortnight, wanted=[proposed.pk], by=acting(house["editor"]), at=timezone.now())
    found = texts(timezone.now())
    assert set(found) == {one.email for one in house.values()}
    for one in found.values():
        assert "提出期限" not in one.text
        assert "版: 2" in one.text


def test_a_day_that_has_passed_is_called_so(fortnight, house):
    later = AT + 10 * DAY
    Deadline.objects.filter(pk=fortnight.pk).update(closes_on=date(2026, 10, 20))
    rules.waive(fortnight, reason="中断", by=OFFICER, at=AT)
    texts()
    rules.require_again(fortnight, by=OFFICER, at=later)
    one = texts(later)["editor@hikari.example"]
    assert one.subject.endswith("提出期限10月14日（経過）")
    assert "提出期限（経過）: 2026年10月14日（水）" in one.text
    assert "受付終了日: 2026年10月20日（火）" in one.text
    assert "受付締切日:" not in one.text
    rules.close_on(fortnight, closes_on=date(2026, 10, 21), reason="決算", sure=True, by=OFFICER, at=later)
    one = texts(later)["editor@hikari.example"]
    assert one.subject.endswith("締切は10月21日（経過）")
    assert "受付は2026年10月21日（水）で締め切られました" in one.text
    assert "この日を過ぎると" not in one.text


def test_a_reminder_about_two_distributors_reports_comes_from_neither(fortnight, writer, hikari):
    reminders.sweep(at=NINE)
    assert Message.objects.get().sender == fortnight.grant.programme.distributor.name
    theirs = programmes.programme(of=programmes.distributor(name="べつの財団"))
    other = programmes.deadline(of=programmes.grant(organization=hikari, of=theirs))
    pair = [(one, "before-14", date(2026, 9, 30)) for one in (fortnight, other)]
    letter = rendering.reminder(writer, pair, left=asked_once(), own={})
    assert letter.sender == ""
    assert "べつの財団" in letter.text


LONG = "一般財団法人 全国こども若者みらい応援地域ネットワーク支援財団"


def test_a_long_name_of_a_sender_breaks_between_letters_and_reads_as_one(fortnight, writer, sink):
    distributor = fortnight.grant.programme.distributor
    type(distributor).objects.filter(pk=distributor.pk).update(name=LONG)
    reminders.sweep(at=NINE)
    sending.send_waiting(clock=timezone.now, as_of=NINE)
    (mail,) = sink.mails
    assert mail.sender.startswith(f"{LONG}（Minori）")
    (file,) = sink.folder.glob("*.eml")
    found = re.search(rb"\r\nFrom: (.*?)\r\n(?! )", file.read_bytes(), re.DOTALL)
    head = found[1] if found else b""
    assert head.startswith(b"=?utf-8?b?"), "the name begins on the first line"
    assert max(len(line) for line in head.split(b"\r\n")) <= 78  # RFC 5322, 2.1.1
    for word in head.split(b"?b?")[1:]:
        base64.b64decode(word.partition(b"?=")[0]).decode()  # whole letters in every piece


def test_a_receipt_of_a_report_that_came_again_names_its_revision(fortnight, house, hikari):
    hand_in(fortnight, at=AT)
    first = texts()["editor@hikari.example"].subject
    handing_in.recall(fortnight, by=acting(house["editor"]), at=AT)
    texts()
    hand_in(fortnight, at=AT)
    second = texts()["editor@hikari.example"].subject
    assert first != second
    assert "第2版" in second
    assert "第1版" not in first


def returned_by(officer: Any, deadline: Deadline, filing: Any) -> None:
    asked = [reviewing.Remark("いつの人数ですか。")]
    reviewing.send_back(
        deadline, filing=filing, remarks=asked, due_on=date(2026, 10, 20), by=acting(officer), at=AT
    )


def test_an_officer_who_asked_is_told_of_the_answer_though_another_leads(fortnight, house):
    distributor = fortnight.grant.programme.distributor
    house["helper"] = people.officer(distributor, email="helper@minori.example")
    filing = hand_in(fortnight, at=AT)
    told(house)
    returned_by(house["helper"], fortnight, filing)
    assert told(house) == {"approver", "editor", "lead", "deputy"}
    hand_in(fortnight, at=AT)
    assert told(house) == {"approver", "editor", "lead", "deputy", "helper"}


def test_an_officer_who_asked_and_left_is_told_nothing(fortnight, house):
    distributor = fortnight.grant.programme.distributor
    house["helper"] = people.officer(distributor, email="helper@minori.example")
    filing = hand_in(fortnight, at=AT)
    returned_by(house["helper"], fortnight, filing)
    told(house)
    house["helper"].staff_memberships.update(ended_at=AT)
    hand_in(fortnight, at=AT)
    assert "helper" not in told(house)
