"""Each signal by hand: when it shows, when it does not, and what changes its cause."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from reporting.signals import rules
from reporting.signals.rules import Counted, Given, Kind, Limits, Said, Same, Signal, Silent

USUAL = Limits(worries=frozenset({("outlook", "3")}))
DAY = date(2026, 9, 30)


def reports(*codes: int | str | None, **fields: Any) -> tuple[Said, ...]:
    """One report for each code of row "a"; "-" is a report that did not come."""
    return tuple(
        Said(number, f"第{number}回", **fields)
        if code == "-"
        else Said(number, f"第{number}回", 0, handed_in=True, version=1, codes={"a": code}, **fields)  # type: ignore[dict-item]
        for number, code in enumerate(codes, start=1)
    )


def grant(*codes: int | str | None, **fields: Any) -> Given:
    return Given(**({"grant": 7, "day": DAY, "reports": reports(*codes), "rows": {"a": "居場所"}} | fields))


def found(given: Given, kind: Kind, **limits: Any) -> list[Signal]:
    return [one for one in rules.of(given, limits=replace(USUAL, **limits)) if one.kind is kind]


@pytest.mark.parametrize(
    ("codes", "rounds"),
    [
        ((3, 3), ["第1回", "第2回"]),
        ((2, 3, 3), ["第2回", "第3回"]),
        ((3, 3, 3), ["第1回", "第2回", "第3回"]),
        ((2, 3), None),
        ((3, None, 3), None),  # a blank breaks the run: it says nothing
        ((3, "-", 3), None),  # so does a report that did not come
        ((3, 3, 2), None),
        ((3, 3, None), None),
        ((3, 3, "-"), None),
        ((), None),
    ],
)
def test_behind_several_times_running(codes: Any, rounds: Any) -> None:
    signals = found(grant(*codes), Kind.BEHIND)
    assert [one.facts["rounds"] for one in signals] == ([] if rounds is None else [rounds])


def test_behind_counts_as_many_reports_as_the_programme_says() -> None:
    assert found(grant(3, 3), Kind.BEHIND, behind_rounds=3) == []
    assert len(found(grant(3, 3, 3), Kind.BEHIND, behind_rounds=3)) == 1


def test_behind_is_not_joined_over_an_indicator_that_measures_something_else() -> None:
    first, second = reports(3, 3)
    cut = grant(reports=(first, replace(second, version=2)), cuts=frozenset({(2, "a")}))
    assert found(cut, Kind.BEHIND) == []
    other_row = replace(cut, cuts=frozenset({(2, "b")}))
    assert len(found(other_row, Kind.BEHIND)) == 1


def test_another_report_behind_is_another_cause_and_the_same_one_is_not() -> None:
    twice, again, thrice = (found(grant(*codes), Kind.BEHIND)[0] for codes in ((3, 3), (3, 3), (3, 3, 3)))
    assert twice.cause == again.cause
    assert twice.cause != thrice.cause


@pytest.mark.parametrize(
    ("codes", "since", "now"),
    [
        ((4, 4), "第1回", 4),
        ((4, 3), "第1回", 3),
        ((4, None), "第1回", None),  # a blank is no recovery
        ((4, 4, 3), "第1回", 3),
        ((4, "-", 3), "第1回", 3),  # a report that did not come says nothing either way
        ((4, 2), None, None),
        ((4, 1, 3), None, None),
        ((2, 4), None, None),  # it has only just become so
        ((4, "-"), None, None),
    ],
)
def test_other_without_recovery(codes: Any, since: Any, now: Any) -> None:
    signals = found(grant(*codes), Kind.OTHER)
    assert [(one.facts["since"], one.facts["now"]) for one in signals] == (
        [] if since is None else [(since, now)]
    )


def test_other_waits_for_as_many_reports_as_the_programme_says() -> None:
    assert found(grant(4, 4), Kind.OTHER, other_rounds=2) == []
    assert len(found(grant(4, 4, 3), Kind.OTHER, other_rounds=2)) == 1


def counted(**fields: Any) -> Given:
    usual = {"indicator": "i", "name": "面談", "due_on": None, "met": None, "achieved": None}
    return grant(2, numbers=(Counted(**(usual | fields)),))


def test_a_date_to_achieve_by_has_passed_and_it_is_not_met() -> None:
    due = {"due_on": date(2026, 9, 29)}
    signals = found(counted(**due, met=False, achieved=Fraction(3, 5)), Kind.PASSED)
    assert [one.facts for one in signals] == [{"due_on": "2026-09-29", "achieved": "3/5"}]
    assert len(found(counted(**due), Kind.PASSED)) == 1  # no number says that it was
    assert found(counted(**due, met=True, achieved=Fraction(1)), Kind.PASSED) == []
    assert found(counted(due_on=DAY, met=False), Kind.PASSED) == []  # the day itself is not over
    assert found(counted(**due, met=False), Kind.PASSED, grace_days=1) == []
    assert found(counted(met=False), Kind.PASSED) == []


def test_worse_than_the_baseline() -> None:
    # 65 % at first, 58 % now, 80 % wanted: (58 − 65) ÷ (80 − 65) is −46.7 %
    signals = found(counted(achieved=Fraction(58 - 65, 80 - 65)), Kind.BELOW)
    assert [one.facts["achieved"] for one in signals] == ["-7/15"]
    assert found(counted(achieved=Fraction(0)), Kind.BELOW) == []
    assert found(counted(), Kind.BELOW) == []
    assert found(counted(achieved=Fraction(-7, 15)), Kind.BELOW, below_percent=50) == []


def test_texts_that_are_the_same_as_last_time_are_one_signal() -> None:
    same = (Same("a", 40, is_row=True), Same("b", 19, is_row=True), Same("activities", 144, is_row=False))
    (signal,) = found(grant(2, same=same), Kind.UNCHANGED)
    assert signal.facts == {"rows": ["居場所"], "fields": ["activities"], "characters": 184, "first": "a"}
    (all_three,) = found(grant(2, same=same), Kind.UNCHANGED, unchanged_characters=19)
    assert all_three.facts["characters"] == 203
    assert signal.cause != all_three.cause
    assert found(grant(2, same=same[1:2]), Kind.UNCHANGED) == []


def test_indicators_that_never_had_a_number_are_one_signal() -> None:
    silent = (Silent("i", "回数", 2), Silent("j", "人数", 1), Silent("k", "割合", 5))
    (signal,) = found(grant(2, silent=silent), Kind.NO_NUMBER)
    assert signal.facts == {"indicators": ["回数", "割合"], "reports": 5}
    assert found(grant(2, silent=silent[1:2]), Kind.NO_NUMBER) == []
    # one report more is no news, another indicator is
    (later,) = found(grant(2, silent=(Silent("i", "回数", 3), silent[2])), Kind.NO_NUMBER)
    (fewer,) = found(grant(2, silent=silent[2:]), Kind.NO_NUMBER)
    assert signal.cause == later.cause
    assert signal.cause != fewer.cause


def test_the_outlook_is_noticed_where_the_programme_wants_it() -> None:
    chosen = (("outlook", "3"), ("elsewhere", "3"))
    assert [one.place for one in found(grant(2, chosen=chosen), Kind.OUTLOOK)] == ["outlook"]
    assert found(grant(2, chosen=(("outlook", "1"),)), Kind.OUTLOOK) == []
    first, second = (found(grant(*codes, chosen=chosen), Kind.OUTLOOK)[0] for codes in ((2,), (2, 2)))
    assert first.cause != second.cause  # chosen again in the next report, it is news


def test_late_twice_is_counted_over_all_rounds_that_came() -> None:
    late = tuple(replace(one, days_late=days) for one, days in zip(reports(2, 2, 2), (2, 0, 4), strict=True))
    (signal,) = found(grant(reports=late), Kind.LATE)
    assert signal.facts == {"rounds": ["第1回", "第3回"], "days": [2, 4]}
    assert found(grant(reports=late[:2]), Kind.LATE) == []
    assert found(grant(reports=late), Kind.LATE, late_times=3) == []
    assert found(grant(reports=late), Kind.LATE, late_days=3) == []
    # on time again: nothing new, so what was set aside stays aside
    on_time = Said(4, "第4回", 0, handed_in=True)
    assert found(grant(reports=(*late, on_time)), Kind.LATE)[0].cause == signal.cause


def test_what_is_switched_off_is_not_looked_for() -> None:
    given = grant(3, 3, chosen=(("outlook", "3"),))
    assert {one.kind for one in rules.of(given, limits=USUAL)} == {Kind.BEHIND, Kind.OUTLOOK}
    off = replace(USUAL, off=frozenset({Kind.BEHIND}))
    assert {one.kind for one in rules.of(given, limits=off)} == {Kind.OUTLOOK}


NUMBERS = st.integers(-(10**9), 10**9)
CODES = st.dictionaries(st.text(max_size=3), st.none() | st.integers(-2, 9), max_size=4)
SAID = st.builds(
    Said,
    round=NUMBERS,
    title=st.text(),
    days_late=st.none() | NUMBERS,
    handed_in=st.booleans(),
    version=st.integers(-3, 9),
    codes=st.none() | CODES,
)
WORDS = st.text(st.characters(), max_size=5)  # lone surrogates too
GIVEN = st.builds(
    Given,
    grant=NUMBERS,
    day=st.dates(),
    reports=st.lists(SAID, max_size=6),
    rows=st.none() | st.dictionaries(st.text(max_size=3), WORDS, max_size=3),
    cuts=st.frozensets(st.tuples(st.integers(-3, 9), st.text(max_size=3)), max_size=3),
    same=st.lists(st.builds(Same, place=WORDS, characters=NUMBERS, is_row=st.booleans()), max_size=4),
    numbers=st.lists(
        st.builds(
            Counted,
            indicator=WORDS,
            name=WORDS,
            due_on=st.none() | st.dates(),
            met=st.none() | st.booleans(),
            achieved=st.none() | st.fractions(),
        ),
        max_size=4,
    ),
    silent=st.lists(st.builds(Silent, indicator=WORDS, name=WORDS, reports=NUMBERS), max_size=4),
    chosen=st.lists(st.tuples(WORDS, WORDS), max_size=3),
)
LIMITS = st.builds(
    Limits,
    *(NUMBERS for _each in range(8)),
    worries=st.frozensets(st.tuples(WORDS, WORDS), max_size=3),
    off=st.frozensets(st.sampled_from(Kind), max_size=3),
)


@each(GIVEN, LIMITS)
def test_no_input_makes_a_rule_raise_and_the_same_input_says_the_same(given: Given, limits: Limits) -> None:
    signals = rules.of(given, limits=limits)
    assert signals == rules.of(given, limits=limits)
    assert all(one.grant == given.grant and one.kind not in limits.off and one.cause for one in signals)


@each(GIVEN)
def test_stricter_limits_never_notice_more_rows(given: Given) -> None:
    def rows(kind: Kind, **limits: Any) -> set[str]:
        return {one.place for one in found(given, kind, **limits)}

    assert rows(Kind.BEHIND, behind_rounds=3) <= rows(Kind.BEHIND, behind_rounds=2)
    assert rows(Kind.OTHER, other_rounds=2) <= rows(Kind.OTHER, other_rounds=1)
    assert rows(Kind.BELOW, below_percent=50) <= rows(Kind.BELOW, below_percent=0)
    assert rows(Kind.PASSED, grace_days=30) <= rows(Kind.PASSED, grace_days=0)
