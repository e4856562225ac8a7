"""Change requests applied for, sent back, answered, withdrawn and decided, by the rules."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import reviewing
from minori.registry import change_decisions, change_units, changes, frameworks
from minori.registry.change_decisions import Clashing, FunderMustAgree, RoundTaken
from minori.registry.change_models import Change, ChangeRequest, Succession
from minori.registry.change_units import indicator_key, row_key
from minori.registry.changes import Reason, Said
from minori.registry.enums import ChangeState, Cut, Party, Verdict
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Framework, Indicator
from minori.tenancy.rooms import entering
from tests.factories import changes as make
from tests.factories import filings, people, programmes, registry
from tests.factories.changes import AGREED, AT, OFFICER


@pytest.fixture
def grant(hikari, kibou):
    """Hikari's grant with a registered plan; Kibou has a change request of a plan with the same identities."""
    ours = programmes.grant(organization=hikari)
    theirs = programmes.grant(organization=kibou, of=ours.programme)
    for one in (ours, theirs):
        registry.registered(one)
    make.sent(theirs)
    return ours


def steps(grant):
    events = Event.objects.filter(grant_id=grant.pk, action__startswith="change_").order_by("pk")
    return [event.action for event in events]


def three(plan):
    """A target lowered, an outcome reworded, a row added."""
    outcome, *rest = make.with_row(make.with_target(plan, "年間120回"))
    return Framework((replace(outcome, statement="01.居場所がある"), *rest))


def test_a_request_holds_every_change_with_its_reason(grant):
    request = make.sent(grant, lambda plan: make.with_row(make.with_target(plan, "年間120回")))
    assert (request.number, request.state, request.party) == (1, ChangeState.WAITING, Party.ROOM)
    revision = request.revisions.get()
    assert [change.position for change in revision.changes.all()] == [1, 2]
    assert {change.reason for change in revision.changes.all()} == {"事情が変わったため"}
    assert steps(grant) == [Action.CHANGE_SENT]


@pytest.mark.parametrize(
    ("plan", "reasons"),
    [
        (lambda plan: plan, {}),
        (lambda plan: make.with_target(plan, "年間120回"), None),
        (lambda plan: Framework(), {}),
    ],
    ids=["nothing changed", "no reason", "no rows"],
)
def test_what_is_no_change_with_reasons_is_not_sent(grant, plan, reasons):
    old, by, now = make.plan_of(grant), people.speaking(grant.organization), timezone.now()
    with pytest.raises(FrameworkNotPossible), entering(grant.organization):
        changes.send(grant, framework=plan(old), reasons=reasons or {}, party=Party.ROOM, by=by, at=now)
    assert not ChangeRequest.objects.filter(grant=grant).exists()


def test_an_indicator_of_a_new_row_takes_the_reason_of_its_row(grant):
    old = make.plan_of(grant)
    new = make.with_row(old, indicators=[{"statement": "食事の回数"}])
    row = new.rows[-1]
    request = make.sent(grant, new, reasons={indicator_key(row.uuid, row.indicators[0].uuid): Reason("")})
    reasons = request.revisions.get().changes.values_list("reason", flat=True)
    assert set(reasons) == {"事情が変わったため"}


def test_a_grant_has_one_open_request(grant):
    make.sent(grant)
    with pytest.raises(FrameworkNotPossible):
        make.sent(grant)
    with pytest.raises(FrameworkNotPossible):
        make.sent(grant, party=Party.DESK)
    with pytest.raises(FrameworkNotPossible):
        frameworks.load(grant, framework=registry.framework(), by=OFFICER, at=AT)


def test_a_withdrawn_request_makes_room_for_the_next(grant):
    request = make.sent(grant)
    by = people.speaking(grant.organization)
    with entering(grant.organization):
        changes.withdraw(request, party=Party.ROOM, by=by, at=timezone.now())
    with pytest.raises(FrameworkNotPossible):
        make.decided(request)
    assert make.sent(grant).number == 2
    assert steps(grant) == [Action.CHANGE_SENT, Action.CHANGE_WITHDRAWN, Action.CHANGE_SENT]


def test_only_whoever_applied_withdraws(grant):
    request = make.sent(grant)
    with pytest.raises(FrameworkNotPossible):
        changes.withdraw(request, party=Party.DESK, by=OFFICER, at=AT)


