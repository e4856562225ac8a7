"""Frameworks: what they hold, what is wrong with them, how they are kept."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given

from minori.report_forms.framework import (
    Framework,
    FrameworkError,
    Indicator,
    Level,
    Problem,
    ProblemCode,
    Row,
    Support,
    number_marks,
)
from minori.report_forms.shapes import ShapeError
from tests.minori.report_forms.strategies import calm, frameworks
from tests.seed import report


def uuid(number: int) -> UUID:
    return UUID(int=number)


def row(number: int, **facts) -> Row:
    return Row(**{"uuid": uuid(number), "statement": f"row {number}", **facts})


def codes(framework: Framework) -> list[tuple[ProblemCode, int | None]]:
    return [(problem.code, problem.position) for problem in framework.problems()]


def test_the_framework_of_the_seed_fits_without_loss():
    framework = report.framework()
    assert framework.problems() == ()
    assert len(framework) == 10
    assert Framework.from_json(json.loads(json.dumps(framework.to_json()))) == framework


def test_rows_know_their_depth_and_their_children():
    framework = report.framework()
    first = framework.rows[0]
    assert [child.code for child in framework.children(first.uuid)] == [f"010{n}" for n in range(1, 7)]
    assert [outer.code for outer in framework.children(None)] == ["1", "2", "3", "4"]
    assert [framework.depth(each) for each in framework] == [0, 1, 1, 1, 1, 1, 1, 0, 0, 0]


def test_rows_and_indicators_are_found_by_identity():
    framework = report.framework()
    third = framework.rows[2]
    assert framework.row(third.uuid) is third
    assert framework.indicator(third.indicators[1].uuid) == (third, third.indicators[1])
    assert framework.find_row(uuid(99)) is None
    assert framework.find_indicator(uuid(99)) is None
    with pytest.raises(KeyError):
        framework.row(uuid(99))


def test_rows_are_picked_by_level_and_support():
    framework = Framework(
        (
            row(1, level=Level.OUTCOME_SHORT),
            row(2),
            row(3, support=Support.NON_FINANCIAL),
            row(4, level=Level.ACTIVITY),
            row(5),
        )
    )
    assert [each.uuid for each in framework.rows_for(Level.OUTPUT, Support.FINANCIAL)] == [uuid(2), uuid(5)]
    assert [each.uuid for each in framework.rows_for(Level.OUTPUT, Support.NON_FINANCIAL)] == [uuid(3)]


@calm
@given(frameworks())
def test_any_framework_comes_back_from_json_as_it_was(framework):
    assert framework.problems() == ()
    assert Framework.from_json(json.loads(json.dumps(framework.to_json()))) == framework


def test_a_framework_without_rows_has_a_problem():
    assert Framework().problems() == (Problem(code=ProblemCode.NO_ROWS),)


def test_all_problems_are_found_at_once():
    twice = Indicator(uuid=uuid(50), statement="twice")
    framework = Framework(
        (
            row(1, parent=uuid(2)),
            row(2, statement=" 　\n"),
            row(2, indicators=(twice, twice)),
            row(3, parent=uuid(77), indicators=(Indicator(uuid=uuid(51), mark="①"),)),
            row(4, parent=uuid(4), statement="nul \x00"),
        )
    )
    assert codes(framework) == [
        (ProblemCode.PARENT_AFTER_CHILD, 0),
        (ProblemCode.DUPLICATE_ROW, 1),
        (ProblemCode.EMPTY_STATEMENT, 1),
        (ProblemCode.DUPLICATE_ROW, 2),
        (ProblemCode.DUPLICATE_INDICATOR, 2),
        (ProblemCode.DUPLICATE_INDICATOR, 2),
        (ProblemCode.MISSING_PARENT, 3),
        (ProblemCode.EMPTY_INDICATOR, 3),
        (ProblemCode.PARENT_AFTER_CHILD, 4),
        (ProblemCode.UNSTORABLE_TEXT, 4),
    ]
    with pytest.raises(FrameworkError) as caught:
        framework.check()
    assert caught.value.problems == framework.problems()


def test_depth_ends_even_where_rows_stand_in_a_circle():
    framework = Framework((row(1, parent=uuid(2)), row(2, parent=uuid(1))))
    assert [framework.depth(each) for each in framework] == [1, 1]


def test_an_indicator_with_nothing_but_a_target_is_no_problem():
    framework = Framework((row(1, indicators=(Indicator(uuid=uuid(9), target="10人"),)),))
    assert framework.problems() == ()


def test_marks_are_given_only_where_several_indicators_have_none():
    plain = [Indicator(uuid=uuid(number), statement="x") for number in range(3)]
    assert [each.mark for each in number_marks(plain)] == ["①", "②", "③"]
    assert [each.mark for each in number_marks(plain[:1])] == [""]
    written = (replace(plain[0], mark="➀"), plain[1])
    assert number_marks(written) == written
    many = [Indicator(uuid=uuid(number), statement="x") for number in range(51)]
    assert [each.mark for each in number_marks(many[:50])][-1] == "㊿"
    assert {each.mark for each in number_marks(many)} == {""}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data["rows"][1].pop("uuid"), "framework.rows[1].uuid: is missing"),
        (lambda data: data["rows"][1].update(uuid="x"), "framework.rows[1].uuid: a UUID is expected"),
        (lambda data: data["rows"][1].update(uuid=7), "framework.rows[1].uuid: a UUID is expected"),
        (
            lambda data: data["rows"][0].update(level="input"),
            "framework.rows[0].level: one of outcome_short, outcome_long, output, activity is expected",
        ),
        (lambda data: data["rows"][0].update(code=1), "framework.rows[0].code: a text is expected"),
        (
            lambda data: data["rows"][0].update(indicators="①"),
            "framework.rows[0].indicators: a list is expected",
        ),
        (
            lambda data: data["rows"][0]["indicators"].append("①"),
            "framework.rows[0].indicators[1]: an object is expected",
        ),
    ],
)
def test_json_that_does_not_fit_names_the_place(change, where):
    data = report.framework().to_json()
    change(data)
    with pytest.raises(ShapeError) as caught:
        Framework.from_json(data)
    assert str(caught.value) == where
