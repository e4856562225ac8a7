"""An officer's small correction: proposed while reading, taken by the organization as the next revision."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.filings import correcting, handing_in, readings, replaying, reviewing, verifying
from minori.filings.correcting import AskedDifferently
from minori.filings.correction import Correction
from minori.filings.enums import CorrectionState
from minori.filings.models import Figure, Filing
from minori.filings.reviewing import Remark, StaleRevision
from minori.filings.stepping import NotPossibleNow
from minori.indicators.measures import Kind, Measure
from minori.indicators.statements import Covers
from minori.programmes.models import Deadline
from minori.report_forms.contents import Contents
from minori.report_forms.corrections import Aspect
from minori.report_forms.differences import compare
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry
from tests.minori.filings.test_steps import OFFICER

pytestmark = pytest.mark.django_db
ROW = str(registry.identity("0101"))
TYPO = "1. 居場所\n週3回の開所を続けている。"
MENDED = "1. 居場所\n週4回の開所を続けている。"


@pytest.fixture
def read(hikari: Any) -> Deadline:
    """A report that came four days late and is being read."""
    return being_read(programmes.deadline(organization=hikari))


def being_read(deadline: Deadline) -> Deadline:
    late = filings.AT + timedelta(days=8)
    filings.handed_in(deadline, at=late, attachments=[filings.photo()])
    reviewing.begin_reading(deadline, by=OFFICER, at=late)
    deadline.refresh_from_db()
    return deadline


def propose(
    deadline: Deadline,
    new: str = MENDED,
    anchor: str = "activities",
    aspect: Aspect = Aspect.TEXT,
    **more: Any,
) -> Correction:
    asked = {"filing": deadline.current_filing, "by": OFFICER, "at": timezone.now(), **more}
    return correcting.propose(deadline, anchor=anchor, aspect=aspect, new=new, **asked)


def take(deadline: Deadline, *wanted: Correction) -> Filing:
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        filing = correcting.take(deadline, wanted=[one.pk for one in wanted], by=by, at=timezone.now())
    deadline.refresh_from_db()
    return filing


def contents(filing: Filing) -> Contents:
    return Contents.from_json(filing.contents)


def test_taking_makes_the_next_revision_that_differs_in_that_place_only(read):
    first = read.current_filing
    correction = propose(read, why="「週4回」の打ち間違いではないでしょうか")
    assert (correction.old, correction.state) == (TYPO, CorrectionState.OPEN)
    second = take(read, correction)
    (change,) = compare(contents(first), contents(second))
    assert (change.anchor, change.aspect, change.old, change.new) == ("activities", "text", TYPO, MENDED)
    assert second.revision == 2
    assert second.handed_in_by_name == filings.EDITOR.name
    assert second.approved_by_name == first.approved_by_name == "施設長"
    assert second.figures.count() == first.figures.count()
    assert second.attachments.count() == 1
    correction.refresh_from_db()
    assert (correction.state, correction.taken_in, correction.settled_by_name) == (
        CorrectionState.TAKEN,
        second,
        filings.EDITOR.name,
    )
    assert list(verifying.differences()) == []


def test_the_report_stays_handed_in_being_read_and_as_late_as_it_was(read):
    before = (read.state, read.reading_began_at, read.first_handed_in_at, read.days_late)
    second = take(read, propose(read))
    assert (read.state, read.reading_began_at, read.first_handed_in_at, read.days_late) == before
    assert read.days_late == second.days_late == 4
    assert read.current_filing == second
    told = replaying.replay(Event.objects.filter(deadline_id=read.pk).order_by("pk"))
    assert told == replaying.Stand("handed_in", second.pk, 4)


def test_several_are_taken_together_and_what_is_left_open_can_be_taken_after(read):
    row = propose(read, "①73回\n②のべ640人", anchor=ROW)
    code = propose(read, "1", anchor=ROW, aspect=Aspect.PROGRESS)
    text = propose(read)
    second = take(read, row, code)
    figure = second.figures.get(row_uuid=ROW, kind="row")
    assert (figure.progress, second.revision) == (1, 2)
    third = take(read, text)
    assert third.revision == 3
    assert contents(third).answers["activities"].text == MENDED
    assert contents(third).row_answer(registry.identity("0101")).text == "①73回\n②のべ640人"


def test_the_officer_who_read_the_older_revision_is_told(read):
    first = read.current_filing
    take(read, propose(read))
    with pytest.raises(StaleRevision):
        reviewing.accept(read, filing=first, by=OFFICER, at=timezone.now())
    with pytest.raises(NotPossibleNow, match=r"newer revision|新しい版"):
        propose(read, filing=first)


@pytest.mark.parametrize(
    ("place", "new"),
    [
        ({"anchor": "media"}, "テレビ"),
        ({"anchor": "no such field"}, "x"),
        ({}, " \n"),
        ({}, TYPO),
        ({"anchor": ROW, "aspect": Aspect.PROGRESS}, "7"),
        ({"anchor": ROW, "aspect": Aspect.PROGRESS}, "4"),
        ({}, "長" * 100_000),
    ],
    ids=["empty place", "no place", "nothing", "no change", "no code", "4 without its reason", "too long"],
)
def test_what_makes_no_correction_is_not_proposed(read, place, new):
    with pytest.raises(NotPossibleNow):
        propose(read, new, **place)
    assert not Correction.objects.exists()


def test_the_same_is_proposed_once_and_another_only_after_withdrawing(read):
    first = propose(read)
    assert propose(read) == first
    with pytest.raises(NotPossibleNow):
        propose(read, "別の文")
    correcting.withdraw(first, by=OFFICER, at=timezone.now())
    assert propose(read, "別の文").pk != first.pk


def test_nothing_is_proposed_before_reading_and_none_after_deciding(read, kibou):
    other = programmes.deadline(organization=kibou)
    filing = filings.handed_in(other)
    with pytest.raises(NotPossibleNow):
        propose(other)
    reviewing.accept(other, filing=filing, by=OFFICER, at=timezone.now())
    other.refresh_from_db()
    with pytest.raises(NotPossibleNow):
        propose(other)


@pytest.mark.parametrize("decision", ["accept", "send_back"])
def test_what_is_open_lapses_when_the_officer_decides(read, decision):
    correction = propose(read)
    filing, now = read.current_filing, timezone.now()
    if decision == "accept":
        reviewing.accept(read, filing=filing, by=OFFICER, at=now)
    else:
        due_on = now.date() + timedelta(days=9)
        reviewing.send_back(read, filing=filing, remarks=[Remark("？")], due_on=due_on, by=OFFICER, at=now)
    correction.refresh_from_db()
    assert correction.state == CorrectionState.LAPSED
    assert Event.objects.filter(action=Action.CORRECTION_LAPSED, deadline_id=read.pk).count() == 1
    with pytest.raises(NotPossibleNow):
        take(read, correction)


def test_declining_keeps_the_word_and_settles_once(read):
    correction = propose(read)
    by = people.speaking(read.organization)
    with entering(read.organization):
        correcting.decline(correction, word="週3回で正しいです", by=by, at=timezone.now())
        with pytest.raises(AskedDifferently):
            correcting.decline(correction, word="", by=by, at=timezone.now())
    assert (correction.state, correction.word) == (CorrectionState.DECLINED, "週3回で正しいです")
    with pytest.raises(AskedDifferently):
        take(read, correction)
    assert Filing.objects.filter(deadline=read).count() == 1


def test_what_is_being_corrected_is_not_recalled(read):
    take(read, propose(read))
    with entering(read.organization), pytest.raises(NotPossibleNow):
        handing_in.recall(read, by=filings.EDITOR, at=timezone.now())


def test_an_organization_takes_nothing_of_another(read, kibou):
    correction = propose(read)
    theirs = being_read(programmes.deadline(organization=kibou))
    with entering(kibou):
        assert not Correction.objects.exists()
        with pytest.raises(AskedDifferently):
            correcting.take(theirs, wanted=[correction.pk], by=filings.EDITOR, at=timezone.now())


def refused(query: str, *params: Any) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, params)
    return str(caught.value)


def test_the_desk_cannot_take_and_a_room_cannot_propose_or_withdraw(read, hikari):
    correction = propose(read)
    change = "UPDATE public.filings_correction SET state = %s, settled_at = now(), settled_by_name = 'x' WHERE id = %s"
    assert "takes or declines" in refused(change, "declined", correction.pk)
    with entering(hikari):
        assert "takes or declines" in refused(change, "withdrawn", correction.pk)
        assert "permission denied" in refused("UPDATE public.filings_correction SET new = 'x'")
        assert "permission denied" in refused("DELETE FROM public.filings_correction")
        assert "permission denied" in refused(
            "INSERT INTO public.filings_correction SELECT * FROM public.filings_correction"
        )
    assert "stays as it was proposed" in refused("UPDATE filings_correction SET new = 'x'")
    assert "stays in the history" in refused("DELETE FROM filings_correction")


def test_a_room_slips_nothing_else_into_a_correction(read, hikari, monkeypatch):
    """The database compares the two papers itself: shown by a rule that changes more than was proposed."""
    correction = propose(read)
    honest = correcting.freeze

    def dishonest(deadline: Deadline, paper: Contents, **facts: Any) -> Filing:
        from dataclasses import replace

        from minori.report_forms.answers import Written

        more = replace(paper, answers={**paper.answers, "reports": Written("こっそり")})
        return honest(deadline, more, **facts)

    monkeypatch.setattr(correcting, "freeze", dishonest)
    with pytest.raises(DatabaseError, match="only by handing in"), transaction.atomic():
        take(read, correction)
    read.refresh_from_db()
    assert read.current_filing.revision == 1


def test_a_room_moves_on_to_no_filing_of_its_own_making_while_it_is_read(read, hikari):
    copy = (
        "INSERT INTO public.filings_filing (deadline_id, organization_id, framework_version_id, revision, format, contents,"
        " part_hashes, hash, handed_in_at, handed_in_by_name, approved_by_name, approved_how, approved_on, days_late)"
        " SELECT deadline_id, organization_id, framework_version_id, revision + 1, format, contents, part_hashes, hash,"
        " now(), 'x', approved_by_name, approved_how, approved_on, days_late FROM public.filings_filing WHERE id = %s"
    )
    with entering(hikari):
        assert "while its report is open" in refused(copy, read.current_filing_id)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["take", "accept", "withdraw"])
def test_taking_at_the_same_moment_as_somebody_else_decides_is_one_of_the_two(other):
    read = being_read(programmes.deadline())
    correction, first, by = propose(read), read.current_filing, people.speaking(read.organization)
    barrier, said = threading.Barrier(2), {}

    def run(name: str) -> None:
        try:
            barrier.wait(timeout=10)
            if name.startswith("take"):
                with entering(read.organization):
                    correcting.take(read, wanted=[correction.pk], by=by, at=timezone.now())
            elif name == "accept":
                reviewing.accept(read, filing=first, by=OFFICER, at=timezone.now())
            else:
                correcting.withdraw(correction, by=OFFICER, at=timezone.now())
            said[name] = "done"
        except NotPossibleNow as refusal:
            said[name] = type(refusal).__name__
        finally:
            connection.close()

    both = [
        threading.Thread(target=run, args=[name]) for name in ("take", other if other != "take" else "take 2")
    ]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(word == "done" for word in said.values()) == [False, True], said
    assert list(verifying.differences()) == []
    taken = Correction.objects.get().state == CorrectionState.TAKEN
    assert Filing.objects.filter(deadline=read).count() == (2 if taken else 1)


def test_confirmed_numbers_go_on_to_count_unless_their_words_are_corrected(read):
    def counting() -> list[Any]:
        figures = Figure.objects.filter(filing=read.current_filing).values_list("pk", flat=True)
        return [one.measure for one in readings.counting_of_figures(figures).values()]

    figure = Figure.objects.filter(filing=read.current_filing, indicator_uuid__isnull=False).earliest("pk")
    measure = Measure("72回", Kind.AT_LEAST, value=Decimal(72), unit="回")
    given = readings.Given(measure=measure, covers=Covers.FISCAL_YEAR)
    readings.confirm(figure, given=given, by=OFFICER, at=timezone.now())
    confirmed = counting()
    assert len(confirmed) == 1
    take(read, propose(read))
    assert counting() == confirmed, "the words of this line are the same"
    take(read, propose(read, "①73回\n②のべ640人", anchor=ROW))
    assert counting() == [], "other words: to be confirmed anew"


def test_taking_before_anybody_reads_is_refused_in_words_for_the_organization(hikari):
    deadline = programmes.deadline(organization=hikari)
    filings.handed_in(deadline)
    with entering(hikari), pytest.raises(NotPossibleNow) as refusal:
        correcting.take(deadline, wanted=[1], by=OFFICER, at=timezone.now())
    with translation.override("ja"):
        assert str(refusal.value) == "担当者がまだこの版を読み始めていないため、反映できる提案はありません。"
