"""The components and scripts in a real browser: clean for axe, nothing typed is lost, one press sends once."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.minori.ui.pages import server

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def address():
    """A server of our own: these pages need no database, so none is prepared or emptied for them."""
    live = LiveServer("localhost")
    yield live.url
    live.stop()


@pytest.fixture
def site(address):
    server.reset()
    yield address
    server.hold.set()


def opened(browser: Browser, *, width: int = 1280, language: str = "ja", script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale=language, java_script_enabled=script
    )
    page = context.new_page()
    page.complaints = []
    page.on(
        "console", lambda message: page.complaints.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


@pytest.fixture
def page(chromium, site):
    page = opened(chromium)
    yield page
    page.context.close()


def kept(page: Page) -> str:
    return page.evaluate("JSON.stringify(Object.fromEntries(Object.entries(localStorage)))")


def type_story(page: Page, site: str, text: str) -> None:
    page.goto(f"{site}/form/")
    page.get_by_label("本文").fill(text)
    page.get_by_label("どおり").check()
    expect(page.locator("#page-status")).to_contain_text("端末に残っています")


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (360, "ja"), (1280, "ja"), (1280, "en")])
def test_the_gallery_is_clean_and_fits(chromium, site, width, language):
    page = opened(chromium, width=width, language=language)
    page.goto(f"{site}/gallery/")
    page.locator("#gallery-form button[type=submit]").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
    page.context.close()


def test_a_problem_leads_into_its_field(page, site):
    page.goto(f"{site}/gallery/")
    page.locator("#gallery-form button[type=submit]").click()
    page.get_by_role("link", name="開催：入力が必要です。").click()
    expect(page.locator("#id_held_0")).to_be_focused()
    assert page.title().startswith("エラー：")


def test_what_was_typed_is_offered_after_a_reload_and_comes_back(page, site):
    type_story(page, site, "①8団体\n②「説明」<b>")
    page.reload()
    offer = page.get_by_role("group", name="保存されていない入力が残っています")
    expect(page.get_by_label("本文")).to_have_value("")
    offer.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_label("本文")).to_have_value("①8団体\n②「説明」<b>")
    expect(page.get_by_label("どおり")).to_be_checked()
    expect(offer).to_have_count(0)
    expect(page.locator("[data-count-of=id_story]")).to_have_text("12 / 400字")


def test_what_was_typed_can_be_discarded(page, site):
    type_story(page, site, "いらない文")
    page.reload()
    page.get_by_role("button", name="捨てる").click()
    expect(page.get_by_role("group", name="保存されていない入力が残っています")).to_have_count(0)
    assert kept(page) == "{}"
    page.reload()
    expect(page.locator(".keep-offer")).to_have_count(0)


def test_saved_text_is_no_longer_kept(page, site):
    type_story(page, site, "保存する文")
    page.get_by_role("button", name="保存する").click()
    page.wait_for_url("**/saved/")
    assert kept(page) == "{}"
    page.goto(f"{site}/form/")
    expect(page.get_by_label("本文")).to_have_value("保存する文")
    expect(page.locator(".keep-offer")).to_have_count(0)


def test_a_field_saved_by_itself_is_no_longer_kept_and_the_others_are(page, site):
    type_story(page, site, "まだの文")
    page.get_by_label("自動で保存する欄").fill("届いた文")
    with page.expect_response("**/field/"):
        page.get_by_label("自動で保存する欄").blur()
    page.wait_for_function("!JSON.stringify(localStorage).includes('届いた文')")
    assert "まだの文" in kept(page)
    assert [post["auto"] for post in server.posts] == ["届いた文"]


@pytest.mark.parametrize("answer", ["break", "sign in"])
def test_a_failed_post_or_an_ended_session_loses_nothing(page, site, answer):
    server.answers = answer
    type_story(page, site, "消えてはいけない文")
    page.get_by_role("button", name="保存する").click()
    page.wait_for_load_state()
    expect(page.get_by_label("本文")).to_have_count(0)
    page.goto(f"{site}/form/")
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_label("本文")).to_have_value("消えてはいけない文")


def test_a_refused_form_keeps_what_was_typed_until_it_is_saved(page, site):
    server.answers = "refuse"
    type_story(page, site, "短い文")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("短すぎます")).to_be_visible()
    expect(page.get_by_label("本文")).to_have_value("短い文")
    expect(page.locator(".keep-offer")).to_have_count(0)
    page.goto(f"{site}/form/")
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_label("本文")).to_have_value("短い文")


def test_typing_on_before_answering_the_offer_keeps_the_old_text_too(page, site):
    type_story(page, site, "前の文")
    page.reload()
    page.get_by_label("進んでいる").check()
    expect(page.locator("#page-status")).to_contain_text("端末に残っています")
    page.reload()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_label("本文")).to_have_value("前の文")
    expect(page.get_by_label("進んでいる")).to_be_checked()


def test_another_person_is_not_offered_it(page, site):
    type_story(page, site, "佐藤さんの文")
    page.goto(f"{site}/form/?person=8")
    expect(page.get_by_label("本文")).to_be_visible()
    expect(page.locator(".keep-offer")).to_have_count(0)


def test_secrets_are_never_kept(page, site):
    page.goto(f"{site}/form/")
    page.get_by_label("パスワード").fill("himitsu-no-kotoba")
    page.get_by_label("確認コード").fill("482105")
    page.get_by_label("本文").fill("ふつうの文")
    expect(page.locator("#page-status")).to_contain_text("端末に残っています")
    stored = kept(page)
    assert "ふつうの文" in stored
    assert "himitsu" not in stored
    assert "482105" not in stored
    assert "csrf" not in stored


def test_a_second_press_sends_nothing_more(page, site):
    server.hold.clear()
    page.goto(f"{site}/form/")
    page.get_by_label("本文").fill("一度だけ")
    said = page.evaluate(
        """() => {
          const button = document.querySelector("#plan button[type=submit]");
          button.click(); button.click(); button.click();
          return [button.getAttribute("aria-disabled"), document.getElementById("page-status").textContent];
        }"""
    )
    assert said == ["true", "送っています。お待ちください。"]
    server.hold.set()
    page.wait_for_url("**/saved/")
    assert [post["story"] for post in server.posts] == ["一度だけ"]


def test_the_form_can_be_sent_again_after_going_back(page, site):
    page.goto(f"{site}/form/")
    page.get_by_label("本文").fill("第1版")
    page.get_by_role("button", name="保存する").click()
    page.wait_for_url("**/saved/")
    page.go_back()
    page.get_by_label("本文").fill("第2版")
    page.get_by_role("button", name="保存する").click()
    page.wait_for_url("**/saved/")
    assert [post["story"] for post in server.posts] == ["第1版", "第2版"]


def test_a_key_works_but_not_while_typing(page, site):
    page.goto(f"{site}/form/")
    page.get_by_label("本文").press("j")
    expect(page.get_by_label("本文")).to_have_value("j")
    assert page.url.endswith("/form/")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.wait_for_url("**/gallery/")


def test_the_previous_answer_is_added_below_what_stands_there(page, site):
    page.goto(f"{site}/form/")
    copy = page.get_by_role("button", name=re.compile("前回の内容をコピー|コピーしました"))
    copy.click()
    expect(page.get_by_label("本文")).to_have_value("前回の文")
    expect(page.get_by_label("本文")).to_be_focused()
    page.get_by_label("本文").fill("今回の文")
    copy.click()
    expect(page.get_by_label("本文")).to_have_value("今回の文\n前回の文")


def test_parts_of_a_page_come_with_the_token_and_errors_never_land_inside(page, site):
    page.goto(f"{site}/form/")
    page.get_by_role("button", name="部分", exact=True).click()
    expect(page.locator("#part")).to_have_text("届いた")
    page.get_by_role("button", name="だめな部分").click()
    expect(page.locator("#page-status")).to_have_text(re.compile("処理できませんでした"))
    expect(page.locator("#part")).to_have_text("届いた")


def test_the_sign_in_page_never_lands_inside_a_page(page, site):
    page.goto(f"{site}/form/")
    server.answers = "sign in"
    page.get_by_role("button", name="部分", exact=True).click()
    expect(page.locator("#page-status")).to_have_text(re.compile("サインアウトされています"))
    expect(page.locator("#part")).to_have_text("まだ")


def test_the_page_works_without_scripts(chromium, site):
    page = opened(chromium, script=False)
    page.goto(f"{site}/form/")
    assert page.get_by_role("button", name="前回の内容をコピー").count() == 0
    page.get_by_label("本文").fill("スクリプトなし")
    page.get_by_role("button", name="保存する").click()
    assert page.url.endswith("/saved/")
    assert server.posts[0]["story"] == "スクリプトなし"
    page.context.close()


def test_the_language_can_be_switched_and_nothing_typed_is_lost(page, site):
    type_story(page, site, "切り替えても残る")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("group", name="There is unsaved input")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("本文")).to_have_value("切り替えても残る")
