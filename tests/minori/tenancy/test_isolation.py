"""One organization never reaches another: shown with raw SQL, in PostgreSQL itself."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from minori.filings import handing_in
from minori.filings.enums import Came
from minori.tenancy.rooms import AlreadyElsewhere, InATransaction, as_owner, current_room_id, entering
from tests.factories import filings, people, programmes
from tests.minori.filings import by_hand


def rows(query: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def refused(query: str, *params: object) -> str:
    with pytest.raises((ProgrammingError, IntegrityError)) as caught, transaction.atomic():
        rows(query, *params)
    return str(caught.value)


@pytest.fixture
def two_deadlines(hikari: Any, kibou: Any) -> tuple[Any, Any]:
    """The same programme and round, a deadline each."""
    round_ = programmes.round_()
    return tuple(
        programmes.deadline(of=programmes.grant(of=round_.programme, organization=one), round=round_)
        for one in (hikari, kibou)
    )


def test_the_desk_is_the_app_and_a_room_is_its_own_role(hikari):
    assert rows("SELECT current_user = session_user")[0][0] is True
    with entering(hikari):
        assert rows("SELECT current_user")[0][0] == hikari.db_role
        assert rows("SELECT public.my_organization()")[0][0] == hikari.pk
        assert current_room_id() == hikari.pk
    assert rows("SELECT public.my_organization()")[0][0] is None


@pytest.mark.parametrize("table", ["reports_report", "frameworks_draft"])
def test_the_desk_reaches_no_room(hikari, table):
    assert "permission denied" in refused(f"SELECT * FROM o_hikari.{table}")


@pytest.mark.parametrize("table", ["reports_report", "frameworks_draft", "django_migrations"])
def test_a_room_reaches_no_other_room(hikari, kibou, table):
    with entering(hikari):
        assert "permission denied" in refused(f"SELECT * FROM o_kibou.{table}")
        assert "permission denied" in refused(f"DELETE FROM o_kibou.{table}")


def test_a_room_cannot_become_another(hikari, kibou):
    # SET ROLE is judged by the session's login, so what stops it is that only our backend says it
    with entering(hikari), pytest.raises(AlreadyElsewhere), entering(kibou):
        pass


def test_a_room_sees_its_own_deadlines_only(hikari, kibou, two_deadlines):
    ours, theirs = two_deadlines
    with entering(hikari):
        assert rows("SELECT id FROM public.programmes_deadline") == [(ours.pk,)]
        assert (
            rows(
                "UPDATE public.programmes_deadline SET days_late = NULL WHERE id = %s RETURNING id", theirs.pk
            )
            == []
        )
        assert "permission denied" in refused("UPDATE public.programmes_deadline SET due_on = due_on + 30")
        assert "permission denied" in refused("DELETE FROM public.programmes_deadline")


def test_a_room_sees_its_own_memberships_only(hikari, kibou):
    ours, theirs = people.member(hikari), people.member(kibou)
    with entering(hikari):
        assert rows("SELECT person_id FROM public.accounts_membership") == [(ours.pk,)]
        assert rows("SELECT id FROM public.accounts_person") == [(ours.pk,)]
        assert "permission denied" in refused("UPDATE public.accounts_membership SET role = 'approver'")
        assert "permission denied" in refused(
            "INSERT INTO public.accounts_membership (person_id, organization_id, role, since)"
            " VALUES (%s, %s, 'approver', now())",
            ours.pk,
            kibou.pk,
        )
        assert "permission denied" in refused("SELECT * FROM public.accounts_user")
        assert "permission denied" in refused("SELECT * FROM public.django_session")
    assert theirs.pk != ours.pk


def test_a_room_cannot_hang_a_filing_on_anothers_deadline(hikari, kibou, two_deadlines):
    _ours, theirs = two_deadlines
    filings.handed_in(theirs)
    handing_in.recall(theirs, by=filings.EDITOR, at=filings.AT)
    us, them = people.speaking(hikari), people.speaking(kibou)
    paper = by_hand.next_filing(theirs, by=them, came=Came.ROOM)
    with entering(kibou):
        assert by_hand.come(paper) == "", "they hand this very paper in themselves"
    paper = by_hand.next_filing(theirs, by=us, came=Came.ROOM)
    with entering(hikari):
        assert "row-level security" in by_hand.come(paper)
        paper.organization = hikari
        with pytest.raises(IntegrityError, match="organization"), transaction.atomic():
            paper.save(force_insert=True)
            rows("SET CONSTRAINTS ALL IMMEDIATE")
        assert rows("SELECT count(*) FROM public.filings_filing") == [(0,)]


def test_summaries_and_mail_are_closed_to_rooms(hikari):
    with entering(hikari):
        for table in ("mail_message", "summaries_summary", "accounts_staffmembership", "accounts_invitation"):
            assert "permission denied" in refused(f"SELECT * FROM public.{table}")


def test_an_unknown_role_is_an_error_and_not_somebody_elses_room(hikari):
    class Ghost:
        pk = 999_999
        schema_name = "o_kibou"
        db_role = "no_such_role"

    with pytest.raises(Exception, match="no_such_role"), transaction.atomic(), entering(Ghost()):
        rows("SELECT 1")
    assert rows("SELECT public.my_organization()")[0][0] is None


def test_a_rolled_back_savepoint_keeps_the_room(hikari):
    with entering(hikari):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            rows("SELECT 1")
            raise ZeroDivisionError
        assert rows("SELECT public.my_organization()")[0][0] == hikari.pk


def test_a_lazy_queryset_evaluated_after_leaving_does_not_reach_the_room(hikari):
    from tenants.reports.models import Report

    with entering(hikari):
        lazy = Report.objects.all()
    with pytest.raises(ProgrammingError), transaction.atomic():
        list(lazy)


def test_the_owner_is_not_to_be_had_inside_a_room_or_a_transaction(hikari):
    with entering(hikari), pytest.raises(InATransaction), as_owner():
        pass


@pytest.mark.django_db(transaction=True)
def test_two_threads_stay_in_their_own_rooms():
    from minori.organizations.models import Organization

    organizations = list(Organization.objects.order_by("pk"))
    seen: dict[str, set[int]] = {one.slug: set() for one in organizations}

    def work(organization: Organization) -> None:
        try:
            for _ in range(200):
                with entering(organization):
                    seen[organization.slug].add(rows("SELECT public.my_organization()")[0][0])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(one,)) for one in organizations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {one.slug: {one.pk} for one in organizations}


def test_roles_can_be_rebuilt_any_number_of_times(db):
    from minori.tenancy import roles

    names = _as_other_connection(roles.rebuild)
    assert len(names) == 2
    assert _as_other_connection(roles.rebuild) == names


def _as_other_connection(function: Any) -> Any:
    """Run in a thread of its own: the test's connection is inside a transaction."""
    result: list[Any] = []

    def work() -> None:
        try:
            result.append(function())
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return result[0]
