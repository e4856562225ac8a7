"""What is sent after the session has ended waits behind the sign-in, for its writer only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone

from minori.accounts import kept
from minori.accounts.models import Person
from tests.factories import people
from tests.minori.accounts.mailbox import Mails, code_in

pytestmark = pytest.mark.django_db

TYPED = {"name": "佐藤 和子（改）", "name_kana": "さとう かずこ", "phone": "03-1111-2222", "language": "ja"}


@pytest.fixture
def come(mails: Mails):
    """Signs a person in through the door."""

    def come(browser: Client, who: Person, next_url: str = "") -> str:
        browser.post("/sign-in/", {"email": who.email, "next": next_url})
        said = {"code": code_in(mails()[-1]), "next": next_url}
        answer = browser.post("/sign-in/code/", said)
        assert "_auth_user_id" in browser.session
        return answer.headers["Location"]

    return come


@pytest.fixture
def sato(hikari):
    return people.member(hikari, email="kazuko.sato@example.jp")


def end_session(browser: Client) -> None:
    browser.session.delete()


def test_a_form_sent_after_the_session_ended_is_shown_filled_after_sign_in(client, come, sato):
    come(client, sato)
    end_session(client)
    answer = client.post("/settings/", TYPED | {"new_password": "geheim", "csrfmiddlewaretoken": "x"})
    assert answer.headers["Location"] == "/sign-in/?next=/settings/"
    assert "geheim" not in str(dict(client.session.items()))
    assert come(client, sato, "/settings/") == "/settings/"
    page = client.get("/settings/").content.decode()
    assert "入力していた内容を戻しました" in page
    assert 'value="佐藤 和子（改）"' in page
    assert 'value="03-1111-2222"' in page
    sato.refresh_from_db()
    assert sato.name == "佐藤 和子", "nothing is saved by itself"
    assert "入力していた内容" not in client.get("/settings/password/").content.decode()
    assert "入力していた内容を戻しました" in client.get("/settings/").content.decode(), (
        "a reload does not lose it"
    )
    client.post("/settings/", TYPED)
    assert "入力していた内容を戻しました" not in client.get("/settings/").content.decode()
    sato.refresh_from_db()
    assert sato.name == "佐藤 和子（改）"


def test_a_form_refused_is_still_kept(client, come, sato):
    come(client, sato)
    end_session(client)
    client.post("/settings/", TYPED)
    come(client, sato)
    assert client.post("/settings/", TYPED | {"name": ""}).status_code == 422
    assert "入力していた内容を戻しました" in client.get("/settings/").content.decode()


def test_somebody_else_on_the_same_browser_never_sees_it(client, come, sato, hikari):
    tanaka = people.member(hikari, name="田中 一郎", email="tanaka@example.jp")
    come(client, sato)
    end_session(client)
    client.post("/settings/", TYPED)
    come(client, tanaka)
    page = client.get("/settings/").content.decode()
    assert "入力していた内容" not in page
    assert "03-1111-2222" not in page
    assert "kept" not in client.session
    client.post("/sign-out/")
    come(client, sato)
    assert "03-1111-2222" not in client.get("/settings/").content.decode()


def test_a_browser_nobody_has_signed_in_on_keeps_nothing(client, sato):
    client.post("/settings/", TYPED)
    assert "kept" not in client.session


def test_a_forged_cookie_keeps_nothing(client, sato):
    client.cookies["minori_last"] = f"{sato.user_id}:forged"
    client.post("/settings/", TYPED)
    assert "kept" not in client.session


def test_another_site_cannot_put_words_into_a_form(come, sato):
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in/")
    token = browser.cookies["csrftoken"].value
    browser.handler.enforce_csrf_checks = False
    come(browser, sato)
    browser.handler.enforce_csrf_checks = True
    end_session(browser)
    # at the door of a room nobody has looked at the token yet
    browser.post("/o/hikari/reports/", {"story": "よその言葉"})
    assert "kept" not in browser.session
    token = browser.cookies["csrftoken"].value
    browser.post("/o/hikari/reports/", {"story": "わたしの言葉", "csrfmiddlewaretoken": token})
    assert browser.session["kept"]["/o/hikari/reports/"]["fields"] == {"story": ["わたしの言葉"]}


def test_texts_of_a_form_with_files_are_kept_without_the_files(client, come, sato):
    come(client, sato)
    end_session(client)
    photo = SimpleUploadedFile("photo.jpg", b"x" * 3_000_000, content_type="image/jpeg")
    client.post("/o/hikari/evidence/", {"caption": ["田植え", "稲刈り"], "photo": photo})
    assert client.session["kept"]["/o/hikari/evidence/"]["fields"] == {"caption": ["田植え", "稲刈り"]}


def test_too_much_is_not_kept_and_does_not_break_the_sign_in(client, come, sato, settings):
    come(client, sato)
    end_session(client)
    assert client.post("/o/hikari/x/", {"story": "長" * 200_001}).status_code == 302
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    form = "application/x-www-form-urlencoded"
    assert client.post("/o/hikari/x/", "a=" + "x" * 5000, content_type=form).status_code == 302
    assert "kept" not in client.session


def test_the_newest_five_forms_are_kept(client, come, sato):
    come(client, sato)
    end_session(client)
    for number in range(7):
        client.post(f"/o/hikari/{number}/", {"story": str(number)})
    assert list(client.session["kept"]) == [f"/o/hikari/{number}/" for number in range(2, 7)]


def test_a_request_of_a_script_is_not_kept_but_sent_to_the_sign_in(client, come, sato):
    come(client, sato)
    end_session(client)
    answer = client.post("/settings/", TYPED, headers={"HX-Request": "true"}, follow=True)
    assert answer.headers["X-Signed-Out"] == "yes"
    assert "kept" not in client.session


def test_after_a_mere_button_one_is_back_on_its_page(client, come, sato):
    come(client, sato)
    end_session(client)
    page = "http://testserver/settings/password/?from=here"
    client.post("/settings/kept/", {"path": "/x"}, headers={"Referer": page})
    assert come(client, sato, "/settings/kept/") == "/settings/kept/"
    answer = client.get("/settings/kept/")
    assert answer.headers["Location"] == "/settings/password/?from=here"
    assert "もう一度ボタンを押してください" in client.get(answer.headers["Location"]).content.decode()
    assert client.get("/settings/kept/").status_code == 405


def test_what_was_kept_can_be_discarded(client, come, sato):
    come(client, sato)
    end_session(client)
    client.post("/settings/", TYPED)
    come(client, sato)
    assert client.post("/settings/kept/", {"path": "/settings/"}).headers["Location"] == "/settings/"
    assert "入力していた内容" not in client.get("/settings/").content.decode()
    assert client.post("/settings/kept/", {"path": "//evil.example/"}).headers["Location"] == "/"


def test_what_was_kept_is_offered_for_half_a_day(client, come, sato):
    come(client, sato)
    end_session(client)
    client.post("/settings/", TYPED)
    come(client, sato)
    session = client.session
    session["kept"]["/settings/"]["at"] = timezone.now().timestamp() - 12 * 3600 - 1
    session.save()
    assert "入力していた内容" not in client.get("/settings/").content.decode()


def test_fields_saved_one_by_one_go_one_by_one(client, come, sato):
    come(client, sato)
    end_session(client)
    client.post("/settings/", TYPED)
    come(client, sato)
    script = {"HX-Request": "true"}
    client.post("/settings/", {"name": "佐藤", "language": "ja"}, headers=script)
    assert client.session["kept"]["/settings/"]["fields"].keys() == {"name_kana", "phone"}
    client.post("/settings/", TYPED, headers=script)
    assert "kept" not in client.session


def test_saving_one_page_leaves_what_waits_for_another(client, come, sato):
    come(client, sato)
    end_session(client)
    client.post("/settings/", TYPED)
    client.post("/settings/password/", {"again": "x"})
    come(client, sato)
    client.post("/settings/", TYPED)
    assert list(client.session["kept"]) == ["/settings/password/"]


def test_a_form_that_has_changed_since_does_not_bar_the_way(rf):
    """The view cannot make sense of what was kept (400): it goes, and the page is shown as it is."""
    request = rf.get("/somewhere/?page=2")
    request.user, request.kept = people.user(), QueryDict("a=b")
    request.session = {"kept": {"/somewhere/": {"for": request.user.pk, "page": "", "fields": {"a": ["b"]}}}}
    answer = kept.settle(request, HttpResponse(status=400))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/somewhere/?page=2")
    assert request.session == {}
