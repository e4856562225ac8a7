"""Where a report stands, told from its trail alone."""

from datetime import date

import pytest

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import MINORI, record
from minori.filings import handing_in, replaying, reviewing, verifying
from minori.filings.replaying import BrokenTrail, Stand
from minori.filings.reviewing import Remark
from minori.programmes.models import Deadline
from tests.factories import filings, programmes

pytestmark = pytest.mark.django_db


def told(deadline: Deadline) -> Stand:
    return replaying.replay(Event.objects.filter(deadline_id=deadline.pk).order_by("pk"))


def test_a_whole_life_is_told_from_its_trail(hikari):
    deadline = programmes.deadline(organization=hikari)
    assert told(deadline) == Stand("awaiting", None, None)
    first = filings.handed_in(deadline)
    assert told(deadline) == Stand("handed_in", first.pk, 0)
    handing_in.recall(deadline, by=filings.EDITOR, at=filings.AT)
    assert told(deadline) == Stand("awaiting", None, None)
    second = filings.handed_in(deadline)
    due_on = date(2026, 10, 20)
    reviewing.send_back(
        deadline, filing=second, remarks=[Remark("？")], due_on=due_on, by=MINORI, at=filings.AT
    )
    assert told(deadline) == Stand("returned", second.pk, 0)
    third = filings.handed_in(deadline)
    reviewing.accept(deadline, filing=third, by=MINORI, at=filings.AT)
    assert told(deadline) == Stand("accepted", third.pk, 0)
    assert list(verifying.differences()) == []


def test_verify_names_a_report_that_stands_elsewhere_than_its_trail(hikari, kibou):
    meddled, honest = programmes.deadline(organization=hikari), programmes.deadline(organization=kibou)
    filings.handed_in(honest)
    Deadline.objects.filter(pk=meddled.pk).update(state="waived", waived_reason="だれかが直接書いた")
    (said,) = verifying.differences()
    assert said.startswith(
        f"deadline {meddled.pk}: its trail leads to awaiting (filing None, days late None)"
    )
    assert said.endswith("it stands at waived (filing None, days late None)")


def test_a_trail_whose_steps_do_not_join_is_named(hikari):
    deadline = programmes.deadline(organization=hikari)
    record(
        Action.ACCEPTED,
        by=MINORI,
        at=filings.AT,
        deadline_id=deadline.pk,
        from_state="handed_in",
        to_state="accepted",
    )
    with pytest.raises(BrokenTrail, match="begins at handed_in, the report stood at awaiting"):
        told(deadline)
    (said,) = verifying.differences()
    assert said.startswith(f"deadline {deadline.pk}: its trail is broken: event")
