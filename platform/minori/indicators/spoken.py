"""What a report's words say in numbers and what span of time they tell of: the start of a number box, never its end.

A phrase that only says of when the number is (「9月末現在」, 「今期」, 「事業開始から」) is understood as that and left out
of the amount. Whatever is not said stays open: a person chooses it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from minori.indicators.dates import Grain, find_points, month_of
from minori.indicators.folding import fold
from minori.indicators.measures import Confidence, Kind, Measure, Per
from minori.indicators.reading import Field, read
from minori.indicators.records import amount
from minori.indicators.statements import Covers

_SINCE = re.compile(
    r"(?:(?:本|当)?(?:事業|助成|支援|活動)(?:の)?)?開始(?:以来|後|時?から|より)(?:の?(?:累計|累積|通算|合計)(?:で|は)?)?"
    r"|(?<![一-龥])(?:累計|累積|通算)(?:で|は|では)?|これまで(?:に|の|で)"
    r"|\bsince (?:the )?(?:start|beginning)(?: of the project)?\b|\bcumulative(?:ly)?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:今|本|当|同)年度(?:は|に|の|中|累計(?:で)?)?|(?:20\d\d|(?:令和|R)\d{1,2})年度(?:は|に|の|中|累計(?:で)?)?"
    r"|(?<!\d)4月(?:から|以降|より)(?:の)?|\bfiscal year to date\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?:今|本|当)(?:半期|期)(?:は|に|の|中)?|(?<!次の)(?:上|下)(?:半)?期(?:は|に|の|中)?|(?:この|報告)(?:対象)?(?:半年|期間)(?:は|に|の|中)?"
    r"|\b(?:in )?this (?:period|round|half[- ]year)\b",
    re.IGNORECASE,
)
_AS_OF = r" ?(?:末日?)?(?:現在|時点|付)(?:で|の|では|において)?(?:は)?"
_BARE = r"(?<![\d.年/])(?P<month>1[0-2]|0?[1-9]) ?(?:月|/)(?: ?(?P<day>3[01]|[12]\d|0?[1-9]) ?日?)?(?:末日?)?"
_BARE_AS_OF = re.compile(_BARE + _AS_OF)
_WRAPPED = re.compile(r"\(([^()]{0,6})\)|（([^（）]{0,6})）")
_SAID = (Kind.EXACT, Kind.AT_LEAST, Kind.AT_MOST, Kind.ABOUT, Kind.RANGE, Kind.SHARE, Kind.SCALE)
_SIGNS = {Kind.AT_LEAST: "≧", Kind.AT_MOST: "≦", Kind.ABOUT: "約"}
_OVER = {
    Per.YEAR: "／年",
    Per.FISCAL_YEAR: "／年度",
    Per.MONTH: "／月",
    Per.OCCURRENCE: "／回",
    Per.ORGANIZATION: "／団体",
}


LONGEST, MOST = 160, 8  # letters, and runs of digits
_NUMBERS = re.compile(r"\d+(?:[,，.．]\d+)*")


@dataclass(frozen=True, slots=True)
class Period:
    """The round's period that a report tells of."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Spoken:
    """`measure` is the one amount that was understood completely; else None, and `several` are the amounts that stand there.

    `covers` is None where the words do not say it, `on` the day of `Covers.DATE`.
    """

    measure: Measure | None = None
    covers: Covers | None = None
    on: date | None = None
    several: tuple[Measure, ...] = ()


@lru_cache(maxsize=2048)  # a page shows the same texts again and again, and reading one takes milliseconds
def read_actual(text: str, period: Period | None = None) -> Spoken:
    """What one indicator's text reports. Never raises, never guesses a span of time.

    A long text, or one of many numbers, tells a story: no single number is its sum, and none is read.
    """
    if len(text) > LONGEST or len(_NUMBERS.findall(text)) > MOST:
        return Spoken()
    folded = fold(text)
    covers, on, spans = _coverage(folded, period)
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    whole = read("".join(letters), field=Field.ACTUAL)
    found = tuple(replace(one, text=text) for one in _leaves(whole) if one.kind in _SAID)
    if whole.confidence is Confidence.SURE and not whole.parts and len(found) == 1:
        return Spoken(replace(found[0], unread=()), covers, on)
    return Spoken(None, covers, on, found)


def _leaves(measure: Measure) -> Iterator[Measure]:
    if measure.parts:
        for part in measure.parts:
            yield from _leaves(part)
    elif measure.value is not None:
        yield measure


