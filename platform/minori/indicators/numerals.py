"""Numbers as people write them: 1,800, 1.5万, 50万, 3千, 三百, 2億3千万, ゼロ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_LONGEST = 15  # digits: what is longer is a telephone or an account, no amount
_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "億": 100_000_000}
_WRITTEN = r"\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?"
_PIECE = re.compile(rf"({_WRITTEN})|([〇零一二三四五六七八九])|([十百千])|([万億])")
_NUMBER = re.compile(
    rf"(?:{_WRITTEN})(?:[千百十万億](?:(?:{_WRITTEN})?[千百十万億])*(?:(?:{_WRITTEN})(?![.,\d]))?)?|ゼロ"
)
_KANJI = re.compile("[〇零一二三四五六七八九十百千万億]+")
# 一般, 三者, 十分 and their like are words; a number in kanji is believed only before one of these
_AFTER_KANJI = re.compile(
    "(?:数|余)?(?:名|人(?!ひとり|一|三|暮|親|で(?!あ)|材|間|前|々|称)|件|回(?!り)"
    "|団体|校|社(?!会)|世帯|[かカヶケヵ箇個]所|割|(?<!一)円|%"
    "|パーセント|(?<=[二三四五六七八九])つ(?!一つ|ひとつ)|つ(?!一つ|ひとつ|の)|台|冊|個(?!人|別)|[かカヶケヵ箇]月|か国|店舗|組|時間|日間|枚(?!岩)|トン)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number in a text: its amount and where it stands; `odd` when its writing leaves a doubt."""

    value: Decimal
    start: int
    end: int
    odd: bool = False
    scale: Decimal = Decimal(1)  # of its last letter: 10000 of 3万


def find_numbers(folded: str) -> Iterator[Number]:
    """The numbers of a folded text, in order; leading zeros (0101), 1.2.3 and very long runs are none."""
    place = 0
    while match := _next(folded, place):
        place = match.end()
        written = match.group()
        digits = re.sub(r"\D", "", written)
        if len(digits) > _LONGEST or _is_code(folded, match) or _is_vague(folded, match.end()):
            place = _behind(folded, match.end())
            continue
        scale = Decimal(_LARGE.get(written[-1]) or _SMALL.get(written[-1]) or 1)
        yield Number(_amount(written), match.start(), match.end(), _is_odd(folded, match), scale)


def _next(folded: str, place: int) -> re.Match[str] | None:
    plain = _NUMBER.search(folded, place)
    limit = plain.start() if plain else len(folded)
    while kanji := _KANJI.search(folded, place, limit):
        if _AFTER_KANJI.match(folded, kanji.end()) and not _is_inside_a_word(folded, kanji):
            return kanji
        place = kanji.end()
    return plain


def _is_inside_a_word(folded: str, match: re.Match[str]) -> bool:
    return match.group() in ("万", "億", "千", "百") or folded[max(match.start() - 1, 0) : match.start()] in (
        "第",
        "数",
        "何",
        "唯",
        "統",
        "同",
    )


def _is_code(folded: str, match: re.Match[str]) -> bool:
    if re.match(r"0\d", match.group()):
        return True
    return bool(re.compile(r"\.\d").match(folded, match.end()))


def _is_vague(folded: str, end: int) -> bool:
    """「10数名」, 「十数人」: some more than ten."""
    return folded[end : end + 1] == "数" and folded[end + 1 : end + 2] in tuple("名人件回団校社世個日年か")


def _behind(folded: str, place: int) -> int:
    rest = re.compile(r"[\d.,\-]*").match(folded, place)
    return rest.end() if rest else place


def _is_odd(folded: str, match: re.Match[str]) -> bool:
    """Digits that touch others over a comma (10,20 or 1,0000): a list, a slip, who knows."""
    before = folded[max(match.start() - 2, 0) : match.start()]
    return bool(re.compile(r",\d").match(folded, match.end()) or re.search(r"\d[,.]$", before))


def _amount(written: str) -> Decimal:
    if written == "ゼロ":
        return Decimal(0)
    if all(sign in _DIGITS for sign in written):
        return Decimal("".join(str(_DIGITS[sign]) for sign in written))
    total = part = Decimal(0)
    current: Decimal | None = None
    for digits, kanji, small, large in _PIECE.findall(written):
        if digits:
            current = Decimal(digits.replace(",", ""))
        elif kanji:
            current = (current or Decimal(0)) * 10 + _DIGITS[kanji]
        elif small:
            part, current = part + (Decimal(1) if current is None else current) * _SMALL[small], None
        elif large:
            whole = part + (current or Decimal(0))
            total, part, current = total + (whole or Decimal(1)) * _LARGE[large], Decimal(0), None
    return total + part + (current or Decimal(0))
