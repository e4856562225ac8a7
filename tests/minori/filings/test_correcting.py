"""Corrections: proposed by the desk, taken over by the organization as a revision, kept by the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import correcting, handing_in, reviewing, verifying
from minori.filings.enums import CorrectionState
from minori.filings.models import Correction, Filing
from minori.filings.reviewing import Remark
from minori.filings.stepping import NotPossibleNow, StaleRevision
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline
from minori.report_forms.corrections import Aspect, Spot
from minori.tenancy.rooms import entering
from tests.factories import filings, programmes, registry

pytestmark = pytest.mark.django_db

OFFICER, APPROVER = Actor(person_id=7, name="佐伯 真理"), Actor(person_id=8, name="承認 太郎")
AT = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
LATE = datetime(2026, 10, 17, 3, 0, tzinfo=UTC)
ROW = Spot(str(registry.identity("0101")))
TEXT = "1. 居場所\n週3回の開所を続けました。"
WORDS = {Spot("activities"): TEXT}


@pytest.fixture
def deadline(hikari: Any) -> Deadline:
    one = programmes.deadline(organization=hikari)
    filings.handed_in(one)
    return one


def propose(deadline: Deadline, texts: Any = None, *, why: str = "", at: datetime = AT) -> list[Correction]:
    filing = Filing.objects.get(pk=deadline.current_filing_id)
    return correcting.propose(
        deadline, filing=filing, texts=WORDS if texts is None else texts, why=why, by=OFFICER, at=at
    )


def take(deadline: Deadline, *corrections: Correction, at: datetime = AT) -> Any:
    with entering(deadline.organization):
        taken = correcting.take(deadline, pks=[one.pk for one in corrections], by=APPROVER, at=at)
    deadline.refresh_from_db()
    return taken


def states(deadline: Deadline) -> list[str]:
    return list(Correction.objects.filter(deadline=deadline).order_by("pk").values_list("state", flat=True))


def refused(query: str, *params: Any) -> str:
    errors = (IntegrityError, ProgrammingError)
    with pytest.raises(errors) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, params)
    return str(caught.value)


def test_only_changed_texts_are_proposed_and_nothing_of_the_report_changes(deadline):
    first = deadline.current_filing
    asked = WORDS | {ROW: "①72回\n②のべ640人", Spot("nowhere"): "？"}
    (one,) = propose(deadline, asked, why="語尾")
    assert (one.anchor, one.old, one.new) == ("activities", "1. 居場所\n週3回の開所を続けている。", TEXT)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.current_filing_id) == (DeadlineState.HANDED_IN, first.pk)
    event = Event.objects.get(action=Action.CORRECTION_PROPOSED)
    assert event.details == {"count": 1, "why": "語尾"}


def test_proposing_counts_as_reading(deadline, hikari):
    propose(deadline)
    with entering(hikari), pytest.raises(NotPossibleNow):
        handing_in.recall(deadline, by=APPROVER, at=AT)


def test_taking_over_makes_the_next_revision_with_these_words_only(deadline):
    first = deadline.current_filing
    taken = take(deadline, *propose(deadline, WORDS | {ROW: "①73回\n②のべ640人"}))
    filing = taken.filing
    assert (filing.revision, deadline.current_filing_id, deadline.state) == (2, filing.pk, "handed_in")
    assert (filing.approved_by_name, filing.approved_how, filing.handed_in_by_name) == (
        "承認 太郎",
        "screen",
        "承認 太郎",
    )
    assert filing.contents["answers"]["activities"]["activities"]["text"] == TEXT
    changed = {part for part, value in filing.part_hashes.items() if first.part_hashes[part] != value}
    assert changed == {"head", "rows", "answers.activities"}
    assert [one.text for one in filing.figures.filter(kind="indicator")] == ["73回", "のべ640人"]
    assert list(verifying.differences()) == []
    assert states(deadline) == ["taken", "taken"]


def test_lateness_stays_that_of_the_first_revision(deadline):
    taken = take(deadline, *propose(deadline, at=LATE), at=LATE)
    assert (deadline.days_late, taken.filing.days_late) == (0, 0)
    assert deadline.first_handed_in_at == filings.AT


def test_some_are_taken_and_the_others_go_on_waiting(deadline):
    first, second = propose(deadline, WORDS | {Spot("events"): "夏のつどい（9月）"})
    take(deadline, first)
    assert states(deadline) == ["taken", "open"]
    assert take(deadline, second).filing.revision == 3
    assert deadline.current_filing.contents["answers"]["activities"]["activities"]["text"] == TEXT


def test_a_second_click_does_nothing(deadline):
    (one,) = propose(deadline)
    take(deadline, one)
    assert take(deadline, one) is None
    assert deadline.filings.count() == 2


def test_the_officer_who_read_the_older_revision_decides_about_nothing(deadline):
    first = deadline.current_filing
    take(deadline, *propose(deadline))
    with pytest.raises(StaleRevision):
        reviewing.accept(deadline, filing=first, by=OFFICER, at=AT)
    reviewing.accept(deadline, filing=deadline.current_filing, by=OFFICER, at=AT)


@pytest.mark.parametrize("decided", ["accept", "send_back"])
def test_deciding_about_the_report_lets_what_waits_lapse(deadline, decided):
    (one,) = propose(deadline)
    more = {} if decided == "accept" else {"remarks": [Remark("？")], "due_on": AT.date() + timedelta(days=7)}
    getattr(reviewing, decided)(deadline, filing=deadline.current_filing, by=OFFICER, at=AT, **more)
    assert states(deadline) == [CorrectionState.LAPSED]
    with pytest.raises(NotPossibleNow):
        take(deadline, one)
    with pytest.raises(NotPossibleNow):
        propose(deadline)


def test_declining_keeps_the_words_said(deadline, hikari):
    (one,) = propose(deadline)
    with entering(hikari):
        assert correcting.decline(deadline, pks=[one.pk], words="原文どおりです", by=APPROVER, at=AT) == 1
        assert correcting.decline(deadline, pks=[one.pk], words="", by=APPROVER, at=AT) == 0
    one.refresh_from_db()
    assert (one.state, one.words, one.settled_by_name) == ("declined", "原文どおりです", "承認 太郎")
    assert deadline.filings.count() == 1
    assert Event.objects.get(action=Action.CORRECTION_DECLINED).details == {
        "count": 1,
        "reason": "原文どおりです",
    }


def test_a_newer_proposal_replaces_the_one_that_waits_at_the_same_place(deadline):
    propose(deadline)
    assert propose(deadline) == []  # the very same
    propose(deadline, {Spot("activities"): "1. 居場所\n週3回の開所を続けました！"})
    assert states(deadline) == ["withdrawn", "open"]


@pytest.mark.parametrize(
    "texts", [{}, {Spot("activities"): " 　\n"}, {Spot("activities", Aspect.REMARK): "注"}]
)
def test_nothing_and_emptiness_are_not_proposed(deadline, texts):
    with pytest.raises(NotPossibleNow):
        propose(deadline, texts)
    assert not Correction.objects.exists()


def test_a_text_that_the_form_does_not_allow_is_not_proposed(deadline):
    with pytest.raises(NotPossibleNow, match="上限"):
        propose(deadline, {Spot("activities"): "あ" * 100_000})


def test_another_organization_sees_and_takes_nothing(deadline, kibou):
    (one,) = propose(deadline)
    with entering(kibou):
        assert not Correction.objects.exists()
        with pytest.raises(Deadline.DoesNotExist):
            correcting.take(deadline, pks=[one.pk], by=APPROVER, at=AT)
    theirs = programmes.deadline(organization=kibou)
    filings.handed_in(theirs)
    with entering(kibou):
        assert correcting.take(theirs, pks=[one.pk], by=APPROVER, at=AT) is None


def test_the_database_lets_nobody_change_a_proposal_or_settle_it_for_the_other_side(deadline, hikari):
    (one,) = propose(deadline)
    settle = (
        "UPDATE public.filings_correction SET state = %s, settled_at = now(), settled_by_name = '？',"
        " taken_as_id = %s WHERE id = %s"
    )
    with entering(hikari):
        assert "denied" in refused("UPDATE public.filings_correction SET new = '？' WHERE id = %s", one.pk)
        assert "denied" in refused("DELETE FROM public.filings_correction")
        assert "denied" in refused(
            "INSERT INTO public.filings_correction (deadline_id, organization_id, filing_id, anchor, aspect, old, new,"
            " why, proposed_at, proposed_by_name, state, settled_by_name, words) VALUES"
            " (%s, %s, %s, 'x', 'text', 'a', 'b', '', now(), '？', 'open', '', '')",
            *(deadline.pk, hikari.pk, one.filing_id),
        )
        for state in ("withdrawn", "lapsed"):
            assert "by the desk" in refused(settle, state, None, one.pk)
    assert "by the organization" in refused(settle, "taken", one.filing_id, one.pk)
    assert "stays as it was proposed" in refused(
        "UPDATE filings_correction SET new = '？' WHERE id = %s", one.pk
    )
    assert "stays as it was proposed" in refused("DELETE FROM filings_correction")


def test_a_room_cannot_change_the_filing_that_counts_without_a_correction(deadline, hikari):
    """A filing that is not made of corrections, the older revision, and another state beside it."""
    (one,) = propose(deadline)
    first = deadline.current_filing_id
    change = "UPDATE public.programmes_deadline SET current_filing_id = %s{more} WHERE id = %s"
    taken = take(deadline, one)
    with entering(hikari):
        assert "only by handing in" in refused(change.format(more=""), first, deadline.pk)
        assert "only by handing in" in refused(change.format(more=", days_late = 0"), None, deadline.pk)
    assert Deadline.objects.get(pk=deadline.pk).current_filing_id == taken.filing.pk
    assert "only by handing in and recalling" in refused(change.format(more=""), first, deadline.pk)
