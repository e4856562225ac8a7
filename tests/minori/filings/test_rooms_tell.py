"""A room's trail is true: a step is told once, and nothing is told that did not happen. Raw SQL in its role."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import handing_in, replaying, stepping
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry
from tests.minori.filings import by_hand

pytestmark = pytest.mark.django_db
COLUMNS = (
    "at, action, person_id, person_name, distributor_id, organization_id, programme_id, round_id, grant_id, deadline_id,"
    " filing_id, from_state, to_state, details"
)
TELL = (
    f"INSERT INTO public.audit_event ({COLUMNS}) SELECT now(), %(action)s, %(person)s, %(name)s, distributor_id,"
    " organization_id, programme_id, round_id, grant_id, deadline_id, %(filing)s, %(from)s, %(to)s, details"
    " FROM public.audit_event WHERE action = 'handed_in'"
)
RECALL = (
    "UPDATE public.programmes_deadline SET state = 'awaiting', current_filing_id = NULL, first_handed_in_at = NULL,"
    " days_late = NULL WHERE id = %s"
)
FALSE = "what is told of a report is what became of it"


class Room:
    """ひかり with a report that it handed in, and what the room tries."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.own = people.speaking(deadline.organization)
        registry.registered(deadline.grant)
        with entering(deadline.organization):
            self.filing = filings.handed_in(deadline, by=self.own, at=timezone.now())

    def says(self, *statements: tuple[str, Any]) -> str:
        with entering(self.deadline.organization):
            return by_hand.refusal(*statements)

    def event(self, action: str, before: str, after: str, filing: int | None = None) -> tuple[str, Any]:
        values = {"action": action, "from": before, "to": after, "filing": filing or self.filing.pk}
        query = TELL
        for name, value in (values | {"person": self.own.person_id, "name": self.own.name}).items():
            query = query.replace(f"%({name})s", f"'{value}'" if isinstance(value, str) else str(value))
        return query, ()


@pytest.fixture
def room(hikari: Any, kibou: Any) -> Room:
    filings.handed_in(programmes.deadline(organization=kibou))
    return Room(programmes.deadline(organization=hikari))


def test_a_step_is_not_told_twice(room: Room) -> None:
    said = room.says(room.event("handed_in", "awaiting", "handed_in"))
    assert "a_filing_comes_once_in_the_trail" in said


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("recalled", "handed_in", "awaiting"),
        ("recalled", "handed_in", "handed_in"),
        ("handed_in", "awaiting", "accepted"),
        ("correction_taken", "returned", "handed_in"),
    ],
)
def test_nothing_is_told_that_did_not_happen(room: Room, action: str, before: str, after: str) -> None:
    assert FALSE in room.says(room.event(action, before, after))


def test_what_moves_nothing_tells_of_no_move(room: Room) -> None:
    assert "this step moves nothing" in room.says(room.event("answered", "handed_in", "accepted"))
    assert room.says(room.event("answered", "handed_in", "handed_in")) == ""


def test_another_hash_and_another_lateness_are_not_told(room: Room) -> None:
    for key, value in (("hash", "x"), ("days_late", "-3")):
        query, _ = room.event("handed_in", "awaiting", "handed_in")
        said = room.says((query.replace("details FROM", f'details || \'{{"{key}": "{value}"}}\' FROM'), ()))
        assert FALSE in said, key


def test_a_room_takes_no_step_without_telling(room: Room) -> None:
    said = room.says((RECALL, [room.deadline.pk]))
    assert "a room takes no step without telling" in said


def test_a_first_report_is_not_told_as_one_that_comes_again(room: Room, monkeypatch: Any) -> None:
    def lie(_action: Action, deadline: Deadline, **told: Any) -> None:
        stepping.step(Action.HANDED_IN_AGAIN, deadline, **told | {"before": DeadlineState.RETURNED})

    monkeypatch.setattr(handing_in, "step", lie)
    other = programmes.deadline(of=room.deadline.grant)
    with (
        entering(room.deadline.organization),
        pytest.raises(IntegrityError, match="takes no step without telling"),
        transaction.atomic(),
    ):
        filings.handed_in(other, by=room.own, at=timezone.now())
        at_its_end()


def at_its_end() -> None:
    """What is looked at when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_step_that_is_told_is_taken(room: Room) -> None:
    """The very same statements, told of: so it is the telling that was missing."""
    assert room.says((RECALL, [room.deadline.pk]), room.event("recalled", "handed_in", "awaiting")) == ""
    with entering(room.deadline.organization):
        handing_in.recall(room.deadline, by=room.own, at=timezone.now())
        at_its_end()
        again = filings.handed_in(room.deadline, by=room.own, at=timezone.now())
    events = Event.objects.filter(deadline_id=room.deadline.pk).order_by("pk")
    assert replaying.replay(events).filing_id == again.pk
