"""Two people at the same moment: one step is taken, the other is told so."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import handing_in, reviewing
from minori.filings.handing_in import NotPossibleNow
from minori.filings.models import Comment
from minori.filings.reviewing import Remark
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from tests.factories import filings, programmes, registry

pytestmark = pytest.mark.django_db(transaction=True)
AT = filings.AT
ONE, OTHER = Actor(7, "佐伯 真理"), Actor(9, "大野 健")


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run the steps in threads that start together; "done" or the kind of refusal of each."""
    barrier, outcomes = threading.Barrier(len(steps)), ["" for _ in steps]

    def work(place: int, step: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            step()
            outcomes[place] = "done"
        except NotPossibleNow as refusal:
            outcomes[place] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def reading() -> tuple[Deadline, Any]:
    deadline = programmes.deadline()
    return deadline, filings.handed_in(deadline)


def test_two_decisions_at_once_are_one():
    deadline, filing = reading()

    def send_back() -> None:
        reviewing.send_back(
            deadline, filing=filing, remarks=[Remark("？")], due_on=date(2026, 10, 20), by=ONE, at=AT
        )

    outcomes = at_once(send_back, lambda: reviewing.accept(deadline, filing=filing, by=OTHER, at=AT))
    assert sorted(outcomes) == ["NotPossibleNow", "done"]
    deadline.refresh_from_db()
    returned = deadline.state == DeadlineState.RETURNED
    assert Comment.objects.count() == int(returned)
    assert Event.objects.filter(action__in=[Action.RETURNED, Action.ACCEPTED]).count() == 1


def test_two_acceptances_at_once_are_one():
    deadline, filing = reading()
    outcomes = at_once(
        *(lambda by=by: reviewing.accept(deadline, filing=filing, by=by, at=AT) for by in (ONE, OTHER))
    )
    assert sorted(outcomes) == ["NotPossibleNow", "done"]


def test_recalling_and_beginning_to_read_at_once_never_both_happen():
    for _ in range(5):
        deadline, _filing = reading()
        outcomes = at_once(
            lambda deadline=deadline: handing_in.recall(deadline, by=filings.WRITER, at=AT),
            lambda deadline=deadline: reviewing.begin_reading(deadline, by=ONE, at=AT),
        )
        deadline.refresh_from_db()
        recalled = deadline.state == DeadlineState.AWAITING
        assert (outcomes[0] == "done") is recalled
        assert (deadline.reading_began_at is None) is recalled


def test_handing_in_twice_at_once_files_once():
    deadline = programmes.deadline()
    version, paper = registry.registered(deadline.grant), filings.contents(deadline)

    def hand_in() -> None:
        handing_in.hand_in(
            deadline, contents=paper, version=version, approval=filings.APPROVAL, by=filings.WRITER, at=AT
        )

    assert sorted(at_once(hand_in, hand_in)) == ["NotPossibleNow", "done"]
    assert list(deadline.filings.values_list("revision", flat=True)) == [1]
