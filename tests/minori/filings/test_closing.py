"""The closing date: it stops the first hand-in and nothing else; and what came late is late for ever."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import translation

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import handing_in, reviewing
from minori.filings.handing_in import NotPossibleNow
from minori.filings.reviewing import Remark
from minori.programmes import deadlines
from minori.programmes.deadlines import DeadlineProblem
from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tests.factories import filings, programmes

OFFICER = Actor(person_id=7, name="佐伯 真理")
CLOSES = date(2026, 10, 31)
LAST_MINUTE = datetime(2026, 10, 31, 14, 59, tzinfo=UTC)  # 23:59 in Tokyo
MIDNIGHT = datetime(2026, 10, 31, 15, 0, tzinfo=UTC)
AT = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)


@pytest.fixture
def deadline(hikari: Any) -> Deadline:
    """Due on 14 October, closed after the 31st."""
    return programmes.deadline(organization=hikari, closes_on=CLOSES)


def refused(query: str, *params: Any) -> str:
    refusals = (IntegrityError, ProgrammingError)
    with pytest.raises(refusals) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, params)
    return str(caught.value)


def returned(deadline: Deadline, *, at: datetime) -> Deadline:
    filing = deadline.current_filing
    assert filing is not None
    reviewing.send_back(
        deadline, filing=filing, remarks=[Remark("？")], due_on=date(2099, 1, 1), by=OFFICER, at=at
    )
    deadline.refresh_from_db()
    return deadline


def test_until_midnight_at_the_distributors_it_can_be_handed_in(deadline):
    assert filings.handed_in(deadline, at=LAST_MINUTE).days_late == 17


def test_after_it_the_first_hand_in_is_refused_and_says_whom_to_ask(deadline):
    with translation.override("ja"), pytest.raises(NotPossibleNow) as refusal:
        filings.handed_in(deadline, at=MIDNIGHT)
    assert "2026年10月31日" in str(refusal.value)
    assert deadline.grant.lead_officer.name in str(refusal.value)
    assert deadline.grant.programme.distributor.name in str(refusal.value)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.filings.count()) == ("awaiting", 0)


def test_a_report_that_was_sent_back_comes_again_after_it(deadline):
    filings.handed_in(deadline)
    returned(deadline, at=MIDNIGHT)
    assert filings.handed_in(deadline, at=MIDNIGHT).revision == 2


def test_after_it_nothing_is_taken_back(deadline, hikari):
    filings.handed_in(deadline)
    with entering(hikari), pytest.raises(NotPossibleNow):
        handing_in.recall(deadline, by=filings.EDITOR, at=MIDNIGHT)


def test_the_database_says_the_same_to_a_room(hikari):
    """Raw SQL, as no page of ours: the day of the filing decides, and for taking back the server's clock."""
    deadline = programmes.deadline(organization=hikari)
    filings.handed_in(deadline, at=MIDNIGHT)
    back = (
        "UPDATE public.programmes_deadline SET state = 'awaiting', current_filing_id = NULL,"
        " first_handed_in_at = NULL, days_late = NULL WHERE id = %s"
    )
    Deadline.objects.filter(pk=deadline.pk).update(closes_on=CLOSES)
    with entering(hikari):
        assert "not recalled after the closing date" in refused(back, deadline.pk)
    filing = deadline.current_filing
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programmes_deadline SET closes_on = NULL WHERE id = %s", [deadline.pk])
        cursor.execute(back.replace("public.", ""), [deadline.pk])
        cursor.execute("UPDATE programmes_deadline SET closes_on = %s WHERE id = %s", [CLOSES, deadline.pk])
    with entering(hikari):
        again = (
            "UPDATE public.programmes_deadline SET state = 'handed_in', current_filing_id = %s,"
            " first_handed_in_at = %s, days_late = %s WHERE id = %s"
        )
        said = refused(again, filing.pk, filing.handed_in_at, filing.days_late, deadline.pk)
    assert "closed on 2026-10-31" in said


def test_it_is_never_before_the_date_in_force(deadline):
    for change in ("closes_on = '2026-10-13'", "extended_to = '2026-11-01'"):
        said = refused(f"UPDATE programmes_deadline SET {change} WHERE id = %s", deadline.pk)
        assert "a_deadline_closes_after_it_is_due" in said
    with pytest.raises(DeadlineProblem):
        deadlines.close_on(deadline, closes_on=date(2026, 10, 13), reason="変更", by=OFFICER, at=AT)
    assert "a_round_closes_after_it_is_due" in refused(
        "UPDATE programmes_round SET closes_on = '2026-10-13' WHERE id = %s", deadline.round_id
    )


