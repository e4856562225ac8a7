"""Days, months, years and fiscal years (April to March) as they stand in plans, with their first and last day."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988}
_APRIL, _MARCH, _OCTOBER, _SEPTEMBER, _DECEMBER = 4, 3, 10, 9, 12
_YEAR = (
    r"(?:(?:西暦)?(?P<year>(?:19|20)\d\d)|(?P<era>令和|平成|昭和|(?<![A-Za-z])[RH]\.?) ?(?P<of_era>\d{1,2}|元)"
    r"|(?<![\d.,/])(?P<short>2\d)(?=年 ?\d{1,2}月))"
)
_TAIL = (
    r"(?P<tail>(?:の)?(?:上半期|下半期|上期|下期|前期|後期|前半|後半)|(?:の)?(?:第?[1-4]四半期)"
    r"|(?:の)?(?:春|夏|秋|冬|上旬|中旬|下旬|初旬|初頭|初め|はじめ|半ば|年末|末日|末)+)?"
)
_WRITTEN = re.compile(
    rf"{_YEAR} ?年(?: ?年)?(?: ?(?P<fiscal>度))?(?: ?(?P<month>1[0-2]|0?[1-9]) ?月(?: ?(?P<day>3[01]"
    rf"|[12]\d|0?[1-9]) ?日)?)?"
    rf" ?{_TAIL}"
)
_SIGNED = re.compile(
    r"(?<![\d.,/])(?:(?P<year>(?:19|20)\d\d)|(?P<era>[RH])\.?(?P<of_era>\d{1,2}))"
    r"([/.\-])(?P<month>1[0-2]|0?[1-9])(?:\4(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d%])(?!\.\d)"
    rf" ?{_TAIL}"
)
_FISCAL = re.compile(
    r"(?<![A-Za-z])(?:FY|[Ff]iscal [Yy]ear|[Ff]inancial [Yy]ear) ?'?(?:(?P<year>20\d\d)|(?P<short>2\d))(?!\d)(?P<fiscal>)"
)
_ENGLISH = re.compile(
    r"(?:(?P<before>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)? )?"
    r"(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?: (?P<day>[12]\d"
    r"|3[01]|0?[1-9])(?:st|nd|rd|th)?,)?"
    r" (?P<year>20\d\d)(?!\d)"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_VAGUE = re.compile("[春夏秋冬]|前半|後半|半ば|初頭")


class Grain(StrEnum):
    """How finely a point in time is given."""

    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"
    HALF = "half"  # 上半期 and the like, quarters
    VAGUE = "vague"  # 2022年春頃: known to be no day


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time that a text names: first and last day of it, and where it stands."""

    grain: Grain
    first: date
    last: date
    start: int
    end: int
    at_end: bool = False  # 末: what comes after it comes after its last day


def find_points(folded: str) -> Iterator[Point]:
    """The points in time of a folded text that name their year, in order, none overlapping."""
    found = sorted(
        (point for pattern in (_WRITTEN, _SIGNED, _FISCAL, _ENGLISH) for point in _points(pattern, folded)),
        key=lambda point: (point.start, -point.end),
    )
    reached = 0
    for point in found:
        if point.start >= reached:
            reached = point.end
            yield point


def month_of(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def fiscal_year_of(year: int) -> tuple[date, date]:
    """First and last day of the Japanese fiscal year that begins in `year`."""
    return date(year, _APRIL, 1), month_of(year + 1, _MARCH)[1]


def _points(pattern: re.Pattern[str], folded: str) -> Iterator[Point]:
    for match in pattern.finditer(folded):
        groups = match.groupdict()
        year = _year(groups)
        if year is None:
            continue
        grain, first, last = _extent(year, groups)
        if grain is Grain.YEAR and re.compile(r" ?\d").match(folded, match.end()):
            grain = Grain.VAGUE  # 「2023年7・10月」
        tail = groups.get("tail") or ""
        yield Point(grain, first, last, match.start(), match.end(), at_end="末" in tail)


def _year(groups: dict[str, str | None]) -> int | None:
    if written := groups.get("year"):
        return int(written)
    if short := groups.get("short"):
        return 2000 + int(short)
    era, number = groups.get("era"), groups.get("of_era")
    if not era or not number:
        return None
    return _ERAS[era.rstrip(".")] + (1 if number == "元" else int(number))


def _extent(year: int, groups: dict[str, str | None]) -> tuple[Grain, date, date]:
    tail = groups.get("tail") or ""
    month = _MONTHS.index(str(groups["name"])) + 1 if groups.get("name") else int(groups.get("month") or 0)
    fiscal = groups.get("fiscal") is not None
    if _VAGUE.search(tail):
        return Grain.VAGUE, date(year, 1, 1), date(year, _DECEMBER, 31)
    if not month:
        return _extent_of_year(year, fiscal=fiscal, tail=tail)
    if fiscal and month < _APRIL:
        year += 1
    first, last = month_of(year, month)
    if day := int(groups.get("day") or groups.get("before") or 0):
        if day > last.day:  # 2月30日: a slip nobody should mend silently
            return Grain.VAGUE, first, last
        return Grain.DATE, date(year, month, day), date(year, month, day)
    if "末日" in tail:
        return Grain.DATE, last, last
    return Grain.MONTH, first, last


def _extent_of_year(year: int, *, fiscal: bool, tail: str) -> tuple[Grain, date, date]:
    quarter = re.search("[1-4](?=四半期)", tail)
    begins = _APRIL if fiscal else 1
    if quarter:
        months = begins - 1 + 3 * (int(quarter.group()) - 1)
        return Grain.HALF, month_of(year + months // 12, months % 12 + 1)[0], _month_end(year, months + 2)
    if re.search("上|前期", tail):
        return Grain.HALF, date(year, begins, 1), _month_end(year, begins + 4)
    if re.search("下(?!旬)|後期", tail):
        return Grain.HALF, month_of(year, begins + 6)[0], _month_end(year, begins + 10)
    if fiscal:
        return Grain.FISCAL_YEAR, *fiscal_year_of(year)
    if "末" in tail:
        return Grain.MONTH, *month_of(year, _DECEMBER)
    return Grain.YEAR, date(year, 1, 1), date(year, _DECEMBER, 31)


def _month_end(year: int, months: int) -> date:
    return month_of(year + months // 12, months % 12 + 1)[1]
