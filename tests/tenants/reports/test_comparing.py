"""Comparing two revisions of a report: on the organization's pages and on the desk's."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minori.report_forms.answers import Written
from tests.factories import filings
from tests.reporting.review.desk import begun, desk, sent_back, signed_in, url
from tests.tenants.reports.conftest import open_deadline

pytestmark = pytest.mark.django_db

TEXTS = ("月曜だけひらいた。", "木曜だけひらいた。", "毎日ひらいた。")


@pytest.fixture
def ours(hikari: Any) -> tuple[Any, Any]:
    """A report in three revisions, with the officer who sent it back twice."""
    here = desk()
    deadline = here.deadline(hikari)
    for text in TEXTS:
        if deadline.current_filing_id:
            sent_back(begun(deadline, here.officer), here.officer)
        filings.handed_in(deadline, answers={"activities": Written(text)})
        deadline.refresh_from_db()
    return deadline, here.officer


def words(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("editor")
def test_without_a_choice_the_last_two_are_compared_and_any_two_can_be_chosen(
    client: Client, ours: Any
) -> None:
    deadline, _officer = ours
    address = f"/o/hikari/reports/{deadline.pk}/compare/"
    page = words(client, address)
    assert "1 件の項目がちがいます。" in page
    assert "木曜" in page
    assert "<ins>" in page
    assert "月曜" not in page
    page = words(client, f"{address}?older=1&newer=3")
    assert "月曜" in page
    assert "木曜" not in page
    assert words(client, f"{address}?older=3&newer=1").count("<ins>") == page.count("<ins>")
    assert "同じ版です。" in words(client, f"{address}?older=2&newer=2")
    for wrong in ("?older=9", "?newer=0", "?older=x", "?older=1&newer=99999999999999999999"):
        assert client.get(address + wrong).status_code == 404


@pytest.mark.usefixtures("editor")
def test_the_reports_of_others_and_reports_never_handed_in_are_not_there(
    client: Client, hikari: Any, kibou: Any
) -> None:
    theirs = open_deadline(kibou)
    filings.handed_in(theirs)
    assert client.get(f"/o/hikari/reports/{theirs.pk}/compare/").status_code == 404
    assert client.get(f"/o/hikari/reports/{open_deadline(hikari).pk}/compare/").status_code == 404


def test_the_officer_compares_too_in_as_many_queries_for_any_two(ours: Any) -> None:
    deadline, officer = ours
    browser = signed_in(officer)
    page = words(browser, url(deadline, "compare/?older=1&newer=3"))
    assert "月曜" in page
    assert "<ins>" in page
    counts = []
    for asked in ("compare/", "compare/?older=1&newer=3"):
        with CaptureQueriesContext(connection) as counted:
            words(browser, url(deadline, asked))
        counts.append(len(counted))
    assert counts == [7, 7]
    assert url(deadline, "compare/") in words(browser, url(deadline, "history/"))
