"""The desk's steps: reading, sending back, accepting, reopening."""

from datetime import date

import pytest

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import handing_in, reviewing
from minori.filings.enums import Side
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Comment, Filing
from minori.filings.reviewing import Remark, StaleRevision
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from tests.factories import filings, programmes

AT = filings.AT
OFFICER = Actor(person_id=7, name="佐伯 真理")
LATER = date(2026, 10, 20)


@pytest.fixture
def deadline(hikari) -> Deadline:
    return programmes.deadline(organization=hikari)


@pytest.fixture
def filing(deadline) -> Filing:
    return filings.handed_in(deadline)


def send_back(deadline: Deadline, filing: Filing, *bodies: str, due_on: date = LATER) -> list[Comment]:
    remarks = [Remark(body) for body in bodies]
    return reviewing.send_back(deadline, filing=filing, remarks=remarks, due_on=due_on, by=OFFICER, at=AT)


def state_of(deadline: Deadline) -> str:
    return Deadline.objects.values_list("state", flat=True).get(pk=deadline.pk)


def test_beginning_to_read_is_noted_once(deadline, filing):
    reviewing.begin_reading(deadline, by=OFFICER, at=AT)
    reviewing.begin_reading(deadline, by=Actor(9, "大野 健"), at=AT)
    event = Event.objects.get(action=Action.READING_BEGAN)
    assert (event.person_name, event.filing_id) == ("佐伯 真理", filing.pk)


def test_there_is_nothing_to_begin_to_read_before_handing_in(deadline):
    assert reviewing.begin_reading(deadline, by=OFFICER, at=AT).reading_began_at is None
    assert not Event.objects.filter(action=Action.READING_BEGAN).exists()


def test_reading_begins_again_with_the_next_revision(deadline, filing):
    reviewing.begin_reading(deadline, by=OFFICER, at=AT)
    send_back(deadline, filing, "直してください")
    filings.handed_in(deadline)
    assert deadline.reading_began_at is None
    assert reviewing.begin_reading(deadline, by=OFFICER, at=AT).reading_began_at == AT


def test_sending_back_says_what_and_until_when(deadline, filing):
    remarks = [Remark("時期は？", anchor="activities"), Remark("  "), Remark("全体にわかりやすいです。")]
    reviewing.send_back(deadline, filing=filing, remarks=remarks, due_on=LATER, by=OFFICER, at=AT)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.returned_due_on, deadline.returned_at) == (
        DeadlineState.RETURNED,
        LATER,
        AT,
    )
    assert deadline.effective_due_on == LATER
    assert deadline.current_filing_id == filing.pk
    said = [
        (one.anchor, one.body, one.side, one.by_id, one.filing_id) for one in Comment.objects.order_by("pk")
    ]
    assert said == [
        ("activities", "時期は？", Side.DESK, 7, filing.pk),
        ("", "全体にわかりやすいです。", Side.DESK, 7, filing.pk),
    ]
    event = Event.objects.get(action=Action.RETURNED)
    assert (event.from_state, event.to_state) == ("handed_in", "returned")
    assert event.details == {"due_on": "2026-10-20", "comments": 2, "everything": False}


def test_a_return_starts_a_new_ladder_of_reminders(deadline, filing):
    before = deadline.due_version
    send_back(deadline, filing, "直してください")
    assert Deadline.objects.get(pk=deadline.pk).due_version == before + 1


@pytest.mark.parametrize("bodies", [(), ("", " 　\n")])
def test_nothing_is_sent_back_without_a_comment(deadline, filing, bodies):
    with pytest.raises(NotPossibleNow):
        send_back(deadline, filing, *bodies)
    assert state_of(deadline) == DeadlineState.HANDED_IN


def test_a_return_is_not_due_in_the_past(deadline, filing):
    with pytest.raises(NotPossibleNow):
        send_back(deadline, filing, "直してください", due_on=date(2026, 10, 9))
    assert not Comment.objects.exists()
    send_back(deadline, filing, "直してください", due_on=date(2026, 10, 10))
    assert state_of(deadline) == DeadlineState.RETURNED


def test_accepting_closes_with_remarks_or_without(deadline, filing):
    reviewing.accept(
        deadline, filing=filing, by=OFFICER, at=AT, remarks=[Remark("よくわかりました。"), Remark("")]
    )
    deadline.refresh_from_db()
    assert (deadline.state, deadline.accepted_at) == (DeadlineState.ACCEPTED, AT)
    assert Comment.objects.get().body == "よくわかりました。"
    assert Event.objects.get(action=Action.ACCEPTED).details == {"comments": 1}


@pytest.mark.parametrize("decide", ["accept", "send_back"])
def test_a_decision_about_an_older_revision_is_refused(deadline, filing, decide):
    send_back(deadline, filing, "直してください")
    filings.handed_in(deadline)
    with pytest.raises(StaleRevision):
        if decide == "accept":
            reviewing.accept(deadline, filing=filing, by=OFFICER, at=AT)
        else:
            send_back(deadline, filing, "もう一度")
    assert state_of(deadline) == DeadlineState.HANDED_IN
    assert Comment.objects.count() == 1


def test_what_was_recalled_is_not_decided_about(deadline, filing):
    handing_in.recall(deadline, by=filings.WRITER, at=AT)
    with pytest.raises(NotPossibleNow):
        reviewing.accept(deadline, filing=filing, by=OFFICER, at=AT)
    with pytest.raises(NotPossibleNow):
        send_back(deadline, filing, "直してください")


def test_a_second_decision_is_refused(deadline, filing):
    reviewing.accept(deadline, filing=filing, by=OFFICER, at=AT)
    with pytest.raises(NotPossibleNow):
        send_back(deadline, filing, "直してください")
    with pytest.raises(NotPossibleNow):
        reviewing.accept(deadline, filing=filing, by=OFFICER, at=AT)
    assert Event.objects.filter(action=Action.ACCEPTED).count() == 1


def test_reopening_is_a_return_with_its_reason_and_date(deadline, filing):
    reviewing.accept(deadline, filing=filing, by=OFFICER, at=AT)
    reviewing.reopen(deadline, reason="人数に誤り", due_on=LATER, by=OFFICER, at=AT)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.accepted_at, deadline.returned_due_on) == ("returned", None, LATER)
    assert Comment.objects.get().body == "人数に誤り"
    assert Event.objects.get(action=Action.REOPENED).details == {
        "reason": "人数に誤り",
        "due_on": "2026-10-20",
    }
    assert filings.handed_in(deadline).revision == 2


@pytest.mark.parametrize(("reason", "due_on"), [(" ", LATER), ("誤り", date(2026, 10, 9))])
def test_reopening_wants_a_reason_and_a_date_to_come(deadline, filing, reason, due_on):
    reviewing.accept(deadline, filing=filing, by=OFFICER, at=AT)
    with pytest.raises(NotPossibleNow):
        reviewing.reopen(deadline, reason=reason, due_on=due_on, by=OFFICER, at=AT)
    assert state_of(deadline) == DeadlineState.ACCEPTED


def test_only_an_accepted_report_is_reopened(deadline, filing):
    with pytest.raises(NotPossibleNow):
        reviewing.reopen(deadline, reason="誤り", due_on=LATER, by=OFFICER, at=AT)
