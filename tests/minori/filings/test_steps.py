"""The life of a report is kept by the database itself: shown with raw SQL."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from minori.audit.trail import Actor
from minori.filings import handing_in, reviewing
from minori.filings.reviewing import Remark
from minori.programmes import deadlines
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.tenancy.rooms import as_owner, entering
from tests.factories import filings, people, programmes

OFFICER = Actor(person_id=7, name="佐伯 真理")
LATE = datetime(2026, 10, 17, 3, 0, tzinfo=UTC)
STATES = [state.value for state in DeadlineState]
OF_THE_ROOM = {("awaiting", "handed_in"), ("returned", "handed_in"), ("handed_in", "awaiting")}
OF_THE_DESK = OF_THE_ROOM | {
    ("handed_in", "returned"),
    ("handed_in", "accepted"),
    ("accepted", "returned"),
    ("awaiting", "waived"),
    ("waived", "awaiting"),
}
STEPS = [(one, other) for one, other in product(STATES, STATES) if one != other]


@pytest.fixture
def deadline(hikari) -> Deadline:
    return programmes.deadline(organization=hikari)


def run(query: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.rowcount


def refused(query: str, *params: Any) -> str:
    with pytest.raises((IntegrityError, ProgrammingError)) as caught, transaction.atomic():
        run(query, *params)
    return str(caught.value)


def bring(deadline: Deadline, state: str) -> Deadline:
    """The deadline in a state, by the rules."""
    at = filings.AT
    if state == "waived":
        deadlines.waive(deadline, reason="事業開始前", by=OFFICER, at=at)
    elif state != "awaiting":
        filing = filings.handed_in(deadline)
        if state == "accepted":
            reviewing.accept(deadline, filing=filing, by=OFFICER, at=at)
        if state == "returned":
            due_on = deadline.due_on
            reviewing.send_back(
                deadline, filing=filing, remarks=[Remark("？")], due_on=due_on, by=OFFICER, at=at
            )
    deadline.refresh_from_db()
    assert deadline.state == state
    return deadline


@pytest.mark.parametrize(("before", "after"), [step for step in STEPS if step not in OF_THE_DESK])
def test_the_desk_cannot_jump(deadline, before, after):
    bring(deadline, before)
    said = refused("UPDATE programmes_deadline SET state = %s WHERE id = %s", after, deadline.pk)
    assert f"cannot go from {before} to {after}" in said


@pytest.mark.parametrize(("before", "after"), [step for step in STEPS if step not in OF_THE_ROOM])
def test_a_room_only_hands_in_and_recalls(deadline, hikari, before, after):
    bring(deadline, before)
    with entering(hikari):
        said = refused("UPDATE public.programmes_deadline SET state = %s WHERE id = %s", after, deadline.pk)
    assert f"a room cannot move a report from {before} to {after}" in said


def test_handing_in_needs_a_new_filing(deadline):
    bring(deadline, "returned")
    said = refused("UPDATE programmes_deadline SET state = 'handed_in' WHERE id = %s", deadline.pk)
    assert "handing in needs a new filing" in said


def test_the_filing_that_counts_is_of_the_deadline_itself(deadline, kibou):
    other = programmes.deadline(organization=kibou)
    theirs = filings.handed_in(other)
    said = refused(
        "UPDATE programmes_deadline SET state = 'handed_in', current_filing_id = %s WHERE id = %s",
        theirs.pk,
        deadline.pk,
    )
    assert "must be of this deadline" in said


def test_what_is_being_read_is_not_recalled(deadline, hikari):
    bring(deadline, "handed_in")
    reviewing.begin_reading(deadline, by=OFFICER, at=filings.AT)
    with entering(hikari):
        said = refused(
            "UPDATE public.programmes_deadline SET state = 'awaiting', current_filing_id = NULL,"
            " first_handed_in_at = NULL, days_late = NULL WHERE id = %s",
            deadline.pk,
        )
    assert "is being read" in said


@pytest.mark.parametrize(
    "change", ["days_late = 0", "reading_began_at = now()", "first_handed_in_at = now(), days_late = 0"]
)
def test_a_room_changes_nothing_but_by_a_step(deadline, hikari, change):
    filings.handed_in(deadline, at=LATE)
    with entering(hikari):
        said = refused(f"UPDATE public.programmes_deadline SET {change} WHERE id = %s", deadline.pk)
    assert "only by handing in or recalling" in said


def send_back(deadline: Deadline, at: datetime) -> None:
    filing, due_on = deadline.current_filing, max(deadline.due_on, at.date())
    reviewing.send_back(deadline, filing=filing, remarks=[Remark("？")], due_on=due_on, by=OFFICER, at=at)


def test_the_filing_that_counts_changes_only_by_a_step(deadline):
    first = filings.handed_in(deadline).pk
    send_back(deadline, filings.AT)
    filings.handed_in(deadline)
    change = "UPDATE programmes_deadline SET state = %s, current_filing_id = %s WHERE id = %s"
    for state in ("handed_in", "accepted"):
        assert "only by handing in and recalling" in refused(change, state, first, deadline.pk)


def test_late_is_for_ever(deadline):
    filings.handed_in(deadline, at=LATE)
    change = "UPDATE programmes_deadline SET days_late = 0 WHERE id = %s"
    assert "that of the first revision" in refused(change, deadline.pk)
    send_back(deadline, LATE)
    assert "that of the first revision" in refused(change, deadline.pk)
    filings.handed_in(deadline, at=LATE)
    assert deadline.days_late == 3


@pytest.mark.parametrize(
    "column", ["due_on", "extended_to", "returned_due_on", "accepted_at", "waived_reason"]
)
def test_a_room_does_not_touch_the_desks_columns(deadline, hikari, column):
    with entering(hikari):
        said = refused(f"UPDATE public.programmes_deadline SET {column} = NULL WHERE id = %s", deadline.pk)
    assert "permission denied" in said


def test_a_deadline_stays_with_its_grant_and_round(deadline):
    other = programmes.deadline(organization=deadline.organization)
    said = refused("UPDATE programmes_deadline SET grant_id = %s WHERE id = %s", other.grant_id, deadline.pk)
    assert "stays with its grant" in said


@pytest.mark.parametrize(
    "table", ["filings_filing", "filings_figure", "filings_filedattachment", "audit_event"]
)
def test_the_desk_has_no_right_to_change_what_was_handed_in(deadline, table):
    filings.handed_in(deadline, attachments=[filings.photo()])
    assert "permission denied" in refused(f"UPDATE {table} SET id = id")
    assert "permission denied" in refused(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "table", ["filings_filing", "filings_figure", "filings_filedattachment", "audit_event"]
)
def test_a_room_has_no_right_to_change_what_it_handed_in(deadline, hikari, table):
    filings.handed_in(deadline, attachments=[filings.photo()])
    with entering(hikari):
        assert "permission denied" in refused(f"UPDATE public.{table} SET id = id")
        assert "permission denied" in refused(f"DELETE FROM public.{table}")


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_what_was_handed_in():
    filings.handed_in(programmes.deadline(), attachments=[filings.photo()])
    with as_owner():
        for table in ("filings_filing", "filings_figure", "filings_filedattachment", "audit_event"):
            assert "never changed or deleted" in refused(f"UPDATE {table} SET id = id")
            assert "never changed or deleted" in refused(f"DELETE FROM {table}")


def test_a_room_cannot_speak_for_the_desk(deadline, hikari):
    bring(deadline, "returned")
    who = people.member(hikari)
    insert = (
        "INSERT INTO public.filings_comment (deadline_id, organization_id, filing_id, anchor, side, body, at, by_id,"
        " by_name, answers_id, dealt_with_by_name) SELECT deadline_id,"
        " organization_id, filing_id, anchor, %s, '確認しました', now(),"
        " %s, %s, id, '' FROM public.filings_comment WHERE side = 'desk'"
    )
    with entering(hikari):
        assert "row-level security" in refused(insert, "desk", who.pk, who.name)
        assert run(insert, "room", who.pk, who.name) == 1
        assert "permission denied" in refused("UPDATE public.filings_comment SET body = 'x'")


def test_a_room_cannot_record_a_step_of_the_desk(deadline, hikari):
    insert = (
        "INSERT INTO public.audit_event (at, action, person_id, person_name, organization_id, from_state, to_state, details)"
        " VALUES (now(), %s, %s, %s, %s, '', '', '{}')"
    )
    who = people.member(hikari)
    with entering(hikari):
        assert "row-level security" in refused(insert, "accepted", who.pk, who.name, hikari.pk)
        assert run(insert, "plan_proposed", who.pk, who.name, hikari.pk) == 1


def test_a_room_cannot_register_its_own_plan(deadline, hikari):
    insert = (
        "INSERT INTO public.registry_proposal (contents, remark, state, proposed_at, proposed_by_id, proposed_by_name,"
        " decided_by_name, decision_remark, grant_id, organization_id)"
        " VALUES ('{\"rows\": []}', '', %s, now(), %s, %s, '', '', %s, %s)"
    )
    who = people.member(hikari)
    with entering(hikari):
        row = (who.pk, who.name, deadline.grant_id, hikari.pk)
        assert "row-level security" in refused(insert, "registered", *row)
        assert run(insert, "waiting", *row) == 1


def test_a_room_does_not_recall_what_was_sent_back_once(deadline, hikari):
    bring(deadline, "returned")
    filings.handed_in(deadline)
    recall = (
        "UPDATE public.programmes_deadline SET state = 'awaiting', current_filing_id = NULL,"
        " first_handed_in_at = NULL, days_late = NULL WHERE id = %s"
    )
    with entering(hikari):
        assert "sent back cannot be recalled" in refused(recall, deadline.pk)


def test_a_room_does_not_make_its_lateness_less(deadline, hikari):
    first = filings.handed_in(deadline, at=LATE)
    deadline.refresh_from_db()
    handing_in.recall(deadline, by=filings.EDITOR, at=LATE)
    hand_in = (
        "UPDATE public.programmes_deadline SET state = 'handed_in', current_filing_id = %s,"
        " first_handed_in_at = %s, days_late = %s WHERE id = %s"
    )
    with entering(hikari):
        for at, days in ((first.handed_in_at, None), (None, None), (first.handed_in_at, first.days_late + 1)):
            assert "lateness is that of the filing" in refused(hand_in, first.pk, at, days, deadline.pk)
        # and the recalled one counts no more, honest as it is about itself
        said = refused(hand_in, first.pk, first.handed_in_at, first.days_late, deadline.pk)
        assert "revision 1 has been handed in before" in said
