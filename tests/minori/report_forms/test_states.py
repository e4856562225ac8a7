"""How far sections, rows and the whole report have come."""

from dataclasses import replace
from uuid import UUID

import pytest

from minori.report_forms.answers import Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.completeness import Count, SectionState, count_of, row_state, state_of
from minori.report_forms.drafts import Draft, draft_of
from tests.minori.report_forms.test_contents import photo
from tests.seed import report

UNTOUCHED, STARTED, DONE = SectionState.UNTOUCHED, SectionState.STARTED, SectionState.DONE


def draft(**changes) -> Draft:
    facts = {
        "edition": report.edition(),
        "framework": report.framework(),
        "rows": report.rows(),
        "answers": report.answers(),
    }
    return draft_of(**{**facts, **changes})


def state(key: str, **changes) -> SectionState:
    made = draft(**changes)
    return state_of(made, made.edition.section(key))


def finished_rows() -> list[RowAnswer]:
    return [replace(row, progress=row.progress or Progress.ON_PLAN) for row in report.rows()]


def test_an_untouched_report_counts_its_head_and_asks_for_eight_more():
    made = draft(rows=[], answers={})
    assert count_of(made) == Count(done=1, of=9)
    states = {section.key: state_of(made, section) for section in made.edition.sections}
    assert states.pop("head") == DONE
    assert set(states.values()) == {UNTOUCHED}


def test_the_seed_has_everything_but_some_codes():
    """Activities are optional and count since they were begun; photos were not begun."""
    assert state("results") == STARTED
    assert count_of(draft()) == Count(done=9, of=10)
    assert count_of(draft(rows=finished_rows())) == Count(done=10, of=10)
    assert count_of(draft(rows=finished_rows(), attachments=[photo(1)])) == Count(done=11, of=11)


@pytest.mark.parametrize(
    ("key", "answer", "expected"),
    [
        ("activities", Written(), UNTOUCHED),
        ("activities", Written("  "), STARTED),
        ("activities", Written("本文"), DONE),
        ("activities", Written("あ" * 20_001), STARTED),
        ("media", YesNo(), UNTOUCHED),
        ("media", YesNo(said=None, text="新聞"), STARTED),
        ("media", YesNo(said=True), STARTED),
        ("media", YesNo(said=True, text="新聞"), DONE),
        ("changes", Ticked(("none", "target")), STARTED),
        ("changes", Ticked(("target",)), DONE),
        ("symbol_mark", Ticked(("other",)), STARTED),
    ],
)
def test_a_section_is_untouched_started_or_done(key, answer, expected):
    assert state(key, answers={**report.answers(), key: answer}) == expected


def test_a_follow_up_that_is_not_asked_leaves_its_section_alone():
    assert state("changes", answers={"changes_note": Written("前に書いた")}) == UNTOUCHED
    begun = {"changes": Ticked(("target",)), "changes_note": Written(" ")}
    assert state("changes", answers=begun) == STARTED


def test_photos_are_done_unless_something_is_wrong_with_them():
    assert state("photos") == UNTOUCHED
    assert state("photos", attachments=[photo(1)]) == DONE
    assert state("photos", attachments=[photo(n) for n in range(31)]) == STARTED


def test_results_without_a_framework_are_untouched():
    assert state("results", framework=None) == UNTOUCHED


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, UNTOUCHED),
        ({"text": "文"}, STARTED),
        ({"progress": Progress.ON_PLAN}, STARTED),
        ({"text": " ", "progress": Progress.ON_PLAN}, STARTED),
        ({"text": "文", "progress": Progress.ON_PLAN}, DONE),
        ({"text": "文", "progress": Progress.OTHER}, STARTED),
        ({"text": "文", "progress": Progress.OTHER, "remark": "理由"}, DONE),
    ],
)
def test_a_row_is_done_with_its_text_and_its_code(change, expected):
    row = report.framework().rows[7]
    assert row_state(draft(rows=[RowAnswer(row.uuid, **change)]), row) == expected


def test_a_code_over_a_row_counts_for_it():
    first, second, *_ = report.framework().rows
    covering = RowAnswer(first.uuid, "文", Progress.BEHIND, covers=(second.uuid,))
    assert row_state(draft(rows=[covering]), second) == STARTED
    assert row_state(draft(rows=[covering, RowAnswer(second.uuid, "文")]), second) == DONE


def test_answers_to_rows_that_are_gone_do_not_begin_the_results():
    assert state("results", rows=[RowAnswer(UUID(int=9), "前の計画の行")]) == UNTOUCHED
