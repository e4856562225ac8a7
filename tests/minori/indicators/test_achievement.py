"""The definition of achievement, worked by hand: growing, falling, worse than the baseline, and no value with its reason."""

from datetime import date
from fractions import Fraction

import pytest

from minori.indicators.achievement import achievement
from minori.indicators.measures import Kind, Per, Step
from minori.indicators.reasons import Mark, Reason, Role, Rule
from minori.indicators.results import NoValue, Value
from minori.indicators.statements import Covers, Reached, Said
from tests.minori.indicators.examples import (
    nothing,
    plan,
    said,
    share,
    silent,
    statement,
    target,
    unconfirmed,
)

TODAY = date(2026, 10, 10)


def of(registered, *statements, round_=3, today=TODAY):
    return achievement(registered, statements, round_=round_, today=today)


def value(registered, *statements, **kwargs):
    outcome = of(registered, *statements, **kwargs).outcome
    assert isinstance(outcome, Value), outcome
    return outcome.value


def reason(registered, *statements, **kwargs):
    outcome = of(registered, *statements, **kwargs).outcome
    assert isinstance(outcome, NoValue), outcome
    return outcome.reason


def test_growing_counts_from_the_baseline():
    # (8 − 2) ÷ (10 − 2) = 6/8
    found = of(plan(target(10), said(2)), statement(3, 8))
    assert found.outcome.value == Fraction(3, 4)
    assert found.outcome.formula.rule is Rule.GROWING
    assert found.outcome.formula.expression == "(8 − 2) ÷ (10 − 2)"
    assert found.met is False


def test_without_a_baseline_it_is_actual_by_target():
    found = of(plan(target(150)), statement(3, 60))
    assert found.outcome.value == Fraction(2, 5)
    assert found.outcome.formula.rule is Rule.RATIO
    assert found.outcome.formula.expression == "60 ÷ 150"
    assert Mark.NO_BASELINE in found.outcome.marks


def test_a_baseline_that_nobody_confirmed_does_not_count_and_says_so():
    outcome = of(plan(target(10), unconfirmed("2人")), statement(3, 8)).outcome
    assert outcome.value == Fraction(4, 5)
    assert Mark.BASELINE_NOT_CONFIRMED in outcome.marks
    assert [part.text for part in outcome.formula.parts if part.role is Role.BASELINE] == ["2人"]


def test_falling_counts_down_from_the_baseline():
    # (20 − 14) ÷ (20 − 5) = 6/15
    registered = plan(target(5, "件", kind=Kind.AT_MOST), said(20, "件"))
    found = of(registered, statement(3, 14, unit="件"))
    assert found.outcome.value == Fraction(2, 5)
    assert found.outcome.formula.rule is Rule.FALLING
    assert found.outcome.formula.expression == "(20 − 14) ÷ (20 − 5)"
    assert found.met is False
    assert of(registered, statement(3, 5, unit="件")).met is True


def test_a_bare_target_below_the_baseline_is_falling():
    assert value(plan(target(5), said(10)), statement(3, 7)) == Fraction(3, 5)


def test_a_floor_below_the_baseline_is_kept_or_not_but_no_way_to_go():
    registered = plan(target(5, text="5人以上"), said(10))
    assert reason(registered, statement(3, 7)) is Reason.TARGET_BEHIND_BASELINE
    assert of(registered, statement(3, 7)).met is True
    assert of(registered, statement(3, 4)).met is False


def test_a_limit_above_the_baseline_is_kept_or_not_but_no_way_to_go():
    registered = plan(target(5, kind=Kind.AT_MOST), said(3))
    assert reason(registered, statement(3, 4)) is Reason.TARGET_BEHIND_BASELINE
    assert of(registered, statement(3, 4)).met is True
    assert of(registered, statement(3, 6)).met is False


def test_worse_than_the_baseline_is_negative_and_never_clamped():
    assert value(plan(target(10), said(5)), statement(3, 2)) == Fraction(-3, 5)
    assert value(plan(target(5, kind=Kind.AT_MOST), said(10)), statement(3, 25)) == Fraction(-3)
    assert value(plan(target(10)), statement(3, 35)) == Fraction(7, 2)


