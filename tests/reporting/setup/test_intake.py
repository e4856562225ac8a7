"""Plan intake: files with contracted plans read, decided about and registered; what was written is kept to the letter."""

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minori.registry import frameworks, plan_sources
from minori.registry.models import FrameworkVersion
from minori.report_forms.framework import Level
from reporting.setup.models import FoundPlan
from tests.factories import plan_files, programmes

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
