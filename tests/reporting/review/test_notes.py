"""Notes beside a report: for the distributor's own staff, and for nobody else."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from minori.accounts.enums import Role, StaffRole
from minori.tenancy.rooms import entering
from reporting.review.models import Note
from tests.factories import filings, people
from tests.reporting.review.desk import desk, signed_in, url

pytestmark = pytest.mark.django_db

WORDS = "理事長の交代で、報告が遅れがち。\n<b>電話</b>で確認する。"


@pytest.fixture
def ours(hikari: Any) -> Any:
    here = desk()
    deadline = here.deadline(hikari)
    filings.handed_in(deadline)
    return here, deadline


def test_colleagues_read_a_note_and_only_who_wrote_it_takes_it_away(ours: Any) -> None:
    here, deadline = ours
    browser, colleague = signed_in(here.officer), signed_in(here.colleague())
    for _twice in range(2):
        assert browser.post(url(deadline, "notes/"), {"note": WORDS}).status_code == 302
    note = Note.objects.get()
    page = colleague.get(url(deadline)).content.decode()
    assert "電話" in page
    assert "<b>電話" not in page
    assert f"notes/{note.pk}/drop/" not in page
    colleague.post(url(deadline, f"notes/{note.pk}/drop/"))
    assert Note.objects.exists()
    browser.post(url(deadline, f"notes/{note.pk}/drop/"))
    assert not Note.objects.exists()
    browser.post(url(deadline, "notes/"), {"note": " "})
    assert not Note.objects.exists()


def test_readers_of_the_distributor_read_and_write_none(ours: Any) -> None:
    here, deadline = ours
    signed_in(here.officer).post(url(deadline, "notes/"), {"note": WORDS})
    reader = signed_in(here.colleague(StaffRole.READER))
    assert "電話" in reader.get(url(deadline)).content.decode()
    assert reader.post(url(deadline, "notes/"), {"note": "x"}).status_code == 403


def test_the_organization_and_another_distributor_never_see_a_note(ours: Any, hikari: Any) -> None:
    here, deadline = ours
    signed_in(here.officer).post(url(deadline, "notes/"), {"note": WORDS})
    stranger = signed_in(desk().officer)
    assert stranger.get(url(deadline)).status_code == 404
    assert stranger.post(url(deadline, "notes/"), {"note": "x"}).status_code == 404
    member = people.sign_in(Client(), people.member(hikari, Role.APPROVER))
    for path in (f"/o/hikari/reports/{deadline.pk}/", f"/o/hikari/reports/{deadline.pk}/filings/1/"):
        assert "電話" not in member.get(path).content.decode()
    with entering(hikari), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.review_note")
