"""Common indicators over organizations: rules, coverage n of N, units refused."""

from datetime import date
from fractions import Fraction

import pytest

from minori.indicators.achievement import achievement
from minori.indicators.common import (
    Aggregation,
    Contribution,
    Coverage,
    aggregate,
    difference,
    mean_achievement,
    states,
)
from minori.indicators.measures import Kind, Per
from minori.indicators.quantities import Amount, Sort, amount_of
from minori.indicators.reasons import Mark, Reason
from minori.indicators.results import Value
from minori.indicators.statements import Reached, Standing
from tests.minori.indicators.examples import (
    measure,
    nothing,
    plan,
    said,
    share,
    silent,
    statement,
    target,
    unconfirmed,
)


def amount(value, unit="人", kind=Kind.EXACT, **fields) -> Amount:
    found = amount_of(measure(value, unit, kind, **fields))
    assert isinstance(found, Amount)
    return found


def part(key, value=None, unit="人", kind=Kind.EXACT, on=None, **fields) -> Contribution:
    return Contribution(key=key, amount=amount(value, unit, kind, **fields), standing=Standing.NUMBER, on=on)


def without(key, standing) -> Contribution:
    return Contribution(key=key, standing=standing)


def value(rule, *parts, unit="人"):
    outcome = aggregate(rule, parts, unit=unit).outcome
    assert isinstance(outcome, Value), outcome
    return outcome.value


def reason(rule, *parts, unit="人"):
    return aggregate(rule, parts, unit=unit).outcome.reason


def test_sum_maximum_and_mean():
    three = (part("a", 10), part("b", 20), part("c", 60))
    assert value(Aggregation.SUM, *three) == 90
    assert value(Aggregation.MAXIMUM, *three) == 60
    mean = aggregate(Aggregation.MEAN, three, unit="人").outcome
    assert mean.value == 30
    assert mean.formula.expression == "(10 + 20 + 60) ÷ 3"
    assert mean.marks == {Mark.MEAN}


def test_the_latest_is_the_one_of_the_latest_day():
    parts = (part("a", 10, on=date(2026, 9, 30)), part("b", 20, on=date(2026, 3, 31)), part("c", 5))
    assert value(Aggregation.LATEST, *parts) == 10


def test_shares_add_as_numerators_by_denominators():
    half, three_tenths = part("a", 1, "人", Kind.SHARE, of=2), part("b", 3, "人", Kind.SHARE, of=10)
    outcome = aggregate(Aggregation.SHARE, (half, three_tenths), unit="人").outcome
    assert outcome.value == Fraction(1, 3)  # 4/12 and not 40 %
    assert outcome.formula.expression == "(1 + 3) ÷ (2 + 10)"
    assert value(Aggregation.MEAN, half, three_tenths, unit="%") == Fraction(2, 5)


def test_percentages_without_counts_are_refused_in_a_share():
    found = aggregate(
        Aggregation.SHARE, (part("a", 50, "%", Kind.SHARE), part("b", 1, kind=Kind.SHARE, of=4)), unit="人"
    )
    assert found.outcome.value == Fraction(1, 4)
    assert [(one.key, one.reason) for one in found.refused] == [("a", Reason.COUNTS_NEEDED)]
    assert reason(Aggregation.SHARE, part("a", 0, kind=Kind.SHARE, of=0)) is Reason.ZERO_DENOMINATOR


def test_units_that_do_not_match_are_refused_and_named():
    found = aggregate(Aggregation.SUM, (part("a", 10), part("b", 20, "世帯"), part("c", 1, "名")), unit="人")
    assert found.outcome.value == 11
    assert [(one.key, one.reason, one.terms) for one in found.refused] == [
        ("b", Reason.UNITS_DIFFER, ("世帯", "人"))
    ]
    assert found.coverage == Coverage(counted=2, of=3, refused=1)


@pytest.mark.parametrize(
    ("rule", "one", "why"),
    [
        (Aggregation.SUM, part("a", 20, per=Per.OCCURRENCE), Reason.MEANS_NEVER_ADD),
        (Aggregation.SUM, part("a", 4, "", Kind.SCALE, of=5), Reason.UNITS_DIFFER),
        (Aggregation.SUM, part("a", 40, "%", Kind.SHARE), Reason.UNITS_DIFFER),
        (Aggregation.SUM, part("a", 3, kind=Kind.INCREASE), Reason.RELATIVE_WITHOUT_BASELINE),
        (Aggregation.SHARE, part("a", 3), Reason.UNITS_DIFFER),
    ],
)
def test_what_never_goes_into_a_figure_is_refused(rule, one, why):
    found = aggregate(rule, (one,), unit="人")
    assert [refused.reason for refused in found.refused] == [why]
    assert not isinstance(found.outcome, Value)


def test_percentages_are_never_summed():
    found = aggregate(Aggregation.SUM, (part("a", 40, "%", Kind.SHARE),), unit="%")
    assert found.refused[0].reason is Reason.COUNTS_NEEDED
    assert value(
        Aggregation.MEAN, part("a", 40, "%", Kind.SHARE), part("b", 20, "%", Kind.SHARE), unit="%"
    ) == (Fraction(3, 10))
    empty = aggregate(Aggregation.MEAN, (part("a", 0, "%", Kind.SHARE, of=0),), unit="%")
    assert empty.refused[0].reason is Reason.ZERO_DENOMINATOR


