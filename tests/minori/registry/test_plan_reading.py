"""Plans in files: what stands where, which lines belong together, what is asked and told. Pure."""

from uuid import UUID, uuid5

import pytest

from minori.registry.plan_columns import Part, heading, is_guidance, part_of, support_of
from minori.registry.plan_forms import read_plans
from minori.registry.plan_reading import FindingCode, read_plan
from minori.report_forms.framework import Level, Support
from minori.report_forms.grids import Cell, Grid, Source, column_letters, of_lines
from minori.report_forms.pairing import Answer, Fit
from minori.report_forms.pasted import read_table
from minori.report_forms.radicals import without_radicals

SPACE = UUID(int=7)


def identify(place):
    return uuid5(SPACE, place)


def pasted(text):
    return read_plans([of_lines(read_table(text))])


def read(text, **options):
    (plan,) = pasted(text)
    return read_plan(plan, identify=identify, **options)


def codes(found):
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("短期アウトカム", Part.STATEMENT),
        ("(1)短期アウトカム※", Part.STATEMENT),
        ("【アウトプット】", Part.STATEMENT),
        ("指標（数値・状態）", Part.INDICATOR),
        ("実施・到達状況の\n目安とする指標", Part.GUIDE),
        ("初期値／初期状態", Part.BASELINE),
        ("目標値・目標状態", Part.TARGET),
        ("中間評価時の値・状態", Part.MID_STATE),
        ("事後評価時の値/状態", Part.POST_STATE),
        ("目標達成時期 ※年月を記入してください", Part.ACHIEVE_BY),
        ("モニタリング", Part.MONITORING),
        ("活動", Part.ACTIVITY),
        ("時期", Part.SEASON),
        ("居場所が地域に開かれている", None),
        ("指標を決めるための話し合いを開く", None),
    ],
)
def test_headings_are_told_in_their_many_writings(heading, part):
    assert part_of(heading) is part


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("※事業終了時の状態を記入してください", True),
        ("（記入例：地域の居場所が増える）", True),
        ("0/200字", True),
        ("例）〇〇な状態になる", True),
        ("（例）○○が増える", True),
        ("例）食堂を開く", False),
        ("20件", False),
        ("※令和7年度は30件", False),
        ("1/2の世帯", False),
    ],
)
def test_words_of_the_form_are_told_from_those_of_the_plan(text, is_it):
    assert is_guidance(text) is is_it


def test_lines_without_a_statement_belong_to_the_row_above():
    found = read("アウトプット\t指標\t目標値\n窓口\t回数\t12回\n\t人数\t30人\n訪問\t件数\t5件\n")
    assert [(row.statement, len(row.indicators)) for row in found.framework] == [("窓口", 2), ("訪問", 1)]
    assert [one.mark for one in found.framework.rows[0].indicators] == ["①", "②"]
    assert codes(found) == [FindingCode.CONTINUES]
    assert found.is_ready


def test_activities_stand_under_their_output_with_their_season():
    found = read("アウトプット\t指標\t活動\t時期\n窓口\t回数\t相談会\t毎月\n\t\t研修\t通年\n")
    output, first, second = found.framework
    assert [(row.level, row.statement, row.season) for row in (first, second)] == [
        (Level.ACTIVITY, "相談会", "毎月"),
        (Level.ACTIVITY, "研修", "通年"),
    ]
    assert {first.parent, second.parent} == {output.uuid}


def test_a_first_line_without_a_statement_is_a_problem_at_its_line():
    found = read("アウトプット\t指標\t目標値\n\t回数\t12回\n")
    assert codes(found) == [FindingCode.NO_ROW_ABOVE]
    assert found.findings[0].place.row == 1
    assert not found.is_ready


def test_a_season_without_an_activity_is_a_problem():
    assert codes(read("アウトプット\t活動\t時期\n窓口\t\t毎月\n")) == [FindingCode.SEASON_ALONE]


def test_non_financial_rows_are_told_by_the_section_above():
    found = read(
        "【資金支援】\nアウトプット\t指標\n助成\t件数\n【非資金的支援】\nアウトプット\t指標\n伴走\t回数\n"
    )
    assert [row.support for row in found.framework] == [Support.FINANCIAL, Support.NON_FINANCIAL]


def test_numbers_are_paired_whatever_their_writing():
    found = read('アウトプット\t指標\t目標値\n窓口\t"①回数\n②人数"\t"1．年12回\n2．のべ30人"\n')
    assert [(one.title, one.target) for one in found.framework.rows[0].indicators] == [
        ("①回数", "年12回"),
        ("②人数", "のべ30人"),
    ]
    assert found.questions == ()


def test_one_date_before_two_numbers_is_asked_with_a_proposal():
    found = read('アウトプット\t指標\t達成時期\n窓口\t"①回数\n②人数"\t➀②2024年2月\n')
    (question,) = found.questions
    assert (question.part, question.fit, question.answer) == (Part.ACHIEVE_BY, Fit.JOINT, Answer.EACH)
    assert [one.achieve_by for one in found.framework.rows[0].indicators] == ["➀②2024年2月"] * 2
    assert found.is_ready


