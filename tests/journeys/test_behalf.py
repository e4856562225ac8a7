"""An officer serves an organization that only speaks e-mail, in a real browser: the real report of 2022 by workbook."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from minori.filings.models import Filing
from minori.mail.models import Enclosure
from minori.registry import frameworks
from minori.report_forms.contents import Contents
from tests.factories import answerbooks, people, programmes
from tests.factories.behalf import OFFICER
from tests.journeys.visitor import Visitor
from tests.minori.accounts.mailbox import Mails
from tests.seed import report

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, mails: Mails) -> Iterator[Visitor]:
    one = Visitor(chromium, live_server.url, mails)
    yield one
    one.page.context.close()


def test_the_real_report_comes_by_mail_and_is_filed_on_behalf(
    visitor: Visitor, tmp_path: Path, hikari: Any
) -> None:
    today = programmes.distributor().local_date(timezone.now())
    round_ = programmes.round_(opens_on=today - timedelta(days=9), due_on=today + timedelta(days=3))
    officer = people.officer(round_.programme.distributor)
    grant = programmes.grant(organization=hikari, of=round_.programme, lead_officer=officer)
    deadline = programmes.deadline(of=grant, round=round_)
    frameworks.load(grant, framework=report.framework(), by=OFFICER, at=timezone.now())
    visitor.sign_in(officer.user.email)
    page = visitor.page
    page.goto(f"/desk/setup/grants/{grant.code}/")
    page.get_by_role("link", name="メールでやり取り：記入用紙・代理登録").click()
    page.get_by_label("メールアドレス").fill("seishinryo@example.jp")
    page.get_by_label("宛名").fill("清心寮 田中 一郎")
    page.get_by_role("button", name="メールで送る").click()
    expect(page.get_by_text("記入用紙を seishinryo@example.jp に送ります")).to_be_visible()
    visitor.look("behalf-sent")
    sent = bytes(Enclosure.objects.get().data)

    whole = report.contents()
    file = tmp_path / "清心寮_記入済み.xlsx"
    file.write_bytes(
        answerbooks.write(
            sent, report.edition(), rows={one.row: one for one in whole.rows}, answers=whole.answers
        )
    )
    page.set_input_files("#workbook", file)
    page.get_by_role("button", name="読み取る").click()
    expect(page.get_by_role("heading", name="登録される内容")).to_be_visible()
    visitor.look("behalf-read")
    page.get_by_label("送ってきた方").fill("清心寮 田中 一郎")
    page.get_by_label("送ってきたアドレス").fill("seishinryo@example.jp")
    page.get_by_label("メールの届いた日").fill(today.isoformat())
    page.get_by_label("団体の中で承認した方").fill("理事長 山田 花子")
    page.get_by_label("メールに書かれている").check()
    page.get_by_label("承認した日").fill(today.isoformat())
    page.get_by_role("button", name="代理登録する").click()
    expect(page.get_by_text("第1版として代理登録しました")).to_be_visible()
    visitor.look("behalf-filed")
    filing = Filing.objects.get(deadline=deadline)
    filed = Contents.from_json(filing.contents)
    assert filed.rows == whole.rows
    assert filed.answers == whole.answers
    told = [said for said in report.transcription()["rows"] if said.get("progress")]
    assert filing.figures.filter(kind="row", progress__isnull=False).count() == len(told)
