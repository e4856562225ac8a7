"""Many rooms are brought up to date together, and every one of them is what Django's own command would have made."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from minori.audit.trail import MINORI
from minori.organizations import provisioning
from minori.organizations.models import Organization
from minori.tenancy import catalogs, migrating, roles
from minori.tenancy.migrating import Brought
from minori.tenancy.rooms import as_owner

AT = datetime(2026, 5, 1, tzinfo=UTC)
ROOMS = 4
PURE = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_files_of_every_kind")]
    operations = [
        migrations.AddField("attachedfile", "shelf", models.CharField(max_length=20, default="a'b%s;", db_index=True)),
        migrations.CreateModel("Shelf", [
            ("id", models.BigAutoField(primary_key=True)),
            ("file", models.ForeignKey("evidence.attachedfile", models.CASCADE)),
        ]),
        migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["file"], name="one_shelf_a_file")),
        migrations.RunSQL("COMMENT ON TABLE evidence_shelf IS 'it''s 100%'", migrations.RunSQL.noop),
    ]
"""
OWN = """
from django.db import migrations, models

def write(apps, editor):
    apps.get_model("evidence", "Shelf").objects.create(name=editor.connection.schema_name)

class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_files_of_every_kind")]
    operations = [
        migrations.CreateModel("Shelf", [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.TextField()),
        ]),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
"""


@pytest.fixture
def rooms(transactional_db: Any) -> Iterator[list[Organization]]:
    """Rooms made before the new migration; they and their roles are taken away again."""
    made = []
    for number in range(ROOMS):
        one = provisioning.register(slug=f"alike-{number}", name=str(number), by=MINORI, at=AT)
        provisioning.provision(one.pk, at=AT)
        made.append(one)
    try:
        yield made
    finally:
        with as_owner(), transaction.atomic(), connection.cursor() as cursor:
            for one in made:
                cursor.execute(f'DROP SCHEMA "{one.schema_name}" CASCADE')
                roles.drop_room_role(one.pk)
            cursor.execute("DROP SCHEMA IF EXISTS room_template CASCADE")
            cursor.execute("DELETE FROM organizations_organization WHERE slug LIKE 'alike-%'")


@pytest.fixture
def release(tmp_path: Path, settings: Any, monkeypatch: Any) -> Any:
    """A version with one more migration of the rooms' `evidence`."""

    def make(text: str) -> None:
        folder = tmp_path / "evidence_of_next_version"
        folder.mkdir()
        for file in (Path(__file__).parents[3] / "tenants/evidence/migrations").glob("*.py"):
            (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "0999_next.py").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        for name in [name for name in sys.modules if name.startswith("evidence_of_next_version")]:
            del sys.modules[name]
        settings.MIGRATION_MODULES = {"evidence": "evidence_of_next_version"}

    return make


def test_a_migration_of_the_schema_runs_once_and_its_statements_in_every_room(
    rooms: Any, release: Any
) -> None:
    release(PURE)
    with as_owner():
        brought = migrating.bring_up([one.schema_name for one in rooms[:-1]])
        _stock(rooms[-1])
        found = [_describe(one) for one in rooms]
    assert brought == Brought(first=1, alike=ROOMS - 2)
    assert any("0999_next" in line for line in found[0]["migrations"])
    assert any("it's 100%" in line for line in found[1]["relations"])
    for one in found[:-1]:
        assert catalogs.differences(one, found[-1]) == []


def test_a_migration_that_does_more_runs_in_every_room_by_itself(rooms: Any, release: Any) -> None:
    release(OWN)
    with as_owner():
        brought = migrating.bring_up([one.schema_name for one in rooms[:-1]])
        _stock(rooms[-1])
        assert [_shelves(one) for one in rooms] == [[one.schema_name] for one in rooms]
        found = [_describe(one) for one in rooms]
    assert brought == Brought(first=1, one_by_one=ROOMS - 2)
    for one in found[:-1]:
        assert catalogs.differences(one, found[-1]) == []


def test_a_room_that_was_touched_by_hand_does_not_hold_up_the_others(rooms: Any, release: Any) -> None:
    """Its statements fail; those taken together with it are migrated by themselves, and what fails there is raised."""
    release(PURE)
    *others, touched = rooms
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE TABLE "{touched.schema_name}".evidence_shelf (id integer)')
        with pytest.raises(ProgrammingError, match="already exists"):
            migrating.bring_up([one.schema_name for one in rooms])
        found = [_describe(one) for one in others]
    assert all(catalogs.differences(one, found[0]) == [] for one in found)
    assert any("0999_next" in line for line in found[-1]["migrations"])


def test_the_list_of_tables_is_that_of_the_schema_alone(rooms: Any) -> None:
    with as_owner() as owner, connection.cursor() as cursor:
        owner.set_schema(rooms[0].schema_name)
        tables = {table.name for table in owner.introspection.get_table_list(cursor)}
        owner.set_schema_to_public()
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [rooms[0].schema_name])
        assert tables == {name for (name,) in cursor.fetchall()}
    assert "organizations_organization" not in tables


def _stock(room: Organization) -> None:
    call_command("migrate_schemas", tenant=True, schema_name=room.schema_name, interactive=False, verbosity=0)


def _describe(room: Organization) -> catalogs.Facts:
    with transaction.atomic():
        return catalogs.describe(room.schema_name, role=room.db_role)


def _shelves(room: Organization) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT name FROM "{room.schema_name}".evidence_shelf')
        return [name for (name,) in cursor.fetchall()]
