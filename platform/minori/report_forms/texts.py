"""Texts as people wrote them, and texts that exist in two languages."""

import re
from dataclasses import dataclass

# What can neither be stored nor printed: control characters (but tab and line feed), halves of a
# surrogate pair standing alone, and the two code points that XML forbids.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_NEWLINES = re.compile("\r\n|\r|\x0b|\x0c|\x85")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a form in Japanese (the official wording) and English."""

    ja: str = ""
    en: str = ""

    def say(self, language: str) -> str:
        """The text in a language ("ja", "en", "en-gb"), in Japanese where there is no English one."""
        return self.en if language.startswith("en") and self.en else self.ja

    def __bool__(self) -> bool:
        return bool(self.ja or self.en)

    def __str__(self) -> str:
        return self.ja

    def to_json(self) -> dict[str, str]:
        """Both wordings by language."""
        return {"ja": self.ja, "en": self.en}


NO_TEXT = Text()


def clean(text: str) -> str:
    """The text with plain line feeds and without characters that cannot be stored; nothing else changes.

    No Unicode normalisation: ① and （ and full-width digits stay as written.
    """
    return _UNSTORABLE.sub("", _NEWLINES.sub("\n", text))


_BREAKS = re.compile(r"[^\S\n\u3000]*[\n\t\u2028\u2029]+\s*")


def one_line(text: str) -> str:
    """A name or a title: `clean`, on one line, without white space at its ends; 「山田　太郎」 keeps its space.

    What stands in subjects and heads must not break into a second line.
    """
    return _BREAKS.sub(" ", clean(text).strip())


def is_clean(text: str) -> bool:
    """Whether `clean` would leave the text as it is."""
    return clean(text) == text


def is_empty(text: str) -> bool:
    """Whether there is nothing but white space (the ideographic space counts as white space)."""
    return not text.strip()
