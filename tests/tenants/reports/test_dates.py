"""The organization's side of dates: more time asked for, withdrawn, answered; the closing date in every place."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from minori.accounts.enums import Role
from minori.audit.trail import Actor
from minori.programmes import deadlines, extensions
from minori.programmes.models import Deadline, ExtensionRequest
from tests.factories import filings, people, programmes
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_handing_in import fill

pytestmark = pytest.mark.django_db

OFFICER = Actor(person_id=7, name="佐伯 真理")
UNTIL = date(2099, 10, 28)
WHY = "担当者が入院しているため。"


def page_of(deadline: Deadline, tail: str = "dates/") -> str:
    return f"/o/hikari/reports/{deadline.pk}/{tail}"


def ask(client: Client, deadline: Deadline, **said: str) -> Any:
    return client.post(page_of(deadline), {"until": "2099-10-28", "reason": WHY} | said, follow=True)


@pytest.fixture
def closed(hikari: Any) -> Deadline:
    """A report whose closing date has passed, and nothing was handed in."""
    grant = programmes.grant(organization=hikari)
    day = {"due_on": date(2026, 10, 14), "closes_on": date(2026, 10, 31)}
    round_ = programmes.round_(of=grant.programme, opens_on=date(2025, 10, 1), **day)
    return open_deadline(hikari, of=grant, round=round_, closes_on=round_.closes_on)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER])
def test_writers_ask_and_see_their_request_until_it_is_answered(client, hikari, deadline, theirs, role):
    people.sign_in(client, people.member(hikari, role, name="編集 花子"))
    after = ask(client, deadline).content.decode()
    assert "担当者に依頼しました" in after
    assert "編集 花子" in after
    assert WHY in after
    assert "担当者に依頼する" not in after, "one request at a time"
    for tail in ("", "check/"):
        assert "期限の延長を依頼中" in client.get(page_of(deadline, tail)).content.decode()
    assert "期限の延長を依頼中" in client.get("/o/hikari/").content.decode()
    extensions.grant(
        ExtensionRequest.objects.get(), to=UNTIL, words="承知しました。", by=OFFICER, at=timezone.now()
    )
    answered = client.get(page_of(deadline)).content.decode()
    assert "期限の延長を依頼中" not in answered
    for words in ("延長を承認", "承知しました。", "佐伯 真理", "2099年10月28日"):
        assert words in answered
    beside = client.get(page_of(deadline, "")).content.decode()
    assert "期限の経過" in beside
    assert WHY in beside
    assert not ExtensionRequest.objects.filter(deadline=theirs).exists()


def test_what_does_not_fit_is_told_and_what_was_typed_stays(client, deadline, editor):
    for said in (
        {"until": ""},
        {"until": "2099-10-14"},
        {"until": "9999-12-31"},
        {"reason": " "},
    ):
        answer = ask(client, deadline, **said)
        assert answer.status_code == 422, said
        assert "error-summary" in answer.content.decode()
        if "reason" not in said:
            assert WHY in answer.content.decode()
    assert not ExtensionRequest.objects.exists()


def test_a_request_is_withdrawn_and_can_be_made_anew(client, deadline, editor):
    ask(client, deadline)
    after = client.post(page_of(deadline, "dates/withdraw/"), follow=True).content.decode()
    assert "依頼を取り下げました" in after
    assert "取下げ" in after
    again = client.post(page_of(deadline, "dates/withdraw/"), follow=True).content.decode()
    assert "回答待ちの依頼はありません" in again
    ask(client, deadline)
    assert list(ExtensionRequest.objects.order_by("pk").values_list("state", flat=True)) == [
        "withdrawn",
        "open",
    ]


def test_readers_see_the_dates_and_ask_for_nothing(client, hikari, deadline):
    people.sign_in(client, people.member(hikari, Role.READER))
    page = client.get(page_of(deadline))
    assert page.status_code == 200
    assert "担当者に依頼する" not in page.content.decode()
    assert ask(client, deadline).status_code == 403
    assert client.post(page_of(deadline, "dates/withdraw/")).status_code == 403
    assert not ExtensionRequest.objects.exists()


def test_nothing_is_asked_once_it_is_in_or_not_required(client, hikari, deadline, editor):
    waived = open_deadline(hikari)
    deadlines.waive(waived, reason="事業の中断", by=OFFICER, at=timezone.now())
    filings.handed_in(deadline)
    for one in (deadline, waived):
        assert "担当者に依頼する" not in client.get(page_of(one)).content.decode()
        assert ask(client, one).status_code == 422
    assert "事業の中断" in client.get(page_of(waived)).content.decode()
    assert "事業の中断" in client.get(page_of(waived, "")).content.decode()


def test_a_closing_date_to_come_is_told_in_every_place(client, hikari, editor):
    deadline = open_deadline(hikari, closes_on=date(2099, 11, 30))
    for path in ("/o/hikari/", page_of(deadline, ""), page_of(deadline, "check/"), page_of(deadline)):
        assert "2099年11月30日" in client.get(path).content.decode(), path


def test_once_closed_the_pages_say_whom_to_ask_and_offer_it(client, closed, approver):
    officer = closed.grant.lead_officer.name
    for path in ("/o/hikari/", page_of(closed, ""), page_of(closed, "check/")):
        page = client.get(path).content.decode()
        assert "2026年10月31日で提出の受付を締め切りました" in page, path
        assert officer in page
        assert page_of(closed) in page
    check = client.get(page_of(closed, "check/")).content.decode()
    assert 'id="hand-in"' not in check
    said = {"approved_by": "理事会", "manner": "meeting", "approved_on": "2026-10-01", "seen": ""}
    refused = client.post(page_of(closed, "check/"), said)
    assert refused.status_code == 422
    closed.refresh_from_db()
    assert closed.state == "awaiting"
    # more time is asked for and given: the closing date goes along, and the button is there again
    soon = timezone.localdate() + timedelta(days=3)
    ask(client, closed, until=soon.isoformat())
    extensions.grant(ExtensionRequest.objects.get(), to=soon, by=OFFICER, at=timezone.now())
    assert "提出の受付を締め切りました" not in client.get(page_of(closed, "check/")).content.decode()


def test_a_report_is_not_offered_to_be_recalled_after_the_closing_date(client, closed, approver):
    filings.handed_in(closed, at=filings.AT)
    page = client.get(page_of(closed, "")).content.decode()
    assert "/recall/" not in page
    assert "受付締切日を過ぎたため" in page, "the page says why, and whom to ask"
    after = client.post(page_of(closed, "recall/"), follow=True).content.decode()
    assert "受付締切日を過ぎたため" in after
    closed.refresh_from_db()
    assert closed.state == "handed_in"


def test_until_when_a_report_can_be_recalled_is_told_before_and_after_handing_in(client, hikari, approver):
    deadline = open_deadline(hikari, closes_on=date(2099, 11, 30))
    fill(deadline)
    assert (
        "2099年11月30日（月）を過ぎると、引き戻せません"
        in client.get(page_of(deadline, "check/")).content.decode()
    )
    filings.handed_in(deadline)
    page = client.get(page_of(deadline, "")).content.decode()
    assert "/recall/" in page
    assert "受付締切日の2099年11月30日（月）まで" in page
    client.post(page_of(deadline, "recall/"))
    deadline.refresh_from_db()
    assert deadline.state == "awaiting"


def test_how_late_it_came_stands_beside_its_dates(client, hikari, editor):
    deadline = open_deadline(hikari, due_on=date(2026, 10, 7))
    filings.handed_in(deadline, at=filings.AT)
    for path in (page_of(deadline, ""), page_of(deadline)):
        assert "期限後3日" in client.get(path).content.decode(), path


@pytest.mark.parametrize("requests", [1, 3])
def test_the_dates_cost_the_same_with_a_long_history(
    client, deadline, editor, django_assert_num_queries, requests
):
    for _one in range(requests):
        ask(client, deadline)
        request = ExtensionRequest.objects.latest("pk")
        extensions.decline(request, words="いいえ", by=OFFICER, at=timezone.now())
    with django_assert_num_queries(QUERIES):
        client.get(page_of(deadline))


QUERIES = 8
