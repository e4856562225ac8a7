"""What changed between two versions of a plan, in people's words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from minori.registry import plan_differences, words
from minori.registry.change_units import Unit
from minori.registry.outcome_links import Difference
from minori.registry.plan_differences import FieldChange, IndicatorChange, Kind, RowChange
from minori.report_forms.framework import Framework, Level, Row, Support

KINDS: dict[Kind, Promise] = {
    Kind.ADDED: pgettext_lazy("a row or indicator of a plan", "new"),
    Kind.REMOVED: pgettext_lazy("a row or indicator of a plan", "no longer there"),
    Kind.CHANGED: pgettext_lazy("a row or indicator of a plan", "changed"),
}
_FIELDS: dict[str, Promise] = {
    "level": gettext_lazy("Level"),
    "support": gettext_lazy("Kind of support"),
    "code": gettext_lazy("Code of the row"),
    "statement": gettext_lazy("Statement"),
    "season": gettext_lazy("When the activity takes place"),
    "mark": gettext_lazy("Number of the indicator"),
    "baseline": gettext_lazy("Baseline"),
    "target": gettext_lazy("Target"),
    "achieve_by": gettext_lazy("To be achieved by"),
    "means": gettext_lazy("Means of verification"),
    "mid_state": gettext_lazy("Value or state at mid-term evaluation"),
    "post_state": gettext_lazy("Value or state at ex-post evaluation"),
}
_OF_WHOLE = ("baseline", "target", "achieve_by", "means", "mid_state", "post_state")
"""What is shown of an indicator that came or went."""


@dataclass(frozen=True)
class SaidField:
    """A text before and after, under its heading."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class SaidIndicator:
    """An indicator with what happened to it."""

    kind: Kind
    word: str
    title: str
    fields: list[SaidField]


@dataclass(frozen=True)
class SaidRow:
    """A row with what happened to it."""

    kind: Kind
    word: str
    level: str
    name: str
    statement: str
    fields: list[SaidField]
    indicators: list[SaidIndicator]


def say_changes(old: Framework, new: Framework) -> list[SaidRow]:
    """Every change between two versions for a page, in the order of the new one."""
    return [_row(change) for change in plan_differences.compare(old, new)]


@dataclass(frozen=True)
class SaidLink:
    """A link between an output and an outcome that came or went."""

    word: str
    output: str
    outcome: str


def say_links(differences: Iterable[Difference], old: Framework, new: Framework) -> list[SaidLink]:
    """The links that only one of two versions has, with the names that its rows have there."""
    return [
        SaidLink(
            str(KINDS[Kind.ADDED if one.is_new else Kind.REMOVED]),
            words.name_of((new if one.is_new else old).row(one.output)),
            words.name_of((new if one.is_new else old).row(one.outcome)),
        )
        for one in differences
    ]


def say_unit(unit: Unit) -> list[SaidField]:
    """What one single change changes, text by text."""
    if unit.indicator is not None:
        return _indicator(IndicatorChange(unit.kind, unit.indicator, unit.fields)).fields
    fields = [_field(one, "") for one in unit.fields]
    return fields if unit.under is None else [*fields, _under(unit.under)]


def _under(under: tuple[Row | None, Row | None]) -> SaidField:
    before, after = (_("nothing") if row is None else words.name_of(row) for row in under)
    return SaidField(_("Stands under"), before, after)


def _row(change: RowChange) -> SaidRow:
    fields = [_field(one, "") for one in change.fields]
    if change.under is not None:
        fields.append(_under(change.under))
    if change.moved:
        fields.append(SaidField(_("Order"), "", _("stands at another place")))
    return SaidRow(
        kind=change.kind,
        word=str(KINDS[change.kind]),
        level=words.say_level(change.row),
        name=words.name_of(change.row),
        statement=change.row.statement,
        fields=fields,
        indicators=[_indicator(one) for one in change.indicators] or _all(change),
    )


def _all(change: RowChange) -> list[SaidIndicator]:
    """The indicators of a row that came or went whole."""
    if change.kind is Kind.CHANGED:
        return []
    return [_indicator(IndicatorChange(change.kind, one)) for one in change.row.indicators]


def _indicator(change: IndicatorChange) -> SaidIndicator:
    fields = [_field(one, _("Indicator")) for one in change.fields]
    if change.kind is not Kind.CHANGED:
        texts = (
            (name, getattr(change.indicator, name))
            for name in ("baseline", "target", "achieve_by", "mid_state", "post_state")
        )
        added = change.kind is Kind.ADDED
        fields = [
            SaidField(str(_FIELDS[name]), "" if added else text, text if added else "")
            for name, text in texts
            if text
        ]
    return SaidIndicator(change.kind, str(KINDS[change.kind]), change.indicator.title, fields)


def _field(change: FieldChange, statement: str) -> SaidField:
    label = statement if statement and change.name == "statement" else str(_FIELDS[change.name])
    return SaidField(label, _text(change.name, change.before), _text(change.name, change.after))


def _text(name: str, value: str) -> str:
    if name == "level":
        return str(words.LEVELS[Level(value)])
    return str(words.SUPPORTS[Support(value)]) if name == "support" else value
