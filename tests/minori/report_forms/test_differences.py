"""What changed between two papers, and inside a text."""

import time
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given

from minori.report_forms.answers import Chosen, Progress, RowAnswer, YesNo
from minori.report_forms.differences import Change, ChangeKind, Segment, SegmentKind, Where, compare, segments
from minori.report_forms.framework import Framework, Indicator, Row
from tests.minori.report_forms.strategies import few, papers, texts
from tests.minori.report_forms.test_contents import photo
from tests.seed import report

LONG = "".join(chr(0x4E00 + number * number % 3001) for number in range(20_000))
EQUAL, INSERT, DELETE = SegmentKind.EQUAL, SegmentKind.INSERT, SegmentKind.DELETE


@few
@given(papers())
def test_a_paper_does_not_differ_from_itself(paper):
    assert compare(paper, paper) == ()


@few
@given(papers(), papers())
def test_every_difference_is_seen_from_both_sides(one, other):
    forth, back = compare(one, other), compare(other, one)
    turned = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    assert {(change.kind, change.where, change.anchor, change.aspect) for change in forth} == {
        (turned.get(change.kind, change.kind), change.where, change.anchor, change.aspect) for change in back
    }


def test_a_revision_that_only_has_a_new_date_does_not_differ():
    again = report.contents(
        head=report.head(revision=2, handed_in_on=report.head().handed_in_on.replace(day=20))
    )
    assert compare(report.contents(), again) == ()


def test_changes_of_rows_and_fields_are_named_with_old_and_new():
    row = report.rows()[3]
    after = replace(row, text="③を追記", progress=Progress.BEHIND, covers=(row.row,))
    rows = [after if each == row else each for each in report.rows()]
    answers = {**report.answers(), "outlook": Chosen("2"), "media": YesNo(said=True, text="新聞")}
    changes = compare(report.contents(), report.contents(rows=rows, answers=answers))
    assert changes == (
        Change(
            kind=ChangeKind.CHANGED,
            where=Where.ROW,
            anchor=row.row,
            aspect="text",
            old=row.text,
            new="③を追記",
        ),
        Change(kind=ChangeKind.CHANGED, where=Where.ROW, anchor=row.row, aspect="progress", old=None, new=3),
        Change(
            kind=ChangeKind.CHANGED,
            where=Where.ROW,
            anchor=row.row,
            aspect="covers",
            old=[],
            new=[str(row.row)],
        ),
        Change(
            kind=ChangeKind.CHANGED, where=Where.FIELD, anchor="outlook", aspect="value", old="3", new="2"
        ),
        Change(
            kind=ChangeKind.CHANGED, where=Where.FIELD, anchor="media", aspect="said", old=False, new=True
        ),
        Change(kind=ChangeKind.CHANGED, where=Where.FIELD, anchor="media", aspect="text", old="", new="新聞"),
    )


def test_changes_of_the_framework_are_found_by_identity():
    framework = report.framework()
    first, second, *others = framework.rows
    target = replace(first, indicators=(replace(first.indicators[0], target="5回"),))
    added = Row(
        uuid=UUID(int=1), statement="５．新しい行", indicators=(Indicator(uuid=UUID(int=2), statement="数"),)
    )
    changed = Framework((target, *others, added))
    found = compare(report.contents(), report.contents(framework=changed))
    kinds = [(change.kind.value, change.where.value, change.anchor) for change in found]
    assert kinds == [
        ("added", "framework_row", added.uuid),
        ("removed", "framework_row", second.uuid),
        ("changed", "indicator", first.indicators[0].uuid),
        ("added", "indicator", UUID(int=2)),
        *[("removed", "indicator", indicator.uuid) for indicator in second.indicators],
        ("added", "row", added.uuid),
        ("removed", "row", second.uuid),
    ]
    assert (found[2].aspect, found[2].old, found[2].new) == ("target", "初期値より３回増", "5回")


def test_changes_of_titles_and_photos_are_found():
    old = report.contents(attachments=[photo(1), photo(2)])
    new = report.contents(
        head=report.head(project_title="新しい題"), attachments=[photo(2, caption="広場"), photo(3)]
    )
    found = [
        (change.kind.value, change.where.value, change.anchor, change.aspect) for change in compare(old, new)
    ]
    assert found == [
        ("changed", "head", "project_title", ""),
        ("changed", "attachment", UUID(int=2), "caption"),
        ("added", "attachment", UUID(int=3), ""),
        ("removed", "attachment", UUID(int=1), ""),
    ]


