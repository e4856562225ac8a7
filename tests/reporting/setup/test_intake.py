"""Plan intake: files with contracted plans read, decided about and registered; what was written is kept to the letter."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minori.registry import frameworks, plan_sources
from minori.registry.frameworks import FrameworkNotPossible
from minori.registry.models import FrameworkVersion
from minori.registry.plan_reading import FindingCode
from minori.report_forms.framework import Level
from reporting.setup import intake, plans
from reporting.setup.models import FoundPlan, PlanFile
from tests.factories import plan_files, programmes, registry
from tests.tenants.evidence import documents

AT = datetime(2026, 6, 1, tzinfo=UTC)
LINES = [
    {
        "level": "outcome",
        "statement": "01.子どもが安心して過ごせる",
        "indicator": "「安心」と答えた割合",
        "baseline": "未調査",
        "target": "80％",
        "achieve_by": "2028年3月",
    },
    {
        "level": "output",
        "statement": "（0101）居場所が開かれている",
        "indicator": "①開所回数\n②のべ利用人数",
        "baseline": "①0回\n②0人",
        "target": "➀年150回\n➁年1,500人",
        "achieve_by": "➀②2028年3月",
        "activity": "居場所を開く",
        "activity_season": "2025年6月から",
    },
    {"level": "output", "activity": "ボランティアを募る", "activity_season": "通年"},
]


def url(name, programme, **more):
    return reverse(f"setup:{name}", kwargs={"code": programme.code, **more})


def upload(desk, programme, *files):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return desk.post(url("upload_plans", programme), {"files": sent})


def workbook(lines=LINES, **options):
    return plan_files.as_bytes(plan_files.official(lines, **options))


def test_an_official_form_is_read_shown_and_registered(desk, officer, programme, grant):
    programmes.round_(of=programme)
    answer = upload(desk, programme, ("計画.xlsx", workbook(facts={"事業コード": "hikari-1"})))
    assert answer.status_code == 302
    found = FoundPlan.objects.get()
    assert found.grant == grant
    page = desk.get(url("found_plan", programme, pk=found.pk)).content.decode()
    assert "①開所回数" in page
    assert "➀②2028年3月" in page
    answer = desk.post(url("found_plan", programme, pk=found.pk), {"grant": grant.code, "register": "1"})
    version = FrameworkVersion.objects.get()
    assert answer.url == reverse("setup:version", kwargs={"code": grant.code, "number": 1})
    assert (version.registered_by_name, version.confirmed_at) == (officer.name, None)
    outcome, output, opening, asking = frameworks.read(version)
    assert [outcome.level, output.level, opening.level] == [Level.OUTCOME_SHORT, Level.OUTPUT, Level.ACTIVITY]
    assert output.parent == outcome.uuid
    assert (opening.parent, asking.parent) == (output.uuid, output.uuid)
    assert [one.title for one in output.indicators] == ["①開所回数", "②のべ利用人数"]
    assert [one.target for one in output.indicators] == ["年150回", "年1,500人"]
    assert [one.achieve_by for one in output.indicators] == ["➀②2028年3月"] * 2
    kept = plan_sources.read_back(version)
    assert [dict(line.cells) for line in kept.lines] == [
        {name: text for name, text in line.items() if name != "level"} for line in LINES
    ]
    assert kept.lines[0].where == "事業計画書!8"
    page = desk.get(answer.url).content.decode()
    assert "計画書の原文" in page
    assert "➀年150回\n➁年1,500人" in page


def test_a_word_file_is_read_the_same(desk, programme, grant):
    data = plan_files.word(LINES, facts={"事業名": grant.title}, merge=True)
    upload(desk, programme, ("計画.docx", data))
    found = FoundPlan.objects.get()
    assert found.grant == grant
    desk.post(url("found_plan", programme, pk=found.pk), {"grant": grant.code, "register": "1"})
    framework = frameworks.read(FrameworkVersion.objects.get())
    assert [row.statement for row in framework] == [
        LINES[0]["statement"],
        LINES[1]["statement"],
        "居場所を開く",
        "ボランティアを募る",
    ]


def test_values_at_the_evaluations_are_read_under_a_head_of_two_lines(desk, programme, grant):
    lines = [
        {
            "level": "output",
            "statement": "1-1 食堂が開かれている",
            "indicator": "(1)回数\n(2)世帯",
            "mid_state": "(1)12回\n(2)60世帯",
            "post_state": "(1)36回\n(2)180世帯",
        }
    ]
    data = workbook(lines, columns=plan_files.STATES, two_lines=True, facts={"事業コード": grant.code})
    upload(desk, programme, ("計画.xlsx", data))
    (shown,) = intake.look(programme)
    assert [(one.mark, one.mid_state, one.post_state) for one in shown.read.framework.rows[0].indicators] == [
        ("(1)", "12回", "36回"),
        ("(2)", "60世帯", "180世帯"),
    ]
    assert shown.may_be_registered


def test_the_good_plans_are_registered_and_the_others_stay(desk, programme, grant, theirs):
    doubtful = [{"level": "output", "statement": "窓口", "indicator": "①回数\n②人数", "target": "①12回"}]
    book = plan_files.official(LINES, facts={"事業コード": grant.code}, sheet="一")
    plan_files.official(doubtful, facts={"事業コード": theirs.code}, sheet="二", book=book)
    upload(desk, programme, ("二つ.xlsx", plan_files.as_bytes(book)), ("一つ.xlsx", workbook()))
    found = list(FoundPlan.objects.order_by("pk"))
    assert [one.grant for one in found] == [grant, None, None], "another programme's grant is never matched"
    answer = desk.post(url("register_plans", programme))
    assert answer.status_code == 302
    assert FrameworkVersion.objects.get().grant == grant
    page = desk.get(url("intake", programme)).content.decode()
    assert "登録済み" in page
    assert "要確認 1件" in page


def test_a_doubt_is_decided_in_the_preview(desk, programme, grant):
    doubtful = [{"level": "output", "statement": "窓口", "indicator": "①回数\n②人数", "target": "①12回"}]
    upload(desk, programme, ("計画.xlsx", workbook(doubtful, facts={"事業コード": grant.code})))
    found = FoundPlan.objects.get()
    there = url("found_plan", programme, pk=found.pk)
    page = desk.get(there).content.decode()
    assert "事業計画書!E8" in page
    refused = desk.post(there, {"grant": grant.code, "register": "1"})
    assert refused.status_code == 422
    assert not FrameworkVersion.objects.exists()
    desk.post(there, {"grant": grant.code, "q-0-7-4": "first", "save": "1"})
    desk.post(there, {"grant": grant.code, "q-0-7-4": "first", "register": "1"})
    (output,) = frameworks.read(FrameworkVersion.objects.get())
    assert [one.target for one in output.indicators] == ["①12回", ""]


def test_a_plan_is_taken_over_once(desk, officer, programme, grant):
    upload(desk, programme, ("計画.xlsx", workbook(facts={"事業コード": grant.code})))
    (shown,) = intake.look(programme)
    intake.register(shown, by=registry.OFFICER, at=AT)
    with pytest.raises(FrameworkNotPossible):
        intake.register(shown, by=registry.OFFICER, at=AT)
    assert FrameworkVersion.objects.count() == 1


def test_two_plans_for_one_grant_wait_until_one_is_chosen(desk, programme, grant):
    data = workbook(facts={"事業コード": grant.code})
    upload(desk, programme, ("一.xlsx", data), ("二.xlsx", data))
    desk.post(url("register_plans", programme))
    assert not FrameworkVersion.objects.exists()
    desk.post(url("discard_plans", programme, pk=PlanFile.objects.first().pk))
    desk.post(url("register_plans", programme))
    assert FrameworkVersion.objects.count() == 1


def test_a_grant_with_a_plan_goes_on_row_by_row_and_keeps_identities_and_words(desk, programme, grant):
    first = registry.registered(grant)
    known = frameworks.read(first)
    lines = [{"level": "outcome", "statement": known.rows[0].statement, "indicator": "割合"}]
    upload(desk, programme, ("計画.xlsx", workbook(lines, facts={"事業コード": grant.code})))
    found = FoundPlan.objects.get()
    assert (
        desk.post(
            url("found_plan", programme, pk=found.pk), {"grant": grant.code, "register": "1"}
        ).status_code
        == 422
    )
    answer = desk.post(url("found_plan", programme, pk=found.pk), {"grant": grant.code, "enter": "1"})
    assert answer.url == reverse("setup:plan", kwargs={"code": grant.code})
    assert plans.read(grant).rows[0].uuid == known.rows[0].uuid
    programmes.round_(of=programme)
    desk.post(
        reverse("setup:register_plan", kwargs={"code": grant.code}),
        {"effective_from_round": "1", "reason": "写し間違い"},
    )
    second = FrameworkVersion.objects.get(number=2)
    assert [dict(line.cells) for line in plan_sources.read_back(second).lines] == [
        {"statement": lines[0]["statement"], "indicator": "割合"}
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xlsx"),
        (b"no workbook at all", "追加できません"),
        (b"", "中身"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_words_and_the_others_are_kept(desk, programme, data, sentence):
    answer = upload(desk, programme, ("計画.xlsx", data), ("良い.xlsx", workbook()))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert PlanFile.objects.get().filename == "良い.xlsx"


def test_a_workbook_with_a_macro_is_refused(desk, programme):
    data = documents.zipped(documents.parts_of(workbook()) | {"xl/vbaProject.bin": b"x"})
    answer = upload(desk, programme, ("計画.xlsx", data))
    assert "マクロ" in answer.content.decode()
    assert not PlanFile.objects.exists()


def test_a_workbook_without_a_plan_says_what_is_missing(desk, programme):
    book = openpyxl.Workbook()
    book.active["A1"] = "予算"
    answer = upload(desk, programme, ("予算.xlsx", plan_files.as_bytes(book)))
    assert answer.status_code == 422
    assert "事業計画が見つかりません" in answer.content.decode()


def test_a_plan_of_thousands_of_lines_is_refused_before_it_has_to_be_shown(desk, programme):
    many = [{"level": "output", "statement": f"行{number}"} for number in range(intake.MOST_LINES + 1)]
    answer = upload(desk, programme, ("計画.xlsx", workbook(many)))
    assert answer.status_code == 422
    assert "300 行まで" in answer.content.decode()
    assert not PlanFile.objects.exists()


def test_a_formula_is_never_calculated_and_is_told(desk, programme, grant):
    book = plan_files.official(LINES, facts={"事業コード": grant.code})
    page = book.active
    page["E8"] = "=1+1"
    upload(desk, programme, ("計画.xlsx", plan_files.as_bytes(book)))
    (shown,) = intake.look(programme)
    assert FindingCode.NO_RESULT in {
        one.code for one in shown.read.findings
    }  # no value is stored: nobody knows it
    assert not shown.is_ready
    page["E8"].value, page["E8"].data_type = "=1+1", "s"
    upload(desk, programme, ("計画.xlsx", plan_files.as_bytes(book)))
    assert intake.look(programme)[1].read.framework.rows[0].indicators[0].target == "=1+1"


def test_a_formula_without_a_result_is_told_at_its_cell_and_keeps_the_plan_waiting(desk, programme, grant):
    book = plan_files.official(LINES, facts={"事業名": grant.title})
    page = book.active
    row = (
        next(cell.row for (cell,) in page.iter_rows(min_col=2, max_col=2) if cell.value == "アウトプット") + 1
    )
    page.cell(row, 2).value = '=CONCATENATE("窓","口")'  # a program that calculates nothing stored no value
    upload(desk, programme, ("計画.xlsx", plan_files.as_bytes(book)))
    (shown,) = intake.look(programme)
    (told,) = [one for one in shown.read.findings if one.code is FindingCode.NO_RESULT]
    assert (told.place.row, told.place.column, told.text[0]) == (row - 1, 1, "=")
    assert FindingCode.CONTINUES not in {
        one.code for one in shown.read.findings
    }  # no indicator of the row above
    assert not shown.is_ready


def test_the_workbook_comes_back_with_notes_at_its_cells(desk, programme, grant):
    doubtful = [{"level": "output", "statement": "=窓口", "indicator": "①回数\n②人数", "target": "①12回"}]
    upload(desk, programme, ("計画.xlsx", workbook(doubtful, facts={"事業コード": grant.code})))
    answer = desk.get(url("marked_plans", programme, pk=PlanFile.objects.get().pk))
    page = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert "番号" in page["E8"].comment.text
    assert page["E8"].value == "①12回"
    assert (page["B8"].value, page["B8"].data_type) == ("=窓口", "s")
    assert page["C8"].comment is None


def test_of_a_word_file_and_a_pasted_table_there_is_a_list(desk, programme, grant):
    upload(desk, programme, ("計画.docx", plan_files.word([LINES[2]])))
    desk.post(url("paste_plans", programme), {"text": "アウトプット\t指標\n\t回数\n"})
    for file in PlanFile.objects.order_by("pk"):
        answer = desk.get(url("marked_plans", programme, pk=file.pk))
        page = openpyxl.load_workbook(BytesIO(answer.content)).active
        assert page["A1"].value == "場所"
    assert [cell.value for cell in page["A"]][1] == "2行目、2列目"


def test_our_workbook_has_the_grants_and_reads_back(desk, programme, grant, theirs):
    answer = desk.get(url("plan_template", programme))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    page = book.worksheets[0]
    assert [cell.value for cell in page[2]][:3] == [grant.code, grant.organization.name, grant.title]
    assert page.max_row == 2, "nothing of another distributor's programme"
    for column, text in (
        (4, "アウトプット"),
        (5, "非資金的支援"),
        (7, "伴走支援"),
        (9, "回数"),
        (11, "月1回"),
    ):
        page.cell(2, column, text)
    page.cell(3, 9, "満足度")
    upload(desk, programme, ("ひな形.xlsx", plan_files.as_bytes(book)))
    (shown,) = intake.look(programme)
    (row,) = shown.read.framework
    assert (shown.found.grant, row.statement, row.support.value) == (grant, "伴走支援", "non_financial")
    assert [one.title for one in row.indicators] == ["①回数", "②満足度"]


def test_a_row_without_a_statement_is_named_by_its_line_and_marked_there(desk, programme, grant):
    book = openpyxl.load_workbook(BytesIO(desk.get(url("plan_template", programme)).content))
    page = book.worksheets[0]
    for column, text in ((4, "アウトプット"), (6, "102"), (9, "人数")):
        page.cell(2, column, text)
    upload(desk, programme, ("ひな形.xlsx", plan_files.as_bytes(book)))
    (shown,) = intake.look(programme)
    (row,) = shown.read.framework
    text = desk.get(url("found_plan", programme, pk=shown.found.pk)).content.decode()
    assert f"{page.title}!2" in text
    assert f'href="#row-{row.uuid}"' in text
    assert f'id="row-{row.uuid}"' in text
    marked = desk.get(url("marked_plans", programme, pk=shown.found.file_id))
    notes = [
        cell.comment.text
        for line in openpyxl.load_workbook(BytesIO(marked.content)).worksheets[0].iter_rows()
        for cell in line
        if cell.comment
    ]
    assert any("内容を入力してください" in note for note in notes)


def test_our_workbook_left_empty_is_no_plan(desk, programme, grant):
    data = desk.get(url("plan_template", programme)).content
    answer = upload(desk, programme, ("ひな形.xlsx", data))
    assert "事業計画が見つかりません" in answer.content.decode()


def test_a_pasted_block_of_the_form_is_read(desk, programme, grant):
    text = f'事業コード\t{grant.code}\nアウトプット\t指標\t目標値\n窓口\t回数\t"12回\n（年間）"\n'
    assert desk.post(url("paste_plans", programme), {"text": text}).status_code == 302
    (shown,) = intake.look(programme)
    assert shown.found.grant == grant
    assert shown.read.framework.rows[0].indicators[0].target == "12回\n（年間）"


def test_quotation_marks_that_do_not_match_are_told_with_their_line(desk, programme):
    answer = desk.post(url("paste_plans", programme), {"text": 'アウトプット\t指標\n窓口\t"回数\n'})
    assert answer.status_code == 422
    assert "2行目" in answer.content.decode()


def test_plans_of_another_distributor_are_neither_seen_nor_taken(desk, programme, grant, theirs):
    file = intake.add_pasted(
        theirs.programme, text="アウトプット\t指標\n秘密の窓口\t回数\n", by=registry.OFFICER, at=AT
    )
    found = FoundPlan.objects.get(file=file)
    assert "秘密" not in desk.get(url("intake", programme)).content.decode()
    assert desk.get(url("found_plan", programme, pk=found.pk)).status_code == 404
    assert desk.get(url("marked_plans", programme, pk=file.pk)).status_code == 404
    assert desk.post(url("discard_plans", programme, pk=file.pk)).status_code == 404
    mine = intake.add_pasted(programme, text="アウトプット\t指標\n窓口\t回数\n", by=registry.OFFICER, at=AT)
    own = FoundPlan.objects.get(file=mine)
    desk.post(url("found_plan", programme, pk=own.pk), {"grant": theirs.code, "save": "1"})
    own.refresh_from_db()
    assert own.grant is None


@pytest.mark.parametrize("count", [1, 3])
def test_looking_takes_the_same_number_of_queries_for_any_number_of_plans(
    programme, grant, count, django_assert_num_queries
):
    for _number in range(count):
        intake.add_pasted(programme, text="アウトプット\t指標\n窓口\t回数\n", by=registry.OFFICER, at=AT)
    with django_assert_num_queries(3):
        assert len(intake.look(programme)) == count


def states(programme):
    """How each plan stands in the list, and how it stands when it is read anew."""
    listed = [
        (one.name, one.outcome.rows, one.open_findings, one.is_ready) for one in intake.list_found(programme)
    ]
    read = [
        (one.name, len(one.read.framework), one.outcome.hindering, one.is_ready)
        for one in intake.look(programme)
    ]
    assert listed == read
    return listed


def test_the_list_reads_no_file_again_and_is_right_after_every_decision(
    desk, programme, grant, monkeypatch, django_assert_num_queries
):
    lines = [{**LINES[1], "target": "年150回\n年1,500人\n年3回"}]
    upload(desk, programme, ("計画.xlsx", workbook(lines, facts={"事業コード": "hikari-1"})))
    ((_name, rows, hindering, ready),) = states(programme)
    assert (rows, ready) == (2, False)
    assert hindering
    page = desk.get(url("found_plan", programme, pk=FoundPlan.objects.get().pk))
    asked = {one.name: "whole" for one in page.context["asked"]}
    assert asked, "the target has no numbers"
    found = url("found_plan", programme, pk=FoundPlan.objects.get().pk)
    desk.post(found, {"grant": grant.code, "save": "1"} | asked)
    assert states(programme)[0][2:] == (0, True)
    desk.post(found, {"grant": "", "save": "1"} | asked)
    assert states(programme)[0][2:] == (0, False)
    desk.post(found, {"grant": grant.code, "save": "1"})
    assert states(programme)[0][2:] == (hindering, False)
    grant.title = "あらたな事業名"
    grant.save()
    assert states(programme)[0][0] == "あらたな事業名"

    def never(*_arguments, **_options):
        message = "a file is read again"
        raise AssertionError(message)

    monkeypatch.setattr(intake, "read_plans", never)
    monkeypatch.setattr(intake.Grid, "from_json", never)
    with django_assert_num_queries(3):
        assert [one.open_findings for one in intake.list_found(programme)] == [hindering]


def test_what_another_version_of_the_program_read_is_read_anew(desk, programme, grant):
    upload(desk, programme, ("計画.xlsx", workbook(facts={"事業コード": "hikari-1"})))
    found = FoundPlan.objects.get()
    found.outcome = found.outcome | {"reader": "older", "rows": 99}
    found.save()
    assert states(programme)[0][1:] == (4, 0, True)
    FoundPlan.objects.update(outcome=None)
    assert states(programme)[0][1:] == (4, 0, True)


def test_the_example_shows_what_real_plans_have_and_nothing_hinders_but_questions(desk, programme, grant):
    answer = desk.get(url("example_plan", programme))
    file = SimpleUploadedFile("記入例.xlsx", b"".join([answer.content]))
    desk.post(url("upload_plans", programme), {"files": [file]})
    (shown,) = intake.look(programme)
    assert shown.found.grant == grant
    assert any(one.code is FindingCode.GUIDANCE for one in shown.read.findings)
    intake.decide(shown, grant=grant, leave_guidance_out=True, answers={})
    (shown,) = intake.look(programme)
    assert [row.code for row in shown.read.framework] == ["01", "02", "0101", "", "0201"]
    outcome = shown.read.framework.rows[0]
    assert [one.target for one in outcome.indicators] == ["年間300人以上", "80％"]
    assert [one.achieve_by for one in outcome.indicators] == ["①②2028年3月末"] * 2
    assert (
        len(shown.read.framework.rows[2].indicators) == 3
    )  # a line without a statement belongs to the row above
    assert shown.read.questions
