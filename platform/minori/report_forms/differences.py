"""What changed from one paper to the next: by field, by row, and inside a text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from uuid import UUID

from minori.report_forms import answers as answer_values
from minori.report_forms.contents import Contents
from minori.report_forms.framework import Framework


class ChangeKind(StrEnum):
    """Whether something came, went or changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Where(StrEnum):
    """What a change's anchor names."""

    HEAD = "head"
    FRAMEWORK_ROW = "framework_row"
    INDICATOR = "indicator"
    ROW = "row"
    FIELD = "field"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference.

    `anchor` is a key of the head, a field's key, or the UUID of a row, an indicator, an attachment;
    `aspect` says which of its facts: text, progress, remark, covers, value, values, said, statement,
    target … or "" for the whole. `old` and `new` are plain JSON values; None where it was or is absent.
    """

    kind: ChangeKind
    where: Where
    anchor: str | UUID
    aspect: str = ""
    old: Any = None
    new: Any = None


# They differ in every revision and are shown in its head.
_HEAD_OF_EACH_REVISION = frozenset({"handed_in_on", "revision", "handed_in_by", "approval"})
_IDENTITY = frozenset({"row", "uuid", "kind", "indicators"})


def compare(old: Contents, new: Contents) -> tuple[Change, ...]:
    """The differences in the order of the newer paper; what went stands behind what is still there.

    Date, revision, signatory and approval are not compared: they are those of each revision.
    """
    return (*_compare_heads(old, new), *_compare_frameworks(old, new), *_compare_answers(old, new))


def _compare_heads(old: Contents, new: Contents) -> Iterator[Change]:
    before, after = old.to_json()["head"], new.to_json()["head"]
    for key in after:
        if key not in _HEAD_OF_EACH_REVISION and before.get(key) != after[key]:
            yield Change(
                kind=ChangeKind.CHANGED, where=Where.HEAD, anchor=key, old=before.get(key), new=after[key]
            )


def _compare_frameworks(old: Contents, new: Contents) -> Iterator[Change]:
    yield from _compare_all(Where.FRAMEWORK_ROW, _rows_of(old.framework), _rows_of(new.framework))
    yield from _compare_all(Where.INDICATOR, _indicators_of(old.framework), _indicators_of(new.framework))


def _rows_of(framework: Framework) -> dict[UUID, Mapping[str, Any]]:
    return {row.uuid: row.to_json() for row in framework}


def _indicators_of(framework: Framework) -> dict[UUID, Mapping[str, Any]]:
    return {
        indicator.uuid: {**indicator.to_json(), "row": str(row.uuid)}
        for row in framework
        for indicator in row.indicators
    }


def _compare_answers(old: Contents, new: Contents) -> Iterator[Change]:
    rows = [{answer.row: answer.to_json() for answer in contents.rows} for contents in (old, new)]
    yield from _compare_all(Where.ROW, *rows)
    fields = [
        {key: answer_values.to_json(answer) for key, answer in contents.answers.items()}
        for contents in (old, new)
    ]
    yield from _compare_all(Where.FIELD, *fields)
    attachments = [
        {UUID(item["uuid"]): item for item in contents.to_json()["attachments"]} for contents in (old, new)
    ]
    yield from _compare_all(Where.ATTACHMENT, *attachments)


def _compare_all(
    where: Where,
    old: Mapping[Any, Mapping[str, Any]],
    new: Mapping[Any, Mapping[str, Any]],
) -> Iterator[Change]:
    for anchor, after in new.items():
        if anchor not in old:
            yield Change(kind=ChangeKind.ADDED, where=where, anchor=anchor, new=after)
            continue
        before = old[anchor]
        for aspect in sorted({*before, *after} - _IDENTITY, key=[*after, *before].index):
            if before.get(aspect) != after.get(aspect):
                yield Change(
                    kind=ChangeKind.CHANGED,
                    where=where,
                    anchor=anchor,
                    aspect=aspect,
                    old=before.get(aspect),
                    new=after.get(aspect),
                )
    for anchor, before in old.items():
        if anchor not in new:
            yield Change(kind=ChangeKind.REMOVED, where=where, anchor=anchor, old=before)


class SegmentKind(StrEnum):
    """What became of a piece of text."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text that stayed, came or went."""

    kind: SegmentKind
    text: str


