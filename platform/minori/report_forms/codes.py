"""Codes that people write at the head of a statement: read, never removed."""

import re
import unicodedata

# ①–⑳, ㉑–㉟, ㊱–㊿
CIRCLED = tuple(
    [chr(0x2460 + n) for n in range(20)]
    + [chr(0x3251 + n) for n in range(15)]
    + [chr(0x32B1 + n) for n in range(15)]
)

_NUMBER = r"(?:[a-z][.\-]?)?\d{1,4}(?:[.\-‐−]\d{1,3}){0,3}"
# 「（0101）…」「【1-1】…」「[2] …」
_ENCLOSED = re.compile(rf"[(\[【〔<]\s*({_NUMBER})\s*[)\]】〕>]", re.IGNORECASE)
# 「1．…」「0201.…」「1-1、…」「a.1：…」, but not 「3.5倍」
_DELIMITED = re.compile(rf"({_NUMBER})\s*[.,、。:)](?!\d)", re.IGNORECASE)
# 「01-1 …」「0101 …」「0101連携…」: a leading zero or two parts; 「100 人」 is a number
_LEADING_ZERO = re.compile(r"(0\d{1,3}(?:[.\-‐−]\d{1,3}){0,3})(?![\d.,%])")
_TWO_PARTS = re.compile(
    r"((?:[a-z][.\-]?)?\d{1,3}[\-‐−]\d{1,3}(?:[\-‐−]\d{1,3})?|[a-z][.\-]\d{1,3})\s", re.IGNORECASE
)
_LAST_NUMBER = re.compile(r"(.*?)(\d+)")
_DINGBAT_FIRST = (0x2776, 0x2780, 0x278A)  # ❶ ➀ ➊


def circled_number(character: str) -> int | None:
    """The number a circled sign stands for (① and ➀ and ❶ are 1), or None for any other character."""
    if character in CIRCLED:
        return CIRCLED.index(character) + 1
    code = ord(character)
    for first in _DINGBAT_FIRST:
        if first <= code < first + 10:
            return code - first + 1
    return None


def read_code(statement: str) -> str | None:
    """The code at the head of a statement in plain letters ("0101", "1", "01-1", "a.1"), or None.

    A hint for people, not a link between rows: over half of real statements have none, others write
    a.1, 1-1, ①, 【】 (domain.md, "Codes are hints"). The first mark of a list (「①…②…」, 「1．…」 above 「2．…」)
    counts the statements in the cell, and is no code of the row.
    """
    text = statement.lstrip()
    found = _read_head(text)
    return None if found is None or _counts_on(text, found) else found


def _read_head(text: str) -> str | None:
    if text and (number := circled_number(text[0])) is not None:
        return str(number)
    plain = unicodedata.normalize("NFKC", text[:24])
    for pattern in (_ENCLOSED, _DELIMITED, _LEADING_ZERO, _TWO_PARTS):
        if match := pattern.match(plain):
            return re.sub("[‐−]", "-", match.group(1))
    return None


def _counts_on(text: str, code: str) -> bool:
    """Whether the next number follows in the same writing: a circled one anywhere, any other at the head of a line."""
    if text and circled_number(text[0]) is not None:
        return any(circled_number(sign) == int(code) + 1 for sign in text[1:])
    steps = _LAST_NUMBER.fullmatch(code)
    if steps is None:
        return False
    following = f"{steps[1]}{int(steps[2]) + 1:0{len(steps[2])}}"
    return any(_read_head(line.lstrip()) == following for line in text.splitlines()[1:])
