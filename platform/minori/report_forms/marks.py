"""Numbered marks (①, (1), １．…) at the heads of lines: telling one row's text apart by indicator."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from minori.report_forms.codes import circled_number

_CIRCLED = "[①-⑳㉑-㉟㊱-㊿❶-❿➀-➉➊-➓]"
_DIGITS = "[0-9０-９]{1,2}"
# One family a kind of mark; a text may use them nested, and each counts by itself.
_FAMILIES = (
    re.compile(_CIRCLED),
    re.compile(rf"[(（]\s?{_DIGITS}\s?[)）]|[⑴-⒇]"),
    re.compile(rf"{_DIGITS}(?:[.．、)）:：](?![0-9０-９]))|[⒈-⒛]"),
    re.compile("[ァ-ヺa-zA-Zａ-ｚＡ-Ｚ][.．)）](?![a-zA-Z0-9])|[(（][ァ-ヺa-zA-Z][)）]|[㋐-㋾]"),
)
# 「①及び②ともに」「①・②」「①〜③」: several indicators named in one breath
_JOINT = re.compile(r"\s*(?:及び|および|並びに|ならびに|と|や|・|、|,|，|/|／|＆|&|～|〜|-|－|ー)?\s*")


_ORDERS = ("アイウエオカキクケコサシスセソタチツテトナニヌネノ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Piece:
    """A numbered part of a text: its number ("1", "ア"), its mark as written, and what stands behind it."""

    name: str
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class _Mark:
    family: int
    name: str  # what two writings of the same mark have in common: "1", "ア"
    start: int
    end: int


def split(text: str, marks: Sequence[str]) -> Mapping[str, str] | None:
    """The pieces of a row's text by its indicators' marks, or None when they share the text.

    Pieces are found where the marks at the heads of lines are exactly those of the indicators, each
    once, whatever their writing (➀, ①, (1) and １． are the same number), and nothing stands before the
    first. A row with a single indicator owns its whole text. Marks and the white space around a piece
    are left out; inside a piece no letter is changed. For figures; the row keeps its text as written.
    """
    if not marks or len(set(marks)) != len(marks):
        return None
    found = list(_find_marks(text))
    if len(marks) == 1 and not found:
        return {marks[0]: text.strip()}
    names = [_name_of(mark) for mark in marks]
    if None in names or len(set(names)) != len(names) or _names_jointly(text, found):
        return _own_whole(text, marks)
    fitting = [run for run in _runs(found) if _fits(text, run, names)]
    if len(fitting) != 1:
        return _own_whole(text, marks)
    pieces = dict(_cut(text, fitting[0]))
    return {mark: pieces[name] for mark, name in zip(marks, names, strict=True) if name is not None}


def numbered(text: str) -> tuple[Piece, ...]:
    """The parts of a text that counts from the first number on (①②③, (1)(2), 1．2．, ア．イ．), else none.

    The marks stand at the heads of lines, circled ones also within a line; nothing stands before the first, no
    part is empty, no number is left out or named twice. Inside a part no letter is changed.
    """
    found = list(_find_marks(text))
    circled = [_Mark(0, _plain(one.group()), one.start(), one.end()) for one in _FAMILIES[0].finditer(text)]
    for run in (*_runs(found), circled):
        if len(run) > 1 and not text[: run[0].start].strip() and _counts(run):
            pieces = [text[mark.end : end].strip() for mark, end in _with_ends(text, run)]
            if all(pieces):
                marks = [text[mark.start : mark.end].strip() for mark in run]
                return tuple(
                    Piece(one.name, mark, piece) for one, mark, piece in zip(run, marks, pieces, strict=True)
                )
    return ()


def split_in_line(text: str, marks: Sequence[str]) -> Mapping[str, str] | None:
    """The pieces of a text that counts its indicators off in one line: 「①5回　②延べ62名」; None where it does not."""
    pieces = numbered(text)
    names = [_name_of(mark) for mark in marks]
    if not pieces or [piece.name for piece in pieces] != names:
        return None
    return {mark: piece.text for mark, piece in zip(marks, pieces, strict=True)}


def has_numbers(text: str) -> bool:
    """Whether a number stands at the head of a line, or a circled one anywhere."""
    return _FAMILIES[0].search(text) is not None or any(_find_marks(text))


def named_together(text: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The parts of a text whose lines begin by naming one or several numbers (「①②2024年2月」), each with its names.

    A part of several numbers keeps them. Empty where no line names several, or where something stands before the first.
    """
    parts = named(text)
    return parts if any(len(names) > 1 for names, _text in parts) else ()


