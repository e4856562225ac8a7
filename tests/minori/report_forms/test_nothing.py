"""「今期は報告することがない」: an answer of its own, neither a blank nor zero."""

from dataclasses import replace
from uuid import UUID

import pytest

from minori.report_forms.answers import (
    Progress,
    RowAnswer,
    Written,
    from_json,
    input_names,
    is_blank,
    is_untouched,
    parse,
    parse_row,
    row_name,
    to_json,
)
from minori.report_forms.completeness import FindingCode, SectionState, check, row_state, state_of
from minori.report_forms.contents import Contents
from minori.report_forms.differences import compare
from minori.report_forms.drafts import Draft, draft_of
from minori.report_forms.figures import FigureKind, figures_of
from minori.report_forms.shapes import ShapeError
from tests.seed import report

UUIDS = {row.code: row.uuid for row in report.framework()}
ROW = UUIDS["2"]
NOTHING = RowAnswer(ROW, nothing=True)


def with_row(answer: RowAnswer) -> list[RowAnswer]:
    return [answer if row.row == answer.row else row for row in report.rows()]


def draft(**changes) -> Draft:
    facts = {"rows": report.rows(), "answers": report.answers(), **changes}
    return draft_of(edition=report.edition(), framework=report.framework(), **facts)


def found(**changes) -> dict[FindingCode, list[str | UUID]]:
    facts = {"rows": report.rows(), "answers": report.answers(), **changes}
    findings = check(edition=report.edition(), framework=report.framework(), **facts)
    codes: dict[FindingCode, list[str | UUID]] = {}
    for one in (*findings.problems, *findings.warnings):
        codes.setdefault(one.code, []).append(one.anchor)
    return codes


def test_a_row_is_posted_kept_and_read_back():
    answer = parse_row(ROW, {row_name(ROW, "nothing"): ["yes"], row_name(ROW, "text"): ["  \n"]})
    assert answer == NOTHING, "white space beside it is no text"
    assert answer.to_json()["nothing"] is True
    assert RowAnswer.from_json(answer.to_json()) == answer
    assert parse_row(ROW, {}).nothing is False


def test_what_was_not_said_is_not_written():
    """So a paper filed before there was such an answer is written back letter by letter."""
    assert "nothing" not in RowAnswer(ROW, "文").to_json()
    assert "nothing" not in to_json(Written("文"))
    assert from_json({"kind": "text", "text": "文"}) == Written("文")


def test_a_text_field_is_posted_kept_and_read_back():
    field = report.edition().field("activities")
    assert input_names(field) == ("activities", "activities-nothing")
    answer = parse(field, {"activities-nothing": ["yes"]})
    assert answer == Written(nothing=True)
    assert from_json(to_json(answer)) == answer
    assert not is_blank(answer)
    assert not is_untouched(answer)


def test_a_follow_up_question_cannot_be_answered_so():
    field = report.edition().field("changes_note")
    assert parse(field, {"changes_note-nothing": ["yes"]}) == Written()


@pytest.mark.parametrize("value", [None, 1, "yes"])
def test_a_flag_that_is_no_flag_is_refused(value):
    with pytest.raises(ShapeError, match="nothing: true or false is expected"):
        RowAnswer.from_json({**NOTHING.to_json(), "nothing": value})


def test_a_row_counts_as_answered_and_nothing_is_missing():
    made = draft(rows=with_row(NOTHING))
    assert row_state(made, report.framework().find_row(ROW)) == SectionState.DONE
    before, after = found(), found(rows=with_row(NOTHING))
    assert ROW in before[FindingCode.PROGRESS_BLANK]
    for code in (FindingCode.PROGRESS_BLANK, FindingCode.ROW_TEXT_BLANK, FindingCode.ROW_UNTOUCHED):
        assert ROW not in after.get(code, [])


def test_a_report_of_nothing_but_nothing_can_be_handed_in():
    rows = [RowAnswer(row.uuid, nothing=True) for row in report.framework()]
    assert state_of(draft(rows=rows), report.edition().section("results")) == SectionState.DONE
    assert FindingCode.NOTHING_REPORTED not in found(rows=rows)


def test_a_code_may_stand_beside_it_and_code_4_still_wants_its_reason():
    row = report.framework().find_row(ROW)
    on_plan, other = replace(NOTHING, progress=Progress.ON_PLAN), replace(NOTHING, progress=Progress.OTHER)
    assert row_state(draft(rows=with_row(on_plan)), row) == SectionState.DONE
    assert row_state(draft(rows=with_row(other)), row) == SectionState.STARTED
    assert found(rows=with_row(other))[FindingCode.REASON_MISSING] == [ROW]


def test_a_text_beside_it_contradicts_it():
    rows, answers = with_row(replace(NOTHING, text="3回")), {"activities": Written("文", nothing=True)}
    made = found(rows=rows, answers={**report.answers(), **answers})
    assert made[FindingCode.NOTHING_WITH_TEXT] == [ROW, "activities"]
    assert row_state(draft(rows=rows), report.framework().find_row(ROW)) == SectionState.STARTED


def test_an_optional_field_is_done_with_it():
    answers = {**report.answers(), "activities": Written(nothing=True)}
    assert state_of(draft(answers=answers), report.edition().section("activities")) == SectionState.DONE


def test_the_lines_of_a_row_and_its_indicators_say_it():
    contents = report.contents(rows=with_row(replace(NOTHING, text=" ")))
    lines = [line for line in figures_of(contents) if line.row == ROW]
    assert {line.kind for line in lines} == set(FigureKind)
    assert all(line.nothing and not line.text and not line.shared for line in lines)
    assert not any(line.nothing for line in figures_of(contents) if line.row != ROW)


def test_it_is_a_difference_between_two_papers():
    old, new = report.contents(), report.contents(rows=with_row(NOTHING))
    aspects = {(change.anchor, change.aspect): (change.old, change.new) for change in compare(old, new)}
    assert aspects[ROW, "nothing"] == (None, True)


def test_papers_with_it_are_read_back_whole():
    contents = report.contents(
        rows=with_row(NOTHING), answers={**report.answers(), "activities": Written(nothing=True)}
    )
    assert contents.to_json()["format"] == 2
    assert Contents.from_json(contents.to_json()) == contents
