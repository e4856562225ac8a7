"""One number as people type it: 1,200,000円, １２０万, 1億2,000万円, ¥1,200,000-, 1 200 000 yen, 百二十万円."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from minori.report_forms.texts import Text

_LONGEST = 15  # digits: what is longer is an account or a telephone, no amount
_WRITTEN = r"(?:[0-9]{1,3}(?:[,、 ][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_LARGE = {"兆": 10**12, "億": 10**8, "万": 10**4}
_SMALL = {"千": 1000, "百": 100, "十": 10}
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_GROUP = re.compile(
    rf"(?P<written>{_WRITTEN})?(?P<small>(?:[0-9]?[千百十])*(?:(?<=[千百十])[0-9])?)", re.ASCII
)
_MINUS = re.compile(r"[-−–▲△]")
# How people write a unit that a form names in one word; a form may name any other.
_ALIKE = (
    ("円", "yen", "jpy", "¥"),
    ("人", "名", "people", "persons"),
    ("か所", "ヵ所", "カ所", "ヶ所", "箇所"),
)
# Behind the number of a field that names no unit, any of these says what is counted anyway.
_COUNTERS = (
    "人",
    "名",
    "件",
    "回",
    "個",
    "社",
    "校",
    "団体",
    "世帯",
    "か所",
    "箇所",
    "日",
    "時間",
    "冊",
    "台",
    "組",
)


def read_amount(text: str, unit: Text) -> Decimal | None:
    """The number a person typed for a field with this unit, or None where it is not exactly one number.

    The unit may stand behind it (¥ before it) in either language or a usual writing; another unit is refused, and so is
    what hedges (約, 程度) or is grouped in no known way (1,2000): a number is read, never guessed.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    units = _units(unit)
    money = "¥" in units
    if money and plain.startswith("¥"):
        plain = plain.removeprefix("¥").removesuffix("-").removesuffix("ー").strip()
    elif money and plain.startswith("金"):
        plain = plain.removeprefix("金").removesuffix("也").strip()
    sign = -1 if _MINUS.match(plain) else 1
    bare = _without_unit(_MINUS.sub("", plain, count=1) if sign < 0 else plain, units).strip()
    number = _read(bare)
    return None if number is None else sign * number


def plainly(number: Decimal) -> str:
    """The number in digits without signs between them, as it is stored: 1200000, 3.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(number: Decimal) -> str:
    """The number as it is read: 1,200,000, 3.5."""
    whole, point, rest = plainly(number).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole != "-0" else f"-0{point}{rest}"


def with_unit(text: str, unit: Text, language: str) -> str:
    """What stands in a field of numbers as it is printed: the number with its unit once; anything else as it is written."""
    number = read_amount(text, unit)
    if number is None:
        return text
    said = unit.say(language)
    return f"{grouped(number)} {said}".rstrip() if language.startswith("en") else f"{grouped(number)}{said}"


def _units(unit: Text) -> tuple[str, ...]:
    own = [word.casefold() for word in (unit.ja, unit.en) if word]
    if not own:
        return _COUNTERS
    alike = [word for words in _ALIKE if set(words) & set(own) for word in words]
    return (*own, *alike)


def _without_unit(text: str, units: Iterable[str]) -> str:
    folded = text.casefold()
    ending = max((one for one in units if folded.endswith(one)), key=len, default="")
    return text[: len(text) - len(ending)] if ending else text


def _read(text: str) -> Decimal | None:
    """万, 億 and 兆 part the number into groups, the larger first; 千, 百 and 十 stand inside one."""
    rest = re.sub(r"(?<=[万億兆千百十,、]) +| +(?=[万億兆千百十,、])", "", text).translate(_KANJI_DIGITS)
    if not rest or len(re.sub(r"[^0-9]", "", rest)) > _LONGEST:
        return None
    total = Decimal(0)
    for sign, factor in _LARGE.items():
        before, found, behind = rest.partition(sign)
        if not found:
            continue
        group = _group(before)
        if group is None:
            return None
        total, rest = total + group * factor, behind
        if not rest:
            return total
    last = _group(rest)
    return None if last is None else total + last


def _group(text: str) -> Decimal | None:
    match = _GROUP.fullmatch(text)
    if not text or match is None:
        return None
    written, small = match["written"], match["small"]
    if written and small and small[0] in _SMALL:  # 3千, 1.5千
        factor = _SMALL[small[0]]
        return Decimal(re.sub("[,、 ]", "", written)) * factor + _smalls(small[1:])
    if written and small:
        return None
    return Decimal(re.sub("[,、 ]", "", written)) if written else Decimal(_smalls(small))


def _smalls(text: str) -> int:
    total = sum(int(digit or 1) * _SMALL[sign] for digit, sign in re.findall("([0-9]?)([千百十])", text))
    return total + int(text[-1]) if text and text[-1].isdigit() else total