@pytest.mark.parametrize("target", ["①12回", "①12回\n②30人\n③5件", "②30人", "①12回\n①30人"])
def test_counts_that_differ_wait_for_a_person(target):
    text = f'アウトプット\t指標\t目標値\n窓口\t"①回数\n②人数"\t"{target}"\n'
    found = read(text)
    (question,) = found.questions
    assert (question.fit, question.answer, question.count) == (Fit.COUNTS, None, 2)
    assert codes(found) == [FindingCode.UNDECIDED]
    assert not found.is_ready
    each = read(text, answers={("0-1", Part.TARGET): Answer.EACH})
    assert [one.target for one in each.framework.rows[0].indicators] == [target] * 2
    first = read(text, answers={("0-1", Part.TARGET): Answer.FIRST})
    assert [one.target for one in first.framework.rows[0].indicators] == [target, ""]
    whole = read(text, answers={("0-1", Part.TARGET): Answer.WHOLE})
    assert [(one.statement, one.target) for one in whole.framework.rows[0].indicators] == [
        ("①回数\n②人数", target)
    ]
    assert [one.is_ready for one in (each, first, whole)] == [True] * 3


def test_a_text_that_names_some_of_the_numbers_may_be_taken_by_number():
    text = 'アウトプット\t指標\t目標値\n窓口\t"①回数\n②人数\n③件数"\t"①12回\n③5件"\n'
    assert read(text).questions[0].may_be_numbered
    found = read(text, answers={("0-1", Part.TARGET): Answer.NUMBERED})
    assert [one.target for one in found.framework.rows[0].indicators] == ["12回", "", "5件"]
    assert found.is_ready
    twice = text.replace("③5件", "①5件")
    assert not read(twice).questions[0].may_be_numbered


def test_a_target_without_numbers_beside_two_indicators_is_never_given_to_both_silently():
    found = read('アウトプット\t指標\t目標値\n窓口\t"①回数\n②人数"\t各30\n')
    assert (found.questions[0].fit, found.questions[0].answer) == (Fit.SHARED, None)
    assert not found.is_ready


def test_guidance_is_flagged_and_left_out_only_when_a_person_says_so():
    text = "アウトプット\t指標\t目標値\n※達成する状態を記入してください\t\t\n窓口\t回数\t0/200字\n"
    found = read(text)
    assert codes(found) == [FindingCode.GUIDANCE_ROW, FindingCode.GUIDANCE, FindingCode.GUIDANCE]
    assert (
        not found.is_ready
    )  # nobody registers a sentence of the form as an output without having been asked
    assert len(found.framework) == 2
    left = read(text, leave_guidance_out=True)
    assert left.is_ready
    assert [(row.statement, row.indicators[0].target) for row in left.framework] == [("窓口", "")]
    assert [line.cells["statement"] for line in left.kept] == ["※達成する状態を記入してください", "窓口"]


def test_two_texts_for_one_indicator_are_told_and_both_are_kept():
    found = read("アウトプット\t指標\t実施・到達状況の目安とする指標\n窓口\t回数\t相談の記録\n")
    assert codes(found) == [FindingCode.TWO_INDICATORS]
    assert found.framework.rows[0].indicators[0].statement == "回数"
    assert found.kept[0].cells["indicator_guide"] == "相談の記録"


def test_letters_of_a_pdf_are_read_as_ordinary_ones_and_kept_raw():
    found = read("アウトプット\t指標\n⽬標を⾏う（①％）\t⼾数\n")
    assert (found.framework.rows[0].statement, found.framework.rows[0].indicators[0].statement) == (
        "目標を行う（①％）",
        "戸数",
    )
    assert found.kept[0].cells == {"statement": "⽬標を⾏う（①％）", "indicator": "⼾数"}
    assert codes(found) == [FindingCode.RADICALS] * 2


def test_radicals_are_mapped_and_nothing_else():
    assert without_radicals("⻑⼾⽉⼒①➀（）％㎡ｱ") == "長戸月力①➀（）％㎡ｱ"


def test_a_text_in_no_column_is_told():
    found = read("アウトプット\t指標\n窓口\t回数\t担当：山田\n")
    assert codes(found) == [FindingCode.REMAINDER]
    assert found.findings[0].text == "担当：山田"


def test_a_column_that_is_headed_twice_is_a_problem():
    assert codes(read("アウトプット\t指標\t指標\n窓口\t回数\t人数\n"))[0] == FindingCode.DOUBLE_HEADING


