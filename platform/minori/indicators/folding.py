"""One way of writing for many: full-width letters and digits, dashes, tildes and radicals, without moving anything.

Every character becomes exactly one, so a place in the folded text is the same place in the text as written.
"""

import unicodedata

_SPACES = "\t\r\x0b\x0c\xa0\u2002\u2003\u2009\u200b\u202f\u3000\ufeff"
_TILDES = "〜～∼〰˜"
_DASHES = "‐‑‒–—―−－─━ｰ"
_TABLE = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {ord(sign): " " for sign in _SPACES}
    | dict.fromkeys(map(ord, _TILDES), "~")
    | dict.fromkeys(map(ord, _DASHES), "-")
    # the radicals that PDFs give instead of letters (⽉ for 月); ⼾ stands for 戸 in Japanese
    | {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | {0x2F3E: "戸", 0x2EA0: "民", 0x2ED1: "長"}
    | {ord("╱"): "/", ord("÷"): "/", ord("✕"): "×", ord("✖"): "×", ord("╳"): "×", ord("⇒"): "→"}
)


def fold(text: str) -> str:
    """The text in one way of writing, as long as before, letter for letter."""
    return text.translate(_TABLE)
