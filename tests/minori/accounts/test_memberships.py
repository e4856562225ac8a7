"""Adding, changing and ending roles."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from minori.accounts import memberships, users
from minori.accounts.memberships import LastOne
from minori.accounts.models import Membership, StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import MINORI
from tests.factories import people, programmes

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_adding_a_role_held_already_changes_nothing(hikari):
    who = people.person()
    first = memberships.add(person=who, organization=hikari, role="editor", by=MINORI, at=AT)
    again = memberships.add(person=who, organization=hikari, role="editor", by=MINORI, at=AT)
    assert first == again
    assert Event.objects.filter(action=Action.JOINED).count() == 1


@pytest.mark.django_db
def test_a_membership_is_in_one_house(hikari):
    who, distributor = people.person(), programmes.distributor()
    with pytest.raises(ValueError, match="one house"):
        memberships.add(
            person=who, organization=hikari, distributor=distributor, role="reader", by=MINORI, at=AT
        )
    with pytest.raises(ValueError, match="manager"):
        memberships.add(person=who, organization=hikari, role="manager", by=MINORI, at=AT)


@pytest.mark.django_db
def test_a_role_is_ended_and_not_deleted_and_can_be_given_again(hikari):
    who = people.member(hikari, "editor")
    held = Membership.objects.get(person=who)
    for _twice in range(2):
        memberships.end(held, by=MINORI, at=AT)
    held.refresh_from_db()
    assert held.ended_at == AT
    assert Event.objects.filter(action=Action.MEMBERSHIP_ENDED, organization_id=hikari.pk).count() == 1
    new = memberships.add(person=who, organization=hikari, role="editor", by=MINORI, at=AT)
    assert new.pk != held.pk


@pytest.mark.django_db
def test_the_last_approver_stays_whoever_else_is_there(hikari, kibou):
    last = people.member(hikari, "approver")
    people.member(hikari, "editor")
    people.member(kibou, "approver")  # of another house
    held = Membership.objects.get(person=last)
    with pytest.raises(LastOne, match="承認者"):
        memberships.end(held, by=MINORI, at=AT)
    with pytest.raises(LastOne):
        memberships.change(held, role="reader", by=MINORI, at=AT)
    people.member(hikari, "approver")
    memberships.end(held, by=MINORI, at=AT)


@pytest.mark.django_db
def test_an_approver_who_cannot_sign_in_does_not_count(hikari):
    last, closed = people.member(hikari, "approver"), people.member(hikari, "approver")
    users.close(closed.user, by=MINORI, at=AT)
    with pytest.raises(LastOne):
        memberships.end(Membership.objects.get(person=last), by=MINORI, at=AT)


@pytest.mark.django_db
def test_changing_a_role_ends_the_old_one(hikari):
    people.member(hikari, "approver")
    who = people.member(hikari, "editor")
    new = memberships.change(Membership.objects.get(person=who), role="approver", by=MINORI, at=AT)
    assert [(one.role, one.ended_at) for one in who.memberships.order_by("pk")] == [
        ("editor", AT),
        ("approver", None),
    ]
    event = Event.objects.get(action=Action.ROLE_CHANGED)
    assert (event.from_state, event.details) == ("editor", {"person": who.pk, "role": "approver"})
    assert memberships.change(new, role="approver", by=MINORI, at=AT) == new


@pytest.mark.django_db
def test_the_last_manager_of_a_distributor_stays():
    distributor = programmes.distributor()
    manager = people.officer(distributor, "manager")
    officer = people.officer(distributor, "officer")
    held = StaffMembership.objects.get(person=manager)
    with pytest.raises(LastOne, match="責任者"):
        memberships.end(held, by=MINORI, at=AT)
    memberships.change(StaffMembership.objects.get(person=officer), role="manager", by=MINORI, at=AT)
    memberships.end(held, by=MINORI, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_approvers_cannot_leave_at_the_same_moment():
    from minori.organizations.models import Organization

    hikari = Organization.objects.get(slug="hikari")
    held = [Membership.objects.get(person=people.member(hikari, "approver")) for _two in range(2)]
    start, refused = threading.Barrier(2), []

    def leave(one: Membership) -> None:
        start.wait()
        try:
            memberships.end(one, by=MINORI, at=AT)
        except LastOne:
            refused.append(one)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(one,)) for one in held]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.active().filter(organization=hikari, role="approver").count() == 1
