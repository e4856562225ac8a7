"""Deadlines set, moved, extended and waived: each step with its event, none after the report is in."""

from datetime import UTC, date, datetime

import pytest

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.programmes import deadlines
from minori.programmes.deadlines import DeadlineProblem
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from tests.factories import programmes

AT = datetime(2026, 9, 1, 0, 0, tzinfo=UTC)
BY = Actor(person_id=7, name="佐伯 真理")


@pytest.fixture
def deadline(hikari, kibou):
    """Hikari's deadline, with Kibou's beside it in the same round."""
    ours = programmes.deadline(organization=hikari)
    neighbour = programmes.grant(organization=kibou, of=ours.grant.programme)
    programmes.deadline(of=neighbour, round=ours.round)
    return ours


def events(deadline):
    return list(Event.objects.filter(deadline_id=deadline.pk).values_list("action", flat=True))


def neighbour_of(deadline):
    return Deadline.objects.exclude(pk=deadline.pk).get(round=deadline.round)


def test_a_round_gives_every_grant_that_runs_during_it_one_deadline(hikari, kibou):
    programme = programmes.programme()
    runs = programmes.grant(organization=hikari, of=programme)
    programmes.grant(organization=kibou, of=programme, ends_on=date(2026, 3, 31))
    programmes.grant(organization=kibou, of=programme, starts_on=date(2026, 10, 1))
    round_ = programmes.round_(of=programme)
    made = deadlines.set_for_round(round_, by=BY, at=AT)
    assert [(one.grant_id, one.due_on, one.organization_id) for one in made] == [
        (runs.pk, round_.due_on, hikari.pk)
    ]
    assert events(made[0]) == [Action.DEADLINE_SET]
    assert deadlines.set_for_round(round_, by=BY, at=AT) == []


def test_a_new_grant_gets_a_deadline_in_every_round_it_runs_during(hikari):
    programme = programmes.programme()
    for year in (2025, 2026, 2027):
        programmes.round_(of=programme, period_starts_on=date(year, 4, 1), period_ends_on=date(year, 9, 30))
    grant = programmes.grant(organization=hikari, of=programme, starts_on=date(2026, 9, 30))
    made = deadlines.set_for_grant(grant, by=BY, at=AT)
    assert [one.round.number for one in made] == [2, 3]
    assert deadlines.set_for_grant(grant, by=BY, at=AT) == []


def test_a_report_can_be_asked_for_where_the_dates_do_not(hikari):
    grant = programmes.grant(organization=hikari, starts_on=date(2027, 4, 1))
    round_ = programmes.round_(of=grant.programme)
    made = deadlines.require(grant, round_, by=BY, at=AT)
    assert deadlines.require(grant, round_, by=BY, at=AT) == made
    assert events(made) == [Action.DEADLINE_SET]


def test_moving_starts_a_new_ladder_and_is_recorded(deadline):
    moved = deadlines.move(deadline, due_on=date(2026, 10, 20), by=BY, at=AT)
    assert (moved.due_on, moved.due_version) == (date(2026, 10, 20), 2)
    event = Event.objects.get(deadline_id=deadline.pk)
    assert (event.action, event.person_name, event.at) == (Action.DEADLINE_MOVED, "佐伯 真理", AT)
    assert event.details == {"from": "2026-10-14", "to": "2026-10-20"}
    assert (event.programme_id, event.round_id) == (deadline.grant.programme_id, deadline.round_id)
    assert neighbour_of(deadline).due_on == date(2026, 10, 14)


def test_moving_to_the_same_date_changes_nothing(deadline):
    assert deadlines.move(deadline, due_on=deadline.due_on, by=BY, at=AT).due_version == 1
    assert events(deadline) == []


def test_an_extension_that_is_no_longer_later_falls_away(deadline):
    deadlines.extend(deadline, to=date(2026, 10, 21), reason="担当者の入院", by=BY, at=AT)
    assert deadlines.move(deadline, due_on=date(2026, 10, 20), by=BY, at=AT).extended_to == date(2026, 10, 21)
    assert deadlines.move(deadline, due_on=date(2026, 10, 21), by=BY, at=AT).extended_to is None


def test_a_due_date_before_the_round_opens_is_refused(deadline):
    with pytest.raises(DeadlineProblem, match=r"."):
        deadlines.move(deadline, due_on=date(2026, 9, 30), by=BY, at=AT)


def test_extensions_keep_their_history_with_reasons(deadline):
    deadlines.extend(deadline, to=date(2026, 10, 21), reason="担当者の入院", by=BY, at=AT)
    extended = deadlines.extend(deadline, to=date(2026, 10, 28), reason="台風", by=BY, at=AT)
    assert (extended.extended_to, extended.due_version) == (date(2026, 10, 28), 3)
    details = Event.objects.filter(deadline_id=deadline.pk).values_list("details", flat=True)
    assert list(details) == [
        {"from": "2026-10-14", "to": "2026-10-21", "reason": "担当者の入院"},
        {"from": "2026-10-21", "to": "2026-10-28", "reason": "台風"},
    ]


@pytest.mark.parametrize(("to", "reason"), [(date(2026, 10, 14), "台風"), (date(2026, 10, 21), " 　")])
def test_an_extension_must_be_later_and_say_why(deadline, to, reason):
    with pytest.raises(DeadlineProblem):
        deadlines.extend(deadline, to=to, reason=reason, by=BY, at=AT)
    assert events(deadline) == []


def test_a_waiver_says_why_and_can_be_taken_back(deadline):
    waived = deadlines.waive(deadline, reason="事業の中断", by=BY, at=AT)
    assert (waived.state, waived.waived_reason) == (DeadlineState.WAIVED, "事業の中断")
    with pytest.raises(DeadlineProblem):
        deadlines.move(deadline, due_on=date(2026, 10, 20), by=BY, at=AT)
    again = deadlines.require_again(deadline, by=BY, at=AT)
    assert (again.state, again.waived_reason) == (DeadlineState.AWAITING, "")
    assert events(deadline) == [Action.WAIVED, Action.UNWAIVED]
    assert neighbour_of(deadline).state == DeadlineState.AWAITING


def test_a_waiver_without_a_reason_is_refused(deadline):
    with pytest.raises(DeadlineProblem):
        deadlines.waive(deadline, reason=" ", by=BY, at=AT)


def test_a_rounds_new_date_moves_only_deadlines_that_had_the_old_one(hikari, kibou):
    first = programmes.deadline(organization=hikari)
    round_ = first.round
    grants = [programmes.grant(organization=kibou, of=round_.programme) for _ in range(2)]
    own_date = programmes.deadline(of=grants[0], round=round_, due_on=date(2026, 10, 30))
    waived = programmes.deadline(of=grants[1], round=round_)
    deadlines.waive(waived, reason="中断", by=BY, at=AT)
    round_.due_on = date(2026, 10, 20)
    round_.save()
    moved = deadlines.follow_round(round_, due_before=date(2026, 10, 14), closes_before=None, by=BY, at=AT)
    assert [one.pk for one in moved] == [first.pk]
    own_date.refresh_from_db()
    assert own_date.due_on == date(2026, 10, 30)
    assert Event.objects.filter(action=Action.DEADLINE_MOVED).count() == 1
