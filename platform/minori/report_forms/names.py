"""Spotting what may be names of people in texts that will be published; a modest help, never a judgement."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

_WORDS = files("minori.report_forms") / "words"


def _read_words(name: str) -> frozenset[str]:
    lines = (_WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, longer ones first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_NOT_NAMES = _read_words("not-names") | _read_words("offices")
_SURNAMES = _read_words("surnames")
_ROLES = tuple(_read_words("roles"))
_KANJI = "[一-鿿々〆ヶ]"
_HONOURED = re.compile(
    # from the beginning of a word and never far: a run of thousands of such letters is read once, not once for each letter
    rf"(?P<name>(?<!{_KANJI}){_KANJI}{{1,12}}|(?<![ァ-ヺー・])[ァ-ヺー・]{{2,16}})"
    r"[ 　]?(?P<sign>先生|さん|ちゃん|くん|君|氏|様|さま)"
    # 「氏名」「氏神」「様々」: the sign belongs to the next word
    "(?![名神族々])"
)
_OFFICE = re.compile(
    # a surname inside a longer word is part of that word: 「県森林局長」
    rf"(?<!{_KANJI})(?P<name>{_any_of(_SURNAMES)})"
    # a given name, but not the rest of a place or a body: 「千葉県知事」「石川支部長」
    rf"(?P<given>(?:[ 　](?={_KANJI}{{1,3}}[ 　]?(?:新|前|元|副|現)?(?:{_any_of(_read_words('offices'))})))?"
    rf"(?:(?![県市区町村省庁支本会部課社局所院校園館]){_KANJI}){{0,3}}?)[ 　]?"
    rf"(?:新|前|元|副|現)?(?P<sign>{_any_of(_read_words('offices'))})"
)
# 「多様な」「同様に」「仕様」: no honorific at all
_WORDS_WITH_SAMA = tuple(f"{character}様" for character in "多同仕模一異両有別今文紋")
# the first part of a name in two (姓 名), right before the space
_FIRST_PART = re.compile(
    rf"(?:(?<!{_KANJI})(?P<kanji>{_KANJI}{{1,4}})|(?<![ァ-ヺー・])(?P<kana>[ァ-ヺー・]{{2,16}}))[ 　]$"
)
_LONGEST_KANJI_NAME = 5
_LONGEST_NAME = 10


@dataclass(frozen=True, slots=True)
class PossibleName:
    """What may name a person: `text[start:end]` is `found`."""

    start: int
    end: int
    found: str


def find_names(text: str) -> tuple[PossibleName, ...]:
    """Places that may name a person, in order and without overlap.

    A surname-like word before 先生, さん, 氏, 様 …, or a common surname before an office. Misses names
    without either, and sometimes points at what is none: a thing to check, never a reason to refuse.
    """
    spots = sorted({*_find_honoured(text), *_find_offices(text)})
    kept: list[PossibleName] = []
    for start, end in spots:
        if not kept or start >= kept[-1].end:
            kept.append(PossibleName(start, end, text[start:end]))
    return tuple(kept)


def _find_honoured(text: str) -> Iterator[tuple[int, int]]:
    for match in _HONOURED.finditer(text):
        if not _is_no_name(match["name"], match["sign"]):
            yield _first_part_before(text, match), match.end()


def _first_part_before(text: str, match: re.Match[str]) -> int:
    """Where a name in two parts begins: 「山田 太郎さん」 is one name, 「参加者 田中さん」 is not."""
    before = _FIRST_PART.search(text, max(0, match.start() - 18), match.start())
    if before is None or match["name"] in _SURNAMES:
        return match.start()
    first, is_kanji = before["kanji"] or before["kana"], before["kanji"] is not None
    if is_kanji is not bool(re.match(_KANJI, match["name"])):
        return match.start()
    is_name = first in _SURNAMES or not (first in _NOT_NAMES or first.endswith(_ROLES))
    return before.start() if is_name else match.start()


def _is_no_name(name: str, sign: str) -> bool:
    if name in _SURNAMES:
        return False
    if name in _NOT_NAMES or name.endswith(_ROLES) or (name + sign).endswith(_WORDS_WITH_SAMA):
        return True
    return len(name) > (_LONGEST_KANJI_NAME if re.match(_KANJI, name) else _LONGEST_NAME)


def _find_offices(text: str) -> Iterator[tuple[int, int]]:
    for match in _OFFICE.finditer(text):
        # one-letter surnames begin too many other words (「森林組合理事長」)
        if len(match["name"]) > 1 or not match["given"]:
            yield match.span()
