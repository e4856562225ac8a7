"""Achievement and pace in summaries, worked out by hand, and the same as on a grant's own page."""

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection

from minori.filings import measured, readings
from minori.filings.enums import Aspect
from minori.indicators.measures import Kind, Per
from minori.indicators.results import NoValue, Value
from minori.indicators.statements import Covers
from minori.organizations.models import Organization
from minori.programmes import deadlines
from minori.registry import frameworks
from reporting.summaries import compiling, queries, stored
from reporting.summaries import verifying as summaries
from reporting.summaries.models import GrantNumbers
from tests.factories import filings, numbers, programmes, registry
from tests.reporting.summaries import later

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
VISITORS, TIMES = registry.identity("0101/0"), registry.identity("0101/1")
PLAN = [
    {
        "code": "0101",
        "statement": "（0101）居場所が開かれている",
        "indicators": [
            {
                "mark": "①",
                "statement": "利用者数",
                "target": "200人",
                "baseline": "0人",
                "achieve_by": "2027年3月",
            },
            {"mark": "②", "statement": "開所回数", "target": "年間150回"},
        ],
    }
]


@pytest.fixture
def world(hikari: Any, kibou: Any) -> Any:
    """A programme of two rounds (to 30 September 2026, to 31 March 2027); both organizations have reports in both."""
    owner = programmes.programme(code="ibasho")
    owner.rounds_ = [
        programmes.round_(of=owner),
        programmes.round_(
            of=owner,
            title="年度末報告（2年度目下期）",
            period_starts_on=date(2026, 10, 1),
            period_ends_on=date(2027, 3, 31),
            opens_on=date(2027, 4, 1),
            due_on=date(2027, 4, 14),
        ),
    ]
    owner.by = {one.slug: granted(owner, one) for one in (hikari, kibou)}
    return owner


def granted(owner: Any, organization: Organization) -> Any:
    grant = programmes.grant(of=owner, organization=organization, starts_on=date(2026, 4, 1))
    registry.registered(grant, registry.framework(PLAN))
    grant.reports = [programmes.deadline(of=grant, round=one) for one in owner.rounds_]
    return grant


def file(report: Any, text: str = "①のべ50人\n②30回") -> Any:
    return filings.handed_in(report, rows={"0101": {"text": text, "progress": 2}})


def numbers_of(round_: Any) -> Any:
    compiling.compile_round(round_.pk, at=AT)
    return stored.numbers(round_.pk)


def line_of(found: Any, grant: Any, indicator: Any = VISITORS) -> Any:
    return next(
        line for line in found["lines"] if (line["grant"], line["indicator"]) == (grant.pk, str(indicator))
    )


def confirmed(grant: Any) -> None:
    numbers.registered(grant, VISITORS, one=numbers.measure(200, kind=Kind.AT_LEAST))
    numbers.registered(grant, VISITORS, Aspect.ACHIEVE_BY, on=date(2027, 3, 31))


def test_what_nobody_has_confirmed_is_counted_in_the_coverage_and_has_no_line(world):
    file(world.by["hikari"].reports[0])
    found = numbers_of(world.rounds_[0])
    assert found["lines"] == []
    assert (found["coverage"]["counted"], found["coverage"]["of"]) == (0, 4)


def test_achievement_and_pace_are_those_of_the_last_day_of_the_period(world):
    grant = world.by["hikari"]
    confirmed(grant)
    file(grant.reports[0])
    numbers.reported(grant.reports[0], VISITORS, numbers.measure(50))
    line = line_of(numbers_of(world.rounds_[0]), grant)
    assert line["achievement"]["value"] == "1/4"  # 50 of 200
    assert line["achievement"]["expression"] == "50 ÷ 200"
    # 1 April to 30 September are 183 of the 365 days to 31 March
    assert line["time"]["value"] == "183/365"
    assert Fraction(line["ahead"]) == Fraction(1, 4) - Fraction(183, 365)
    assert (line["target_role"], line["target_text"], line["target_on"]) == ("target", "200人", "2027-03-31")
    part = line["achievement"]["parts"][0]
    assert (part["text"], part["by"], part["deadline"], part["round"]) == (
        "のべ50人",
        "佐伯 真理",
        grant.reports[0].pk,
        1,
    )


