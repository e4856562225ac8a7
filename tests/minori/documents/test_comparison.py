"""Two papers beside each other: everything that differs, in the form's words, and nothing that does not."""

from dataclasses import replace

from django.utils import translation

from minori.documents import comparison
from minori.documents.comparison import Comparison, Line
from minori.documents.paper import Paper
from minori.report_forms.answers import Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.differences import SegmentKind
from minori.report_forms.framework import Framework
from tests.minori.documents.test_paper import KIDS, ONE, PLAN, of

BEFORE = RowAnswer(ONE.uuid, text="2回ひらいた。", progress=Progress.BEHIND)
AFTER = RowAnswer(ONE.uuid, text="3回ひらいた。", progress=Progress.OTHER, remark="会場の都合")


def compared(old: Paper, new: Paper, language: str = "ja") -> Comparison:
    with translation.override(language):
        return comparison.of(old, new, language=language)


def changed(found: Comparison) -> list[str]:
    return [place.name for part in found.parts for place in part.changed]


def old_and_new(line: Line) -> tuple[str, str]:
    old = "".join(piece.text for piece in line.pieces if piece.kind != SegmentKind.INSERT)
    new = "".join(piece.text for piece in line.pieces if piece.kind != SegmentKind.DELETE)
    return old, new


def test_a_paper_compared_with_itself_differs_nowhere_and_shows_every_place():
    found = compared(of(), of())
    assert found.count == 0
    names = [place.name for part in found.parts for place in part.same]
    assert "メディア掲載（TV・ラジオ・新聞・雑誌・WEB等）" in " ".join(names)
    assert {row.statement for row in PLAN} <= set(names)


def test_a_row_says_what_came_and_went_in_each_of_its_facts():
    found = compared(of(rows=[BEFORE]), of(rows=[AFTER]))
    (place,) = [place for part in found.parts for place in part.changed]
    assert place.name == ONE.statement
    facts = {line.label: old_and_new(line) for line in place.lines if line.changed}
    assert facts == {
        "現在の指標の達成状況": ("2回ひらいた。", "3回ひらいた。"),
        "進捗状況": ("3 計画より遅れている", "4 その他"),
        "理由・備考": ("", "会場の都合"),
    }


def test_a_code_over_several_rows_says_so():
    spanning = replace(BEFORE, covers=tuple(row.uuid for row in KIDS))
    (place,) = [
        place
        for part in compared(of(rows=[BEFORE]), of(rows=[spanning])).parts
        for place in part.changed
        if place.name == ONE.statement
    ]
    (line,) = [line for line in place.lines if line.changed]
    assert old_and_new(line)[1] == "3 計画より遅れている （0101–0103 をまとめて）"


def test_answers_are_compared_as_they_read_boxes_and_choices_too():
    old = of(
        answers={"symbol_mark": Ticked(("website",)), "media": YesNo(said=False), "activities": Written("一")}
    )
    new = of(
        answers={
            "symbol_mark": Ticked(("website", "events")),
            "media": YesNo(said=True, text="地方紙"),
            "activities": Written("二"),
        }
    )
    assert changed(compared(old, new)) == [
        "活動に関する報告",
        "シンボルマークの使用状況",
        "1. メディア掲載（TV・ラジオ・新聞・雑誌・WEB等）",
    ]


def test_rows_of_another_plan_are_named_as_new_or_gone():
    shorter = of(framework=Framework((ONE, *KIDS[:2])), rows=[BEFORE])
    longer = of(rows=[BEFORE])
    (part,) = [part for part in compared(shorter, longer).parts if part.changed]
    assert [(place.name, place.standing) for place in part.changed] == [(KIDS[2].statement, "new")]
    (part,) = [part for part in compared(longer, shorter).parts if part.changed]
    assert [(place.name, place.standing) for place in part.changed] == [(KIDS[2].statement, "gone")]


def test_the_words_are_those_of_the_readers_language():
    found = compared(of("en", rows=[BEFORE]), of("en", rows=[AFTER]), "en")
    (place,) = [place for part in found.parts for place in part.changed]
    assert [old_and_new(line) for line in place.lines if line.label == "Progress"] == [
        ("3 Behind plan", "4 Other")
    ]


def test_nothing_to_report_is_compared_as_the_words_it_reads():
    silent = RowAnswer(ONE.uuid, nothing=True)
    (place,) = [
        place for part in compared(of(rows=[BEFORE]), of(rows=[silent])).parts for place in part.changed
    ]
    facts = {line.label: old_and_new(line) for line in place.lines if line.changed}
    assert facts["現在の指標の達成状況"] == ("2回ひらいた。", "今期は報告することがない")
