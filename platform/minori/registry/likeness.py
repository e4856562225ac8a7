"""What speaks for two rows belonging together: their codes, their words, their places. Pure; only ever proposed.

Codes are hints (domain.md): 0101 of one organization has nothing to do with 0101 of another unless the words agree too, and
over half of real statements bear none. So words count by themselves, and a code alone is a doubt for a person.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from minori.registry.nesting import code_parts
from minori.report_forms.framework import Framework, Level, Row

OUTCOMES = frozenset({Level.OUTCOME_SHORT, Level.OUTCOME_LONG})
LIKE = 0.5
"""From here on words alone are enough."""
ALIKE = 0.25
"""From here on words speak for it, but a person should look."""
MOST = 3
"""Proposals for one row."""
FEWEST = 3
"""Pairs of letters of a text that can be compared at all."""
CLEAR = 0.2
"""By so much one row must be likelier than the next."""
# what carries meaning: kanji, katakana and Latin words; kana endings are the same everywhere
_CONTENT = re.compile(r"[\u4e00-\u9fff々]+|[ァ-ヴー]{2,}|[a-z]{3,}")
_COMMON = frozenset({"支援", "事業", "団体", "実施", "状態", "人数", "割合", "地域", "活動", "対象"})
"""Words of nearly every plan."""


class Sign(StrEnum):
    """One thing that speaks for a link."""

    CODE = "code"
    WORDS = "words"
    ORDER = "order"


@dataclass(frozen=True)
class Proposed:
    """A row that another might belong to, with what speaks for it. `sure`: nothing is left to look at but the words."""

    row: Row
    signs: tuple[Sign, ...]
    sure: bool
    likeness: float = 0.0


def likeness(one: str, other: str) -> float:
    """How much of the shorter text's meaning stands in the longer one: 0 to 1, by pairs of letters of its content words."""
    ours, theirs = _pairs(one), _pairs(other)
    shorter = min(len(ours), len(theirs))
    return len(ours & theirs) / shorter if shorter >= FEWEST else 0.0