def test_an_answer_of_another_kind_differs_in_every_aspect_that_differs():
    old = report.contents()
    new = replace(old, answers={**old.answers, "media": Chosen("yes")})
    found = [(change.aspect, change.old, change.new) for change in compare(old, new)]
    assert found == [("value", None, "yes"), ("said", False, None)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("同じ", "同じ", [(EQUAL, "同じ")]),
        ("", "新しい", [(INSERT, "新しい")]),
        ("消える", "", [(DELETE, "消える")]),
        (
            "支援実人数\n20人",
            "支援実人数\n2022年度９月末現在20人",
            [(EQUAL, "支援実人数\n"), (INSERT, "2022年度９月末現在"), (EQUAL, "20人")],
        ),
        # a number changes as a whole, not by its digits
        ("8団体に", "18団体に", [(DELETE, "8"), (INSERT, "18"), (EQUAL, "団体に")]),
        ("1,200人", "1,250人", [(DELETE, "1,200"), (INSERT, "1,250"), (EQUAL, "人")]),
        ("リスト作成", "ポスター作成", [(DELETE, "リスト"), (INSERT, "ポスター"), (EQUAL, "作成")]),
        (
            "一行目\n二行目\n三行目",
            "一行目\n三行目",
            [(EQUAL, "一行目\n"), (DELETE, "二行目\n"), (EQUAL, "三行目")],
        ),
    ],
)
def test_a_text_shows_what_came_and_what_went(old, new, expected):
    assert [(segment.kind, segment.text) for segment in segments(old, new)] == expected


@few
@given(texts, texts)
def test_segments_put_together_are_the_two_texts(old, new):
    found = segments(old, new)
    assert "".join(segment.text for segment in found if segment.kind != INSERT) == old
    assert "".join(segment.text for segment in found if segment.kind != DELETE) == new
    assert all(one.kind != other.kind for one, other in pairwise(found))


def test_letters_that_occur_often_are_compared_too():
    """The stock junk rule leaves out letters that make up more than a hundredth of a long text."""
    old = "支援" * 300
    assert segments(old, old + "した") == (Segment(EQUAL, old), Segment(INSERT, "した"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LONG, LONG[::-1]),
        ("支援" * 2_000, "援支" * 2_000),
        ("支援\n" * 5_000, "支援\n" * 4_000 + "援\n" * 3_000),
    ],
    ids=["long", "repetitive", "many lines"],
)
def test_no_text_takes_unreasonable_time(old, new):
    started = time.process_time()
    found = segments(old, new)
    assert time.process_time() - started < 5
    assert "".join(segment.text for segment in found if segment.kind != INSERT) == old
    assert "".join(segment.text for segment in found if segment.kind != DELETE) == new


def test_a_row_answer_is_compared_as_it_is_kept():
    """A row that came with the newer plan shows whole."""
    paper = report.contents()
    fewer = replace(paper, rows=paper.rows[:-1])
    (change,) = compare(fewer, paper)
    assert change.kind == ChangeKind.ADDED
    assert RowAnswer.from_json(change.new) == paper.rows[-1]


def said(old, new):
    """The pieces as they are read: [-gone], [+come] and what stayed."""
    marks = {EQUAL: "{}", INSERT: "[+{}]", DELETE: "[-{}]"}
    return "".join(marks[one.kind].format(one.text) for one in segments(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "今期は子ども食堂を月2回開催し、のべ320人が参加した。ボランティアの確保が課題である。",
            "コロナ禍のため開催を見合わせていたが、10月から再開し、地域の学生が運営に加わった。",
        ),
        (
            "We held twelve workshops in the spring and trained forty volunteers.",
            "Because of the weather no workshop took place, and the volunteers were trained online instead.",
        ),
    ],
)
def test_a_passage_that_was_written_anew_is_shown_whole_before_and_whole_after(old, new):
    assert said(old, new) == f"[-{old}][+{new}]"
    assert said(f"同じ行\n{old}\n終わり", f"同じ行\n{new}\n終わり") == f"同じ行\n[-{old}\n][+{new}\n]終わり"


@pytest.mark.parametrize(
    ("old", "new", "read"),
    [
        ("2022年度9月末現在20人", "2022年度3月末現在25人", "2022年度[-9][+3]月末現在[-20][+25]人"),
        ("週3回の開所を続けている。", "週4回の開所を続けている。", "週[-3][+4]回の開所を続けている。"),
        (
            "参加者は20人だった。",
            "予定どおり借りた会場で、参加者は20人だった。",
            "[+予定どおり借りた会場で、]参加者は20人だった。",
        ),
        (
            "We trained forty volunteers.",
            "We trained fifty volunteers.",
            "We trained [-forty][+fifty] volunteers.",
        ),
    ],
)
def test_small_changes_stand_where_they_are_and_english_changes_by_the_word(old, new, read):
    assert said(old, new) == read
