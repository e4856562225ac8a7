"""What a contracted plan said, to the letter, beside the framework made of it: written once, read back at any time."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from minori.registry.models import FrameworkVersion, PlanSource
from minori.report_forms.shapes import Json, Reader, as_uuid


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One line of a plan: its cells by their columns, where it stood, and the rows that were made of it."""

    where: str = ""
    level: str = ""
    cells: Mapping[str, str]
    rows: tuple[UUID, ...] = ()

    def to_json(self) -> Json:
        """Plain JSON types."""
        rows = [str(uuid) for uuid in self.rows]
        return {"where": self.where, "level": self.level, "cells": dict(self.cells), "rows": rows}

    @classmethod
    def read(cls, data: Reader) -> "SourceLine":
        """The reverse of `to_json`."""
        cells = data.object("cells")
        return cls(
            where=data.text("where", ""),
            level=data.text("level", ""),
            cells={name: cells.text(name) for name in cells.data},
            rows=tuple(as_uuid(item, path) for item, path in data.items("rows")),
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a plan with the name of the file they came from ("" where they were pasted)."""

    filename: str
    lines: tuple[SourceLine, ...]

    def to_json(self) -> Json:
        """Plain JSON types."""
        return {"filename": self.filename, "lines": [line.to_json() for line in self.lines]}

    @classmethod
    def from_json(cls, data: object) -> "Source":
        """The reverse of `to_json`."""
        reader = Reader(data, "source")
        lines = tuple(SourceLine.read(item) for item in reader.objects("lines"))
        return cls(reader.text("filename", ""), lines)


def keep(version: FrameworkVersion, source: Source) -> None:
    """Keep what the plan said beside its version, for ever. Called where the version is registered."""
    PlanSource.objects.create(
        version=version,
        organization_id=version.organization_id,
        filename=source.filename,
        lines=[line.to_json() for line in source.lines],
    )


def read_back(version: FrameworkVersion) -> Source | None:
    """What the plan said, to the letter; None where the version was not read from a file or a table."""
    found = PlanSource.objects.filter(version=version).first()
    return None if found is None else Source.from_json({"filename": found.filename, "lines": found.lines})
