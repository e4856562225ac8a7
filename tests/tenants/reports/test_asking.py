"""An editor asks the approvers to check: recorded, mailed to them alone, shown on their home until it is handed in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from minori.accounts.enums import Role
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.mail import notices
from minori.mail.models import Message
from tests.factories import filings, people

pytestmark = pytest.mark.django_db


def check(deadline: Any) -> str:
    return f"/o/hikari/reports/{deadline.pk}/check/"


@pytest.fixture
def director(hikari: Any) -> Any:
    return people.member(hikari, Role.APPROVER, name="承認 太郎", email="director@hikari.example")


def home(who: Any) -> str:
    client = Client()
    people.sign_in(client, who)
    return client.get("/o/hikari/").content.decode()


def test_an_editor_asks_and_the_approver_sees_it(
    client: Client, deadline: Any, director: Any, kibou: Any, editor: Any
) -> None:
    people.member(kibou, Role.APPROVER, email="director@kibou.example")
    page = client.get(check(deadline)).content.decode()
    assert "提出できる人：承認 太郎" in page
    assert "承認者に確認を依頼</button>" in page
    after = client.post(f"{check(deadline)}ask/", follow=True).content.decode()
    assert "承認者にメールで確認を依頼します：承認 太郎" in after
    assert "編集 花子さんが承認者へ確認を依頼しました" in after
    assert "編集 花子さんから確認の依頼があります" in home(director)
    assert "編集 花子さんが承認者へ確認を依頼しました" in client.get("/o/hikari/").content.decode()
    notices.plan(at=timezone.now())
    mail = Message.objects.get()
    assert mail.address == "director@hikari.example"
    assert mail.subject.startswith("【確認のお願い】")
    assert check(deadline) in mail.text


def test_the_question_is_no_matter_of_the_desk(
    client: Client, deadline: Any, director: Any, editor: Any
) -> None:
    client.post(f"{check(deadline)}ask/")
    event = Event.objects.get(action=Action.APPROVAL_ASKED)
    assert (event.deadline_id, event.programme_id, event.round_id) == (deadline.pk, None, None)
    assert event not in Event.objects.for_desk()


def test_pressing_twice_asks_once_and_later_again(
    client: Client, deadline: Any, director: Any, editor: Any
) -> None:
    for _press in range(2):
        client.post(f"{check(deadline)}ask/")
    asked = Event.objects.filter(action=Action.APPROVAL_ASKED)
    assert asked.count() == 1
    from minori.audit.trail import Actor
    from tenants.reports import asking

    by = Actor(person_id=editor.pk, name=editor.name)
    # a room acts now: what is asked later is asked past it
    asking.ask(deadline, by=by, at=timezone.now() + timedelta(minutes=11))
    assert asked.count() == 2


def test_it_is_over_once_the_report_is_in(client: Client, deadline: Any, director: Any, editor: Any) -> None:
    client.post(f"{check(deadline)}ask/")
    filings.handed_in(deadline, at=timezone.now() + timedelta(minutes=1))
    assert "確認の依頼があります" not in home(director)
    page = client.post(f"{check(deadline)}ask/", follow=True).content.decode()
    assert "提出済みです" in page
    assert Event.objects.filter(action=Action.APPROVAL_ASKED).count() == 1


def test_a_reader_cannot_ask_and_without_an_approver_there_is_nobody_to_ask(
    client: Client, hikari: Any, deadline: Any, editor: Any
) -> None:
    page = client.get(check(deadline)).content.decode()
    assert "承認者に確認を依頼</button>" not in page
    people.sign_in(client, people.member(hikari, Role.READER))
    assert client.post(f"{check(deadline)}ask/").status_code == 403