def named(text: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The same for any text whose first line begins with a number, also where each part names only one."""
    heads: list[tuple[int, int, tuple[str, ...]]] = []
    for first in _find_marks(text):
        pattern, names, end = _FAMILIES[first.family], [first.name], first.end
        while (behind := _JOINT.match(text, end)) and "\n" not in behind.group():
            following = pattern.match(text, behind.end())
            if following is None:
                break
            names.append(_plain(following.group()))
            end = following.end()
        heads.append((first.start, first.start if len(names) > 1 else first.end, tuple(names)))
    if not heads or text[: heads[0][0]].strip():
        return ()
    ends = [start for start, _words, _names in heads[1:]] + [len(text)]
    return tuple(
        (names, text[words:end].strip()) for (_start, words, names), end in zip(heads, ends, strict=True)
    )


def _counts(run: Sequence[_Mark]) -> bool:
    names = [mark.name for mark in run]
    orders = (
        [str(number) for number in range(1, len(run) + 1)],
        *(list(order[: len(run)]) for order in _ORDERS),
    )
    return names in orders


def _with_ends(text: str, run: Sequence[_Mark]) -> Iterator[tuple[_Mark, int]]:
    return zip(run, [*(mark.start for mark in run[1:]), len(text)], strict=True)


def _own_whole(text: str, marks: Sequence[str]) -> Mapping[str, str] | None:
    return {marks[0]: text.strip()} if len(marks) == 1 else None


def _find_marks(text: str) -> Iterator[_Mark]:
    for line in re.finditer(r"^[^\S\n]*(?=\S)", text, re.MULTILINE):
        for family, pattern in enumerate(_FAMILIES):
            if match := pattern.match(text, line.end()):
                yield _Mark(family, _plain(match.group()), match.start(), match.end())
                break


def _name_of(mark: str) -> str | None:
    """The name of an indicator's own mark, also when only its number is written ("1", "ア")."""
    plain = _plain(mark.strip())
    return plain if re.fullmatch(r"\d{1,2}|[ァ-ヺa-z]", plain) else None


def _plain(mark: str) -> str:
    if mark and (number := circled_number(mark[0])) is not None:
        return str(number)
    bare = re.sub(r"[\s().:、．]", "", unicodedata.normalize("NFKC", mark)).casefold()
    return str(int(bare)) if bare.isdecimal() else bare


def _names_jointly(text: str, found: list[_Mark]) -> bool:
    """Whether some line begins by naming several marks together (「①及び②ともに、…」)."""
    for mark in found:
        behind = _JOINT.match(text, mark.end)
        if behind and "\n" not in behind.group() and _FAMILIES[mark.family].match(text, behind.end()):
            return True
    return False


def _runs(found: list[_Mark]) -> Iterator[list[_Mark]]:
    """The marks to try: all together, then each family by itself where several are mixed."""
    families = sorted({mark.family for mark in found})
    yield found
    if len(families) > 1:
        for family in families:
            yield [mark for mark in found if mark.family == family]


def _fits(text: str, run: list[_Mark], names: Sequence[str | None]) -> bool:
    if len(run) != len(names) or {mark.name for mark in run} != set(names):
        return False
    return not text[: run[0].start].strip()


def _cut(text: str, run: list[_Mark]) -> Iterator[tuple[str, str]]:
    for mark, end in _with_ends(text, run):
        yield mark.name, text[mark.end : end].strip()
