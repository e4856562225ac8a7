"""Invitations over their life, by rules and by pages, with real mails."""

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone

from minori.accounts import invitations
from minori.accounts.invitations import NotOpen, Standing
from minori.accounts.models import Invitation, Membership, Person, StaffMembership, User
from minori.accounts.requests import actor
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.mail import inviting
from tests.factories import people, programmes
from tests.minori.accounts.mailbox import Mails, code_in, link_in

pytestmark = pytest.mark.django_db

SATO = "kazuko.sato@example.jp"


@pytest.fixture
def invite(hikari, mails: Mails, django_capture_on_commit_callbacks):
    """Invites to hikari; gives the invitation and the path of the link that was mailed."""
    officer = people.officer(programmes.distributor())

    def invite(email=SATO, role="editor", **fields):
        with django_capture_on_commit_callbacks(execute=True):
            said = {"name": "佐藤 和子", "organization": hikari, "by": actor(officer), "at": timezone.now()}
            invitation = inviting.invite(email=email, role=role, **(said | fields))
        return invitation, link_in(mails()[-1])

    return invite


def test_the_mail_says_who_invites_to_what_and_only_a_hash_is_stored(invite, mails: Mails, hikari):
    invitation, link = invite()
    (mail,) = mails()
    assert mail.recipients == (SATO,)
    assert mail.subject == f"【実り】{hikari.name} への招待"
    funder = StaffMembership.objects.get().distributor.name
    assert f"{funder} の佐伯 真理 さんから、{hikari.name} への招待です（役割：入力者）。" in mail.text
    assert f"お問い合わせは佐伯 真理さん（{invitation.invited_by.email}）まで" in mail.text
    token = link.removeprefix("/join/").rstrip("/")
    assert link in mail.html
    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(stored)
    assert stored["sent_at"] is not None
    assert token not in str(list(Event.objects.values()))


def test_a_new_person_joins_by_the_link_and_signs_in_by_a_code(client, invite, mails: Mails, hikari):
    _invitation, link = invite()
    page = client.get(link).content.decode()
    for words in ("佐伯 真理", hikari.name, "佐藤 和子", "入力者", SATO):
        assert words in page
    assert not User.objects.filter(email=SATO).exists(), "looking changes nothing"
    answer = client.post(link)
    assert answer.headers["Location"] == "/sign-in/code/?next=%2F"
    assert "_auth_user_id" not in client.session, "a link signs nobody in"
    person = Person.objects.get(email=SATO)
    assert (person.name, person.user.has_usable_password()) == ("佐藤 和子", False)
    assert Membership.objects.get(person=person).role == "editor"
    assert EmailAddress.objects.get(user=person.user).verified
    joined = Event.objects.get(action=Action.JOINED)
    assert (joined.person_id, joined.organization_id) == (person.pk, hikari.pk)
    answer = client.post("/sign-in/code/", {"code": code_in(mails()[-1]), "next": "/"}, follow=False)
    assert client.get(answer.headers["Location"]).headers["Location"] == "/o/hikari/"


def test_a_used_link_says_so_in_a_sentence(client, invite):
    _invitation, link = invite()
    client.post(link)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "この招待はすでに使われました" in answer.content.decode()
    assert Membership.objects.count() == 1


def test_an_expired_link_says_whom_to_ask(client, invite):
    invitation, link = invite()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "期限が切れました" in answer.content.decode()
        assert "佐伯 真理 さんに、もう一度送るよう" in answer.content.decode()
    assert not User.objects.filter(email=SATO).exists()


def test_a_link_works_for_fourteen_days(invite):
    invitation, _link = invite()
    end = invitation.invited_at + timedelta(days=14)
    assert invitations.standing(invitation, at=end - timedelta(seconds=1)) is Standing.OPEN
    assert invitations.standing(invitation, at=end) is Standing.EXPIRED


def test_a_revoked_link_says_so(client, invite):
    invitation, link = invite()
    by = actor(Person.objects.get())
    for _twice in range(2):
        invitations.revoke(invitation, by=by, at=timezone.now())
    answer = client.post(link)
    assert answer.status_code == 410
    assert "この招待は取り消されました" in answer.content.decode()
    assert Event.objects.filter(action=Action.INVITATION_REVOKED).count() == 1
    with pytest.raises(NotOpen):
        inviting.resend(invitation, by=by, at=timezone.now())


@pytest.mark.parametrize("token", ["x", "a" * 200, "%00", "..%2f"])
def test_an_unknown_link_is_explained(client, token):
    answer = client.get(f"/join/{token}/")
    assert answer.status_code == 404


def test_sending_again_makes_the_older_link_stop(
    client, invite, mails: Mails, django_capture_on_commit_callbacks
):
    invitation, old = invite()
    later = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        renewed = inviting.resend(invitation, by=actor(Person.objects.get()), at=later)
    new = link_in(mails()[-1])
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert renewed.expires_at == later + timedelta(days=14)
    assert Invitation.objects.count() == 1


def test_inviting_twice_renews_the_one_invitation(invite, client):
    _first, old = invite()
    _second, new = invite(email=" Kazuko.SATO@example.jp ", name="佐藤 かずこ")
    assert Invitation.objects.get().name == "佐藤 かずこ"
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)


def test_the_database_keeps_one_open_invitation_per_role_and_knows_the_roles(invite):
    invitation, _link = invite()
    invitation.pk, invitation.token_hash = None, "other"
    with pytest.raises(IntegrityError, match="one_open_invitation_per_role"), transaction.atomic():
        invitation.save()
    invitation.role = "manager"
    with pytest.raises(IntegrityError, match="names_a_role_of_its_house"), transaction.atomic():
        invitation.save()


