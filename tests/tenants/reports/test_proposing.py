"""Answers taken over from last time, from another grant and from Excel: looked at first, then saved, nothing lost."""

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from minori.accounts.enums import Role
from minori.report_forms.answers import Chosen, Written, YesNo
from minori.tenancy.rooms import entering
from tenants.reports.models import AnswerRevision
from tests.factories import filings, people, programmes, registry
from tests.tenants.reports.conftest import open_deadline
from tests.tenants.reports.test_section_pages import address, answers

pytestmark = pytest.mark.django_db

PLAN = [{"code": code, "statement": f"（{code}）行"} for code in ("0101", "0102")]
ONE, TWO = str(registry.identity("0101")), str(registry.identity("0102"))
HEAD = "コード\t現在の指標の達成状況\t進捗状況\n"


@pytest.fixture
def report(hikari: Any) -> Any:
    """An open report whose last round was handed in."""
    return with_last_round(hikari)


def with_last_round(organization: Any) -> Any:
    grant = programmes.grant(organization=organization)
    registry.registered(grant, registry.framework(PLAN))
    first = programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
    rows = {"0101": {"text": "先期の文", "progress": 3}, "0102": {"nothing": True}}
    given = {"activities": Written("先期の活動"), "media": YesNo(said=True, text="先期の新聞")}
    filings.handed_in(first, rows=rows, answers=given)
    return open_deadline(organization, of=grant)


@pytest.mark.usefixtures("editor")
def test_nothing_to_copy_is_not_offered_and_said_where_somebody_comes_anyway(
    client: Client, report: Any, hikari: Any
) -> None:
    take(client, copy_of(report, "activities"), "activities")
    page = client.get(address(report, "activities")).content.decode()
    assert "前回の内容をコピー</a>" not in page, "it is the same already"
    first = open_deadline(hikari, of=programmes.grant(organization=hikari, of=report.grant.programme))
    assert "コピー</a>" not in client.get(address(first, "results")).content.decode()
    answer = client.get(copy_of(first, "results"), follow=True)
    assert "コピーできる内容はまだありません" in answer.content.decode()


def copy_of(deadline: Any, section: str) -> str:
    return f"{address(deadline, section)}copy/"


def paste_of(deadline: Any) -> str:
    return f"{address(deadline, 'results')}paste/"


def take(client: Client, here: str, *keys: str, **more: Any) -> str:
    """Tick these on the preview as it is shown now, and press the button; the page after that."""
    shown = client.post(here, more) if "text" in more else client.get(here, more)
    seen = dict(re.findall(r'name="(v-[^"]+)" value="(\d+)"', shown.content.decode()))
    posted = {**seen, **more, "take": list(keys), "confirm": "1"}
    return client.post(here, posted, follow=True).content.decode()


def test_every_section_that_is_written_offers_to_copy(client: Client, report: Any, editor: Any) -> None:
    for section in ("results", "outlook", "activities", "media", "symbol_mark"):
        assert "前回の内容をコピー</a>" in client.get(address(report, section)).content.decode(), section
    assert "前回の内容をコピー</a>" not in client.get(address(report, "photos")).content.decode()


def test_rows_are_copied_without_their_code_and_without_nothing_to_report(
    client: Client, report: Any, editor: Any
) -> None:
    here = copy_of(report, "results")
    page = client.get(here).content.decode()
    assert f'name="take" value="{ONE}" checked' in page
    assert TWO not in page
    assert answers(report) == {}, "looking changes nothing"
    assert "1件を取り込みました" in take(client, here, ONE)
    assert (answers(report)[ONE]["text"], answers(report)[ONE]["progress"]) == ("先期の文", None)


def test_what_would_be_replaced_is_shown_not_ticked_and_kept_when_it_is(
    client: Client, report: Any, editor: Any
) -> None:
    client.post(address(report, "activities"), {"v-activities": "0", "activities": "今期の活動"})
    here = copy_of(report, "activities")
    page = client.get(here).content.decode()
    assert "今期の活動" in page
    assert "先期の活動" in page
    assert 'name="take" value="activities" checked' not in page
    assert "何も変更していません" in take(client, here)
    assert answers(report)["activities"]["text"] == "今期の活動"
    take(client, here, "activities")
    assert answers(report)["activities"]["text"] == "先期の活動"
    with entering(report.organization):
        assert [one.value["text"] for one in AnswerRevision.objects.all()] == ["今期の活動"]


def test_choices_are_copied_whole(client: Client, report: Any, editor: Any) -> None:
    take(client, copy_of(report, "media"), "media")
    assert answers(report)["media"] == {"kind": "yes_no", "said": True, "text": "先期の新聞"}
    assert "写すものがありません" in client.get(copy_of(report, "media")).content.decode()


def test_what_somebody_changed_meanwhile_is_left_alone(client: Client, report: Any, editor: Any) -> None:
    here = copy_of(report, "activities")
    client.post(address(report, "activities"), {"v-activities": "0", "activities": "共同の文"})
    posted = {"from": "previous", "v-activities": "0", "take": "activities"}
    page = client.post(here, posted, follow=True).content.decode()
    assert "他の人が変更したため" in page
    assert answers(report)["activities"]["text"] == "共同の文"


def test_answers_come_over_from_the_report_of_another_grant(
    client: Client, hikari: Any, deadline: Any, editor: Any
) -> None:
    other = open_deadline(hikari, of=programmes.grant(organization=hikari, title="別の事業"))
    client.post(address(other, "media"), {"v-media": "0", "media": "yes", "media-text": "8月の新聞"})
    assert "別の報告書からコピー" in client.get(address(deadline, "media")).content.decode()
    here = copy_of(deadline, "media")
    assert "別の事業" in client.get(here).content.decode()
    take(client, here, "media", **{"from": f"report-{other.pk}"})
    assert answers(deadline)["media"]["text"] == "8月の新聞"
    rows = client.get(address(deadline, "results")).content.decode()
    assert "別の報告書からコピー" not in rows, "rows belong to their own plan"


