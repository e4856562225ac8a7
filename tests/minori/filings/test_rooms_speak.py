"""In a room its own people speak, now; what was said, confirmed or taken stays: tried with raw SQL in its role."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from minori.audit.trail import Actor
from minori.filings import correcting, handing_in, reviewing
from minori.filings.reviewing import Remark
from minori.programmes.models import Deadline
from minori.registry.models import FrameworkVersion
from minori.report_forms.corrections import Aspect
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry
from tests.minori.filings import by_hand
from tests.minori.filings.test_steps import OFFICER

pytestmark = pytest.mark.django_db
NOW, BEFORE, LATER = "now()", "now() - interval '3 days'", "now() + interval '1 hour'"


@dataclass
class Room:
    """ひかり's returned report, somebody of ひかり, of きぼう and the officer, and what the room tries."""

    deadline: Deadline
    own: Actor
    others: tuple[Actor, ...]

    def said(self, query: str, *params: Any) -> str:
        """What the database says to the room."""
        with entering(self.deadline.organization):
            return by_hand.refusal((query, params))


@pytest.fixture
def room(hikari: Any, kibou: Any) -> Room:
    deadline = programmes.deadline(organization=hikari)
    filing = filings.handed_in(deadline)
    asked = [Remark("直してください"), Remark("何回？", anchor="activities")]
    reviewing.send_back(
        deadline, filing=filing, remarks=asked, due_on=deadline.due_on, by=OFFICER, at=filings.AT
    )
    deadline.refresh_from_db()
    officer = people.officer(deadline.grant.programme.distributor)
    own = people.speaking(hikari)
    lead = deadline.grant.lead_officer
    others = (
        Actor(officer.pk, officer.name),
        Actor(lead.pk, lead.name),  # an officer whom the room can see
        Actor(own.person_id, officer.name),
        Actor(None, own.name),
        people.speaking(kibou, "森田 一郎"),
    )
    return Room(deadline, own, others)


