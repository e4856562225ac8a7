"""Signing in by mailed code and by password, through the real pages and a real mail server."""

import logging
import re

import pytest
from django.test import Client

from minori.accounts.models import Person
from tests.factories import people
from tests.minori.accounts.mailbox import Mails, code_in

pytestmark = pytest.mark.django_db

PASSWORD = "みのりの秋はさつまいも"
NEXT = "/settings/"


def ask(client: Client, email: str, next_url: str = "") -> object:
    return client.post("/sign-in/", {"email": email, "next": next_url, "way": "code"})


@pytest.fixture
def sato(hikari):
    return people.member(hikari, email="kazuko.sato@example.jp", password=PASSWORD)


def test_a_mailed_code_signs_in_under_a_new_session_key(client, sato, mails: Mails):
    assert ask(client, "Kazuko.Sato@example.jp ").headers["Location"] == "/sign-in/code/"
    before = client.session.session_key
    (mail,) = mails()
    code = code_in(mail)
    assert mail.recipients == ("kazuko.sato@example.jp",)
    assert mail.subject == f"【実り】確認コード {code}"
    assert code in mail.html
    page = client.get("/sign-in/code/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert "kazuko.sato@example.jp" in page
    answer = client.post("/sign-in/code/", {"code": code})
    assert answer.headers["Location"] == "/"
    assert client.session.session_key not in (None, before)
    assert client.get("/").headers["Location"] == "/o/hikari/"


def test_an_address_that_no_mail_server_can_have_is_answered(client, mails: Mails):
    """Its domain has a label that is too long once it is written in ASCII."""
    answer = client.post("/sign-in/", {"email": f"x@é{'a' * 62}.jp", "way": "code"})
    assert answer.status_code in (422, 503)
    assert mails() == []


@pytest.mark.parametrize("shape", ["{} {}", " {}{} ", "{}-{}", "wide"])
def test_a_code_pasted_with_spaces_or_typed_in_full_width_is_taken(client, sato, mails: Mails, shape):
    ask(client, sato.email)
    code = code_in(mails()[0])
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    typed = wide if shape == "wide" else shape.format(code[:3], code[3:])
    assert client.post("/sign-in/code/", {"code": typed}).status_code == 302
    assert "_auth_user_id" in client.session


def test_next_survives_the_whole_way(client, sato, mails: Mails):
    answer = client.get(NEXT)
    assert answer.headers["Location"] == f"/sign-in/?next={NEXT}"
    answer = ask(client, sato.email, NEXT)
    assert answer.headers["Location"] == "/sign-in/code/?next=%2Fsettings%2F"
    page = client.get(answer.headers["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/settings/">' in page
    wrong = client.post("/sign-in/code/", {"code": "12", "next": NEXT})
    assert '<input type="hidden" name="next" value="/settings/">' in wrong.content.decode()
    client.post("/sign-in/code/", {"action": "again", "next": NEXT})
    answer = client.post("/sign-in/code/", {"code": code_in(mails()[-1]), "next": NEXT})
    assert answer.headers["Location"] == NEXT


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:evil",
        "javascript:alert(1)",
        "evil",
        "https://testserver/settings/",
        "///evil.example",
    ],
)
def test_next_never_leads_to_another_site(client, sato, mails: Mails, elsewhere):
    answer = ask(client, sato.email, elsewhere)
    assert answer.headers["Location"] == "/sign-in/code/"
    answer = client.post(f"/sign-in/code/?next={elsewhere}", {"code": code_in(mails()[0]), "next": elsewhere})
    assert answer.headers["Location"] == "/"
    client.post("/sign-out/")
    said = {"email": sato.email, "password": PASSWORD, "next": elsewhere}
    assert client.post("/sign-in/password/", said).headers["Location"] == "/"
    assert client.get("/sign-in/", {"next": elsewhere}).headers["Location"] == "/"
    assert client.post("/sign-out/", {"next": elsewhere}).headers["Location"] == "/sign-in/"


def test_a_wrong_code_says_how_often_one_may_still_try_and_the_fifth_ends_it(client, sato, mails: Mails):
    ask(client, sato.email)
    code = code_in(mails()[0])
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    for left in (4, 3, 2, 1):
        answer = client.post("/sign-in/code/", {"code": wrong})
        assert answer.status_code == 422
        assert f"あと {left}回" in answer.content.decode()
    assert client.post("/sign-in/code/", {"code": wrong}).headers["Location"] == "/sign-in/"
    assert client.post("/sign-in/code/", {"code": code}).headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_a_code_of_another_shape_does_not_count_as_an_attempt(client, sato, mails: Mails):
    ask(client, sato.email)
    for typed in ("", "12345", "1234567", "abcdef", "²²²²²²"):
        answer = client.post("/sign-in/code/", {"code": typed})
        assert answer.status_code == 422
        assert "6文字" in answer.content.decode() or "6桁" in answer.content.decode()
    assert client.post("/sign-in/code/", {"code": code_in(mails()[0])}).status_code == 302


def test_guessing_is_limited_across_browsers(sato, mails: Mails):
    tried = 0
    for _browser in range(4):
        client = Client()
        ask(client, sato.email)
        code = code_in(mails()[-1])
        wrong = str((int(code) + 1) % 1_000_000).zfill(6)
        for _try in range(4):
            answer = client.post("/sign-in/code/", {"code": wrong})
            tried += "あと" in answer.content.decode()
    assert tried == 10
    answer = client.post("/sign-in/code/", {"code": code})
    assert answer.status_code == 422
    assert "試した回数が多すぎます" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_asking_for_codes_is_limited(client, sato, mails: Mails):
    for _ask in range(4):
        assert ask(client, sato.email).status_code == 302
    answer = ask(client, sato.email)
    assert answer.status_code == 429
    assert "試した回数が多すぎます" in answer.content.decode()
    assert len(mails()) == 4


def test_a_newer_code_takes_the_place_of_the_older_one(client, sato, mails: Mails):
    ask(client, sato.email)
    assert client.post("/sign-in/code/", {"action": "again"}).headers["Location"] == "/sign-in/code/"
    first, second = (code_in(mail) for mail in mails())
    if first != second:
        assert client.post("/sign-in/code/", {"code": first}).status_code == 422
    assert client.post("/sign-in/code/", {"code": second}).status_code == 302


def test_a_code_can_be_asked_for_again_three_times_only(client, sato, mails: Mails):
    ask(client, sato.email)
    for _again in range(3):
        assert "コードをもう一度送る" in client.get("/sign-in/code/").content.decode()
        client.post("/sign-in/code/", {"action": "again"})
    assert len(mails()) == 4
    assert "コードをもう一度送る" not in client.get("/sign-in/code/").content.decode()
    client.post("/sign-in/code/", {"action": "again"})
    assert len(mails()) == 4


def test_a_code_works_for_ten_minutes(client, sato, mails: Mails):
    ask(client, sato.email)
    session = client.session
    state = session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    state["at"] -= 10 * 60 + 1
    session.save()
    answer = client.post("/sign-in/code/", {"code": code_in(mails()[0]), "next": NEXT}, follow=True)
    assert "確認コードの時間が過ぎました" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/sign-in/?next=%2Fsettings%2F"


def test_known_and_unknown_addresses_are_answered_alike(client, sato, mails: Mails):
    pages = []
    for address in (sato.email, "unknown@example.jp"):
        browser = Client()
        answer = ask(browser, address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/code/")
        page = browser.get("/sign-in/code/").content.decode().replace(address, "…")
        wrong = browser.post("/sign-in/code/", {"code": "000000"}).content.decode().replace(address, "…")
        again = browser.post("/sign-in/code/", {"action": "again"}, follow=True).content.decode()
        texts = (page, wrong, again.replace(address, "…"))
        pages.append([re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text) for text in texts])
    assert pages[0] == pages[1]
    assert [mail.recipients[0] for mail in mails()] == [sato.email] * 2 + ["unknown@example.jp"] * 2
    assert "登録されていません" in mails()[2].text


def test_an_unknown_address_is_never_signed_in(client, mails: Mails):
    ask(client, "unknown@example.jp")
    for typed in ("000000", "", "      "):
        client.post("/sign-in/code/", {"code": typed})
    assert "_auth_user_id" not in client.session


def test_a_closed_account_is_mailed_no_code(client, sato, mails: Mails):
    sato.user.is_active = False
    sato.user.save()
    ask(client, sato.email)
    assert "登録されていません" in mails()[0].text


def test_a_closed_account_has_no_session_any_more(client, sato):
    people.sign_in(client, sato)
    assert client.get("/settings/").status_code == 200
    sato.user.is_active = False
    sato.user.save()
    assert client.get("/settings/").status_code == 302


def test_the_mail_is_in_the_language_of_the_person(client, sato, mails: Mails):
    Person.objects.filter(pk=sato.pk).update(language="en")
    ask(client, sato.email)
    (mail,) = mails()
    assert mail.subject.startswith("[Minori] Confirmation code ")
    assert "It works for 10 minutes." in mail.text
    answer = client.post("/sign-in/code/", {"code": code_in(mail)})
    assert answer.cookies["django_language"].value == "en"
    assert "<h1>Settings</h1>" in client.get("/settings/").content.decode()


@pytest.mark.parametrize("address", ["kazuko.sato@example.jp", "unknown@example.jp"])
def test_without_a_mail_server_a_page_says_so_and_offers_to_try_again(client, sato, no_mail_server, address):
    answer = ask(client, address, NEXT)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "メールを送れませんでした" in page
    assert f'name="email" value="{address}"' in page
    assert 'name="next" value="/settings/"' in page


def test_codes_are_not_logged(client, sato, mails: Mails, caplog):
    with caplog.at_level(logging.DEBUG):
        ask(client, sato.email)
        code = code_in(mails()[0])
        client.post("/sign-in/code/", {"code": "000000"})
        client.post("/sign-in/code/", {"code": code})
    assert "_auth_user_id" in client.session
    saying = {record.name for record in caplog.records if code in record.getMessage()}
    # the test's own mail server tells of every line it is given; SQL is logged by nobody but developers
    assert saying <= {"mail.log", "mail.debug", "django.db.backends"}


def test_a_ticked_box_keeps_the_session_for_thirty_days(client, sato, mails: Mails):
    ask(client, sato.email)
    client.post("/sign-in/code/", {"code": code_in(mails()[0]), "remember": "on"})
    assert client.session.get_expiry_age() == 30 * 86_400
    assert int(client.cookies["sessionid"]["max-age"]) == 30 * 86_400


def test_without_the_tick_the_session_lasts_twelve_hours(client, sato, mails: Mails):
    ask(client, sato.email)
    client.post("/sign-in/code/", {"code": code_in(mails()[0])})
    assert client.session.get_expiry_age() == 12 * 3600


def test_a_password_signs_in_who_set_one(client, sato):
    page = client.post("/sign-in/", {"email": sato.email, "way": "password", "next": NEXT}, follow=True)
    assert f'value="{sato.email}"' in page.content.decode()
    answer = client.post("/sign-in/password/", {"email": sato.email, "password": PASSWORD, "next": NEXT})
    assert answer.headers["Location"] == NEXT
    assert client.session.get_expiry_age() == 12 * 3600


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(client, sato):
    without = people.person(name="鈴木", email="suzuki@example.jp")
    for address in (sato.email, without.email, "unknown@example.jp"):
        answer = client.post("/sign-in/password/", {"email": address, "password": "違う言葉です"})
        assert answer.status_code == 422
        assert "メールアドレスかパスワードがちがいます" in answer.content.decode()
        assert f'value="{address}"' in answer.content.decode()
        assert "違う言葉です" not in answer.content.decode()


def test_trying_passwords_is_limited(client, sato):
    for _try in range(5):
        client.post("/sign-in/password/", {"email": sato.email, "password": "違う言葉です"})
    answer = client.post("/sign-in/password/", {"email": sato.email, "password": PASSWORD})
    assert "試した回数が多すぎます" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_post(client, sato):
    people.sign_in(client, sato)
    assert client.get("/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/signup/",
        "/accounts/login/",
        "/accounts/email/",
        "/accounts/password/reset/",
        "/accounts/",
        "/accounts/confirm-email/",
        "/accounts/login/code/",
        "/sign-up/",
    ],
)
def test_pages_of_allauth_that_are_not_used_are_not_there(client, address):
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_a_signed_in_request_asks_for_session_and_person_only(client, sato, django_assert_num_queries):
    people.sign_in(client, sato)
    with django_assert_num_queries(2):  # the session; the user with the person
        assert client.get("/settings/password/").status_code == 200


def test_the_sign_in_page_tells_scripts_that_the_session_has_ended(client):
    assert client.get("/sign-in/").headers["X-Signed-Out"] == "yes"
