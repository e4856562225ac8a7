"""What changed between two versions of a plan, by the identities of rows and indicators. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from minori.report_forms.framework import Framework, Indicator, Row

ROW_FIELDS = ("level", "support", "code", "statement", "season")
INDICATOR_FIELDS = (
    "mark",
    "statement",
    "baseline",
    "target",
    "achieve_by",
    "means",
    "mid_state",
    "post_state",
)


class Kind(StrEnum):
    """What happened to a row or an indicator."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One text before and after, to the letter. Levels and kinds of support come as their values."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """An indicator that came, went or says something else."""

    kind: Kind
    indicator: Indicator
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that came, went, says something else, stands elsewhere, or has other indicators."""

    kind: Kind
    row: Row
    fields: tuple[FieldChange, ...] = ()
    under: tuple[Row | None, Row | None] | None = None
    """The rows it stood and stands under, where these differ."""
    moved: bool = False
    """Whether it stands at another place among the rows that both versions have under the same parent."""
    indicators: tuple[IndicatorChange, ...] = ()


def compare(old: Framework, new: Framework) -> tuple[RowChange, ...]:
    """Every change, in the order of the new version, what went behind what stood before it.

    A row is the same by its identity, whatever its words; so an indicator that was carried to another row is one
    that went there and came here.
    """
    changes = {row.uuid: change for row in new if (change := _row_change(row, old, new)) is not None}
    gone = [row for row in old if new.find_row(row.uuid) is None]
    found: list[RowChange] = [changes[row.uuid] for row in new if row.uuid in changes]
    for row in gone:
        change = RowChange(Kind.REMOVED, row)
        found.insert(_place(row, old, new, found), change)
    return tuple(found)


def _place(row: Row, old: Framework, new: Framework, found: list[RowChange]) -> int:
    """Behind the last change of a row that stood before it."""
    before = [one.uuid for one in old.rows[: old.rows.index(row)]]
    places = [place for place, change in enumerate(found) if change.row.uuid in before]
    return max(places, default=-1) + 1


def _row_change(row: Row, old: Framework, new: Framework) -> RowChange | None:
    known = old.find_row(row.uuid)
    if known is None:
        return RowChange(Kind.ADDED, row)
    fields = tuple(_fields(known, row, ROW_FIELDS))
    under = None
    if known.parent != row.parent:
        under = (_parent(old, known), _parent(new, row))
    indicators = tuple(_indicators(known, row))
    moved = under is None and _moved(row.uuid, known, row, old, new)
    if not (fields or under or indicators or moved):
        return None
    return RowChange(Kind.CHANGED, row, fields, under, moved, indicators)


def _parent(framework: Framework, row: Row) -> Row | None:
    return None if row.parent is None else framework.find_row(row.parent)


def _moved(uuid: UUID, known: Row, row: Row, old: Framework, new: Framework) -> bool:
    """Whether the rows before it among its lasting siblings are others than they were."""
    before = [one.uuid for one in old.children(known.parent)]
    after = [one.uuid for one in new.children(row.parent)]
    lasting = set(before) & set(after)
    ahead = [{one for one in order[: order.index(uuid)] if one in lasting} for order in (before, after)]
    return ahead[0] != ahead[1]


def _fields(old: Row | Indicator, new: Row | Indicator, names: tuple[str, ...]) -> Iterator[FieldChange]:
    for name in names:
        before, after = str(getattr(old, name)), str(getattr(new, name))
        if before != after:
            yield FieldChange(name, before, after)


def _indicators(old: Row, new: Row) -> Iterator[IndicatorChange]:
    known = {one.uuid: one for one in old.indicators}
    for one in new.indicators:
        before = known.pop(one.uuid, None)
        if before is None:
            yield IndicatorChange(Kind.ADDED, one)
        elif fields := tuple(_fields(before, one, INDICATOR_FIELDS)):
            yield IndicatorChange(Kind.CHANGED, one, fields)
    for one in known.values():
        yield IndicatorChange(Kind.REMOVED, one)