ANSWER = (
    "INSERT INTO public.filings_comment (deadline_id, organization_id, filing_id, answers_id, anchor, side, body, at,"
    " by_id, by_name, dealt_with_by_name) SELECT deadline_id, organization_id, filing_id, id, {anchor}, 'room', '3回です',"
    " {at}, %s, %s, '' FROM public.filings_comment WHERE side = 'desk' AND anchor = 'activities'"
)
OPEN = (
    "INSERT INTO public.filings_openpart (deadline_id, organization_id, filing_id, anchor, side, reason, at, by_id, by_name)"
    " SELECT id, organization_id, current_filing_id, 'outlook', 'room', '数え直し', {at}, %s, %s"
    " FROM public.programmes_deadline"
)
SHOW = (
    "INSERT INTO public.filings_consultation (deadline_id, organization_id, number, contents, question, shown_at,"
    " shown_by_id, shown_by_name, withdrawn_by_name) SELECT deadline_id, organization_id, {number}, {paper}, '',"
    " {at}, %s, %s, '' FROM public.filings_filing"
)
RECORD = (
    "INSERT INTO public.audit_event (at, action, person_id, person_name, organization_id, from_state, to_state, details)"
    " SELECT {at}, 'answered', %s, %s, organization_id, '', '', '{{}}' FROM public.programmes_deadline"
)
CONFIRM = "UPDATE public.registry_frameworkversion SET confirmed_at = {at}, confirmed_by_id = %s, confirmed_by_name = %s"
PROPOSE = (
    "INSERT INTO public.registry_proposal (contents, remark, state, proposed_at, proposed_by_id, proposed_by_name,"
    " decided_by_name, decision_remark, grant_id, organization_id) SELECT {plan}, '', 'waiting', {at}, %s, %s, '', '',"
    " id, organization_id FROM public.programmes_grant"
)
PARTS = {"anchor": "anchor", "number": "1", "paper": "contents", "plan": "'{\"rows\": []}'"}
STATEMENTS = {
    "answer": ANSWER,
    "open": OPEN,
    "show": SHOW,
    "record": RECORD,
    "confirm": CONFIRM,
    "propose": PROPOSE,
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_in_a_room_its_own_people_speak_and_they_speak_now(room, what):
    def said(at: str, by: Actor) -> str:
        return room.said(STATEMENTS[what].format(at=at, **PARTS), by.person_id, by.name)

    assert said(NOW, room.own) == ""
    for at in (BEFORE, LATER):
        assert "a room speaks now" in said(at, room.own)
    for other in room.others:
        assert "its own people speak" in said(NOW, other), other


def test_somebody_who_has_left_speaks_no_more(room, hikari):
    from minori.accounts.models import Membership

    Membership.objects.filter(person_id=room.own.person_id).update(ended_at=timezone.now())
    said = room.said(ANSWER.format(at=NOW, **PARTS), room.own.person_id, room.own.name)
    assert "its own people speak" in said


def test_the_desk_writes_down_what_came_on_another_day(room):
    said = by_hand.refusal((ANSWER.format(at=BEFORE, **PARTS), (None, "電話で 佐藤")))
    assert said == ""


def test_a_room_answers_where_it_was_asked(room):
    said = room.said(ANSWER.format(at=NOW, anchor="'outlook'"), room.own.person_id, room.own.name)
    assert "answers what it was asked" in said
    alone = ANSWER.replace(" id, {anchor}", " NULL, {anchor}").format(at=NOW, anchor="anchor")
    assert "answers what it was asked" in room.said(alone, room.own.person_id, room.own.name)


def test_what_was_said_stays_and_what_is_dealt_with_is_said_now(room):
    done = "UPDATE public.filings_comment SET dealt_with_at = {}, dealt_with_by_name = %s"
    assert room.said(done.format(NOW), room.own.name) == ""
    assert "speaks now" in room.said(done.format(BEFORE), room.own.name)
    assert "its own people" in room.said(done.format(NOW), OFFICER.name)
    for change in ("body = 'x'", "at = now()", "by_name = 'x'", "anchor = ''"):
        assert "stays as it was said" in by_hand.refusal((f"UPDATE filings_comment SET {change}", ()))
    assert "stays as it was said" in by_hand.refusal(("DELETE FROM filings_comment", ()))


def test_a_plan_that_was_confirmed_stays_confirmed(room):
    confirmed = room.own, timezone.now()
    FrameworkVersion.objects.update(
        confirmed_at=confirmed[1], confirmed_by_id=room.own.person_id, confirmed_by_name=room.own.name
    )
    undo = "UPDATE public.registry_frameworkversion SET confirmed_at = NULL, confirmed_by_id = NULL, confirmed_by_name = ''"
    again = CONFIRM.format(at=NOW)
    for said in (
        room.said(undo),
        room.said(again, room.own.person_id, room.own.name),
        by_hand.refusal((undo, ())),
    ):
        assert "stays confirmed" in said


def test_a_room_that_confirms_nothing_changes_nothing(room):
    said = room.said(
        "UPDATE public.registry_frameworkversion SET confirmed_at = NULL, confirmed_by_name = 'x'"
    )
    assert "confirms a plan, nothing else" in said or "its own people" in said


def test_what_is_proposed_is_a_plan_and_is_settled_once(room, kibou):
    for plan in ("'{}'", "'[]'", "'{\"rows\": [1]}'", '\'{"rows": [{"uuid": "x"}]}\''):
        query = PROPOSE.format(at=NOW, **PARTS | {"plan": plan})
        assert "what is proposed is a plan" in room.said(query, room.own.person_id, room.own.name)
    with entering(room.deadline.organization):
        from minori.registry import frameworks

        proposal = frameworks.propose(
            room.deadline.grant, framework=registry.framework(), remark="", by=room.own, at=timezone.now()
        )
        frameworks.withdraw(proposal, by=room.own, at=timezone.now())
    settled = "UPDATE public.registry_proposal SET decided_at = now() WHERE id = %s"
    assert "decided once" in room.said(settled, proposal.pk)
    assert "stays as it was proposed" in by_hand.refusal(
        ("UPDATE registry_proposal SET proposed_at = now()", ())
    )


def test_a_shown_draft_is_shaped_like_a_paper_and_comes_in_its_turn(room):
    for part in ({"paper": "'{}'"}, {"paper": "'[]'"}, {"paper": "contents - 'rows'"}):
        query = SHOW.format(at=NOW, **PARTS | part)
        assert "this is no draft" in room.said(query, room.own.person_id, room.own.name)
    said = room.said(SHOW.format(at=NOW, **PARTS | {"number": "7"}), room.own.person_id, room.own.name)
    assert "one after the other" in said
    filings.handed_in(room.deadline)
    said = room.said(SHOW.format(at=NOW, **PARTS) + " WHERE revision = 1", room.own.person_id, room.own.name)
    assert "while it is written" in said


def test_a_correction_is_taken_only_with_the_revision_that_takes_it(hikari):
    """Neither by a filing that never counts, nor by one that counted before."""
    by = people.speaking(hikari)
    deadline = programmes.deadline(organization=hikari)
    filing = filings.handed_in(deadline)
    reviewing.begin_reading(deadline, by=OFFICER, at=filings.AT)
    asked = {"filing": filing, "anchor": "activities", "aspect": Aspect.TEXT, "new": "4回"}
    one = correcting.propose(deadline, by=OFFICER, at=timezone.now(), **asked)
    deadline.refresh_from_db()
    take = (
        "UPDATE public.filings_correction SET state = 'taken', taken_in_id = %s, settled_at = now(), settled_by_id = %s,"
        " settled_by_name = %s WHERE id = %s"
    )
    with entering(hikari), transaction.atomic():
        assert "as the next revision" in by_hand.refusal((take, (filing.pk, by.person_id, by.name, one.pk)))
        dangling = by_hand.next_filing(deadline, by=by)
        dangling.days_late = filing.days_late
        dangling.save(force_insert=True)
        said = by_hand.refusal((take, (dangling.pk, by.person_id, by.name, one.pk)))
        transaction.set_rollback(True)
    assert "its report did not go on to it" in said
    with entering(hikari):
        taken = correcting.take(deadline, wanted=[one.pk], by=by, at=timezone.now())
    assert taken.revision == 2


def test_a_recalled_revision_is_followed_by_one_that_corrections_can_be_taken_in(hikari):
    """The next revision counts from the newest there is, whether it was recalled or not."""
    by = people.speaking(hikari)
    deadline = programmes.deadline(organization=hikari)
    filings.handed_in(deadline)
    handing_in.recall(deadline, by=filings.EDITOR, at=filings.AT)
    filing = filings.handed_in(deadline)
    reviewing.begin_reading(deadline, by=OFFICER, at=filings.AT)
    asked = {"filing": filing, "anchor": "activities", "aspect": Aspect.TEXT, "new": "4回"}
    one = correcting.propose(deadline, by=OFFICER, at=timezone.now(), **asked)
    with entering(hikari):
        assert correcting.take(deadline, wanted=[one.pk], by=by, at=timezone.now()).revision == 3


def test_a_room_chooses_no_keys(room):
    """Else it takes the key that another organization's row is about to get, or goes before others in the trail."""
    for what, query in STATEMENTS.items():
        if not query.startswith("INSERT"):
            continue
        chosen = (
            query.format(at=NOW, **PARTS).replace("(", "(id, ", 1).replace("SELECT ", "SELECT 999999, ", 1)
        )
        said = room.said(chosen, room.own.person_id, room.own.name)
        assert "permission denied" in said, what
