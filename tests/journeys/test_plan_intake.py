"""An officer takes contracted plans over from files, in a real browser: upload, doubt, decision, registration."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from minori.registry import frameworks
from minori.registry.models import FrameworkVersion
from tests.factories import people, plan_files, programmes
from tests.journeys.visitor import Visitor
from tests.minori.accounts.mailbox import Mails

LINES = [
    {
        "level": "outcome",
        "statement": "01.子どもが安心して過ごせる居場所が地域にある",
        "indicator": "「安心できる」と答えた子どもの割合",
        "target": "80％",
    },
    {
        "level": "output",
        "statement": "（0101）居場所が週3回開かれている",
        "indicator": "①開所回数\n②のべ利用人数\n③支え手の人数",
        "baseline": "①0回\n②0人",
        "target": "➀年150回\n➁年1,500人\n③20人",
        "achieve_by": "2028年3月",
        "activity": "居場所の運営",
        "activity_season": "2025年6月から",
    },
]


pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, mails: Mails) -> Iterator[Visitor]:
    one = Visitor(chromium, live_server.url, mails)
    yield one
    one.page.context.close()


def test_an_officer_registers_a_plan_from_a_file(visitor: Visitor, tmp_path: Path, hikari: Any) -> None:
    programme = programmes.programme(of=programmes.distributor(), code="ours")
    officer = people.officer(programme.distributor)
    grant = programmes.grant(organization=hikari, of=programme, code="hikari-1", lead_officer=officer)
    file = tmp_path / "事業計画書.xlsx"
    book = plan_files.official(LINES, facts={"事業コード": "hikari-1"})
    file.write_bytes(plan_files.as_bytes(book))
    visitor.sign_in(officer.user.email)
    page = visitor.page
    page.goto("/desk/setup/programmes/ours/plans/")
    visitor.look("plan-intake-empty")
    page.set_input_files("#files", file)
    page.get_by_role("button", name="ファイルを読み取る").click()
    expect(page.get_by_text("要確認 1件")).to_be_visible()
    visitor.look("plan-intake")
    page.get_by_role("link", name=grant.title).click()
    expect(page.get_by_text("事業計画書!D12").first).to_be_visible()
    visitor.look("plan-intake-found")
    page.get_by_label("番号のとおりに分け").check()
    page.get_by_role("button", name="保存して見直す").click()
    page.get_by_role("button", name="契約の計画として登録する").click()
    expect(page.get_by_role("heading", name="事業計画 第1版")).to_be_visible()
    visitor.look("plan-intake-registered")
    _outcome, output, _activity = frameworks.read(FrameworkVersion.objects.get(grant=grant))
    assert [one.baseline for one in output.indicators] == ["0回", "0人", ""]
    assert [one.achieve_by for one in output.indicators] == ["2028年3月"] * 3
