"""Remarks: two officers and an old page overwrite nothing unseen."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from minori.audit.trail import Actor
from reporting.remarks import saving
from reporting.remarks.models import Remark, RemarkRevision
from reporting.remarks.saving import Given, Sender, Stamp, stamp_of
from tests.factories import filings, programmes

AT = filings.AT
SAEKI, OONO = Actor(person_id=1, name="佐伯 真理"), Actor(person_id=2, name="大野 健")
pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Any:
    return programmes.round_()


def save(round_: Any, text: str, *, by: Actor = SAEKI, stamp: Stamp | None = None, **more: Any) -> Any:
    """Save the overall assessment; `page`, `turn`, `by_itself` and `at` may be said."""
    sender = Sender(
        page=more.pop("page", ""), turn=more.pop("turn", 0), by_itself=more.pop("by_itself", False)
    )
    at = more.pop("at", AT)
    given = Given(text=text, stamp=stamp or stamp_of(None), **more)
    return saving.save(round_, given={None: given}, by=by, at=at, sender=sender)


def text_of(round_: Any) -> str:
    return Remark.objects.get(round=round_, grant=None).text


def test_a_remark_says_who_wrote_it_and_when(round_):
    save(round_, "おおむね順調。")
    remark = Remark.objects.get()
    assert (remark.text, remark.saved_by_name, remark.saved_at) == ("おおむね順調。", "佐伯 真理", AT)
    save(round_, "おおむね順調。", stamp=stamp_of(remark), at=AT + timedelta(hours=1))
    assert Remark.objects.get().saved_at == AT, "the same text posted again is no new save"


def test_two_officers_with_different_texts_are_asked_and_neither_text_is_lost(round_):
    shown = stamp_of(None)
    save(round_, "佐伯の総括", stamp=shown)
    torn = save(round_, "大野の総括", by=OONO, stamp=shown)
    assert text_of(round_) == "佐伯の総括"
    conflict = torn.conflicts[None]
    assert (conflict.mine, conflict.theirs.text, conflict.own) == ("大野の総括", "佐伯の総括", False)
    seen = conflict.theirs.version
    save(round_, "大野の総括", by=OONO, stamp=shown, prefer="mine", seen=seen)
    assert text_of(round_) == "大野の総括"
    kept = RemarkRevision.objects.get()
    assert (kept.text, kept.saved_by_name, kept.set_aside) == ("佐伯の総括", "佐伯 真理", True)


def test_choosing_the_other_text_keeps_ones_own_as_a_revision(round_):
    shown = stamp_of(None)
    save(round_, "佐伯の総括", stamp=shown)
    save(round_, "大野の総括", by=OONO, stamp=shown, prefer="theirs", seen=1)
    assert text_of(round_) == "佐伯の総括"
    assert RemarkRevision.objects.get(set_aside=True).text == "大野の総括"


def test_a_decision_made_in_sight_of_an_older_text_is_asked_again(round_):
    shown = stamp_of(None)
    save(round_, "佐伯の総括", stamp=shown)
    save(round_, "佐伯の総括、続き", stamp=stamp_of(Remark.objects.get()))
    again = save(round_, "大野の総括", by=OONO, stamp=shown, prefer="mine", seen=1)
    assert again.conflicts.keys() == {None}
    assert text_of(round_) == "佐伯の総括、続き"


def test_what_an_old_page_merely_carries_along_is_left_as_it_stands(round_):
    save(round_, "はじめの文")
    old = stamp_of(Remark.objects.get())
    save(round_, "書き直した文", by=OONO, stamp=old)
    outcome = save(round_, "はじめの文", stamp=old)
    assert (text_of(round_), outcome.conflicts) == ("書き直した文", {})


def test_a_page_whose_answer_never_came_knows_its_own_words(round_):
    shown = stamp_of(None)
    save(round_, "途中", stamp=shown, page="p", turn=1, by_itself=True)
    save(round_, "途中まで書いた", stamp=shown, page="p", turn=3, by_itself=True)
    late = save(round_, "途中まで", stamp=shown, page="p", turn=2, by_itself=True)
    assert (text_of(round_), late.conflicts) == ("途中まで書いた", {})


def test_a_sitting_leaves_one_revision_of_what_stood_there_before(round_):
    save(round_, "前の総括", by=OONO)
    for minute, text in enumerate(["新", "新しい", "新しい総括"]):
        now = AT + timedelta(minutes=minute)
        save(
            round_, text, stamp=stamp_of(Remark.objects.get()), page="p", turn=minute, by_itself=True, at=now
        )
    assert [one.text for one in RemarkRevision.objects.all()] == ["前の総括"]


def test_a_round_has_one_overall_remark(round_):
    Remark.objects.create(round=round_)
    with pytest.raises(IntegrityError, match="one_remark_per_grant_and_round"), transaction.atomic():
        Remark.objects.create(round=round_)
