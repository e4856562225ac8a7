"""Two connections at once: handovers and ended roles wait for each other, and none is half done."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from minori.accounts import memberships
from minori.accounts.memberships import StillInCharge
from minori.accounts.models import StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.programmes.models import Grant
from reporting.handover import handing
from reporting.handover.enums import Part
from reporting.handover.handing import NotHandedOver
from tests.reporting.handover.test_handing import BY

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work: Any, outcome: list[Any]) -> threading.Thread:
    def run() -> None:
        try:
            outcome.append(work())
        except (NotHandedOver, StillInCharge) as problem:
            outcome.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def waits(seconds: float = 10) -> bool:
    """Whether some connection waits for a lock, within so many seconds."""
    for _try in range(int(seconds * 20)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return True
        threading.Event().wait(0.05)
    return False


def hand(distributor: Any, leaving: Any, to: Any, grant: Grant) -> Any:
    return handing.hand_over(
        distributor,
        person=leaving,
        successor_id=to.pk,
        chosen=[(grant.pk, Part.LEAD)],
        by=BY,
        at=timezone.now(),
    )


def test_of_two_handovers_at_once_one_moves_and_the_other_says_so(
    distributor, leaving, successor, manager, led
):
    outcome: list[Any] = []
    with transaction.atomic():
        hand(distributor, leaving, successor, led)
        other = in_thread(lambda: hand(distributor, leaving, manager, led), outcome)
        assert waits()
    other.join(20)
    assert isinstance(outcome[0], NotHandedOver)
    assert Grant.objects.get(pk=led.pk).lead_officer == successor
    assert Event.objects.filter(action=Action.GRANTS_HANDED_OVER).count() == 1


def test_a_role_that_ends_while_grants_arrive_waits_and_is_refused(distributor, leaving, successor, led):
    outcome: list[Any] = []
    role = StaffMembership.objects.get(person=successor)
    with transaction.atomic():
        hand(distributor, leaving, successor, led)
        other = in_thread(lambda: memberships.end(role, by=BY, at=timezone.now()), outcome)
        assert waits()
    other.join(20)
    assert isinstance(outcome[0], StillInCharge)
    assert StaffMembership.objects.get(pk=role.pk).ended_at is None


def test_a_handover_to_somebody_who_is_just_leaving_waits_and_is_refused(
    distributor, leaving, successor, led
):
    outcome: list[Any] = []
    with transaction.atomic():
        memberships.end(StaffMembership.objects.get(person=successor), by=BY, at=timezone.now())
        other = in_thread(lambda: hand(distributor, leaving, successor, led), outcome)
        assert waits()
    other.join(20)
    assert isinstance(outcome[0], NotHandedOver)
    assert Grant.objects.get(pk=led.pk).lead_officer == leaving
