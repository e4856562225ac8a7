"""An organization's approvers and a distributor's managers look after their own people, and nobody else's."""

import pytest

from minori.accounts.models import Invitation, Membership, StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.houses.steps import MOST_WAITING
from tests.factories import people, programmes
from tests.minori.accounts.mailbox import Mails, code_in, link_in

pytestmark = pytest.mark.django_db

INVITED = {"name": "新井 光", "email": "arai@hikari.example", "role": "editor", "language": "ja"}


@pytest.fixture
def approver(client, hikari):
    who = people.member(hikari, "approver", name="田中 恵", email="tanaka@hikari.example")
    people.sign_in(client, who)
    return who


def ours(who, role="approver"):
    return Membership.objects.active().filter(person=who, role=role)


@pytest.mark.django_db(transaction=True)  # mails go out after the commit
def test_an_approver_invites_a_colleague_who_joins_by_the_mail(client, approver, hikari, mails: Mails):
    page = client.post("/people/hikari/", INVITED, follow=True).content.decode()
    assert "arai@hikari.example への招待を数分以内に送ります" in page
    invited = Event.objects.get(action=Action.INVITED)
    assert (invited.organization_id, invited.person_id) == (hikari.pk, approver.pk)
    client.post("/sign-out/")
    client.post(link_in(mails()[-1]))
    client.post("/sign-in/code/", {"code": code_in(mails()[-1])})
    joined = Membership.objects.get(person__email="arai@hikari.example")
    assert (joined.organization_id, joined.role) == (hikari.pk, "editor")
    assert client.get("/").headers["Location"] == "/o/hikari/"


def test_the_room_leads_approvers_there_and_nobody_else(client, approver, hikari):
    assert 'href="/people/hikari/"' in client.get("/o/hikari/people/").content.decode()
    people.sign_in(client, people.member(hikari, "editor"))
    assert 'href="/people/hikari/"' not in client.get("/o/hikari/people/").content.decode()


def test_a_role_is_changed_and_ended(client, approver, hikari):
    colleague = people.member(hikari, "editor", name="山本 涼")
    address = f"/people/hikari/members/{ours(colleague, 'editor').get().pk}/"
    assert "役割を変更しました" in client.post(address, {"role": "reader"}, follow=True).content.decode()
    now = ours(colleague, "reader").get()
    page = client.post(f"/people/hikari/members/{now.pk}/", {"action": "end"}, follow=True).content.decode()
    assert "山本 涼" not in page
    assert not Membership.objects.active().filter(person=colleague).exists()


@pytest.mark.parametrize("posted", [{"action": "end"}, {"role": "editor"}])
def test_the_last_approver_stays(client, approver, posted):
    address = f"/people/hikari/members/{ours(approver).get().pk}/"
    client.post(address, posted)
    assert ours(approver).exists()


def test_an_approver_who_ends_their_own_role_is_led_home(client, approver, hikari):
    people.member(hikari, "approver", name="林 葵")
    answer = client.post(f"/people/hikari/members/{ours(approver).get().pk}/", {"action": "end"})
    assert answer.headers["Location"] == "/"
    assert client.get("/people/hikari/").status_code == 404


def test_people_and_invitations_of_another_house_are_not_there(client, approver, kibou):
    """Ids of the other organization and of a distributor are put into our own addresses."""
    theirs = people.member(kibou, "approver", name="他人 一郎")
    staff = people.officer(programmes.distributor(slug="minori"), "manager")
    strange = [ours(theirs).get().pk, StaffMembership.objects.get(person=staff).pk]
    for pk in strange:
        client.post(f"/people/hikari/members/{pk}/", {"action": "end"})
    assert ours(theirs).exists()
    assert StaffMembership.objects.active().filter(person=staff).exists()
    for house in ("/people/kibou/", "/staff/minori/"):
        assert client.get(house).status_code == 404
        assert client.post(house, INVITED).status_code == 404
    assert not Invitation.objects.exists()


def test_a_role_the_house_does_not_know_is_not_given(client, approver, hikari):
    colleague = ours(people.member(hikari, "editor"), "editor").get()
    for role in ("manager", "officer", "", "approver\0"):
        client.post(f"/people/hikari/members/{colleague.pk}/", {"role": role})
    colleague.refresh_from_db()
    assert (colleague.role, colleague.ended_at) == ("editor", None)
    answer = client.post("/people/hikari/", INVITED | {"role": "manager"})
    assert answer.status_code == 422
    assert 'value="arai@hikari.example"' in answer.content.decode()


@pytest.mark.parametrize("email", ["x" * 300 + "@example.jp", "x@", "", "a b@example.jp"])
def test_an_address_that_will_not_do_is_explained(client, approver, email):
    assert client.post("/people/hikari/", INVITED | {"email": email}).status_code == 422
    assert not Invitation.objects.exists()


def test_invitations_without_end_are_refused(client, approver, hikari):
    for number in range(MOST_WAITING):
        client.post("/people/hikari/", INVITED | {"email": f"{number}@hikari.example"})
    answer = client.post("/people/hikari/", INVITED)
    assert answer.status_code == 422
    assert "返事待ちの招待が多すぎます" in answer.content.decode()
    assert Invitation.objects.count() == MOST_WAITING


def test_a_manager_looks_after_the_staff(client, hikari):
    distributor = programmes.distributor(slug="minori")
    manager = people.officer(distributor, "manager", name="三浦 恵子")
    officer = people.officer(distributor, "officer", name="大野 健")
    people.sign_in(client, manager)
    assert 'href="/staff/minori/"' in client.get("/desk/setup/").content.decode()
    client.post("/staff/minori/", INVITED | {"role": "officer"})
    invitation = Invitation.objects.get()
    assert (invitation.distributor_id, invitation.role) == (distributor.pk, "officer")
    address = f"/staff/minori/invitations/{invitation.pk}/"
    assert "招待を取り消しました" in client.post(address, {"action": "revoke"}, follow=True).content.decode()
    held = StaffMembership.objects.get(person=officer)
    client.post(f"/staff/minori/members/{held.pk}/", {"role": "reader"})
    assert StaffMembership.objects.active().get(person=officer).role == "reader"
    people.sign_in(client, officer)
    assert client.get("/staff/minori/").status_code == 404
    assert 'href="/staff/minori/"' not in client.get("/desk/setup/").content.decode()


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_grow_with_people(
    client, approver, hikari, count, django_assert_num_queries
):
    for number in range(count):
        people.member(hikari, "reader", name=f"利用者{number}")
        client.post("/people/hikari/", INVITED | {"email": f"{number}@hikari.example"})
    client.get("/people/hikari/")
    with django_assert_num_queries(9):
        assert client.get("/people/hikari/").status_code == 200
