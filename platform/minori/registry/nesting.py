"""What stands under what: proposed from the codes, and kept in order while a plan is written. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from minori.report_forms.framework import Framework, Level, Row

_ABOVE: dict[Level, frozenset[Level]] = {
    Level.OUTCOME_LONG: frozenset({Level.OUTCOME_LONG}),
    Level.OUTCOME_SHORT: frozenset({Level.OUTCOME_LONG, Level.OUTCOME_SHORT}),
    Level.OUTPUT: frozenset({Level.OUTCOME_LONG, Level.OUTCOME_SHORT, Level.OUTPUT}),
    Level.ACTIVITY: frozenset(Level),
}
_PART = re.compile(r"[a-z]+|\d+")
_PAIRS = re.compile(r"0\d(?:\d\d)+")


def propose_parents(rows: Sequence[Row], *, loose: Collection[UUID] = ()) -> tuple[Row, ...]:
    """Put 0101 under 01 or 1, and 1-1 under 1: under the nearest row above whose code is its beginning.

    An activity whose code names no row goes under the output it is written below, but for `loose` ones, which stand in
    a list of their own. Codes are hints (domain.md): what else bears none stays where it is, and people can put
    everything elsewhere.
    """
    placed: list[Row] = []
    output: UUID | None = None  # the row above, but for activities, if it is an output
    for row in rows:
        above = code_parts(row.code)[:-1]
        fitting = [
            one
            for one in reversed(placed)
            if above and code_parts(one.code) == above and one.level in _ABOVE[row.level]
        ]
        fitting.sort(key=lambda one: one.level is Level.ACTIVITY)  # a ① among activities is no outcome's 1
        parent = fitting[0].uuid if fitting else None
        if row.level is not Level.ACTIVITY:
            output = row.uuid if row.level is Level.OUTPUT else None
        elif not above and row.uuid not in loose:
            parent = row.parent or output
        placed.append(row if parent is None else replace(row, parent=parent))
    return tuple(placed)


def code_parts(code: str) -> tuple[str, ...]:
    """The steps of a code, however it is written: 0101, 01-1 and 1.1 are all 1, 1."""
    plain = unicodedata.normalize("NFKC", code).strip().lower()
    parts: list[str] = []
    for part in _PART.findall(plain):
        pairs = (
            [part[place : place + 2] for place in range(0, len(part), 2)]
            if _PAIRS.fullmatch(part)
            else [part]
        )
        parts += [pair.lstrip("0") or "0" for pair in pairs]
    return tuple(parts)


def possible_parents(framework: Framework, row: Row | None, level: Level | None = None) -> tuple[Row, ...]:
    """The rows that a row may stand under: of a fitting level, and neither itself nor below it."""
    fitting = _ABOVE[level] if level else frozenset(Level)
    below = set() if row is None else {row.uuid, *(one.uuid for one in _below(framework, row.uuid))}
    return tuple(one for one in framework if one.level in fitting and one.uuid not in below)


def fits_under(row: Row, parent: Row) -> bool:
    """Whether a row of this level may stand under the other."""
    return parent.level in _ABOVE[row.level]


def put(framework: Framework, row: Row) -> Framework:
    """The framework with the row added, or in the place of the one with its identity.

    A row that gets another parent moves, with what stands below it, to the end of what stands below that parent.
    """
    known = framework.find_row(row.uuid)
    if known is not None and known.parent == row.parent:
        return Framework(tuple(row if one.uuid == row.uuid else one for one in framework))
    family = {one.uuid for one in _below(framework, row.uuid)}
    moving = [row, *(one for one in framework if one.uuid in family)]
    rest = [one for one in framework if one.uuid not in family and one.uuid != row.uuid]
    place = len(rest)
    if row.parent is not None:
        near = {row.parent, *(one.uuid for one in _below(framework, row.parent))} - family
        place = max(index for index, one in enumerate(rest) if one.uuid in near) + 1
    return Framework((*rest[:place], *moving, *rest[place:]))


def add(framework: Framework, row: Row) -> Framework:
    """The framework with a new row; the same page sent twice (a double click, the back button) adds one.

    Another row typed into the same page gets an identity of its own.
    """
    known = framework.find_row(row.uuid)
    if known is not None and _words(known) == _words(row):
        return framework
    return put(framework, row if known is None else replace(row, uuid=uuid4()))


def _words(row: Row) -> tuple[object, ...]:
    return (
        row.level,
        row.parent,
        row.code,
        row.statement,
        row.season,
        tuple((one.mark, one.texts) for one in row.indicators),
    )


def remove(framework: Framework, uuid: UUID) -> Framework:
    """The framework without the row; what stood under it moves up to its parent."""
    gone = framework.row(uuid)
    return Framework(
        tuple(
            replace(one, parent=gone.parent) if one.parent == uuid else one
            for one in framework
            if one.uuid != uuid
        )
    )


def move(framework: Framework, uuid: UUID, *, up: bool) -> Framework:
    """The framework with the row one place up or down among the rows under the same parent, with its company."""
    siblings = framework.children(framework.row(uuid).parent)
    place = next(index for index, one in enumerate(siblings) if one.uuid == uuid)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(siblings):
        return framework
    upper, lower = (siblings[other], siblings[place]) if up else (siblings[place], siblings[other])
    company = _company(framework, lower)
    rest = [one for one in framework if one not in company]
    target = next(index for index, one in enumerate(rest) if one.uuid == upper.uuid)
    return Framework((*rest[:target], *company, *rest[target:]))


def _company(framework: Framework, row: Row) -> list[Row]:
    """The row and what follows it directly and stands below it."""
    family = {row.uuid, *(one.uuid for one in _below(framework, row.uuid))}
    rows = list(framework)
    begin = end = rows.index(row)
    while end < len(rows) and rows[end].uuid in family:
        end += 1
    return rows[begin:end]


def _below(framework: Iterable[Row], uuid: UUID) -> list[Row]:
    family = {uuid}
    found: list[Row] = []
    for one in framework:
        if one.parent in family:
            family.add(one.uuid)
            found.append(one)
    return found
