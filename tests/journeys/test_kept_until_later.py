"""Text that stayed on the device while the report was handed in is shown first, never saved unasked."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from minori.filings import reviewing
from minori.filings.reviewing import Remark
from tests.factories import filings, registry
from tests.journeys.test_autosave import PICTURES, SAVED, WORDS, Writer, clean, deadline, stored, writers

__all__ = ["deadline", "writers"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def handed_in_and_sent_back(deadline: Any, anchor: str) -> None:
    filing = filings.handed_in(deadline)
    reviewing.begin_reading(deadline, by=registry.OFFICER, at=filings.AT)
    deadline.refresh_from_db()
    reviewing.send_back(
        deadline,
        filing=filing,
        remarks=[
            Remark(anchor="", body="もう少し詳しくお願いします。"),
            Remark(anchor=anchor, body="ここです。"),
        ],
        due_on=deadline.due_on,
        by=registry.OFFICER,
        at=filings.AT,
    )


# What a page sends as it is left (keepalive) gets past the browser's own offline and past routes: here it cannot.
CUT = "window.fetch = () => Promise.reject(new TypeError('no network')); 0"


def typed_without_a_network(deadline: Any, one: Writer, words: str) -> None:
    """Type and leave, with nothing arriving."""
    one.open()
    one.context.set_offline(True)
    one.page.evaluate(CUT)
    one.type(words)
    expect(one.state).to_contain_text("オフラインです")
    one.page.wait_for_timeout(600)
    one.page.goto("about:blank")
    one.page.wait_for_timeout(300)
    assert stored(deadline) is None, "the network was cut"


def look(one: Writer, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (360, 1280):
        one.page.set_viewport_size({"width": width, "height": 800})
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width
        one.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        clean(one.page)


@pytest.mark.parametrize("takes", [True, False])
def test_text_of_before_handing_in_is_shown_first_and_nothing_is_saved_unasked(
    writers: Any, deadline: Any, takes: bool
) -> None:
    one = writers("編集 花子")
    typed_without_a_network(deadline, one, "電車の中で書いた、提出前の文。")
    handed_in_and_sent_back(deadline, "activities")
    one.context.set_offline(False)
    one.open()
    offer = one.page.locator(".keep-offer")
    expect(offer).to_contain_text("提出する前に入力した文が、この端末に残っています")
    expect(offer).to_contain_text("電車の中で書いた、提出前の文。")
    expect(offer).to_contain_text(re.compile(r"\d{4}"))
    one.page.wait_for_timeout(1500)
    assert stored(deadline) is None, "nothing is saved before somebody says so"
    look(one, "kept-until-later")
    if takes:
        offer.get_by_role("button", name="取り込む").click()
        expect(one.text).to_have_value("電車の中で書いた、提出前の文。")
        expect(one.state).to_have_text(SAVED)
        assert stored(deadline)["text"] == "電車の中で書いた、提出前の文。"
    else:
        offer.get_by_role("button", name="捨てる").click()
        one.page.reload()
        expect(offer).to_have_count(0)
        assert stored(deadline) is None
    assert one.page.evaluate(WORDS["storage"]) == 0


def test_text_of_a_part_that_is_closed_now_can_still_be_copied(writers: Any, deadline: Any) -> None:
    one = writers("編集 花子")
    typed_without_a_network(deadline, one, "もう直せないところの文。")
    handed_in_and_sent_back(deadline, "media")
    one.context.set_offline(False)
    one.open()
    offer = one.page.locator(".keep-offer")
    expect(offer).to_contain_text("もう直せないところの文。")
    expect(offer).to_contain_text("いまは直せません")
    expect(offer.get_by_role("button", name="取り込む")).to_have_count(0)
    look(one, "kept-closed")
    offer.get_by_role("button", name="捨てる").click()
    assert one.page.evaluate(WORDS["storage"]) == 0
