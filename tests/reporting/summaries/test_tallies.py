"""The whole scheme in numbers, worked out by hand; counted again only where something happened."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from minori.audit.trail import MINORI
from minori.filings import readings
from minori.filings.models import Figure
from minori.filings.readings import Given
from minori.indicators.reading import Field, read
from minori.indicators.statements import Covers
from minori.registry import frameworks
from minori.report_forms.answers import Progress, RowAnswer
from reporting.summaries import tallies, verifying
from reporting.summaries.models import Tally
from tests.factories import filings, programmes, registry

AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
ROWS = [
    {
        "code": "0101",
        "statement": "開かれている",
        "indicators": [{"mark": "①", "statement": "回数"}, {"mark": "②", "statement": "人数"}],
    },
    {"code": "0102", "statement": "つながる", "indicators": [{"statement": "件数"}]},
    {"code": "0103", "statement": "続く", "indicators": [{"statement": "世帯"}]},
    {"code": "0104", "statement": "広がる", "indicators": [{"statement": "校区"}]},
]


@pytest.fixture
def two(hikari: Any, kibou: Any) -> Any:
    """Two grants in one round, and a round that nobody has opened."""
    programme = programmes.programme(code="ibasho")
    round_, later = programmes.round_(of=programme), programmes.round_(of=programme)
    grants = [programmes.grant(of=programme, organization=one) for one in (hikari, kibou)]
    for grant in grants:
        registry.registered(grant, registry.framework(ROWS))
        programmes.deadline(of=grant, round=later)
    return [programmes.deadline(of=grant, round=round_) for grant in grants]


def test_rows_indicators_and_numbers_are_counted_as_a_person_would(two: Any) -> None:
    """0101: code 3 stated for 0102 too; 0103 nothing to report; 0104 not reported; both texts of 0101 apart."""
    hikari, kibou = two
    version = frameworks.version_for(hikari)
    assert version is not None
    first, second, third, fourth = frameworks.read(version).rows
    filing = filings.handed_in(
        hikari,
        rows=[
            RowAnswer(row=first.uuid, text="①12回\n②340人", progress=Progress.BEHIND, covers=(second.uuid,)),
            RowAnswer(row=second.uuid, text="5件"),
            RowAnswer(row=third.uuid, nothing=True),
            RowAnswer(row=fourth.uuid),
        ],
    )
    words = Figure.objects.get(filing=filing, text="12回")
    given = Given(measure=read("12回", field=Field.ACTUAL), covers=Covers.PERIOD)
    confirmed = readings.confirm(words, given=given, by=MINORI, at=AT)
    assert tallies.compile_scheme(at=AT) == 2
    tally = Tally.objects.get(round=hikari.round)
    counted = dict(zip(tallies.COLUMNS[1:], tally.lines[0], strict=True))
    assert counted == {
        "grant": hikari.grant_id,
        "organization": hikari.organization_id,
        "filing": filing.pk,
        "days_late": 0,
        "waived": 0,
        "1": 0,
        "2": 0,
        "3": 2,
        "4": 0,
        "nothing": 1,
        "blank": 1,
        "indicators": 5,
        "with_text": 3,
        "shared": 0,
        "numbers": 1,
    }
    assert tally.lines[1] == [kibou.grant_id, kibou.organization_id, None, None, 0, *[0] * 10]
    assert (tally.totals["grants"], tally.totals["handed_in"], tally.totals["late"]) == (2, 1, 0)
    readings.withdraw(confirmed, by=MINORI, at=AT)
    assert tallies.compile_scheme(at=AT) == 1
    assert Tally.objects.get(round=hikari.round).totals["numbers"] == 0


def test_what_came_late_is_counted_and_a_return_keeps_counting(two: Any) -> None:
    late = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    filings.handed_in(two[0], at=late)
    tallies.compile_scheme(at=AT)
    assert Tally.objects.get(round=two[0].round).totals["late"] == 1


def test_only_the_round_in_which_something_happened_is_counted_again(two: Any) -> None:
    assert tallies.compile_scheme(at=AT) == 2
    assert tallies.compile_scheme(at=AT) == 0
    filings.handed_in(two[0])
    assert tallies.stale_rounds() == 1
    later = datetime(2026, 10, 21, 3, 0, tzinfo=UTC)
    assert tallies.compile_scheme(at=later) == 1
    assert {one.as_of for one in Tally.objects.order_by("pk")} == {AT, later}


def test_counting_in_parts_gives_what_counting_all_gives(two: Any) -> None:
    for deadline in two:
        filings.handed_in(deadline)
        tallies.compile_scheme(at=AT)
    in_parts = list(Tally.objects.order_by("pk").values("totals", "lines", "inputs"))
    assert tallies.compile_scheme(at=AT, force=True) == 2
    assert list(Tally.objects.order_by("pk").values("totals", "lines", "inputs")) == in_parts


def test_verify_names_a_tally_that_differs_from_its_figures(two: Any) -> None:
    filings.handed_in(two[0])
    tallies.compile_scheme(at=AT)
    assert list(verifying.differences()) == []
    Tally.objects.filter(round=two[0].round).update(lines=[])
    assert list(verifying.differences()) == ["ibasho round 1: the tally differs from its figures"]
    tallies.compile_scheme(at=AT, force=True)
    sums = Tally.objects.get(round__number=1).totals
    Tally.objects.filter(round__number=1).update(totals=sums | {"late": 55})
    assert list(verifying.differences()) == ["ibasho round 1: the sums of the tally differ from its lines"]


@pytest.mark.parametrize("organizations", [1, 3])
def test_the_number_of_queries_is_the_same_for_any_number_of_grants(
    hikari: Any, django_assert_num_queries: Any, organizations: int
) -> None:
    programme = programmes.programme(code="many")
    round_ = programmes.round_(of=programme)
    for _turn in range(organizations):
        filings.handed_in(
            programmes.deadline(of=programmes.grant(of=programme, organization=hikari), round=round_)
        )
    # lock, inputs, counting, savepoint, not waiting for the disk, storing, release, unlock
    with django_assert_num_queries(8):
        assert tallies.compile_scheme(at=AT) == 1
    assert connection.in_atomic_block