def test_a_target_that_is_the_baseline_has_no_value_but_is_met_or_not():
    registered = plan(target(10), said(10))
    assert reason(registered, statement(3, 10)) is Reason.TARGET_IS_BASELINE
    assert of(registered, statement(3, 10)).met is True
    assert of(registered, statement(3, 9)).met is False


def test_a_target_of_zero_has_no_value():
    assert reason(plan(target(0)), statement(3, 10)) is Reason.ZERO_DENOMINATOR
    assert reason(plan(share(1, 0)), statement(3, said=share(1, 2))) is Reason.ZERO_DENOMINATOR


def test_a_limit_without_a_baseline_has_no_ratio():
    registered = plan(target(5, kind=Kind.AT_MOST))
    assert reason(registered, statement(3, 3)) is Reason.FALLING_WITHOUT_BASELINE
    assert of(registered, statement(3, 3)).met is True


@pytest.mark.parametrize(
    ("said_", "why"),
    [
        (unconfirmed("年間150人"), Reason.TARGET_NOT_CONFIRMED),
        (Said(), Reason.NO_TARGET),
        (said(kind=Kind.NONE, text="ー"), Reason.NO_TARGET),
        (said(kind=Kind.UNDECIDED, text="事前評価時点で設定"), Reason.UNDECIDED),
        (said(kind=Kind.SAME, text="同上"), Reason.SAME_AS_ANOTHER),
        (said(kind=Kind.TEXT, text="増えている"), Reason.NO_NUMBER),
        (said(kind=Kind.AT_LEAST, text="①5回 ②3人", parts=(said(5).measure,)), Reason.SEVERAL_NUMBERS),
    ],
)
def test_a_target_without_a_number_has_no_achievement_and_says_why(said_, why):
    assert reason(plan(said_), statement(3, 8)) is why


def test_nothing_counts_until_somebody_confirmed_it():
    assert reason(plan(target(10)), statement(3, said=unconfirmed("8人"))) is Reason.NOT_CONFIRMED


def test_three_kinds_of_nothing_are_kept_apart():
    registered = plan(target(10))
    assert reason(registered, silent(3)) is Reason.NOT_REPORTED
    assert reason(registered, nothing(3)) is Reason.NOTHING_TO_REPORT
    assert value(registered, statement(3, 0)) == 0


def test_what_an_actual_covers_must_be_known():
    assert reason(plan(target(10)), statement(3, 8, Covers.UNKNOWN)) is Reason.COVERAGE_UNKNOWN


def test_an_increase_counts_from_the_registered_baseline():
    registered = plan(said(3, "回", Kind.INCREASE), said(4, "回"))  # from 4 to 7
    assert value(registered, statement(3, 5, unit="回")) == Fraction(1, 3)
    assert of(registered, statement(3, 7, unit="回")).met is True


def test_a_decrease_counts_from_the_registered_baseline():
    registered = plan(said(2, "件", Kind.DECREASE), said(10, "件"))  # from 10 to 8
    assert value(registered, statement(3, 9, unit="件")) == Fraction(1, 2)


def test_a_relative_target_without_a_baseline_has_no_achievement():
    registered = plan(said(3, "回", Kind.INCREASE, text="初期値より３回増"))
    assert reason(registered, statement(3, 5, unit="回")) is Reason.RELATIVE_WITHOUT_BASELINE
    with_words = plan(said(3, "回", Kind.INCREASE), unconfirmed("4回"))
    assert reason(with_words, statement(3, 5, unit="回")) is Reason.RELATIVE_WITHOUT_BASELINE


def test_an_actual_that_is_a_change_needs_the_baseline_too():
    change = said(2, "回", Kind.INCREASE, text="2回増えた")
    assert value(plan(said(3, "回", Kind.INCREASE), said(4, "回")), statement(3, said=change)) == Fraction(
        2, 3
    )
    assert reason(plan(target(3, "回")), statement(3, said=change)) is Reason.RELATIVE_WITHOUT_BASELINE


