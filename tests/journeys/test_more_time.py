"""More time, from the question to the answer: two browsers, real mails, every page clean in both languages."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from minori.accounts.enums import Role
from minori.mail import notices
from minori.organizations.models import Organization
from minori.programmes.models import Deadline
from tests.browser import look, opened
from tests.factories import people, programmes
from tests.minori.accounts.mailbox import Mails
from tests.tenants.reports.conftest import open_deadline
from workers.tasks import mail as mail_tasks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WHY = "担当者が入院し、実績の確認が間に合いません。"


def send_mails() -> None:
    from django.utils import timezone

    notices.plan(at=timezone.now())
    mail_tasks.send_waiting_mail()


@pytest.fixture
def scene() -> dict[str, Any]:
    """A report of ひかり with a closing date, its writer and its officer."""
    hikari = Organization.objects.get(slug="hikari")
    distributor = programmes.distributor(name="一般財団法人 みのり地域財団")
    officer = people.officer(distributor, name="佐伯 真理", email="saeki@minori.example")
    programme = programmes.programme(of=distributor)
    round_ = programmes.round_(
        of=programme, opens_on=date(2025, 10, 1), due_on=date(2099, 10, 14), closes_on=date(2099, 10, 21)
    )
    grant = programmes.grant(organization=hikari, of=programme, lead_officer=officer)
    deadline = open_deadline(hikari, of=grant, round=round_, closes_on=round_.closes_on)
    writer = people.member(hikari, Role.EDITOR, name="編集 花子", email="hanako@hikari.example")
    return {"deadline": deadline, "officer": officer, "writer": writer}


def test_an_organization_asks_and_the_officer_answers(
    chromium: Browser, live_server: Any, mails: Mails, scene: dict[str, Any]
) -> None:
    deadline: Deadline = scene["deadline"]
    ours = opened(chromium, live_server.url, scene["writer"], width=360)
    ours.goto("/o/hikari/")
    expect(ours.get_by_text("受付締切日は2099年10月21日（水）です")).to_be_visible()
    look(ours, "time-home")
    ours.get_by_role("link", name="進捗報告（2年度目上期）").first.click()
    ours.get_by_role("link", name="期限の確認と延長の依頼").click()
    look(ours, "time-ask")
    ours.get_by_role("button", name="担当者に依頼する").click()
    expect(ours.locator(".error-summary")).to_be_visible()
    ours.complaints.clear()  # the browser tells of the 422
    look(ours, "time-wrong")
    ours.get_by_label("希望する期限").fill("2099-10-28")
    ours.get_by_label("延長が必要な理由").fill(WHY)
    ours.get_by_role("button", name="担当者に依頼する").click()
    expect(ours.get_by_text("担当者に依頼しました")).to_be_visible()
    look(ours, "time-asked")

    send_mails()
    (question,) = mails()
    assert question.recipients == ("saeki@minori.example",)
    link = next(line for line in question.text.splitlines() if line.startswith("http"))
    desk = opened(chromium, live_server.url, scene["officer"], width=1280)
    desk.goto("/desk/review/")
    expect(desk.get_by_text(WHY[:12])).to_be_visible()
    look(desk, "time-waiting")
    desk.goto("/" + link.split("/", 3)[3])
    look(desk, "time-request")
    desk.get_by_label("延長後の期限").fill("2099-10-26")
    desk.get_by_label("団体への一言").fill("月曜日までにお願いします。")
    desk.get_by_role("button", name="提出期限を延ばす").click()
    expect(desk.get_by_text("団体にはメールでお知らせします")).to_be_visible()
    look(desk, "time-granted")

    send_mails()
    answer = mails()[-1]
    assert answer.recipients == ("hanako@hikari.example",)
    assert "2099年10月14日（水）から2099年10月26日（月）に変わりました" in answer.text
    assert "月曜日までにお願いします。" in answer.text
    ours.goto("/o/hikari/")
    expect(ours.get_by_text("10月26日（月）まで")).to_be_visible()
    expect(ours.get_by_text("受付締切日は2099年10月26日（月）です")).to_be_visible()
    ours.goto(f"/o/hikari/reports/{deadline.pk}/")
    ours.locator("summary", has_text="期限の経過").click()
    expect(ours.get_by_text("月曜日までにお願いします。")).to_be_visible()
    look(ours, "time-report")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_of_dates_are_clean_at_both_widths(
    chromium: Browser, live_server: Any, scene: dict[str, Any], language: str
) -> None:
    deadline: Deadline = scene["deadline"]
    programme = deadline.grant.programme
    another = programmes.grant(
        organization=deadline.organization,
        of=programme,
        lead_officer=scene["officer"],
        title="若者のための夜の居場所",
    )
    dates = {"due_on": date(2026, 10, 14), "closes_on": date(2026, 10, 31)}
    closed = programmes.deadline(of=another, round=deadline.round, **dates)
    for who, paths in (
        (
            "writer",
            (
                "/o/hikari/",
                f"/o/hikari/reports/{closed.pk}/",
                f"/o/hikari/reports/{closed.pk}/dates/",
                f"/o/hikari/reports/{closed.pk}/check/",
            ),
        ),
        (
            "officer",
            (
                f"/desk/setup/deadlines/{closed.pk}/",
                f"/desk/setup/programmes/{programme.code}/rounds/{deadline.round.number}/dates/?all=1",
                f"/desk/setup/programmes/{programme.code}/",
            ),
        ),
    ):
        for width in (360, 1280):
            page = opened(chromium, live_server.url, scene[who], width=width, language=language)
            for place, path in enumerate(paths):
                page.goto(path)
                look(page, f"time-{language}-{who}-{place}")
            page.context.close()


def test_dates_are_changed_for_many_on_a_phone(
    chromium: Browser, live_server: Any, scene: dict[str, Any]
) -> None:
    deadline: Deadline = scene["deadline"]
    page = opened(chromium, live_server.url, scene["officer"], width=360)
    page.goto(f"/desk/setup/programmes/{deadline.grant.programme.code}/")
    page.get_by_role("link", name="団体ごとの期限").click()
    page.get_by_role("link", name="すべてチェック").click()
    page.get_by_label("提出期限を変える").check()
    page.get_by_label("新しい日付").fill("2099-10-20")
    page.get_by_role("button", name="期限を変える").click()
    expect(page.get_by_text("1件の期限を保存しました")).to_be_visible()
    deadline.refresh_from_db()
    assert deadline.due_on == date(2099, 10, 20)
