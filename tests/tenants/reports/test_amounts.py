"""Amounts in a report: typed as people type them, stored as a number, shown as they were understood, printed once."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from minori.filings.models import Filing
from minori.report_forms.answers import Written
from minori.tenancy.rooms import entering
from tenants.reports import drafts
from tenants.reports.models import Answer
from tests.factories import filings, programmes
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_autosave import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(hikari: Any) -> Any:
    """A report on the short plain form, which asks for an amount of money."""
    round_ = programmes.round_(edition="plain", opens_on=date(2025, 10, 1), due_on=date(2099, 10, 14))
    return open_deadline(hikari, of=programmes.grant(of=round_.programme, organization=hikari), round=round_)


def stored(deadline: Any) -> str:
    with entering(deadline.organization):
        return str(Answer.objects.get(report__deadline_id=deadline.pk, key="spent").value["text"])


@pytest.mark.parametrize("typed", ["1,200,000円", "１２０万円", "120 万", "¥1,200,000-"])
def test_an_amount_is_stored_as_a_number_and_shown_as_it_was_understood(
    client: Client, editor: Any, plain: Any, typed: str
) -> None:
    said = Page(client, plain, editor, "money").save(spent=typed)
    assert said["fields"]["spent"]["understood"] == "読み取った数：1,200,000円"
    assert stored(plain) == "1200000"
    page = client.get(f"/o/hikari/reports/{plain.pk}/sections/money/").content.decode()
    assert 'value="1,200,000"' in page
    assert "読み取った数：1,200,000円" in page


def test_what_cannot_be_read_stays_as_it_was_typed_and_the_page_says_so(
    client: Client, editor: Any, plain: Any
) -> None:
    mine = Page(client, plain, editor, "money")
    said = mine.save(spent="約120万円")
    assert "まだ 1 つの数として読み取れません" in said["fields"]["spent"]["understood"]
    assert stored(plain) == "約120万円"
    page = client.get(f"/o/hikari/reports/{plain.pk}/sections/money/").content.decode()
    assert "「約120万円」は、1 つの数として読み取れません" in page
    assert "understood" not in mine.save(spent="")["fields"]["spent"]


def test_the_same_amount_typed_in_two_ways_is_no_conflict(client: Client, editor: Any, plain: Any) -> None:
    mine, other = Page(client, plain, editor, "money"), Page(client, plain, editor, "money")
    other.name = "another window"
    mine.save(spent="120万円")
    assert other.save(spent="1,200,000")["conflicts"] == {}
    with entering(plain.organization):
        assert drafts.read(plain).contents().answers["spent"].text == "1200000"


def test_the_unit_stands_once_on_the_paper_also_of_what_was_handed_in_with_it(
    client: Client, editor: Any, plain: Any
) -> None:
    filings.handed_in(plain, answers={"spent": Written("1,200,000円")})
    filing = Filing.objects.get(deadline=plain)
    page = client.get(f"/o/hikari/reports/{plain.pk}/filings/{filing.revision}/").content.decode()
    assert "1,200,000円" in page
    assert "円円" not in page
    copy = client.get(f"/o/hikari/reports/{plain.pk}/filings/1/transcribe/").content.decode()
    assert ">1200000<" in copy, "what is copied is the number alone"
