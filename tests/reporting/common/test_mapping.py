"""Mapping organizations' indicators onto common ones: with a reason, never by itself, never across units."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings.enums import Aspect
from minori.indicators.measures import Kind, Per
from minori.indicators.statements import Covers
from reporting.common import mapping, queries
from reporting.common.models import MappedIndicator
from reporting.summaries import compiling
from reporting.summaries.models import Summary
from tests.factories import numbers, programmes, registry
from tests.reporting.common.conftest import AT, PEOPLE, PLAN, SHARE, defined, file, mapped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def test_a_mapping_says_who_mapped_it_when_and_why_and_wakes_the_compiler(world):
    common = defined(world)
    (made,) = mapped(common, world.grants_[0])
    assert (made.reason, made.mapped_by_name, made.mapped_at) == ("同じ数え方", "佐伯 真理", AT)
    event = Event.objects.get(action=Action.INDICATOR_MAPPED)
    assert (event.programme_id, event.grant_id, event.round_id) == (world.pk, world.grants_[0].pk, None)
    assert event.organization_id is None  # rooms read the events of their organization


def test_without_a_reason_nothing_is_mapped(world):
    common = defined(world)
    with pytest.raises(mapping.MappingRefused, match="Give the reason"):
        mapping.map_onto(
            common, indicators=[(world.grants_[0], PEOPLE)], reason=" \n", by=numbers.OFFICER, at=AT
        )
    assert not MappedIndicator.objects.exists()


def test_an_indicator_counts_once_in_a_common_one_but_several_of_a_grant_may(world):
    common = defined(world)
    mapped(common, world.grants_[0])
    with pytest.raises(mapping.MappingRefused, match="mapped already"):
        mapped(common, world.grants_[1], world.grants_[0])
    assert common.mapped.count() == 1  # the other one was not mapped either
    mapped(common, world.grants_[0], indicator=SHARE)
    assert common.mapped.count() == 2


@pytest.mark.parametrize(
    ("rule", "unit", "one", "told"),
    [
        ("sum", "世帯", numbers.measure(20), "The units do not match: 人 here, 世帯 in the common indicator"),
        ("sum", "人", numbers.measure(20, ""), "The units do not match: no unit here, 人"),
        ("sum", "人", numbers.measure(20, per=Per.OCCURRENCE), "A mean cannot be added up"),
        ("sum", "人", numbers.measure(20, kind=Kind.INCREASE), "A change from the baseline"),
        ("share", "人", numbers.measure(80, "%", Kind.SHARE), "only with the counts behind it"),
        ("share", "人", numbers.measure(8, "校", Kind.SHARE, of=numbers.Decimal(10)), "校 here, 人 in"),
        ("maximum", "%", numbers.measure(20), "The units do not match"),
    ],
)
def test_a_confirmed_number_that_does_not_fit_is_refused_with_a_sentence(world, rule, unit, one, told):
    common, grant = defined(world, rule=rule, unit=unit), world.grants_[0]
    file(grant.reports[0])
    numbers.reported(grant.reports[0], PEOPLE, one)
    with pytest.raises(mapping.MappingRefused, match=told):
        mapped(common, grant)
    assert not common.mapped.exists()


@pytest.mark.parametrize(
    ("rule", "unit", "one"),
    [
        ("sum", "名", numbers.measure(20)),  # 名 and 人 are one unit
        ("mean", "人", numbers.measure(20, per=Per.OCCURRENCE)),
        ("share", "人", numbers.measure(8, "人", Kind.SHARE, of=numbers.Decimal(10))),
    ],
)
def test_a_confirmed_number_that_fits_is_mapped(world, rule, unit, one):
    common, grant = defined(world, rule=rule, unit=unit), world.grants_[0]
    file(grant.reports[0])
    numbers.reported(grant.reports[0], PEOPLE, one)
    assert mapped(common, grant)


def test_before_an_actual_is_confirmed_the_confirmed_target_tells_the_unit(world):
    common, grant = defined(world, unit="世帯"), world.grants_[0]
    numbers.registered(grant, PEOPLE, one=numbers.measure(200, kind=Kind.AT_LEAST))
    with pytest.raises(mapping.MappingRefused, match="人 here"):
        mapped(common, grant)
    assert mapped(common, world.grants_[1])  # nothing confirmed: checked when something is


def test_a_share_is_mapped_by_its_percent_target_since_counts_come_with_the_reports(world):
    common, grant = defined(world, rule="share"), world.grants_[0]
    numbers.registered(grant, SHARE, one=numbers.measure(80, "%", Kind.SHARE))
    assert mapped(common, grant, indicator=SHARE)


def test_unit_and_rule_stay_while_something_is_mapped(world):
    common = defined(world)
    (made,) = mapped(common, world.grants_[0])
    other = mapping.CommonFacts(name="別名", name_en="", unit="世帯", rule="sum", description="")
    with pytest.raises(mapping.MappingRefused, match="Unit and rule stay"):
        mapping.change(common, facts=other, by=numbers.OFFICER, at=AT)
    with pytest.raises(IntegrityError, match="unit and rule stay"), transaction.atomic():
        type(common).objects.filter(pk=common.pk).update(unit="世帯")
    mapping.end(made, reason="数え方が違った", by=numbers.OFFICER, at=AT)
    assert mapping.change(common, facts=other, by=numbers.OFFICER, at=AT).unit == "世帯"


def test_an_ended_mapping_stays_in_the_history_and_may_be_made_again(world):
    common = defined(world)
    (made,) = mapped(common, world.grants_[0])
    mapping.end(made, reason="数え方が違った", by=numbers.OFFICER, at=AT)
    with pytest.raises(mapping.MappingRefused, match="ended already"):
        mapping.end(made, reason="もう一度", by=numbers.OFFICER, at=AT)
    mapped(common, world.grants_[0])
    assert [(one.ended_reason, one.ended_by_name) for one in queries.history(common)] == [
        ("", ""),
        ("数え方が違った", "佐伯 真理"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM common_mappedindicator",
        "UPDATE common_mappedindicator SET reason = 'x'",
        "UPDATE common_mappedindicator SET grant_id = (SELECT max(id) FROM programmes_grant)",
        """INSERT INTO common_mappedindicator (common_id, grant_id, indicator_uuid, reason, mapped_at, mapped_by_name,
        ended_by_name, ended_reason) SELECT common_id, grant_id, gen_random_uuid(), 'x', mapped_at, 'x', '', ''
        FROM common_mappedindicator""",
        "DELETE FROM common_commonindicator",
    ],
)
def test_the_database_keeps_what_was_mapped(world, statement):
    mapped(defined(world), world.grants_[0])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_only_indicators_of_the_programme_are_mapped(world, kibou):
    common = defined(world)
    foreign = programmes.grant(organization=kibou)
    registry.registered(foreign, registry.framework(PLAN))
    with pytest.raises(mapping.MappingRefused, match="not in this programme"):
        mapped(common, foreign)
    with pytest.raises(mapping.MappingRefused, match="does not have this indicator"):
        mapped(common, world.grants_[0], indicator=registry.identity("never"))
    with pytest.raises(IntegrityError), transaction.atomic():
        MappedIndicator.objects.create(
            common=common, grant=foreign, indicator_uuid=PEOPLE, reason="x", mapped_at=AT, mapped_by_name="x"
        )


def test_what_might_belong_is_proposed_by_unit_and_words_and_maps_nothing(world):
    common = defined(world)
    found = queries.candidates(common)
    first = found[0]
    assert (first.indicator.uuid, first.same_unit, first.unit_read, first.same_words) == (
        PEOPLE,
        True,
        True,
        True,
    )
    assert [one.proposed for one in found] == [True, True, True, False, False, False]
    assert not MappedIndicator.objects.exists()
    mapped(common, world.grants_[0])
    assert len(queries.candidates(common)) == 5


@pytest.mark.parametrize("count", [0, 2, 7])
def test_candidates_take_the_same_queries_for_any_number_of_grants(
    world, hikari, count, django_assert_num_queries
):
    common = defined(world)
    for _ in range(count):
        grant = programmes.grant(of=world, organization=hikari)
        registry.registered(grant, registry.framework(PLAN))
        numbers.registered(grant, PEOPLE, one=numbers.measure(200))
    with django_assert_num_queries(4):
        assert len(queries.candidates(common)) == 2 * (3 + count)


def test_a_mapping_and_its_end_make_every_summary_stale(world):
    common = defined(world)
    for step in (
        lambda: mapped(common, world.grants_[0]),
        lambda: mapping.end(MappedIndicator.objects.get(), reason="違った", by=numbers.OFFICER, at=AT),
        lambda: mapping.retire(common, by=numbers.OFFICER, at=AT),
    ):
        for round_ in world.rounds_:
            compiling.compile_round(round_.pk, at=AT)
        step()
        assert not any(compiling.is_fresh(round_) for round_ in world.rounds_)
    compiling.compile_round(world.rounds_[0].pk, at=AT)
    assert Summary.objects.get(round=world.rounds_[0]).numbers["common"] == []


def test_a_retired_one_takes_nothing_more(world):
    common = defined(world)
    mapping.retire(common, by=numbers.OFFICER, at=AT)
    with pytest.raises(mapping.MappingRefused, match="no longer in use"):
        mapped(common, world.grants_[0])


def test_a_mapping_follows_its_indicator_through_versions_of_the_plan(world):
    common, grant = defined(world), world.grants_[0]
    mapped(common, grant)
    moved = [
        PLAN[0] | {"statement": "（0101）新しい言葉で言い直した", "indicators": PLAN[0]["indicators"][:1]}
    ]
    registry.registered(grant, registry.framework(moved), effective_from_round=2)
    file(grant.reports[0])
    numbers.reported(grant.reports[0], PEOPLE, numbers.measure(20))
    file(grant.reports[1], "①30人")
    numbers.reported(grant.reports[1], PEOPLE, numbers.measure(30), Covers.START)
    compiling.compile_round(world.rounds_[1].pk, at=AT)
    (line,) = Summary.objects.get(round=world.rounds_[1]).numbers["common"]
    assert line["figure"]["value"] == "30"
    assert line["contributions"][0]["row"] == "（0101）新しい言葉で言い直した"
    assert not line["contributions"][0]["gone"]


def test_aspects_are_asked_in_the_order_in_which_they_tell_the_unit(world):
    grant: Any = world.grants_[0]
    numbers.registered(grant, PEOPLE, Aspect.BASELINE, numbers.measure(5, "世帯"))
    common = defined(world, unit="世帯")
    assert queries.candidate(common, grant, PEOPLE).same_unit
    numbers.registered(grant, PEOPLE, one=numbers.measure(200))
    assert not queries.candidate(common, grant, PEOPLE).same_unit
