"""Outputs linked with outcomes: confirmed by a person, kept with every version, guarded by the database."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.registry import frameworks, outcome_links
from minori.registry.link_models import OutcomeLink
from minori.registry.outcome_links import LinkNotPossible
from minori.report_forms.framework import Level
from minori.tenancy.rooms import entering
from tests.factories import programmes, registry

AT = datetime(2026, 6, 1, tzinfo=UTC)
ONE, TWO = registry.identity("01"), registry.identity("02")
FIRST, SECOND = registry.identity("0101"), registry.identity("開所の案内")
ROWS = (
    {"level": Level.OUTCOME_SHORT, "code": "01", "statement": "01.居場所がある"},
    {"level": Level.OUTCOME_SHORT, "code": "02", "statement": "02.学びが続く"},
    {"code": "0101", "statement": "（0101）開所している"},
    {"statement": "開所の案内"},
)


@pytest.fixture
def grant(hikari):
    return programmes.grant(organization=hikari)


@pytest.fixture
def version(grant):
    return registry.registered(grant, registry.framework(ROWS))


def confirm(version, *pairs, seen=None):
    links = outcome_links.standing(version)
    return outcome_links.confirm(
        version,
        frameworks.read(version),
        pairs=pairs,
        seen=outcome_links.seal(links) if seen is None else seen,
        by=registry.OFFICER,
        at=AT,
    )


def standing(version):
    return {(one.output_uuid, one.outcome_uuid) for one in outcome_links.standing(version)}


def test_a_confirmed_link_says_who_confirmed_it_and_what_spoke_for_it(version):
    by_code, by_hand = confirm(version, (FIRST, ONE), (SECOND, ONE))
    assert (by_code.confirmed_by_name, by_code.basis) == (registry.OFFICER.name, "code,order")
    assert by_hand.basis == "hand"
    assert Event.objects.get(action=Action.ROWS_LINKED).details == {"number": 1, "count": 2}


def test_what_is_left_out_ends_and_stays_in_the_history(version):
    confirm(version, (FIRST, ONE), (SECOND, TWO))
    assert confirm(version, (FIRST, ONE)) == []
    assert standing(version) == {(FIRST, ONE)}
    ended = OutcomeLink.objects.get(output_uuid=SECOND)
    assert (ended.ended_at, ended.ended_by_name) == (AT, registry.OFFICER.name)


def test_nobody_ends_a_link_that_they_have_not_seen(version):
    seen = outcome_links.seal([])
    confirm(version, (FIRST, ONE), seen=seen)
    with pytest.raises(LinkNotPossible):
        confirm(version, (SECOND, TWO), seen=seen)
    assert standing(version) == {(FIRST, ONE)}


@pytest.mark.parametrize("pair", [(ONE, FIRST), (FIRST, SECOND), (registry.identity("x"), ONE)])
def test_only_an_output_and_an_outcome_of_the_version_are_linked(version, pair):
    with pytest.raises(LinkNotPossible):
        confirm(version, (FIRST, ONE), pair)
    assert not OutcomeLink.objects.exists()


def test_a_later_version_keeps_the_links_of_its_rows_and_an_old_one_is_linked_no_more(version, grant):
    confirm(version, (FIRST, ONE), (SECOND, TWO))
    later = registry.registered(grant, registry.framework(ROWS[:3]))
    assert standing(later) == {(FIRST, ONE)}
    kept = outcome_links.standing(later)[0]
    assert (kept.carried_from, kept.confirmed_at) == (1, AT)
    assert standing(version) == {(FIRST, ONE), (SECOND, TWO)}  # old reports keep their version
    with pytest.raises(LinkNotPossible):
        confirm(version, (FIRST, TWO))
    third = registry.registered(grant, registry.framework(ROWS))
    assert outcome_links.standing(third)[0].carried_from == 1
    assert outcome_links.differences(version, later) == [outcome_links.Difference(SECOND, TWO, is_new=False)]


def test_what_has_no_link_is_counted_where_there_are_outcomes(version):
    framework = frameworks.read(version)
    links = outcome_links.by_row(confirm(version, (FIRST, ONE)))
    assert outcome_links.unlinked(framework, links) == 1
    assert outcome_links.unlinked(registry.framework(ROWS[2:]), {}) == 0


def test_the_database_keeps_links_within_their_version_and_in_the_history(version, kibou):
    link = confirm(version, (FIRST, ONE))[0]
    fields = {"basis": "hand", "confirmed_at": AT, "confirmed_by_name": "x", "output_uuid": SECOND}
    for wrong in ({"outcome_uuid": FIRST}, {"outcome_uuid": ONE, "organization_id": kibou.pk}):
        said = {"version": version, "organization_id": version.organization_id} | fields | wrong
        with pytest.raises(IntegrityError, match="outcome of its own version"), transaction.atomic():
            OutcomeLink.objects.create(**said)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        OutcomeLink.objects.filter(pk=link.pk).update(outcome_uuid=TWO)
    with pytest.raises(IntegrityError, match="stays in the history"), transaction.atomic():
        link.delete()


def test_a_room_sees_its_own_links_and_nobody_elses(version, grant, kibou):
    confirm(version, (FIRST, ONE))
    theirs = programmes.grant(organization=kibou)
    confirm(registry.registered(theirs, registry.framework(ROWS)), (FIRST, TWO))
    with entering(grant.organization):
        assert list(OutcomeLink.objects.order_by("pk").values_list("outcome_uuid", flat=True)) == [ONE]


def test_a_later_version_without_a_change_request_says_why(version, grant):
    with pytest.raises(frameworks.FrameworkNotPossible):
        registry.registered(grant, registry.framework(ROWS), reason="  ")
    later = registry.registered(grant, registry.framework(ROWS), reason="写し間違い ")
    assert (version.reason, later.reason) == ("", "写し間違い")
    with pytest.raises(IntegrityError, match="says why"), transaction.atomic(), connection.cursor() as cursor:
        registry.registered_past_the_rules(grant)
        cursor.execute("SET CONSTRAINTS later_versions_say_why IMMEDIATE")
