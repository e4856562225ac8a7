"""Who works in an organization: roles, invitations, resending, taking back, ending."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import Role
from minori.accounts.models import Invitation, Membership
from minori.mail import sending
from minori.mail.models import Message
from tests.factories import people, programmes

PAGE = "/desk/setup/organizations/hikari/"
SOMEBODY = {"name": "新人 光", "email": "shinjin@example.jp", "role": "editor"}


def at(name, pk):
    return reverse(f"setup:{name}", kwargs={"slug": "hikari", "pk": pk})


@pytest.fixture
def invited(desk, grant):
    desk.post(PAGE, SOMEBODY)
    return Invitation.objects.get()


def sent() -> list[list[str]]:
    sending.send_waiting(clock=timezone.now)
    return [one.to for one in mail.outbox]


def test_somebody_is_invited_and_the_mail_sent_again(desk, invited):
    page = desk.get(PAGE).content.decode()
    assert "新人 光" in page
    assert "送信待ち" in page
    assert sent() == [["shinjin@example.jp"]]
    assert "送信待ち" not in desk.get(PAGE).content.decode()
    desk.post(at("resend", invited.pk))
    assert len(sent()) == 2


def test_a_refused_invitation_stands_there_with_the_servers_words(desk, invited):
    Message.objects.update(state="failed", next_try_at=None, last_error="550 no such user", attempts=1)
    page = desk.get(PAGE).content.decode()
    assert "メールを送れませんでした" in page
    assert "550 no such user" in page


def test_an_invitation_is_taken_back(desk, invited):
    desk.post(at("revoke", invited.pk))
    assert "新人 光" not in desk.get(PAGE).content.decode()
    for step in ("resend", "revoke"):
        answer = desk.post(at(step, invited.pk), follow=True)
        assert answer.status_code == 200
    assert "新人 光" not in answer.content.decode()
    assert desk.post(at("resend", 999)).status_code == 404


def test_who_holds_the_role_is_not_invited_again(desk, grant, hikari):
    member = people.member(hikari, Role.EDITOR)
    answer = desk.post(PAGE, SOMEBODY | {"email": member.email})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_role_is_ended_but_not_the_last_approvers(desk, grant, hikari):
    people.member(hikari, Role.EDITOR, name="編集 さん")
    people.member(hikari, Role.APPROVER, name="承認 さん")
    editor, approver = Membership.objects.order_by("pk")
    desk.post(at("end_membership", editor.pk))
    desk.post(at("end_membership", approver.pk))
    assert list(Membership.objects.active()) == [approver]
    page = desk.get(PAGE).content.decode()
    assert "承認 さん" in page
    assert "編集 さん" not in page


def test_readers_see_people_but_invite_nobody(reader, grant, hikari):
    people.member(hikari, name="編集 さん")
    assert "編集 さん" in reader.get(PAGE).content.decode()
    assert reader.post(PAGE, SOMEBODY).status_code == 403
    membership = Membership.objects.get()
    assert reader.post(at("end_membership", membership.pk)).status_code == 403
    assert not Invitation.objects.exists()


def test_people_of_an_organization_that_we_do_not_fund_are_not_there(desk, theirs, kibou):
    people.member(kibou, name="きぼう さん")
    membership = Membership.objects.get()
    place = {"slug": "kibou", "pk": membership.pk}
    for name in ("end_membership", "resend", "revoke"):
        assert desk.post(reverse(f"setup:{name}", kwargs=place)).status_code == 404
    membership.refresh_from_db()
    assert membership.ended_at is None


def test_a_membership_elsewhere_cannot_be_ended_through_our_organization(desk, grant, kibou):
    people.member(kibou)
    assert desk.post(at("end_membership", Membership.objects.get().pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_people_takes_the_same_queries_for_any_number(
    desk, grant, hikari, count, django_assert_num_queries
):
    for number in range(count):
        people.member(hikari, name=f"名前 {number}")
        programmes.grant(organization=hikari, of=grant.programme)
    with django_assert_num_queries(11):
        page = desk.get(PAGE)
    assert page.content.decode().count("/memberships/") == count
