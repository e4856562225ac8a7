"""Workbooks around plan intake: our own and the example in both languages, and what is marked about the grant."""

from collections import Counter
from io import BytesIO

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minori.registry.plan_columns import Part, heading
from minori.registry.plan_reading import FindingCode
from minori.report_forms.framework import Level, Support
from reporting.setup import intake
from reporting.setup.models import FoundPlan, PlanFile
from reporting.setup.plan_files import COLUMNS
from tests.factories import plan_files

LINES = [{"level": "output", "statement": "（0101）居場所が開かれている", "indicator": "開所回数"}]


def url(name, programme, **more):
    return reverse(f"setup:{name}", kwargs={"code": programme.code, **more})


def upload(desk, programme, *files):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return desk.post(url("upload_plans", programme), {"files": sent})


def workbook(**options):
    return plan_files.as_bytes(plan_files.official(LINES, **options))


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", ("アウトプット", "非資金的支援")), ("en", ("output", "non-financial"))],
)
def test_our_workbook_speaks_the_readers_language_and_is_read_back(desk, programme, grant, language, words):
    level, support = words
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    book = openpyxl.load_workbook(BytesIO(desk.get(url("plan_template", programme)).content))
    page = book.worksheets[0]
    heads = {cell.value: cell.column for cell in page[1]}
    assert list(heads) == [heading(part, language) for part in COLUMNS]
    offered = {str(one.sqref).split(":")[0]: one.formula1 for one in page.data_validations.dataValidation}
    assert level in offered["D2"]
    assert support in offered["E2"]
    texts = {Part.LEVEL: level, Part.SUPPORT: support, Part.STATEMENT: "A place", Part.INDICATOR: "days"}
    texts |= {
        Part.POST_STATE: "30 days",
        Part.MID_STATE: "10 days",
        Part.ACHIEVE_BY: "2028/3",
        Part.MEANS: "diary",
    }
    for part, text in texts.items():
        page.cell(2, heads[heading(part, language)], text)
    upload(desk, programme, ("plan.xlsx", plan_files.as_bytes(book)))
    (shown,) = intake.look(programme)
    (row,) = shown.read.framework
    (one,) = row.indicators
    assert (shown.found.grant, row.level, row.support) == (grant, Level.OUTPUT, Support.NON_FINANCIAL)
    assert (one.post_state, one.mid_state, one.achieve_by, one.means) == (
        "30 days",
        "10 days",
        "2028/3",
        "diary",
    )
    assert shown.read.findings == ()


@pytest.mark.parametrize(
    ("language", "first"), [("ja", "01.商店街の空き店舗"), ("en", "01. Children and old people drop in")]
)
def test_the_example_is_read_in_the_language_it_is_given_in(desk, programme, grant, language, first):
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = desk.get(url("example_plan", programme))
    upload(desk, programme, ("example.xlsx", answer.content))
    (shown,) = intake.look(programme)
    assert shown.found.grant == grant
    levels = [row.level for row in shown.read.framework]
    assert levels == [Level.OUTCOME_SHORT] * 3 + [Level.OUTPUT] * 3, (
        "words of the form stand on a line of their own"
    )
    assert shown.read.framework.rows[1].statement.startswith(first)
    assert sum(one.code is FindingCode.GUIDANCE_ROW for one in shown.read.findings) == 1
    asked = Counter(question.part for question in shown.read.questions)
    assert asked == {Part.MEANS: 2, Part.ACHIEVE_BY: 2, Part.BASELINE: 1}


def test_a_code_that_names_no_grant_is_marked_at_its_cell(desk, programme, grant):
    book = openpyxl.load_workbook(BytesIO(desk.get(url("plan_template", programme)).content))
    page = book.worksheets[0]
    for line, code, statement in ((2, grant.code, "窓口"), (3, "hikari-9", "訪問")):
        for column, text in ((1, code), (4, "アウトプット"), (7, statement)):
            page.cell(line, column, text)
    upload(desk, programme, ("ひな形.xlsx", plan_files.as_bytes(book)))
    assert [one.found.grant for one in intake.look(programme)] == [grant, None]
    file = PlanFile.objects.get()
    marked = openpyxl.load_workbook(BytesIO(desk.get(url("marked_plans", programme, pk=file.pk)).content))
    page = marked.worksheets[0]
    assert page["A2"].comment is None
    assert "「hikari-9」" in page["A3"].comment.text


def test_a_title_that_names_no_grant_is_marked_and_another_code_than_that_of_the_chosen_grant(
    desk, programme, grant
):
    for name, facts in (("一.xlsx", {"事業名": "どこにもない事業"}), ("二.xlsx", {"事業コード": "old-7"})):
        upload(desk, programme, (name, workbook(facts=facts)))
    first, second = FoundPlan.objects.order_by("pk")
    desk.post(url("found_plan", programme, pk=second.pk), {"grant": grant.code, "save": "1"})
    notes = []
    for found in (first, second):
        answer = desk.get(url("marked_plans", programme, pk=found.file_id))
        notes.append(openpyxl.load_workbook(BytesIO(answer.content)).active["C4"].comment.text)
    assert "「どこにもない事業」" in notes[0]
    assert "「old-7」" in notes[1]
    assert grant.code in notes[1]
