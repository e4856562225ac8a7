"""The wording of the contracted plan: read by its own organization, by nobody else, and changed by nobody."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from minori.registry import plan_sources
from minori.registry.models import PlanSource
from minori.registry.plan_sources import Source, SourceLine
from minori.report_forms.framework import Framework
from minori.tenancy.rooms import entering
from tests.factories import registry

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


def source(text):
    return Source("計画.xlsx", (SourceLine(where="計画!8", level="output", cells={"target": text}),))


@pytest.fixture
def version(grant, theirs):
    registry.registered(theirs, source=source("きぼうの秘密"))
    return registry.registered(grant, source=source("➀年150回\n➁年1,500人"))


def test_an_organization_reads_the_wording_of_its_own_plan(editor, grant, version):
    there = {"organization": "hikari", "grant": grant.code, "number": 1}
    page = editor.get(reverse("frameworks:version", kwargs=there)).content.decode()
    assert "➀年150回\n➁年1,500人" in page
    assert "計画!8" in page


def test_a_room_sees_no_other_organizations_wording(hikari, version):
    assert PlanSource.objects.count() == 2
    with entering(hikari):
        assert [one.version_id for one in PlanSource.objects.all()] == [version.pk]


def test_a_wording_is_never_changed_or_deleted(hikari, version):
    kept = PlanSource.objects.get(version=version)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanSource.objects.filter(pk=kept.pk).update(filename="別の計画.xlsx")
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()
    with entering(hikari), pytest.raises(DatabaseError), transaction.atomic():
        PlanSource.objects.filter(pk=kept.pk).update(filename="別の計画.xlsx")
    assert plan_sources.read_back(version) == source("➀年150回\n➁年1,500人")


def test_a_version_that_was_typed_has_no_wording_of_its_own(grant):
    assert plan_sources.read_back(registry.registered(grant)) is None


def test_an_organization_sees_what_changed_between_its_own_versions(editor, grant, theirs):
    registry.registered(grant)
    first = registry.framework()
    registry.registered(
        grant, Framework((*first.rows[:1], replace(first.rows[1], statement="別の言い方"), first.rows[2]))
    )
    there = {"organization": "hikari", "grant": grant.code, "number": 2, "since": 1}
    page = editor.get(reverse("frameworks:changes", kwargs=there)).content.decode()
    assert "（0101）週3回の居場所が開かれている</del>" in page
    assert "別の言い方</ins>" in page
    assert editor.get(reverse("frameworks:changes", kwargs=there | {"since": 7})).status_code == 404
    assert editor.get(reverse("frameworks:changes", kwargs=there | {"grant": theirs.code})).status_code == 404
