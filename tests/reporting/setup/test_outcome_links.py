"""The page where an officer confirms which outputs serve which outcomes."""

import pytest
from django.urls import reverse

from minori.registry import outcome_links
from tests.factories import people, programmes, registry
from tests.minori.registry.test_outcome_links import FIRST, ONE, ROWS, SECOND, TWO


def url(grant, name="outcome_links", **more):
    return reverse(f"setup:{name}", kwargs={"code": grant.code, **more})


@pytest.fixture
def version(grant):
    return registry.registered(grant, registry.framework(ROWS))


def sent(page, *pairs):
    seen = page.context["seen"]
    chosen = [f"{output}/{outcome}" for output, outcome in pairs]
    return {"seen": seen, "version": str(page.context["version"].number), "chosen": chosen}


def test_what_is_clear_is_ticked_and_what_is_doubtful_says_why(desk, grant, version):
    page = desk.get(url(grant))
    told = page.content.decode()
    assert f'value="{FIRST}/{ONE}" checked' in told
    assert f'value="{SECOND}/{TWO}" checked' not in told
    assert "要確認" in told
    assert "並びの位置" in told


def test_confirmed_links_stand_in_the_plan_of_both_sides(desk, client, grant, version):
    page = desk.get(url(grant))
    assert desk.post(url(grant), sent(page, (FIRST, ONE), (SECOND, ONE))).url.endswith("/versions/1/")
    shown = desk.get(url(grant, "version", number=1)).content.decode()
    assert "つながるアウトカム：01" in shown
    assert "つながるアウトプット：0101、開所の案内" in shown
    people.sign_in(client, people.member(grant.organization, "editor"))
    address = reverse(
        "frameworks:plan", kwargs={"organization": grant.organization.slug, "grant": grant.code}
    )
    assert "つながるアウトカム：01" in client.get(address).content.decode()


def test_a_page_that_is_out_of_date_changes_nothing(desk, grant, version):
    page = desk.get(url(grant))
    desk.post(url(grant), sent(page, (FIRST, ONE)))
    answer = desk.post(url(grant), sent(page, (SECOND, TWO)))
    assert answer.status_code == 422
    assert "別の人が結びつけを変えました" in answer.content.decode()
    registry.registered(grant, registry.framework(ROWS))
    assert "新しい版" in desk.post(url(grant), sent(page)).content.decode()
    links = outcome_links.standing(version)
    assert [(one.output_uuid, one.outcome_uuid) for one in links] == [(FIRST, ONE)]


def test_the_difference_of_two_versions_tells_the_links_that_went(desk, grant, version):
    page = desk.get(url(grant))
    desk.post(url(grant), sent(page, (FIRST, ONE), (SECOND, TWO)))
    registry.registered(grant, registry.framework(ROWS[:3]))
    changes = desk.get(url(grant, "changes", number=2, since=1)).content.decode()
    assert "アウトプットとアウトカムの結びつき" in changes
    assert "開所の案内 → 02" in changes


def test_without_a_plan_there_is_no_page_and_readers_change_nothing(desk, reader, grant):
    assert desk.get(url(grant)).status_code in {403, 404}
    registry.registered(grant)
    assert reader.get(url(grant)).status_code == 403


@pytest.mark.parametrize("more", [0, 6])
def test_the_number_of_queries_does_not_grow_with_rows(desk, grant, more, django_assert_num_queries):
    rows = [*ROWS, *({"statement": f"アウトプット{number}"} for number in range(more))]
    registry.registered(grant, registry.framework(rows))
    desk.get(url(grant))
    with django_assert_num_queries(8):
        desk.get(url(grant))


def test_a_grant_of_another_distributor_is_not_there(desk, theirs):
    registry.registered(theirs)
    assert desk.get(url(theirs)).status_code == 404
    assert programmes.Grant.objects.filter(pk=theirs.pk).exists()
