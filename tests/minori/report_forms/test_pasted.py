"""Tables and days as they come out of Excel."""

from datetime import date

import pytest

from minori.report_forms.pasted import LONGEST_CELL, NotATable, read_day, read_table


def test_rows_are_counted_as_excel_does_however_many_lines_a_cell_has_and_empty_ones_left_out():
    lines = read_table('\ufeff甲\t"乙\r\n丙"\r\n\t\r\n丁\t\r\n')
    assert [(line.number, line.cells) for line in lines] == [(1, ("甲", "乙\n丙")), (3, ("丁", ""))]


def test_cells_beyond_the_end_of_a_line_are_empty():
    assert read_table("甲\t乙")[0].cell(5) == ""


@pytest.mark.parametrize("text", ['甲\t"乙\n丙', '甲\t"乙"丙\n'])
def test_quotation_marks_that_do_not_match_are_an_error_with_its_line(text):
    with pytest.raises(NotATable) as error:
        read_table("始め\t\n" + text)
    assert error.value.line == 2


@pytest.mark.parametrize(
    "cell",
    [
        "2025/4/1",
        "2025-04-01",
        "２０２５年４月１日",
        "令和7年4月1日",
        "R7.4.1",
        "r7/4/1",
        " 2025年 4月 1日 ",
        "2025.4.1",
    ],
)
def test_days_are_read_in_the_writings_of_the_field(cell):
    assert read_day(cell) == date(2025, 4, 1)


def test_the_first_year_of_an_era_and_the_era_before_are_known():
    assert read_day("令和元年5月1日") == date(2019, 5, 1)
    assert read_day("平成31年4月30日") == date(2019, 4, 30)


@pytest.mark.parametrize(
    "cell", ["", "2025年4月", "4/1", "2025/2/30", "7.4.1", "令和2025年4月1日", "未定", "45748"]
)
def test_what_names_no_day_is_none(cell):
    assert read_day(cell) is None


def test_a_cell_without_an_end_is_told_apart_from_marks_that_do_not_match():
    with pytest.raises(NotATable) as error:
        read_table("始め\t\n" + "あ" * (LONGEST_CELL + 1))
    assert (error.value.line, error.value.too_long) == (2, True)
    with pytest.raises(NotATable) as error:
        read_table('始め\t"')
    assert not error.value.too_long


def test_what_cannot_be_stored_is_not_in_a_cell():
    assert read_table("甲\x00乙\t\x1b丙")[0].cells == ("甲乙", "丙")
