"""What a workbook says of itself on its hidden sheet: which report it was made for, so that a wrong file is told."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from minori.report_forms.contents import canonical
from minori.report_forms.grids import Grid

MARK = "minori:report"
"""Stands first on the hidden sheet of every workbook of ours."""

SHEET = "_minori"
CHECKSUM = "checksum"


class NotOurs(ValueError):  # noqa: N818 - a state of the file
    """The file has no sheet of ours: it is another workbook."""


class Damaged(ValueError):  # noqa: N818 - a state of the file
    """The hidden sheet was changed: nobody can say which report the file is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """One report, and what it was made of. `revision` is the one it was filled in from, 0 for a blank one."""

    grant: str
    round: int
    framework: int
    edition: str
    edition_version: int
    revision: int
    language: str

    def checksum(self) -> str:
        """A changed key is noticed; it is no secret and no signature: an officer reads what comes in."""
        return hashlib.sha256(canonical(asdict(self))).hexdigest()[:32]

    def lines(self) -> list[tuple[str, str]]:
        """The lines of the hidden sheet."""
        said = [(name, str(value)) for name, value in asdict(self).items()]
        return [(MARK, "1"), *said, (CHECKSUM, self.checksum())]


def keys_of(grids: Iterable[Grid]) -> Keys:
    """What the workbook says of itself. Raises `NotOurs` or `Damaged`."""
    for grid in grids:
        said = {
            first.text: second.text if second else ""
            for row in grid.rows()
            if (first := grid.at(row, 0)) is not None
            for second in [grid.at(row, 1)]
        }
        if MARK in said:
            return _keys(said)
    raise NotOurs


def _keys(said: dict[str, str]) -> Keys:
    try:
        values = {
            one.name: int(said[one.name]) if one.type is int else said[one.name] for one in fields(Keys)
        }
        keys = Keys(**values)  # type: ignore[arg-type]  # each by its type
    except (KeyError, ValueError) as error:
        raise Damaged from error
    if said.get(CHECKSUM) != keys.checksum():
        raise Damaged
    return keys
