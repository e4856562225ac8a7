"""A change of a plan taken apart into single changes, and the plan with just some of them made. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from minori.registry import plan_differences
from minori.registry.plan_differences import FieldChange, IndicatorChange, Kind, RowChange
from minori.report_forms.framework import Framework, Indicator, Level, Problem, ProblemCode, Row

ORDER = "order"
"""The key of the one change that the order of the rows is."""


class Subject(StrEnum):
    """What a single change is about."""

    ROW = "row"
    INDICATOR = "indicator"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Unit:
    """One change that can be given a reason and decided by itself.

    `row` is the new one, or the old one where it goes; None for the order of the rows. `needs` is the key of the new
    row that a new indicator stands in. `was` is an indicator before it changed.
    """

    key: str
    subject: Subject
    kind: Kind
    row: Row | None = None
    indicator: Indicator | None = None
    was: Indicator | None = None
    fields: tuple[FieldChange, ...] = ()
    under: tuple[Row | None, Row | None] | None = None
    needs: str = ""
    concerns_outcome: bool = False

    @property
    def may_cut(self) -> bool:
        """Whether it can be said of it that an indicator's meaning changed."""
        return self.subject is Subject.INDICATOR and self.kind is Kind.CHANGED

    @property
    def may_come_from(self) -> bool:
        """Whether it can be said of it which indicator of the old version it was split off from."""
        return self.subject is Subject.INDICATOR and self.kind is Kind.ADDED and not self.needs


class ClashCode(StrEnum):
    """Why some changes cannot be made without others."""

    NEEDS_ROW = "needs_row"
    NEEDS_PARENT = "needs_parent"
    STILL_UNDER = "still_under"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Clash:
    """One change (`key`) that cannot be made as decided: because of the row `other`, or of a problem of the plan."""

    key: str
    code: ClashCode
    other: Row | None = None
    problem: ProblemCode | None = None


def row_key(uuid: UUID) -> str:
    """The key of what happens to a row."""
    return f"row-{uuid}"


def indicator_key(row: UUID, uuid: UUID) -> str:
    """The key of what happens to an indicator in a row."""
    return f"indicator-{row}-{uuid}"


def units(old: Framework, new: Framework) -> tuple[Unit, ...]:
    """Every single change in the order of the plan, that of the order last.

    An indicator that is only numbered otherwise because another came or went beside it is no change of its own.
    """
    found: list[Unit] = []
    moved = False
    for change in plan_differences.compare(old, new):
        outcome = Level.OUTCOME_SHORT in _levels(change.row, old, new)
        moved = moved or change.moved
        found.extend(_units_of(change, old, outcome))
    if moved:
        found.append(Unit(ORDER, Subject.ORDER, Kind.CHANGED))
    return tuple(found)


def _levels(row: Row, old: Framework, new: Framework) -> set[Level]:
    return {one.level for one in (old.find_row(row.uuid), new.find_row(row.uuid)) if one is not None}


def _units_of(change: RowChange, old: Framework, outcome: bool) -> Iterator[Unit]:
    row, key = change.row, row_key(change.row.uuid)
    if change.kind is not Kind.CHANGED or change.fields or change.under is not None:
        yield Unit(
            key,
            Subject.ROW,
            change.kind,
            row,
            fields=change.fields,
            under=change.under,
            concerns_outcome=outcome,
        )
    added = change.kind is Kind.ADDED
    indicators = (
        [IndicatorChange(Kind.ADDED, one) for one in row.indicators] if added else list(change.indicators)
    )
    before = {} if (known := old.find_row(row.uuid)) is None else {one.uuid: one for one in known.indicators}
    for one in indicators:
        if _goes_along(one, indicators):
            continue
        yield Unit(
            indicator_key(row.uuid, one.indicator.uuid),
            Subject.INDICATOR,
            one.kind,
            row,
            one.indicator,
            was=before.get(one.indicator.uuid) if one.kind is Kind.CHANGED else None,
            fields=one.fields,
            needs=key if added else "",
            concerns_outcome=outcome,
        )


def _goes_along(one: IndicatorChange, among: Collection[IndicatorChange]) -> bool:
    """Whether only its number changed, and that because another indicator came or went."""
    only_mark = one.kind is Kind.CHANGED and {field.name for field in one.fields} == {"mark"}
    return only_mark and any(other.kind is not Kind.CHANGED for other in among)


