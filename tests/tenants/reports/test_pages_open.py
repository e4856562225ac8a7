"""Every page of a report opens for the people of the organization."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import filings

pytestmark = pytest.mark.django_db

SECTIONS = ("head", "results", "outlook", "changes", "activities", "symbol_mark", "media", "photos")


def test_home_list_people_and_report_open(client: Client, deadline: Any, editor: Any) -> None:
    for path in ("", "reports/", "people/", f"reports/{deadline.pk}/", f"reports/{deadline.pk}/check/"):
        response = client.get(f"/o/hikari/{path}")
        assert response.status_code == 200, path


@pytest.mark.parametrize("key", SECTIONS)
def test_every_section_opens(client: Client, deadline: Any, editor: Any, key: str) -> None:
    assert client.get(f"/o/hikari/reports/{deadline.pk}/sections/{key}/").status_code == 200


def test_a_filing_opens(client: Client, deadline: Any, editor: Any) -> None:
    filings.handed_in(deadline)
    assert client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/").status_code == 200
    assert client.get(f"/o/hikari/reports/{deadline.pk}/filings/2/").status_code == 404
