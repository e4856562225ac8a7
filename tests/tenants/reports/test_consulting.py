"""Consulting on a draft (下書き相談): shown as a snapshot, spoken about by both sides, filed and counted nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from minori.accounts.enums import Role
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import consulting
from minori.filings.enums import Side
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Consultation, ConsultationRemark, Filing
from minori.mail import notices
from minori.mail.models import Message
from minori.programmes.enums import DeadlineState
from minori.report_forms.answers import Written, blank, to_json
from minori.tenancy.rooms import entering
from reporting.summaries import compiling
from tenants.reports import drafts, saving
from tenants.reports.consultations import show_draft
from tenants.reports.saving import Given
from tests.factories import filings, people
from tests.reporting.review.desk import desk, signed_in, url
from tests.tenants.reports.conftest import AT, BY

pytestmark = pytest.mark.django_db

OFFICER = Actor(person_id=None, name="佐伯 真理")


def write(deadline: Any, text: str, *, version: int = 0) -> None:
    """Write the text on activities into the draft."""
    with entering(deadline.organization):
        field = drafts.read(deadline).edition.field("activities")
        given = Given(value=to_json(Written(text)), blank=to_json(blank(field)), version=version)
        saving.save_answers(deadline.pk, given={"activities": given}, by=BY, at=AT)


def shown(deadline: Any, question: str = "") -> Consultation:
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        return show_draft(deadline, question=question, by=by, at=timezone.now())


def room(deadline: Any, tail: str = "") -> str:
    return f"/o/{deadline.organization.slug}/reports/{deadline.pk}/consult/{tail}"


@pytest.fixture
def report(hikari: Any) -> Any:
    """A report of ひかり with an officer, open and half written."""
    here = desk()
    deadline = here.deadline(hikari)
    write(deadline, "まだ書きかけの文")
    return deadline, here.officer


@pytest.mark.usefixtures("editor")
def test_the_officer_reads_the_snapshot_and_nothing_that_was_written_afterwards(
    client: Client, report: Any
) -> None:
    deadline, officer = report
    browser = signed_in(officer)
    assert browser.get(url(deadline, "consultations/1/")).status_code == 404
    answer = client.post(
        room(deadline, "show/"), {"question": "0103の書き方はこれでよいですか。"}, follow=True
    )
    assert "担当者が下書きを読めるようになりました" in answer.content.decode()
    write(deadline, "あとから書いた秘密の文", version=1)
    page = browser.get(url(deadline, "consultations/1/")).content.decode()
    assert "まだ書きかけの文" in page
    assert "0103の書き方" in page
    assert "下書き" in page
    assert "秘密の文" not in page
    assert url(deadline, "consultations/1/") in browser.get("/desk/review/").content.decode()
    assert url(deadline, "consultations/1/") in browser.get(url(deadline)).content.decode()


def test_a_shown_draft_is_filed_nowhere_and_counted_nowhere(report: Any) -> None:
    deadline, _officer = report
    before = compiling.compile_round(deadline.round_id, at=timezone.now())
    shown(deadline)
    deadline.refresh_from_db()
    assert deadline.state == DeadlineState.AWAITING
    assert not Filing.objects.exists()
    after = compiling.compile_round(deadline.round_id, at=timezone.now())
    assert (before is None) == (after is None)
    assert Event.objects.filter(action=Action.CONSULTED, deadline_id=deadline.pk).count() == 1


@pytest.mark.usefixtures("editor")
def test_both_sides_speak_at_a_place_and_each_is_told_by_mail(client: Client, report: Any) -> None:
    deadline, officer = report
    shown(deadline)
    browser = signed_in(officer)
    said = {"anchor": "activities", "body": "回数も書いてください。"}
    assert browser.post(url(deadline, "consultations/1/"), said).status_code == 302
    assert browser.post(url(deadline, "consultations/1/"), said).status_code == 302, "posted twice"
    page = client.get(room(deadline, "1/")).content.decode()
    assert page.count("回数も書いてください。") == 1
    assert 'href="#paper-activities"' in page
    assert "返事 1 件" in client.get(f"/o/hikari/reports/{deadline.pk}/").content.decode()
    assert client.post(room(deadline, "1/"), {"anchor": "made-up", "body": "8回です。"}).status_code == 302
    assert ConsultationRemark.objects.get(side=Side.ROOM).anchor == ""
    assert "返事待ち" in browser.get("/desk/review/").content.decode()
    notices.plan(at=timezone.now() + timedelta(minutes=5))
    subjects = set(Message.objects.values_list("subject", flat=True))
    assert any("返事が届きました" in one for one in subjects)
    assert any("から追記" in one for one in subjects)
    answers = Message.objects.filter(subject__contains="返事が届きました")
    assert sorted(answer.person.name for answer in answers) == ["佐藤 和子", "編集 花子"], (
        "each of its people once"
    )
    assert all(room(deadline, "1/") in answer.text for answer in answers)


@pytest.mark.usefixtures("editor")
def test_nothing_said_and_the_same_draft_again_are_refused_with_a_sentence(
    client: Client, report: Any
) -> None:
    deadline, _officer = report
    shown(deadline)
    answer = client.post(room(deadline, "1/"), {"anchor": "", "body": " 　"})
    assert (answer.status_code, "伝えたいことを書いてください。" in answer.content.decode()) == (422, True)
    answer = client.post(room(deadline, "show/"), {"question": ""})
    assert (answer.status_code, "同じ下書き" in answer.content.decode()) == (409, True)
    assert Consultation.objects.count() == 1


@pytest.mark.usefixtures("editor")
def test_the_organization_stops_showing_and_the_officer_no_longer_reads(client: Client, report: Any) -> None:
    deadline, officer = report
    shown(deadline)
    client.post(room(deadline, "1/withdraw/"))
    client.post(room(deadline, "1/withdraw/"))
    assert Event.objects.filter(action=Action.CONSULTATION_WITHDRAWN).count() == 1
    browser = signed_in(officer)
    assert browser.get(url(deadline, "consultations/1/")).status_code == 404
    assert "consultations/1" not in browser.get("/desk/review/").content.decode()
    assert client.get(room(deadline, "1/")).status_code == 200
    with pytest.raises(NotPossibleNow):
        consulting.say(Consultation.objects.get(), side=Side.DESK, body="?", by=OFFICER, at=AT)


def test_what_was_handed_in_is_not_shown_as_a_draft(report: Any) -> None:
    deadline, _officer = report
    filings.handed_in(deadline)
    with pytest.raises(ValueError, match="提出"):
        shown(deadline)


def test_readers_read_and_say_nothing(hikari: Any, report: Any) -> None:
    deadline, _officer = report
    shown(deadline)
    reader = people.sign_in(Client(), people.member(hikari, Role.READER))
    assert reader.get(room(deadline, "1/")).status_code == 200
    for path in ("show/", "1/", "1/withdraw/"):
        assert reader.post(room(deadline, path), {"body": "a"}).status_code == 403


def test_another_organizations_room_neither_sees_nor_speaks(kibou: Any, report: Any) -> None:
    deadline, _officer = report
    mine = shown(deadline)
    with entering(kibou):
        assert not Consultation.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            ConsultationRemark.objects.create(
                consultation_id=mine.pk,
                organization_id=kibou.pk,
                side=Side.ROOM,
                body="x",
                at=AT,
                by_name="x",
            )
            connection.check_constraints()
    with entering(deadline.organization), pytest.raises(DatabaseError), transaction.atomic():
        ConsultationRemark.objects.create(
            consultation_id=mine.pk,
            organization_id=deadline.organization_id,
            side=Side.DESK,
            body="x",
            at=AT,
            by_name="x",
        )


@pytest.mark.parametrize("change", ["contents = '{}'", "question = 'x'", "withdrawn_at = NULL", "number = 9"])
def test_the_database_keeps_a_shown_draft_as_it_was(report: Any, change: str) -> None:
    deadline, _officer = report
    mine = shown(deadline)
    consulting.withdraw(mine, by=BY, at=AT)
    for sql in (f"UPDATE filings_consultation SET {change}", "DELETE FROM filings_consultation"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.usefixtures("editor")
def test_the_page_never_says_that_nobody_sees_a_draft_that_was_shown(client: Client, report: Any) -> None:
    deadline, _officer = report
    here = f"/o/{deadline.organization.slug}/reports/{deadline.pk}/"
    nobody = "下書きは団体の外から見えません"
    assert nobody in client.get(here).content.decode()
    client.post(room(deadline, "show/"), {"question": ""})
    page = client.get(here).content.decode()
    assert nobody not in page
    assert "に見せた下書きは担当者が見られます。その後に書いたことは、団体の外から見えません。" in page
    client.post(room(deadline, "1/withdraw/"))
    assert nobody in client.get(here).content.decode()
