"""The workbook, read back."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from minori.indicators.measures import Per
from minori.indicators.statements import Covers
from reporting.common import mapping
from reporting.exports.enums import Kind
from reporting.exports.writing.csv_table import words
from tests.factories import filings, numbers, programmes, registry
from tests.reporting.exports import rounds


@pytest.fixture
def book(hikari: Any, kibou: Any, tmp_path: Path) -> Any:
    """A round with one report of dangerous texts and one missing, as a workbook read back."""
    return openpyxl.load_workbook(rounds.written(rounds.round_with(hikari, kibou), Kind.XLSX, tmp_path))


def table(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_board_names_states_dates_and_days(book):
    board = {row["実行団体"]: row for row in table(book["提出状況"])}
    late, missing = board["特定非営利活動法人 ひかり"], board["社会福祉法人 きぼう"]
    assert late["状況"] == "確認待ち"
    assert late["提出日"].date() == date(2026, 10, 16)
    assert (late["期限後の日数"], late["残りの日数"]) == (2, None)
    assert (missing["状況"], missing["残りの日数"], missing["期限後の日数"]) == ("期限超過", -6, None)


def test_what_people_wrote_is_text_and_never_a_formula_or_a_link(book):
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
    row = next(row for row in table(book["進捗マップ"]) if row["進捗"] == 3)
    assert row["現在の指標の達成状況"] == rounds.FORMULA


def test_not_handed_in_and_behind_are_told_apart_in_words(book):
    words = {row["実行団体"]: row["進捗（ことば）"] for row in table(book["進捗マップ"])}
    assert words == {"特定非営利活動法人 ひかり": "計画より遅れている", "社会福祉法人 きぼう": "未提出"}


def test_every_total_says_what_it_is_out_of(book):
    totals = {row["項目"]: (row["件数"], row["母数"]) for row in table(book["集計"])}
    assert totals["提出"] == (1, 2)
    assert totals["期限後提出"] == (1, 1)
    assert totals["3 計画より遅れている"] == (1, 1)
    assert totals["短期アウトカムの達成の見込み：3 課題がある"] == (1, 1)


def test_nothing_to_report_is_told_apart_in_words():
    cell: Any = {"progress": None, "nothing": True}
    with translation.override("ja"):
        assert words(cell, True, "ja") == "今期は報告なし"
        assert words(cell | {"nothing": False}, True, "ja") == "未報告"
        assert words({"progress": None}, True, "ja") == "未報告", "a summary of an older format"


def test_remarks_and_answers_by_question_have_their_sheets(book):
    said = {row["実行団体"]: row["PO所見"] for row in table(book["PO所見と総括"])}
    assert said["総括"] == "全体としておおむね順調。\n課題は人手。"
    assert said["社会福祉法人 きぼう"] == "=所見 kibou & <w:p>"
    answers = {row["質問"]: row["回答"] for row in table(book["設問別の回答"])}
    assert "3. 課題がある" in answers.values()
    assert "有\n夏のつどい（8月）" in answers.values()


def test_charts_are_pictures_with_their_tables_below(book):
    sheet = book["グラフ"]
    assert len(sheet._images) == 2
    cells = [value for row in sheet.iter_rows(values_only=True) for value in row if value is not None]
    assert "▼ 計画より遅れている" in cells
    assert "△ 期限後提出" in cells


def test_numbers_come_with_what_they_are_out_of_and_where_they_come_from(hikari, tmp_path):
    round_ = programmes.round_()
    grant = programmes.grant(of=round_.programme, organization=hikari)
    registry.registered(grant)
    deadline = programmes.deadline(of=grant, round=round_)
    filings.handed_in(deadline, rows={"0101": {"text": "①=1+74\n②640人", "progress": 2}})
    indicator = registry.identity("0101/0")
    numbers.registered(grant, indicator, one=numbers.measure(150, "回", per=Per.YEAR))
    numbers.reported(deadline, indicator, numbers.measure(75, "回"), Covers.FISCAL_YEAR)
    facts = mapping.CommonFacts(name="開所回数", name_en="Times open", unit="回", rule="sum", description="")
    common = mapping.define(round_.programme, facts=facts, by=numbers.OFFICER, at=rounds.AT)
    mapping.map_onto(common, indicators=[(grant, indicator)], reason="同じ", by=numbers.OFFICER, at=rounds.AT)
    book = openpyxl.load_workbook(rounds.written(round_, Kind.XLSX, tmp_path))
    (line,) = table(book["達成率"])
    assert (line["達成率（％）"], line["計算の内訳"], line["確認した人"]) == (
        50,
        "75 ÷ 150 = 50.0 %",
        "佐伯 真理",
    )
    (line,) = table(book["共通指標"])
    assert (line["共通指標"], line["値"], line["数えた指標"], line["母数"]) == ("開所回数", "75回", 1, 1)
    assert line["もとの文章"] == "=1+74"
