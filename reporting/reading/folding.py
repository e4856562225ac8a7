"""Texts as they are searched: one way of writing for all, and the pairs of letters that find a Japanese word.

Two-character words are the rule in Japanese, so what is indexed is every pair of neighbouring letters, and every
letter for words of one. Pure: no Django, nothing of the database.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from minori.report_forms.radicals import without_radicals

FORMAT = 1
"""Counted up when texts are folded or cut otherwise: what was taken in before is then taken in again."""

# A letter with the marks that follow it (half-width ﾊﾞ is two, and one sound).
_CLUSTER = re.compile(
    "[^\u3099\u309a\uff9e\uff9f\u0300-\u036f][\u3099\u309a\uff9e\uff9f\u0300-\u036f]*", re.DOTALL
)
_PHRASE = re.compile(r'["“”「『]([^"“”」』]+)["“”」』]|(\S+)')
_MOST_WORDS = 10
_FIRST_BEYOND_LATIN = 0x250
_BEYOND = 0x10000


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in one way of writing; `places` holds for each of its letters where it stands in the text as written."""

    text: str
    places: tuple[int, ...]


def fold(text: str) -> Folded:
    """NFKC, radicals as letters, no difference between capitals and small letters, white space only between Latin words.

    A word broken over two lines of a cell is found, therefore; 「居場\\n所」 is 「居場所」.
    """
    letters: list[str] = []
    places: list[int] = []
    gap = False
    for found in _CLUSTER.finditer(text):
        written = unicodedata.normalize("NFKC", without_radicals(found[0])).casefold()
        if not written.strip():
            gap = True
            continue
        if gap and letters and _is_latin(letters[-1]) and _is_latin(written[0]):
            letters.append(" ")
            places.append(found.start())
        gap = False
        letters.extend(written)
        places.extend([found.start()] * len(written))
    return Folded("".join(letters), tuple(places))


def words_of(asked: str) -> tuple[str, ...]:
    """What is looked for: words between spaces, and phrases between quotation marks, folded; each once, ten at most."""
    found = (fold(match[1] or match[2]).text for match in _PHRASE.finditer(asked))
    return tuple(dict.fromkeys(word for word in found if word))[:_MOST_WORDS]


def name_of_row(code: str, statement: str) -> str:
    """What a row is called: its statement, with the code before it unless it stands there already (２．is 2)."""
    return statement if fold(code).text in fold(statement).text else f"{code} {statement}"


def tokens(folded: str) -> list[int]:
    """Every letter and every pair of neighbours of a folded text, as numbers of 32 bits, each once and in order."""
    return sorted({*map(_single, folded), *_pairs(folded)})


def tokens_of_word(word: str) -> list[int]:
    """What a text has that holds the word: its pairs; of a single letter, that letter."""
    return sorted(set(_pairs(word))) if len(word) > 1 else [_single(letter) for letter in word]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt; `found` where it is one of the words."""

    text: str
    found: bool = False


def excerpt(text: str, words: Iterable[str], *, around: int = 40, most: int = 3) -> tuple[Piece, ...]:
    """Up to `most` places of the text where a word stands, with `around` letters on either side, as written.

    The beginning where none does (the words stand in the question's name).
    """
    spans = _spans(text, tuple(words))
    windows = _windows(spans, len(text), around, most) or [(0, min(len(text), around * 3))]
    pieces: list[Piece] = []
    for start, stop in windows:
        pieces.append(Piece("…" if start else ""))
        pieces += _pieces(text, start, stop, spans)
    pieces.append(Piece("…" if windows[-1][1] < len(text) else ""))
    return tuple(piece for piece in pieces if piece.text)


def marked(text: str, words: Iterable[str]) -> tuple[Piece, ...]:
    """The whole text with the words marked."""
    pieces = _pieces(text, 0, len(text), _spans(text, tuple(words)))
    return tuple(piece for piece in pieces if piece.text)


def _pieces(text: str, start: int, stop: int, spans: list[tuple[int, int]]) -> Iterator[Piece]:
    at = start
    for first, last in spans:
        if start <= first and last <= stop:
            yield Piece(text[at:first])
            yield Piece(text[first:last], found=True)
            at = last
    yield Piece(text[at:stop])


def _spans(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the words stand in the text as written, in order, without overlaps."""
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for word in words:
        at = folded.text.find(word)
        while at >= 0:
            behind = at + len(word)
            stop = folded.places[behind] if behind < len(folded.places) else len(text)
            first = folded.places[at]
            found.append((first, max(first + len(text[first:stop].rstrip()), folded.places[behind - 1] + 1)))
            at = folded.text.find(word, behind)
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _windows(spans: list[tuple[int, int]], length: int, around: int, most: int) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for first, last in spans:
        start, stop = max(first - around, 0), min(last + around, length)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], stop)
        elif len(windows) < most:
            windows.append((start, stop))
    return windows


def _is_latin(letter: str) -> bool:
    return letter.isalnum() and ord(letter) < _FIRST_BEYOND_LATIN


def _pairs(folded: str) -> Iterator[int]:
    for first, second in pairwise(folded):
        if " " not in (first, second):
            yield _signed(_code(first) << 16 | _code(second))


def _single(letter: str) -> int:
    return _code(letter)


def _code(letter: str) -> int:
    """The letter's number in 16 bits; the few beyond share those of private use: a hit is looked at again anyway."""
    number = ord(letter)
    return number if number < _BEYOND else 0xE000 + number % 0x1900


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number
