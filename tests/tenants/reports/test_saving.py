"""Saving field by field: what is written, what is left alone, what is kept, when it is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from minori.audit.trail import Actor
from minori.programmes.models import Deadline
from minori.report_forms.answers import Written, to_json
from minori.tenancy.rooms import entering
from tenants.reports.models import Answer, AnswerRevision, Report
from tenants.reports.saving import Given, Saved, save_answers
from tenants.writing import NotOpen
from tests.factories import filings
from tests.tenants.reports.conftest import AT, open_deadline

pytestmark = pytest.mark.django_db

ME, YOU = Actor(person_id=1, name="編集 花子"), Actor(person_id=2, name="共同 次郎")
LATER = datetime(2026, 10, 9, 3, 0, tzinfo=UTC)
BLANK = to_json(Written())


def text(words: str, version: int = 0) -> Given:
    return Given(value=to_json(Written(words)), blank=BLANK, version=version)


def save(deadline: Any, *, by: Actor = ME, at: datetime = AT, **fields: Given) -> Saved:
    with entering(deadline.organization):
        return save_answers(deadline.pk, given=fields, by=by, at=at)


def stored(deadline: Any, key: str = "activities") -> Answer:
    with entering(deadline.organization):
        return Answer.objects.get(report__deadline_id=deadline.pk, key=key)


def test_a_first_save_writes_the_field_with_who_and_when(deadline: Any) -> None:
    assert save(deadline, activities=text("はじめ")).written == ("activities",)
    answer = stored(deadline)
    assert (answer.value["text"], answer.version, answer.saved_by_name) == ("はじめ", 1, "編集 花子")
    assert answer.saved_at == AT


def test_posting_the_same_twice_writes_once(deadline: Any) -> None:
    save(deadline, activities=text("はじめ"))
    again = save(deadline, activities=text("はじめ"))
    assert (again.written, again.conflicts) == ((), {})
    assert stored(deadline).version == 1


def test_an_untouched_field_writes_nothing(deadline: Any) -> None:
    assert save(deadline, activities=text("")).written == ()
    with entering(deadline.organization):
        assert not Answer.objects.exists()


def test_what_stood_there_is_kept_as_a_revision(deadline: Any) -> None:
    save(deadline, activities=text("はじめ"))
    save(deadline, activities=text("つぎ", 1), by=YOU, at=LATER)
    with entering(deadline.organization):
        kept = AnswerRevision.objects.get()
        assert (kept.version, kept.value["text"], kept.saved_by_name) == (1, "はじめ", "編集 花子")
    assert (stored(deadline).version, stored(deadline).saved_by_name) == (2, "共同 次郎")


def test_a_revision_can_neither_be_changed_nor_deleted(deadline: Any) -> None:
    save(deadline, activities=text("はじめ"))
    save(deadline, activities=text("つぎ", 1))
    with entering(deadline.organization):
        for statement in (
            "UPDATE reports_answerrevision SET version = 9",
            "DELETE FROM reports_answerrevision",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_an_old_page_does_not_overwrite_what_it_merely_carries_along(deadline: Any) -> None:
    save(deadline, activities=text("はじめ"))
    save(deadline, activities=text("相手の文", 1), by=YOU)
    outcome = save(deadline, activities=text("はじめ", 1), changes_note=text("私の文"))
    assert outcome.written == ("changes_note",)
    assert outcome.conflicts == {}
    assert stored(deadline).value["text"] == "相手の文"


def test_clearing_a_field_is_a_change(deadline: Any) -> None:
    save(deadline, activities=text("はじめ"))
    assert save(deadline, activities=text("", 1)).written == ("activities",)
    assert stored(deadline).value["text"] == ""


def test_two_people_who_wrote_differently_see_both_texts_and_nothing_is_overwritten(deadline: Any) -> None:
    save(deadline, activities=text("相手の文"), by=YOU)
    outcome = save(deadline, activities=text("私の文"), changes_note=text("別の欄"))
    conflict = outcome.conflicts["activities"]
    assert (conflict.mine["text"], conflict.theirs["text"], conflict.who) == (
        "私の文",
        "相手の文",
        "共同 次郎",
    )
    assert outcome.written == ("changes_note",)
    assert stored(deadline).value["text"] == "相手の文"


def test_a_decision_for_mine_is_written_and_theirs_stays_as_a_revision(deadline: Any) -> None:
    save(deadline, activities=text("相手の文"), by=YOU)
    outcome = save(deadline, activities=replace(text("私の文"), prefer="mine", seen=1))
    assert outcome.written == ("activities",)
    assert stored(deadline).value["text"] == "私の文"
    with entering(deadline.organization):
        assert AnswerRevision.objects.get().value["text"] == "相手の文"


def test_a_decision_for_theirs_leaves_theirs(deadline: Any) -> None:
    save(deadline, activities=text("相手の文"), by=YOU)
    outcome = save(deadline, activities=replace(text("私の文"), prefer="theirs", seen=1))
    assert (outcome.written, outcome.conflicts) == ((), {})
    assert stored(deadline).value["text"] == "相手の文"


def test_a_decision_made_before_a_third_text_came_is_asked_again(deadline: Any) -> None:
    save(deadline, activities=text("相手の文"), by=YOU)
    save(deadline, activities=text("もっと新しい文", 1), by=YOU)
    outcome = save(deadline, activities=replace(text("私の文"), prefer="mine", seen=1))
    assert outcome.conflicts["activities"].theirs["text"] == "もっと新しい文"


@pytest.mark.parametrize("step", ["handed_in", "not_open", "waived"])
def test_a_report_that_is_not_open_is_not_written(hikari: Any, step: str) -> None:
    deadline = open_deadline(hikari)
    if step == "handed_in":
        filings.handed_in(deadline)
    elif step == "not_open":
        type(deadline.round).objects.filter(pk=deadline.round_id).update(opens_on=date(2026, 10, 9))
    else:
        Deadline.objects.filter(pk=deadline.pk).update(state="waived", waived_reason="休止中")
    with pytest.raises(NotOpen):
        save(deadline, activities=text("はじめ"))
    with entering(hikari):
        assert not Report.objects.exists()


def test_a_report_opens_on_the_distributors_date(hikari: Any) -> None:
    deadline = open_deadline(hikari)
    type(deadline.round).objects.filter(pk=deadline.round_id).update(opens_on=date(2026, 10, 9))
    midnight_in_tokyo = datetime(2026, 10, 8, 15, 0, tzinfo=UTC)
    assert save(deadline, activities=text("はじめ"), at=midnight_in_tokyo).written == ("activities",)


def test_equal_keys_of_another_organization_hold_other_texts(deadline: Any, theirs: Any) -> None:
    save(deadline, activities=text("ひかりの文"))
    save(theirs, activities=text("きぼうの文"))
    for one in (deadline, theirs):
        with entering(one.organization):
            Answer.objects.update(id=7001)
    assert stored(deadline).pk == stored(theirs).pk
    assert (stored(deadline).value["text"], stored(theirs).value["text"]) == ("ひかりの文", "きぼうの文")


def test_a_report_of_another_organization_is_not_written(hikari: Any, theirs: Any) -> None:
    with entering(hikari), pytest.raises(NotOpen):
        save_answers(theirs.pk, given={"activities": text("x")}, by=ME, at=AT)
