"""A round's numbers: achievement and pace of every confirmed indicator, and the programme's common indicators. No queries.

What is compared by day is judged on the last day of the round's period, so that a round stays what it was. Grants are
judged some at a time: what one's indicators say depends on nobody else, and a common indicator needs only what each
mapped one adds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import cast

from minori.filings.measured import as_of, pace_of, plan_of, statement_of
from minori.indicators import results
from minori.indicators.achievement import Achievement, achievement
from minori.indicators.common import Contribution, Coverage, Refused, aggregate, mean_achievement
from minori.indicators.quantities import Amount
from minori.indicators.results import NoValue, Outcome, Value
from minori.indicators.statements import Statement
from minori.indicators.targets import Plan
from minori.programmes.models import Round
from reporting.common.models import CommonIndicator, MappedIndicator
from reporting.summaries.number_inputs import Inputs, Key, Named
from reporting.summaries.numbers_shape import (
    AmountFacts,
    CommonLine,
    ContributionFacts,
    CoverageFacts,
    GrantCoverage,
    NumberLine,
    NumbersHead,
    OutcomeFacts,
    PartFacts,
)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One indicator with what was found of it."""

    named: Named
    plan: Plan
    statements: tuple[Statement, ...]
    found: Achievement
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What a mapped indicator adds to its common indicator; `facts` do not know yet whether it is refused."""

    contribution: Contribution
    facts: ContributionFacts


@dataclass(frozen=True, slots=True)
class Part:
    """The numbers of some grants: their lines and coverage in the order of the board, and what is added by whom."""

    lines: list[NumberLine]
    grants: list[GrantCoverage]
    added: dict[int, Added]


def of(inputs: Inputs, round_: Round) -> Part:
    """The numbers of the grants that the inputs are of."""
    day = day_of(round_)
    judged = [_judge(one, inputs, round_, day) for one in (*inputs.indicators, *inputs.gone)]
    by_key = {one.named.key: one for one in judged}
    gone = {one.key for one in inputs.gone}
    by_grant: dict[int, list[_Judged]] = {}
    for one in judged:
        if one.named.key not in gone:
            by_grant.setdefault(one.named.grant, []).append(one)
    asked = [(grant, by_grant.get(grant, [])) for grant in inputs.asked]
    added = ((mapped, by_key.get((mapped.grant_id, mapped.indicator_uuid))) for mapped in inputs.mapped)
    return Part(
        lines=[_line(one, inputs, day) for _, every in asked for one in every if one.confirmed],
        grants=[
            GrantCoverage(
                grant=grant, coverage=_coverage(mean_achievement(one.found for one in every).coverage)
            )
            for grant, every in asked
        ],
        added={
            mapped.pk: _added(mapped, it, gone, inputs)
            for mapped, it in added
            if it is not None and it.statements
        },
    )


def day_of(round_: Round) -> date:
    """The day by which the round is judged."""
    return as_of(round_, today=round_.period_ends_on)


def together(
    round_: Round,
    grants: list[GrantCoverage],
    mapped: Iterable[MappedIndicator],
    added: Mapping[int, Added],
) -> NumbersHead:
    """The round's numbers beside the lines, from those of all its grants; `added` by the primary keys of `mapped`."""
    return NumbersHead(
        as_of=day_of(round_).isoformat(),
        coverage=_sum(one["coverage"] for one in grants),
        grants=grants,
        common=[_common(common, every, added) for common, every in _by_common(mapped)],
    )


def _sum(coverages: Iterable[CoverageFacts]) -> CoverageFacts:
    """Counts add up: every indicator is of one grant."""
    total: Counter[str] = Counter(dict.fromkeys(CoverageFacts.__annotations__, 0))
    for one in coverages:
        total.update(cast("Mapping[str, int]", one))
    return cast("CoverageFacts", dict(total))


def _judge(named: Named, inputs: Inputs, round_: Round, day: date) -> _Judged:
    filed, read = inputs.filed.get(named.key, {}), inputs.actual_readings.get(named.key, {})
    found = {
        aspect: inputs.plan_readings.get((named.key, aspect, text)) for aspect, text in named.texts.items()
    }
    periods = inputs.periods.get(named.grant, [])
    statements = tuple(statement_of(one, filed.get(one.number), read.get(one.number)) for one in periods)
    if named.grant not in inputs.dates:  # a plan, and nothing asked so far
        return _Judged(named, Plan(), (), achievement(Plan(), (), round_=round_.number, today=day), False)
    plan = plan_of(named.texts, found, dates=inputs.dates[named.grant], reference=f"plan:{named.pk}")
    achieved = achievement(plan, statements, round_=round_.number, today=day)
    return _Judged(named, plan, statements, achieved, bool(read or any(found.values())))