def test_somebody_with_the_role_is_not_invited_to_it(invite, hikari):
    people.member(hikari, "editor", email=SATO)
    with pytest.raises(invitations.HasThisRole):
        invite()
    invite(role="approver")


@pytest.mark.parametrize("role", ["manager", "boss", ""])
def test_a_role_the_house_does_not_know_is_refused(invite, role):
    with pytest.raises(ValueError, match="valid Role"):
        invite(role=role)


def test_a_known_person_proves_the_mailbox_before_joining(client, invite, mails: Mails, kibou):
    known = people.member(kibou, "reader", email=SATO)
    _invitation, link = invite()
    answer = client.post(link)
    assert answer.headers["Location"].startswith("/sign-in/code/?next=%2Fjoin%2F")
    assert not known.memberships.filter(organization__slug="hikari").exists(), (
        "a forwarded link is not enough"
    )
    answer = client.post(answer.headers["Location"], {"code": code_in(mails()[-1]), "next": link})
    assert answer.headers["Location"] == link
    assert client.get(link).status_code == 200
    answer = client.post(link, follow=False)
    assert answer.headers["Location"] == "/"
    assert {one.organization.slug for one in known.memberships.all()} == {"hikari", "kibou"}
    assert Person.objects.filter(email=SATO).count() == 1


def test_a_forwarded_link_gives_somebody_else_nothing(client, invite, mails: Mails, hikari, kibou):
    tanaka = people.member(kibou, name="田中 一郎", email="tanaka@example.jp")
    people.sign_in(client, tanaka)
    _invitation, link = invite()
    page = client.get(link).content.decode()
    assert "tanaka@example.jp でサインインしていますが" in page
    assert "参加する</button>" not in page
    sent = len(mails())
    client.post(link)
    assert not tanaka.memberships.filter(organization=hikari).exists()
    assert not User.objects.filter(email=SATO).exists()
    assert (client.session["_auth_user_id"], len(mails())) == (str(tanaka.user_id), sent)
    assert client.post("/sign-out/", {"next": link}).headers["Location"] == link


def test_a_closed_account_cannot_join(client, invite, mails: Mails):
    closed = people.person(email=SATO, user=people.user(SATO, is_active=False))
    _invitation, link = invite()
    assert "このアカウントは利用できません" in client.post(link).content.decode()
    assert not closed.memberships.exists()


def test_a_contact_written_down_earlier_becomes_the_person(client, invite):
    contact = Person.objects.create(name="佐藤 和子", email=SATO, phone="03-0000-0000")
    _invitation, link = invite()
    client.post(link)
    contact.refresh_from_db()
    assert contact.user.email == SATO
    assert Person.objects.filter(email=SATO).count() == 1


def test_an_officer_joins_a_distributor_and_an_organization_with_one_account(
    client, mails: Mails, invite, hikari
):
    distributor = programmes.distributor(name="みのり財団")
    _invitation, link = invite(organization=None, distributor=distributor, role="manager")
    client.post(link)
    client.post("/sign-in/code/", {"code": code_in(mails()[-1])})
    _invitation, link = invite(role="reader")
    client.post(link)
    page = client.get("/").content.decode()
    assert "みのり財団（責任者）" in page
    assert hikari.name in page
    assert User.objects.filter(email=SATO).count() == 1


def test_an_invitation_in_english_is_mailed_and_shown_in_english(client, invite, mails: Mails, hikari):
    _invitation, link = invite(language="en")
    assert mails()[-1].subject.strip() == f"[Minori] Invitation to {hikari.name}"
    assert "Open this link and press “Join”" in mails()[-1].text
    assert ">Join</button>" in client.get(link).content.decode()
    client.post(link)
    assert Person.objects.get(email=SATO).language == "en"
    assert mails()[-1].subject.startswith("[Minori] Confirmation code")


def test_without_a_mail_server_the_mail_waits_and_goes_out_later(hikari, settings, mails: Mails):
    here = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    by = actor(people.officer(programmes.distributor()))
    said = {"name": "佐藤", "organization": hikari, "by": by, "at": timezone.now()}
    invitation = inviting.invite(email=SATO, role="editor", **said)
    assert mails() == []
    assert Invitation.objects.get().sent_at is None
    assert list(invitations.waiting(organization=hikari)) == [invitation]
    settings.EMAIL_PORT = here
    assert len(mails()) == 1
    assert Invitation.objects.get().sent_at is not None


def test_waiting_invitations_are_those_of_the_house(invite, hikari, kibou):
    open_one, _link = invite()
    invite(organization=kibou)
    used, link = invite(email="used@example.jp")
    Client().post(link)
    assert used.pk != open_one.pk
    assert list(invitations.waiting(organization=hikari)) == [open_one]


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_a_new_address_accepted_at_once_make_one_person(hikari, kibou):
    now = timezone.now()
    by = Actor(person_id=None, name="佐伯 真理")
    both = [
        inviting.invite(email=SATO, name="佐藤 和子", role="editor", organization=house, by=by, at=now)
        for house in (hikari, kibou)
    ]
    together, outcomes = threading.Barrier(2), []

    def accept(invitation):
        together.wait()
        try:
            invitations.accept(invitation, signed_in=None, at=now)
            outcomes.append("joined")
        except invitations.MustSignIn:
            outcomes.append("signs in first")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=[one]) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["joined", "signs in first"]
    assert User.objects.filter(email=SATO).count() == 1


def test_a_name_with_line_breaks_breaks_no_mail(invite, mails: Mails):
    invite(name="佐藤\r\n\r\n※至急 https://evil.example/")
    assert Invitation.objects.get().name == "佐藤 ※至急 https://evil.example/"
