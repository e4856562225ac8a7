"""Change requests in people's words: every change as it is read, and why some cannot be made alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minori.marks import gapped
from minori.registry import plan_changes, words
from minori.registry.change_models import Change
from minori.registry.change_units import Clash, ClashCode, Subject, Unit
from minori.registry.changes import Read
from minori.registry.plan_changes import SaidField
from minori.registry.plan_differences import Kind
from minori.report_forms.framework import Framework

_CLASHES: dict[ClashCode, Promise] = {
    ClashCode.NEEDS_ROW: gettext_lazy(
        "This indicator stands in the new row “%(row)s”, which is not approved. Approve that row too, or do not"
        " approve the indicator."
    ),
    ClashCode.NEEDS_PARENT: gettext_lazy(
        "“%(row)s” would stand under a new row that is not approved. Approve that one too, or do not approve this."
    ),
    ClashCode.STILL_UNDER: gettext_lazy(
        "“%(row)s” would still stand under this row. Approve its change too, or let this row stay."
    ),
}


@dataclass
class SaidChange:
    """One change on a page: what it is about, before and after, what was said of it, and perhaps a form.

    `statement` is the row's, also where the change is one of its indicators (`title`).
    """

    key: str
    number: int
    kind: Kind
    word: str
    level: str
    statement: str
    title: str
    fields: list[SaidField]
    concerns_outcome: bool
    change: Change | None = None
    came_from: str = ""
    form: Any = None


def say(found: Read) -> list[SaidChange]:
    """Every change of a sent revision, in order."""
    return say_units(found.units, found.old, found.said.values())


def say_units(units: Iterable[Unit], old: Framework, said: Iterable[Change] = ()) -> list[SaidChange]:
    """Every change, in order; with what was `said` of it where it was sent."""
    known = {one.key: one for one in said}
    return [_change(number, unit, old, known.get(unit.key)) for number, unit in enumerate(units, start=1)]


def _change(number: int, unit: Unit, old: Framework, change: Change | None) -> SaidChange:
    before = old.find_indicator(change.came_from) if change is not None and change.came_from else None
    return SaidChange(
        key=unit.key,
        number=number,
        kind=unit.kind,
        word=str(plan_changes.KINDS[unit.kind]),
        level=_("Order of the rows") if unit.row is None else words.say_level(unit.row),
        statement=_("Rows stand at other places.") if unit.row is None else unit.row.statement,
        title=unit.indicator.title if unit.indicator is not None else "",
        fields=plan_changes.say_unit(unit),
        concerns_outcome=unit.concerns_outcome,
        change=change,
        came_from=before[1].title if before is not None else "",
    )


def say_clash(clash: Clash) -> str:
    """Why a change cannot be made as decided."""
    if clash.problem is not None:
        return _("The approved changes leave a mistake in the plan: %(problem)s") % {
            "problem": words.say_problem(clash.problem)
        }
    row = "" if clash.other is None else words.name_of(clash.other)
    return str(_CLASHES[clash.code]) % {"row": row}


def name_of(unit: Unit) -> str:
    """A short name of a change, for lists of problems."""
    if unit.row is None:
        return _("Order of the rows")
    row = words.name_of(unit.row)
    if unit.subject is Subject.INDICATOR and unit.indicator is not None:
        return gapped((row, unit.indicator.title))
    return row
