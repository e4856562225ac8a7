"""Every address × every role: nobody reaches what is not theirs, and no route is forgotten."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from minori.organizations.models import Organization
from tests.access.outcomes import outcome, routes
from tests.access.table import ROUTES, Group
from tests.access.world import World
from tests.factories.people import sign_in

MEMBERS = ("editor", "approver", "reader")
ROLES = (*MEMBERS, "stranger", "officer", "desk_reader", "manager", "other_officer", "administrator")
WELCOME: dict[Group, tuple[str, ...]] = {
    Group.PUBLIC: ROLES,
    Group.PERSON: ROLES,
    Group.ROOM: MEMBERS,
    Group.ROOM_WRITING: MEMBERS,
    Group.DESK: ("officer", "desk_reader", "manager"),
    Group.STAFF: ("officer", "desk_reader", "manager", "other_officer"),
    Group.APPROVERS: ("approver",),
    Group.MANAGERS: ("manager",),
    Group.ADMINISTRATION: ("administrator",),
}
READ_ONLY = {Group.ROOM_WRITING: "reader", Group.DESK: "desk_reader", Group.STAFF: "desk_reader"}
SHUT = {"hidden", "method"}
SERVER_ERROR = 500
RUBBISH = {"NUL": "a\0b", "digits": "9" * 5000, "superscript": "²"}
_READS = re.compile(r"""(?:GET|POST|posted|data)(?:\.get|\.getlist)?[(\[]f?"([a-z_-]+)["{]""")
ASKED = {
    name
    for room in ("platform/minori", "reporting", "tenants")
    for source in (Path(__file__).parents[2] / room).rglob("*.py")
    for name in _READS.findall(source.read_text())
}
"""What addresses and forms are asked for by name anywhere."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all: looking changes nothing, and what is refused changes nothing (or a later test shows it)."""
    with django_db_blocker.unblock(), transaction.atomic():
        ours, others = (Organization.objects.get(slug=slug) for slug in ("hikari", "kibou"))
        yield World.make(ours, others)
        transaction.set_rollback(True)


def as_(role: str, world: World) -> Client:
    if role == "signed out":
        return Client(raise_request_exception=False)
    if role not in world.clients:
        world.clients[role] = sign_in(Client(raise_request_exception=False), world.people[role])
    return world.clients[role]


def address(name: str, world: World) -> str:
    arguments = {key: world.objects[value] for key, value in ROUTES[name].arguments.items()}
    return reverse(name, kwargs=arguments)


def test_the_table_lists_every_route():
    shown = {name for name in routes() if not name.startswith("gallery")}
    assert shown - ROUTES.keys() == set(), "give the new route its group in tests/access/table.py"
    assert ROUTES.keys() - shown == set(), "no such route any more"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_route_opens_for_those_it_is_for_and_for_nobody_else(name, world):
    group = ROUTES[name].group
    path = address(name, world)
    answers = {role: as_(role, world).get(path) for role in ROLES}
    found = {role: outcome(answer) for role, answer in answers.items()}
    dead = [
        role
        for role, one in answers.items()
        if not one.streaming and re.search(rb'href=["\']{2}', one.content)
    ]
    assert dead == [], f"GET {path} has a link that leads nowhere"
    for role in ROLES:
        allowed = {"ok", "method"} if role in WELCOME[group] else SHUT
        if READ_ONLY.get(group) == role:
            allowed = allowed | {"forbidden"}
        assert found[role] in allowed, f"GET {path} as {role}: {found[role]}"
    if group is not Group.PUBLIC:
        assert outcome(as_("signed out", world).get(path)) in {"sign-in", "method"}, f"GET {path} signed out"


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if ROUTES[name].group is not Group.PUBLIC))
def test_nobody_changes_anything_through_a_route_that_is_not_theirs(name, world):
    group = ROUTES[name].group
    path = address(name, world)
    for role in ROLES:
        if role in WELCOME[group] and READ_ONLY.get(group) != role:
            continue
        allowed = {"forbidden", "method"} if role in WELCOME[group] else SHUT
        found = outcome(as_(role, world).post(path))
        assert found in allowed, f"POST {path} as {role}: {found}"
    assert outcome(as_("signed out", world).post(path)) in {"sign-in", "method"}, f"POST {path} signed out"


@pytest.mark.parametrize("rubbish", RUBBISH)
@pytest.mark.parametrize("name", sorted(name for name in ROUTES if ROUTES[name].group is not Group.PUBLIC))
def test_rubbish_in_an_address_or_a_form_is_nobodys_error(name, rubbish, world):
    path = address(name, world)
    who = world.people[WELCOME[ROUTES[name].group][0]]
    with transaction.atomic():
        client = sign_in(
            Client(raise_request_exception=False), who
        )  # of its own: it may be signed out by this
        page = client.get(path, dict.fromkeys(ASKED, RUBBISH[rubbish]))
        assert page.status_code < SERVER_ERROR, f"GET {path}"
        fields = (
            set()
            if page.streaming
            else set(re.findall(r'name="([^"]+)"', page.content.decode(errors="replace")))
        )
        posted = urlencode(dict.fromkeys(fields | ASKED, RUBBISH[rubbish]))
        answer = client.post(path, posted, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < SERVER_ERROR, f"POST {path}"
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, route in ROUTES.items()
        if "organization" in route.arguments and len(route.arguments) > 1
    ),
)
def test_anothers_things_are_not_there_in_ones_own_room(name, world):
    arguments = {key: world.objects[value] for key, value in ROUTES[name].arguments.items()}
    path = reverse(name, kwargs=arguments | {"organization": "kibou"})
    client = as_("stranger", world)
    assert outcome(client.get(path)) in {"hidden", "method"}, f"GET {path}"
    assert outcome(client.post(path)) in {"hidden", "method"}, f"POST {path}"


def test_an_unknown_organization_looks_like_anothers(world):
    client = as_("editor", world)
    unknown, anothers = client.get("/o/nowhere/"), client.get("/o/kibou/")
    assert (unknown.status_code, anothers.status_code) == (404, 404)
    assert plain(unknown.content, b"nowhere") == plain(anothers.content, b"kibou")


def plain(page: bytes, slug: bytes) -> bytes:
    """The page without its address and its form token."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", page).replace(slug, b"")
