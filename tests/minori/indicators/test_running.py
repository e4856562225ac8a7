"""Running totals: the latest statement at or before a round, carried and said so, sums of periods where these are told."""

from datetime import date
from fractions import Fraction

from minori.indicators import running
from minori.indicators.fiscal import FiscalCalendar
from minori.indicators.measures import Kind, Per
from minori.indicators.reasons import Mark, Reason
from minori.indicators.results import Value
from minori.indicators.statements import Covers, Standing
from tests.minori.indicators.examples import (
    STARTS_ON,
    nothing,
    said,
    share,
    silent,
    statement,
    unconfirmed,
)

FY, PERIOD, START = Covers.FISCAL_YEAR, Covers.PERIOD, Covers.START


def at(round_, *statements, starts_on=STARTS_ON, **more):
    return running.at_round(statements, round_=round_, calendar=FiscalCalendar(), starts_on=starts_on, **more)


def trend(*statements):
    found = running.through_rounds(
        statements, rounds=range(1, 7), calendar=FiscalCalendar(), starts_on=STARTS_ON
    )
    return [one.outcome.value if isinstance(one.outcome, Value) else one.outcome.reason for one in found]


def test_a_round_without_a_statement_carries_the_last_one_and_says_so():
    carried = at(3, statement(1, 40), silent(2), silent(3))
    assert carried.outcome.value == 40
    assert carried.carried_from == 1
    assert Mark.CARRIED in carried.outcome.marks
    stated = at(1, statement(1, 40))
    assert (stated.carried_from, stated.outcome.marks) == (None, frozenset())


def test_a_later_entered_statement_changes_the_rounds_in_between_only():
    before = (statement(1, 40), statement(4, 90))
    assert trend(*before) == [40, 40, 40, 90, 90, 90]
    assert trend(*before, statement(2, 55)) == [40, 55, 55, 90, 90, 90]


def test_periods_add_up_and_words_in_between_leave_a_mark():
    told = (statement(1, 10, PERIOD), statement(2, 5, PERIOD))
    assert trend(*told) == [10, 15, 15, 15, 15, 15]
    gap = at(3, statement(1, 10, PERIOD), silent(2), statement(3, 4, PERIOD))
    assert gap.outcome.value == 14
    assert Mark.INCOMPLETE in gap.outcome.marks
    none_needed = at(3, statement(1, 10, PERIOD), nothing(2), statement(3, 4, PERIOD))
    assert none_needed.outcome.marks == frozenset()
    assert none_needed.outcome.formula.expression == "10 + 4"


def test_fiscal_years_to_date_replace_each_other_within_a_year_and_add_over_years():
    told = (statement(1, 10, FY), statement(2, 30, FY), statement(3, 7, FY), statement(4, 20, FY))
    assert trend(*told) == [10, 30, 37, 50, 50, 50]
    assert at(4, *told).outcome.formula.expression == "30 + 20"


def test_a_year_to_date_heals_a_silent_round_of_its_year():
    assert at(2, silent(1), statement(2, 30, FY)).outcome.marks == frozenset()


def test_a_number_since_the_start_stands_for_all_before_it():
    told = (statement(1, 10, PERIOD), statement(2, 100, START), statement(3, 5, PERIOD))
    assert trend(*told) == [10, 100, 105, 105, 105, 105]


def test_a_year_to_date_after_a_number_since_the_start_builds_on_the_year_before():
    assert at(3, statement(2, 30, START), statement(3, 12, FY)).outcome.value == 42
    same_year = (statement(3, 50, START), statement(4, 20, FY))
    assert at(4, *same_year).outcome.reason is Reason.COVERAGE_MIXED
    assert at(4, *same_year, starts_on=date(2026, 4, 1)).outcome.value == 20
    known_before = (statement(1, 8, PERIOD), *same_year)
    assert at(4, *known_before).outcome.value == 28
    assert at(4, *known_before).outcome.formula.expression == "8 + 20"


