"""What stands beside a remark while it is written: where the report stands, its codes, what changed, what to ask. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, cast

from reporting.portfolio import board, progress_map
from reporting.portfolio.board import Cell, Row
from reporting.portfolio.progress_map import StripCell
from reporting.reading.models import ToAsk
from reporting.remarks.models import Remark
from reporting.summaries.shape import MapLine, RoundFacts

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
    lines: Sequence[Mapping[str, Any]],
    facts: RoundFacts,
    *,
    remarks: Mapping[int | None, Remark],
    to_ask: Mapping[int, Sequence[ToAsk]],
    today: date,
    zone: tzinfo,
) -> list[Walked]:
    """What stands beside each of these lines of a round (`board`, `strip` and `texts` of a `GrantLine`), in their order."""
    found = []
    for one in lines:
        said, line = one["board"], one["strip"]
        row = board.row(said, (board.cell(said, facts, today=today, zone=zone),))
        cells = progress_map.strip(_with_words(line, one["texts"])) if line else ()
        found.append(
            Walked(
                row=row,
                handed_in=bool(line and line["handed_in"]),
                waived=said["state"] == "waived",
                counts=counted(line) if line else (),
                changed=[cell for cell in cells if has_changed(cell)],
                to_read=[cell for cell in cells if cell.code in TO_READ and not has_changed(cell)],
                remark=remarks.get(said["grant"]),
                to_ask=to_ask.get(said["deadline"], ()),
            )
        )
    return found


def _with_words(line: Any, texts: Mapping[str, Mapping[str, str]]) -> MapLine:
    cells = [{**cell, **texts.get(cell["row"], {})} for cell in line["cells"]]
    return cast("MapLine", {**line, "cells": cells})


def counted(line: MapLine) -> list[Counted]:
    """The codes that stand there now or did last time."""
    last = line["last_counts"]
    counts = [
        Counted(code, line["counts"].get(code, 0), None if last is None else last.get(code, 0))
        for code in CODES
    ]
    return [one for one in counts if one.now or one.last]


def has_changed(one: StripCell) -> bool:
    """Whether the row shows another code than last time, or none any more although the report is in."""
    cell = one.cell
    if cell["last"] is None or one.code == "missing":
        return False
    return cell["progress"] is None or cell["last"] != cell["progress"]