def test_a_filed_report_of_another_grant_can_be_copied_from(
    client: Client, hikari: Any, report: Any, editor: Any
) -> None:
    other = open_deadline(hikari, of=programmes.grant(organization=hikari, title="別の事業"))
    filings.handed_in(other, answers={"outlook": Chosen("1")})
    page = client.get(copy_of(report, "outlook"), {"from": f"report-{other.pk}"}).content.decode()
    assert page.count("<option") == 2
    take(client, copy_of(report, "outlook"), "outlook", **{"from": f"report-{other.pk}"})
    assert answers(report)["outlook"]["value"] == "1"


def test_reports_of_other_organizations_cannot_be_copied_from(
    client: Client, report: Any, theirs: Any, kibou: Any, editor: Any
) -> None:
    filings.handed_in(theirs, answers={"activities": Written("きぼうの文")})
    here = copy_of(report, "activities")
    assert client.get(here, {"from": f"report-{theirs.pk}"}).status_code == 404
    assert "きぼうの文" not in client.get(here).content.decode()


def test_a_pasted_table_is_looked_at_and_taken_row_by_row(client: Client, report: Any, editor: Any) -> None:
    client.post(address(report, "results"), {f"v-{ONE}": "0", f"row-{ONE}-text": "いまの文"})
    text = HEAD + "0101\t貼った文\t3\n0102\t今期は報告することがない\t\n0199\t何か\t"
    page = client.post(paste_of(report), {"text": text}).content.decode()
    assert "2行が変わります" in page
    assert "4行目：「0199」に合う行が事業計画にありません" in page
    assert "いまの文" in page
    assert "貼った文" in page
    assert answers(report)[ONE]["text"] == "いまの文", "looking changes nothing"
    take(client, paste_of(report), TWO, text=text)
    assert answers(report)[TWO]["nothing"] is True
    assert answers(report)[ONE]["text"] == "いまの文"
    take(client, paste_of(report), ONE, text=text)
    assert (answers(report)[ONE]["text"], answers(report)[ONE]["progress"]) == ("貼った文", 3)


def test_blank_cells_never_empty_a_field(client: Client, report: Any, editor: Any) -> None:
    posted = {f"v-{ONE}": "0", f"row-{ONE}-text": "いまの文", f"row-{ONE}-progress": "2"}
    client.post(address(report, "results"), posted)
    page = client.post(paste_of(report), {"text": HEAD + "0101\t\t"}).content.decode()
    assert "0行が変わります" in page
    assert "1行はいまのままです" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "はじめに、Excel のセルを貼り付けてください"),
        ('0101\t"3回', "1行目：セルの引用符（&quot;）が対になっていません"),
        ("甲\t乙\t丙\t丁\t戊\t己\t庚\t辛", "どの列が何か、わかりませんでした"),
    ],
)
def test_what_cannot_be_read_is_told_and_stays_in_the_box(
    client: Client, report: Any, editor: Any, text: str, said: str
) -> None:
    response = client.post(paste_of(report), {"text": text})
    assert response.status_code == 422
    assert said in response.content.decode()


def test_the_table_taken_to_excel_comes_back_as_it_is(client: Client, report: Any, editor: Any) -> None:
    posted = {
        f"v-{ONE}": "0",
        f"row-{ONE}-text": '-1回\n"二行目"',
        f"row-{ONE}-progress": "4",
        f"row-{ONE}-remark": "事情",
    }
    client.post(address(report, "results"), posted)
    client.post(address(report, "results"), {f"v-{TWO}": "0", f"row-{TWO}-nothing": "yes"})
    page = client.get(paste_of(report))
    cells = page.context["cells"]
    again = client.post(paste_of(report), {"text": cells}).content.decode()
    assert "0行が変わります" in again
    assert "2行はいまのままです" in again
    book = openpyxl.load_workbook(BytesIO(client.get(f"{address(report, 'results')}table/").content))
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    assert [line[0] for line in lines] == ["コード", "0101", "0102"]
    assert lines[1][-3:] == ('-1回\n"二行目"', "4 その他", "事情")
    assert lines[2][-3] == "今期は報告することがない"


def test_a_report_that_is_closed_takes_nothing(client: Client, report: Any, editor: Any) -> None:
    filings.handed_in(report)
    assert client.get(paste_of(report)).status_code == 302
    assert client.get(copy_of(report, "activities")).status_code == 302
    client.post(
        copy_of(report, "activities"), {"take": "activities", "v-activities": "0", "from": "previous"}
    )
    assert answers(report) == {}


def test_readers_take_nothing_over(client: Client, hikari: Any, report: Any) -> None:
    people.sign_in(client, people.member(hikari, Role.READER))
    assert client.get(paste_of(report)).status_code == 403
    assert client.post(copy_of(report, "activities"), {"take": "activities"}).status_code == 403


def test_the_check_points_out_what_is_the_same_as_last_time(client: Client, report: Any, editor: Any) -> None:
    take(client, copy_of(report, "results"), ONE)
    take(client, copy_of(report, "activities"), "activities")
    page = client.get(f"/o/hikari/reports/{report.pk}/check/").content.decode()
    assert page.count("前回の報告と同じ文が1件あります") == 2
    assert f"/sections/results/#row-{ONE}" in page
    client.post(address(report, "activities"), {"v-activities": "1", "activities": "先期の活動と今期の活動"})
    page = client.get(f"/o/hikari/reports/{report.pk}/check/").content.decode()
    assert page.count("前回の報告と同じ文が1件あります") == 1
