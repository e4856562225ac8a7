"""Roles of rooms made again: whatever a room lacks or has too much comes right, and a whole one is left alone."""

from typing import Any

import pytest
from django.db import connection

from minori.organizations.models import Organization
from minori.tenancy import roles
from minori.tenancy.rooms import as_owner
from tests.minori.tenancy.test_isolation import _as_other_connection

pytestmark = pytest.mark.django_db
DAMAGE = {
    "a table less": "REVOKE INSERT ON {schema}.reports_answer FROM {role}",
    "all of a table": "REVOKE ALL ON {schema}.reports_answer FROM {role}",
    "a sequence": "REVOKE USAGE ON {schema}.reports_answer_id_seq FROM {role}",
    "the schema": "REVOKE USAGE ON SCHEMA {schema} FROM {role}",
    "later tables": "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE INSERT ON TABLES FROM {role}",
    "later sequences": "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON SEQUENCES FROM {role}",
    "the group": "REVOKE {rooms} FROM {role}",
    "the app": "REVOKE {role} FROM {app}",
    "Django's own": "GRANT SELECT ON {schema}.django_migrations TO {role}",
}


def seen(work: Any) -> Any:
    """Run as the owner on another connection; what happens there stays."""

    def inside() -> Any:
        with as_owner():
            return work()

    return _as_other_connection(inside)


def rooms() -> list[tuple[int, str]]:
    """Number and schema of the two rooms. Asked elsewhere too: this test holds no lock that making roles waits for."""
    return list(Organization.objects.order_by("pk").values_list("pk", "schema_name"))


def run(statement: str, room: tuple[int, str]) -> None:
    names = {
        "schema": room[1],
        "role": roles.room_role(room[0]),
        "rooms": roles.rooms_role(),
        "app": roles.app_role(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**names))


def test_rooms_are_found_whole() -> None:
    _as_other_connection(roles.rebuild)
    assert seen(roles._whole_rooms) == {pk for pk, _schema in seen(rooms)}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_room_that_is_not_whole_is_made_whole(damage: str) -> None:
    one, other = seen(rooms)
    try:
        seen(lambda: run(damage, one))
        assert seen(roles._whole_rooms) == {other[0]}
    finally:
        _as_other_connection(roles.rebuild)
    assert seen(roles._whole_rooms) == {one[0], other[0]}


def test_a_whole_room_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _as_other_connection(roles.rebuild)
    granted: list[object] = []
    for name in ("make_room_role", "grant_schema"):
        monkeypatch.setattr(roles, name, lambda *room: granted.append(room))
    assert len(_as_other_connection(roles.rebuild)) == len(seen(rooms))
    assert granted == []
