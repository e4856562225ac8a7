"""What came of reading a found plan, kept beside it: lists of many files then cost no reading."""

import hashlib
import inspect
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from types import ModuleType
from typing import Any

from minori.registry import nesting, pasting, plan_columns, plan_forms, plan_reading
from minori.registry.plan_columns import Part
from minori.registry.plan_forms import WrittenPlan
from minori.registry.plan_reading import PlanRead
from minori.report_forms import codes, framework, grids, marks, pairing, radicals, texts

_READERS: tuple[ModuleType, ...] = (
    plan_forms,
    plan_reading,
    plan_columns,
    nesting,
    pasting,
    pairing,
    grids,
    marks,
    codes,
    framework,
    radicals,
    texts,
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A plan in short, as it was read with the decisions of its day: its names, its rows, what hinders."""

    rows: int
    hindering: int
    title: str = ""
    grant: str = ""
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """For the row of the found plan, with the mark of the program that read."""
        return asdict(self) | {"reader": reader()}


def outcome_of(written: WrittenPlan, read: PlanRead) -> Outcome:
    """The plan in short."""
    return Outcome(
        rows=len(read.framework),
        hindering=sum(finding.hinders for finding in read.findings) + len(read.framework.problems()),
        title=written.facts.get(Part.TITLE, ""),
        grant=written.facts.get(Part.GRANT, ""),
        name=written.name,
    )


def kept(data: Mapping[str, Any] | None) -> Outcome | None:
    """What was kept; None where nothing was, or another program read it: then it is read anew."""
    if not data or data.get("reader") != reader():
        return None
    return Outcome(**{key: value for key, value in data.items() if key != "reader"})


@cache
def reader() -> str:
    """The mark of the reading program: an upgrade that reads otherwise forgets what was kept."""
    sources = "".join(inspect.getsource(module) for module in _READERS)
    return hashlib.sha256(sources.encode()).hexdigest()[:16]
