"""Numbers and dates as Excel shows them (ECMA-376 Part 1, 18.8.31): the formats that plans use, told apart from others."""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_NUMBER = re.compile(r"(?P<whole>#,##0|#,###|0|#)(?P<places>\.0+)?(?P<percent>%)?")
_TOKENS = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|ggge|gge|ge|e", re.IGNORECASE)
_DAY = {"yyyy": "{0.year:04d}", "yy": "{0.year}", "m": "{0.month}", "mm": "{0.month:02d}"} | {
    "d": "{0.day}",
    "dd": "{0.day:02d}",
}
_BUILT_IN = {"mm-dd-yy": "yyyy/m/d"}
"""The format that Excel stores as number 14 is shown by the language of the machine."""


def shown(value: float | datetime | date | time, number_format: str) -> tuple[str, bool]:
    """The text that Excel shows, and whether we know that it does; else a plain writing of the value and False."""
    section = number_format.split(";", maxsplit=1)[0]
    if isinstance(value, datetime | date):
        text = _day(value, _BUILT_IN.get(section, section))
        return (f"{value:%Y-%m-%d}", False) if text is None else (text, True)
    if isinstance(value, time):
        return value.isoformat("minutes"), False
    if section in {"General", "@", ""}:
        return _plain(value), True
    text = _number(value, section)
    return (_plain(value), False) if text is None else (text, True)


def _plain(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def _number(value: float, section: str) -> str | None:
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or "")
        return "\x00"

    bare = _LITERAL.sub(keep, section)
    found = list(_NUMBER.finditer(bare))
    if len(found) != 1 or re.search(r"[?/#0Ee]", bare[: found[0].start()] + bare[found[0].end() :]):
        return None
    match = found[0]
    number = Decimal(repr(value)) * (100 if match["percent"] else 1)
    places = len(match["places"] or ".") - 1
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in match["whole"] else f"{rounded:f}"
    return _filled(bare[: match.start()] + text + (match["percent"] or "") + bare[match.end() :], literals)


def _day(value: datetime | date, section: str) -> str | None:
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or "")
        return "\x00"

    bare = _LITERAL.sub(keep, section)
    tokens = [token.lower() for token in _TOKENS.findall(bare)]
    if not tokens or any(token not in _DAY for token in tokens) or re.search(r"[hHsS0#]", bare):
        return None
    said = _TOKENS.sub(lambda match: _DAY[match[0].lower()].format(value), bare)
    return _filled(said, literals)


def _filled(text: str, literals: list[str]) -> str:
    for literal in literals:
        text = text.replace("\x00", literal, 1)
    return text.strip()
