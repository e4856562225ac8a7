"""Closing dates, requests and extensions on the board, with the way to their history; and in the steps of a report."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from minori.audit.trail import Actor
from minori.programmes import deadlines, extensions
from minori.programmes.enums import Standing
from reporting.portfolio import board
from reporting.portfolio.templatetags.board_tags import board_cell
from reporting.summaries import compiling
from reporting.summaries.models import Summary
from tests.factories import filings, people, programmes

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
BEFORE = datetime(2026, 10, 13, 3, 0, tzinfo=UTC)
WRITER = Actor(person_id=3, name="佐藤 和子")
OFFICER = Actor(person_id=7, name="佐伯 真理")
CLOSES = date(2026, 11, 30)
UNTIL = date(2026, 11, 20)


@pytest.fixture
def deadline(hikari: Any, kibou: Any) -> Any:
    """ひかり asks for more time until 20 November; きぼう, in the same round, was given some and came late."""
    round_ = programmes.round_(closes_on=CLOSES)
    of = {"of": round_.programme}
    ours, theirs = (
        programmes.deadline(
            of=programmes.grant(organization=house, **of), round=round_, closes_on=round_.closes_on
        )
        for house in (hikari, kibou)
    )
    extensions.ask(ours, until=UNTIL, reason="入院のため", by=WRITER, at=AT)
    deadlines.extend(theirs, to=date(2026, 10, 16), reason="台風", by=OFFICER, at=BEFORE)
    filings.handed_in(theirs, at=datetime(2026, 10, 19, 3, 0, tzinfo=UTC))
    return ours


def cells(deadline: Any, *, today: date) -> dict[str, Any]:
    compiling.compile_round(deadline.round_id, at=AT)
    summary = Summary.objects.get(round=deadline.round)
    shown = board.of([summary.contents], shown=deadline.round.number, today=today, zone=UTC)
    return {row.organization: row.now for row in shown.rows}


def test_a_request_and_the_closing_date_are_part_of_the_summary(deadline):
    found = cells(deadline, today=date(2026, 10, 20))
    ours, theirs = found["特定非営利活動法人 ひかり"], found["社会福祉法人 きぼう"]
    assert (ours.standing, ours.closes_on, ours.closed) == (Standing.OVERDUE, CLOSES, False)
    assert ours.asked_until == UNTIL
    assert (theirs.closes_on, theirs.asked_until) == (None, None)
    assert (theirs.extended_to, theirs.line["days_late"]) == (date(2026, 10, 16), 3)


@pytest.mark.parametrize(("today", "closed"), [(CLOSES, False), (date(2026, 12, 1), True)])
def test_the_day_after_the_closing_date_it_is_closed(deadline, today, closed):
    assert cells(deadline, today=today)["特定非営利活動法人 ひかり"].closed is closed


def test_an_answer_takes_the_request_off_the_board(deadline):
    cells(deadline, today=date(2026, 10, 20))
    request = extensions.open_request(deadline)
    assert request is not None
    extensions.grant(request, to=UNTIL, by=OFFICER, at=AT)
    ours = cells(deadline, today=date(2026, 10, 20))["特定非営利活動法人 ひかり"]
    assert (ours.standing, ours.asked_until, ours.due_on) == (Standing.OPEN, None, UNTIL)


def test_a_summary_of_before_is_still_shown(deadline):
    cells(deadline, today=date(2026, 10, 20))
    summary = Summary.objects.get(round=deadline.round)
    for line in summary.contents["board"]:
        del line["closes_on"], line["asked_until"]
    shown = board.of([summary.contents], shown=deadline.round.number, today=date(2026, 10, 20), zone=UTC)
    assert {row.now.closes_on for row in shown.rows if row.now} == {None}


def test_the_board_says_it_and_leads_to_the_dates(client, deadline):
    compiling.compile_round(deadline.round_id, at=AT)
    people.sign_in(client, people.officer(deadline.grant.programme.distributor))
    code = deadline.grant.programme.code
    page = client.get(reverse("portfolio:programme", kwargs={"code": code})).content.decode()
    assert "11/20まで延長を希望" in page
    assert "受付締切日 11/30" in page or "受付終了" in page  # whichever day it is today
    assert "10/16" in page
    assert reverse("setup:deadline", kwargs={"pk": deadline.pk}) in page


def test_the_steps_of_a_report_tell_of_requests_and_answers(client, deadline):
    request = extensions.open_request(deadline)
    assert request is not None
    extensions.decline(request, words="決算の都合で延ばせません。", by=OFFICER, at=AT)
    deadlines.close_on(deadline, closes_on=date(2026, 12, 10), reason="決算", by=OFFICER, at=AT)
    people.sign_in(client, people.officer(deadline.grant.programme.distributor))
    page = client.get(f"/desk/review/{deadline.pk}/history/").content.decode()
    for words in (
        "期限の延長の依頼",
        "2026年11月20日 まで",
        "入院のため",
        "期限の延長の見送り",
        "決算の都合で延ばせません。",
        "受付締切日 2026年12月10日",
    ):
        assert words in page


def test_what_a_cell_says_stands_apart(deadline):
    theirs = cells(deadline, today=date(2026, 10, 20))["社会福祉法人 きぼう"]
    assert '<span>10/19提出 <span class="late">期限後3日</span> <small>' in board_cell(theirs)
