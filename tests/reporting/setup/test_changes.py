"""What changed between two versions, for the officer: of registered ones, and of a proposal that waits."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.registry import frameworks
from minori.report_forms.framework import Framework
from minori.tenancy.rooms import entering
from tests.factories import people, registry

AT = datetime(2026, 6, 1, tzinfo=UTC)


def with_target(text):
    plan = registry.framework()
    return Framework(
        tuple(
            replace(row, indicators=(replace(row.indicators[0], target=text), *row.indicators[1:]))
            if row.code == "0101"
            else row
            for row in plan
        )
    )


def there(grant, number, since):
    return reverse("setup:changes", kwargs={"code": grant.code, "number": number, "since": since})


@pytest.fixture
def versions(grant):
    registry.registered(grant)
    registry.registered(grant, with_target("年間\n180回"))
    return registry.registered(grant, with_target("年間200回"))


def test_what_changed_between_two_versions_is_a_page(desk, grant, versions):
    page = desk.get(there(grant, 3, 1)).content.decode()
    assert "年間150回</del>" in page
    assert "年間200回</ins>" in page
    assert "年間のべ" not in page, "what stayed is not shown"
    assert there(grant, 3, 2) in page
    assert (
        there(grant, 3, 2)
        in desk.get(reverse("setup:version", kwargs={"code": grant.code, "number": 3})).content.decode()
    )


def test_versions_that_do_not_exist_are_not_compared(desk, grant, versions):
    assert desk.get(there(grant, 3, 9)).status_code == 404


def test_versions_of_another_distributors_grant_are_not_compared(desk, theirs):
    registry.registered(theirs)
    registry.registered(theirs, with_target("秘密"))
    assert desk.get(there(theirs, 2, 1)).status_code == 404


def test_a_proposal_that_waits_shows_what_it_changes(desk, grant):
    registry.registered(grant)
    by = people.speaking(grant.organization)
    with entering(grant.organization):
        plan = with_target("年間90回")
        proposal = frameworks.propose(grant, framework=plan, remark="", by=by, at=timezone.now())
    page = desk.get(
        reverse("setup:proposal", kwargs={"code": grant.code, "pk": proposal.pk})
    ).content.decode()
    assert "年間150回</del>" in page
    assert "年間90回</ins>" in page


def test_comparing_reads_versions_together(desk, grant, versions, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        desk.get(there(grant, 3, 1))