def test_a_total_that_does_not_reach_back_to_the_start_says_so():
    assert Mark.INCOMPLETE in at(3, statement(3, 12, FY)).outcome.marks
    assert Mark.INCOMPLETE not in at(3, statement(3, 12, FY), starts_on=date(2026, 4, 1)).outcome.marks
    assert Mark.INCOMPLETE not in at(3, statement(3, 12, FY), starts_on=None).outcome.marks


def test_shares_of_periods_are_the_sum_of_numerators_by_the_sum_of_denominators():
    halves = (statement(1, said=share(1, 2), covers=PERIOD), statement(2, said=share(3, 10), covers=PERIOD))
    found = at(2, *halves)
    assert found.outcome.value == Fraction(4, 12)
    assert found.outcome.formula.expression == "(1 + 3) ÷ (2 + 10)"
    assert found.amount.of == 12
    assert at(2, *(statement(n, said=share(0, 0), covers=PERIOD) for n in (1, 2))).outcome.reason is (
        Reason.ZERO_DENOMINATOR
    )


def test_percentages_never_add_so_the_latest_stands_alone_and_says_so():
    halves = (statement(1, said=share(50), covers=PERIOD), statement(2, said=share(30), covers=PERIOD))
    found = at(2, *halves)
    assert found.outcome.value == Fraction(3, 10)
    assert Mark.LATEST_PERIOD in found.outcome.marks


def test_means_per_occurrence_are_averaged_and_never_added():
    halves = (
        statement(1, 10, PERIOD, per=Per.OCCURRENCE),
        statement(2, 15, PERIOD, per=Per.OCCURRENCE, kind=Kind.ABOUT),
    )
    found = at(2, *halves)
    assert found.outcome.value == Fraction(25, 2)
    assert found.outcome.marks == {Mark.MEAN, Mark.APPROXIMATE}
    assert Mark.MEAN in at(1, statement(1, 10, per=Per.OCCURRENCE)).outcome.marks


def test_an_approximate_number_stays_marked_in_a_sum():
    found = at(2, statement(1, 10, PERIOD), statement(2, 20, PERIOD, kind=Kind.ABOUT))
    assert found.outcome.value == 30
    assert found.outcome.marks == {Mark.APPROXIMATE}


def test_units_that_do_not_match_are_never_added():
    outcome = at(2, statement(1, 10, PERIOD, unit="人"), statement(2, 5, PERIOD, unit="世帯")).outcome
    assert (outcome.reason, outcome.terms) == (Reason.UNITS_DIFFER, ("人", "世帯"))


def test_words_and_unknown_coverage_carry_the_last_number():
    words = at(2, statement(1, 10), statement(2, said=unconfirmed("増えた")))
    assert (words.outcome.value, words.standing, words.carried_from) == (10, Standing.WORDS, 1)
    assert at(2, statement(1, 10), statement(2, 99, Covers.UNKNOWN)).outcome.value == 10


def test_what_a_round_says_is_one_of_five_things():
    assert silent(1).standing is Standing.NOT_REPORTED
    assert nothing(1).standing is Standing.NOTHING
    assert statement(1, 0).standing is Standing.ZERO
    assert statement(1, 5).standing is Standing.NUMBER
    assert statement(1, said=unconfirmed("増えた")).standing is Standing.WORDS
    assert statement(1, 0, kind=Kind.INCREASE).standing is Standing.NUMBER  # 増減なし is no zero
    assert at(4, statement(1, 5)).standing is Standing.NOT_REPORTED


def test_without_any_number_the_latest_words_say_why():
    assert trend(silent(1), nothing(2), statement(3, said=unconfirmed("増えた"))) == [
        Reason.NOT_REPORTED,
        Reason.NOTHING_TO_REPORT,
        *[Reason.NOT_CONFIRMED] * 4,
    ]
    ranged = statement(1, said=said(3, "回", Kind.RANGE, upper=5))
    assert at(1, ranged).outcome.reason is Reason.A_RANGE


def test_the_newer_of_two_statements_in_a_round_counts():
    assert at(1, statement(1, 9, sequence=2), statement(1, 7, sequence=1)).outcome.value == 9
