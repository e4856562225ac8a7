"""The organization's side of a small correction: seen on the home, the report and its section; taken or declined."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.accounts.enums import Role
from minori.audit.trail import Actor
from minori.filings import correcting, reviewing
from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState
from minori.filings.models import Filing
from minori.mail import notices
from minori.mail.models import Message
from minori.report_forms.contents import Approval, ApprovalManner
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from tenants.reports import drafts, handing_in
from tenants.reports.models import AnswerRevision
from tests.factories import people, registry
from tests.tenants.reports.conftest import AT, open_deadline
from tests.tenants.reports.test_handing_in import fill

pytestmark = pytest.mark.django_db
OFFICER = Actor(person_id=None, name="佐伯 真理")
ROW = str(registry.identity("0101"))
OLD, NEW = "1. 居場所\n週3回の開所を続けている。", "1. 居場所\n週4回の開所を続けている。"


def being_read(deadline: Any) -> Any:
    """The report handed in from its working copy, and being read."""
    fill(deadline)
    approval = Approval(approved_by="施設長", manner=ApprovalManner.PRINTED, approved_on=AT.date())
    by = people.speaking(deadline.organization, "編集 花子")
    with entering(deadline.organization):
        seen = handing_in.fingerprint(drafts.read(deadline))
        handing_in.hand_in(deadline, approval=approval, seen=seen, by=by, at=timezone.now())
    deadline.refresh_from_db()
    reviewing.begin_reading(deadline, by=OFFICER, at=timezone.now())
    deadline.refresh_from_db()
    return deadline


def propose(deadline: Any, new: str = NEW, anchor: str = "activities", aspect: Aspect = Aspect.TEXT) -> Any:
    return correcting.propose(
        deadline,
        filing=deadline.current_filing,
        anchor=anchor,
        aspect=aspect,
        new=new,
        why="週3回は前回の数字では？",
        by=OFFICER,
        at=timezone.now(),
    )


def settle(client: Client, deadline: Any, **posted: Any) -> Any:
    return client.post(f"/o/hikari/reports/{deadline.pk}/corrections/", posted, follow=True)


def page(client: Client, deadline: Any, tail: str = "") -> str:
    response = client.get(f"/o/hikari/reports/{deadline.pk}/{tail}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_proposal_stands_on_the_home_the_report_and_its_section(
    client: Client, deadline: Any, editor: Any
) -> None:
    propose(being_read(deadline))
    assert "担当者から小さな修正の提案があります" in client.get("/o/hikari/").content.decode()
    for tail in ("", "sections/activities/"):
        words = page(client, deadline, tail)
        assert re.search(r"<del>.*?3</del><ins>.*?4</ins>", words, re.DOTALL)
        assert "週3回は前回の数字では？" in words
        assert "この内容で修正する" in words
        assert "修正しない" in words
    assert "この内容で修正する" not in page(client, deadline, "sections/media/")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER])
def test_one_click_takes_it_as_the_next_revision_and_into_the_working_copy(
    client: Client, deadline: Any, hikari: Any, role: Role
) -> None:
    people.sign_in(client, people.member(hikari, role, name="編集 花子"))
    one = propose(being_read(deadline))
    answer = settle(client, deadline, take=str(one.pk)).content.decode()
    assert "第2版として提出しました" in answer
    assert "この内容で修正する" not in answer
    filing = Filing.objects.get(deadline=deadline, revision=2)
    assert filing.handed_in_by_name == "編集 花子"
    with entering(hikari):
        stored = drafts.read(deadline).stored["activities"]
        assert stored.value["text"] == NEW
        assert AnswerRevision.objects.get(answer=stored).value["text"] == OLD
        assert drafts.read(deadline).contents().to_json()["answers"] == filing.contents["answers"]


def test_all_are_taken_together(client: Client, deadline: Any, editor: Any) -> None:
    being_read(deadline)
    wanted = [
        propose(deadline),
        propose(deadline, "①4回\n②20人", ROW),
        propose(deadline, "1", ROW, Aspect.PROGRESS),
    ]
    assert "3件をまとめて修正する" in page(client, deadline)
    answer = settle(client, deadline, take=" ".join(str(one.pk) for one in wanted)).content.decode()
    assert "第2版として提出しました" in answer
    with entering(deadline.organization):
        row = drafts.read(deadline).stored[ROW].value
    assert (row["text"], row["progress"]) == ("①4回\n②20人", 1)
    assert Filing.objects.filter(deadline=deadline).count() == 2


def test_declining_sends_a_word(client: Client, deadline: Any, editor: Any) -> None:
    one = propose(being_read(deadline))
    settle(client, deadline, decline=str(one.pk), **{f"word-{one.pk}": "週3回で正しいです"})
    one.refresh_from_db()
    assert (one.state, one.word) == (CorrectionState.DECLINED, "週3回で正しいです")
    assert Filing.objects.filter(deadline=deadline).count() == 1


def test_a_second_click_and_nonsense_change_nothing(client: Client, deadline: Any, editor: Any) -> None:
    one = propose(being_read(deadline))
    settle(client, deadline, take=str(one.pk))
    for posted in ({"take": str(one.pk)}, {"take": "x"}, {}, {"take": "99999999999999999999"}):
        assert "もう有効ではありません" in settle(client, deadline, **posted).content.decode()
    for pk in ("x", "", "1 2", "7654321"):
        assert settle(client, deadline, decline=pk).status_code == 404
    assert Filing.objects.filter(deadline=deadline).count() == 2


def test_readers_see_it_and_take_nothing(client: Client, deadline: Any, hikari: Any) -> None:
    people.sign_in(client, people.member(hikari, Role.READER, name="閲覧 三郎"))
    one = propose(being_read(deadline))
    words = page(client, deadline)
    assert "担当者から小さな修正の提案があります" in words
    assert "この内容で修正する" not in words
    assert settle(client, deadline, take=str(one.pk)).status_code == 403


def test_nothing_of_another_organization_is_taken(
    client: Client, deadline: Any, theirs: Any, editor: Any
) -> None:
    one = propose(being_read(theirs))
    assert settle(client, theirs, take=str(one.pk)).status_code == 404
    being_read(deadline)
    assert "もう有効ではありません" in settle(client, deadline, take=str(one.pk)).content.decode()
    assert settle(client, deadline, decline=str(one.pk)).status_code == 404
    assert Correction.objects.get().state == CorrectionState.OPEN


def test_the_home_takes_the_same_queries_however_many_reports_have_proposals(
    client: Client, hikari: Any, editor: Any
) -> None:
    counts = []
    for _ in range(3):
        propose(being_read(open_deadline(hikari)))
        with CaptureQueriesContext(connection) as counted:
            client.get("/o/hikari/")
        counts.append(len(counted))
    assert counts[0] == counts[2]


def test_the_organization_gets_one_mail_for_a_revision_and_the_officer_one_for_each_answer(
    deadline: Any, editor: Any
) -> None:
    being_read(deadline)
    first, second = propose(deadline), propose(deadline, "①4回\n②20人", ROW)
    notices.plan(at=timezone.now())
    told = Message.objects.filter(subject__startswith="【小さな修正】")
    assert [one.address for one in told] == [editor.email]
    assert f"/o/hikari/reports/{deadline.pk}/" in told[0].text
    by = people.speaking(deadline.organization, "編集 花子")
    with entering(deadline.organization):
        correcting.take(deadline, wanted=[first.pk], by=by, at=timezone.now())
        correcting.decline(second, word="", by=by, at=timezone.now())
    notices.plan(at=timezone.now())
    officer = deadline.grant.lead_officer.email
    subjects = Message.objects.filter(address=officer).order_by("pk").values_list("subject", flat=True)
    assert [one[:6] for one in subjects][-2:] == ["【修正済み】", "【修正なし】"]