# Numbers, Latin words and katakana words change as a whole; everything else by the character.
_TOKENS = re.compile(r"[0-9０-９]+(?:[.,][0-9]+)*|[A-Za-z]+|[ァ-ヺー]+|\s|.", re.DOTALL)
# Where less of the shorter passage than this is found again, it was written anew: its letters are not mixed.
_LEAST_SHARED = 0.4
_LONG_ENOUGH = 20  # letters; shorter passages stay readable
# Beyond this many pairs of equal tokens a passage is shown as replaced: looking at them is what costs.
_MOST_PAIRS = 500_000


def segments(old: str, new: str) -> tuple[Segment, ...]:
    """How one text became another; equal and deleted pieces make the old, equal and inserted the new.

    First by lines, then by tokens inside lines that changed. What stayed by chance between larger changes (の, を, "the")
    counts as changed, and a passage that was written anew is one piece that went and one that came.
    """
    found: list[Segment] = []
    old_lines, new_lines = _lines(old), _lines(new)
    for tag, a1, a2, b1, b2 in _opcodes(old_lines, new_lines):
        before, after = "".join(old_lines[a1:a2]), "".join(new_lines[b1:b2])
        found.extend(_by_tokens(before, after) if tag == "replace" else _plain(tag, before, after))
    return tuple(_joined(found))


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _by_tokens(old: str, new: str) -> Iterator[Segment]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    pieces = [
        (tag == "equal", "".join(before[a1:a2]), "".join(after[b1:b2]))
        for tag, a1, a2, b1, b2 in _opcodes(before, after)
    ]
    pieces = _without_islands(pieces)
    shared = sum(_weight(was) for equal, was, _now in pieces if equal)
    shorter = min(_weight(old), _weight(new))
    if shorter >= _LONG_ENOUGH and shared < _LEAST_SHARED * shorter:
        pieces = [(False, old, new)]
    for equal, was, now in pieces:
        yield from _plain("equal" if equal else "replace", was, now)


_Piece = tuple[bool, str, str]  # whether it stayed, what stood there and what stands there


def _without_islands(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces that stayed between two changes, each at least as large, become part of one change."""
    found: list[_Piece] = []
    for place, piece in enumerate(pieces):
        equal, was, now = piece
        behind = pieces[place + 1] if place + 1 < len(pieces) else None
        if equal and found and behind and not found[-1][0]:
            if _weight(was) <= min(_size(found[-1]), _size(behind)):
                found[-1] = (False, found[-1][1] + was, found[-1][2] + now)
                continue
        elif not equal and found and not found[-1][0]:
            found[-1] = (False, found[-1][1] + was, found[-1][2] + now)
            continue
        found.append(piece)
    return found


def _size(piece: _Piece) -> int:
    return max(_weight(piece[1]), _weight(piece[2]))


def _weight(text: str) -> int:
    """How much a text says: its letters, without white space."""
    return len("".join(text.split()))


def _opcodes(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    before, after = Counter(old), Counter(new)
    if sum(count * after[token] for token, count in before.items()) > _MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _plain(tag: str, old: str, new: str) -> Iterator[Segment]:
    if tag == "equal":
        yield Segment(SegmentKind.EQUAL, new)
        return
    if old:
        yield Segment(SegmentKind.DELETE, old)
    if new:
        yield Segment(SegmentKind.INSERT, new)


def _joined(found: list[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind as one piece."""
    held: Segment | None = None
    for segment in found:
        if held is not None and held.kind == segment.kind:
            held = Segment(held.kind, held.text + segment.text)
            continue
        if held is not None:
            yield held
        held = segment
    if held is not None:
        yield held
