"""What an officer sees of a report: pure, from papers and comments."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.utils import translation

from minori.documents import paper
from minori.filings.models import Comment
from minori.report_forms.answers import Answer, Progress, RowAnswer, Ticked, Written
from minori.report_forms.contents import Contents
from minori.report_forms.differences import SegmentKind
from minori.report_forms.framework import Framework, Row
from reporting.review import reading
from reporting.review.reading import Reading
from reporting.review.sources import Sources
from tests.factories import filings
from tests.minori.documents.test_paper import KIDS, ONE, PLAN, contents


def read(
    now: Contents, last: Contents | None = None, previous: Contents | None = None, **more: Any
) -> Reading:
    def on_paper(one: Contents | None) -> Any:
        return one and paper.of(one, edition=filings.edition(), language="ja")

    with translation.override("ja"):
        return reading.of(
            Sources(
                paper=on_paper(now),
                contents=now,
                last=on_paper(last),
                last_contents=last,
                previous=on_paper(previous),
                **more,
            )
        )


def rows_of(found: Reading) -> list[reading.RowReading]:
    return [
        row
        for part in found.parts
        for section in part.sections
        for table in section.tables
        for row in table.rows
    ]


def field_of(found: Reading, anchor: str) -> reading.FieldReading:
    fields = [one for part in found.parts for section in part.sections for one in section.fields]
    return next(one for one in fields if one.said.anchor == anchor)


def answered(**answers: Answer) -> Contents:
    return contents(answers=answers)


def comment(pk: int, anchor: str = "", **fields: Any) -> Comment:
    return Comment(pk=pk, anchor=anchor, body=f"コメント{pk}", by_name="佐伯", **fields)


def test_without_an_earlier_revision_nothing_is_marked():
    found = read(contents())
    assert found.changes is None
    assert not any(row.changed for row in rows_of(found))


def test_two_equal_revisions_have_no_changes():
    same = contents()
    assert read(same, same).changes == ()


def test_changes_are_marked_at_their_places_in_the_order_of_the_form():
    last = contents()
    rows = [filings.row_answer(row.uuid) for row in PLAN]
    rows[2] = replace(rows[2], text="① 80回ひらいた。\n② のべ820人")
    found = read(contents(rows=rows, answers={"activities": Written("1. 居場所\n週に4回ひらいた。")}), last)
    assert found.changes is not None
    assert [place.name for place in found.changes] == ["0102", "活動に関する報告"]
    changed = next(row for row in rows_of(found) if row.changed)
    assert [(piece.kind, piece.text) for piece in changed.text if piece.kind != SegmentKind.EQUAL] == [
        (SegmentKind.DELETE, "75"),
        (SegmentKind.INSERT, "80"),
    ]


def test_a_changed_code_shows_what_stood_there():
    rows = [filings.row_answer(row.uuid, progress=None) for row in PLAN]
    found = rows_of(read(contents(), contents(rows=rows)))
    assert all(row.progress_changed for row in found)
    assert [row.was.progress for row in found if row.was] == [None] * 4


def test_nothing_to_report_is_a_change_of_its_row_and_of_its_question():
    rows = [filings.row_answer(row.uuid) for row in PLAN]
    rows[1] = RowAnswer(KIDS[0].uuid, nothing=True)
    found = read(contents(rows=rows, answers={"activities": Written(nothing=True)}), contents())
    assert [row.row.name for row in rows_of(found) if row.nothing_changed] == ["0101"]
    assert field_of(found, "activities").was is not None


def test_a_follow_up_question_that_is_no_longer_asked_stays_visible_as_removed():
    last = answered(changes=Ticked(("wording",)), changes_note=Written("7月に相談しました。"))
    found = read(contents(), last)
    gone = field_of(found, "changes_note")
    assert gone.removed
    assert [piece.kind for piece in gone.text] == [SegmentKind.DELETE]
    ticks = field_of(found, "changes")
    assert ticks.was is not None
    assert [tick.label for tick in ticks.was.ticks if tick.ticked] == ["短期アウトカムの表現"]


def test_rows_that_left_the_plan_are_shown_as_gone():
    now = contents(framework=Framework((ONE, *KIDS[:2])))
    found = read(now, contents())
    table = found.parts[0].sections[0].tables[0]
    assert [row.name for row in table.gone] == ["0103"]
    assert found.changes is not None
    assert found.changes[-1].name == "0103"


def test_a_new_row_is_a_change():
    extra = Row(uuid=uuid4(), code="0104", statement="（0104）新しい行")
    found = read(contents(framework=Framework((*PLAN.rows, extra))), contents())
    assert [row.row.name for row in rows_of(found) if row.changed] == ["0104"]
    assert rows_of(found)[-1].is_new


def test_a_changed_target_marks_the_row_of_its_indicator():
    first, second = KIDS[0].indicators
    other = replace(KIDS[0], indicators=(replace(first, target="①すべて存在する"), second))
    found = read(contents(framework=Framework((ONE, other, *KIDS[1:]))), contents())
    assert [row.row.name for row in rows_of(found) if row.changed] == ["0101"]


def test_an_indicator_that_came_or_went_marks_its_row():
    other = replace(KIDS[0], indicators=KIDS[0].indicators[:1])
    fewer = contents(framework=Framework((ONE, other, *KIDS[1:])))
    assert [row.row.name for row in rows_of(read(fewer, contents())) if row.changed] == ["0101"]
    assert [row.row.name for row in rows_of(read(contents(), fewer)) if row.changed] == ["0101"]


def test_photos_that_came_or_went_are_marked():
    found = read(
        contents(attachments=[filings.photo(1), filings.photo(3)]),
        contents(attachments=[filings.photo(1), filings.photo(2)]),
    )
    photos = found.parts[-1].sections[0].photos[0]
    assert photos.new == {str(filings.photo(3).uuid)}
    assert photos.removed == ("活動の様子 2",)


def test_the_previous_round_stands_beside_the_same_row_and_question():
    before = contents(rows=[filings.row_answer(ONE.uuid, "先期は延期", Progress.BEHIND)])
    found = read(contents(), previous=before)
    first = rows_of(found)[0].before
    assert first is not None
    assert (first.text, first.progress) == ("先期は延期", 3)
    assert field_of(found, "outlook").before is not None


def test_long_stretches_without_change_are_folded_unless_somebody_spoke_there():
    rows = [filings.row_answer(row.uuid) for row in PLAN]
    rows[0] = replace(rows[0], text="別の文")
    now, last = contents(rows=rows), contents()
    table = read(now, last).parts[0].sections[0].tables[0]
    assert [(run.name, run.folded) for run in table.runs] == [("1", False), ("0101–0103", True)]
    spoken = read(now, last, comments=[comment(1, str(KIDS[1].uuid))])
    table = spoken.parts[0].sections[0].tables[0]
    assert [run.folded for run in table.runs] == [False, False, False, False]
    first = read(now).parts[0].sections[0].tables[0]
    assert [run.folded for run in first.runs] == [False]


def test_comments_stand_at_their_parts_with_their_answers():
    asked = comment(1, str(ONE.uuid))
    answer = comment(2, str(ONE.uuid), answers_id=1)
    found = read(contents(), comments=[asked, answer, comment(3), comment(4, "activities")])
    at_row = rows_of(found)[0].margin.threads
    assert [(thread.comment.pk, [one.pk for one in thread.replies]) for thread in at_row] == [(1, [2])]
    assert [thread.comment.pk for thread in found.whole.threads] == [3]
    assert [thread.comment.pk for thread in field_of(found, "activities").margin.threads] == [4]


def test_a_comment_at_a_part_that_is_gone_is_not_lost():
    last = answered(changes=Ticked(("wording",)), changes_note=Written("7月に相談"))
    found = read(contents(), last, comments=[comment(1, "changes_note"), comment(2, str(uuid4()))])
    assert [(one.name, one.threads[0].comment.pk) for one in found.elsewhere] == [("変更の内容", 1), ("", 2)]


def test_what_is_being_written_stands_at_its_place():
    found = read(contents(), typed={"": "全体に", "activities": "時期は？"})
    assert found.whole.typed == "全体に"
    assert field_of(found, "activities").margin.typed == "時期は？"
    assert rows_of(found)[0].margin.input_name == f"comment-{ONE.uuid}"


def test_a_text_that_is_word_for_word_that_of_last_time_is_marked():
    rows = [
        filings.row_answer(ONE.uuid, "同じ文 "),
        filings.row_answer(KIDS[0].uuid, "前の文"),
        RowAnswer(KIDS[1].uuid),
    ]
    before = contents(rows=rows, answers={"activities": Written("同じ活動")})
    rows[0], rows[1] = replace(rows[0], text="同じ文"), replace(rows[1], text="前の文。")
    found = read(contents(rows=rows, answers={"activities": Written("同じ活動")}), previous=before)
    assert [row.row.name for row in rows_of(found) if row.same_as_before] == ["1"]
    assert field_of(found, "activities").same_as_before
    assert not field_of(found, "media").same_as_before or field_of(found, "media").said.text
    assert not any(row.same_as_before for row in rows_of(read(before)))
