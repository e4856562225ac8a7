"""A cell taken apart: its numbered or bulleted items, else its lines. Marks and codes are no values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from minori.report_forms.codes import circled_number

_CIRCLES = "①-⑳㉑-㉟㊱-㊿❶-❿➀-➉➊-➓"
_JOIN = r"(?:\s*(?:及び|および|並びに|と|や|・|、|,|/|&|~|-|ー)?\s*)"
_CIRCLED = rf"[{_CIRCLES}](?:{_JOIN}[{_CIRCLES}])*(?:[-‐−](?:\d|[A-Z]|[{_CIRCLES}]))?(?![とに]同)"
# 「3-1 」「1-2.」「A.1.2」「0402」「2.10 」: codes of rows, on a line of their own or before words
_CODE = (
    r"[A-Za-z](?:[.\-]\d{1,3}){1,3}(?=[\s:.)、]|$)[.)、:]?"
    r"|\d{1,4}(?:-\d{1,3}){1,2}(?=[\s:.)])(?! *(?:[a-z]|人|名|回|件|校|社|団体|世帯|個|枚|%|割|日|時間|円))[.):]?"
    r"|0\d{1,3}(?:[.\-]\d{1,2})?(?![\d,.%])[.)、:]?"
    r"|\d{1,2}\.\d{1,2}\.\d{1,2}(?!\d)[.)、:]?"
    r"|\d{1,2}\.\d{1,2} +(?=\d)|\d{1,2}\.\d{1,2} (?=[^\d\s%/~\-])(?!(?:人|名|回|時間"
    r"|ポイント|トン|割|倍|件|点|kg|ha|t\b|km))"
    r"|[【\[〔<]\s*[A-Za-z]?\d{1,2}(?:[.\-]\d{1,2})*\s*[】\]〕>]|(?:指標|目標) ?\d{1,2}(?=[:. ]|$)[:.]?"
)
_NUMBERED = (
    rf"{_CIRCLED}|\(\s?\d{{1,2}}\s?\)(?!年|月)|[⑴-⒇]|\d{{1,2}}(?:[.)、,](?!\d)|\)(?=\d))|[⒈-⒛]"
    r"|[A-Za-z][.)](?![A-Za-z0-9])|[A-Za-z]\)|\([A-Za-zァ-ヺ]\)|[ァ-ヺ][.)]|[㋐-㋾]|[ivx]{1,4}[.)]"
)
_BULLET = r"[・●○◯■□◆◇▪▫•◦*※☆★▶▷►✓✔◎](?= *[^ \n])|[-→＞>](?=\s?[^\d\s\-])|(?<!\d)- "
_HEAD = re.compile(rf"[ ']*(?:(?P<code>{_CODE})|(?P<number>{_NUMBERED})|(?P<bullet>{_BULLET})) *[:.]?")
_INLINE = re.compile(
    rf"(?<=[\s、。,;/)」])(?:{_CIRCLED})(?![をのとはがにへで])|(?<=[^\s、。(])(?:[{_CIRCLES}])(?![をのとはがにへで])"
)
_COUNTED = re.compile(r" *(\d{1,2})(?: +(?=[^\s:~\-/%×])|\. *(?=\S))")
_LONE_CODE = re.compile(r" *\d{1,2}\.\d{1,2} *(?=\n\s*[^\d\s])")  # 「6.1」 on a line of its own, before words
_MOST_MARKS = 4  # before one item: (1) ① ・ a)


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of a cell without the marks before it; `numbered` when a number or code stood before it."""

    start: int
    end: int
    body: int  # where the text behind the marks begins
    numbered: bool
    bulleted: bool


def split(folded: str) -> list[Item]:
    """The items of a folded cell in order; one item where nothing divides it.

    A numbered mark begins an item that lasts until the next one. A bullet or a new line begins one too.
    """
    starts: list[int] = []
    counted = _is_counted(folded)
    for line in re.finditer("[^\n]+", folded):
        if line.group().strip():
            starts.append(line.start())
            starts.extend(_inside(folded, line.start(), line.end()))
    starts = starts or [0]
    ends = [*starts[1:], len(folded)]
    return [_item(folded, start, end, counted=counted) for start, end in zip(starts, ends, strict=True)]


def _is_counted(folded: str) -> bool:
    """Whether all lines begin 1, 2, 3 with only a space or a point behind: then these are marks, not amounts."""
    lines = [line for line in folded.split("\n") if line.strip()]
    found = [_COUNTED.match(line) for line in lines]
    numbers = [int(match.group(1)) for match in found if match]
    return len(numbers) > 1 and numbers == list(range(1, len(lines) + 1))


def _inside(folded: str, start: int, end: int) -> Iterator[int]:
    """Circled numbers within a line that go on counting; a reference (①を, ②の) does not."""
    place, _, _ = _marks(folded, start, end)
    last = _last_number(folded[start:place])
    for match in _INLINE.finditer(folded, place, end):
        number = circled_number(match.group()[0])
        if number is not None and number == last + 1:
            last = _last_number(match.group())
            yield match.start()


def _last_number(marks: str) -> int:
    return max((number for sign in marks if (number := circled_number(sign)) is not None), default=0)


def _item(folded: str, start: int, end: int, *, counted: bool) -> Item:
    end = start + len(folded[start:end].rstrip())
    body, numbered, bulleted = start, False, False
    if (lone := _LONE_CODE.match(folded, start)) and lone.end() >= end:
        return Item(start, end, end, numbered=True, bulleted=False)
    if counted and (match := _COUNTED.match(folded, start, end)):
        body, numbered = match.end(), True
    body, by_number, bulleted = _marks(folded, body, end)
    return Item(start, end, body, numbered=numbered or by_number, bulleted=bulleted)


def _marks(folded: str, start: int, end: int) -> tuple[int, bool, bool]:
    """Where the text behind the marks at a place begins, and whether a number and a bullet were among them."""
    body, numbered, bulleted = start, False, False
    for _ in range(_MOST_MARKS):
        found = _HEAD.match(folded, body, end)
        if found is None:
            break
        body = found.end()
        numbered = numbered or found["bullet"] is None
        bulleted = bulleted or found["bullet"] is not None
    return body, numbered, bulleted
