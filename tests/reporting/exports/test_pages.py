"""Taking along in the browser: asked for, watched, cancelled, fetched by those who may see the round."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import Role, StaffRole
from minori.tenancy.rooms import entering
from reporting.exports import making
from reporting.exports.enums import Failure, State
from reporting.exports.models import Export
from tests.factories import filings, people
from tests.reporting.review.desk import Desk, desk, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(hikari: Any) -> Desk:
    found = desk()
    filings.handed_in(found.deadline(hikari))
    return found


def address(here: Desk, name: str = "round", **more: Any) -> str:
    return reverse(
        f"exports:{name}", kwargs={"code": here.programme.code, "number": here.round.number, **more}
    )


def asked(here: Desk, kind: str = "csv") -> Export:
    assert signed_in(here.officer).post(address(here, "ask"), {"kind": kind}).status_code == 302
    return Export.objects.latest("pk")


def test_an_officer_asks_watches_and_fetches_the_file(here):
    export = asked(here)
    browser = signed_in(here.officer)
    html = browser.get(address(here)).content.decode()
    assert "順番待ち" in html
    assert 'hx-trigger="load delay:1s"' in html
    assert making.make(export.pk, clock=timezone.now)
    part = browser.get(address(here, "under_way")).content.decode()
    assert "できました" in part
    assert "hx-get" not in part, "nothing is under way any more"
    answer = browser.get(address(here, "file", uuid=export.uuid))
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert "ひかり" in b"".join(answer.streaming_content).decode()


def test_an_expired_or_unfinished_file_is_not_given(here):
    export = asked(here)
    browser = signed_in(here.officer)
    assert browser.get(address(here, "file", uuid=export.uuid)).status_code == 302
    making.make(export.pk, clock=timezone.now)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browser.get(address(here, "file", uuid=export.uuid)).status_code == 302
    assert "期限切れ" in browser.get(address(here)).content.decode()


def test_a_failure_says_why_in_a_sentence(here):
    export = asked(here)
    now = timezone.now()
    Export.objects.filter(pk=export.pk).update(state=State.FAILED, failure=Failure.LARGE, ended_at=now)
    assert "時間がかかりすぎました" in signed_in(here.officer).get(address(here)).content.decode()


def test_what_is_under_way_can_be_cancelled(here):
    export = asked(here)
    signed_in(here.officer).post(address(here, "cancel", uuid=export.uuid))
    export.refresh_from_db()
    assert export.state == State.CANCELLED
    assert "中止" in signed_in(here.officer).get(address(here)).content.decode()


def test_readers_fetch_and_ask_for_nothing(here):
    export = asked(here)
    making.make(export.pk, clock=timezone.now)
    reader = signed_in(here.colleague(StaffRole.READER))
    assert reader.post(address(here, "ask"), {"kind": "csv"}).status_code == 403
    assert reader.post(address(here, "cancel", uuid=export.uuid)).status_code == 403
    assert reader.get(address(here, "file", uuid=export.uuid)).status_code == 200


def test_another_distributor_and_the_organization_get_nothing(here, hikari):
    export = asked(here)
    making.make(export.pk, clock=timezone.now)
    other = desk()
    filings.handed_in(other.deadline(hikari))
    for browser in (signed_in(other.officer), people.sign_in(Client(), people.member(hikari, Role.APPROVER))):
        assert browser.get(address(here, "file", uuid=export.uuid)).status_code == 404
        assert browser.get(address(here)).status_code == 404
    assert signed_in(other.officer).get(address(other, "file", uuid=export.uuid)).status_code == 404
    for table in ("exports_export", "exports_exportpart"):
        with (
            entering(hikari),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM public.{table}")


def test_an_unknown_kind_is_nothing(here):
    assert signed_in(here.officer).post(address(here, "ask"), {"kind": "exe"}).status_code == 404


def test_the_page_takes_the_same_number_of_queries_for_any_number_of_exports(here):
    counts = set()
    for kinds in (["csv"], ["json", "docx"], ["pdf", "xlsx"]):
        for kind in kinds:
            asked(here, kind)
        browser = signed_in(here.officer)
        with CaptureQueriesContext(connection) as page:
            assert browser.get(address(here)).status_code == 200
        counts.add(len(page))
    assert counts == {6}
