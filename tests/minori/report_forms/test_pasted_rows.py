"""A results table as it comes out of Excel: which line is which row, and what is not understood."""

import pytest

from minori.report_forms.answers import Progress
from minori.report_forms.framework import Row
from minori.report_forms.pasted import NotATable
from minori.report_forms.pasted_rows import Cell, NoColumns, PastedRows, Trouble, read_rows
from tests.factories.registry import identity

PLAN = [
    Row(uuid=identity("0101"), code="0101", statement="（0101）居場所が開かれている"),
    Row(uuid=identity("0102"), code="0102", statement="（0102）相談につながる"),
    Row(uuid=identity("a"), code="", statement="地域のボランティア活動に参加し、つながる状態になる。"),
]
HEADINGS = {
    "コード": Cell.CODE,
    "アウトプット": Cell.STATEMENT,
    "現在の指標の達成状況": Cell.TEXT,
    "進捗状況": Cell.PROGRESS,
    "理由・備考": Cell.REMARK,
}
HEAD = "コード\tアウトプット\t指標\t現在の指標の達成状況\t進捗状況\t理由・備考\n"


def read(text: str, rows: list[Row] = PLAN, **more) -> PastedRows:
    return read_rows(text, rows=rows, headings=HEADINGS, **more)


def texts(found: PastedRows) -> dict[str, str | None]:
    names = {row.uuid: row.code or "-" for row in PLAN}
    return {names[one.row]: one.text for one in found.rows}


def troubles(found: PastedRows) -> list[tuple[int, Trouble]]:
    return [(one.line, one.trouble) for one in found.untaken]


def test_rows_are_found_by_code_by_statement_and_by_the_beginning_of_a_statement():
    found = read(
        HEAD
        + "0101\t\t回数\t3回\t3 計画より遅れている\t台風\n"
        + "\t（0102） 相談につながる\t\t5件\t２\t\n"
        + "\t地域のボランティア活動に参加し\t\t6人\t計画より進んでいる\t"
    )
    assert texts(found) == {"0101": "3回", "0102": "5件", "-": "6人"}
    assert [one.progress for one in found.rows] == [Progress.BEHIND, Progress.ON_PLAN, Progress.AHEAD]
    assert (found.rows[0].remark, found.rows[1].remark) == ("台風", None)
    assert found.untaken == ()


def test_headings_are_found_below_a_title_and_in_any_order_and_width():
    found = read("【資金支援】\t\n進捗状況\t現在の 指標の達成状況\tｺｰﾄﾞ\n2\t3回\t0101")
    assert (texts(found), found.rows[0].progress) == ({"0101": "3回"}, Progress.ON_PLAN)


def test_cells_of_several_lines_stay_as_written():
    found = read(HEAD + '0101\t\t\t"①3回\n②""のべ""20人"\t\t')
    assert texts(found) == {"0101": '①3回\n②"のべ"20人'}
    assert found.rows[0].line == 2


def test_a_line_without_a_name_goes_on_with_the_row_above():
    """On the official form a row of two indicators is two lines under one merged cell."""
    found = read(HEAD + "0101\t\t①回数\t①3回\t2\t\n\t\t②人数\t②20人\t\t\n0102\t\t\t5件\t\t")
    assert texts(found) == {"0101": "①3回\n②20人", "0102": "5件"}
    assert found.rows[0].progress == Progress.ON_PLAN


def test_blank_cells_say_nothing():
    found = read(HEAD + "0101\t\t\t \t未報告\t")
    assert (found.rows[0].text, found.rows[0].progress, found.rows[0].remark) == (None, None, None)


def test_nothing_to_report_is_understood_in_words():
    found = read(HEAD + "0101\t\t\t今期は報告することがない\t\t")
    assert (found.rows[0].nothing, found.rows[0].text) == (True, None)


def test_lines_that_fit_no_row_several_rows_or_a_row_again_are_named():
    two = [*PLAN, Row(uuid=identity("again"), code="0102", statement="（0102）同じコードの別の行")]
    found = read(
        HEAD + "0109\t\t\t何か\t\t\n0102\t\t\t5件\t\t\n0101\t\t\t3回\t\t\n0101\t\t\t4回\t\t", rows=two
    )
    assert troubles(found) == [(2, Trouble.NO_ROW), (3, Trouble.SEVERAL_ROWS), (5, Trouble.TWICE)]
    assert texts(found) == {"0101": "3回"}


def test_a_line_below_one_that_was_not_found_does_not_go_to_another_row():
    found = read(HEAD + "0101\t\t\t3回\t\t\n0109\t\t\t何か\t\t\n\t\t\t続き\t\t")
    assert texts(found) == {"0101": "3回"}
    assert troubles(found) == [(3, Trouble.NO_ROW), (4, Trouble.NO_ROW)]


def test_the_statement_tells_rows_of_one_code_apart():
    two = [*PLAN, Row(uuid=identity("again"), code="0102", statement="（0102）同じコードの別の行")]
    found = read(HEAD + "0102\t（0102）同じコードの別の行\t\t7件\t\t", rows=two)
    assert found.rows[0].row == identity("again")


@pytest.mark.parametrize("said", ["5", "まあまあ", "12"])
def test_a_code_that_is_none_is_named_and_the_text_is_taken(said):
    found = read(HEAD + f"0101\t\t\t3回\t{said}\t")
    assert troubles(found) == [(2, Trouble.NOT_A_CODE)]
    assert (found.rows[0].text, found.rows[0].progress) == ("3回", None)


def test_without_headings_the_number_of_columns_tells():
    assert texts(read("0101\t3回\n0102\t5件")) == {"0101": "3回", "0102": "5件"}
    assert read("0101\t3回\t2").rows[0].progress == Progress.ON_PLAN
    order = [Cell.STATEMENT, Cell.OTHER, Cell.OTHER, Cell.OTHER, Cell.TEXT, Cell.PROGRESS]
    official = read("（0101）居場所が開かれている\t回数\t72回\t2027年\t3回\t2", orders=[order])
    assert texts(official) == {"0101": "3回"}


def test_one_column_is_taken_in_the_order_of_the_rows_only_where_it_has_as_many_lines():
    assert texts(read("3回\n5件\n6人")) == {"0101": "3回", "0102": "5件", "-": "6人"}
    with pytest.raises(NoColumns):
        read("3回\n5件")


@pytest.mark.parametrize("text", ["甲\t乙\t丙\t丁\t戊\t己\t庚\t辛", ""])
def test_a_table_of_unknown_columns_is_refused(text):
    with pytest.raises(NoColumns):
        read(text)


def test_broken_quotation_marks_are_an_error_with_their_line():
    with pytest.raises(NotATable):
        read(HEAD + '0101\t\t\t"3回')
