"""The paper says what was handed in, in the form's words, and nothing more."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils import translation

from minori.documents import paper, results
from minori.documents.paper import Paper
from minori.documents.results import span_of
from minori.documents.said import Said
from minori.organizations.models import Organization
from minori.programmes.models import Deadline, Distributor, Grant, Programme, Round
from minori.report_forms import editions
from minori.report_forms.answers import Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Labelled
from minori.report_forms.framework import Framework, Indicator, Level, Row
from minori.report_forms.texts import Text
from tests.factories import filings


def row(number: str, parent: Row | None = None, **fields: Any) -> Row:
    marks = (("①", "①リスト", "①存在する"), ("②", "団体数", "すべて（100％）"))
    indicators = tuple(
        Indicator(uuid=uuid4(), mark=mark, statement=statement, target=target, achieve_by="2023年1月")
        for mark, statement, target in marks
    )
    defaults = {"code": number, "statement": f"（{number}）目標", "indicators": indicators}
    return Row(uuid=uuid4(), parent=parent and parent.uuid, **(defaults | fields))


ONE = row("1")
KIDS = tuple(row(f"010{number}", ONE) for number in (1, 2, 3))
PLAN = Framework((ONE, *KIDS))


ANSWERS = {
    "activities": Written("1. 居場所\n週に3回ひらいた。"),
    "symbol_mark": Ticked(("other",), "備品にシールを貼っている。"),
    "media": YesNo(said=True, text="9月3日 地方紙"),
}


def contents(**more: Any) -> Contents:
    organization = Organization(name="更生保護法人 清心寮", slug="seishinryo")
    programme = Programme(title="応援事業", distributor=Distributor(name="日本更生保護協会"))
    grant = Grant(title="複合型再犯防止事業", programme=programme, organization=organization)
    deadline = Deadline(grant=grant, round=Round(title="進捗報告（3年度目上期）"))
    more["answers"] = {**ANSWERS, **more.get("answers", {})}
    return filings.contents(deadline, **({"framework": PLAN} | more))


def of(language: str = "ja", *, draft: bool = False, **more: Any) -> Paper:
    with translation.override(language):
        return paper.of(contents(**more), edition=filings.edition(), language=language, draft=draft)


def html(shown: Paper, language: str = "ja") -> str:
    with translation.override(language):
        return render_to_string("documents/paper.html", {"paper": shown})


def said(shown: Paper, anchor: str) -> Said:
    return next(one for one in shown.said if one.anchor == anchor)


def test_rows_stand_in_the_order_of_the_plan_with_their_depth() -> None:
    assert [(one.name, one.depth) for one in of().rows] == [("1", 0), ("0101", 1), ("0102", 1), ("0103", 1)]


def test_a_depth_counts_only_rows_of_the_same_table() -> None:
    outcome = row("01", level=Level.OUTCOME_SHORT)
    plan = Framework((outcome, replace(ONE, parent=outcome.uuid), *KIDS))
    assert [one.depth for one in of(framework=plan).rows] == [0, 1, 1, 1]


def test_a_row_without_a_code_is_named_by_the_beginning_of_its_statement() -> None:
    plan = Framework(
        (row("", statement="地域のボランティア活動に参加し、つながる状態になる。"), row("", statement="短い"))
    )
    assert [one.name for one in of(framework=plan).rows] == ["地域のボランティア活動に参加…", "短い"]


def test_marks_are_written_before_the_texts_that_do_not_bear_them() -> None:
    cells = {cell.column: cell.lines for cell in of().rows[0].cells}
    assert cells["indicators"] == ("①リスト", "②団体数")
    assert cells["targets"] == ("①存在する", "②すべて（100％）")


def test_a_date_shared_by_all_indicators_is_written_once() -> None:
    assert {cell.column: cell.lines for cell in of().rows[0].cells}["achieve_by"] == ("2023年1月",)
    first, second = ONE.indicators
    plan = Framework((replace(ONE, indicators=(first, replace(second, achieve_by="2024年3月"))),))
    cells = {cell.column: cell.lines for cell in of(framework=plan).rows[0].cells}
    assert cells["achieve_by"] == ("①2023年1月", "②2024年3月")


def test_a_blank_code_is_not_reported_and_never_filled_down() -> None:
    rows = [RowAnswer(ONE.uuid, "開催した", Progress.BEHIND)]
    shown = of(rows=rows)
    assert [one.progress for one in shown.rows] == [3, None, None, None]
    assert [one.covered_by for one in shown.rows] == ["", "", "", ""]
    assert html(shown).count("code--blank") == 3


def test_a_code_that_covers_rows_shows_its_span_and_the_rows_say_where_it_stands() -> None:
    rows = [RowAnswer(ONE.uuid, "開催した", Progress.BEHIND, covers=tuple(one.uuid for one in KIDS))]
    shown = of(rows=rows)
    assert shown.rows[0].span == "0101–0103"
    assert [(one.progress, one.covered_by, one.covered_progress) for one in shown.rows[1:]] == [
        (None, "1", 3)
    ] * 3
    assert "「1」の 3 にまとめて報告" in html(shown)
    assert "code--blank" not in html(shown)


def test_a_covered_row_with_a_code_of_its_own_keeps_it() -> None:
    rows = [
        RowAnswer(ONE.uuid, "", Progress.BEHIND, covers=(KIDS[0].uuid,)),
        RowAnswer(KIDS[0].uuid, "", Progress.AHEAD),
    ]
    own = of(rows=rows).rows[1]
    assert (own.progress, own.covered_by) == (1, "")


def test_spans_with_gaps_name_every_row() -> None:
    names = {one.uuid: one.code for one in PLAN}
    with translation.override("ja"):
        assert span_of([KIDS[2].uuid, KIDS[0].uuid], names=names) == "0101、0103"
        assert span_of([], names=names) == ""


def test_only_confirmed_labels_are_printed() -> None:
    assert said(of(), "outlook").words == "3. 課題がある"
    unknown = said(of(answers={"outlook": Chosen("1")}), "outlook")
    assert (unknown.words, unknown.unknown) == ("1.", True)
    edition = filings.edition().with_labels({("outlook", "1"): Text("達成できる", "Will be reached")})
    known = paper.of(contents(answers={"outlook": Chosen("1")}), edition=edition, language="ja")
    assert said(known, "outlook").words == "1. 達成できる"


def test_a_choice_the_form_does_not_know_is_not_dropped() -> None:
    shown = said(of(answers={"changes": Ticked(("wording", "colour"))}), "changes")
    assert [tick.label for tick in shown.ticks if tick.ticked] == ["短期アウトカムの表現", "colour."]


def test_every_box_of_the_form_is_printed_ticked_or_not() -> None:
    shown = said(of(), "symbol_mark")
    assert [tick.ticked for tick in shown.ticks] == [False, False, False, False, True]
    assert (shown.text, shown.text_label[:5]) == ("備品にシールを貼っている。", "「その他」")


def test_yes_and_no_stand_with_what_was_written() -> None:
    shown = of(answers={"events": YesNo()})
    media, material, events = said(shown, "media"), said(shown, "material"), said(shown, "events")
    assert (media.number, media.words, media.text) == ("1.", "有", "9月3日 地方紙")
    assert (material.words, material.text) == ("無", "")
    assert (events.words, events.blank) == ("", True)


def test_what_the_official_form_lacks_is_shown_only_when_answered_and_says_so() -> None:
    assert "changes_note" not in {one.anchor for one in of().said}
    answers = {"changes": Ticked(("wording",)), "changes_note": Written("7月に合意")}
    shown = of(answers=answers)
    assert said(shown, "changes_note").printed is False
    assert "（公式の様式にはない項目）" in html(shown)


def test_a_heading_shared_by_neighbours_is_printed_once() -> None:
    publicity = next(part for part in of().parts if part.key == "publicity")
    assert [section.heading for section in publicity.sections] == [
        "1. シンボルマークの使用状況",
        "2. 広報",
        "",
        "",
        "",
    ]


def test_a_draft_says_so_and_leaves_the_day_open() -> None:
    page = html(of(draft=True))
    assert "下書き" in page
    assert "提出した日が入ります" in page
    assert "2026年10月10日" not in page
    assert "下書き" not in html(of())
    assert "2026年10月10日" in html(of())


def test_photos_have_the_address_the_caller_gives() -> None:
    report = contents(attachments=[filings.photo(1), filings.photo(2, caption="")])
    shown = paper.of(
        report, edition=filings.edition(), language="ja", photo_url=lambda one: f"/photo/{one.sha256[-1]}"
    )
    page = html(shown)
    assert 'src="/photo/1?size=small"' in page
    assert 'href="/photo/1"' in page
    assert 'alt="写真2.jpg"' in page
    assert "<img" not in html(paper.of(report, edition=filings.edition(), language="ja"))


def test_what_people_wrote_is_escaped_with_its_line_breaks() -> None:
    page = html(of(answers={"activities": Written("<script>1</script>\n二行目")}))
    assert "&lt;script&gt;1&lt;/script&gt;<br>二行目" in page


def test_every_text_that_was_handed_in_stands_on_the_paper() -> None:
    rows = [
        filings.row_answer(one.uuid, f"状況{place}", Progress.OTHER, remark=f"理由{place}")
        for place, one in enumerate(PLAN)
    ]
    page = html(of(rows=rows))
    for place, one in enumerate(PLAN):
        assert one.statement in page
        assert f"状況{place}" in page
        assert f"理由{place}" in page


def test_the_english_paper_has_english_labels_and_the_words_as_written() -> None:
    page = html(of("en"), "en")
    assert "Progress report (implementing organization)" in page
    assert "3. There are difficulties" in page
    assert "週に3回ひらいた。" in page
    assert "未報告" not in page


def test_the_columns_are_those_of_the_form_whatever_they_are():
    keys = ("support", "statement", "season", "baselines", "mid_states", "post_states", "text", "progress")
    columns = tuple(Labelled(key=key, label=Text(key)) for key in keys)
    asked = replace(filings.edition().field("results"), columns=columns)
    indicator = replace(ONE.indicators[0], baseline="0団体", mid_state="8団体", post_state="17団体", mark="①")
    plan = Framework((replace(ONE, indicators=(indicator,), season="2025年4月から"),))
    with translation.override("ja"):
        table = results.table_of(contents(framework=plan), field=asked, language="ja")
    assert [column.column for column in table.columns] == list(keys)
    assert {cell.column: cell.lines for cell in table.rows[0].cells} == {
        "support": ("資金支援",),
        "statement": ("（1）目標",),
        "season": ("2025年4月から",),
        "baselines": ("①0団体",),
        "mid_states": ("①8団体",),
        "post_states": ("①17団体",),
        "text": (),
        "progress": (),
    }


def test_a_plan_without_such_rows_says_so() -> None:
    activity = row("a", level=Level.ACTIVITY)
    assert "この欄の行はありません" in html(of(framework=Framework((activity,))))


def test_nothing_to_report_is_printed_in_words_apart_from_not_reported() -> None:
    rows = [
        RowAnswer(KIDS[0].uuid, nothing=True),
        RowAnswer(KIDS[1].uuid, nothing=True, progress=Progress.ON_PLAN),
    ]
    shown = of(rows=rows, answers={"activities": Written(nothing=True)})
    assert [one.nothing for one in shown.rows] == [False, True, True, False]
    assert (said(shown, "activities").nothing, said(shown, "activities").blank) == (True, False)
    page = html(shown)
    assert page.count("今期は報告することがない") == 3
    assert page.count("code--nothing") == 1, "a code that stands there is shown"


def test_a_question_that_says_what_its_part_says_is_not_said_twice() -> None:
    edition = editions.load("web.states", 1)
    shown = paper.of(contents(), edition=edition, language="ja")
    labels = {
        part.title: [one.label for section in part.sections for one in section.said] for part in shown.parts
    }
    assert labels["短期アウトカムの発現状況"] == [""]
    assert labels["その他"] == [""]
    assert labels["事業上の課題"] == ["事業上の課題（リスク・阻害要因とその対応）"]
    assert labels["進捗報告の概要"] == [""]
    assert html(shown).count("その他</h") == 1
