"""The navigation shows what exists and where one is."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import include, path, resolve

from minori.ui import navigation
from tests.minori.ui.rendering import rendered

ITEMS = (
    navigation.Item("home", "ホーム", ("reports:home",), ("home",)),
    navigation.Item("reports", "報告書", ("reports:index", "reports:list"), ("reports",)),
    navigation.Item("plans", "事業計画", ("plans:index",), ("plans",)),
    navigation.Item("gone", "ない", ("gone:index",), ("gone",)),
)


def page(request, **kwargs):
    return HttpResponse()


reports = [path("", page, name="home"), path("all/", page, name="list"), path("<int:pk>/", page, name="one")]
rooms = (reports, "reports")
plans = ([path("", page, name="index")], "plans")
urlpatterns = [
    path("o/<slug:organization>/", include(rooms)),
    path("o/<slug:organization>/plans/", include(plans)),
    path("plain/", page, name="plain"),
]


@pytest.fixture(autouse=True)
def _routes():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def _request(address: str, organization: str | None = "hikari"):
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address)
    if organization:
        vars(request)["organization"] = SimpleNamespace(slug=organization, name=organization)
    return request


def test_links_lead_into_the_room_of_the_request_and_missing_ones_are_left_out():
    links = navigation.links(_request("/o/hikari/"), ITEMS)
    assert [(link.label, link.url) for link in links] == [
        ("ホーム", "/o/hikari/"),
        ("報告書", "/o/hikari/all/"),
        ("事業計画", "/o/hikari/plans/"),
    ]


@pytest.mark.parametrize(
    ("address", "current", "marked"),
    [
        ("/o/hikari/", "", "ホーム"),
        ("/o/hikari/all/", "", "報告書"),
        ("/o/hikari/7/", "", "報告書"),
        ("/o/hikari/plans/", "", "事業計画"),
        ("/o/hikari/plans/", "reports", "報告書"),
        ("/plain/", "", None),
    ],
)
def test_one_link_at_most_is_the_current_one(address, current, marked):
    links = navigation.links(_request(address), ITEMS, current=current)
    assert [link.label for link in links if link.current] == ([marked] if marked else [])


def test_without_organization_the_arguments_of_the_page_are_used():
    assert navigation.address(_request("/o/kibou/", None), "plans:index") == "/o/kibou/plans/"


def test_without_request_only_plain_addresses_are_known():
    assert navigation.address(None, "plans:index") == ""
    assert navigation.address(None, "plain") == "/plain/"


def test_no_link_no_navigation():
    assert rendered('{% site_navigation "desk" %}').strip() == ""
