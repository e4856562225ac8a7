"""What changed between two versions of a plan: by identity, to the letter. Pure."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from minori.registry import nesting
from minori.registry.plan_differences import FieldChange, Kind, compare
from minori.report_forms.framework import Framework, Indicator, Level, Row

A, B, C, D, K, J = (UUID(int=number) for number in range(1, 7))
PLAN = Framework(
    (
        Row(uuid=A, level=Level.OUTCOME_SHORT, code="01", statement="01.孤立が減る"),
        Row(
            uuid=B,
            parent=A,
            code="0101",
            statement="窓口",
            indicators=(Indicator(uuid=K, mark="①", statement="回数", target="年12回"),),
        ),
        Row(uuid=C, parent=A, code="0102", statement="訪問"),
    )
)


def changed(uuid, **fields):
    return Framework(tuple(replace(row, **fields) if row.uuid == uuid else row for row in PLAN))


def test_a_plan_against_itself_has_no_changes():
    assert compare(PLAN, PLAN) == ()


def test_a_reworded_row_says_both_wordings_to_the_letter():
    (change,) = compare(PLAN, changed(C, statement="訪問\n（月1回）"))
    assert (change.kind, change.row.uuid) == (Kind.CHANGED, C)
    assert change.fields == (FieldChange("statement", "訪問", "訪問\n（月1回）"),)


def test_a_target_that_changes_is_a_change_of_its_indicator():
    new = Indicator(uuid=K, mark="①", statement="回数", target="年24回")
    (change,) = compare(PLAN, changed(B, indicators=(new,)))
    assert change.fields == ()
    assert [(one.kind, one.fields) for one in change.indicators] == [
        (Kind.CHANGED, (FieldChange("target", "年12回", "年24回"),))
    ]


def test_an_indicator_under_a_new_identity_is_a_new_one():
    new = Indicator(uuid=J, mark="①", statement="回数", target="年12回")
    (change,) = compare(PLAN, changed(B, indicators=(new,)))
    assert [(one.kind, one.indicator.uuid) for one in change.indicators] == [
        (Kind.ADDED, J),
        (Kind.REMOVED, K),
    ]


def test_rows_that_came_and_went_stand_where_they_belong():
    new = nesting.put(nesting.remove(PLAN, B), Row(uuid=D, parent=A, statement="研修"))
    assert [(one.kind, one.row.uuid) for one in compare(PLAN, new)] == [(Kind.REMOVED, B), (Kind.ADDED, D)]


def test_the_place_of_a_row_counts_only_among_those_that_stay():
    assert [(one.row.uuid, one.moved) for one in compare(PLAN, nesting.move(PLAN, C, up=True))] == [
        (C, True),
        (B, True),
    ]
    assert [one.row.uuid for one in compare(PLAN, nesting.remove(PLAN, B))] == [B]


def test_a_row_that_stands_under_another_one_says_which():
    (change,) = compare(PLAN, changed(C, parent=None))
    assert change.under is not None
    before, after = change.under
    assert (before.uuid, after) == (A, None)
    assert not change.moved


@given(st.permutations([A, B, C, D]), st.permutations([A, B, C, D]), st.sets(st.sampled_from([A, B, C, D])))
def test_there_are_changes_exactly_where_versions_differ(before, after, gone):
    def plan(order):
        return Framework(tuple(Row(uuid=uuid, statement=str(uuid)) for uuid in order))

    old, new = plan(before), plan([uuid for uuid in after if uuid not in gone])
    changes = compare(old, new)
    assert (changes == ()) == (old == new)
    assert {one.row.uuid for one in changes if one.kind is Kind.REMOVED} == gone
    assert len({one.row.uuid for one in changes}) == len(changes)