def test_a_cell_merged_over_lines_is_asked_about():
    cells = [
        Cell(row=0, column=0, text="アウトプット"),
        Cell(row=0, column=1, text="指標"),
        Cell(row=0, column=2, text="目標達成時期"),
        Cell(row=1, column=0, text="窓口", rows=2),
        Cell(row=1, column=1, text="回数"),
        Cell(row=1, column=2, text="2024年2月", rows=2),
        Cell(row=2, column=1, text="人数"),
    ]
    (plan,) = read_plans([Grid(Source.SHEET, "計画", cells=tuple(cells))])
    found = read_plan(plan, identify=identify)
    assert [(one.merged, one.count, one.answer) for one in found.questions] == [(True, 2, Answer.EACH)]
    assert [one.achieve_by for one in found.framework.rows[0].indicators] == ["2024年2月"] * 2
    first = read_plan(plan, identify=identify, answers={("0-1", Part.ACHIEVE_BY): Answer.FIRST})
    assert [one.achieve_by for one in first.framework.rows[0].indicators] == ["2024年2月", ""]


def test_several_plans_in_one_table_are_told_by_their_grants():
    text = (
        "事業コード\tレベル\t内容\t指標\n"
        "a-1\tアウトプット\t窓口\t回数\n\t\t\t人数\n"
        "b-1\t短期アウトカム\t孤立が減る\t割合\n"
        "a-1\t活動\t相談会\t\n"
    )
    plans = {plan.facts[Part.GRANT]: plan for plan in pasted(text)}
    assert [len(plans[code].lines) for code in ("a-1", "b-1")] == [3, 1]


def test_reading_again_gives_the_same_identities():
    text = "アウトプット\t指標\n窓口\t回数\n"
    assert read(text).framework == read(text).framework


def test_columns_of_a_sheet_have_their_letters():
    assert [column_letters(number) for number in (0, 25, 26, 51, 702)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_activities_without_a_code_stand_under_the_output_they_are_written_below():
    found = read(
        "事業コード\tレベル\tコード\t内容\n"
        "a-1\t短期アウトカム\t1\t孤立が減る\n\tアウトプット\t\t窓口\n\t活動\t\t相談会\n\t活動\t\t①研修\n"
        "\tアウトプット\t\t訪問\n\t活動\t\t見守り\n\t活動\t1-1\t調査\n\t短期アウトカム\t2\t担い手が増える\n\t活動\t\t講座\n"
    )
    names = {row.uuid: row.statement for row in found.framework}
    under = {row.statement: names.get(row.parent) for row in found.framework if row.level is Level.ACTIVITY}
    assert under == {"相談会": "窓口", "①研修": "窓口", "見守り": "訪問", "調査": "孤立が減る", "講座": None}


def test_activities_in_a_list_of_their_own_are_not_guessed_to_be_those_of_the_last_output():
    found = read(
        "アウトプット\t指標\n0101.窓口\t回数\n0102.訪問\t件数\n\n活動\t時期\n相談会\t毎月\n（0101-1）研修\t通年\n"
    )
    first, _second, loose, coded = found.framework
    assert (loose.parent, coded.parent) == (None, first.uuid)


def test_a_cell_of_several_statements_has_no_code():
    found = read("アウトプット\t指標\n①窓口を開く②訪問する\t回数\n")
    assert [row.code for row in found.framework] == [""]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_heading_of_ours_is_read_on_intake(language):
    assert {part: part_of(heading(part, language)) for part in Part} == {part: part for part in Part}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Short-term outcomes", Part.STATEMENT),
        ("III. Outputs", Part.STATEMENT),
        ("Indicators (numbers or states)", Part.INDICATOR),
        ("Mid-term value / state", Part.MID_STATE),
        ("Target date", Part.ACHIEVE_BY),
        ("Organisation", Part.ORGANIZATION),
        ("A place is open four days a week", None),
        ("Indicators are agreed in a workshop", None),
    ],
)
def test_english_headings_are_told_in_their_many_writings(text, part):
    assert part_of(text) is part


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("Outputs (non-financial support)", Support.NON_FINANCIAL),
        ("Financial support", Support.FINANCIAL),
        ("Non-financial", Support.NON_FINANCIAL),
        ("Financial literacy is taught", None),
        ("A bank gives financial support to families", None),
    ],
)
def test_english_words_for_support_are_told_from_statements(text, support):
    assert support_of(text) is support


def test_an_english_plan_is_read_with_its_words_of_the_form():
    found = read(
        "Level\tKind of support\tStatement\tIndicator\tTarget\n"
        "Long-term outcome\t\tNobody is alone\t\t\n"
        "Output\tnon-financial\tA place is open\tdays open\tPlease enter a number.\n"
        "activity\t\tRunning it\t\t\n"
    )
    assert [(row.level, row.support) for row in found.framework] == [
        (Level.OUTCOME_LONG, Support.FINANCIAL),
        (Level.OUTPUT, Support.NON_FINANCIAL),
        (Level.ACTIVITY, Support.FINANCIAL),
    ]
    assert found.framework.rows[2].parent == found.framework.rows[1].uuid
    assert codes(found) == [FindingCode.GUIDANCE]
