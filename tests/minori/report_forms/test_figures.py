"""The flat lines of a filing."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given

from minori.report_forms.answers import Progress, RowAnswer
from minori.report_forms.contents import Contents
from minori.report_forms.figures import FigureKind, covered_rows, figures_of
from minori.report_forms.texts import is_empty
from tests.minori.report_forms.strategies import few, papers
from tests.seed import report


def test_the_seed_has_a_line_for_each_row_and_each_indicator():
    lines = figures_of(report.contents())
    rows = [line for line in lines if line.kind == FigureKind.ROW]
    assert [line.code for line in rows] == [
        "1",
        "0101",
        "0102",
        "0103",
        "0104",
        "0105",
        "0106",
        "2",
        "3",
        "4",
    ]
    assert len(lines) - len(rows) == sum(len(row.indicators) for row in report.framework()) == 16
    assert [line.position for line in lines] == list(range(26))


def test_only_codes_that_stand_there_are_in_the_lines():
    progress = {
        line.code: line.progress for line in figures_of(report.contents()) if line.kind == FigureKind.ROW
    }
    assert {code for code, value in progress.items() if value is not None} == {"1", "4"}
    assert (progress["1"], progress["4"]) == (Progress.BEHIND, Progress.OTHER)


def test_row_lines_keep_the_text_as_written_and_indicator_lines_their_piece():
    lines = [line for line in figures_of(report.contents()) if line.code == "4"]
    assert [(line.kind.value, line.text, line.target, line.remark) for line in lines] == [
        (
            "row",
            "① 2021年7月 1回ボランティア活動実施、2022年上半期は活動実績なし。\n② 参加者1名",
            "",
            "2022年5月に埼玉県ＢＢＳ連盟の活動は先方の意向で打ち切りとなった。",
        ),
        (
            "indicator",
            "2021年7月 1回ボランティア活動実施、2022年上半期は活動実績なし。",
            "毎年度６回以上実施する",
            "",
        ),
        ("indicator", "参加者1名", "初期値より2人増", ""),
    ]
    assert {line.achieve_by for line in lines[1:]} == {"2023年1月"}
    assert {line.baseline for line in lines} == {""}


def test_a_shared_text_stays_at_its_row():
    row, *indicators = (line for line in figures_of(report.contents()) if line.code == "0103")
    assert row.text.startswith("①及び②ともに、")
    assert not row.shared
    assert [(line.text, line.shared) for line in indicators] == [("", True), ("", True)]


def test_a_blank_text_is_shared_by_nobody():
    lines = figures_of(report.contents(rows=[]))
    assert len(lines) == 26
    assert not any(line.shared or line.text or line.progress for line in lines)


def covering(code: str, *covered: str, progress: Progress | None = Progress.BEHIND) -> Contents:
    uuids = {row.code: row.uuid for row in report.framework()}
    covers = tuple(uuids[each] for each in covered)
    rows = [
        replace(row, progress=progress, covers=covers) if row.row == uuids[code] else row
        for row in report.rows()
    ]
    return report.contents(rows=rows)


def test_a_code_that_spans_rows_is_kept_apart_from_their_own():
    uuids = {row.code: row.uuid for row in report.framework()}
    lines = {
        line.code: line for line in figures_of(covering("1", "0101", "4")) if line.kind == FigureKind.ROW
    }
    assert (lines["0101"].progress, lines["0101"].covered_by) == (None, uuids["1"])
    assert (lines["4"].progress, lines["4"].covered_by) == (Progress.OTHER, uuids["1"])
    assert lines["1"].covered_by is None
    assert lines["0102"].covered_by is None


def test_without_a_code_nothing_is_covered():
    lines = figures_of(covering("2", "3", progress=None))
    assert {line.covered_by for line in lines} == {None}


def test_the_first_code_over_a_row_counts_and_no_row_covers_itself():
    one, two, three = (UUID(int=number) for number in (1, 2, 3))
    rows = (
        RowAnswer(one, progress=Progress.AHEAD, covers=(one, three)),
        RowAnswer(two, progress=Progress.BEHIND, covers=(three,)),
    )
    assert covered_rows(rows) == {three: one}


@few
@given(papers())
def test_lines_follow_from_the_paper_alone(paper):
    lines = figures_of(paper)
    assert lines == figures_of(Contents.from_json(paper.to_json()))
    assert [line.position for line in lines] == list(range(len(lines)))
    rows = [line for line in lines if line.kind == FigureKind.ROW]
    assert [line.row for line in rows] == [row.uuid for row in paper.framework]
    assert [(line.text, line.progress, line.remark) for line in rows] == [
        # white space beside "nothing to report" is no text
        ("" if answer.nothing and is_empty(answer.text) else answer.text, answer.progress, answer.remark)
        for answer in paper.rows
    ]
    for line in lines:
        if line.kind == FigureKind.INDICATOR:
            assert (line.progress, line.covered_by, line.remark) == (None, None, "")
            assert line.text in paper.row_answer(line.row).text
            assert not (line.shared and line.text)