def test_a_confirmed_baseline_is_taken_off_and_worse_than_it_stays_negative(world):
    grant = world.by["hikari"]
    confirmed(grant)
    numbers.registered(grant, VISITORS, Aspect.BASELINE, numbers.measure(100))
    file(grant.reports[0])
    numbers.reported(grant.reports[0], VISITORS, numbers.measure(50))
    line = line_of(numbers_of(world.rounds_[0]), grant)
    assert line["achievement"]["value"] == "-1/2"  # (50 − 100) ÷ (200 − 100)


def test_a_round_without_a_statement_carries_the_last_one_and_says_so(world):
    grant = world.by["hikari"]
    confirmed(grant)
    file(grant.reports[0])
    numbers.reported(grant.reports[0], VISITORS, numbers.measure(50))
    line = line_of(numbers_of(world.rounds_[1]), grant)
    assert (line["achievement"]["value"], line["carried_from"], line["standing"]) == (
        "1/4",
        1,
        "not_reported",
    )
    assert "carried" in line["achievement"]["marks"]


def test_a_yearly_target_is_judged_by_the_distributors_fiscal_year(world):
    grant = world.by["hikari"]
    numbers.registered(grant, TIMES, one=numbers.measure(150, "回", Kind.AT_LEAST, per=Per.YEAR))
    file(grant.reports[0])
    numbers.reported(grant.reports[0], TIMES, numbers.measure(30, "回"), Covers.FISCAL_YEAR)
    file(grant.reports[1])
    numbers.reported(grant.reports[1], TIMES, numbers.measure(60, "回"), Covers.FISCAL_YEAR)
    line = line_of(numbers_of(world.rounds_[1]), grant, TIMES)
    # April 2026 to March 2027 is one year, finished on the day it is judged on: 60 of 150
    assert (line["achievement"]["value"], line["met"]) == ("2/5", False)
    distributor = world.distributor
    distributor.fiscal_year_begins = 1
    distributor.save()
    compiling.compile_round(world.rounds_[1].pk, at=AT, force=True)
    line = line_of(stored.numbers(world.rounds_[1].pk), grant, TIMES)
    # by calendar years: 30 in 2026, 60 so far in 2027, against 150 and 150
    assert line["achievement"]["value"] == "3/10"
    assert line["achievement"]["expression"] == "(30 + 60) ÷ (150 + 150)"


def test_a_waived_report_is_not_asked_and_in_no_coverage(world):
    deadlines.waive(world.by["kibou"].reports[0], reason="事業開始前", by=numbers.OFFICER, at=AT)
    found = numbers_of(world.rounds_[0])
    assert [one["grant"] for one in found["grants"]] == [world.by["hikari"].pk]
    assert found["coverage"]["of"] == 2


def test_the_three_kinds_of_nothing_are_apart(world):
    for grant in world.by.values():
        for indicator, target in ((VISITORS, numbers.measure(200)), (TIMES, numbers.measure(150, "回"))):
            numbers.registered(grant, indicator, one=target)
    hikari, kibou = world.by["hikari"], world.by["kibou"]
    filings.handed_in(hikari.reports[0], rows={"0101": {"nothing": True}})
    file(kibou.reports[0], "①0人\n②わからない")
    numbers.reported(kibou.reports[0], VISITORS, numbers.measure(0))
    coverage = numbers_of(world.rounds_[0])["coverage"]
    # hikari's two have nothing to report; kibou's zero counts, its words have no number
    assert coverage == {
        "counted": 1,
        "of": 4,
        "nothing": 2,
        "not_reported": 0,
        "words": 1,
        "refused": 0,
        "qualitative": 0,
    }
    assert line_of(numbers_of(world.rounds_[0]), kibou)["achievement"]["value"] == "0"


