"""Single changes of a plan: told one by one, made one by one, and refused where they need each other."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.registry import change_units
from minori.registry.change_units import ORDER, ClashCode, Subject, indicator_key, row_key
from minori.registry.plan_differences import Kind
from minori.report_forms.framework import Framework, Indicator, Level, Row
from tests.factories.registry import framework, identity

OLD = framework()
OUTCOME, OUTPUT, ACTIVITY = OLD.rows


def changed(*rows):
    return Framework(tuple(rows))


def with_output(**fields):
    return changed(OUTCOME, replace(OUTPUT, **fields), ACTIVITY)


def test_every_change_has_its_own_key_and_says_whether_it_is_of_a_short_term_outcome():
    first, second = OUTPUT.indicators
    new = changed(
        replace(OUTCOME, statement="01.書き直した"),
        replace(OUTPUT, indicators=(replace(first, target="年間120回"), second)),
        ACTIVITY,
    )
    found = change_units.units(OLD, new)
    assert [(one.key, one.kind, one.concerns_outcome) for one in found] == [
        (row_key(OUTCOME.uuid), Kind.CHANGED, True),
        (indicator_key(OUTPUT.uuid, first.uuid), Kind.CHANGED, False),
    ]
    assert [one.may_cut for one in found] == [False, True]


def test_a_new_row_and_its_indicators_are_changes_of_their_own():
    one = Indicator(uuid=identity("new/0"), statement="回数")
    new = Framework((*OLD, Row(uuid=identity("new"), statement="新しい", indicators=(one,))))
    row, indicator = change_units.units(OLD, new)
    assert (row.subject, row.kind) == (Subject.ROW, Kind.ADDED)
    assert indicator.needs == row.key
    assert not indicator.may_come_from, "it stands in a new row"


def test_a_number_that_follows_from_a_new_indicator_is_no_change_of_its_own():
    only = replace(OUTPUT, indicators=(replace(OUTPUT.indicators[0], mark=""),))
    old = changed(OUTCOME, only, ACTIVITY)
    numbered = replace(OUTPUT.indicators[0], mark="①")
    new = changed(OUTCOME, replace(OUTPUT, indicators=(numbered, OUTPUT.indicators[1])), ACTIVITY)
    (unit,) = change_units.units(old, new)
    assert unit.kind is Kind.ADDED
    assert change_units.apply(old, new, {unit.key}) == new
    assert change_units.apply(old, new, set()) == old


def test_all_approved_is_the_new_plan_and_nothing_approved_is_the_old_one():
    new = Framework(
        (
            replace(ACTIVITY, parent=None, season="10月から"),
            replace(OUTCOME, indicators=()),
            Row(uuid=identity("new"), parent=OUTCOME.uuid, statement="新しい"),
        )
    )
    keys = {one.key for one in change_units.units(OLD, new)}
    assert change_units.apply(OLD, new, keys) == new
    assert change_units.apply(OLD, new, set()) == OLD
    assert change_units.clashes(OLD, new, keys) == ()


def test_some_approved_changes_give_a_plan_with_just_these():
    first, second = OUTPUT.indicators
    new = with_output(
        statement="（0101）週4回",
        indicators=(replace(first, target="200回"), replace(second, target="2,000人")),
    )
    result = change_units.apply(OLD, new, {indicator_key(OUTPUT.uuid, first.uuid)})
    assert result.row(OUTPUT.uuid) == replace(OUTPUT, indicators=(replace(first, target="200回"), second))


def test_a_declined_removal_stands_where_it_stood():
    first, second = OUTPUT.indicators
    third = Indicator(uuid=identity("third"), statement="満足度")
    new = with_output(indicators=(second, third))
    result = change_units.apply(OLD, new, {indicator_key(OUTPUT.uuid, third.uuid)})
    assert [one.uuid for one in result.row(OUTPUT.uuid).indicators] == [first.uuid, second.uuid, third.uuid]


def test_an_indicator_of_a_new_row_that_is_declined_is_not_approved_alone():
    one = Indicator(uuid=identity("new/0"), statement="回数")
    row = Row(uuid=identity("new"), statement="新しい", indicators=(one,))
    new = Framework((*OLD, row))
    (clash,) = change_units.clashes(OLD, new, {indicator_key(row.uuid, one.uuid)})
    assert (clash.code, clash.other) == (ClashCode.NEEDS_ROW, row)


def test_a_row_under_a_declined_new_row_is_not_approved_alone():
    above = Row(uuid=identity("a"), level=Level.OUTCOME_SHORT, statement="新しい成果")
    below = Row(uuid=identity("b"), parent=above.uuid, statement="新しい産出")
    new = Framework((*OLD, above, below))
    (clash,) = change_units.clashes(OLD, new, {row_key(below.uuid)})
    assert (clash.code, clash.other) == (ClashCode.NEEDS_PARENT, below)


def test_a_row_does_not_go_while_others_stay_under_it():
    new = changed(OUTCOME, replace(ACTIVITY, parent=OUTCOME.uuid))
    (clash,) = change_units.clashes(OLD, new, {row_key(OUTPUT.uuid)})
    assert (clash.code, clash.other.uuid) == (ClashCode.STILL_UNDER, ACTIVITY.uuid)
    assert change_units.clashes(OLD, new, {row_key(OUTPUT.uuid), row_key(ACTIVITY.uuid)}) == ()


def test_a_plan_does_not_lose_all_its_rows():
    old = changed(OUTCOME)
    new = changed(Row(uuid=identity("new"), statement="まったく別"))
    (clash,) = change_units.clashes(old, new, {row_key(OUTCOME.uuid)})
    assert clash.code is ClashCode.PROBLEM


def test_the_order_is_one_change():
    old = framework([{"code": code, "statement": code} for code in ("1", "2", "3")])
    new = Framework((old.rows[2], old.rows[0], old.rows[1]))
    (unit,) = change_units.units(old, new)
    assert unit.key == ORDER
    assert change_units.apply(old, new, {ORDER}) == new
    assert change_units.apply(old, new, set()) == old


def test_an_indicator_under_a_new_identity_keeps_its_place_and_words():
    first = OUTPUT.indicators[0]
    result = change_units.with_identities(OLD, {first.uuid: identity("anew")})
    assert result.row(OUTPUT.uuid).indicators[0] == replace(first, uuid=identity("anew"))


NAMES = "abcdef"


@st.composite
def plans(draw):
    """Plans over the same six identities, with parents above their children."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, 6))]
    rows = []
    for place, name in enumerate(names):
        parent = draw(st.sampled_from([None, *names[:place]]))
        count = draw(st.integers(0, 2))
        rows.append(
            Row(
                uuid=identity(name),
                parent=None if parent is None else identity(parent),
                statement=draw(st.sampled_from(["甲", "乙"])),
                indicators=tuple(
                    Indicator(uuid=identity(f"{name}/{n}"), statement=draw(st.sampled_from(["い", "ろ"])))
                    for n in range(count)
                ),
            )
        )
    return Framework(tuple(rows))


