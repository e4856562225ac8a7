"""A round's compiled numbers as sheets: achievement and pace of every confirmed indicator, and common indicators."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.indicators.quantities import rounded
from minori.indicators.results import Outcome, Value
from minori.marks import listed
from reporting.common import queries as common_queries
from reporting.exports.gathering import Gathered
from reporting.portfolio.figure_lines import Common, Line
from reporting.summaries import restoring

Cell = str | int | float | date | None


class Look(Protocol):
    """What writes a table (`workbook`)."""

    def table(
        self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]
    ) -> None: ...


def write(look: Look, gathered: Gathered) -> None:
    """Two sheets. Percentages are numbers rounded to one place, half up; where there is none the reason stands beside."""
    columns = [
        (_("Organization"), "name"),
        (_("Project"), "name"),
        (_("Grant code"), "short"),
        (_("Code"), "short"),
        (_("Output"), "name"),
        (_("Indicator"), "name"),
        (_("actual").capitalize(), "short"),
        (_("Actual as a number"), "short"),
        (_("Unit"), "short"),
        (_("Carried over from round"), "short"),
        (_("target").capitalize(), "name"),
        (_("Target as a number"), "short"),
        (_("Target used"), "short"),
        (_("Date of the target"), "short"),
        (_("Achievement in %"), "short"),
        (_("Why there is none"), "name"),
        (_("Time gone in %"), "short"),
        (_("How this was calculated"), "name"),
        (_("Confirmed by"), "short"),
    ]
    lines = (Line(facts, gathered.grants[facts["grant"]]) for facts in gathered.shelf.numbers())
    look.table(_("Achievement"), columns, (_line(one) for one in lines))
    columns = [
        (_("Common indicator"), "name"),
        (pgettext("of a common indicator", "Figure"), "short"),
        (_("Counted"), "short"),
        (_("Out of"), "short"),
        (_("Organization"), "name"),
        (_("Project"), "name"),
        (_("Grant code"), "short"),
        (_("Indicator"), "name"),
        (_("Number"), "short"),
        (_("Carried over from round"), "short"),
        (_("This round"), "short"),
        (_("Why it is not counted"), "name"),
        (_("From these texts"), "text"),
        (_("Confirmed by"), "short"),
    ]
    look.table(_("Common indicators"), columns, _commons(gathered))


def _line(one: Line) -> list[Cell]:
    facts, actual = one.facts, one.facts["actual"]
    return [
        one.grant.organization,
        one.grant.title,
        one.grant.code,
        facts["code"],
        facts["row"],
        f"{facts['mark']}{facts['statement']}",
        one.actual,
        float(Fraction(actual["value"])) if actual else None,
        actual["unit"] if actual else None,
        facts["carried_from"],
        facts["target_text"],
        _target(one),
        one.target_role,
        one.target_on,
        _percent(one.outcome),
        one.why,
        _percent(restoring.outcome(facts["time"])),
        one.explanation.expression,
        listed(dict.fromkeys(step.by for step in one.explanation.steps if step.by)),
    ]


def _commons(gathered: Gathered) -> Iterable[list[Cell]]:
    compiled = {one["common"]: Common(one) for one in gathered.common or ()}
    for common in common_queries.common_indicators(gathered.programme):
        found = compiled.get(common.pk)
        if found is None:
            continue
        for one in found.contributions(gathered.grants):
            steps = one.explanation.steps
            yield [
                common.named(gathered.language),
                found.figure,
                found.coverage["counted"],
                found.coverage["of"],
                one.grant.organization,
                one.grant.title,
                one.grant.code,
                one.facts["statement"],
                one.amount,
                one.facts["carried_from"],
                one.standing,
                one.why_not,
                "\n".join(step.text for step in steps if step.text),
                listed(dict.fromkeys(step.by for step in steps if step.by)),
            ]


def _target(one: Line) -> float | None:
    """What the achievement is measured by: of a target per year the years together."""
    facts = one.facts
    targets = [each for each in facts["achievement"]["parts"] if each["role"] == facts["target_role"]]
    values = [Fraction(each["value"]) for each in targets if each["value"] is not None and each["of"] is None]
    return float(sum(values)) if values and isinstance(one.outcome, Value) else None


def _percent(outcome: Outcome) -> float | None:
    return float(rounded(outcome.value * 100, 1)) if isinstance(outcome, Value) else None
