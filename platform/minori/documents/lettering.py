"""Texts made ready for paper: lines, places where a long word may be broken, how many lines a cell takes.

What people wrote is printed as written. Left out are only signs that say nothing and would do something:
control characters, and those that turn the direction of the text after them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from math import ceil
from typing import TypeAlias

Line: TypeAlias = str | list[str]
Lines: TypeAlias = list[Line]

_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
# C0, C1 and lone surrogates; marks and overrides of direction (Unicode's Bidi_Control but ALM, LRM and RLM);
# noncharacters, which no font may hold
_NOT_PRINTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
# Between two of these a line may be broken anyway: kanji and ordinary kana, not small ones and prolonged sounds.
_BREAKS_ANYWAY = re.compile(
    "[ \u3000\u4e00-\u9fff\u3400-\u4dbf"
    "あいうえおか-ぢつ-もやゆよら-ろわ-んアイウエオカ-ヂツ-モヤユヨラ-ロワ-ンヴ]"
)
_PIECE = 4
_WIDE = frozenset("WFA")


def printed(text: str) -> str:
    """The text as paper shows it: without signs that cannot be printed, tabs as spaces, plain line feeds."""
    return _NOT_PRINTED.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def width_of(text: str) -> float:
    """How wide a line is, in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in _WIDE else 0.55 for sign in text)


def lines_of(text: str, *, room: float) -> Lines:
    """The lines of a text for a place `room` full-width characters wide; words that are wider come in pieces."""
    if not text:
        return []
    return [_line(line, room) for line in printed(text).rstrip("\n").split("\n")]


def height_of(lines: Iterable[Line], *, room: float) -> int:
    """How many lines these take at least in a place `room` full-width characters wide."""
    whole = (line if isinstance(line, str) else "".join(line) for line in lines)
    return sum(max(1, ceil(width_of(line) / room)) for line in whole)


def _line(line: str, room: float) -> Line:
    pieces = list(_pieces(line, room))
    return pieces[0] if len(pieces) == 1 else pieces or ""


def _pieces(line: str, room: float) -> Iterator[str]:
    """The line, cut inside every run that neither ends anywhere nor fits in the room."""
    done = begun = 0
    for place in range(len(line) + 1):
        if place < len(line) and not _BREAKS_ANYWAY.match(line, place):
            continue
        if width_of(line[begun:place]) > room:
            for cut in range(begun, place):
                if cut - done >= _PIECE and not _belongs_to_the_last(line[cut - 1], line[cut]):
                    yield line[done:cut]
                    done = cut
        begun = place + 1
    if done < len(line):
        yield line[done:]


def _belongs_to_the_last(last: str, sign: str) -> bool:
    """Whether a sign and the one before it are one letter to the eye: accents, variants, joined pictures."""
    return last == "\u200d" or unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cf", "Sk"}