@given(old=plans(), new=plans(), data=st.data())
def test_any_choice_of_changes_gives_a_valid_plan_or_a_reason(old, new, data):
    keys = sorted(one.key for one in change_units.units(old, new))
    assert len(keys) == len(set(keys))
    approved = set(data.draw(st.lists(st.sampled_from(keys), unique=True))) if keys else set()
    result = change_units.apply(old, new, approved)
    if not change_units.clashes(old, new, approved):
        assert result.problems() == ()
        left = {one.key for one in change_units.units(result, new)}
        assert not (left - {ORDER}) & approved, "what was approved is made"
        made = {one.key for one in change_units.units(old, result)}
        assert made - {ORDER} <= approved, "and nothing else"


@given(old=plans(), new=plans())
def test_all_changes_together_are_the_new_plan(old, new):
    keys = {one.key for one in change_units.units(old, new)}
    assert change_units.apply(old, new, keys) == new
    assert change_units.apply(old, new, frozenset()) == old


@pytest.mark.parametrize("position", [0, 1])
def test_a_row_that_goes_takes_its_indicators_along_as_one_change(position):
    rows = [row for row in OLD if row.uuid != OUTPUT.uuid]
    new = changed(*(replace(row, parent=None) if row.parent == OUTPUT.uuid else row for row in rows))
    keys = [one.key for one in change_units.units(OLD, new)]
    assert not any(key.startswith("indicator") for key in keys)
    assert row_key(OUTPUT.uuid) in keys[position:] or position