def test_more_time_and_a_later_due_date_pull_it_along(deadline):
    extended = deadlines.extend(deadline, to=date(2026, 11, 6), reason="台風", by=OFFICER, at=AT)
    assert extended.closes_on == date(2026, 11, 6)
    moved = deadlines.move(deadline, due_on=date(2026, 11, 20), by=OFFICER, at=AT)
    assert (moved.closes_on, moved.extended_to) == (date(2026, 11, 20), None)
    details = list(Event.objects.filter(deadline_id=deadline.pk).values_list("details", flat=True))
    assert [(one["closes_from"], one["closes_to"]) for one in details] == [
        ("2026-10-31", "2026-11-06"),
        ("2026-11-06", "2026-11-20"),
    ]


def test_it_is_lifted_for_one_grant_with_a_reason(deadline):
    with pytest.raises(DeadlineProblem):
        deadlines.close_on(deadline, closes_on=None, reason=" ", by=OFFICER, at=AT)
    lifted = deadlines.close_on(deadline, closes_on=None, reason="被災のため", by=OFFICER, at=AT)
    assert (lifted.closes_on, lifted.due_version) == (None, 1)
    event = Event.objects.get(deadline_id=deadline.pk)
    assert event.action == Action.CLOSING_LIFTED
    assert event.details == {"reason": "被災のため", "closes_from": "2026-10-31", "closes_to": ""}
    assert filings.handed_in(deadline, at=MIDNIGHT).days_late == 18


def test_a_rounds_closing_date_goes_to_its_deadlines_but_not_to_those_it_was_lifted_for(hikari, kibou):
    lifted = programmes.deadline(organization=hikari)
    round_ = lifted.round
    plain, own, done = (
        programmes.deadline(
            of=programmes.grant(organization=kibou, of=round_.programme), round=round_, **fields
        )
        for fields in ({}, {"closes_on": date(2026, 12, 1)}, {})
    )
    filings.handed_in(done)
    round_.closes_on = CLOSES
    round_.save()
    change = {"due_before": round_.due_on, "by": OFFICER, "at": AT}
    moved = deadlines.follow_round(round_, closes_before=None, **change)
    assert [one.pk for one in moved] == [lifted.pk, plain.pk]
    deadlines.close_on(lifted, closes_on=None, reason="被災のため", by=OFFICER, at=AT)
    round_.closes_on = None
    deadlines.follow_round(round_, closes_before=CLOSES, **change)
    round_.closes_on = date(2026, 11, 15)
    deadlines.follow_round(round_, closes_before=None, **change)
    found = dict(Deadline.objects.values_list("pk", "closes_on"))
    assert found == {lifted.pk: None, plain.pk: date(2026, 11, 15), own.pk: date(2026, 12, 1), done.pk: None}


def test_late_is_late_for_ever(hikari):
    deadline = programmes.deadline(organization=hikari)
    deadlines.extend(deadline, to=date(2026, 10, 20), reason="台風", by=OFFICER, at=AT)
    filings.handed_in(deadline, at=datetime(2026, 10, 23, 3, 0, tzinfo=UTC))
    assert deadline.days_late == 3
    later = datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
    for change in (
        lambda: deadlines.extend(deadline, to=date(2026, 11, 30), reason="台風", by=OFFICER, at=later),
        lambda: deadlines.move(deadline, due_on=date(2026, 11, 30), by=OFFICER, at=later),
        lambda: deadlines.waive(deadline, reason="不要", by=OFFICER, at=later),
    ):
        with pytest.raises(DeadlineProblem):
            change()
    for column in ("due_on = '2026-11-30', extended_to = NULL", "extended_to = '2026-11-30'"):
        said = refused(f"UPDATE programmes_deadline SET {column} WHERE id = %s", deadline.pk)
        assert "stays once the report was handed in" in said
    returned(deadline, at=later)
    filing = filings.handed_in(deadline, at=later)  # revision 2 is on time for its own date
    assert (filing.days_late, deadline.days_late) == (0, 3)
    reviewing.accept(deadline, filing=filing, by=OFFICER, at=later)
    reviewing.reopen(deadline, reason="訂正", due_on=date(2026, 11, 10), by=OFFICER, at=later)
    filings.handed_in(deadline, at=later)
    deadline.refresh_from_db()
    assert (deadline.days_late, deadline.first_handed_in_at.day) == (3, 23)
    assert [one.days_late for one in deadline.filings.order_by("revision")] == [3, 0, 0]