def test_an_actual_of_percent_more_is_never_added_to_a_percentage():
    more = said(10, "%", Kind.INCREASE, text="10％増えた")
    registered = plan(share(80), share(3, 10))
    assert reason(registered, statement(3, said=more)) is Reason.RELATIVE_WITHOUT_BASELINE
    assert of(registered, statement(3, said=more)).met is None


def test_an_increase_by_percent_is_of_the_baseline():
    registered = plan(said(10, "％", Kind.INCREASE), said(50))  # from 50 to 55
    assert value(registered, statement(3, 54)) == Fraction(4, 5)


def test_percent_more_of_a_percentage_is_ambiguous_and_points_are_not():
    assert reason(plan(said(10, "%", Kind.INCREASE), share(40)), statement(3, said=share(45))) is (
        Reason.PERCENT_OF_PERCENT
    )
    points = plan(said(10, "ポイント", Kind.INCREASE), share(40))  # from 40 % to 50 %
    assert value(points, statement(3, said=share(45))) == Fraction(1, 2)


def test_an_increase_of_nothing_is_the_baseline():
    assert reason(plan(said(0, "回", Kind.INCREASE), said(4, "回")), statement(3, 5, unit="回")) is (
        Reason.TARGET_IS_BASELINE
    )


def test_a_share_of_all_is_out_of_those_there_are():
    # ②…と判断した機関・団体のすべて（100％） against 「17団体の内、8団体に説明した」
    found = of(plan(said(kind=Kind.ALL, text="すべて（100％）")), statement(3, said=share(8, 17, "団体")))
    assert found.outcome.value == Fraction(8, 17)
    assert found.actual.outcome.formula.expression == "8/17"


def test_shares_are_compared_as_ratios_whatever_their_denominators():
    # (30/50 − 40 %) ÷ (80 % − 40 %) = 20/40
    assert value(plan(share(80), share(40)), statement(3, said=share(30, 50))) == Fraction(1, 2)


def test_a_share_of_nobody_has_no_value():
    assert reason(plan(share(80)), statement(3, said=share(0, 0))) is Reason.ZERO_DENOMINATOR


def test_steps_on_a_scale_compare_on_the_same_scale_only():
    registered = plan(said(4, "", Kind.SCALE, of=5), said(2, "", Kind.SCALE, of=5))
    outcome = of(registered, statement(3, said=said(3, "", Kind.SCALE, of=5))).outcome
    assert outcome.value == Fraction(1, 2)
    assert Mark.SCALE in outcome.marks
    assert reason(registered, statement(3, said=said(3, "", Kind.SCALE, of=10))) is Reason.SCALES_DIFFER


def test_steps_up_a_scale_count_from_the_registered_step():
    up = said(2, "", Kind.SCALE, step=Step.UP, text="レベルが2上がる")
    start = said(2, "", Kind.SCALE, of=5)
    assert value(plan(up, start), statement(3, said=said(3, "", Kind.SCALE, of=5))) == Fraction(1, 2)
    climbed = said(1, "", Kind.SCALE, step=Step.UP, text="1上がった")
    assert value(plan(up, start), statement(3, said=climbed)) == Fraction(1, 2)
    assert reason(plan(up), statement(3, said=climbed)) is Reason.RELATIVE_WITHOUT_BASELINE
    down = plan(said(1, "", Kind.SCALE, step=Step.DOWN), start)
    assert value(down, statement(3, said=said(3, "", Kind.SCALE, of=5))) == -1
    assert reason(plan(up, said(2, "人")), statement(3, said=climbed)) is Reason.UNITS_DIFFER


def test_a_range_is_reached_at_its_near_end():
    growing = plan(said(3, "回", Kind.RANGE, upper=5), said(1, "回"))
    found = of(growing, statement(3, 2, unit="回"))
    assert found.outcome.value == Fraction(1, 2)
    assert Mark.LOWER_BOUND in found.outcome.marks
    falling = plan(said(3, "回", Kind.RANGE, upper=5), said(9, "回"))
    assert value(falling, statement(3, 8, unit="回")) == Fraction(1, 4)
    within = plan(said(3, "回", Kind.RANGE, upper=5), said(4, "回"))
    assert reason(within, statement(3, 4, unit="回")) is Reason.TARGET_IS_BASELINE


