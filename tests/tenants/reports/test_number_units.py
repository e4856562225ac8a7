"""A number in another unit than its registered target's is pointed out, and counts only once somebody says it is right."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.filings import readings
from minori.filings.enums import Aspect
from minori.filings.models import Reading
from minori.filings.readings import Given
from minori.indicators.measures import Kind, Measure
from minori.registry.models import RegisteredIndicator
from tenants.reports.numbers import State
from tests.factories import registry
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_autosave import Page
from tests.tenants.reports.test_handing_in import OFFICER, check, fill
from tests.tenants.reports.test_numbers import OPENED, ROW, USED, hand_in, named, standing, typed

pytestmark = pytest.mark.django_db
TEXT = "①今期は3,000円\n②延べ20人"


@pytest.fixture
def page(client: Client, deadline: Any, editor: Any) -> Page:
    return Page(client, deadline, editor, section="results")


def test_a_number_in_another_unit_than_the_target_is_pointed_out_and_does_not_count(
    page: Page, deadline: Any
) -> None:
    told = page.save(**typed(TEXT))["fields"][ROW]["numbers"]
    assert told[OPENED]["unit"]["said"].startswith(
        "登録されている目標（年間150回）の単位は「回」ですが、この数値の単位は「円」です。"
    )
    assert (told[OPENED]["open"], told[OPENED]["unit"]["right"]) == (True, False)
    assert "単位を確かめると集計されます" in told[OPENED]["said"]
    assert told[USED]["unit"] is None, "人 as the target is"
    found = standing(deadline)
    assert (found[OPENED].state, found[OPENED].given) == (State.UNIT, None)


def test_saying_that_the_unit_is_right_makes_it_count_and_it_goes_on_following_the_text(
    page: Page, deadline: Any
) -> None:
    page.save(**typed(TEXT))
    right = named(OPENED, value="3,000", unit="円", span="period", beside="3,000|円|period|", anyway="円")
    told = page.save(**typed(TEXT, **right))["fields"][ROW]["numbers"]
    assert told[OPENED]["unit"]["right"] is True
    one = standing(deadline)[OPENED]
    assert (one.state, one.counts) == (State.READ, True)
    page.save(**typed("①今期は4,500円\n②延べ20人", **right))
    one = standing(deadline)[OPENED]
    assert (one.box.value, one.counts) == ("4,500", True)
    page.save(**typed("①今期は12か所\n②延べ20人", **right))
    assert standing(deadline)[OPENED].state is State.UNIT, (
        "what was right of one unit says nothing of another"
    )


@pytest.mark.parametrize(
    ("unit", "state"),
    [("回", State.SAID), ("夜", State.UNIT), ("", State.UNIT), ("回／年", State.SAID), ("％", State.UNIT)],
)
def test_what_is_typed_is_compared_with_the_target_too(
    page: Page, deadline: Any, unit: str, state: State
) -> None:
    page.save(**typed("①ひらいた\n②来た", **named(OPENED, value="5", unit=unit, span="period")))
    one = standing(deadline)[OPENED]
    assert one.state is state
    if state is State.UNIT:
        said = named(OPENED, value="5", unit=unit, span="period", anyway=one.unit_key)
        page.save(**typed("①ひらいた\n②来た", **said))
        assert standing(deadline)[OPENED].state is State.SAID


def test_two_spellings_of_one_unit_are_one_unit(page: Page, deadline: Any) -> None:
    page.save(**typed("①3回\n②来た", **named(USED, value="5", unit="名", span="period")))
    assert standing(deadline)[USED].state is State.SAID


def test_what_an_officer_confirmed_of_the_target_decides_its_unit(page: Page, deadline: Any) -> None:
    indicator = RegisteredIndicator.objects.get(uuid=OPENED)
    measure = Measure(text=indicator.target, kind=Kind.AT_LEAST, value=Decimal(150), unit="日")
    by = {"by": OFFICER, "at": timezone.now()}
    readings.confirm(indicator, aspect=Aspect.TARGET, given=Given(measure=measure), **by)
    page.save(**typed("①ひらいた\n②来た", **named(OPENED, value="5", unit="日", span="period")))
    assert standing(deadline)[OPENED].state is State.SAID
    told = page.save(**typed(TEXT))["fields"][ROW]["numbers"]
    assert "の単位は「日」ですが" in told[OPENED]["unit"]["said"]


def test_a_target_without_a_number_asks_for_no_unit(client: Client, hikari: Any, editor: Any) -> None:
    plan = [
        {"code": "0101", "statement": "居場所", "indicators": [{"statement": "声", "target": "安心できる"}]}
    ]
    deadline = open_deadline(hikari, of=_grant_with(hikari, plan))
    page = Page(client, deadline, editor, section="results")
    page.save(**{"key": ROW, f"row-{ROW}-text": "今期は3円", **named(OPENED)})
    assert standing(deadline)[OPENED].state is State.READ


def _grant_with(hikari: Any, plan: Any) -> Any:
    from tests.factories import programmes

    grant = programmes.grant(organization=hikari)
    registry.registered(grant, registry.framework(plan))
    return grant


def test_a_number_in_the_targets_unit_costs_no_statement_more(page: Page) -> None:
    page.save(**typed("①3回\n②20人"))
    with CaptureQueriesContext(connection) as asked:
        page.save(**typed("①4回\n②20人"))
    assert not [one for one in asked if "filings_reading" in one["sql"]]
    with CaptureQueriesContext(connection) as asked:
        page.save(**typed("①4円\n②20円"))
    assert len([one for one in asked if "filings_reading" in one["sql"]]) == 1


def test_it_is_handed_in_as_words_and_never_enters_a_sum_unseen(
    client: Client, deadline: Any, approver: Any
) -> None:
    fill(deadline, **{"0101": {"text": TEXT, "progress": 2}})
    shown = client.get(check(deadline)).content.decode()
    assert "単位を確かめると集計されます" in shown
    assert "登録されている目標（年間150回）の単位は「回」ですが" in shown
    assert hand_in(client, deadline).status_code == 302
    assert Reading.objects.count() == 0
