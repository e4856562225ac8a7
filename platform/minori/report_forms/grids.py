"""Tables as they were found in a file or in pasted text: cells with their places, not yet understood. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from minori.report_forms.pasted import Line
from minori.report_forms.shapes import Json, Reader


class Source(StrEnum):
    """Where cells stood: in a sheet of a workbook, a table of a Word file, its paragraphs before one, or pasted text."""

    SHEET = "sheet"
    TABLE = "table"
    TEXT = "text"
    PASTED = "pasted"


class Hint(StrEnum):
    """What a person should know about how a cell was read."""

    FORMULA = "formula"  # it calculates: the value that was last shown stands here
    NO_RESULT = "no_result"  # it calculates, but the file holds no value for it, or an error: the formula itself stands here
    FORMAT = "format"  # a number or date in a format that we cannot show as Excel does


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell that holds text, by its upper left place (from 0), with what it spans where cells are merged."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    hint: Hint | None = None

    def to_json(self) -> Json:
        """Plain JSON types."""
        return {
            "row": self.row,
            "column": self.column,
            "text": self.text,
            "rows": self.rows,
            "columns": self.columns,
            "hint": "" if self.hint is None else self.hint.value,
        }

    @classmethod
    def read(cls, data: Reader) -> "Cell":
        """The reverse of `to_json`."""
        numbers = {name: data.integer(name) for name in ("row", "column", "rows", "columns")}
        hint = data.text("hint", "")
        return cls(text=data.text("text"), hint=Hint(hint) if hint else None, **numbers)


@dataclass(frozen=True)
class Grid:
    """One table. `number` (from 1) counts the tables of a Word file, `name` is the sheet's; both only to be told."""

    source: Source
    name: str = ""
    number: int = 1
    cells: tuple[Cell, ...] = field(default=())

    @cached_property
    def _covering(self) -> dict[tuple[int, int], Cell]:
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }

    @cached_property
    def _by_row(self) -> dict[int, list[Cell]]:
        found: dict[int, list[Cell]] = {}
        for cell in sorted(self.cells, key=lambda one: (one.row, one.column)):
            found.setdefault(cell.row, []).append(cell)
        return found

    def rows(self) -> Iterator[int]:
        """The rows in which a cell begins, in order."""
        return iter(sorted(self._by_row))

    def beginning_in(self, row: int) -> list[Cell]:
        """The cells that begin in a row, from left to right."""
        return self._by_row.get(row, [])

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers a place, merged ones too."""
        return self._covering.get((row, column))

    def to_json(self) -> Json:
        """Plain JSON types."""
        cells = [cell.to_json() for cell in self.cells]
        return {"source": self.source.value, "name": self.name, "number": self.number, "cells": cells}

    @classmethod
    def from_json(cls, data: object, path: str = "grid") -> "Grid":
        """The reverse of `to_json`; ShapeError names the place that does not fit."""
        reader = Reader(data, path)
        return cls(
            source=reader.choice("source", Source),
            name=reader.text("name", ""),
            number=reader.integer("number"),
            cells=tuple(Cell.read(item) for item in reader.objects("cells")),
        )


def of_lines(lines: Iterable[Line]) -> Grid:
    """Pasted text as a grid; its rows are the numbers of the lines, less one, so that places can be told."""
    cells = (
        Cell(row=line.number - 1, column=column, text=text)
        for line in lines
        for column, text in enumerate(line.cells)
        if text.strip()
    )
    return Grid(Source.PASTED, cells=tuple(cells))


def column_letters(column: int) -> str:
    """The name of a column (from 0) in a workbook: A, B, …, Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
