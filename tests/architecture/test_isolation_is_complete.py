"""The rules of the house that a tool can watch: who may be entered, who may set a tenant, which tables are listed."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from minori.tenancy.access import ROOM_ACCESS, as_markdown

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for folder in ("platform/minori", "tenants", "reporting", "workers")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]


def test_only_tenancy_sets_a_tenant():
    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "platform/minori/tenancy" not in str(path)
        and re.search(r"\bset_(tenant|schema)\w*\(|\b(schema|tenant)_context\(|SET ROLE", path.read_text())
    ]
    assert offenders == []


def test_the_desk_never_enters_a_room():
    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.is_relative_to(ROOT / "reporting") and "entering" in path.read_text()
    ]
    assert offenders == []


def test_every_public_table_says_what_a_room_may_do_with_it(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
    assert tables - ROOM_ACCESS.keys() == set(), "list the table in minori/tenancy/access.py"
    assert ROOM_ACCESS.keys() - tables == set(), (
        "listed in minori/tenancy/access.py, but there is no such table"
    )


def test_the_published_table_of_rights_is_the_one_in_force():
    assert (ROOT / "docs" / "room-access.md").read_text() == as_markdown(), (
        "python -m minori.tenancy.access > docs/…"
    )


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_public_tables_and_rooms_point_the_right_way(model):
    in_room = model.__module__.startswith("tenants.")
    for field in model._meta.get_fields():
        if not field.concrete or field.related_model is None:
            continue
        points_into_a_room = field.related_model.__module__.startswith("tenants.")
        assert in_room == points_into_a_room, (
            f"{model._meta.label}.{field.name}: rows in rooms keep plain ids of public rows, and never the other way"
        )


def test_a_table_that_rooms_write_is_tied_to_its_parents_organization(db):
    """Foreign keys ignore row security, so each needs a composite key with the organization."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname
              FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
              JOIN pg_attribute p ON p.attrelid = c.confrelid AND p.attname = 'organization_id'
             WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 1 AND a.attname <> 'organization_id'
            """
        )
        single = set(cursor.fetchall())
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname
              FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 2
            """
        )
        tied = set(cursor.fetchall())
    written_by_rooms = {table for table, room in ROOM_ACCESS.items() if room.insert}
    assert {(table, column) for table, column in single if table in written_by_rooms} - tied == set()
