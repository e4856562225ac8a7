"""Change requests past every rule: what the database itself refuses, and what two people at once come to."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from minori.filings.stepping import NotPossibleNow
from minori.registry import changes
from minori.registry.change_models import Change, ChangeRequest, ChangeRevision
from minori.registry.enums import ChangeState, Party
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.models import FrameworkVersion
from minori.tenancy.rooms import entering
from tests.factories import changes as make
from tests.factories import people, programmes, registry
from tests.minori.filings import by_hand


@pytest.fixture
def grant(hikari, kibou):
    """Hikari's grant with a registered plan; Kibou's has the same, with an open request."""
    ours = programmes.grant(organization=hikari)
    theirs = programmes.grant(organization=kibou, of=ours.programme)
    for one in (ours, theirs):
        registry.registered(one)
    make.sent(theirs)
    return ours


def refused(organization, sql, *values):
    """Whether the database refuses a statement (or it touches nothing) inside the organization's room."""
    with entering(organization):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.rowcount == 0
        except DatabaseError:
            return True


MEDDLING = {
    "decides": "UPDATE public.registry_changerequest SET state = 'decided', closed_at = now(), closed_by_name = 'x'"
    " WHERE grant_id = %s",
    "sends back": "UPDATE public.registry_changerequest SET state = 'returned' WHERE grant_id = %s",
    "answers its own": "UPDATE public.registry_changerequest SET state = 'answered' WHERE grant_id = %s",
    "says the funder agreed": "UPDATE public.registry_changerequest SET funder_agreed_by = 'x', funder_agreed_on = now()"
    " WHERE grant_id = %s",
    "another grant": "UPDATE public.registry_changerequest SET grant_id = grant_id + 1 WHERE grant_id = %s",
    "forgets it": "DELETE FROM public.registry_changerequest WHERE grant_id = %s",
    "other contents": "UPDATE public.registry_changerevision r SET contents = '{}' FROM public.registry_changerequest q"
    " WHERE q.id = r.request_id AND q.grant_id = %s",
    "approves": "UPDATE public.registry_change c SET verdict = 'approved' FROM public.registry_changerevision r,"
    " public.registry_changerequest q WHERE r.id = c.revision_id AND q.id = r.request_id AND q.grant_id = %s",
    "answers what it asked": "UPDATE public.registry_change c SET answer = 'approved' FROM"
    " public.registry_changerevision r, public.registry_changerequest q"
    " WHERE r.id = c.revision_id AND q.id = r.request_id AND q.grant_id = %s",
    "another reason": "UPDATE public.registry_change c SET reason = 'x' FROM public.registry_changerevision r,"
    " public.registry_changerequest q WHERE r.id = c.revision_id AND q.id = r.request_id AND q.grant_id = %s",
    "one more change": "INSERT INTO public.registry_change (revision_id, organization_id, position, key, concerns_outcome,"
    " reason, meaning_changed, answer, answer_word, verdict, word, cut) SELECT r.id, r.organization_id, 2, 'row-x', false,"
    " 'x', false, '', '', '', '', false FROM public.registry_changerevision r"
    " JOIN public.registry_changerequest q ON q.id = r.request_id WHERE q.grant_id = %s",
    "a revision that nobody asked for": "INSERT INTO public.registry_changerevision (request_id, organization_id, number,"
    " base_id, contents, size, remark, sent_at, sent_by_name, returned_by_name, returned_words) SELECT r.request_id,"
    " r.organization_id, 2, r.base_id, r.contents, 1, '', now(), 'x', '', '' FROM public.registry_changerevision r"
    " JOIN public.registry_changerequest q ON q.id = r.request_id WHERE q.grant_id = %s",
    "a version": "INSERT INTO public.registry_frameworkversion (grant_id, organization_id, number, effective_from_round,"
    " registered_at, registered_by_name, confirmed_by_name) SELECT grant_id, organization_id, 9, 1, now(), 'x', ''"
    " FROM public.registry_frameworkversion WHERE grant_id = %s",
    "a cut": "INSERT INTO public.registry_succession (version_id, organization_id, row_uuid, uuid, before_uuid, cut, reason)"
    " SELECT id, organization_id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'meaning', ''"
    " FROM public.registry_frameworkversion WHERE grant_id = %s",
}


@pytest.mark.parametrize("sql", MEDDLING.values(), ids=MEDDLING)
def test_a_room_takes_no_step_that_is_not_its_own(grant, sql):
    make.sent(grant)
    assert refused(grant.organization, sql, grant.pk)
    assert ChangeRequest.objects.get(grant=grant).state == ChangeState.WAITING
    assert FrameworkVersion.objects.filter(grant=grant).count() == 1


def test_a_room_sees_and_touches_nothing_of_anothers(grant):
    theirs = ChangeRequest.objects.exclude(grant=grant).get()
    with entering(grant.organization):
        for model in (ChangeRequest, ChangeRevision, Change):
            assert not model.objects.exists()
    assert refused(
        grant.organization,
        "UPDATE public.registry_changerequest SET state = 'withdrawn', closed_at = now(), closed_by_name = 'x'"
        " WHERE id = %s",
        theirs.pk,
    )
    insert = (
        "INSERT INTO public.registry_changerequest (grant_id, organization_id, number, party, state, last_revision,"
        " answered_by_name, closed_by_name, words, funder_agreed_by, funder_note)"
        " VALUES (%s, %s, 7, 'room', 'waiting', 1, '', '', '', '', '')"
    )
    assert refused(grant.organization, insert, theirs.grant_id, theirs.organization_id)
    assert refused(grant.organization, insert, theirs.grant_id, grant.organization_id)


