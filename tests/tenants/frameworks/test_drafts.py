"""The rules of drafts: kept to the letter, begun from what is registered, each room its own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from minori.audit.trail import Actor
from minori.registry import frameworks
from minori.report_forms.framework import Framework, Level
from minori.tenancy.rooms import entering
from tenants.frameworks import drafts
from tenants.frameworks.models import Draft
from tests.factories import people, registry

AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
BY = Actor(person_id=5, name="佐藤 和子")


def write(grant, framework, at=AT):
    with entering(grant.organization):
        return drafts.change(grant, lambda _draft: framework, by=BY, at=at)


def read(grant):
    with entering(grant.organization):
        return drafts.read(grant.pk)


@pytest.mark.parametrize(
    "rows",
    [
        registry.ROWS,
        [
            {
                "statement": "",
                "code": "０１",
                "indicators": [{"mark": "➀"}, {"mark": "（２）", "means": " \n台帳 "}],
            }
        ],
        [{"level": Level.OUTCOME_LONG, "statement": "①「自立」\n②＝つながり", "season": "4月〜"}],
    ],
    ids=["small", "unfinished", "signs"],
)
def test_a_draft_reads_back_to_the_letter(grant, theirs, rows):
    framework = registry.framework(rows)
    write(grant, framework)
    assert read(grant) == framework
    assert [row.statement for row in read(theirs)] == ["きぼうの秘密"]


def test_a_draft_begins_from_the_newest_registered_version_with_its_identities(grant):
    registry.registered(grant)
    with entering(grant.organization):
        assert drafts.read(grant.pk) is None
        assert drafts.begin(grant, by=BY, at=AT) == registry.framework()


def test_a_draft_without_a_registered_version_begins_empty(grant):
    with entering(grant.organization):
        assert drafts.begin(grant, by=BY, at=AT) == Framework()


def test_a_draft_is_over_once_it_was_registered(grant):
    write(grant, registry.framework())
    by = people.speaking(grant.organization)
    with entering(grant.organization):
        proposal = drafts.hand_in(grant, remark="", by=by, at=timezone.now())
    assert read(grant) == registry.framework()
    version = frameworks.approve(proposal, by=BY, at=LATER)
    assert frameworks.read(version) == registry.framework()
    assert read(grant) is None


def test_a_draft_outlives_a_plan_that_the_officer_loads_meanwhile(grant):
    write(grant, registry.framework([{"statement": "書きかけ"}]))
    registry.registered(grant, at=LATER)
    assert [row.statement for row in read(grant)] == ["書きかけ"]


def test_a_draft_is_discarded_with_its_rows(grant, theirs):
    write(grant, registry.framework())
    with entering(grant.organization):
        drafts.discard(grant.pk)
        assert drafts.read(grant.pk) is None
    assert read(theirs) is not None


def test_drafts_of_another_room_cannot_be_reached_by_their_keys(grant, theirs):
    with entering(theirs.organization):
        key = Draft.objects.get().pk
    with entering(grant.organization):
        Draft.objects.create(pk=key, grant_id=grant.pk, created_at=AT, changed_at=AT)
        assert drafts.read(grant.pk) == Framework()
        assert drafts.read(theirs.pk) is None
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT * FROM o_kibou.frameworks_draft")