def _line(one: _Judged, inputs: Inputs, day: date) -> NumberLine:
    found, named = one.found, one.named
    pace = pace_of(one.plan, found, today=day)
    target = found.target
    return NumberLine(
        grant=named.grant,
        indicator=str(named.uuid),
        code=named.code,
        row=named.row,
        mark=named.mark,
        statement=named.statement,
        standing=found.actual.standing.value,
        actual=_amount(found.actual.amount),
        carried_from=found.actual.carried_from,
        achievement=_outcome(found.outcome, inputs.deadlines),
        met=found.met,
        target_role=target.role.value if target else "",
        target_text=target.said.text if target else "",
        target_on=target.due_on.isoformat() if target and target.due_on else None,
        time=_outcome(pace.time, inputs.deadlines),
        ahead=None if pace.ahead is None else _exact(pace.ahead),
    )


def _by_common(
    mapped: Iterable[MappedIndicator],
) -> Iterable[tuple[CommonIndicator, list[MappedIndicator]]]:
    """In the order they come in, which is that of the common indicators."""
    found: dict[int, tuple[CommonIndicator, list[MappedIndicator]]] = {}
    for one in mapped:
        found.setdefault(one.common_id, (one.common, []))[1].append(one)
    return found.values()


def _common(
    common: CommonIndicator, mapped: Sequence[MappedIndicator], added: Mapping[int, Added]
) -> CommonLine:
    asked = [added[one.pk] for one in mapped if one.pk in added]
    counted = aggregate(common.aggregation, (one.contribution for one in asked), unit=common.unit)
    refused = {one.key: one for one in counted.refused}
    return CommonLine(
        common=common.pk,
        unit=common.unit,
        rule=common.rule,
        figure=_outcome(counted.outcome, {}),
        coverage=_coverage(counted.coverage),
        not_asked=len(mapped) - len(asked),
        contributions=[_told(one, refused.get(one.contribution.key)) for one in asked],
    )


def _told(one: Added, refused: Refused | None) -> ContributionFacts:
    if refused is None:
        return one.facts
    return {**one.facts, "refused": refused.reason.value, "terms": list(refused.terms)}


def _added(mapped: MappedIndicator, it: _Judged, gone: set[Key], inputs: Inputs) -> Added:
    actual = it.found.actual
    stated = actual.carried_from if actual.carried_from is not None else actual.round
    contribution = Contribution(
        key=str(mapped.pk),
        amount=actual.amount,
        standing=actual.standing,
        on=next((one.day for one in it.statements if one.round == stated), None),
        carried=actual.carried_from is not None,
    )
    facts = ContributionFacts(
        mapped=mapped.pk,
        grant=mapped.grant_id,
        indicator=str(mapped.indicator_uuid),
        row=it.named.row,
        statement=f"{it.named.mark}{it.named.statement}",
        gone=it.named.key in gone,
        standing=actual.standing.value,
        amount=_amount(actual.amount),
        carried_from=actual.carried_from,
        refused="",
        terms=[],
        actual=_outcome(actual.outcome, inputs.deadlines),
    )
    return Added(contribution, facts)


def _outcome(outcome: Outcome, deadlines: Mapping[int, int]) -> OutcomeFacts:
    formula = outcome.formula
    valued = isinstance(outcome, Value)
    return OutcomeFacts(
        value=_exact(outcome.value) if isinstance(outcome, Value) else None,
        unit=outcome.unit if isinstance(outcome, Value) else "",
        reason=outcome.reason.value if isinstance(outcome, NoValue) else "",
        terms=list(outcome.terms) if isinstance(outcome, NoValue) else [],
        marks=sorted(mark.value for mark in outcome.marks) if isinstance(outcome, Value) else [],
        rule=formula.rule.value,
        expression=formula.expression if valued else "",
        parts=[_part(part, deadlines) for part in formula.parts],
    )


def _part(part: results.Part, deadlines: Mapping[int, int]) -> PartFacts:
    kind, _, number = part.reference.partition(":")
    facts = PartFacts(
        role=part.role.value,
        value=None if part.value is None else _exact(part.value),
        of=None if part.of is None else _exact(part.of),
        unit=part.unit,
        text=part.text,
        by=part.confirmed_by,
        round=part.round,
        deadline=deadlines.get(int(number)) if kind == "filing" and number.isdigit() else None,
    )
    if part.corrected:
        facts["corrected"] = part.corrected
    return facts


def _amount(amount: Amount | None) -> AmountFacts | None:
    if amount is None:
        return None
    of = None if amount.of is None else _exact(amount.of)
    return AmountFacts(value=_exact(amount.value), of=of, unit=amount.unit, sort=amount.sort.value)


def _coverage(found: Coverage) -> CoverageFacts:
    return CoverageFacts(
        counted=found.counted,
        of=found.of,
        nothing=found.nothing,
        not_reported=found.not_reported,
        words=found.words,
        refused=found.refused,
        qualitative=found.qualitative,
    )


def _exact(value: Fraction) -> str:
    """A fraction in digits, read back by `Fraction(…)`: "3/4", "-2"."""
    return str(value)
