"""The start page, settings and password."""

import time

import pytest
from django.test import Client

from minori.accounts.models import Person
from tests.factories import people, programmes

pytestmark = pytest.mark.django_db

OLD, NEW = "みのりの秋はさつまいも", "ふゆの夜にはあついお茶"


def test_signed_out_the_start_page_leads_to_the_sign_in(client):
    assert client.get("/").headers["Location"] == "/sign-in/"


def test_one_place_is_gone_to_at_once(client, hikari):
    people.sign_in(client, people.member(hikari))
    assert client.get("/").headers["Location"] == "/o/hikari/"
    people.sign_in(client, people.officer(programmes.distributor()))
    assert client.get("/").headers["Location"] == "/desk/"
    people.sign_in(client, people.administrator())
    assert client.get("/").headers["Location"] == "/administration/"


def test_several_roles_in_one_house_are_one_place(client, hikari):
    who = people.member(hikari, "editor")
    people.member(hikari, "approver", of=who)
    people.sign_in(client, who)
    assert client.get("/").headers["Location"] == "/o/hikari/"


def test_several_places_are_offered_with_their_roles(client, hikari, kibou, django_assert_num_queries):
    who = people.member(hikari, "editor")
    people.member(kibou, "reader", of=who)
    people.officer(programmes.distributor(name="みのり財団"), "manager", of=who)
    people.sign_in(client, who)
    with django_assert_num_queries(4):  # session, user, memberships of both kinds
        page = client.get("/").content.decode()
    for words in (
        hikari.name,
        kibou.name,
        "/o/hikari/",
        "/o/kibou/",
        "/desk/",
        "みのり財団（責任者）",
        "入力者",
        "閲覧者",
    ):
        assert words in page, words
    assert "/administration/" not in page


def test_an_ended_membership_is_no_place(client, hikari):
    who = people.member(hikari)
    who.memberships.update(ended_at=people.SINCE)
    people.sign_in(client, who)
    page = client.get("/")
    assert page.status_code == 200
    assert "招待した方にお尋ねください" in page.content.decode()


def test_settings_are_saved_and_the_language_applies_at_once(client, hikari):
    who = people.sign_in(client, people.member(hikari)) and Person.objects.get()
    said = {"name": "佐藤 和子", "name_kana": "さとう かずこ", "phone": "03-0000-0000", "language": "en"}
    page = client.post("/settings/", said, follow=True).content.decode()
    assert "<h1>Settings</h1>" in page
    assert "Your settings have been saved." in page
    who.refresh_from_db()
    assert (who.name_kana, who.phone, who.language) == ("さとう かずこ", "03-0000-0000", "en")


def test_a_name_is_needed_and_nothing_typed_is_lost(client, hikari):
    who = people.member(hikari)
    people.sign_in(client, who)
    answer = client.post("/settings/", {"name": " ", "name_kana": "さとう", "phone": "03", "language": "ja"})
    assert answer.status_code == 422
    assert "お名前を入力してください" in answer.content.decode()
    assert 'value="さとう"' in answer.content.decode()
    who.refresh_from_db()
    assert who.name == "佐藤 和子"


def test_a_first_password_needs_no_old_one(client):
    who = people.person()
    people.sign_in(client, who)
    answer = client.post("/settings/password/", {"new": NEW, "again": NEW})
    assert answer.headers["Location"] == "/settings/"
    who.user.refresh_from_db()
    assert who.user.check_password(NEW)
    assert client.get("/settings/").status_code == 200, "this session goes on"


def test_changing_a_password_needs_the_old_one_and_ends_other_sessions(client):
    who = people.person(password=OLD)
    other = Client()
    for browser in (client, other):
        people.sign_in(browser, who)
    answer = client.post("/settings/password/", {"old": "ちがう言葉ですよ", "new": NEW, "again": NEW})
    assert answer.status_code == 422
    assert "いまのパスワードがちがいます" in answer.content.decode()
    assert client.post("/settings/password/", {"old": OLD, "new": NEW, "again": NEW}).status_code == 302
    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302


def test_a_forgotten_password_can_be_replaced_right_after_a_code(client):
    who = people.person(password=OLD)
    people.sign_in(client, who)
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session["account_authentication_methods_user"] = str(who.user_id)
    session.save()
    assert client.post("/settings/password/", {"new": NEW, "again": NEW}).status_code == 302
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time() - 16 * 60}]
    session.save()
    assert client.post("/settings/password/", {"new": OLD, "again": OLD}).status_code == 422


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("短い", "短い", "10 文字以上"),
        ("password123", "password123", "一般的すぎます"),
        (NEW, OLD, "一致しません"),
    ],
)
def test_a_password_that_will_not_do_is_explained(client, new, again, said):
    people.sign_in(client, people.person())
    answer = client.post("/settings/password/", {"new": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_trying_old_passwords_is_limited(client):
    who = people.person(password=OLD)
    people.sign_in(client, who)
    for _try in range(5):
        client.post("/settings/password/", {"old": "ちがう言葉ですよ", "new": NEW, "again": NEW})
    assert client.post("/settings/password/", {"old": OLD, "new": NEW, "again": NEW}).status_code == 429
    who.user.refresh_from_db()
    assert who.user.check_password(OLD)


@pytest.mark.parametrize("address", ["/settings/", "/settings/password/"])
def test_settings_are_for_people_who_are_signed_in(client, address):
    assert client.get(address).headers["Location"] == f"/sign-in/?next={address}"
    assert client.post("/settings/kept/").status_code == 302


def test_a_name_with_line_breaks_is_kept_on_one_line(client, hikari):
    who = people.member(hikari)
    people.sign_in(client, who)
    client.post("/settings/", {"name": "佐藤\r\n和子", "name_kana": "", "phone": "03\n1", "language": "ja"})
    who.refresh_from_db()
    assert (who.name, who.phone) == ("佐藤 和子", "03 1")
