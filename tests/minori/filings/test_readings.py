"""Readings: confirmed, corrected, withdrawn, never changed; only what is confirmed counts; no room reaches another's."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.filings import measured, readings, reviewing
from minori.filings.enums import Aspect, Judgement, Side, Span
from minori.filings.handing_in import hand_in
from minori.filings.models import Figure, Reading
from minori.filings.readings import Given
from minori.filings.stepping import NotPossibleNow
from minori.indicators.measures import Kind, Measure, Per
from minori.indicators.reasons import Reason
from minori.indicators.statements import Covers, Reached
from minori.indicators.stored import from_json
from minori.programmes.models import Deadline, Grant
from minori.registry import frameworks
from minori.registry.models import RegisteredIndicator
from minori.report_forms.contents import Contents
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry

pytestmark = pytest.mark.django_db
AT = filings.AT
LATER = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
OFFICER = Actor(7, "佐伯 真理")
TIMES = registry.identity("0101/0")  # ①開所回数, 年間150回


def times(value: int, text: str = "72回", **fields: Any) -> Measure:
    return Measure(text, Kind.EXACT, value=Decimal(value), unit="回", **fields)


def given(value: int = 72, covers: Covers = Covers.FISCAL_YEAR, **fields: Any) -> Given:
    return Given(measure=times(value), covers=covers, **fields)


TARGET = Given(measure=Measure("年間150回", Kind.AT_LEAST, value=Decimal(150), unit="回", per=Per.YEAR))


@pytest.fixture
def deadline(hikari) -> Deadline:
    found = programmes.deadline(organization=hikari)
    filings.handed_in(found)
    return found


def figure_of(deadline: Deadline) -> Figure:
    return Figure.objects.get(filing=deadline.current_filing, indicator_uuid=TIMES)


def target_of(deadline: Deadline) -> RegisteredIndicator:
    return RegisteredIndicator.objects.get(uuid=TIMES, row__version__grant=deadline.grant)


def confirm(
    words: Any, one: Given | None = None, aspect: Aspect = Aspect.ACTUAL, by: Actor = OFFICER
) -> Reading:
    return readings.confirm(words, aspect=aspect, given=one or given(), by=by, at=LATER)


def outcome_of(deadline: Deadline) -> Any:
    version = frameworks.version_for(deadline)
    found = measured.of_grant(deadline.grant, version)
    one = next(one for one in found if one.indicator.uuid == TIMES)
    return one.achievement(round_=deadline.round.number, today=date(2026, 10, 20)).outcome


def test_an_officer_confirms_what_a_text_means_and_the_filing_stays_as_it_was(deadline):
    hash_ = deadline.current_filing.hash
    reading = confirm(figure_of(deadline))
    assert from_json(reading.measure) == times(72)
    assert (reading.covers, reading.side, reading.by_name, reading.at) == (
        "fiscal_year",
        "desk",
        "佐伯 真理",
        LATER,
    )
    event = Event.objects.get(action=Action.READING_CONFIRMED)
    assert (event.round_id, event.grant_id, event.filing_id) == (
        deadline.round_id,
        deadline.grant_id,
        deadline.current_filing_id,
    )
    deadline.current_filing.refresh_from_db()
    assert deadline.current_filing.hash == hash_


def test_nothing_counts_until_both_texts_are_confirmed(deadline):
    assert outcome_of(deadline).reason is Reason.TARGET_NOT_CONFIRMED
    confirm(target_of(deadline), TARGET, Aspect.TARGET)
    assert outcome_of(deadline).reason is Reason.NOT_CONFIRMED
    confirm(figure_of(deadline))
    assert outcome_of(deadline).value == Decimal(72) / 150
    assert outcome_of(deadline).formula.references == (
        f"filing:{deadline.current_filing_id}",
        f"plan:{target_of(deadline).pk}",
    )


def test_a_withdrawn_reading_counts_no_longer(deadline):
    confirm(target_of(deadline), TARGET, Aspect.TARGET)
    reading = confirm(figure_of(deadline))
    gone = readings.withdraw(reading, by=OFFICER, at=LATER)
    assert (gone.withdrawn, gone.replaces, gone.measure) == (True, reading, None)
    assert outcome_of(deadline).reason is Reason.NOT_CONFIRMED
    assert Event.objects.filter(action=Action.READING_WITHDRAWN).count() == 1
    again = confirm(figure_of(deadline), given(75))
    assert again.replaces == gone
    assert outcome_of(deadline).value == Decimal("0.5")


def test_the_newest_reading_counts_and_the_old_ones_stay(deadline):
    confirm(target_of(deadline), TARGET, Aspect.TARGET)
    first = confirm(figure_of(deadline))
    second = readings.correct(first, given=given(90), reason="書き写し間違い", by=OFFICER, at=LATER)
    assert list(Reading.objects.counting().filter(aspect=Aspect.ACTUAL)) == [second]
    assert Reading.objects.filter(aspect=Aspect.ACTUAL).count() == 2
    assert outcome_of(deadline).value == Decimal("0.6")
    assert Event.objects.filter(action=Action.READING_CORRECTED).count() == 1


def test_of_two_people_the_second_is_told(deadline):
    first = confirm(figure_of(deadline))
    with pytest.raises(NotPossibleNow):
        confirm(figure_of(deadline))
    readings.correct(first, given=given(90), reason="書き写し間違い", by=OFFICER, at=LATER)
    for late in (
        lambda: readings.correct(first, given=given(91), reason="書き写し間違い", by=OFFICER, at=LATER),
        lambda: readings.withdraw(first, by=OFFICER, at=LATER),
    ):
        with pytest.raises(NotPossibleNow):
            late()
    assert Event.objects.filter(action=Action.READING_CORRECTED).count() == 1


def test_at_the_same_moment_the_database_lets_one_through(deadline, monkeypatch):
    figure = figure_of(deadline)
    first = confirm(figure)
    monkeypatch.setattr(readings, "_newest", lambda *_: None)  # as both saw it
    with pytest.raises(NotPossibleNow):
        confirm(figure)
    monkeypatch.setattr(readings, "_must_count", lambda *_: None)
    readings.correct(first, given=given(80), reason="書き写し間違い", by=OFFICER, at=LATER)
    with pytest.raises(NotPossibleNow):
        readings.correct(first, given=given(81), reason="書き写し間違い", by=OFFICER, at=LATER)
    assert Event.objects.filter(action__startswith="reading_").count() == 2


@pytest.mark.parametrize(
    ("aspect", "wrong"),
    [
        (Aspect.ACTUAL, Given()),
        (Aspect.ACTUAL, Given(measure=times(3))),
        (Aspect.ACTUAL, given(covers=Covers.DATE)),
        (Aspect.ACTUAL, given(on=date(2026, 9, 30))),
        (Aspect.TARGET, Given()),
        (Aspect.TARGET, Given(reached=Reached.YES)),
        (Aspect.TARGET, replace(TARGET, covers=Covers.START)),
        (Aspect.TARGET, replace(TARGET, on=date(2026, 9, 30))),
        (Aspect.ACHIEVE_BY, TARGET),
    ],
)
def test_what_is_no_reading_of_the_aspect_is_refused_with_a_sentence(deadline, aspect, wrong):
    words = figure_of(deadline) if aspect == Aspect.ACTUAL else target_of(deadline)
    with pytest.raises(NotPossibleNow):
        confirm(words, wrong, aspect)
    assert Reading.objects.count() == 0


def test_a_figure_has_an_actual_and_a_plan_the_rest(deadline):
    with pytest.raises(TypeError):
        confirm(figure_of(deadline), TARGET, Aspect.TARGET)
    with pytest.raises(TypeError):
        confirm(target_of(deadline), given())


def test_a_state_is_judged_and_an_achieve_by_is_a_day(deadline):
    judged = confirm(figure_of(deadline), Given(reached=Reached.PARTLY))
    assert (judged.reached, judged.measure) == ("partly", None)
    due = confirm(target_of(deadline), Given(on=date(2028, 3, 31)), Aspect.ACHIEVE_BY)
    assert due.on == date(2028, 3, 31)
    version = frameworks.version_for(deadline)
    one = next(one for one in measured.of_grant(deadline.grant, version) if one.indicator.uuid == TIMES)
    assert one.plan.achieve_by == date(2028, 3, 31)
    assert one.statements[0].reached is Reached.PARTLY


def test_handing_in_confirms_the_numbers_beside_the_texts(hikari):
    deadline = programmes.deadline(organization=hikari)
    draft = filings.handed_in(programmes.deadline(organization=hikari))
    version, by = registry.registered(deadline.grant), people.speaking(hikari)
    with entering(hikari):
        hand_in(
            deadline,
            contents=Contents.from_json(draft.contents),
            version=version,
            approval=filings.APPROVAL,
            readings={TIMES: given()},
            by=by,
            at=timezone.now(),
        )
        reading = Reading.objects.get()
    deadline.refresh_from_db()
    assert (reading.side, reading.by_name, reading.figure.filing_id) == (
        Side.ROOM,
        "佐藤 和子",
        deadline.current_filing_id,
    )
    event = Event.objects.get(action=Action.HANDED_IN, deadline_id=deadline.pk)
    assert event.details["readings"] == 1
    corrected = readings.correct(reading, given=given(70), reason="書き写し間違い", by=OFFICER, at=LATER)
    assert corrected.side == Side.DESK


def test_a_number_at_an_unknown_indicator_files_nothing(hikari):
    deadline = programmes.deadline(organization=hikari)
    draft = filings.handed_in(programmes.deadline(organization=hikari))
    version, by = registry.registered(deadline.grant), people.speaking(hikari)
    with entering(hikari), pytest.raises(NotPossibleNow):
        hand_in(
            deadline,
            contents=Contents.from_json(draft.contents),
            version=version,
            approval=filings.APPROVAL,
            readings={registry.identity("elsewhere"): given()},
            by=by,
            at=timezone.now(),
        )
    deadline.refresh_from_db()
    assert deadline.current_filing is None


def test_a_reading_of_a_text_lives_on_in_the_next_version_while_the_words_stay(deadline):
    confirm(target_of(deadline), TARGET, Aspect.TARGET)
    confirm(figure_of(deadline))
    registry.registered(deadline.grant)
    assert outcome_of(deadline).value == Decimal("0.48")
    changed = [dict(row) for row in registry.ROWS]
    changed[1] = changed[1] | {
        "indicators": [changed[1]["indicators"][0] | {"target": "年間200回"}, changed[1]["indicators"][1]]
    }
    registry.registered(deadline.grant, registry.framework(changed))
    assert outcome_of(deadline).reason is Reason.TARGET_NOT_CONFIRMED


def test_a_grants_numbers_take_the_same_few_queries_for_any_number_of_rounds(
    deadline, django_assert_num_queries
):
    version = frameworks.version_for(deadline)
    grant = Grant.objects.select_related("programme__distributor").get(pk=deadline.grant_id)
    confirm(figure_of(deadline))
    with django_assert_num_queries(5):
        measured.of_grant(grant, version)
    filings.handed_in(programmes.deadline(of=grant))
    with django_assert_num_queries(5):
        found = measured.of_grant(grant, version)
    assert len(found[1].statements) == 2
    assert found[1].figures.keys() == {1, 2}


def refused(query: str, *params: object) -> str:
    with (
        pytest.raises((IntegrityError, ProgrammingError)) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(query, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(caught.value)


INSERT = (
    "INSERT INTO public.filings_reading (organization_id, grant_id, round_id, figure_id, aspect, withdrawn, measure,"
    " covers, reached, side, at, by_id, by_name) VALUES (%s, %s, %s, %s, 'actual', false, '{\"format\": 1}', 'start', '',"
    " %s, %s, 7, '佐伯 真理')"
)


def row(deadline: Deadline, **other: Any) -> tuple[Any, ...]:
    values = {
        "organization": deadline.organization_id,
        "grant": deadline.grant_id,
        "round": deadline.round_id,
        "figure": figure_of(deadline).pk,
        "side": "room",
        "at": AT,
    }
    return tuple((values | other).values())


def test_readings_are_never_changed_by_anybody(deadline):
    reading = confirm(figure_of(deadline))
    for query in (
        "UPDATE filings_reading SET covers = 'start' WHERE id = %s",
        "DELETE FROM filings_reading WHERE id = %s",
    ):
        assert "permission denied" in refused(query, reading.pk)


def test_the_owner_cannot_change_them_either(deadline):
    confirm(figure_of(deadline))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'filings_reading'::regclass AND NOT tgisinternal ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall()]
    assert names == [
        "never_changed",
        "readings_fit",
        "readings_know_their_filing",
        "rooms_speak_for_themselves_at",
        "summaries_count_them",
    ]


def test_a_reading_knows_the_filing_of_its_figure_whatever_is_given(deadline, kibou):
    """A withdrawal too; a reading of the plan is of none."""
    another = filings.handed_in(programmes.deadline(organization=kibou))
    of_plan = confirm(target_of(deadline), TARGET, Aspect.TARGET)
    first = confirm(figure_of(deadline))
    withdrawn = readings.withdraw(first, by=OFFICER, at=LATER)
    told = Reading.objects.create(
        organization_id=deadline.organization_id,
        grant_id=deadline.grant_id,
        round_id=deadline.round_id,
        figure=figure_of(deadline),
        filing=another,
        aspect=Aspect.ACTUAL,
        replaces=withdrawn,
        reached=Judgement.PARTLY,
        side=Side.DESK,
        at=LATER,
        by_name="",
    )
    known = dict(Reading.objects.order_by("pk").values_list("pk", "filing"))
    here = deadline.current_filing_id
    assert known == {of_plan.pk: None, first.pk: here, withdrawn.pk: here, told.pk: here}


def test_a_room_reads_its_own_readings_and_changes_nothing(deadline, hikari, kibou):
    theirs = programmes.deadline(organization=kibou)
    filings.handed_in(theirs)
    own, other = confirm(figure_of(deadline)), confirm(figure_of(theirs))
    with entering(hikari):
        assert list(Reading.objects.order_by("pk")) == [own]
        assert "permission denied" in refused(
            "UPDATE public.filings_reading SET reached = 'yes' WHERE id = %s", own.pk
        )
        assert "permission denied" in refused("DELETE FROM public.filings_reading WHERE id = %s", own.pk)
    with entering(kibou):
        assert list(Reading.objects.order_by("pk")) == [other]


def test_a_room_writes_readings_of_its_own_figures_as_it_hands_in_and_at_no_other_time(
    deadline, hikari, kibou
):
    theirs = programmes.deadline(organization=kibou)
    filings.handed_in(theirs)
    foreign = row(theirs)
    with entering(hikari):
        assert "own organization, grant and round" in refused(INSERT, *foreign)
        assert "own organization, grant and round" in refused(INSERT, hikari.pk, *foreign[1:])
        assert "only as it hands in" in refused(INSERT, *row(deadline, side="desk"))
        assert "only as it hands in" in refused(INSERT, *row(deadline, at=LATER))
    reviewing.begin_reading(deadline, by=OFFICER, at=LATER)
    with entering(hikari):
        assert "only as it hands in" in refused(INSERT, *row(deadline))
        assert Reading.objects.count() == 0


def test_a_room_neither_reads_plans_nor_replaces_what_was_confirmed(deadline, hikari):
    first = confirm(figure_of(deadline))
    with entering(hikari):
        said = refused(
            INSERT.replace("by_name)", "by_name, replaces_id)").replace("真理')", "真理', %s)"),
            *row(deadline),
            first.pk,
        )
        assert "only as it hands in" in said
        plan = (
            INSERT.replace("figure_id", "registered_id")
            .replace("'actual'", "'target'")
            .replace("'start'", "''")
        )
        said = refused(plan, *row(deadline, figure=target_of(deadline).pk, round=None))
        assert "only as it hands in" in said


def test_the_database_keeps_grant_round_and_chain_together(deadline):
    other = programmes.deadline(of=deadline.grant)
    assert "own organization, grant and round" in refused(
        INSERT, *row(deadline, round=other.round_id, side="desk")
    )
    assert "says its format" in refused(INSERT.replace('{"format": 1}', "[]"), *row(deadline, side="desk"))
    target = confirm(target_of(deadline), TARGET, Aspect.TARGET)
    chain = INSERT.replace("by_name)", "by_name, replaces_id)").replace("真理')", "真理', %s)")
    assert "replaces one of the same words" in refused(chain, *row(deadline, side="desk"), target.pk)
    confirm(figure_of(deadline))
    assert "follow_each_other" in refused(INSERT, *row(deadline, side="desk"))


def test_choices_are_those_of_the_calculation():
    assert {one.value for one in Span} == {one.value for one in Covers}
    assert {one.value for one in Judgement} == {one.value for one in Reached}