def test_a_request_sent_back_comes_again_as_its_next_revision(grant):
    request = make.sent(grant)
    with pytest.raises(FrameworkNotPossible):
        changes.send_back(request, words=" ", by=OFFICER, at=AT)
    changes.send_back(request, words="理由をくわしく", by=OFFICER, at=AT)
    with pytest.raises(FrameworkNotPossible):
        make.decided(request)
    again = make.sent(grant, lambda plan: make.with_target(plan, "年間130回"))
    assert (again.pk, again.state, again.last_revision) == (request.pk, ChangeState.WAITING, 2)
    first, second = again.revisions.order_by("number")
    assert (first.returned_words, second.returned_words) == ("理由をくわしく", "")
    assert first.contents != second.contents
    assert steps(grant) == [Action.CHANGE_SENT, Action.CHANGE_RETURNED, Action.CHANGE_SENT_AGAIN]


def test_partial_approval_makes_a_version_with_just_the_approved_changes(grant):
    request = make.sent(grant, lambda plan: make.with_row(make.with_target(plan, "年間120回")))
    new = registry.framework().rows
    added = row_key(registry.identity("0102"))
    closed = make.decided(request, added)
    assert closed.state == ChangeState.DECIDED
    assert closed.version.number == 2
    assert closed.version.confirmed_by_name == "佐藤 和子"
    plan = frameworks.read(closed.version)
    assert [row.uuid for row in plan] == [row.uuid for row in new]
    assert plan.rows[1].indicators[0].target == "年間120回"
    assert plan.rows[1].indicators[0].uuid == new[1].indicators[0].uuid, "reworded, it keeps its identity"
    verdicts = dict(Change.objects.filter(revision__request=request).values_list("key", "verdict"))
    assert verdicts[added] == Verdict.DECLINED
    event = Event.objects.get(action=Action.CHANGE_DECIDED, grant_id=grant.pk)
    assert (event.details["approved"], event.details["of"]) == (1, 2)


def test_nothing_approved_is_a_decision_without_a_version(grant):
    request = make.sent(grant)
    closed = make.decided(request, *make.said_of(request))
    assert (closed.state, closed.version, closed.effective_from_round) == (ChangeState.DECIDED, None, None)
    assert grant.framework_versions.count() == 1
    assert make.sent(grant).number == 2


def test_what_does_not_stand_alone_is_refused_with_the_reason(grant):
    request = make.sent(grant, lambda plan: make.with_row(plan, indicators=[{"statement": "食事の回数"}]))
    with pytest.raises(Clashing) as refusal:
        make.decided(request, row_key(registry.identity("0102")))
    assert [clash.code for clash in refusal.value.clashes] == [change_units.ClashCode.NEEDS_ROW]
    request.refresh_from_db()
    assert request.state == ChangeState.WAITING
    assert not Change.objects.filter(revision__request=request).exclude(verdict="").exists()


def test_declining_says_why_and_every_change_is_decided(grant):
    request = make.sent(grant)
    (key,) = make.said_of(request)
    for said in ({}, {key: Said(Verdict.DECLINED, " ")}):
        with pytest.raises(FrameworkNotPossible):
            change_decisions.decide(request, said=said, effective_from_round=1, by=OFFICER, at=AT)


def test_a_change_of_short_term_outcomes_needs_the_agreement_of_the_funder(grant):
    request = make.sent(grant, three)
    with pytest.raises(FunderMustAgree):
        make.decided(request)
    outcome = row_key(registry.identity("01"))
    closed = make.decided(request, agreement=AGREED)
    assert (closed.funder_agreed_by, closed.funder_agreed_on) == (AGREED.by, AGREED.on)
    assert Change.objects.get(revision__request=request, key=outcome).concerns_outcome


def test_without_the_outcome_nobody_has_to_agree(grant):
    request = make.sent(grant, three)
    closed = make.decided(request, row_key(registry.identity("01")))
    assert closed.funder_agreed_on is None
    assert frameworks.read(closed.version).rows[0].statement == registry.framework().rows[0].statement


