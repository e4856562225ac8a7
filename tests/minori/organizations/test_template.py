"""A room made by the script is the room that migrations make: columns, constraints, sequences, triggers, grants."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from minori.audit.trail import MINORI
from minori.organizations import provisioning, template
from minori.organizations.models import Organization
from minori.tenancy import catalogs, roles
from minori.tenancy.rooms import as_owner, entering
from tenants.reports.models import Report

AT = datetime(2026, 5, 1, tzinfo=UTC)


def test_what_the_script_makes_is_what_migrations_make(transactional_db: Any) -> None:
    with as_owner(), transaction.atomic():
        made = _room("by-script")
        _room_by_migrations("by-migrations")
        one, other = (
            catalogs.describe(organization.schema_name, role=organization.db_role)
            for organization in (made, Organization.objects.get(slug="by-migrations"))
        )
        assert catalogs.differences(one, other) == []
        counted = {kind: len(lines) for kind, lines in one.items()}
        transaction.set_rollback(True)
    # each kind that a room holds was looked at: nothing is equal because it is empty
    for kind in ("relations", "columns", "constraints", "indexes", "sequences", "triggers", "migrations"):
        assert counted[kind] > 0, kind
    for kind in ("grants", "schema grants", "default grants"):
        assert counted[kind] > 0, kind


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("columns", "ALTER TABLE reports_report ALTER COLUMN saves SET DEFAULT 3"),
        ("columns", "COMMENT ON COLUMN reports_report.saves IS 'counted'"),
        ("relations", "COMMENT ON TABLE reports_report IS 'a report'"),
        ("relations", "ALTER TABLE reports_report ENABLE ROW LEVEL SECURITY"),
        ("constraints", "ALTER TABLE reports_answer DROP CONSTRAINT an_answer_names_its_field"),
        ("indexes", "CREATE INDEX more ON reports_report (begun_at)"),
        ("sequences", "ALTER SEQUENCE reports_report_id_seq INCREMENT 2"),
        ("triggers", "ALTER TABLE reports_answerrevision DISABLE TRIGGER USER"),
        ("grants", "GRANT TRUNCATE ON reports_report TO {role}"),
        ("column grants", "GRANT SELECT (saves) ON reports_report TO {rooms}"),
        ("default grants", "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT TRUNCATE ON TABLES TO {role}"),
        ("migrations", "DELETE FROM django_migrations WHERE app = 'reports'"),
        ("functions", "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'"),
    ],
)
def test_a_difference_of_any_kind_is_seen(
    hikari: Organization, kind: str, change: str, transactional_db: Any
) -> None:
    with as_owner(), transaction.atomic():
        before = catalogs.describe(hikari.schema_name, role=hikari.db_role)
        names = {"role": hikari.db_role, "schema": hikari.schema_name, "rooms": roles.rooms_role()}
        template.apply(hikari.schema_name, change.format(**names) + ";\n")
        after = catalogs.describe(hikari.schema_name, role=hikari.db_role)
        transaction.set_rollback(True)
    assert {line.partition(":")[0] for line in catalogs.differences(before, after)} >= {kind}


def test_a_template_that_a_script_cannot_say_is_left_to_migrations(
    transactional_db: Any, caplog: Any
) -> None:
    with as_owner(), transaction.atomic():
        template.remake()
        assert template.script() is not None
        template.apply(
            template.SCHEMA,
            "INSERT INTO reports_report (deadline_id, begun_at, saves) VALUES (1, now(), 0);\n",
        )
        assert template._why_not() == "rows of reports_report"
        template.apply(
            template.SCHEMA, "TRUNCATE reports_report CASCADE; CREATE VIEW seen AS SELECT 1 AS one;\n"
        )
        assert template._why_not() == "views and other relations"
        transaction.set_rollback(True)


def test_a_room_is_made_by_migrations_where_the_template_is_of_no_use(
    transactional_db: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(template, "_why_not", lambda: "something new")
    with as_owner(), transaction.atomic():
        template.remake()
        assert template.script() is None
        made = _room("the-long-way")
        assert catalogs.describe(made.schema_name)["migrations"]
        transaction.set_rollback(True)


def test_a_template_behind_the_migrations_is_made_again(transactional_db: Any) -> None:
    with as_owner(), transaction.atomic():
        before = template.script()
        template.apply(
            template.SCHEMA, "DELETE FROM django_migrations WHERE app = 'reports' AND name LIKE '0003%';\n"
        )
        assert template.script() == before
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM room_template.django_migrations WHERE name = '0003_autosave'"
            )
            assert cursor.fetchone() == (1,)
        transaction.set_rollback(True)


def test_a_room_made_by_the_script_works_and_its_role_sees_no_other(
    hikari: Organization, transactional_db: Any
) -> None:
    with entering(hikari):
        Report.objects.create(deadline_id=1, begun_at=AT)
        assert Report.objects.count() == 1
        with (
            connection.cursor() as cursor,
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
        ):
            cursor.execute("SELECT * FROM room_template.reports_report")


def _room(slug: str) -> Organization:
    made = provisioning.register(slug=slug, name=slug, by=MINORI, at=AT)
    assert provisioning.provision(made.pk, at=AT)
    return made


def _room_by_migrations(slug: str) -> None:
    made = provisioning.register(slug=slug, name=slug, by=MINORI, at=AT)
    roles.make_room_role(made.pk)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{made.schema_name}"')
    template.make_by_migrations(made.schema_name)
    roles.grant_schema(made.pk, made.schema_name)