def test_scales_average_on_the_same_scale_only():
    same = (part("a", 4, "", Kind.SCALE, of=5), part("b", 2, "", Kind.SCALE, of=5))
    assert value(Aggregation.MEAN, *same, unit="") == 3
    other = part("b", 2, "", Kind.SCALE, of=10)
    assert reason(Aggregation.MEAN, same[0], other, unit="") is Reason.SCALES_DIFFER
    assert reason(Aggregation.MEAN, part("a", 4, per=Per.OCCURRENCE), part("b", 4)) is Reason.PER_DIFFERS


def test_coverage_keeps_the_kinds_of_nothing_apart():
    found = aggregate(
        Aggregation.SUM,
        (
            part("a", 0),
            without("b", Standing.NOTHING),
            without("c", Standing.NOT_REPORTED),
            without("d", Standing.WORDS),
            part("e", 5, "世帯"),
        ),
        unit="人",
    )
    assert found.outcome.value == 0
    assert found.coverage == Coverage(counted=1, of=5, nothing=1, not_reported=1, words=1, refused=1)


def test_without_any_number_an_aggregate_says_why():
    assert reason(Aggregation.SUM) is Reason.NOT_REPORTED
    assert reason(Aggregation.SUM, without("a", Standing.NOT_REPORTED)) is Reason.NOT_REPORTED
    assert reason(Aggregation.SUM, without("a", Standing.NOTHING)) is Reason.NOTHING_TO_REPORT
    assert reason(Aggregation.SUM, without("a", Standing.WORDS)) is Reason.NOT_CONFIRMED


def test_an_approximate_amount_marks_the_figure():
    outcome = aggregate(Aggregation.SUM, (part("a", 10, kind=Kind.ABOUT), part("b", 1)), unit="人").outcome
    assert Mark.APPROXIMATE in outcome.marks


def test_an_aggregate_opens_down_to_what_is_behind_it():
    one = Contribution(key="grant 1", amount=amount(3), standing=Standing.NUMBER, reference="filing 9")
    assert aggregate(Aggregation.SUM, (one,), unit="人").outcome.formula.references == ("filing 9",)


def test_the_mean_achievement_leaves_states_out_and_counts_them():
    def at(registered, *statements):
        return achievement(registered, statements, round_=3, today=date(2026, 10, 10))

    state = plan(said(kind=Kind.STATE, text="仕組みがある"))
    every = [
        at(plan(target(10)), statement(3, 5)),
        at(plan(target(10)), statement(3, 10)),
        at(plan(target(10)), silent(3)),
        at(plan(target(10)), nothing(3)),
        at(plan(target(10)), statement(3, said=unconfirmed("増えた"))),
        at(state, statement(3, said=unconfirmed("できた"), reached=Reached.YES)),
        at(state, silent(3)),
    ]
    found = mean_achievement(every)
    assert found.outcome.value == Fraction(3, 4)
    assert found.coverage == Coverage(counted=2, of=7, nothing=1, not_reported=2, words=2, qualitative=2)
    assert states(every) == {Reached.YES: 1, Reached.PARTLY: 0, Reached.NO: 0, None: 1}
    assert mean_achievement(every[2:3]).outcome.reason is Reason.NOT_REPORTED
    assert mean_achievement(every[2:]).outcome.reason is Reason.NOT_CONFIRMED
    assert mean_achievement([]).outcome.reason is Reason.NOT_REPORTED


def test_comparing_what_does_not_match_is_refused_with_both_units():
    assert difference(amount(10), amount(4)).value == 6
    assert difference(amount(50, "%", Kind.SHARE), amount(1, kind=Kind.SHARE, of=4)).value == Fraction(1, 4)
    refused = difference(amount(10, "人"), amount(4, "件"))
    assert (refused.reason, refused.terms) == (Reason.UNITS_DIFFER, ("人", "件"))
    assert (
        difference(amount(1, kind=Kind.SHARE, of=0), share(1, 2).amount()).reason is Reason.ZERO_DENOMINATOR
    )
    assert amount(1, kind=Kind.SHARE, of=0).sort is Sort.SHARE


def test_shares_of_different_things_are_never_added():
    people = amount(3, "人", Kind.SHARE, of=4)
    schools = amount(2, "校", Kind.SHARE, of=5)
    found = aggregate(
        Aggregation.SHARE,
        [Contribution(key="a", amount=people), Contribution(key="b", amount=schools)],
        unit="人",
    )
    assert found.outcome.value == Fraction(3, 4)
    assert [(one.key, one.reason, one.terms) for one in found.refused] == [
        ("b", Reason.UNITS_DIFFER, ("校", "人"))
    ]


def test_a_share_without_a_unit_of_its_own_fits_any():
    bare = amount(3, "", Kind.SHARE, of=4)
    found = aggregate(Aggregation.SHARE, [Contribution(key="a", amount=bare)], unit="人")
    assert (found.outcome.value, found.refused) == (Fraction(3, 4), ())


@pytest.mark.parametrize("rule", [Aggregation.SUM, Aggregation.SHARE, Aggregation.MEAN])
def test_a_figure_says_that_it_holds_what_was_carried(rule):
    one = amount(3, "人", Kind.SHARE, of=4) if rule is Aggregation.SHARE else amount(3)
    fresh = Contribution(key="a", amount=one)
    carried = Contribution(key="b", amount=one, carried=True)
    assert Mark.CARRIED not in aggregate(rule, [fresh], unit="人").outcome.marks
    assert Mark.CARRIED in aggregate(rule, [fresh, carried], unit="人").outcome.marks