def _pairs(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    found: set[str] = set()
    for word in _CONTENT.findall(plain):
        if word in _COMMON:
            continue
        found.update([word] if len(word) == 1 else (word[at : at + 2] for at in range(len(word) - 1)))
    return frozenset(found - _COMMON)


def say(row: Row) -> str:
    """Everything a row says: its statement and its indicators."""
    return "\n".join([row.statement, *(one.statement for one in row.indicators)])


def propose(theirs: Framework, ours: Framework) -> dict[UUID, tuple[Proposed, ...]]:
    """For every outcome and output of one plan the rows of another that it might belong to, the likeliest first.

    `ours` is the distributor's own plan. Activities are left out: they are nobody's result.
    """
    own = [row for row in ours if row.level is not Level.ACTIVITY]
    words = {row.uuid: say(row) for row in own}
    found: dict[UUID, tuple[Proposed, ...]] = {}
    for row in theirs:
        if row.level is Level.ACTIVITY:
            continue
        like = {one.uuid: likeness(say(row), words[one.uuid]) for one in own}
        every = [_weigh(row, one, like[one.uuid], theirs, ours) for one in own]
        signed = [one for one in every if one.signs]
        better = [one for one in signed if one.signs != (Sign.ORDER,)]
        found[row.uuid] = _only_one_is_sure(sorted(better or signed, key=_rank)[:MOST])
    return found


def _weigh(row: Row, own: Row, like: float, theirs: Framework, ours: Framework) -> Proposed:
    # what a distributor gives beside the money has no counterpart in a grantee's numbering
    alike = _group(row.level) == _group(own.level) and row.support is own.support
    code = alike and bool(row.code) and code_parts(row.code) == code_parts(own.code)
    signs = []
    if code:
        signs.append(Sign.CODE)
    if like >= ALIKE:
        signs.append(Sign.WORDS)
    if not signs and alike and _same_place(row, own, theirs, ours):
        signs.append(Sign.ORDER)
    sure = (like >= LIKE and _group(row.level) == _group(own.level)) or (code and like >= ALIKE)
    return Proposed(own, tuple(signs), sure, like)


def _rank(one: Proposed) -> tuple[bool, float, bool]:
    return (not one.sure, -one.likeness, Sign.CODE not in one.signs)


def _only_one_is_sure(ranked: Sequence[Proposed]) -> tuple[Proposed, ...]:
    """Where two are nearly as likely, a person has to say which."""
    sure = [one for one in ranked if one.sure]
    clear = all(sure[0].likeness - one.likeness >= CLEAR for one in sure[1:])
    return tuple(
        Proposed(one.row, one.signs, one.sure and clear and one is sure[0], one.likeness) for one in ranked
    )


def _group(level: Level) -> str:
    return "outcome" if level in OUTCOMES else level.value


def _same_place(row: Row, own: Row, theirs: Framework, ours: Framework) -> bool:
    """Whether both plans have as many rows of this kind, and both rows the same place among them."""
    there = [one.uuid for one in theirs if _group(one.level) == _group(row.level)]
    here = [one.uuid for one in ours if _group(one.level) == _group(row.level)]
    return len(there) == len(here) and there.index(row.uuid) == here.index(own.uuid)


def outcomes_of(framework: Framework) -> dict[UUID, tuple[Proposed, ...]]:
    """For every output of a plan the outcomes that it might serve, the likeliest first: by code, place and words.

    An output without a code is as good as one with it: what stands under an outcome, or behind one and before the next,
    serves that one. Where all outcomes come first their order can only hint.
    """
    rows = tuple(framework)
    short = [row for row in rows if row.level is Level.OUTCOME_SHORT]
    outcomes = short or [row for row in rows if row.level in OUTCOMES]
    places = _places(rows, outcomes)
    return {row.uuid: _serves(framework, row, outcomes, places) for row in rows if row.level is Level.OUTPUT}


@dataclass(frozen=True)
class _Places:
    """What the order of a plan says: the outcome of each output, and whether it can be relied upon."""

    outcome: Mapping[UUID, UUID]
    plain: bool


def _places(rows: Sequence[Row], outcomes: Sequence[Row]) -> _Places:
    known = {one.uuid for one in outcomes}
    outputs = [row for row in rows if row.level is Level.OUTPUT]
    blocks: dict[UUID, UUID] = {}
    last: UUID | None = None
    for row in rows:
        if row.uuid in known:
            last = row.uuid
        elif row.level is Level.OUTPUT and last is not None:
            blocks[row.uuid] = last
    if len(outcomes) == 1 or len(set(blocks.values())) > 1:
        return _Places(blocks or {row.uuid: one.uuid for row in outputs for one in outcomes}, plain=True)
    if not outcomes or len(outputs) % len(outcomes):
        return _Places({}, plain=False)
    each = len(outputs) // len(outcomes)
    return _Places({row.uuid: outcomes[place // each].uuid for place, row in enumerate(outputs)}, plain=False)


def _serves(framework: Framework, row: Row, outcomes: Sequence[Row], places: _Places) -> tuple[Proposed, ...]:
    parts, over = code_parts(row.code), _standing_over(framework, row)
    found = []
    for one in outcomes:
        head = code_parts(one.code)
        signs = []
        if head and len(parts) > len(head) and parts[: len(head)] == head:
            signs.append(Sign.CODE)
        stands_under = over is not None and over.uuid == one.uuid
        if stands_under or (over is None and places.outcome.get(row.uuid) == one.uuid):
            signs.append(Sign.ORDER)
        like = likeness(row.statement, one.statement)
        if like >= LIKE:
            signs.append(Sign.WORDS)
        strong = Sign.CODE in signs or stands_under or (Sign.ORDER in signs and places.plain)
        if signs:
            found.append(Proposed(one, tuple(signs), strong, like))
    return _agreed(found)


def _agreed(found: Sequence[Proposed]) -> tuple[Proposed, ...]:
    """Where code and place name different outcomes, neither is sure."""
    strong = sum(one.sure for one in found)
    ranked = sorted(found, key=lambda one: (not one.sure, -len(one.signs), -one.likeness))
    return tuple(
        Proposed(one.row, one.signs, one.sure and strong == 1, one.likeness) for one in ranked[:MOST]
    )


def _standing_over(framework: Framework, row: Row) -> Row | None:
    """The outcome that a row stands under, at any depth."""
    current, seen = row, {row.uuid}
    while current.parent is not None and current.parent not in seen:
        over = framework.find_row(current.parent)
        if over is None or over.level in OUTCOMES:
            return over
        seen.add(over.uuid)
        current = over
    return None
