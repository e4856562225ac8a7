"""A report as a list of what is copied into the official system."""

from typing import Any

from django.utils import translation

from minori.documents import transcription
from minori.documents.transcription import Entry
from minori.report_forms.answers import Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from tests.factories import filings
from tests.minori.documents.test_paper import KIDS, ONE, of


def entries(**more: Any) -> dict[str, Entry]:
    with translation.override("ja"):
        groups = transcription.of(of(**more), language="ja")
    return {entry.key: entry for group in groups for entry in group.entries}


def pieces(entry: Entry) -> list[tuple[str, str, str]]:
    return [(piece.what, piece.label, piece.text) for piece in entry.pieces]


def test_every_field_stands_in_the_order_of_the_form() -> None:
    found = list(entries())
    assert found[:3] == ["project_title", "distributor", "organization"]
    assert found[3:7] == [str(row.uuid) for row in (ONE, *KIDS)]
    assert found[7:] == [
        "outlook",
        "changes",
        "activities",
        "symbol_mark",
        "media",
        "material",
        "reports",
        "events",
    ]


def test_a_row_has_its_text_whole_and_by_indicator_and_its_code_in_words() -> None:
    row = filings.row_answer(ONE.uuid, "①75回\n②820人", Progress.OTHER, remark="台風")
    assert pieces(entries(rows=[row])[str(ONE.uuid)]) == [
        ("text", "現在の指標の達成状況", "①75回\n②820人"),
        ("text", "①リスト", "75回"),
        ("text", "②団体数", "820人"),
        ("choice", "進捗状況", "4 その他"),
        ("text", "理由・備考", "台風"),
    ]


def test_blanks_and_nothing_to_report_are_told_apart_and_covered_codes_say_where_they_stand() -> None:
    rows = [
        filings.row_answer(ONE.uuid, "文", Progress.BEHIND, covers=(KIDS[0].uuid,)),
        RowAnswer(KIDS[1].uuid, nothing=True),
    ]
    found = entries(rows=rows)
    assert [words for _what, _label, words in pieces(found[str(KIDS[0].uuid)])] == [
        "未報告",
        "3 計画より遅れている（1 でまとめて記載）",
    ]
    assert [(what, words) for what, _label, words in pieces(found[str(KIDS[1].uuid)])] == [
        ("text", "今期は報告することがない"),
        ("blank", "今期は報告なし"),
    ]
    assert [what for what, *_rest in pieces(found[str(KIDS[2].uuid)])] == ["blank", "blank"]


def test_choices_are_chosen_there_and_texts_are_copied() -> None:
    answers = {
        "outlook": Chosen("3"),
        "symbol_mark": Ticked(("website", "other"), "シール"),
        "media": YesNo(said=True, text="新聞"),
        "activities": Written("1. 見出し\n文"),
    }
    found = entries(answers=answers)
    assert [(what, words) for what, _label, words in pieces(found["symbol_mark"])] == [
        ("choice", "自団体のウェブサイトで表示している"),
        ("choice", "その他"),
        ("text", "シール"),
    ]
    assert [(what, words) for what, _label, words in pieces(found["media"])] == [
        ("choice", "有"),
        ("text", "新聞"),
    ]
    assert [words for *_rest, words in pieces(found["outlook"])] == ["3. 課題がある"]
    assert [words for *_rest, words in pieces(found["activities"])] == ["1. 見出し\n文"]


def test_what_the_official_form_lacks_is_left_out_and_ids_are_unique() -> None:
    answers = {"changes": Ticked(("content",)), "changes_note": Written("相談中")}
    found = entries(answers=answers, attachments=[filings.photo(1)])
    assert "changes_note" not in found
    assert found[str(filings.photo(1).uuid)].pieces[0].text == "活動の様子 1"
    ids = [piece.id for entry in found.values() for piece in entry.pieces]
    assert len(ids) == len(set(ids))
