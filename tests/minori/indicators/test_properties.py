"""What holds for any input: no exception, no guess from silence, sums of shares, the order of inputs never matters."""

import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from minori.indicators import running
from minori.indicators.achievement import achievement
from minori.indicators.common import Aggregation, Contribution, aggregate, mean_achievement
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.measures import Confidence, Kind, Measure, Per, Step
from minori.indicators.pace import pace
from minori.indicators.quantities import Amount, Sort, amount_of, plain, rounded, why_incomparable
from minori.indicators.reasons import Mark, Reason
from minori.indicators.results import NoValue, Value
from minori.indicators.statements import Covers, Reached, Said, Standing, Statement
from minori.indicators.stored import from_json, to_json
from minori.indicators.targets import Plan
from tests.minori.indicators.examples import plan, said, silent, statement, target
from tests.minori.report_forms.strategies import calm

TODAY = date(2027, 4, 10)
any_decimal = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.integers(-1000, 1000).map(Decimal),
    st.decimals(-100, 100, places=2),
    st.none(),
)
units = st.sampled_from(["人", "名", "回", "%", "％", "", "世帯", "ポイント"])
measures = st.recursive(
    st.builds(
        Measure,
        text=st.sampled_from(["", "5人以上", "年間150人", "同上"]),
        kind=st.sampled_from(Kind),
        value=any_decimal,
        upper=any_decimal,
        unit=units,
        per=st.one_of(st.none(), st.sampled_from(Per)),
        of=any_decimal,
        years=st.dictionaries(
            st.sampled_from(["2025", "2026", "0000", "9999", "R5", ""]),
            any_decimal.map(lambda one: Decimal(0) if one is None else one),
            max_size=2,
        ),
        step=st.one_of(st.none(), st.sampled_from(Step)),
        confidence=st.sampled_from(Confidence),
    ),
    lambda inner: st.builds(replace, inner, parts=st.lists(inner, max_size=2).map(tuple)),
    max_leaves=3,
)
texts = st.builds(Said, text=st.sampled_from(["", " ", "8人"]), measure=st.one_of(st.none(), measures))
days = st.dates(date(2024, 1, 1), date(2029, 1, 1))
any_day = st.one_of(days, st.sampled_from([date.min, date.max]))
statements = st.builds(
    Statement,
    round=st.integers(1, 6),
    starts_on=any_day,
    ends_on=any_day,
    said=texts,
    covers=st.sampled_from(Covers),
    on=st.one_of(st.none(), any_day),
    nothing=st.booleans(),
    reached=st.one_of(st.none(), st.sampled_from(Reached)),
    sequence=st.integers(0, 2),
)
some = st.lists(statements, max_size=5)
plans = st.builds(
    Plan,
    baseline=texts,
    target=texts,
    mid=texts,
    post=texts,
    mid_on=st.one_of(st.none(), days),
    post_on=st.one_of(st.none(), days),
    starts_on=st.one_of(st.none(), days),
    ends_on=st.one_of(st.none(), days),
    calendar=st.integers(1, 12).map(FiscalCalendar),
)
whole = st.integers(0, 10_000)


@settings(calm, max_examples=300)
@given(plans, some, st.integers(0, 7), any_day)
def test_nothing_raises_whatever_is_registered_and_stated(registered, stated, round_, today):
    found = achievement(registered, stated, round_=round_, today=min(today, date(2030, 1, 1)))
    assert isinstance(found.outcome, Value | NoValue)
    beside = pace(found.outcome, starts_on=registered.starts_on, achieve_by=registered.ends_on, today=today)
    assert beside.ahead is None or isinstance(found.outcome, Value)
    mean_achievement([found])


@calm
@given(plans, some, st.randoms())
def test_the_order_of_statements_never_matters(registered, stated, random):
    shuffled = random.sample(stated, len(stated))
    assert achievement(registered, stated, round_=4, today=TODAY) == achievement(
        registered, shuffled, round_=4, today=TODAY
    )


@calm
@given(some, st.integers(1, 4))
def test_silence_changes_no_running_total(stated, round_):
    known = [one for one in stated if one.round <= round_]
    calendar = FiscalCalendar()
    before = running.at_round(known, round_=round_, calendar=calendar)
    after = running.at_round([*known, silent(round_ + 1)], round_=round_ + 1, calendar=calendar)
    if isinstance(before.outcome, Value):
        assert after.outcome.value == before.outcome.value
        assert Mark.CARRIED in after.outcome.marks
        assert after.standing is Standing.NOT_REPORTED
    else:
        assert after.outcome.reason is before.outcome.reason


@calm
@given(st.lists(st.one_of(st.none(), whole), min_size=1, max_size=6))
def test_totals_of_periods_never_fall(numbers):
    stated = [statement(place, number, Covers.PERIOD) for place, number in enumerate(numbers, start=1)]
    found = running.through_rounds(stated, rounds=range(1, 7), calendar=FiscalCalendar())
    values = [one.outcome.value for one in found if isinstance(one.outcome, Value)]
    assert values == sorted(values)
    assert not values or values[-1] == sum(one for one in numbers if one is not None)


@calm
@given(st.dictionaries(st.integers(1, 6), whole, min_size=1), st.integers(1, 6), whole)
def test_a_later_entered_statement_changes_only_the_rounds_up_to_the_next(known, round_, number):
    def trend(told):
        found = running.through_rounds(
            [statement(place, one) for place, one in told.items()],
            rounds=range(1, 7),
            calendar=FiscalCalendar(),
        )
        return [one.outcome.value if isinstance(one.outcome, Value) else None for one in found]

    following = min((one for one in known if one > round_), default=7)
    before, after = trend(known), trend(known | {round_: number})
    assert after[: round_ - 1] == before[: round_ - 1]
    assert after[following - 1 :] == before[following - 1 :]
    assert set(after[round_ - 1 : following - 1]) == {number}