def test_a_change_counts_from_the_first_round_not_yet_handed_in(grant):
    rounds = [programmes.round_(of=grant.programme) for _ in range(3)]
    due = [programmes.deadline(of=grant, round=one) for one in rounds]
    filings.handed_in(due[0])
    request = make.sent(grant)
    with pytest.raises(RoundTaken):
        make.decided(request, effective_from_round=1)
    closed = make.decided(request)
    assert closed.effective_from_round == 2
    assert [frameworks.version_for(one).number for one in due] == [1, 2, 2]
    due[0].refresh_from_db()
    assert due[0].current_filing.framework_version.number == 1


def test_a_report_that_comes_back_is_written_against_its_old_version(grant):
    due = programmes.deadline(of=grant)
    filing = filings.handed_in(due)
    make.decided(make.sent(grant))
    reviewing.send_back(
        due, filing=filing, remarks=[reviewing.Remark("？")], due_on=date(2026, 10, 30), by=OFFICER, at=AT
    )
    assert frameworks.version_for(due).number == 1


def test_a_changed_meaning_gives_a_new_identity_and_says_what_came_before(grant):
    old = registry.framework().rows[1].indicators[0]
    key = indicator_key(registry.identity("0101"), old.uuid)
    request = make.sent(grant, reasons={key: Reason("数え方を変える", meaning_changed=True)})
    closed = make.decided(request, cut=(key,))
    now = frameworks.read(closed.version).rows[1].indicators[0]
    assert now.uuid != old.uuid
    assert now.target == "年間120回"
    found = Succession.objects.get()
    assert (found.uuid, found.before_uuid, found.cut) == (now.uuid, old.uuid, Cut.MEANING)
    assert (found.row_uuid, found.reason) == (registry.identity("0101"), "数え方を変える")


def test_an_indicator_split_off_names_where_it_came_from(grant):
    old = make.plan_of(grant)
    first, second = old.rows[1].indicators
    new = Framework(
        (
            old.rows[0],
            replace(
                old.rows[1],
                indicators=(
                    first,
                    second,
                    Indicator(uuid=registry.identity("split"), mark="③", statement="うち小学生"),
                ),
            ),
            old.rows[2],
        )
    )
    key = indicator_key(old.rows[1].uuid, registry.identity("split"))
    make.decided(make.sent(grant, new, reasons={key: Reason("分けて見る", came_from=second.uuid)}))
    found = Succession.objects.get()
    assert (found.uuid, found.before_uuid, found.cut) == (registry.identity("split"), second.uuid, Cut.SPLIT)


def test_a_plan_that_got_a_newer_version_meanwhile_is_not_overwritten(grant):
    make.decided(make.sent(grant))
    request = make.sent(grant, lambda plan: make.with_target(plan, "年間110回"))
    request.revisions.get().base.refresh_from_db()
    FrameworkVersion.objects.create(
        grant=grant,
        organization_id=grant.organization_id,
        number=3,
        effective_from_round=1,
        registered_at=AT,
        registered_by_name="別の人",
        reason="写し間違い",
    )
    with pytest.raises(FrameworkNotPossible, match="新しい版"):
        make.decided(request)


def test_the_officer_proposes_and_the_organization_answers_before_it_counts(grant):
    request = make.sent(
        grant, lambda plan: make.with_row(make.with_target(plan, "年間120回")), party=Party.DESK
    )
    with pytest.raises(FrameworkNotPossible):
        make.decided(request)
    added = row_key(registry.identity("0102"))
    by, now = people.speaking(grant.organization), timezone.now()
    with entering(grant.organization):
        with pytest.raises(FrameworkNotPossible):
            changes.answer(request, said={}, by=by, at=now)
        changes.answer(request, said=make.said_of(request, added), by=by, at=now)
        with pytest.raises(FrameworkNotPossible):
            changes.answer(request, said=make.said_of(request), by=by, at=now)
    request.refresh_from_db()
    assert request.state == ChangeState.ANSWERED
    with pytest.raises(FrameworkNotPossible, match="同意していません"):
        make.decided(request)
    closed = make.decided(request, added)
    assert (closed.version.confirmed_by_name, closed.version.confirmed_at) == (by.name, now)
    assert steps(grant) == [Action.CHANGE_OFFERED, Action.CHANGE_ANSWERED, Action.CHANGE_DECIDED]


def test_a_revision_is_read_in_three_queries(grant, django_assert_num_queries):
    revision = make.sent(grant).revisions.select_related("base").get()
    with django_assert_num_queries(3):
        changes.read(revision)
