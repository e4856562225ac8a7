"""The progress map: one line per grant with its own outputs as an ordered strip. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from minori.marks import dotted
from minori.programmes.enums import Standing
from reporting.portfolio.board import Row
from reporting.summaries.shape import MapCell, MapLine, SummaryContents

Shown = int | Literal["nothing", "missing"] | None


@dataclass(frozen=True)
class StripCell:
    """One cell of a strip. `number`: the row's code or its place; `spans`: further rows the same code was stated for."""

    cell: MapCell
    number: str
    spans: tuple[str, ...]
    code: Shown

    @property
    def label(self) -> str:
        """「1」, or 「1・0101–0106」 for a code that covers several rows."""
        if not self.spans:
            return self.number
        ends = self.spans[0] if len(self.spans) == 1 else f"{self.spans[0]}–{self.spans[-1]}"
        return dotted((self.number, ends))


@dataclass(frozen=True)
class Line:
    """One grant in the map, beside its row on the board."""

    row: Row
    line: MapLine
    counts: tuple[tuple[str, int], ...]

    @property
    def drawn_from(self) -> list[object]:
        """All that the line says follows from these."""
        return [*self.row.drawn_from, self.row.digest or self.line]

    @property
    def handed_in(self) -> bool:
        return self.line["handed_in"]

    @property
    def has_words(self) -> bool:
        """Whether something stands behind its cells, of this round or of one before."""
        return self.handed_in or any(cell["last"] is not None for cell in self.line["cells"])

    @property
    def cells(self) -> tuple[StripCell, ...]:
        """The strip: made for the lines that are drawn only."""
        return strip(self.line)

    @property
    def total(self) -> int:
        return len(self.line["cells"])

    @property
    def worse(self) -> int:
        return self.line["worse"]

    @property
    def waived(self) -> bool:
        """Whether nothing is required of this grant: neither late nor missing."""
        return self.row.now is not None and self.row.now.standing == Standing.WAIVED


def of(summary: SummaryContents, rows: Sequence[Row], *, code: str = "") -> tuple[Line, ...]:
    """The lines of the given board rows: what got worse first, then most behind, then as on the board.

    `code` keeps the lines that hold it: "3", "4", or "worse".
    """
    by_grant = {one["grant"]: one for one in summary["map"]}
    lines = [line(row, by_grant[row.grant]) for row in rows if row.grant in by_grant]
    kept = [one for one in lines if _holds(one, code)]
    return tuple(sorted(kept, key=lambda one: (-one.worse, -dict(one.counts).get("3", 0))))


def _holds(line: Line, code: str) -> bool:
    if code == "worse":
        return line.worse > 0
    return not code or dict(line.counts).get(code, 0) > 0


def line(row: Row, found: MapLine) -> Line:
    """A grant's line of the map beside its row on the board."""
    return Line(
        row=row, line=found, counts=tuple((code, count) for code, count in found["counts"].items() if count)
    )


def strip(line: MapLine) -> tuple[StripCell, ...]:
    """The cells in the order of the plan; rows that follow the row whose code covers them are drawn with it."""
    cells: list[StripCell] = []
    for place, cell in enumerate(line["cells"], start=1):
        before = cells[-1] if cells else None
        number = cell["code"] or str(place)
        if before is not None and cell["covered_by"] == before.cell["row"]:
            cells[-1] = StripCell(before.cell, before.number, (*before.spans, number), before.code)
            continue
        cells.append(StripCell(cell, number, (), _shown(cell) if line["handed_in"] else "missing"))
    return tuple(cells)


def _shown(cell: MapCell) -> Shown:
    # a summary of an older format knows no "nothing to report"; it is compiled again soon
    return "nothing" if cell["progress"] is None and cell.get("nothing") else cell["progress"]
