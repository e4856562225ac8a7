"""A plan pasted from a table: read to the letter, every doubt told with its line."""

from itertools import count
from uuid import UUID

import pytest

from minori.registry import pasting
from minori.registry.pasting import EXAMPLE, MOST_LINES, ORDER, Column, PastedCode, read_plan, write_table
from minori.report_forms.framework import Level, Support
from tests.factories import registry

HEAD = "レベル\tコード\t内容\t指標番号\t指標\t初期値\t目標値\t達成時期\t把握方法\n"


def counted():
    numbers = count(1)
    return lambda: UUID(int=next(numbers))


def read(text):
    return read_plan(text, identify=counted())


def codes(plan):
    return [(problem.code, problem.line) for problem in plan.problems]


def test_rows_with_several_indicators_and_cells_of_several_lines_are_read_to_the_letter():
    plan = read(
        HEAD
        + "短期アウトカム\t01\t01.孤立が減る\t\t相談件数\t年間　12件\t年間24件\t2028年3月\t台帳\r\n"
        + 'アウトプット\t0101\t（0101）相談窓口が開かれている\t①\t開設回数\t\t"月2回\r\n※8月を除く"\t2026年4月\t日誌\r\n'
        + '\t\t\t②\t「""来てよかった""」と答えた人\t\t80％\t\t\r\n'
    )
    assert plan.problems == ()
    outcome, output = plan.framework
    assert (outcome.level, outcome.code, outcome.statement) == (Level.OUTCOME_SHORT, "01", "01.孤立が減る")
    assert outcome.indicators[0].baseline == "年間　12件"
    assert [one.mark for one in output.indicators] == ["①", "②"]
    assert output.indicators[0].target == "月2回\n※8月を除く"
    assert output.indicators[1].target == "80％"
    assert output.indicators[0].baseline == ""


def test_doubled_quotation_marks_are_one_and_full_width_ones_stay():
    plan = read(HEAD + 'アウトプット\t1\t"「居場所」を""みんな""の\n場所にする"\t\t\t\t\t\t\n')
    assert plan.framework.rows[0].statement == '「居場所」を"みんな"の\n場所にする'


def test_marks_are_kept_in_full_width_and_given_where_there_are_several_without():
    plan = read(
        HEAD
        + "アウトプット\t1\t甲\t（１）\tあ\t\t\t\t\n\t\t\t（２）\tい\t\t\t\t\n"
        + "アウトプット\t2\t乙\t\tう\t\t\t\t\n\t\t\t\tえ\t\t\t\t\nアウトプット\t3\t丙\t\tお\t\t\t\t\n"
    )
    assert [row.marks for row in plan.framework] == [("（１）", "（２）"), ("①", "②"), ("",)]


def test_without_headings_our_order_counts():
    plan = read("アウトプット\t1\t窓口を開く\t\t回数\t0回\t12回\t2027年3月\t日誌\n")
    assert plan.problems == ()
    assert plan.framework.rows[0].indicators[0].means == "日誌"


def test_columns_may_stand_in_any_order_and_bear_the_official_headings():
    plan = read(
        "内容\t区分\t指標\t目標値／目標状態\t中間評価時の値・状態\t事後評価時の値・状態\n"
        "窓口を開く\tアウトプット\t回数\t\t6回\t12回\n"
    )
    assert plan.problems == ()
    (row,) = plan.framework
    assert (row.indicators[0].mid_state, row.indicators[0].post_state, row.indicators[0].target) == (
        "6回",
        "12回",
        "",
    )


def test_an_empty_level_is_the_one_above_as_merged_cells_paste():
    plan = read(HEAD + "活動\t\t広報\t\t\t\t\t\t\n\t\t相談\t\t\t\t\t\t\n")
    assert [row.level for row in plan.framework] == [Level.ACTIVITY, Level.ACTIVITY]


