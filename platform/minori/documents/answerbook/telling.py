"""How people fill in cells: choices in words or numbers, circles of every kind, days in every writing."""

import re
import unicodedata
from datetime import date

from minori.documents.asking import label_of
from minori.report_forms.edition import Field

_YES = frozenset(
    {"○", "〇", "◯", "●", "◎", "✓", "✔", "☑", "レ", "v", "1", "yes", "y", "true", "はい", "有", "þ"}
)
_NO = frozenset({"", "×", "✕", "-", "ー", "–", "0", "no", "n", "false", "いいえ", "無", "なし", "☐", "□"})
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SPACES = re.compile(r"\s+")


def same(text: str) -> str:
    """A text as it is compared: widths, spaces and cases do not count."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_error(text: str) -> bool:
    """Whether Excel shows an error instead of a value."""
    return bool(_ERROR.fullmatch(text.strip()))


def is_marked(text: str) -> bool | None:
    """Whether a box is ticked; None where nobody can say."""
    said = unicodedata.normalize("NFKC", text).strip().casefold()
    if said in _YES or text.strip() in _YES:
        return True
    return False if said in _NO or text.strip() in _NO else None


def choice_of(field: Field, text: str) -> str | None:
    """The choice that is written: as its label, with or without its number, in either language, or as its value."""
    said = same(text)
    if not said:
        return None
    for choice in field.choices:
        written = {same(choice.value), same(f"{choice.value}.")}
        for language in ("ja", "en"):
            written |= {same(label_of(field, choice.value, language)), same(choice.label.say(language))}
        if said in written - {""}:
            return choice.value
    return None


def day_of(text: str) -> str:
    """A day as forms keep it (2026-10-14), or the text where it is none."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return text
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return text