@calm
@given(st.lists(st.tuples(whole, st.integers(1, 10_000)), min_size=1, max_size=8))
def test_shares_add_as_sums(pairs):
    parts = [
        Contribution(
            key=str(place),
            amount=Amount(Fraction(value), "人", Fraction(of), Sort.SHARE, counted=True),
            standing=Standing.NUMBER,
        )
        for place, (value, of) in enumerate(pairs)
    ]
    outcome = aggregate(Aggregation.SHARE, parts, unit="人").outcome
    assert outcome.value * sum(of for _, of in pairs) == sum(value for value, _ in pairs)


contributions = st.builds(
    Contribution,
    key=st.sampled_from("abcde"),
    amount=st.one_of(
        st.none(), measures.map(amount_of).map(lambda one: one if isinstance(one, Amount) else None)
    ),
    standing=st.sampled_from(Standing),
    on=st.one_of(st.none(), any_day),
)


@calm
@given(st.sampled_from(Aggregation), st.lists(contributions, max_size=6), units, st.randoms())
def test_aggregates_take_anything_in_any_order_and_account_for_everybody(rule, parts, unit, random):
    found = aggregate(rule, parts, unit=unit)
    assert found == aggregate(rule, random.sample(parts, len(parts)), unit=unit)
    had = found.coverage
    assert had.counted + had.nothing + had.not_reported + had.words + had.refused == had.of == len(parts)
    assert len(found.refused) == had.refused
    if isinstance(found.outcome, Value):
        assert len(found.outcome.formula.parts) == had.counted


@calm
@given(measures, measures)
def test_whether_two_amounts_compare_is_the_same_both_ways(one, other):
    first, second = amount_of(one), amount_of(other)
    if isinstance(first, Amount) and isinstance(second, Amount):
        assert why_incomparable(first, second) == why_incomparable(second, first)


@calm
@given(whole, whole, whole, st.integers(1, 1000))
def test_a_ratio_does_not_depend_on_the_unit_of_counting(baseline, goal, actual, factor):
    """Thousands or single people: as long as all three are counted alike."""

    def at(by):
        registered = plan(target(goal * by), said(baseline * by))
        return achievement(registered, [statement(3, actual * by)], round_=3, today=TODAY).outcome

    once, scaled = at(1), at(factor)
    if isinstance(once, Value):
        assert scaled.value == once.value
    else:
        assert scaled.reason is once.reason is Reason.TARGET_IS_BASELINE


@calm
@given(whole, whole, whole)
def test_growing_and_falling_are_one_definition_seen_from_two_sides(baseline, goal, actual):
    outcome = achievement(
        plan(target(goal), said(baseline)), [statement(3, actual)], round_=3, today=TODAY
    ).outcome
    if isinstance(outcome, Value):
        assert outcome.value * (goal - baseline) == actual - baseline
        worse = actual < baseline if goal > baseline else actual > baseline
        assert (outcome.value < 0) is worse


@calm
@given(st.sampled_from(["nothing", "zero", "silent"]), st.integers(1, 500))
def test_the_kinds_of_nothing_are_never_mixed_up(said_so, goal):
    stated = {
        "nothing": statement(1, nothing=True),
        "zero": statement(1, 0),
        "silent": silent(1),
    }[said_so]
    outcome = achievement(plan(target(goal)), [stated], round_=1, today=TODAY).outcome
    assert {
        "nothing": isinstance(outcome, NoValue) and outcome.reason is Reason.NOTHING_TO_REPORT,
        "zero": isinstance(outcome, Value) and outcome.value == 0,
        "silent": isinstance(outcome, NoValue) and outcome.reason is Reason.NOT_REPORTED,
    }[said_so]


@calm
@given(plans, some)
def test_nothing_counts_that_nobody_confirmed(registered, stated):
    words = [replace(one, said=Said(one.said.text)) for one in stated]
    assert isinstance(achievement(registered, words, round_=6, today=TODAY).outcome, NoValue)


finite = st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False))
simple = st.builds(
    Measure,
    text=st.text(),
    kind=st.sampled_from(Kind),
    value=finite,
    upper=finite,
    unit=st.text(),
    per=st.one_of(st.none(), st.sampled_from(Per)),
    of=finite,
    years=st.dictionaries(st.text(), st.decimals(allow_nan=False), max_size=2),
    step=st.one_of(st.none(), st.sampled_from(Step)),
    confidence=st.sampled_from(Confidence),
    span=st.one_of(st.none(), st.tuples(whole, whole)),
    unread=st.lists(st.text(), max_size=2).map(tuple),
    lower_is_better=st.booleans(),
)


@calm
@given(simple, st.lists(simple, max_size=2).map(tuple))
def test_measures_are_kept_without_loss(measure, parts):
    kept = replace(measure, parts=parts)
    assert from_json(json.loads(json.dumps(to_json(kept)))) == kept


def test_every_field_of_a_measure_is_kept():
    """A field that comes later must be kept too: the stored format then changes its number."""
    assert set(to_json(Measure("", Kind.NONE, lower_is_better=True))) == {
        one.name for one in fields(Measure)
    } | {"format"}


@calm
@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_moves_by_half_a_digit_at_most(value, places):
    assert abs(Fraction(rounded(value, places)) - value) <= Fraction(1, 2 * 10**places)


@calm
@given(st.decimals(-10_000, 10_000, places=4))
def test_numbers_of_formulas_are_written_as_they_are(number):
    assert Decimal(plain(Fraction(number))) == number
