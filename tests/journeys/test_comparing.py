"""An officer's morning with two organizations: what is noticed, what was talked about, what is said to the board."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from minori.programmes.models import Programme
from reporting.profiles.models import Talk
from reporting.remarks.models import Remark
from reporting.signals.models import SetAside
from tests.factories import filings, people, programmes
from tests.journeys.visitor import Visitor
from tests.minori.accounts.mailbox import Mails
from workers.tasks import summaries

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NOTE = "先週の面談で理由を聞いた。会場が見つかり次第、回復する見込み。"
TALKED = "会場の改修が長引いている。\n代わりの会場を二つ当たっている。"
REMARK = "会場の都合で遅れているが、利用者は着実に増えている。\n次の半期は会場の確保を一緒に考える。"


@pytest.fixture
def programme(hikari: Any, kibou: Any) -> Programme:
    """Two rounds: ひかり is behind plan in both, きぼう was and is on plan."""
    today = timezone.localdate()
    programme = programmes.programme(of=programmes.distributor(), code="ours")
    officer = people.officer(programme.distributor, name="三浦 夏子", email="miura@kyokai.example")
    grants = [
        programmes.grant(organization=one, of=programme, code=f"{one.slug}-1", lead_officer=officer)
        for one in (hikari, kibou)
    ]
    for number, title, opens in ((1, "上期の報告", -200), (2, "下期の報告", -25)):
        round_ = programmes.round_(
            of=programme,
            number=number,
            title=title,
            opens_on=today + timedelta(days=opens),
            due_on=today + timedelta(days=opens + 20),
        )
        for grant, progress in zip(grants, (3, 2), strict=True):
            deadline = programmes.deadline(of=grant, round=round_)
            text = f"①{number * 36}回\n②のべ{number * 320}人"
            filings.handed_in(
                deadline,
                rows={"0101": {"text": text, "progress": progress}},
                at=timezone.now() + timedelta(days=opens + 15),
            )
        assert summaries.compile_round(programme_id=programme.pk, round_id=round_.pk)
    return programme


@pytest.fixture
def desk(chromium: Browser, live_server: Any, mails: Mails, programme: Programme) -> Iterator[Visitor]:
    visitor = Visitor(chromium, live_server.url, mails)
    visitor.sign_in("miura@kyokai.example")
    yield visitor
    visitor.page.context.close()


def test_what_is_noticed_is_set_aside_and_taken_up_again(desk: Visitor) -> None:
    page = desk.page
    page.goto("/desk/programmes/ours/")
    page.get_by_role("link", name="気になるところ").first.click()
    noticed = page.locator(".signals__item").filter(has_text="計画より遅れ").filter(has_text="ひかり")
    expect(noticed).to_have_count(1)
    expect(
        page.locator(".signals__item").filter(has_text="きぼう").filter(has_text="計画より遅れ")
    ).to_have_count(0)
    desk.look("signals-noticed")
    noticed.locator("summary").click()
    noticed.get_by_label("保留にする理由").fill(NOTE)
    noticed.get_by_role("button", name="保留にする").click()
    assert SetAside.objects.get().note == NOTE
    expect(noticed).to_have_count(0)
    page.goto("/desk/programmes/ours/signals/?shown=aside")
    expect(noticed).to_contain_text(NOTE)
    expect(noticed).to_contain_text("三浦 夏子")
    desk.look("signals-aside")
    noticed.get_by_role("button", name="保留をやめる").click()
    page.goto("/desk/programmes/ours/signals/")
    expect(noticed).to_have_count(1)
    assert not SetAside.objects.standing().exists()


def test_the_words_behind_a_cell_open_below_the_strip_and_close_again(desk: Visitor) -> None:
    page = desk.page
    page.goto("/desk/programmes/ours/")
    cell = page.locator(".map__line").filter(has_text="ひかり").locator(".strip a").first
    cell.click()
    words = page.locator(".strip-words")
    expect(words).to_be_focused()
    expect(words).to_contain_text("①72回")
    expect(words).to_contain_text("①36回")  # the round before beside it
    expect(cell).to_have_attribute("aria-expanded", "true")
    desk.look("cell-words")
    page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    expect(cell).to_be_focused()
    cell.click()
    words.get_by_role("link", name="報告書を開く").click()
    expect(page.locator("h1")).to_contain_text("ひかり")


def test_a_talk_is_noted_corrected_and_read_beside_the_report(desk: Visitor) -> None:
    page = desk.page
    page.goto("/desk/organizations/hikari/")
    desk.look("profile-before")
    page.get_by_role("link", name="面談を記録する").first.click()
    page.locator("#id_talked_on").fill((timezone.localdate() - timedelta(days=3)).isoformat())
    page.locator("#id_met").fill("佐藤さん（代表）、オンライン")
    page.locator("#id_said").fill(TALKED)
    page.locator("#id_next_step").fill("会場の候補を聞く")
    page.get_by_role("button", name="記録する").click()
    log = page.locator("#talks")
    expect(log).to_contain_text("代わりの会場を二つ当たっている。")
    log.get_by_role("link", name="訂正・履歴").click()
    page.locator("#id_said").fill(TALKED.replace("二つ", "三つ"))
    page.locator("#id_why").fill("数の書き間違い")
    page.get_by_role("button", name="訂正を保存する").click()
    expect(log).to_contain_text("三つ当たっている")
    expect(log).not_to_contain_text("二つ当たっている")
    assert Talk.objects.count() == 2
    desk.look("profile-talk")


def test_what_is_said_to_the_board_is_kept_while_it_is_written(desk: Visitor, programme: Programme) -> None:
    page = desk.page
    page.goto(reverse("remarks:round", kwargs={"code": "ours", "number": 2}))
    boxes = page.get_by_label("PO所見")
    expect(boxes).to_have_count(2)
    boxes.first.fill(REMARK)
    page.get_by_label("全体の総括").fill("二団体とも提出済み。")
    expect(page.get_by_text("保存しました").first).to_be_visible()
    desk.look("remarks-written")
    page.reload()
    expect(page.get_by_label("PO所見").first).to_have_value(REMARK)
    expect(page.get_by_label("全体の総括")).to_have_value("二団体とも提出済み。")
    assert Remark.objects.filter(text=REMARK).exists()
