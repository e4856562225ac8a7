"""More time: asked for by a room, answered by the desk, given without being asked; the database guards each step."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.programmes import deadlines, extensions
from minori.programmes.enums import ExtensionState
from minori.programmes.extensions import DeadlineProblem
from minori.programmes.models import Deadline, ExtensionRequest
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes

AT = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 11, 3, 0, tzinfo=UTC)
WRITER = Actor(person_id=3, name="佐藤 和子")
OFFICER = Actor(person_id=7, name="佐伯 真理")
UNTIL = date(2026, 10, 28)
WHY = "担当者が入院しているため。"


@pytest.fixture
def deadline(hikari: Any, kibou: Any) -> Deadline:
    """ひかり's report, due on 14 October; きぼう's in the same round beside it."""
    ours = programmes.deadline(organization=hikari)
    neighbour = programmes.grant(organization=kibou, of=ours.grant.programme)
    programmes.deadline(of=neighbour, round=ours.round)
    return ours


def ask(deadline: Deadline, *, until: date = UNTIL, reason: str = WHY, at: datetime = AT) -> ExtensionRequest:
    """Asked on a day of the tests, which only the desk can write down: a room asks now."""
    return extensions.ask(deadline, until=until, reason=reason, by=WRITER, at=at)


def refused(query: str, *params: Any) -> str:
    refusals = (IntegrityError, ProgrammingError)
    with pytest.raises(refusals) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(caught.value)


def actions(deadline: Deadline) -> list[str]:
    return list(Event.objects.filter(deadline_id=deadline.pk).values_list("action", flat=True))


def test_a_room_asks_and_nothing_has_moved_yet(deadline):
    request = ask(deadline)
    deadline.refresh_from_db()
    assert (request.state, request.until, request.asked_by_name) == ("open", UNTIL, "佐藤 和子")
    assert (deadline.extended_to, deadline.due_version) == (None, 1)
    event = Event.objects.get(deadline_id=deadline.pk)
    assert (event.action, event.details) == (
        Action.EXTENSION_ASKED,
        {"until": "2026-10-28", "reason": WHY},
    )
    assert (event.programme_id, event.round_id) == (deadline.grant.programme_id, deadline.round_id)


@pytest.mark.parametrize("granted", [UNTIL, date(2026, 10, 21)])
def test_the_officer_grants_the_day_asked_for_or_another(deadline, granted):
    request = extensions.grant(ask(deadline), to=granted, words="承知しました。", by=OFFICER, at=LATER)
    deadline.refresh_from_db()
    assert (deadline.extended_to, deadline.due_version) == (granted, 2)
    assert (request.state, request.granted_to, request.answer) == ("granted", granted, "承知しました。")
    event = Event.objects.get(action=Action.EXTENSION_GRANTED)
    assert event.details == {
        "from": "2026-10-14",
        "to": granted.isoformat(),
        "reason": WHY,
        "until": "2026-10-28",
        "request": request.pk,
        "words": "承知しました。",
    }
    assert Deadline.objects.exclude(pk=deadline.pk).get().extended_to is None


def test_declining_says_why_and_moves_nothing(deadline):
    request = ask(deadline)
    with pytest.raises(DeadlineProblem):
        extensions.decline(request, words=" 　", by=OFFICER, at=LATER)
    declined = extensions.decline(request, words="決算の都合で延ばせません。", by=OFFICER, at=LATER)
    deadline.refresh_from_db()
    assert (declined.state, declined.settled_by_name) == ("declined", "佐伯 真理")
    assert (deadline.extended_to, deadline.due_version) == (None, 1)
    assert actions(deadline) == [Action.EXTENSION_ASKED, Action.EXTENSION_DECLINED]


def test_after_an_answer_one_may_ask_again_but_only_one_request_is_open(deadline):
    first = ask(deadline)
    with pytest.raises(DeadlineProblem):
        ask(deadline)
    said = refused(
        "INSERT INTO programmes_extensionrequest (deadline_id, organization_id, until, reason, asked_at,"
        " asked_by_name, state, answer, settled_by_name)"
        " VALUES (%s, %s, '2026-10-30', 'x', now(), 'x', 'open', '', '')",
        deadline.pk,
        deadline.organization_id,
    )
    assert "one_open_extension_request_a_report" in said
    extensions.decline(first, words="むずかしいです。", by=OFFICER, at=LATER)
    assert ask(deadline, at=LATER).state == ExtensionState.OPEN


def test_a_room_withdraws_and_then_there_is_nothing_to_answer(deadline):
    request = ask(deadline)
    by, now = people.speaking(deadline.organization), timezone.now()
    with entering(deadline.organization):
        extensions.withdraw(request, by=by, at=now)
        with pytest.raises(DeadlineProblem):
            extensions.withdraw(request, by=by, at=now)
    for answer in (
        lambda: extensions.grant(request, to=UNTIL, by=OFFICER, at=LATER),
        lambda: extensions.decline(request, words="いいえ", by=OFFICER, at=LATER),
    ):
        with pytest.raises(DeadlineProblem):
            answer()
    assert actions(deadline) == [Action.EXTENSION_ASKED, Action.EXTENSION_WITHDRAWN]


@pytest.mark.parametrize(
    ("until", "reason", "at"),
    [
        (UNTIL, " 　", AT),
        (date(2026, 10, 14), WHY, AT),  # the due date itself
        (date(2026, 10, 20), WHY, datetime(2026, 10, 20, 16, 0, tzinfo=UTC)),  # in Tokyo it is the 21st
    ],
)
def test_a_request_needs_a_reason_and_a_day_that_is_later(deadline, until, reason, at):
    with pytest.raises(DeadlineProblem):
        ask(deadline, until=until, reason=reason, at=at)
    assert not ExtensionRequest.objects.exists()


def test_one_may_ask_after_the_due_date_and_lateness_is_against_the_extension(deadline):
    after = datetime(2026, 10, 17, 3, 0, tzinfo=UTC)
    extensions.grant(ask(deadline, at=after), to=date(2026, 10, 20), by=OFFICER, at=after)
    deadline.refresh_from_db()
    filing = filings.handed_in(deadline, at=datetime(2026, 10, 22, 3, 0, tzinfo=UTC))
    assert (filing.days_late, deadline.days_late) == (2, 2)


def test_nobody_asks_once_the_report_is_in_or_not_required(deadline, kibou):
    filings.handed_in(deadline)
    waived = Deadline.objects.exclude(pk=deadline.pk).get()
    deadlines.waive(waived, reason="事業の中断", by=OFFICER, at=AT)
    for one in (deadline, waived):
        with pytest.raises(DeadlineProblem):
            ask(one)
        said = refused(
            "INSERT INTO programmes_extensionrequest (deadline_id, organization_id, until, reason, asked_at,"
            " asked_by_name, state, answer, settled_by_name)"
            " VALUES (%s, %s, '2026-10-30', 'x', now(), 'x', 'open', '', '')",
            one.pk,
            one.organization_id,
        )
        assert "while the report is waited for" in said


def test_a_request_lapses_when_the_report_comes_or_is_not_required(deadline):
    request = ask(deadline)
    filings.handed_in(deadline)
    request.refresh_from_db()
    assert (request.state, request.settled_by_name) == ("lapsed", filings.EDITOR.name)
    waived = Deadline.objects.exclude(pk=deadline.pk).get()
    theirs = ask(waived)
    deadlines.waive(waived, reason="事業の中断", by=OFFICER, at=AT)
    theirs.refresh_from_db()
    assert theirs.state == "lapsed"
    told = Event.objects.filter(action__in=(Action.HANDED_IN, Action.WAIVED)).order_by("pk")
    assert [event.details["request_lapsed"] for event in told] == [UNTIL.isoformat()] * 2


def test_more_time_given_without_looking_answers_the_request(deadline):
    request = ask(deadline)
    deadlines.extend(deadline, to=UNTIL, reason="お電話のとおり", by=OFFICER, at=LATER)
    request.refresh_from_db()
    assert (request.state, request.granted_to, request.answer) == ("granted", UNTIL, "お電話のとおり")
    assert actions(deadline) == [Action.EXTENSION_ASKED, Action.EXTENSION_GRANTED]


@pytest.mark.parametrize(("due_on", "state"), [(UNTIL, "lapsed"), (date(2026, 10, 20), "open")])
def test_a_due_date_moved_as_far_as_was_asked_settles_the_request(deadline, due_on, state):
    request = ask(deadline)
    deadlines.move(deadline, due_on=due_on, by=OFFICER, at=LATER)
    request.refresh_from_db()
    assert request.state == state


def test_several_are_extended_together_or_not_at_all(deadline):
    both = list(Deadline.objects.filter(round=deadline.round).order_by("pk"))
    extensions.extend_many(both, to=UNTIL, reason="台風", by=OFFICER, at=AT)
    assert set(Deadline.objects.values_list("extended_to", flat=True)) == {UNTIL}
    filings.handed_in(both[1])
    with pytest.raises(DeadlineProblem):
        extensions.extend_many(both, to=date(2026, 11, 4), reason="台風", by=OFFICER, at=LATER)
    assert set(Deadline.objects.values_list("extended_to", flat=True)) == {UNTIL}


def test_a_room_asks_for_itself_only_and_never_answers(deadline, hikari):
    theirs = Deadline.objects.exclude(pk=deadline.pk).get()
    request, other = ask(deadline), ask(theirs)
    with entering(hikari):
        assert list(ExtensionRequest.objects.all()) == [request]
        insert = (
            "INSERT INTO public.programmes_extensionrequest (deadline_id, organization_id, until, reason, asked_at,"
            " asked_by_name, state, answer, settled_by_name) VALUES (%s, %s, '2026-10-30', 'x', now(), 'x', %s, %s, '')"
        )
        assert refused(insert, theirs.pk, theirs.organization_id, "open", "")
        assert refused(insert, theirs.pk, deadline.organization_id, "open", "")  # tied to its own deadline
        assert refused(insert, deadline.pk, deadline.organization_id, "open", "いいですよ")
        update = "UPDATE public.programmes_extensionrequest SET {} WHERE id = %s"
        settled = "settled_at = now(), settled_by_name = 'x'"
        assert "cannot answer" in refused(update.format(f"state = 'declined', {settled}"), request.pk)
        assert "cannot answer" in refused(update.format(f"state = 'lapsed', {settled}"), request.pk)
        for change in ("until = '2027-01-01'", "granted_to = '2026-10-30'", "answer = 'はい'"):
            assert "permission denied" in refused(update.format(change), request.pk)
        with connection.cursor() as cursor:
            cursor.execute(update.format(f"state = 'withdrawn', {settled}"), [other.pk])
            assert cursor.rowcount == 0


def test_what_was_asked_stays_for_the_desk_too(deadline):
    request = ask(deadline)
    update = "UPDATE programmes_extensionrequest SET {} WHERE id = %s"
    assert "as it was asked" in refused(update.format("reason = 'べつの理由'"), request.pk)
    assert "stays in the history" in refused(
        "DELETE FROM programmes_extensionrequest WHERE id = %s", request.pk
    )
    extensions.decline(request, words="いいえ", by=OFFICER, at=LATER)
    assert "settled once" in refused(update.format("answer = 'はい'"), request.pk)