def _coverage(folded: str, period: Period | None) -> tuple[Covers | None, date | None, list[tuple[int, int]]]:
    """What the words cover and where they say so; two different spans of time are none."""
    found: dict[Covers, list[tuple[int, int]]] = {}
    on: date | None = None
    days = list(_days(folded, period))
    if days and len({day for day, _, _ in days}) == 1:
        on = days[0][0]
        found[Covers.DATE] = [(start, end) for _, start, end in days]
    masked = folded
    for start, end in found.get(Covers.DATE, ()):
        year = _YEAR.match(folded, start, end)
        if year is None:
            masked = masked[:start] + " " * (end - start) + masked[end:]
    for covers, pattern in ((Covers.START, _SINCE), (Covers.FISCAL_YEAR, _YEAR), (Covers.PERIOD, _PERIOD)):
        if places := [match.span() for match in pattern.finditer(masked)]:
            found[covers] = places
    spans = sorted(span for places in found.values() for span in places)
    if set(found) == {Covers.DATE, Covers.FISCAL_YEAR}:
        return Covers.FISCAL_YEAR, None, spans  # 「2022年度9月末現在」: the year to that day
    if len(found) != 1:
        return None, None, []
    covers = next(iter(found))
    return covers, on if covers is Covers.DATE else None, _with_brackets(folded, spans)


def _days(folded: str, period: Period | None) -> Iterator[tuple[date, int, int]]:
    """「2022年9月末現在」, 「(9/30時点)」: days as of which something is, and where they stand."""
    reached = 0
    for point in find_points(folded):
        behind = re.compile(_AS_OF).match(folded, point.end)
        if behind and point.grain in (Grain.DATE, Grain.MONTH):
            reached = behind.end()
            yield point.last, point.start, behind.end()
    for match in _BARE_AS_OF.finditer(folded):
        if match.start() >= reached and period and (day := _within(match, period)):
            yield day, match.start(), match.end()


def _within(match: re.Match[str], period: Period) -> date | None:
    """The day without a year that lies in the period, or in the two months behind it."""
    month = int(match["month"])
    for year in (period.starts_on.year, period.ends_on.year, period.ends_on.year + 1):
        _, last = month_of(year, month)
        day = int(match["day"] or last.day)
        if day > last.day:
            continue
        found = last.replace(day=day)
        if period.starts_on <= found and (found - period.ends_on).days <= 62:  # noqa: PLR2004 - two months
            return found
    return None


def _with_brackets(folded: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A span that stands alone in brackets takes them along: 「34名(9月末現在)」."""
    wider = []
    for start, end in spans:
        wrapped = folded[start - 1 : start] == "(" and folded[end : end + 1] == ")"
        wider.append((start - 1, end + 1) if wrapped else (start, end))
    return wider


@dataclass(frozen=True, slots=True)
class Written:
    """A measure as a person would type it into a box: the number, and its unit."""

    value: str = ""
    unit: str = ""


def write(measure: Measure) -> Written | None:
    """A measure in the two fields of a number box; None where they cannot say it. `understand` gives back its like."""
    if measure.value is None or measure.kind not in _SAID or measure.years:
        return None
    number = _digits(measure.value)
    unit = measure.unit + (_OVER.get(measure.per, "") if measure.per else "")
    if measure.kind is Kind.SCALE:
        if measure.step is not None or measure.of is None:
            return None
        written = Written(number, f"（{_digits(measure.of)}段階中）")
    elif measure.kind is Kind.SHARE and measure.of is not None:
        written = Written(f"{number}/{_digits(measure.of)}", unit)
    elif measure.kind is Kind.RANGE:
        written = Written(f"{number}～{_digits(measure.upper)}", unit)
    else:
        written = Written(f"{_SIGNS.get(measure.kind, '')}{number}", unit)
    again = understand(written.value, written.unit, text=measure.text)
    same = again is not None and (again.kind, again.value, again.upper, again.of, again.unit) == (
        measure.kind,
        measure.value,
        measure.upper,
        measure.of,
        measure.unit,
    )
    return written if same else None


def _digits(value: object) -> str:
    plain = amount(value)  # type: ignore[arg-type]  # a decimal
    whole, point, rest = str(plain).partition(".")
    return f"{int(whole):,}{point}{rest}"


_PLAIN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?")
_UNIT = re.compile(r"(?P<unit>[^／/]*)(?:[／/](?P<over>年度|年|月|回|団体))?")
_PERS = {words[1:]: per for per, words in _OVER.items()}


def understand(value: str, unit: str, *, text: str) -> Measure | None:
    """What a person typed into a number box; None where it is no number.

    A plain number is taken as it is, in whatever unit stands beside it; 約100, ≧100, 44/48 and 3～5 are read as phrases are.
    """
    typed, unit = fold(value).strip().replace(" ", ""), unit.strip()
    if _PLAIN.fullmatch(typed) and not unit.startswith(("（", "(")):
        said = read(f"{typed.lstrip('-')}人", field=Field.ACTUAL)
        over = _UNIT.fullmatch(unit)
        counted = over["unit"].strip() if over else unit
        percent = fold(counted) in ("%", "パーセント")
        if said.value is None:
            return None
        return Measure(
            text,
            Kind.SHARE if percent else Kind.EXACT,
            value=-said.value if typed.startswith("-") else said.value,
            unit="%" if percent else counted,
            per=_PERS.get(over["over"]) if over and over["over"] else None,
            confidence=Confidence.SURE,
        )
    found = read(f"{typed}{unit}", field=Field.ACTUAL)
    if found.parts or found.value is None or found.unread or found.kind not in _SAID:
        return None
    return replace(found, text=text, confidence=Confidence.SURE, span=None)
