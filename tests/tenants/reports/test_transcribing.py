"""転記モード: reached from what was handed in, for everybody of the organization and nobody else."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from minori.accounts.enums import Role
from minori.filings import reviewing
from minori.filings.reviewing import Remark
from tests.factories import filings, people

pytestmark = pytest.mark.django_db


def address(deadline: Any, slug: str = "hikari") -> str:
    return f"/o/{slug}/reports/{deadline.pk}/filings/1/transcribe/"


def test_a_reader_reaches_it_from_the_filing(client: Client, hikari: Any, deadline: Any) -> None:
    people.sign_in(client, people.member(hikari, Role.READER))
    filings.handed_in(deadline)
    filed = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/").content.decode()
    assert f'href="{address(deadline)}"' in filed
    page = client.get(address(deadline)).content.decode()
    assert "①72回<br>" not in page, "the text is copied as it was written"
    assert "①72回\n②のべ640人" in page
    assert '<span class="small quiet">11文字</span>' in page, "line breaks are not counted"
    assert page.count("data-tick ") + page.count("data-tick>") == 12


def test_nobody_of_another_organization_reaches_it(client: Client, kibou: Any, deadline: Any) -> None:
    filings.handed_in(deadline)
    people.sign_in(client, people.member(kibou, Role.APPROVER))
    assert client.get(address(deadline)).status_code == 404
    assert client.get(address(deadline, slug="kibou")).status_code == 404


def test_an_older_revision_leads_to_the_newest(client: Client, deadline: Any, editor: Any) -> None:
    first = filings.handed_in(deadline)
    assert "新しい版があります" not in client.get(address(deadline)).content.decode()
    remarks = [Remark(anchor="", body="直してください")]
    reviewing.send_back(
        deadline, filing=first, remarks=remarks, due_on=date(2099, 10, 20), by=filings.EDITOR, at=filings.AT
    )
    filings.handed_in(deadline)
    page = client.get(address(deadline)).content.decode()
    assert "新しい版があります" in page
    assert f"/o/hikari/reports/{deadline.pk}/filings/2/transcribe/" in page