def test_a_room_does_not_apply_in_the_name_of_the_desk(grant):
    request = make.sent(grant, party=Party.DESK)
    assert refused(
        grant.organization,
        "UPDATE public.registry_changerequest SET state = 'withdrawn', closed_at = now(), closed_by_name = 'x'"
        " WHERE id = %s",
        request.pk,
    )
    assert refused(
        grant.organization,
        "UPDATE public.registry_changerequest SET state = 'answered', answered_at = now(), answered_by_name = 'x'"
        " WHERE id = %s",
        request.pk,
    ), "without an answer to every change"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registry_changerequest SET state = 'decided', closed_at = now(), closed_by_name = 'x' WHERE id = %s",
        "UPDATE registry_changerequest SET state = 'withdrawn', closed_at = now(), closed_by_name = 'x' WHERE id = %s",
        "UPDATE registry_changerequest SET state = 'returned' WHERE id = %s",
        "DELETE FROM registry_changerequest WHERE id = %s",
        "UPDATE registry_changerevision SET contents = '{}' WHERE request_id = %s",
    ],
    ids=["undecided changes", "withdraws anothers", "without a word", "forgets", "other contents"],
)
def test_the_desk_too_goes_by_the_steps(grant, sql):
    request = make.sent(grant)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [request.pk])


def test_an_outcome_is_not_changed_without_the_funder_even_past_the_rules(grant):
    request = make.sent(grant, lambda old: make.with_words(old, "01", "01.居場所がある"))
    version = registry.registered_past_the_rules(grant, reason="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_change SET verdict = 'approved'")
        with pytest.raises(DatabaseError, match="agreement of the funder"), transaction.atomic():
            cursor.execute(
                "UPDATE registry_changerequest SET state = 'decided', closed_at = now(), closed_by_name = 'x',"
                " version_id = %s, effective_from_round = 1 WHERE id = %s",
                [version.pk, request.pk],
            )


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Run the steps in threads that start together; "done" or "refused" of each."""
    barrier, outcomes = threading.Barrier(len(steps)), ["" for _ in steps]

    def work(place: int, step: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            step()
            outcomes[place] = "done"
        except (FrameworkNotPossible, NotPossibleNow):
            outcomes[place] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one(grant):
    outcomes = at_once(lambda: make.sent(grant), lambda: make.sent(grant, party=Party.DESK))
    assert sorted(outcomes) == ["done", "refused"]
    assert ChangeRequest.objects.filter(grant=grant).count() == 1


@pytest.mark.django_db(transaction=True)
def test_deciding_while_it_is_taken_back_is_one_of_the_two(grant):
    request = make.sent(grant)

    def take_back() -> None:
        with entering(grant.organization):
            changes.withdraw(
                request, party=Party.ROOM, by=people.speaking(grant.organization), at=timezone.now()
            )

    assert sorted(at_once(lambda: make.decided(request), take_back)) == ["done", "refused"]
    request.refresh_from_db()
    versions = FrameworkVersion.objects.filter(grant=grant).count()
    assert (request.state, versions) in [(ChangeState.DECIDED, 2), (ChangeState.WITHDRAWN, 1)]


@pytest.mark.parametrize("column", ["answered", "closed", "sent", "linked"])
def test_in_a_room_its_own_people_speak_of_changes_and_they_speak_now(grant, column):
    request = make.sent(grant, party=Party.DESK if column == "answered" else Party.ROOM)
    deadline = programmes.deadline(of=grant)
    own = people.speaking(grant.organization)
    statements = {
        "answered": "UPDATE public.registry_changerequest SET state = 'answered', answered_at = {at}, answered_by_id ="
        " {id}, answered_by_name = {name} WHERE id = {request}",
        "closed": "UPDATE public.registry_changerequest SET state = 'withdrawn', closed_at = {at}, closed_by_id = {id},"
        " closed_by_name = {name} WHERE id = {request}",
        "sent": "INSERT INTO public.registry_changerevision (request_id, organization_id, number, base_id, contents, size,"
        " remark, sent_at, sent_by_id, sent_by_name, returned_by_name, returned_words) SELECT request_id,"
        " organization_id, 2, base_id, contents, 1, '', {at}, {id}, {name}, '', '' FROM public.registry_changerevision",
        "linked": "INSERT INTO public.registry_changelink (request_id, organization_id, deadline_id, linked_at,"
        " linked_by_name, removed_by_name) VALUES ({request}, {organization}, {deadline}, {at}, {name}, '')",
    }
    given = {"request": request.pk, "organization": grant.organization_id, "deadline": deadline.pk}
    if column == "answered":
        with entering(grant.organization):
            Change.objects.update(answer="approved")
    if column == "sent":
        ChangeRevision.objects.filter(request=request).update(
            returned_at=timezone.now(), returned_by_name="佐伯 真理", returned_words="理由を書いてください"
        )
        ChangeRequest.objects.filter(pk=request.pk).update(state=ChangeState.RETURNED)

    def said(at: str, person: int | None, name: str) -> str:
        query = statements[column].format(at=at, id=person or "NULL", name=f"'{name}'", **given)
        with entering(grant.organization):
            return by_hand.refusal((query, ()))

    honest = said("now()", own.person_id, own.name)
    assert "a room speaks now" not in honest
    assert "its own people" not in honest
    assert "a room speaks now" in said("now() - interval '3 days'", own.person_id, own.name)
    assert "its own people speak" in said("now()", make.OFFICER.person_id, make.OFFICER.name)
