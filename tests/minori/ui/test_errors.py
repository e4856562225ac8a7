"""The pages for what went wrong."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils import translation

from minori.ui import errors
from minori.ui.connection import is_away


def ask_a_database_that_is_not_there() -> None:
    """Really connect, to a socket that does not exist."""
    settings = {**connection.settings_dict, "HOST": "/nowhere", "PORT": "", "CONN_HEALTH_CHECKS": False}
    DatabaseWrapper(settings).ensure_connection()


def away(request: HttpRequest) -> HttpResponse:
    ask_a_database_that_is_not_there()
    return HttpResponse()


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def not_allowed(request: HttpRequest) -> HttpResponse:
    reason = "この報告は青嵐館のものです。<b>"
    raise PermissionDenied(reason)


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def too_large(request: HttpRequest) -> HttpResponse:
    return errors.upload_too_large(request, limit="15MB")


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("", include("minori.ui.urls")),
    path("away/", away),
    path("broken/", broken),
    path("not-allowed/", not_allowed),
    path("suspicious/", suspicious),
    path("too-large/", too_large),
    path("form/", form),
]
handler400 = "minori.ui.errors.bad_request"
handler403 = "minori.ui.errors.permission_denied"
handler404 = "minori.ui.errors.page_not_found"
handler500 = "minori.ui.errors.server_error"


class AwayBeforeTheView:
    """Middleware that needs the database, as sessions and people do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ask_a_database_that_is_not_there()
        return self.get_response(request)


FORM = "application/x-www-form-urlencoded"
MIDDLEWARE = [
    "minori.ui.middleware.DatabaseAway",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


@pytest.fixture
def visitor():
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE):
        yield Client(raise_request_exception=False, enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="ja")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nothing/", 404, "このページはありません"),
        ("/suspicious/", 400, "受け取れない内容でした"),
        ("/not-allowed/", 403, "この報告は青嵐館のものです。&lt;b&gt;"),
        ("/too-large/", 413, "15MB まで"),
        ("/broken/", 500, "うまくいきませんでした"),
    ],
)
def test_the_page_says_what_happened(visitor, address, status, words):
    response = visitor.get(address)
    assert response.status_code == status
    assert words in response.content.decode()
    assert "<h1>" in response.content.decode()


def test_text_too_long_to_be_read_is_said_to_be_too_much_text_and_not_a_file(visitor):
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1024 * 1024):
        response = visitor.post("/form/", "text=" + "x" * (1024 * 1024), content_type=FORM)
    assert response.status_code == 413
    page = response.content.decode()
    assert "一度に送れる文は 1 MB までです" in page
    assert "写真" not in page


def test_a_broken_page_speaks_both_languages(visitor):
    html = visitor.get("/broken/").content.decode()
    assert "Something went wrong" in html
    assert 'lang="en"' in html


def test_error_pages_exist_in_english(visitor):
    html = visitor.get("/nothing/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "This page does not exist" in html
    assert 'lang="en"' in html


@pytest.mark.django_db
def test_a_view_without_a_database_says_so_and_when_to_come_back(visitor):
    response = visitor.get("/away/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "データベースにつながりません" in response.content.decode()
    assert "The database cannot be reached" in response.content.decode()


@pytest.mark.django_db
def test_middleware_without_a_database_says_so_too(visitor):
    inner = f"{__name__}.AwayBeforeTheView"
    with override_settings(MIDDLEWARE=[*MIDDLEWARE, inner]):
        response = visitor.get("/form/")
    assert response.status_code == 503
    assert "データベースにつながりません" in response.content.decode()


@pytest.mark.django_db
def test_a_statement_that_failed_is_not_a_database_that_is_away():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'")
        with pytest.raises(OperationalError) as caught:
            cursor.execute("SELECT pg_sleep(5)")
    assert not is_away(caught.value)


def test_other_errors_are_left_alone():
    assert not is_away(ProgrammingError("syntax"))
    assert not is_away(ZeroDivisionError())
    assert not is_away(InterfaceError("cursor already closed"))
    assert is_away(InterfaceError("connection already closed"))


def test_a_form_whose_page_was_too_old_gives_back_what_was_typed(visitor):
    typed = {"text-0103": "①8団体\n<b>", "password": "secret", "csrfmiddlewaretoken": "old", "empty": " "}
    response = visitor.post("/form/", typed)
    html = response.content.decode()
    assert response.status_code == 403
    assert "ページが古くなっていて" in html
    assert "①8団体\n&lt;b&gt;" in html
    assert "secret" not in html
    assert ">empty<" not in html
    assert 'href="/form/"' in html


def test_a_refusal_without_a_reason_shows_none():
    with translation.override("ja"):
        html = errors.permission_denied(RequestFactory().get("/")).content.decode()
    assert "このページは開けません" in html