def test_units_that_do_not_match_are_never_compared():
    outcome = of(plan(target(10, "人")), statement(3, 8, unit="世帯")).outcome
    assert outcome.reason is Reason.UNITS_DIFFER
    assert outcome.terms == ("世帯", "人")
    assert reason(plan(target(10, "人"), said(2, "件")), statement(3, 8)) is Reason.UNITS_DIFFER
    assert reason(plan(target(80, "%")), statement(3, 8)) is Reason.UNITS_DIFFER
    assert value(plan(target(10, "名")), statement(3, 8, unit="人")) == Fraction(4, 5)


def test_a_mean_per_occurrence_is_compared_with_a_mean_only():
    registered = plan(target(20, per=Per.OCCURRENCE))
    each = {"per": Per.OCCURRENCE}
    found = of(registered, statement(2, 16, Covers.PERIOD, **each), statement(3, 20, Covers.PERIOD, **each))
    assert found.outcome.value == Fraction(9, 10)  # (16 + 20) ÷ 2 = 18 of 20
    assert Mark.MEAN in found.outcome.marks
    assert reason(registered, statement(3, 20)) is Reason.PER_DIFFERS


def test_an_approximate_target_is_met_by_a_mean_and_marked():
    registered = plan(target(100, kind=Kind.ABOUT))
    outcome = of(registered, statement(2, 40, Covers.PERIOD), statement(3, 60, Covers.PERIOD)).outcome
    assert outcome.value == Fraction(1, 2)  # a mean of 50, not the sum of 100
    assert {Mark.MEAN, Mark.APPROXIMATE} <= outcome.marks


def test_a_state_is_judged_in_words_and_never_a_number():
    registered = plan(said(kind=Kind.STATE, text="リストが存在する"))
    found = of(registered, statement(2, said=unconfirmed("作成した"), reached=Reached.YES), silent(3))
    assert found.outcome.reason is Reason.QUALITATIVE
    assert found.reached is Reached.YES
    assert found.met is True
    assert of(registered, statement(3, said=unconfirmed("途中"), reached=Reached.PARTLY)).met is False
    assert of(registered, silent(3)).met is None


def test_values_at_evaluations_stand_in_for_one_target_and_are_named():
    registered = plan(mid=said(10), post=said(30), mid_on=date(2026, 9, 30), post_on=date(2028, 3, 31))
    early = of(registered, statement(3, 8), today=date(2026, 9, 30))
    assert early.target.role is Role.MID_TARGET
    assert early.target.due_on == date(2026, 9, 30)
    assert early.outcome.value == Fraction(4, 5)
    late = of(registered, statement(3, 8), today=date(2026, 10, 1))
    assert late.target.role is Role.POST_TARGET
    assert late.outcome.value == Fraction(4, 15)


def test_without_the_mid_term_date_nobody_knows_which_value_counts():
    assert reason(plan(mid=said(10), post=said(30)), statement(3, 8)) is Reason.NO_EVALUATION_DATE
    assert of(plan(post=said(30)), statement(3, 8)).target.role is Role.POST_TARGET
    assert of(plan(mid=said(30)), statement(3, 8)).target.role is Role.MID_TARGET


def test_one_target_counts_before_values_at_evaluations():
    assert of(plan(target(20), mid=said(10)), statement(3, 8)).target.role is Role.TARGET


def test_a_later_rounds_statement_is_not_looked_at():
    assert value(plan(target(10)), statement(2, 4), statement(4, 9), round_=3) == Fraction(2, 5)


def test_every_figure_explains_itself():
    outcome = of(plan(target(10), said(2, reference="baseline")), statement(2, 6), silent(3)).outcome
    assert outcome.formula.references == ("filing 2", "target", "baseline")
    actual = outcome.formula.parts[0]
    assert (actual.role, actual.text, actual.confirmed_by, actual.round) == (
        Role.ACTUAL,
        "6人",
        "佐藤 花子",
        2,
    )
    assert Mark.CARRIED in outcome.marks


def test_no_value_explains_itself_too():
    outcome = of(plan(target(10), said(10)), statement(3, 8)).outcome
    assert [part.text for part in outcome.formula.parts] == ["8人", "10人", "10人"]