def test_outputs_are_proposed_under_the_row_that_their_code_begins_with():
    plan = read(
        HEAD
        + "アウトプット\t1\t協議会\t\t\t\t\t\t\nアウトプット\t\t（0101）リスト\t\t\t\t\t\t\n"
        + "アウトプット\t2\t定着\t\t\t\t\t\t\n活動\t2-1\t訪問\t\t\t\t\t\t\n活動\t\t番号のない活動\t\t\t\t\t\t\n"
    )
    one, listed, two, visit, loose = plan.framework
    assert listed.code == "0101"
    assert [row.parent for row in (one, listed, two, visit, loose)] == [
        None,
        one.uuid,
        None,
        two.uuid,
        two.uuid,
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("目標\t1\t窓口\t\t\t\t\t\t\n", [(PastedCode.UNKNOWN_LEVEL, 2)]),
        ("\t1\t窓口\t\t\t\t\t\t\n", [(PastedCode.NO_LEVEL, 2)]),
        ("\t\t\t\t回数\t\t\t\t\n", [(PastedCode.NOTHING, None), (PastedCode.NO_ROW_ABOVE, 2)]),
        ("アウトプット\t1\t\t\t回数\t\t\t\t\n", [(PastedCode.EMPTY_STATEMENT, 2)]),
        ("アウトプット\t1\t窓口\t①\t\t\t\t\t\n", [(PastedCode.EMPTY_INDICATOR, 2)]),
        ("アウトプット\t1\t窓口\t指標その１から３まで\t回数\t\t\t\t\n", []),
        ("アウトプット\t1\t窓口\t指標その１から３までの\t回数\t\t\t\t\n", [(PastedCode.LONG_MARK, 2)]),
        ("アウトプット\t1\t窓口\t\t回数\t\t\t\t\tはみ出し\n", [(PastedCode.TOO_MANY_CELLS, 2)]),
        ('アウトプット\t1\t窓口\t\t"回数\t\t\t\t\n', [(PastedCode.QUOTES, 2)]),
        ('アウトプット\t1\t"窓口"を開く\t\t回数\t\t\t\t\n', [(PastedCode.QUOTES, 2)]),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(body, expected):
    assert codes(read(HEAD + body)) == expected


def test_all_problems_are_told_at_once_with_the_rows_of_the_pasted_table():
    plan = read(
        HEAD
        + 'アウトプット\t1\t"窓口\nを\n開く"\t\t\t\t\t\t\n\n目的\t2\t甲\t\t\t\t\t\t\nアウトプット\t3\t\t\t回数\t\t\t\t\n'
    )
    assert codes(plan) == [(PastedCode.UNKNOWN_LEVEL, 4), (PastedCode.EMPTY_STATEMENT, 5)]


def test_a_column_without_a_place_is_told_unless_it_is_empty():
    assert codes(read("レベル\t内容\t備考\nアウトプット\t窓口\tだいじ\n")) == [
        (PastedCode.UNKNOWN_HEADING, 1)
    ]
    assert codes(read("レベル\t内容\t\nアウトプット\t窓口\t\n")) == []
    assert codes(read("レベル\t内容\t内容\nアウトプット\t窓口\t甲\n")) == [(PastedCode.DOUBLE_HEADING, 1)]


def test_nothing_and_text_without_columns_are_told():
    assert codes(read(" \n\n")) == [(PastedCode.NOTHING, None)]
    assert codes(read("ただの文です\nもう一つ")) == [(PastedCode.NO_COLUMNS, 1)]
    assert codes(read(HEAD)) == [(PastedCode.NOTHING, None)]


def test_what_is_written_as_a_table_is_read_back_equal():
    framework = registry.framework(
        [
            {
                "level": Level.OUTCOME_LONG,
                "code": "",
                "statement": "「自分らしく」\t暮らす",
                "support": Support.NON_FINANCIAL,
            },
            {
                "code": "1",
                "statement": '1．"つながり"が\n増える ',
                "indicators": [{"statement": "件数", "mid_state": "①3件\n②　4件", "means": "台帳"}],
            },
            {
                "code": "0101",
                "statement": "（0101）",
                "parent": "1",
                "indicators": [{"mark": "➀", "statement": "甲"}, {"mark": "➁", "target": "ー"}],
            },
        ]
    )
    back = read_plan(write_table(framework)).framework

    def texts(plan):
        return [
            (
                row.level,
                row.support,
                row.code,
                row.statement,
                row.season,
                [(one.mark, one.texts) for one in row.indicators],
            )
            for row in plan
        ]

    assert texts(back) == texts(framework)
    assert back.rows[2].parent == back.rows[1].uuid


def test_every_column_has_a_place_in_the_order():
    assert set(ORDER) == set(Column)


def test_the_example_reads_without_a_problem():
    pasted = read(EXAMPLE)
    assert pasted.problems == ()
    assert [row.code for row in pasted.framework] == ["01", "0101", "0101-1"]


def test_more_lines_than_any_plan_has_are_refused_at_once():
    line = "アウトプット\t1\t居場所\t\t回数\t\t3回\n"
    assert codes(read(line * (MOST_LINES + 1))) == [(PastedCode.TOO_MANY_LINES, MOST_LINES + 1)]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_headings_that_a_page_shows_are_read_in_every_language(language):
    line = "\t".join(pasting.heading(column, language) for column in pasting.ORDER)
    plan = pasting.read_plan(f"{line}\nアウトプット\t0101\t開所している\t\t開所日数\t\t100日")
    assert plan.problems == ()
    assert plan.framework.rows[0].indicators[0].target == "100日"


def test_the_english_example_reads_without_a_problem_and_like_the_japanese_one():
    english, japanese = pasting.read_plan(pasting.EXAMPLE_EN), pasting.read_plan(pasting.EXAMPLE)
    assert english.problems == ()
    assert [(row.level, row.code) for row in english.framework] == [
        (row.level, row.code) for row in japanese.framework
    ]
