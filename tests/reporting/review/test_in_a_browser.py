"""The review pages in a real browser, with the real report: clean for axe, keys, comments, nothing typed lost."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from minori.accounts.models import Person
from minori.filings.models import Comment
from minori.organizations.models import Organization
from minori.programmes.models import Deadline
from tests.browser import look, opened
from tests.factories import filings, programmes, registry
from tests.reporting.review.desk import desk, sent_back, url
from tests.seed import report

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def second_revision() -> tuple[Deadline, Person]:
    """The real report, sent back once and handed in again with changes at two rows."""
    ours, now = desk(), timezone.now()
    organization = Organization.objects.get(slug="hikari")
    grant = programmes.grant(of=ours.programme, organization=organization, lead_officer=ours.officer)
    registry.registered(grant, report.framework())
    deadline = programmes.deadline(of=grant, round=ours.round)
    rows = report.rows()
    first = [
        replace(row, text=row.text.replace("8", "5")) if place in (1, 7) else row
        for place, row in enumerate(rows)
    ]
    filings.handed_in(deadline, rows=first, answers=report.answers(), at=now - timedelta(days=40))
    sent_back(deadline, ours.officer)
    rows = [
        replace(row, text=f"{row.text}追記。") if place in (1, 7) else row for place, row in enumerate(rows)
    ]
    filings.handed_in(deadline, rows=rows, answers=report.answers(), at=now - timedelta(days=3))
    return deadline, ours.officer


@pytest.mark.parametrize(("width", "language"), [(320, "ja"), (1280, "ja"), (320, "en")])
def test_the_pages_are_clean(chromium, live_server, width, language):
    deadline, officer = second_revision()
    page = opened(chromium, live_server.url, officer, width=width)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto("/desk/review/")
    look(page, f"review-waiting-{language}")
    page.get_by_role("link", name="ひかり").first.click()
    look(page, f"review-unread-{language}")
    page.locator("form[action$='/begin/'] button").click()
    expect(page.locator(".review-row .changed").first).to_be_visible()
    look(page, f"review-{language}")
    page.goto(url(deadline, "history/"))
    look(page, f"review-history-{language}")
    page.goto(url(deadline) + "?revision=1")
    look(page, f"review-older-{language}")


def test_comments_and_keys(chromium, live_server):
    deadline, officer = second_revision()
    page = opened(chromium, live_server.url, officer)
    page.goto(url(deadline))
    page.get_by_role("button", name="読む").click()
    expect(page.get_by_text("第1版から 2 か所の変更")).to_be_visible()
    page.wait_for_load_state()
    changed = [str(report.rows()[place].row) for place in (1, 7)]
    for row in (*changed, changed[0]):
        page.keyboard.press("n")
        expect(page.locator(f"#part-{row}")).to_be_focused()
    beside = page.locator(f"#part-{changed[0]}")
    beside.get_by_text("コメントを書く").click()
    beside.get_by_role("textbox").fill("残りの団体のご予定を教えてください。j")
    expect(page.get_by_role("button", name=re.compile("差し戻す.*コメント 1"))).to_have_count(2)
    # an ended visit: the device offers what was typed, and opens its place
    expect(page.locator("#page-status")).not_to_be_empty()
    page.reload()
    page.locator("[data-keep-restore]").click()
    expect(beside.get_by_role("textbox")).to_have_value("残りの団体のご予定を教えてください。j")
    page.get_by_role("button", name="差し戻す").first.click()
    expect(page.get_by_text("差し戻しました。")).to_be_visible()
    assert Comment.objects.get(anchor=changed[0]).body == "残りの団体のご予定を教えてください。j"
    page.goto(url(deadline))
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('decide')).length") == 0


def test_a_link_to_a_folded_row_opens_it(chromium, live_server):
    deadline, officer = second_revision()
    row = str(report.rows()[3].row)
    page = opened(chromium, live_server.url, officer)
    page.goto(url(deadline))
    page.get_by_role("button", name="読む").click()
    expect(page.locator(f"#part-{row}")).to_be_hidden()
    page.goto(f"{url(deadline)}#part-{row}")
    expect(page.locator(f"#part-{row}")).to_be_visible()


def test_everything_works_without_javascript(chromium, live_server):
    deadline, officer = second_revision()
    page = opened(chromium, live_server.url, officer, script=False)
    page.goto(url(deadline))
    page.get_by_role("button", name="読む").click()
    page.get_by_text("報告全体へのコメントを書く").click()
    page.locator("[name=comment-whole]").fill("よくわかりました。")
    page.get_by_role("button", name="確認済にする").last.click()
    expect(page.get_by_text("確認済にしました。")).to_be_visible()
    deadline.refresh_from_db()
    assert deadline.accepted_at is not None
    assert Comment.objects.filter(body="よくわかりました。").count() == 1


def test_enter_in_the_date_decides_nothing(chromium, live_server):
    deadline, officer = second_revision()
    page = opened(chromium, live_server.url, officer)
    page.goto(url(deadline))
    page.get_by_role("button", name="読む").click()
    page.locator("#id_due_on").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("「確認済にする」か「差し戻す」を選んでください。")
    deadline.refresh_from_db()
    assert deadline.state == "handed_in"
