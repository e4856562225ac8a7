"""What speaks for rows belonging together: codes, words and places, and how sure that is."""

from hypothesis import given
from hypothesis import strategies as st

from minori.registry.likeness import Sign, likeness, outcomes_of, propose
from minori.report_forms.framework import Framework, Level, Row, Support
from tests.factories.registry import framework, identity


def _rows(*rows):
    return framework(
        [
            {"level": level, "statement": statement, "code": code, "uuid": identity(statement)}
            for level, code, statement in rows
        ]
    )


SHORT, OUTPUT = Level.OUTCOME_SHORT, Level.OUTPUT


def _served(plan):
    """Statement of output → (statement of the first outcome, its signs, sure)."""
    return {
        plan.row(uuid).statement: (
            (found[0].row.statement, set(found[0].signs), found[0].sure) if found else None
        )
        for uuid, found in outcomes_of(plan).items()
    }


def test_a_code_that_begins_with_the_outcomes_is_clear_however_both_are_written():
    plan = _rows(
        (SHORT, "01", "居場所"), (SHORT, "2", "学び"),
        (OUTPUT, "0101", "開所"), (OUTPUT, "2-1", "講座"), (OUTPUT, "02-02", "教材"),
    )  # fmt: skip
    learning = ("学び", {Sign.CODE}, True)
    assert _served(plan) == {"開所": ("居場所", {Sign.CODE}, True), "講座": learning, "教材": learning}


def test_statements_without_a_code_are_as_good_where_outputs_stand_behind_their_outcome():
    plan = _rows((SHORT, "", "居場所"), (OUTPUT, "", "開所"), (SHORT, "", "学び"), (OUTPUT, "", "講座"))
    assert _served(plan) == {"開所": ("居場所", {Sign.ORDER}, True), "講座": ("学び", {Sign.ORDER}, True)}


def test_where_all_outcomes_come_first_their_order_is_a_hint_for_a_person():
    plan = _rows(
        (SHORT, "", "居場所"), (SHORT, "", "学び"), (OUTPUT, "", "開所"), (OUTPUT, "", "広報"),
        (OUTPUT, "", "講座"), (OUTPUT, "", "教材"),
    )  # fmt: skip
    assert [_served(plan)[one] for one in ("開所", "広報", "講座")] == [
        ("居場所", {Sign.ORDER}, False), ("居場所", {Sign.ORDER}, False), ("学び", {Sign.ORDER}, False),
    ]  # fmt: skip


def test_an_uneven_number_of_outputs_says_nothing_by_its_order():
    plan = _rows(
        (SHORT, "", "居場所"), (SHORT, "", "学び"), *((OUTPUT, "", one) for one in ("甲", "乙", "丙"))
    )
    assert _served(plan) == {"甲": None, "乙": None, "丙": None}


def test_an_only_outcome_is_what_every_output_serves():
    plan = _rows((OUTPUT, "", "開所"), (SHORT, "", "居場所"))
    assert _served(plan)["開所"] == ("居場所", {Sign.ORDER}, True)


def test_code_and_place_that_disagree_are_both_for_a_person():
    plan = _rows(
        (SHORT, "1", "居場所"), (OUTPUT, "0201", "講座"), (SHORT, "2", "学び"), (OUTPUT, "0202", "教材")
    )
    found = outcomes_of(plan)[identity("講座")]
    assert {(one.row.statement, one.signs, one.sure) for one in found} == {
        ("居場所", (Sign.ORDER,), False), ("学び", (Sign.CODE,), False),
    }  # fmt: skip


def test_long_term_outcomes_count_only_where_there_are_no_short_term_ones():
    plan = _rows((Level.OUTCOME_LONG, "", "社会"), (OUTPUT, "", "開所"))
    assert _served(plan)["開所"] == ("社会", {Sign.ORDER}, True)
    plan = _rows((Level.OUTCOME_LONG, "", "社会"), (SHORT, "", "居場所"), (OUTPUT, "", "開所"))
    assert _served(plan)["開所"][0] == "居場所"


OWN = _rows(
    (SHORT, "1", "子どもが安心できる居場所が各地に生まれる"),
    (OUTPUT, "0101", "居場所が毎週開かれている"),
    (OUTPUT, "0102", "会計と労務の体制が整う"),
)


def _proposed(*rows):
    theirs = _rows(*rows)
    return {
        theirs.row(uuid).statement: [(one.row.code, set(one.signs), one.sure) for one in found]
        for uuid, found in propose(theirs, OWN).items()
    }


def test_a_code_alone_is_a_doubt_since_0101_of_one_organization_is_not_that_of_another():
    assert _proposed((OUTPUT, "0101", "漁港の清掃に若者が加わる"))["漁港の清掃に若者が加わる"] == [
        ("0101", {Sign.CODE}, False)
    ]


def test_the_same_words_are_clear_with_any_code_or_none():
    assert _proposed((OUTPUT, "", "会計・労務の体制が整い、続いている"))[
        "会計・労務の体制が整い、続いている"
    ] == [("0102", {Sign.WORDS}, True)]


def test_words_of_every_plan_speak_for_nothing():
    assert likeness("支援団体の活動を実施", "対象地域の支援事業の実施") == 0
    assert likeness("居場所", "居場所") == 0  # too short to be compared
    assert likeness("安心できる居場所の開所", "安心できる居場所の開所") == 1


def test_codes_and_places_say_nothing_of_rows_of_non_financial_support():
    own = framework(
        [{"level": OUTPUT, "code": "0101", "statement": "研修が行われる", "support": Support.NON_FINANCIAL}]
    )
    theirs = _rows((OUTPUT, "0101", "漁港の清掃に若者が加わる"))
    assert propose(theirs, own)[identity("漁港の清掃に若者が加わる")] == ()


def test_activities_are_never_linked():
    assert _proposed((Level.ACTIVITY, "0101", "居場所が毎週開かれている")) == {}


LEVELS = st.sampled_from(list(Level))
WORDS = st.text("居場所開所会計労務講座学び子①0１.-（）", max_size=12)


@given(
    st.lists(st.tuples(LEVELS, WORDS, WORDS), max_size=8),
    st.lists(st.tuples(LEVELS, WORDS, WORDS), max_size=8),
)
def test_proposals_never_fail_and_are_sure_of_one_row_at_most(theirs, ours):
    def plan(rows, name):
        return Framework(
            tuple(
                Row(uuid=identity(f"{name}{place}"), level=level, code=code, statement=text)
                for place, (level, code, text) in enumerate(rows)
            )
        )

    for found in (
        *propose(plan(theirs, "a"), plan(ours, "b")).values(),
        *outcomes_of(plan(ours, "b")).values(),
    ):
        assert sum(one.sure for one in found) <= 1
        assert all(one.signs for one in found)
        assert len(found) <= 3
