"""What somebody with raw SQL tried, and what is named or refused since then."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from minori.filings import verifying
from minori.tenancy.rooms import as_owner, entering
from tests.factories import filings, people, programmes

NOW = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)


def refused(query: str, *params: Any) -> str:
    errors = (IntegrityError, ProgrammingError)
    with pytest.raises(errors) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, params)
    return str(caught.value)


@pytest.mark.django_db
def test_a_room_records_no_step_in_the_report_of_another_organization(hikari, kibou):
    ours, theirs = (programmes.deadline(organization=one) for one in (hikari, kibou))
    record = (
        "INSERT INTO public.audit_event (at, action, person_id, person_name, organization_id, deadline_id, from_state,"
        " to_state, details) SELECT now(), 'answered', p.id, p.name, %s, %s, '', '', '{}' FROM public.accounts_person p"
        " WHERE p.id = %s"
    )
    who = people.member(hikari)
    with entering(hikari):
        assert "row-level security" in refused(record, hikari.pk, theirs.pk, who.pk)
        with connection.cursor() as cursor:
            cursor.execute(record, [hikari.pk, ours.pk, who.pk])
            assert cursor.rowcount == 1


@pytest.mark.django_db
def test_every_guard_looks_at_the_public_tables_whatever_a_room_puts_before_them():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND p.prorettype = 'trigger'::regtype"
            " AND p.proname ~ '^(programmes|filings|registry)_'"
            " AND NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=public, pg_temp']"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db(transaction=True)
def test_verifying_names_a_paper_that_cannot_be_read_and_looks_at_the_others(hikari):
    broken, changed = (filings.handed_in(programmes.deadline(organization=hikari)) for _ in range(2))
    with as_owner(), connection.cursor() as cursor:  # nobody else can
        cursor.execute("ALTER TABLE filings_filing DISABLE TRIGGER USER")
        cursor.execute("UPDATE filings_filing SET contents = '{}' WHERE id = %s", [broken.pk])
        cursor.execute("ALTER TABLE filings_filing ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE filings_filedattachment DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO filings_filedattachment (filing_id, organization_id, uuid, position, sha256, filename, caption,"
            " content_type, size, rights) VALUES (%s, %s, gen_random_uuid(), 9, 'x', 'x', '', 'image/jpeg', 1, '')",
            [changed.pk, hikari.pk],
        )
        cursor.execute("ALTER TABLE filings_filedattachment ENABLE TRIGGER USER")
    told = list(verifying.differences())
    assert any(f"filing {broken.pk}" in one and "cannot be read" in one for one in told)
    assert any(f"filing {changed.pk}" in one and "attachments differ" in one for one in told)
