"""After something came in about one grant only its numbers are made again; the whole is as if all were."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from minori.filings import readings
from minori.filings.enums import Aspect
from minori.indicators.measures import Kind
from minori.organizations.models import Organization
from reporting.summaries import compiling, parts, queries, stored, verifying
from tests.factories import filings, numbers, programmes, registry
from tests.reporting.summaries import later

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
VISITORS = registry.identity("0101/0")
PLAN = [
    {
        "code": "0101",
        "statement": "（0101）居場所が開かれている",
        "indicators": [{"statement": "利用者数", "baseline": "100人", "target": "200人"}],
    }
]


@pytest.fixture
def world(hikari: Any, kibou: Any) -> Any:
    """Two grants that each say 50 of 200 people, compiled."""
    owner = programmes.programme(code="ibasho")
    owner.round_ = programmes.round_(of=owner)
    owner.by = {one.slug: _granted(owner, one) for one in (hikari, kibou)}
    owner.confirmed = {}
    for slug, report in owner.by.items():
        filings.handed_in(report, rows={"0101": {"text": "50人", "progress": 2}})
        owner.confirmed[slug] = numbers.reported(report, VISITORS, numbers.measure(50))
    compiling.compile_round(owner.round_.pk, at=AT)
    return owner


def _granted(owner: Any, organization: Organization) -> Any:
    grant = programmes.grant(of=owner, organization=organization, starts_on=date(2026, 4, 1))
    registry.registered(grant, registry.framework(PLAN))
    numbers.registered(grant, VISITORS, one=numbers.measure(200, kind=Kind.AT_LEAST))
    return programmes.deadline(of=grant, round=owner.round_)


def _marked(world: Any) -> None:
    """Leave a mark at every stored line, so that one that was made again is told from one that stayed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE summaries_grantnumbers SET lines = jsonb_set(lines, '{0,code}', '\"stayed\"')")


def _again(world: Any, **more: Any) -> dict[str, tuple[str, str]]:
    """Compile; the code and achievement that each line shows, by organization, in the order of the lines."""
    assert compiling.compile_round(world.round_.pk, at=AT, **more)
    names = {report.grant_id: slug for slug, report in world.by.items()}
    lines = stored.lines(world.round_.pk)
    return {names[one["grant"]]: (one["code"], one["achievement"]["value"]) for one in lines}


def test_only_the_grant_about_which_something_came_in_is_judged_again(world: Any) -> None:
    order = list(_again(world, force=True))
    _marked(world)
    numbers.registered(world.by["kibou"].grant, VISITORS, Aspect.BASELINE, numbers.measure(100))
    found = _again(world)
    # (50 − 100) ÷ (200 − 100)
    assert found == {"hikari": ("stayed", "1/4"), "kibou": ("0101", "-1/2")}
    assert list(found) == order, "in the order of the board"
    assert _again(world, force=True) == {"hikari": ("0101", "1/4"), "kibou": ("0101", "-1/2")}


def test_what_is_about_the_whole_programme_judges_everybody_again(world: Any) -> None:
    _marked(world)
    later.mid_term(world, at=AT)
    assert {code for code, _value in _again(world).values()} == {"0101"}


def test_the_parts_are_the_whole(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage, common indicators and signals too: `verify` makes everything at once and finds no difference."""
    monkeypatch.setattr(parts, "AT_ONCE", 1)
    assert compiling.numbers_of(world.round_) == stored.numbers(world.round_.pk)
    readings.withdraw(world.confirmed["hikari"], by=numbers.OFFICER, at=AT)
    compiling.compile_round(world.round_.pk, at=AT)
    assert list(verifying.differences()) == []


def test_the_inputs_by_grant_are_all_that_make_a_summary_stale(world: Any) -> None:
    by_grant = queries.inputs_by_grant(world.round_)
    assert sum(by_grant.values()) == queries.count_inputs(world.round_)
    assert by_grant.keys() == {"", *(str(report.grant_id) for report in world.by.values())}
