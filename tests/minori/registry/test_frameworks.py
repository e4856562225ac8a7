"""Plans proposed, registered, sent back, loaded and confirmed."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.registry import frameworks
from minori.registry.enums import ProposalState
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.models import FrameworkVersion, Proposal
from minori.report_forms.framework import Framework, Level
from minori.tenancy.rooms import entering
from tests.factories import people, programmes, registry

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
OFFICER = Actor(person_id=1, name="佐伯 真理")


@pytest.fixture
def grant(hikari, kibou):
    """Hikari's grant; Kibou has one with a registered plan of the same identities in the same programme."""
    ours = programmes.grant(organization=hikari)
    registry.registered(programmes.grant(organization=kibou, of=ours.programme))
    return ours


def propose(grant, plan=None):
    """Proposed in the room: now, by one of its people."""
    by = people.speaking(grant.organization)
    with entering(grant.organization):
        return frameworks.propose(
            grant,
            framework=registry.framework() if plan is None else plan,
            remark="ご確認ください",
            by=by,
            at=timezone.now(),
        )


def actions(grant):
    return list(Event.objects.filter(grant_id=grant.pk).values_list("action", flat=True))


@pytest.mark.parametrize(
    "plan",
    [
        registry.ROWS,
        [{"code": "", "statement": "（0101）連携すべき機関・団体が\n明らかになる　"}],
        [
            {"level": Level.OUTCOME_LONG, "statement": "①「自立」\n②＝つながり"},
            {
                "code": "a.1",
                "statement": "ａ．１ 相談",
                "indicators": [
                    {"mark": "➀", "target": "(1) A) 3か所、B) 3人\n(2) A) 月2回　B) 月2回"},
                    {"mark": "➁", "statement": "同上", "mid_state": "ー", "post_state": "事前評価時点で設定"},
                ],
            },
        ],
    ],
    ids=["small", "bare", "marks"],
)
def test_what_is_loaded_reads_back_to_the_letter(grant, plan):
    framework = registry.framework(plan)
    version = frameworks.load(grant, framework=framework, by=OFFICER, at=AT)
    assert frameworks.read(version) == framework
    with entering(grant.organization):
        assert frameworks.read(FrameworkVersion.objects.get(grant_id=grant.pk)) == framework


def test_a_version_is_read_in_two_queries(grant, django_assert_num_queries):
    version = registry.registered(grant)
    with django_assert_num_queries(2):
        frameworks.read(version)


def test_a_loaded_plan_waits_for_the_organization_to_confirm_it_once(grant):
    version = frameworks.load(grant, framework=registry.framework(), by=OFFICER, at=AT)
    assert (version.number, version.confirmed_at) == (1, None)
    editor, other = (people.speaking(grant.organization, name) for name in ("佐藤 和子", "別の人"))
    with entering(grant.organization):
        frameworks.confirm(version, by=editor, at=timezone.now())
        again = frameworks.confirm(version, by=other, at=timezone.now())
    assert again.confirmed_by_name == "佐藤 和子"
    assert actions(grant) == [Action.PLAN_REGISTERED, Action.PLAN_CONFIRMED]


def test_an_approved_proposal_becomes_the_next_version_confirmed_by_its_writer(grant):
    registry.registered(grant)
    proposal = propose(grant)
    version = frameworks.approve(proposal, by=OFFICER, at=AT, effective_from_round=3)
    assert (version.number, version.effective_from_round, version.confirmed_by_name) == (2, 3, "佐藤 和子")
    assert frameworks.read(version) == registry.framework()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.version_id, proposal.decided_by_name) == (
        ProposalState.REGISTERED,
        version.pk,
        "佐伯 真理",
    )
    with pytest.raises(FrameworkNotPossible):
        frameworks.decline(proposal, remark="遅すぎた", by=OFFICER, at=AT)


def test_sending_back_needs_a_remark_and_opens_the_way_for_the_next_proposal(grant):
    proposal = propose(grant)
    with pytest.raises(FrameworkNotPossible):
        frameworks.decline(proposal, remark="  ", by=OFFICER, at=AT)
    with pytest.raises(FrameworkNotPossible):
        propose(grant)
    frameworks.decline(proposal, remark="目標値を数で", by=OFFICER, at=AT)
    assert propose(grant).state == ProposalState.WAITING


def test_the_room_takes_its_waiting_proposal_back(grant):
    proposal = propose(grant)
    with entering(grant.organization):
        frameworks.withdraw(proposal, by=people.speaking(grant.organization), at=timezone.now())
    with pytest.raises(FrameworkNotPossible):
        frameworks.approve(proposal, by=OFFICER, at=AT)
    assert actions(grant) == [Action.PLAN_PROPOSED, Action.PLAN_WITHDRAWN]


@pytest.mark.parametrize(
    "plan",
    [
        Framework(),
        registry.framework([{"statement": " "}]),
        registry.framework(
            [{"statement": "窓口", "indicators": [{"mark": "指標その１から３までの", "statement": "回数"}]}]
        ),
    ],
    ids=["no rows", "no statement", "a long mark"],
)
def test_a_plan_with_mistakes_is_neither_proposed_nor_loaded(grant, plan):
    with pytest.raises(FrameworkNotPossible):
        propose(grant, plan)
    with pytest.raises(FrameworkNotPossible):
        frameworks.load(grant, framework=plan, by=OFFICER, at=AT)
    assert not Proposal.objects.exists()
    assert not FrameworkVersion.objects.filter(grant=grant).exists()


def test_a_report_answers_to_the_newest_version_effective_from_its_round_or_before(grant):
    rounds = [programmes.round_(of=grant.programme) for _ in range(3)]
    due = [programmes.deadline(of=grant, round=round_) for round_ in rounds]
    assert frameworks.version_for(due[0]) is None
    registry.registered(grant)
    registry.registered(grant, effective_from_round=3)
    registry.registered(grant, effective_from_round=2)
    assert [frameworks.version_for(one).number for one in due] == [1, 3, 3]


@pytest.mark.django_db(transaction=True)
def test_two_people_proposing_at_once_make_one_proposal(hikari):
    grant = programmes.grant(organization=hikari)
    outcomes, barrier = [], threading.Barrier(2)

    def run():
        barrier.wait()
        try:
            outcomes.append(propose(grant).state)
        except FrameworkNotPossible:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "waiting"]
    assert Proposal.objects.count() == 1


def test_registered_rows_are_never_changed(grant):
    version = registry.registered(grant)
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_registeredrow SET code = 'x' WHERE version_id = %s", [version.pk])
