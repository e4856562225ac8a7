"""What stands beside a remark while it is written: where the report stands, its codes, what changed, what to ask. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reporting.portfolio import progress_map
from reporting.portfolio.board import Board, Cell, Row
from reporting.portfolio.progress_map import StripCell
from reporting.reading.models import ToAsk
from reporting.remarks.models import Remark
from reporting.summaries.shape import MapLine, SummaryContents

CODES = ("1", "2", "3", "4", "nothing", "blank")
TO_READ = (3, 4)
"""Codes whose words one reads before writing: behind plan, and other."""


@dataclass(frozen=True)
class Counted:
    """How many rows show a code now, and how many did last time (None: there was no last time)."""

    code: str
    now: int
    last: int | None


@dataclass(frozen=True)
class Walked:
    """One grant on the walk through a round."""

    row: Row
    handed_in: bool
    waived: bool
    counts: Sequence[Counted]
    changed: Sequence[StripCell]
    to_read: Sequence[StripCell]
    remark: Remark | None = None
    to_ask: Sequence[ToAsk] = field(default=())

    @property
    def key(self) -> str:
        """The name of its field."""
        return f"grant-{self.row.grant}"

    @property
    def cell(self) -> Cell | None:
        return self.row.now

    @property
    def text(self) -> str:
        return self.remark.text if self.remark else ""


def walk(
    board: Board,
    summary: SummaryContents,
    *,
    remarks: Mapping[int | None, Remark],
    to_ask: Mapping[int, Sequence[ToAsk]],
) -> list[Walked]:
    """Every grant of the round in the order of the organizations' names."""
    lines = {line["grant"]: line for line in summary["map"]}
    rows = {row.grant: row for row in board.rows}
    found = []
    for said in summary["board"]:
        row, line = rows[said["grant"]], lines.get(said["grant"])
        cells = progress_map.strip(line) if line else ()
        found.append(
            Walked(
                row=row,
                handed_in=bool(line and line["handed_in"]),
                waived=said["state"] == "waived",
                counts=counted(line) if line else (),
                changed=[one for one in cells if has_changed(one)],
                to_read=[one for one in cells if one.code in TO_READ and not has_changed(one)],
                remark=remarks.get(said["grant"]),
                to_ask=to_ask.get(said["deadline"], ()),
            )
        )
    return found


def counted(line: MapLine) -> list[Counted]:
    """The codes that stand there now or did last time."""
    last = line["last_counts"]
    counts = [
        Counted(code, line["counts"].get(code, 0), None if last is None else last.get(code, 0))
        for code in CODES
    ]
    return [one for one in counts if one.now or one.last]


def has_changed(one: StripCell) -> bool:
    """Whether the row shows another code than last time; where either shows none there is nothing to compare."""
    cell = one.cell
    return cell["last"] is not None and cell["progress"] is not None and cell["last"] != cell["progress"]
