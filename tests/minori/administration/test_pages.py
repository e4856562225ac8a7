"""The administration's pages, as an administrator uses them and as others do not see them."""

import pytest

from minori.accounts.models import Invitation, StaffMembership, User
from minori.administration.forms import time_zones
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.programmes.models import Distributor
from tests.factories import people, programmes
from tests.minori.accounts.mailbox import Mails, code_in, link_in

pytestmark = pytest.mark.django_db

PAGES = [
    "/administration/",
    "/administration/distributors/new/",
    "/administration/distributors/minori/",
    "/administration/organizations/",
    "/administration/people/",
    "/administration/people/1/",
]
POSTS = [
    "/administration/distributors/minori/staff/1/",
    "/administration/distributors/minori/invitations/1/",
    "/administration/people/1/change/",
]
DISTRIBUTOR = {
    "name": "一般財団法人 みのり財団",
    "name_kana": "みのりざいだん",
    "slug": "minori-zaidan",
    "time_zone": "Asia/Tokyo",
    "funder_name": "",
}


@pytest.fixture
def admin(client):
    who = people.administrator(email="admin@example.jp")
    people.sign_in(client, who)
    return who


@pytest.mark.parametrize("address", PAGES + POSTS)
def test_only_administrators_know_of_it(client, hikari, address):
    distributor = programmes.distributor(slug="minori")
    assert client.get(address).status_code in (302, 405)
    assert client.post(address).headers.get("Location", "").startswith("/sign-in/") or address in PAGES
    for who in (people.officer(distributor, "manager"), people.member(hikari, "approver"), people.person()):
        people.sign_in(client, who)
        assert client.post(address).status_code in (404, 405)
        assert client.get(address).status_code in (404, 405)


