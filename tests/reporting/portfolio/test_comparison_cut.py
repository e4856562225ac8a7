"""Where an indicator came to measure something else: figures and codes of before and after are not joined, and said so."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.filings import measured, reviewing
from minori.registry import successions
from minori.registry.change_units import indicator_key
from reporting.summaries import compiling
from reporting.summaries.models import Summary
from tests.factories import changes as make
from tests.factories import filings, people, programmes, registry

FIRST = registry.framework().rows[1].indicators[0]
KEY = indicator_key(registry.identity("0101"), FIRST.uuid)
LATER = datetime(2026, 10, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def rounds(hikari, kibou):
    """Two rounds of both organizations, on plan and then behind; only Hikari's first indicator changed its meaning."""
    first = programmes.round_()
    second = programmes.round_(of=first.programme)
    for organization in (hikari, kibou):
        grant = programmes.grant(of=first.programme, organization=organization, code=f"{organization.slug}-1")
        before, after = (programmes.deadline(of=grant, round=one) for one in (first, second))
        registry.registered(grant)
        filings.handed_in(before, rows={"0101": {"text": "①72回\n②640人", "progress": 2}})
        cut = (KEY,) if organization == hikari else ()
        make.decided(make.sent(grant), cut=cut)
        filings.handed_in(after, rows={"0101": {"text": "①5回\n②700人", "progress": 3}}, at=LATER)
    return first, second


def cells(round_):
    compiling.compile_round(round_.pk, at=timezone.now())
    contents = Summary.objects.get(round=round_).contents
    names = {line["grant"]: line["organization_name"] for line in contents["board"]}
    return {names[line["grant"]]: line["cells"][0] for line in contents["map"]}


def test_the_map_does_not_compare_codes_across_a_cut(rounds):
    found = cells(rounds[1])
    cut, whole = found["特定非営利活動法人 ひかり"], found["社会福祉法人 きぼう"]
    assert (cut["last"], cut["worse"], cut["cut"]) == (None, False, True)
    assert (whole["last"], whole["worse"], whole["cut"]) == (2, True, False)


def test_figures_are_not_joined_across_a_cut(rounds, hikari):
    grant = hikari.grants.get()
    version = grant.framework_versions.get(number=2)
    first, second = [one for one in measured.of_grant(grant, version) if one.indicator.mark]
    assert sorted(first.figures) == [2], "begins anew"
    assert sorted(second.figures) == [1, 2], "reworded or not, it goes on"
    begun = successions.beginnings_of(grant.pk)[first.indicator.uuid]
    assert (begun.number, begun.before) == (2, "①開所回数")


def test_the_pages_say_where_comparison_is_cut(client, rounds, hikari, kibou):
    desk = people.sign_in(client, people.officer(rounds[0].programme.distributor))
    numbers = {
        one.slug: desk.get(reverse("portfolio:numbers", kwargs={"code": f"{one.slug}-1"})).content.decode()
        for one in (hikari, kibou)
    }
    assert "比較の区切り" in numbers["hikari"]
    assert "比較の区切り" not in numbers["kibou"]
    late = hikari.grants.get().deadlines.get(round=rounds[1])
    reviewing.begin_reading(late, by=make.OFFICER, at=LATER)
    review = desk.get(reverse("review:deadline", kwargs={"deadline": late.pk}))
    assert review.context["read"].cuts == {str(registry.identity("0101"))}
    assert "比較の区切り" in review.content.decode()


def test_nothing_is_asked_where_no_version_lies_between(rounds, hikari, django_assert_num_queries):
    grant = hikari.grants.get()
    with django_assert_num_queries(0):
        assert successions.cut_rows(grant.pk, after=2, upto=2) == frozenset()
