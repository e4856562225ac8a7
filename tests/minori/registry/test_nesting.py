"""Rows put, moved and removed: parents always stand before their children."""

from dataclasses import replace

import pytest

from minori.registry import nesting
from minori.report_forms.framework import Framework, Level
from tests.factories.registry import framework, identity

PLAN = framework(
    [
        {"code": "1", "statement": "甲"},
        {"code": "11", "statement": "甲の一", "parent": "1"},
        {"code": "12", "statement": "甲の二", "parent": "1"},
        {"code": "2", "statement": "乙"},
        {"code": "21", "statement": "乙の一", "parent": "2"},
        {"code": "3", "statement": "丙", "level": Level.ACTIVITY},
    ]
)


def order(plan: Framework) -> str:
    assert plan.problems() == ()
    return " ".join(row.code for row in plan)


def row(code: str):
    return PLAN.row(identity(code))


@pytest.mark.parametrize(
    ("code", "up", "expected"),
    [
        ("2", True, "2 21 1 11 12 3"),
        ("1", False, "2 21 1 11 12 3"),
        ("12", True, "1 12 11 2 21 3"),
        ("1", True, "1 11 12 2 21 3"),
        ("3", False, "1 11 12 2 21 3"),
        ("11", True, "1 11 12 2 21 3"),
    ],
)
def test_a_row_moves_with_what_stands_below_it_among_its_siblings(code, up, expected):
    assert order(nesting.move(PLAN, identity(code), up=up)) == expected


def test_a_new_row_stands_last_under_its_parent():
    (new,) = framework([{"code": "13", "statement": "甲の三"}])
    under = replace(new, parent=identity("1"))
    assert order(nesting.put(PLAN, under)) == "1 11 12 13 2 21 3"
    assert order(nesting.put(PLAN, new)) == "1 11 12 2 21 3 13"


def test_a_row_that_gets_another_parent_takes_its_company_along():
    moved = replace(row("1"), parent=identity("2"))
    assert order(nesting.put(PLAN, moved)) == "2 21 1 11 12 3"


def test_a_changed_row_keeps_its_place():
    changed = nesting.put(PLAN, replace(row("11"), statement="あらためた"))
    assert order(changed) == "1 11 12 2 21 3"
    assert changed.rows[1].statement == "あらためた"


def test_what_stood_under_a_removed_row_moves_up():
    left = nesting.remove(PLAN, identity("1"))
    assert order(left) == "11 12 2 21 3"
    assert left.rows[0].parent is None


def test_a_row_may_not_stand_under_itself_or_what_is_below_it():
    assert [one.code for one in nesting.possible_parents(PLAN, row("1"))] == ["2", "21", "3"]
    assert not nesting.fits_under(row("1"), row("3"))
    assert nesting.fits_under(row("3"), row("1"))