@pytest.mark.django_db(transaction=True)  # mails go out after the commit
def test_an_administrator_makes_a_distributor_and_invites_its_first_manager(client, admin, mails: Mails):
    assert "資金分配団体はまだありません" in client.get("/administration/").content.decode()
    answer = client.post("/administration/distributors/new/", DISTRIBUTOR)
    assert answer.headers["Location"] == "/administration/distributors/minori-zaidan/"
    distributor = Distributor.objects.get()
    created = Event.objects.get(action=Action.DISTRIBUTOR_CREATED)
    assert (created.distributor_id, created.person_id) == (distributor.pk, admin.pk)
    said = {"name": "佐伯 真理", "email": "saeki@example.jp", "role": "manager", "language": "ja"}
    page = client.post(answer.headers["Location"], said, follow=True).content.decode()
    assert "saeki@example.jp への招待を数分以内に送ります" in page
    client.post("/sign-out/")
    client.post(link_in(mails()[-1]))
    client.post("/sign-in/code/", {"code": code_in(mails()[-1])})
    assert StaffMembership.objects.get().role == "manager"
    assert client.get("/").headers["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "みのり"}, "半角の英小文字・数字・ハイフンだけ"),
        ({"slug": "taken"}, "ほかの資金分配団体が使っています"),
        ({"slug": "TAKEN"}, "ほかの資金分配団体が使っています"),
        ({"name": " "}, "名前を入力してください"),
        ({"time_zone": "Asia/Nowhere"}, "Asia/Nowhere"),
    ],
)
def test_a_distributor_that_will_not_do_is_explained_and_stays_typed(client, admin, wrong, said):
    programmes.distributor(slug="taken")
    answer = client.post("/administration/distributors/new/", DISTRIBUTOR | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="みのりざいだん"' in answer.content.decode()
    assert Distributor.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # mails go out after the commit
def test_an_invitation_is_sent_again_and_withdrawn(client, admin, mails: Mails):
    programmes.distributor(slug="minori")
    said = {"name": "佐伯 真理", "email": "saeki@example.jp", "role": "manager", "language": "ja"}
    client.post("/administration/distributors/minori/", said)
    address = f"/administration/distributors/minori/invitations/{Invitation.objects.get().pk}/"
    assert len(mails()) == 1
    client.post(address, {"action": "resend"})
    old, new = (link_in(mail) for mail in mails())
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    page = client.post(address, {"action": "revoke"}, follow=True).content.decode()
    assert "招待を取り消しました" in page
    assert "saeki@example.jp" not in page
    assert client.get(new).status_code == 410
    assert (
        "使われたか取り消されました"
        in client.post(address, {"action": "resend"}, follow=True).content.decode()
    )


@pytest.mark.django_db(transaction=True)
def test_while_the_mail_server_is_away_the_page_says_that_the_invitation_waits(
    client, admin, settings, mails: Mails
):
    settings.EMAIL_PORT = 1
    programmes.distributor(slug="minori")
    said = {"name": "佐伯 真理", "email": "saeki@example.jp", "role": "manager", "language": "ja"}
    client.post("/administration/distributors/minori/", said)
    assert mails() == []
    page = client.get("/administration/distributors/minori/").content.decode()
    assert "送信待ち" in page
    assert Invitation.objects.get().sent_at is None


def test_an_invitation_of_another_distributor_is_not_found(client, admin, mails: Mails):
    programmes.distributor(slug="minori")
    programmes.distributor(slug="other")
    said = {"name": "佐伯 真理", "email": "saeki@example.jp", "role": "manager", "language": "ja"}
    client.post("/administration/distributors/minori/", said)
    pk = Invitation.objects.get().pk
    assert client.post(f"/administration/distributors/other/invitations/{pk}/").status_code == 404


def test_staff_change_roles_and_the_last_manager_stays(client, admin):
    distributor = programmes.distributor(slug="minori")
    people.officer(distributor, "manager")
    held = StaffMembership.objects.get()
    address = f"/administration/distributors/minori/staff/{held.pk}/"
    assert "最後の責任者です" in client.post(address, {"action": "end"}, follow=True).content.decode()
    people.officer(distributor, "manager")
    client.post(address, {"action": "change", "role": "nonsense"})
    client.post(address, {"action": "change", "role": "officer"})
    held.refresh_from_db()
    assert held.ended_at is not None
    assert sorted(StaffMembership.objects.active().values_list("role", flat=True)) == ["manager", "officer"]


def test_somebody_with_the_role_is_not_invited_again(client, admin, mails: Mails):
    people.officer(programmes.distributor(slug="minori"), "manager", email="saeki@example.jp")
    said = {"name": "佐伯 真理", "email": "SAEKI@example.jp", "role": "manager", "language": "ja"}
    answer = client.post("/administration/distributors/minori/", said)
    assert answer.status_code == 422
    assert "すでにこの役割です" in answer.content.decode()
    assert mails() == []


def test_a_person_is_found_closed_and_opened_again(client, admin):
    sato = people.person(email="kazuko.sato@example.jp")
    people.person(name="田中 一郎", email="tanaka@example.jp")
    for words in ("kazuko", "佐藤"):
        page = client.get("/administration/people/", {"q": words}).content.decode()
        assert "kazuko.sato@example.jp" in page
        assert "tanaka@example.jp" not in page
    assert "見つかりませんでした" in client.get("/administration/people/", {"q": "いない"}).content.decode()
    address = f"/administration/people/{sato.user_id}/change/"
    assert "停止中" in client.post(address, {"action": "close"}, follow=True).content.decode()
    assert not User.objects.get(pk=sato.user_id).is_active
    assert "サインインできます" in client.post(address, {"action": "reopen"}, follow=True).content.decode()


def test_the_last_administrator_stays(client, admin):
    address = f"/administration/people/{admin.user_id}/change/"
    for action in ("close", "end_administrator"):
        page = client.post(address, {"action": action}, follow=True).content.decode()
        assert "最後の管理者です" in page
    sato = people.person()
    client.post(f"/administration/people/{sato.user_id}/change/", {"action": "make_administrator"})
    client.post(address, {"action": "end_administrator"})
    assert client.get("/administration/").status_code == 404
    assert list(User.objects.filter(is_administrator=True)) == [sato.user]


def test_an_unknown_action_changes_nothing(client, admin):
    sato = people.person()
    assert client.post(f"/administration/people/{sato.user_id}/change/", {"action": "x"}).status_code == 302
    assert not Event.objects.filter(person_id=admin.pk).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_the_same_number_of_queries_however_long_they_are(
    client, admin, django_assert_num_queries, number
):
    for _each in range(number):
        distributor = programmes.distributor()
        for _colleague in range(number):
            people.officer(distributor, "manager")
    with django_assert_num_queries(3):  # session, user, distributors
        assert client.get("/administration/").status_code == 200
    with django_assert_num_queries(4):  # … their number, organizations
        assert client.get("/administration/organizations/").status_code == 200
    with django_assert_num_queries(4):  # … their number, people
        assert client.get("/administration/people/").status_code == 200
    with django_assert_num_queries(5):  # … the distributor, its staff, invitations
        assert client.get(f"/administration/distributors/{distributor.slug}/").status_code == 200


def test_counts_are_of_people_and_not_of_their_roles(client, admin, hikari):
    distributor = programmes.distributor()
    programmes.programme(of=distributor)
    programmes.programme(of=distributor)
    both = people.officer(distributor, "manager")
    people.officer(distributor, "officer", of=both)
    StaffMembership.objects.filter(role="officer").update(ended_at=None)
    page = client.get("/administration/").content.decode()
    assert '<td class="number">2</td><td class="number">1</td>' in page


def test_organizations_are_shown_with_their_state(client, admin, hikari, kibou):
    page = client.get("/administration/organizations/").content.decode()
    assert hikari.name in page
    assert "/o/kibou/" in page


def test_the_time_zones_begin_with_japan_and_leave_old_names_out():
    zones = time_zones()
    assert zones[0] == "Asia/Tokyo"
    assert zones.count("Asia/Tokyo") == 1
    assert {"Europe/Berlin", "America/New_York", "UTC"} <= set(zones)
    assert not {"Japan", "GB", "Etc/GMT+9", "localtime"} & set(zones)


def test_a_search_for_what_cannot_be_stored_finds_nothing(client):
    people.sign_in(client, people.administrator())
    assert client.get("/administration/people/?q=%00").status_code == 200
