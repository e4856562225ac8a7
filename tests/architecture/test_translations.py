"""Every word a person sees exists in Japanese and in English."""

import re

import pytest

from tests import messages

JAPANESE_MARKS = re.compile("[\u3000-\u303f\u30fb\uff00-\uffef]")
PLACEHOLDERS = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@pytest.fixture(scope="module")
def japanese() -> dict[tuple[str, str], set[str]]:
    return messages.translated()


def test_every_message_has_its_japanese(japanese):
    missing = {
        f"{message.file}: {message.context + ' | ' if message.context else ''}{message.text}"
        for message in messages.used()
        if (message.context, message.text) not in japanese
    }
    assert sorted(missing) == []


def test_no_message_is_japanese_in_the_source():
    assert sorted({f"{one.file}: {one.text}" for one in messages.used() if _is_japanese(one.text)}) == []


def test_what_stands_between_two_things_is_said_by_the_language_not_by_the_template():
    files = [file for source in messages.FOLDERS for file in (messages.ROOT / source).rglob("*")]
    pages = [file for file in files if file.suffix in (".html", ".js") and "gallery" not in file.parts]
    assert len(pages) > 300
    # no mark is both Japanese and English: `{% gap %}`, `{% comma %}`, `{% colon %}`, `{% to %}`, `{% brackets %}`
    wrong = {
        str(file.relative_to(messages.ROOT))
        for file in pages
        for line in file.read_text(encoding="utf-8").splitlines()
        if JAPANESE_MARKS.search(line) and file.name not in ("500.html", "503.html") and "//" not in line
    }
    assert sorted(wrong) == []


def test_a_message_is_worded_the_same_everywhere(japanese):
    assert {key: sorted(words) for key, words in japanese.items() if len(words) > 1} == {}


def test_translations_keep_their_placeholders(japanese):
    wrong = [
        text
        for (_context, text), words in japanese.items()
        for word in words
        if set(PLACEHOLDERS.findall(text)) - set(PLACEHOLDERS.findall(word))
        not in (set(), {("count", "")}, {("n", "")})
    ]
    assert wrong == []


def _is_japanese(text: str) -> bool:
    # an English sentence may name a word of the form (アウトプット)
    return bool(re.search("[\u3040-\u30ff\u4e00-\u9fff]", text)) and not re.search("[A-Za-z]{2}", text)
