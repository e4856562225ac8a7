"""What an achieve-by phrase (目標達成時期) says: a day, a month, a fiscal year, a range, several, or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from minori.indicators import items, wordings
from minori.indicators.dates import Grain, Point, find_points, fiscal_year_of, month_of
from minori.indicators.folding import fold


class WhenKind(StrEnum):
    """How a time is given, or which of the ways of giving none."""

    DATE = "date"
    MONTH = "month"
    FISCAL_YEAR = "fiscal_year"
    RANGE = "range"
    MANY = "many"
    END_OF_PROJECT = "end_of_project"
    ONGOING = "ongoing"
    SAME = "same"
    NONE = "none"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class When:
    """One reading of one achieve-by phrase.

    `first` and `last` are the first and last day meant: of 2024年3月末 the whole month, of 2023年度 April to March.
    One of them is None where a range is open. Several times are kept apart in `several`, in the order of the
    text; then `first` and `last` are the earliest and the latest of them.
    """

    text: str
    kind: WhenKind
    first: date | None = None
    last: date | None = None
    several: tuple["When", ...] = ()


_TO = re.compile(
    r" ?(?:\([^()]{1,6}\))? ?(?:頃|ごろ|中)? ?(?:~|-|→|ー|から|より|to|until)+ ?(?:翌年?)?", re.IGNORECASE
)
_OPEN_END = re.compile(r" ?(?:頃|ごろ)? ?(?:~|以降|から|より|onwards?)(?! ?\d)")
_OPEN_START = re.compile(r"(?:^|[\s:(])(?:~|-) ?$")
_FROM = re.compile(r"(?<![A-Za-z])(?:from|since) $", re.IGNORECASE)  # every month from September 2026
# 「2023年10～11月」「2024年6月～8月」「2023年11月から翌年3月」: the second month borrows its year
_SHORT_END = re.compile(
    r" ?(?P<next>翌年? ?)?(?P<month>1[0-2]|0?[1-9])(?: ?月|(?=/\d{1,2}(?!\d)))(?:/?(?P<day>3[01]"
    r"|[12]\d|0?[1-9])日?(?!\d))?末?日?"
)
_AND = r" ?(?:末|頃|ごろ)? ?(?:[・、,/&]|または|又は|もしくは|及び|および|と) ?"
_LISTED = re.compile(rf"{_AND}(?P<month>1[0-2]|0?[1-9]) ?月(?!間)末?")
_BARE_MONTH = re.compile(r"(?<![\d年か])(?<!年 )(?:1[0-2]|[1-9]) ?月(?!間|\d)")
_MONTHS_OF_A_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d) ?年(?P<months>(?: ?(?:1[0-2]|0?[1-9]) ?月?[・、,]){1,11} ?(?:1[0-2]|0?[1-9])) ?月(?!間)"
)
_SEVERAL_YEARS = re.compile(
    r"(?<![\d./])(?P<years>20\d\d(?:年度?)?(?: ?(?:[・、,/&]|及び|と) ?20\d\d(?:年度?)?)+)(?<=[年度])(?! ?\d{1,2}月)"
)
_UNTIL_DAY = re.compile(
    r" ?(?:\([^()]{1,3}\))? ?(?:~|-|から) ?(?:(?P<month>1[0-2]|0?[1-9]) ?月 ?)?(?P<day>3[01]|[12]\d|0?[1-9]) ?日"
)
_LASTING = re.compile(
    r" ?(?:末|頃)? ?(?:から|より) ?(?P<count>\d{1,2}) ?(?P<unit>[かカヶケヵ箇]?年|[かカヶケヵ箇]月)間?"
)
_SPREAD = re.compile(
    r"(?P<year>(?:19|20)\d\d) ?年 ?(?P<from>1[0-2]|0?[1-9]) ?月? ?[~\-] ?(?P<to>1[0-2]|0?[1-9]) ?月(?!間)"
)
_YEARS = re.compile(
    r"(?<![\d./])(?P<from>20\d\d)(?:年)? ?[~\-] ?(?P<to>20\d\d) ?年(?P<fiscal>度)?(?! ?\d{1,2}月)"
)
_WORDS = (
    (wordings.NOTHING, WhenKind.NONE),
    (wordings.THE_SAME, WhenKind.SAME),
    (wordings.END_OF_PROJECT, WhenKind.END_OF_PROJECT),
    (wordings.ONGOING, WhenKind.ONGOING),
)
_WORDED = {kind for _, kind in _WORDS}
_KINDS = {Grain.DATE: WhenKind.DATE, Grain.MONTH: WhenKind.MONTH, Grain.FISCAL_YEAR: WhenKind.FISCAL_YEAR}


def read_when(text: str) -> When:
    """Read an achieve-by phrase. Never raises; what is not understood for certain is TEXT without dates."""
    folded = fold(text)
    pieces = items.split(folded)
    found: list[When] = []
    for item in pieces:
        found.extend(_times(text, folded, item.body, item.end) or _worded_time(text, folded, item))
    if len(found) == 1:
        return When(text, found[0].kind, found[0].first, found[0].last)
    if found and {time.kind for time in found} <= _WORDED and len({time.kind for time in found}) == 1:
        return When(text, found[0].kind)
    if found:
        firsts = [time.first for time in found if time.first]
        lasts = [time.last for time in found if time.last]
        return When(text, WhenKind.MANY, min(firsts, default=None), max(lasts, default=None), tuple(found))
    return When(text, WhenKind.TEXT)


def _worded_time(text: str, folded: str, item: items.Item) -> list[When]:
    """An item that says its time in a word: 事業終了時, 随時, 同上, なし."""
    body = folded[item.body : item.end]
    bare = wordings.without_marks(body)
    for pattern, kind in _WORDS:
        if pattern.fullmatch(bare) or pattern.fullmatch(body.strip()):
            return [When(text[item.body : item.end].strip(), kind)]
    return []


def _times(text: str, folded: str, start: int, end: int) -> list[When]:
    """The times of one item; a vague one (2022年春頃) makes the item say nothing certain."""
    piece = folded[start:end]
    special = _spread(text, piece, start)
    if special is not None:
        return special
    points = list(find_points(piece))
    if any(point.grain is Grain.VAGUE for point in points):
        return []
    times: list[When] = []
    place = 0
    while place < len(points):
        point = points[place]
        if place + 1 < len(points) and _TO.fullmatch(piece, point.end, points[place + 1].start):
            follower = points[place + 1]
            times.append(_range(text, start, point, follower))
            place += 2
        else:
            times.extend(_alone(text, piece, start, point))
            place += 1
    times = _same_time(piece, points, times)
    if times and _is_left_out(text, piece, times):
        return [When(text[start:end].strip(), WhenKind.TEXT)]
    return times


def _same_time(piece: str, points: Sequence[Point], times: list[When]) -> list[When]:
    """「2024年度末（2025年3月）」 is said twice: the finer one stands."""
    if len(times) != len(points) or len(times) != 2:  # noqa: PLR2004 - a time and its remark
        return times
    first, second = points
    bracketed = piece[first.end : second.start].strip() == "(" and piece[second.end : second.end + 1] == ")"
    if bracketed and first.first <= second.first and second.last <= first.last:
        return times[1:]
    if bracketed and second.first <= first.first and first.last <= second.last:
        return times[:1]
    return times


def _is_left_out(text: str, piece: str, times: Sequence[When]) -> bool:
    """Whether the item names a month without a year that no time took in: 「2024年3月に1回目、9月に2回目」."""
    said = sum(len(_BARE_MONTH.findall(fold(time.text))) for time in times)
    return len(_BARE_MONTH.findall(piece)) > said


def _range(text: str, offset: int, point: Point, follower: Point) -> When:
    words = text[offset + point.start : offset + follower.end]
    if follower.last < point.first:
        return When(words, WhenKind.TEXT)
    return When(words, WhenKind.RANGE, point.first, follower.last)


def _alone(text: str, piece: str, offset: int, point: Point) -> list[When]:
    def written(end: int, start: int = point.start) -> str:
        return text[offset + start : offset + end]

    if point.grain is Grain.MONTH and (short := _short_end(piece, point)):
        last, end = short
        return [When(written(end), WhenKind.RANGE, point.first, last)]
    if point.grain is Grain.MONTH and _LISTED.match(piece, point.end):
        times = [When(written(point.end), WhenKind.MONTH, point.first, point.last)]
        end = point.end
        while listed := _LISTED.match(piece, end):
            first, last = month_of(point.first.year, int(listed["month"]))
            times.append(When(written(listed.end(), listed.start()), WhenKind.MONTH, first, last))
            end = listed.end()
        return times
    if lasting := _LASTING.match(piece, point.end):
        months = int(lasting["count"]) * (12 if "年" in lasting["unit"] else 1)
        return [_lasting(written(lasting.end()), point, months)]
    if point.grain is Grain.DATE and (until := _UNTIL_DAY.match(piece, point.end)):
        return [_until_day(written(until.end()), point, until)]
    if opened := _OPEN_END.match(piece, point.end):
        begins = point.last if point.at_end else point.first
        return [When(written(opened.end()), WhenKind.RANGE, begins, None)]
    if opening := _OPEN_START.search(piece[max(point.start - 3, 0) : point.start]):
        start = point.start - len(opening.group().lstrip(" :("))
        return [When(written(point.end, start), WhenKind.RANGE, None, point.last)]
    near = max(point.start - 7, 0)  # a longer look back would make long pastes slow
    if since := _FROM.search(piece[near : point.start]):
        return [When(written(point.end, near + since.start()), WhenKind.RANGE, point.first, None)]
    kind = _KINDS.get(point.grain, WhenKind.RANGE)
    return [When(written(point.end), kind, point.first, point.last)]


def _until_day(words: str, point: Point, until: re.Match[str]) -> When:
    """「5月11日～12日」, 「3月30日から4月5日」 of one year."""
    month = int(until["month"] or point.first.month)
    _, end = month_of(point.first.year, month)
    day = int(until["day"])
    if day > end.day or end.replace(day=day) < point.first:
        return When(words, WhenKind.TEXT)
    return When(words, WhenKind.RANGE, point.first, end.replace(day=day))


def _lasting(words: str, point: Point, months: int) -> When:
    """「2023年4月から1年間」: to the end of the month before; of a time that is no month nobody can say."""
    if point.grain is not Grain.MONTH or not months:
        return When(words, WhenKind.TEXT)
    total = point.first.year * 12 + point.first.month - 1 + months - 1
    return When(words, WhenKind.RANGE, point.first, month_of(total // 12, total % 12 + 1)[1])


def _short_end(piece: str, point: Point) -> tuple[date, int] | None:
    to = _TO.match(piece, point.end)
    short = _SHORT_END.match(piece, to.end()) if to else None
    if to is None or short is None:
        return None
    year = point.first.year + (1 if "翌" in to.group() or short["next"] else 0)
    first, last = month_of(year, int(short["month"]))
    day = int(short["day"] or last.day)
    if day > last.day or last < point.first:
        return None
    return first.replace(day=day), short.end()


def _spread(text: str, piece: str, offset: int) -> list[When] | None:
    """「2023年9～10月」 and 「2022～2024年度」, which name a year or a month only once."""
    if match := _SPREAD.search(piece):
        year = int(match["year"])
        first, last = month_of(year, int(match["from"])), month_of(year, int(match["to"]))
        if first[0] <= last[0] and len(list(find_points(piece))) == 1:
            return [_worded(text, offset, match, first[0], last[1])]
    if (match := _MONTHS_OF_A_YEAR.search(piece)) and len(list(find_points(piece))) == 1:
        months = [month_of(int(match["year"]), int(one)) for one in re.findall(r"\d+", match["months"])]
        words = text[offset + match.start() : offset + match.end()]
        return [When(words, WhenKind.MONTH, first, last) for first, last in months]
    if (match := _SEVERAL_YEARS.search(piece)) and (years := re.findall(r"20\d\d", match["years"])):
        words = text[offset + match.start() : offset + match.end()]
        if "度" in match["years"]:
            return [When(words, WhenKind.FISCAL_YEAR, *fiscal_year_of(int(year))) for year in years]
        return [When(words, WhenKind.RANGE, date(int(year), 1, 1), date(int(year), 12, 31)) for year in years]
    if match := _YEARS.search(piece):
        begins, ends = int(match["from"]), int(match["to"])
        if begins <= ends:
            month = 4 if match["fiscal"] else 1
            last_day = date(ends + 1, 3, 31) if match["fiscal"] else date(ends, 12, 31)
            return [_worded(text, offset, match, date(begins, month, 1), last_day)]
    return None


def _worded(text: str, offset: int, match: re.Match[str], first: date, last: date) -> When:
    return When(text[offset + match.start() : offset + match.end()], WhenKind.RANGE, first, last)