def test_every_line_says_what_the_grants_own_page_says(world):
    for grant, value in ((world.by["hikari"], 50), (world.by["kibou"], 80)):
        confirmed(grant)
        numbers.registered(grant, TIMES, one=numbers.measure(150, "回", Kind.AT_LEAST, per=Per.YEAR))
        for place, report in enumerate(grant.reports):
            file(report)
            numbers.reported(report, VISITORS, numbers.measure(value + place))
    for round_ in world.rounds_:
        found = numbers_of(round_)
        for grant in world.by.values():
            version = frameworks.version_for(grant.reports[round_.number - 1])
            for one in measured.of_grant(grant, version):
                own = one.achievement(round_=round_.number, today=round_.period_ends_on)
                line = line_of(found, grant, one.indicator.uuid)
                value = str(own.outcome.value) if isinstance(own.outcome, Value) else None
                reason = own.outcome.reason.value if isinstance(own.outcome, NoValue) else ""
                assert (line["achievement"]["value"], line["achievement"]["reason"]) == (value, reason)
                assert len(line["achievement"]["parts"]) == len(own.outcome.formula.parts)


def test_a_reading_makes_the_numbers_stale_and_verify_finds_what_was_meddled_with(world):
    grant = world.by["hikari"]
    confirmed(grant)
    file(grant.reports[0])
    numbers_of(world.rounds_[0])
    assert compiling.is_fresh(world.rounds_[0])
    reading = numbers.reported(grant.reports[0], VISITORS, numbers.measure(50))
    assert not compiling.is_fresh(world.rounds_[0])
    assert line_of(numbers_of(world.rounds_[0]), grant)["achievement"]["value"] == "1/4"
    readings.correct(
        reading,
        given=readings.Given(measure=numbers.measure(100), covers=Covers.START),
        reason="桁の間違い",
        by=numbers.OFFICER,
        at=AT,
    )
    line = line_of(numbers_of(world.rounds_[0]), grant)
    assert line["achievement"]["value"] == "1/2"
    assert [one.get("corrected") for one in line["achievement"]["parts"] if one["deadline"]] == ["桁の間違い"]
    assert all("corrected" not in one for one in line["achievement"]["parts"] if not one["deadline"])
    assert list(summaries.differences()) == []
    stored = GrantNumbers.objects.filter(grant=grant.pk, summary__round=world.rounds_[0])
    code = stored.get().grant.code
    right = stored.values("behind", "reached", "undated").get()
    for column, count in right.items():
        stored.update(**{column: count + 7})
        assert list(summaries.differences()) == [
            f"ibasho round 1: the counts of numbers that pages read differ from the numbers: {code}"
        ]
        stored.update(**{column: count})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE summaries_grantnumbers SET lines = jsonb_set(lines, '{0,met}', 'true') WHERE grant_id = %s",
            [grant.pk],
        )
    assert list(summaries.differences()) == ["ibasho round 1: the numbers differ from their readings"]


def test_a_mid_term_round_that_is_set_up_later_makes_earlier_numbers_stale(world):
    numbers_of(world.rounds_[0])
    later.mid_term(world, at=AT)
    assert not compiling.is_fresh(world.rounds_[0])
    assert world.rounds_[0] in queries.stale_rounds()


@pytest.mark.parametrize("count", [1, 3, 8])
def test_numbers_take_the_same_queries_for_any_number_of_grants(
    world, hikari, count, django_assert_num_queries
):
    for _ in range(count):
        grant = granted(world, hikari)
        confirmed(grant)
        file(grant.reports[0])
        numbers.reported(grant.reports[0], VISITORS, numbers.measure(50))
    round_ = (
        type(world.rounds_[0]).objects.select_related("programme__distributor").get(pk=world.rounds_[0].pk)
    )
    with django_assert_num_queries(9):
        found = compiling.numbers_of(round_)
    assert len(found["lines"]) == count
    assert json.loads(json.dumps(found)) == found