def apply(old: Framework, new: Framework, approved: Collection[str]) -> Framework:
    """The old plan with the approved changes made, and no other."""
    rows: dict[UUID, Row] = {}
    for row in old:
        after = new.find_row(row.uuid)
        if after is not None:
            rows[row.uuid] = _merged(row, after, approved)
        elif row_key(row.uuid) not in approved:
            rows[row.uuid] = row
    for row in new:
        if old.find_row(row.uuid) is None and row_key(row.uuid) in approved:
            kept = (one for one in row.indicators if indicator_key(row.uuid, one.uuid) in approved)
            rows[row.uuid] = replace(row, indicators=tuple(kept))
    keys = {one.key for one in units(old, new)}
    if not keys - set(approved) or ORDER in approved:
        order = _woven(new, old, rows, placed=[row.uuid for row in new])
    else:
        lasting = [row.uuid for row in old if row.uuid in rows and rows[row.uuid].parent == row.parent]
        order = _woven(old, new, rows, placed=lasting)
    return Framework(tuple(rows[uuid] for uuid in _parents_first(order, rows)))


def _merged(before: Row, after: Row, approved: Collection[str]) -> Row:
    """A lasting row with its approved changes; a number given because another indicator came or went comes with it."""
    whole = after if row_key(after.uuid) in approved else before
    known = {one.uuid: one for one in before.indicators}
    lasting = known.keys() & {one.uuid for one in after.indicators}
    renumbers = any(
        indicator_key(after.uuid, one.uuid) in approved
        for one in (*after.indicators, *before.indicators)
        if one.uuid not in lasting
    )
    kept: list[Indicator] = []
    for one in after.indicators:
        was = known.get(one.uuid)
        if indicator_key(after.uuid, one.uuid) in approved:
            kept.append(one)
        elif was is not None:
            only_mark = replace(was, mark=one.mark) == one
            kept.append(one if renumbers and only_mark else was)
    for place, one in enumerate(before.indicators):
        if one.uuid not in lasting and indicator_key(after.uuid, one.uuid) not in approved:
            kept.insert(_behind(before.indicators[:place], kept), one)
    return replace(whole, indicators=tuple(kept))


def _behind(before: tuple[Indicator, ...], kept: list[Indicator]) -> int:
    uuids = {one.uuid for one in before}
    return max((place for place, one in enumerate(kept) if one.uuid in uuids), default=-1) + 1


def _woven(
    first: Framework, second: Framework, rows: Mapping[UUID, Row], *, placed: list[UUID]
) -> list[UUID]:
    """The rows in the order of the first plan where they are `placed` by it, the others behind what stands before them
    in the second plan."""
    order = [uuid for uuid in placed if uuid in rows]
    for framework in (second, first):
        for place, row in enumerate(framework.rows):
            if row.uuid in rows and row.uuid not in order:
                before = {one.uuid for one in framework.rows[:place]}
                behind = max((at for at, uuid in enumerate(order) if uuid in before), default=-1)
                order.insert(behind + 1, row.uuid)
    return order


def _parents_first(order: list[UUID], rows: Mapping[UUID, Row]) -> list[UUID]:
    """The order with every row behind the one it stands under; rows that stand under each other stay (a problem)."""
    for _ in range(len(order)):
        for place, uuid in enumerate(order):
            parent = rows[uuid].parent
            if parent is not None and parent in order[place:]:
                order.remove(uuid)
                order.insert(order.index(parent) + 1, uuid)
                break
        else:
            return order
    return order


def clashes(old: Framework, new: Framework, approved: Collection[str]) -> tuple[Clash, ...]:
    """Why the approved changes cannot be made by themselves; empty when what they give is a valid plan."""
    result = apply(old, new, approved)
    found = [
        clash
        for unit in units(old, new)
        if unit.key in approved and unit.row is not None
        for clash in _clash(unit, unit.row, result, approved)
    ]
    return tuple(found) or tuple(_problem(one, approved) for one in result.problems())


def _clash(unit: Unit, row: Row, result: Framework, approved: Collection[str]) -> Iterator[Clash]:
    if unit.needs and unit.needs not in approved:
        yield Clash(unit.key, ClashCode.NEEDS_ROW, row)
    elif unit.subject is Subject.ROW and unit.kind is Kind.REMOVED:
        for child in result:
            if child.parent == row.uuid:
                yield Clash(unit.key, ClashCode.STILL_UNDER, child)
    elif unit.subject is Subject.ROW and row.parent is not None and result.find_row(row.parent) is None:
        yield Clash(unit.key, ClashCode.NEEDS_PARENT, row)


def _problem(problem: Problem, approved: Collection[str]) -> Clash:
    key = "" if problem.row is None else row_key(problem.row)
    if problem.row is not None and problem.indicator is not None:
        key = indicator_key(problem.row, problem.indicator)
    return Clash(key if key in approved else "", ClashCode.PROBLEM, problem=problem.code)


def with_identities(framework: Framework, renamed: Mapping[UUID, UUID]) -> Framework:
    """The plan with some indicators under new identities: comparison is cut there."""
    return Framework(
        tuple(
            replace(
                row,
                indicators=tuple(
                    replace(one, uuid=renamed.get(one.uuid, one.uuid)) for one in row.indicators
                ),
            )
            for row in framework
        )
    )
