"""Common indicators of a round, worked out by hand."""

from decimal import Decimal
from typing import Any

import pytest

from minori.indicators.measures import Kind
from minori.indicators.statements import Covers
from minori.programmes import deadlines
from reporting.summaries import verifying as summaries
from tests.factories import filings, numbers, registry
from tests.reporting.common.conftest import AT, PEOPLE, PLAN, SHARE, common_of, defined, file, mapped

pytestmark = pytest.mark.django_db


def reported(world: Any, place: int, value: int, *, round_: int = 1, covers: Covers = Covers.START) -> None:
    report = world.grants_[place].reports[round_ - 1]
    file(report)
    numbers.reported(report, PEOPLE, numbers.measure(value), covers)


def test_a_sum_adds_every_mapped_grant_and_says_how_many(world):
    common = defined(world)
    mapped(common, *world.grants_)
    reported(world, 0, 20)
    reported(world, 1, 0)
    line = common_of(world.rounds_[0])
    # 20 + 0; the third has reported nothing: not 0
    assert (line["figure"]["value"], line["figure"]["expression"]) == ("20", "20 + 0")
    assert (line["coverage"]["counted"], line["coverage"]["of"], line["coverage"]["not_reported"]) == (
        2,
        3,
        1,
    )


@pytest.mark.parametrize(
    ("rule", "value"), [("sum", "60"), ("mean", "20"), ("maximum", "30"), ("latest", "30")]
)
def test_each_rule_by_hand(world, rule, value):
    common = defined(world, rule=rule)
    mapped(common, *world.grants_)
    for place, stated in enumerate((10, 20, 30)):
        reported(world, place, stated)
    assert common_of(world.rounds_[0])["figure"]["value"] == value


def test_shares_add_as_numerators_and_denominators(world):
    common = defined(world, rule="share")
    mapped(common, *world.grants_[:2], indicator=SHARE)
    for place, (value, of) in enumerate(((1, 2), (3, 10))):
        report = world.grants_[place].reports[0]
        file(report)
        one = numbers.measure(value, "人", Kind.SHARE, of=Decimal(of))
        numbers.reported(report, SHARE, one, Covers.START)
    figure = common_of(world.rounds_[0])["figure"]
    assert (figure["value"], figure["expression"]) == ("1/3", "(1 + 3) ÷ (2 + 10)")


def test_a_running_total_is_carried_into_a_silent_round_and_says_so(world):
    common = defined(world)
    mapped(common, *world.grants_[:2])
    reported(world, 0, 20)
    reported(world, 1, 5)
    reported(world, 1, 15, round_=2)
    line = common_of(world.rounds_[1])
    assert line["figure"]["value"] == "35"  # 20 carried, 15 stated
    assert line["figure"]["marks"] == ["carried"]
    assert [one["carried_from"] for one in line["contributions"]] == [1, None]
    assert common_of(world.rounds_[0])["figure"]["marks"] == []


def test_periods_add_up_over_the_rounds(world):
    common = defined(world)
    mapped(common, world.grants_[0])
    reported(world, 0, 20, covers=Covers.PERIOD)
    reported(world, 0, 15, round_=2, covers=Covers.PERIOD)
    line = common_of(world.rounds_[1])
    assert line["figure"]["value"] == "35"
    assert line["contributions"][0]["actual"]["expression"] == "20 + 15"
    assert [part["round"] for part in line["contributions"][0]["actual"]["parts"]] == [1, 2]


def test_three_kinds_of_nothing_are_apart_from_each_other_and_from_words(world):
    common = defined(world)
    mapped(common, *world.grants_)
    filings.handed_in(world.grants_[0].reports[0], rows={"0101": {"nothing": True}})
    file(world.grants_[1].reports[0])
    line = common_of(world.rounds_[0])
    assert line["figure"]["value"] is None
    assert line["figure"]["reason"] == "not_confirmed"
    coverage = line["coverage"]
    assert (coverage["nothing"], coverage["words"], coverage["not_reported"], coverage["counted"]) == (
        1,
        1,
        1,
        0,
    )


def test_a_number_of_another_unit_that_is_confirmed_later_is_refused_and_not_added(world):
    common = defined(world)
    mapped(common, *world.grants_[:2])
    reported(world, 0, 20)
    report = world.grants_[1].reports[0]
    file(report)
    numbers.reported(report, PEOPLE, numbers.measure(7, "世帯"))
    line = common_of(world.rounds_[0])
    assert line["figure"]["value"] == "20"
    assert (line["coverage"]["counted"], line["coverage"]["refused"]) == (1, 1)
    assert (line["contributions"][1]["refused"], line["contributions"][1]["terms"]) == (
        "units_differ",
        ["世帯", "人"],
    )


def test_who_is_not_asked_is_in_no_coverage(world):
    common = defined(world)
    mapped(common, *world.grants_[:2])
    reported(world, 0, 20)
    deadlines.waive(world.grants_[1].reports[0], reason="事業開始前", by=numbers.OFFICER, at=AT)
    line = common_of(world.rounds_[0])
    assert (line["coverage"]["counted"], line["coverage"]["of"], line["not_asked"]) == (1, 1, 1)


def test_a_grant_that_is_asked_no_more_keeps_its_total(world):
    common = defined(world)
    mapped(common, *world.grants_[:2])
    reported(world, 0, 20)
    deadlines.waive(world.grants_[0].reports[1], reason="終了", by=numbers.OFFICER, at=AT)
    reported(world, 1, 5, round_=2)
    line = common_of(world.rounds_[1])
    assert line["figure"]["value"] == "25"
    assert line["contributions"][0]["carried_from"] == 1


def test_an_indicator_that_left_the_plan_carries_its_total_and_is_marked(world):
    common, grant = defined(world), world.grants_[0]
    mapped(common, grant)
    reported(world, 0, 20)
    left = [PLAN[0] | {"indicators": [{"uuid": registry.identity("new"), "statement": "別の指標"}]}]
    registry.registered(grant, registry.framework(left), effective_from_round=2)
    filings.handed_in(grant.reports[1], rows={"0101": {"text": "別の話", "progress": 2}})
    line = common_of(world.rounds_[1])
    assert line["figure"]["value"] == "20"
    (one,) = line["contributions"]
    assert (one["gone"], one["carried_from"], one["statement"]) == (True, 1, "①居場所を利用した子どもの人数")


def test_two_programmes_keep_their_figures_apart(world, kibou):
    from tests.factories import programmes

    common = defined(world)
    mapped(common, world.grants_[0])
    reported(world, 0, 20)
    other = programmes.programme()
    round_ = programmes.round_(of=other)
    grant = programmes.grant(of=other, organization=kibou)
    registry.registered(grant, registry.framework(PLAN))
    report = programmes.deadline(of=grant, round=round_)
    file(report)
    numbers.reported(report, PEOPLE, numbers.measure(999))
    theirs = defined(other)
    mapped(theirs, grant)
    assert common_of(world.rounds_[0])["figure"]["value"] == "20"
    assert common_of(round_)["figure"]["value"] == "999"
    assert list(summaries.differences()) == []
