"""One deadline's page: another date, more time, no report, each with its reason and its event."""

from datetime import date

import pytest
from django.urls import reverse

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.programmes.enums import DeadlineState
from tests.factories import filings, programmes


@pytest.fixture
def deadline(grant):
    return programmes.deadline(of=grant)


def page_of(deadline):
    return reverse("setup:deadline", kwargs={"pk": deadline.pk})


def test_more_time_is_allowed_with_a_reason_that_stays_readable(desk, deadline):
    assert "日超過" in desk.get(page_of(deadline)).content.decode()
    desk.post(
        page_of(deadline), {"step": "extend", "extend-to": "2099-10-28", "extend-reason": "担当者の入院"}
    )
    deadline.refresh_from_db()
    assert (deadline.extended_to, deadline.due_version) == (date(2099, 10, 28), 2)
    page = desk.get(page_of(deadline)).content.decode()
    assert "担当者の入院" in page
    assert "日超過" not in page
    grant_page = desk.get(reverse("setup:grant", kwargs={"code": deadline.grant.code})).content.decode()
    assert "10月28日" in grant_page


def test_the_date_is_moved(desk, deadline):
    desk.post(page_of(deadline), {"step": "move", "move-due_on": "2099-10-20"})
    deadline.refresh_from_db()
    assert deadline.due_on == date(2099, 10, 20)


def test_a_report_is_waived_and_required_again(desk, deadline):
    desk.post(page_of(deadline), {"step": "waive", "waive-reason": "事業の中断"})
    deadline.refresh_from_db()
    assert (deadline.state, deadline.waived_reason) == (DeadlineState.WAIVED, "事業の中断")
    assert "事業の中断" in desk.get(page_of(deadline)).content.decode()
    desk.post(page_of(deadline), {"step": "require"})
    deadline.refresh_from_db()
    assert deadline.state == DeadlineState.AWAITING


@pytest.mark.parametrize(
    "data",
    [
        {"step": "extend", "extend-to": "2026-10-14", "extend-reason": "だいじな理由"},
        {"step": "extend", "extend-to": "", "extend-reason": "だいじな理由"},
        {"step": "move", "move-due_on": "2026-09-01"},
        {"step": "move", "move-due_on": "9999-12-31"},
        {"step": "extend", "extend-to": "9999-12-31", "extend-reason": "だいじな理由"},
        {"step": "waive", "waive-reason": " "},
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(desk, deadline, data):
    answer = desk.post(page_of(deadline), data)
    assert answer.status_code == 422
    assert answer.context["errors"]
    if "extend-reason" in data:
        assert "だいじな理由" in answer.content.decode()
    deadline.refresh_from_db()
    assert (deadline.due_version, deadline.state) == (1, DeadlineState.AWAITING)


def test_the_same_extension_sent_twice_is_one(desk, deadline):
    data = {"step": "extend", "seen": "1", "extend-to": "2099-10-28", "extend-reason": "担当者の入院"}
    for _press in range(2):
        assert desk.post(page_of(deadline), data).status_code == 302
    deadline.refresh_from_db()
    assert (deadline.extended_to, deadline.due_version) == (date(2099, 10, 28), 2)
    assert Event.objects.filter(action=Action.EXTENSION_GRANTED).count() == 1


def test_an_extension_becomes_shorter_with_a_yes_only(desk, deadline):
    data = {"step": "extend", "extend-to": "2099-10-28", "extend-reason": "担当者の入院"}
    desk.post(page_of(deadline), data)
    shorter = data | {"extend-to": "2099-10-21"}
    answer = desk.post(page_of(deadline), shorter)
    assert answer.status_code == 422
    assert "このままでは延長が短くなります" in answer.content.decode()
    assert 'type="checkbox" name="extend-sure"' in answer.content.decode()
    deadline.refresh_from_db()
    assert deadline.extended_to == date(2099, 10, 28)
    desk.post(page_of(deadline), shorter | {"extend-sure": "on"})
    deadline.refresh_from_db()
    assert deadline.extended_to == date(2099, 10, 21)


@pytest.mark.parametrize(
    "second",
    [
        {"step": "move", "move-due_on": "2099-12-01"},
        {"step": "extend", "extend-to": "2099-12-01", "extend-reason": "だいじな理由"},
        {"step": "close", "close-closes_on": "2099-12-01", "close-reason": "だいじな理由"},
    ],
)
def test_the_second_of_two_officers_hears_that_the_date_was_changed_meanwhile(desk, deadline, second):
    desk.post(page_of(deadline), {"step": "move", "seen": "1", "move-due_on": "2099-11-01"})
    answer = desk.post(page_of(deadline), second | {"seen": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "開いているあいだに提出期限が変わりました" in page
    assert "11月1日" in page
    assert 'name="seen" data-keep-not value="2"' in page
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.closes_on, deadline.due_version) == (date(2099, 11, 1), None, 2)
    assert desk.post(page_of(deadline), second | {"seen": "2"}).status_code == 302


def test_what_was_handed_in_keeps_its_date(desk, deadline):
    filings.handed_in(deadline)
    assert "extend-to" not in desk.get(page_of(deadline)).content.decode()
    answer = desk.post(page_of(deadline), {"step": "move", "move-due_on": "2099-10-20"})
    assert answer.status_code == 422
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 10, 14)


def test_an_unknown_step_does_nothing(desk, deadline):
    assert desk.post(page_of(deadline), {"step": "accept"}).status_code == 200
