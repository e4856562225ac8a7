"""Texts are kept as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.report_forms.texts import Text, clean, is_clean, is_empty, one_line
from tests.minori.report_forms.strategies import calm


def test_newlines_become_line_feeds_and_nothing_else_changes():
    assert clean("一\r\n二\r三\x0b四\n") == "一\n二\n三\n四\n"
    kept = " 　①➀（１）ｱ％ﾞ\t⽬戶e\u0301\u200b\u2028👪 "
    assert clean(kept) == kept


@pytest.mark.parametrize(
    "character", [chr(code) for code in (0x00, 0x1B, 0x7F, 0x9F, 0xD800, 0xDFFF, 0xFFFF)]
)
def test_what_cannot_be_stored_is_left_out(character):
    assert clean(f"前{character}後") == "前後"
    assert not is_clean(f"前{character}後")


@calm
@given(st.text(st.characters(codec=None)))
def test_clean_text_can_be_stored_and_stays_clean(text):
    cleaned = clean(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert is_clean(cleaned)
    assert cleaned == text or len(cleaned) <= len(text)


def test_only_white_space_is_empty():
    assert is_empty(" 　\n\t")
    assert not is_empty("。")


def test_a_text_is_said_in_the_language_asked_for_or_in_japanese():
    assert Text("無", "No").say("en") == "No"
    assert Text("無", "No").say("en-gb") == "No"
    assert Text("無", "No").say("ja") == "無"
    assert Text("無").say("en") == "無"
    assert str(Text("無", "No")) == "無"
    assert not Text()
    assert Text("無", "No").to_json() == {"ja": "無", "en": "No"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("山田\r\n太郎", "山田 太郎"),
        ("　山田　太郎 \n", "山田　太郎"),
        ("NPO法人\tひかり\n\n の家\x00\x1b", "NPO法人 ひかり の家"),
        ("ひかり\u2028Bcc: x@example.jp", "ひかり Bcc: x@example.jp"),
        ("\n\n", ""),
    ],
)
def test_a_name_stands_on_one_line(typed, kept):
    assert one_line(typed) == kept
    assert one_line(kept) == kept
