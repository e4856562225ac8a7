"""Who looks after a house learns of everybody who joins it: once, and never of themselves."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from minori.accounts import memberships
from minori.audit.trail import Actor
from minori.mail import arrivals
from minori.mail.models import Message
from tests.factories import people, programmes

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2026-10-13T23:30:00+09:00")


def join(role: str, *, name: str = "新井 光", at: datetime = AT, **house: Any) -> Any:
    who = people.person(name=name)
    by = Actor(person_id=who.pk, name=who.name)
    memberships.add(person=who, role=role, by=by, at=at, **house)
    return who


def test_the_other_approvers_are_told_and_nobody_else(hikari, kibou):
    tanaka = people.member(hikari, "approver", email="tanaka@hikari.example")
    people.member(hikari, "editor")
    people.member(kibou, "approver")
    join("editor", organization=hikari)
    assert arrivals.plan(at=AT + timedelta(minutes=1)) == 1
    mail = Message.objects.get()
    assert (mail.person_id, mail.address) == (tanaka.pk, "tanaka@hikari.example")
    assert mail.subject == "【利用開始】新井 光 様 特定非営利活動法人 ひかり 10月13日"
    assert "/people/hikari/" in mail.text
    assert "入力者" in mail.text


def test_planning_again_writes_nothing_more(hikari):
    people.member(hikari, "approver")
    join("editor", organization=hikari)
    assert arrivals.plan(at=AT) == 1
    assert arrivals.plan(at=AT + timedelta(days=1)) == 0


def test_the_first_approver_is_not_told_of_themselves(hikari):
    join("approver", organization=hikari)
    assert arrivals.plan(at=AT) == 0


def test_managers_are_told_of_new_staff_in_their_language(hikari):
    distributor = programmes.distributor(name="みのり地域財団")
    people.officer(distributor, "manager", language="en")
    people.officer(distributor, "officer")
    people.officer(programmes.distributor(), "manager")
    join("officer", distributor=distributor)
    assert arrivals.plan(at=AT) == 1
    assert Message.objects.get().subject == "[Joined] 新井 光: みのり地域財団 on 13 October"


def test_what_happened_long_ago_is_not_told(hikari):
    people.member(hikari, "approver")
    join("editor", organization=hikari, at=AT - timedelta(days=4))
    assert arrivals.plan(at=AT) == 0


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_grow_with_arrivals(hikari, count, django_assert_num_queries):
    people.member(hikari, "approver")
    for number in range(count):
        join("reader", organization=hikari, name=f"利用者{number}")
    with django_assert_num_queries(9):
        assert arrivals.plan(at=AT) == count
