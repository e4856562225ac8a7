"""Phrases into measures: what a target, baseline or actual says in numbers, and what of it was not understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from minori.indicators import items, wordings
from minori.indicators.amounts import Amount
from minori.indicators.folding import fold
from minori.indicators.lines import Found, read_line
from minori.indicators.measures import Confidence, Kind, Measure, Step
from minori.indicators.not_values import mask


class Field(StrEnum):
    """Where a phrase stands: a bare number is at least to be reached in a target, and exactly so in the others."""

    TARGET = "target"
    STATE = "state"  # what is to be reached at mid-term or at the end
    BASELINE = "baseline"
    ACTUAL = "actual"


_AIMS = (Field.TARGET, Field.STATE)
_BEFORE = "初期[値状]|現状|現在|これまで|従来|実績(?![数報])|前年|昨年|前回|当初|開始[時前]|達成済|current|baseline|so far"
_AHEAD = (
    "目標|計画(?=[はでの値数:= ]|$)|予定|見込|想定|目指|次回|来[年月期]|今後|target|planned|goal|scheduled"
)
_NOT_SO = "残り|残る|定員(?!充足)|募集|応募|中止|欠席|辞退|取りやめ|capacity|cancel"
_ELSEWHERE = MappingProxyType(
    {
        Field.TARGET: re.compile(_BEFORE, re.IGNORECASE),
        Field.STATE: re.compile(_BEFORE, re.IGNORECASE),
        Field.BASELINE: re.compile(_AHEAD, re.IGNORECASE),
        Field.ACTUAL: re.compile(f"{_AHEAD}|{_NOT_SO}|初期[値状]|前[年回期]|昨年|当初|現状", re.IGNORECASE),
    }
)


# between two amounts these leave it to a person which one counts
_OR = re.compile("又は|または|もしくは|若しくは|あるいは|或いは|或は|ないし|乃至|\\bor\\b", re.IGNORECASE)
_EITHER = re.compile("いずれか|どちらか|何れか|\\beither\\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    folded: str
    masked: str
    bare: Kind  # what a bare number means here
    elsewhere: re.Pattern[str]  # words by which a number here says something else: what was, what is to be


def read(text: str, *, field: Field = Field.TARGET) -> Measure:
    """Read one phrase or cell. Never raises; a text in which nothing is understood is TEXT, without an amount.

    A cell of one amount is one measure. Several amounts, and several numbered items of which one holds an
    amount, are `parts`: then the whole has no value of its own, and the kind that all its parts share, else TEXT.
    """
    folded = fold(text)
    bare = Kind.AT_LEAST if field in _AIMS else Kind.EXACT
    cell = _Cell(text, folded, mask(folded), bare, _ELSEWHERE[field])
    whole = [item for item in items.split(folded) if not (item.numbered and item.body >= item.end)] or [
        items.Item(0, len(folded), 0, numbered=False, bulleted=False)
    ]
    if any(item.numbered for item in whole) and len(groups := _groups(whole)) > 1:
        return _numbered(cell, groups)
    return _plain(cell, whole, 0, len(text))


def _groups(whole: Sequence[items.Item]) -> list[list[items.Item]]:
    """Numbered items with what follows each of them; what stands before the first is a group of its own."""
    groups: list[list[items.Item]] = []
    for item in whole:
        if item.numbered or not groups:
            groups.append([item])
        else:
            groups[-1].append(item)
    return groups


def _numbered(cell: _Cell, groups: Sequence[Sequence[items.Item]]) -> Measure:
    readings = [_plain(cell, group, group[0].start, group[-1].end) for group in groups]
    doubted = _alternatives(cell, [one.span for one in readings], groups[0][0].start, groups[-1][-1].end)
    readings = [
        replace(one, confidence=Confidence.CHECK) if doubtful else one
        for one, doubtful in zip(readings, doubted, strict=True)
    ]
    heading = [] if groups[0][0].numbered else readings[:1]
    parts = readings[len(heading) :]
    if heading and _holds_amount(heading[0]):
        heading, parts = [], readings
    kinds = {part.kind for part in parts}
    kind = kinds.pop() if len(kinds) == 1 else Kind.TEXT
    if len(kinds) == 0 and not any(map(_holds_amount, parts)):
        whole = _words(cell, 0, len(cell.text))
        return (
            whole
            if kind is whole.kind
            else replace(parts[0], text=cell.text, kind=kind, span=None, unread=())
        )
    unread = tuple(part.text.strip() for part in heading)
    sure = not unread and all(part.confidence is Confidence.SURE for part in parts)
    return Measure(
        cell.text,
        kind,
        parts=tuple(parts),
        confidence=Confidence.SURE if sure else Confidence.CHECK,
        unread=unread,
    )


def _alternatives(cell: _Cell, spans: Sequence[tuple[int, int] | None], start: int, end: int) -> list[bool]:
    """Which of several amounts of a stretch stand beside an "or": between 50 and 60 a person chooses."""
    doubted = [len(spans) > 1 and bool(_EITHER.search(cell.folded, start, end))] * len(spans)
    known = [(place, span) for place, span in enumerate(spans) if span is not None]
    for (place, span), (following, other) in pairwise(known):
        if _OR.search(cell.masked[span[1] : other[0]]):
            doubted[place] = doubted[following] = True
    return doubted


def _is_bracketed(line: str) -> bool:
    """Whether a line is a remark on the one before: (2箇所×10回＝20回を想定)."""
    bare = line.strip()
    return bare.startswith("(") and bare.endswith(")") and bare.find(")") == len(bare) - 1


def _holds_amount(measure: Measure) -> bool:
    return measure.is_numeric or any(map(_holds_amount, measure.parts))


def _plain(cell: _Cell, group: Sequence[items.Item], start: int, end: int) -> Measure:
    """A stretch without numbered items: its amounts are one measure or its parts, its other words unread."""
    words = _words(cell, start, end, group)
    if words.kind in (Kind.NONE, Kind.SAME):
        return words
    found: list[Found] = []
    unread: list[str] = []
    for item in group:
        if found and _is_bracketed(cell.folded[item.body : item.end]):
            unread.append(cell.text[item.body : item.end].strip())
            continue
        here = read_line(cell.folded, cell.masked, item.body, item.end)
        found.extend(here)
        if not here and (words_only := cell.text[item.body : item.end].strip()):
            unread.append(words_only)
    if not found:
        return words
    doubted = _alternatives(cell, [(one.amount.start, one.amount.end) for one in found], start, end)
    found = [
        replace(one, sure=False, amount=replace(one.amount, doubtful=True)) if doubtful else one
        for one, doubtful in zip(found, doubted, strict=True)
    ]
    if (years := _years(cell, found, start, end)) is not None:
        return replace(years, unread=tuple(unread), confidence=Confidence.CHECK) if unread else years
    measures = [_measure(cell, one) for one in found]
    text = cell.text[start:end]
    if len(measures) == 1:
        only = measures[0]
        left = (*only.unread, *unread)
        sure = only.confidence is Confidence.SURE and not left
        return replace(only, text=text, unread=left, confidence=Confidence.SURE if sure else Confidence.CHECK)
    kinds = {measure.kind for measure in measures}
    sure = not unread and all(measure.confidence is Confidence.SURE for measure in measures)
    return Measure(
        text,
        kinds.pop() if len(kinds) == 1 else Kind.TEXT,
        parts=tuple(measures),
        confidence=Confidence.SURE if sure else Confidence.CHECK,
        unread=tuple(unread),
    )


_ERA_YEAR = r"(?:(?P<year>20\d\d)|(?P<era>令和|平成|R|H)(?P<of_era>\d{1,2}|元))"
# a deadline (年度末までに) names no year that a value belongs to
_YEAR_LABEL = re.compile(
    rf"(?:.*?[:、,・ ](?=(?:西暦)?[^:、,・ ]{{2,6}}年)|.*?[:、,・] *|)(?:西暦)?{_ERA_YEAR} ?(?:年度?|(?=[:= ]))"
    r"(?:の)?(?:実績|目標値?|は|に|[:=、 ])*",
    re.DOTALL,
)


def _years(cell: _Cell, found: Sequence[Found], start: int, end: int) -> Measure | None:
    """「2023年度:10人 2024年度:20人」: one value per named year, where every amount has its own."""
    values: dict[str, Decimal] = {}
    for one in found:
        label = _YEAR_LABEL.fullmatch(cell.folded[one.label[0] : one.label[1]])
        if label is None or one.amount.upper is not None or one.amount.of is not None:
            return None
        first = int(label["year"] or 0) or {"令": 2018, "R": 2018}.get(label["era"][0], 1988) + (
            1 if label["of_era"] == "元" else int(label["of_era"])
        )
        values[str(first)] = one.amount.value
    behind = any(begin >= one.amount.end for one in found for begin, _ in one.unread)
    same = len({(one.amount.unit, one.amount.kind, one.amount.per) for one in found}) == 1
    if len(values) != len(found) or not same:
        return None
    amount = found[0].amount
    sure = not behind and not any(one.amount.doubtful for one in found)
    return Measure(
        cell.text[start:end],
        _kind(cell, amount),
        value=amount.value if len(found) == 1 else None,
        unit=amount.unit,
        per=amount.per,
        years=MappingProxyType(values),
        confidence=Confidence.SURE if sure else Confidence.CHECK,
        span=(found[0].amount.start, found[-1].amount.end),
    )


def _kind(cell: _Cell, amount: Amount) -> Kind:
    if amount.kind:
        return amount.kind
    if amount.unit == "%":
        return Kind.SHARE
    if not amount.value and cell.bare is Kind.AT_LEAST:
        return Kind.EXACT  # at least nothing says nothing: a planned zero is meant as written
    return cell.bare


def _measure(cell: _Cell, one: Found) -> Measure:
    amount = one.amount
    kind = _kind(cell, amount)
    around = cell.folded[one.clause[0] : amount.start] + "\n" + cell.folded[amount.end : one.clause[1]]
    sure = one.sure and not (kind is Kind.EXACT and cell.bare is Kind.AT_LEAST)
    sure = sure and not cell.elsewhere.search(around)
    return Measure(
        cell.text[slice(*one.clause)].strip(),
        kind,
        value=amount.value,
        upper=amount.upper,
        unit=amount.unit,
        per=amount.per,
        of=amount.of,
        step=Step(amount.step) if amount.step else None,
        confidence=Confidence.SURE if sure else Confidence.CHECK,
        span=(amount.start, amount.end),
        unread=tuple(cell.text[begin:stop] for begin, stop in one.unread),
    )


def _words(cell: _Cell, start: int, end: int, group: Sequence[items.Item] | None = None) -> Measure:
    text = cell.text[start:end]
    lines = (
        [cell.folded[item.body : item.end] for item in group] if group else cell.folded[start:end].split("\n")
    )
    readings = [_word(line) for line in lines if line.strip()]
    whole = _word(cell.folded[group[0].body if group else start : end])
    kinds = {kind for kind, _ in readings} or {whole[0]}
    if whole[0] in (Kind.NONE, Kind.SAME):
        kinds, readings = {whole[0]}, [whole]
    kind = next((kind for kind in _ORDER if kind in kinds), Kind.TEXT) if len(kinds) > 1 else kinds.pop()
    sure = bool(readings) and all(exact for _, exact in readings) and {one for one, _ in readings} == {kind}
    stripped = text.strip()
    begin = start + (text.find(stripped) if stripped else 0)
    return Measure(
        text,
        kind,
        value=Decimal(100) if kind is Kind.ALL else None,
        unit="%" if kind is Kind.ALL else "",
        confidence=Confidence.SURE if sure else Confidence.CHECK,
        span=None if kind is Kind.TEXT else (begin, begin + len(stripped)),
        unread=(stripped,) if kind is Kind.TEXT and stripped else (),
    )


_ORDER = (Kind.UNDECIDED, Kind.ALL, Kind.STATE, Kind.TEXT)


def _undecided(bare: str) -> tuple[Kind, bool] | None:
    """To be set later: all that is said, or the last sentence, or what follows a label (「初期値：未定」)."""
    last = re.split("。(?=.)|[:\n]", bare)[-1].strip()
    without_remark = re.sub(r" ?\([^()]*\)$", "", last)
    if wordings.UNDECIDED.fullmatch(without_remark):
        return Kind.UNDECIDED, without_remark == bare
    return None


def _word(line: str) -> tuple[Kind, bool]:
    """What one line without an amount says, and whether that is all it says."""
    bare, dashes = wordings.without_marks(line), line.strip()
    for pattern, kind, exact in wordings.WHOLE:
        if pattern.fullmatch(bare) or pattern.fullmatch(dashes):
            return kind, exact
    if kind_and_exact := _undecided(bare):
        return kind_and_exact
    if wordings.ALL.fullmatch(bare):
        return Kind.ALL, True
    if wordings.ALL_WITHIN.search(bare) and "ない" not in bare:
        return Kind.ALL, False
    return (Kind.STATE if wordings.is_state(bare) else Kind.TEXT), False
