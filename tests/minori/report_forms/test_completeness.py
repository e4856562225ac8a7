"""What stands in the way of handing in, and what is only worth a second look."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from minori.report_forms import completeness
from minori.report_forms.answers import Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.completeness import Finding, FindingCode, SectionState, check, state_of
from minori.report_forms.contents import Attachment
from minori.report_forms.drafts import draft_of
from minori.report_forms.framework import Framework, Level, Row
from tests.minori.report_forms.test_contents import photo
from tests.seed import report

UUIDS = {row.code: row.uuid for row in report.framework()}


def findings(**changes) -> completeness.Findings:
    facts = {
        "edition": report.edition(),
        "framework": report.framework(),
        "rows": report.rows(),
        "answers": report.answers(),
    }
    return check(**{**facts, **changes})


def problems(**changes) -> list[tuple[str, str, str | UUID]]:
    return [(found.code.value, found.section, found.anchor) for found in findings(**changes).problems]


def warnings(code: FindingCode, **changes) -> list[str | UUID]:
    return [found.anchor for found in findings(**changes).warnings if found.code == code]


def with_row(code: str, **changes) -> list[RowAnswer]:
    return [replace(row, **changes) if row.row == UUIDS[code] else row for row in report.rows()]


def with_answer(key: str, answer) -> dict:
    return {**report.answers(), key: answer}


def test_the_seed_can_be_handed_in_with_its_blanks_and_names_pointed_out():
    found = findings()
    assert found.problems == ()
    assert found.may_be_handed_in
    blanks = [UUIDS[code] for code in ("0101", "0102", "0103", "0104", "0105", "0106", "2", "3")]
    assert warnings(FindingCode.PROGRESS_BLANK) == blanks
    assert [
        (finding.section, finding.anchor, finding.params["found"])
        for finding in found.warnings
        if finding.code == FindingCode.POSSIBLE_NAME
    ] == [("results", UUIDS["0105"], "新藤先生"), ("activities", "activities", "今井新事務局長")]
    assert len(found.warnings) == 10


def test_an_empty_report_names_everything_that_is_required():
    assert problems(rows=[], answers={}) == [
        ("nothing_reported", "results", "results"),
        ("required_blank", "outlook", "outlook"),
        ("required_blank", "changes", "changes"),
        ("required_blank", "symbol_mark", "symbol_mark"),
        ("required_blank", "media", "media"),
        ("required_blank", "material", "material"),
        ("required_blank", "reports", "reports"),
        ("required_blank", "events", "events"),
    ]


@pytest.mark.parametrize("framework", [None, Framework()])
def test_without_a_framework_nothing_can_be_handed_in(framework):
    assert problems(framework=framework, rows=[]) == [("framework_missing", "results", "results")]


def test_a_plan_without_rows_of_the_kind_asked_is_handed_in_without_them():
    outcome = Row(uuid=uuid4(), level=Level.OUTCOME_SHORT, statement="孤立が減る")
    only_outcomes = Framework((outcome,))
    assert problems(framework=only_outcomes, rows=[]) == []
    assert warnings(FindingCode.NO_ROWS, framework=only_outcomes, rows=[]) == ["results"]
    draft = draft_of(edition=report.edition(), framework=only_outcomes, rows=[], answers={})
    assert state_of(draft, report.edition().section("results")) == SectionState.DONE


def test_an_untouched_row_is_a_warning_and_no_problem():
    rows = [row for row in report.rows() if row.row != UUIDS["2"]]
    assert problems(rows=rows) == []
    assert warnings(FindingCode.ROW_UNTOUCHED, rows=rows) == [UUIDS["2"]]
    assert UUIDS["2"] not in warnings(FindingCode.PROGRESS_BLANK, rows=rows)


@pytest.mark.parametrize("remark", ["", " \n　"])
def test_code_4_needs_its_reason(remark):
    assert problems(rows=with_row("4", remark=remark)) == [("reason_missing", "results", UUIDS["4"])]
    assert problems(rows=with_row("4", remark=remark, progress=Progress.BEHIND)) == []


def test_a_code_without_a_text_is_pointed_out():
    rows = with_row("1", text=" ")
    assert problems(rows=rows) == []
    assert warnings(FindingCode.ROW_TEXT_BLANK, rows=rows) == [UUIDS["1"]]


@pytest.mark.parametrize(
    ("code", "change", "found", "limit"),
    [
        ("1", {"text": "あ" * 10_001}, "text_too_long", 10_000),
        ("1", {"remark": "あ" * 1_001}, "remark_too_long", 1_000),
    ],
)
def test_texts_have_limits_and_say_them(code, change, found, limit):
    (problem,) = findings(rows=with_row(code, **change)).problems
    assert (problem.code, problem.anchor) == (found, UUIDS[code])
    assert problem.params == {"limit": limit, "length": limit + 1}


def test_texts_at_their_limit_are_fine():
    assert problems(rows=with_row("1", text="あ" * 10_000, remark="あ" * 1_000)) == []
    assert problems(answers=with_answer("activities", Written("あ" * 20_000))) == []
    assert problems(answers=with_answer("activities", Written("あ" * 20_001))) == [
        ("text_too_long", "activities", "activities")
    ]


@pytest.mark.parametrize(
    ("key", "answer", "code"),
    [
        ("outlook", Chosen("9"), "choice_unknown"),
        ("changes", Ticked(("everything",)), "choice_unknown"),
        ("changes", Ticked(("none", "target")), "none_with_others"),
        ("symbol_mark", Ticked(("other",)), "choice_text_missing"),
        ("symbol_mark", Ticked((), "シール"), "required_blank"),
        ("media", YesNo(said=True), "choice_text_missing"),
        ("media", YesNo(said=True, text=" "), "choice_text_missing"),
        ("media", YesNo(said=None, text="新聞"), "required_blank"),
        ("activities", Written("\x00"), "text_unstorable"),
    ],
)
def test_an_answer_that_does_not_hold_is_a_problem_at_its_field(key, answer, code):
    assert problems(answers=with_answer(key, answer)) == [(code, key, key)]


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        # an open place: its label is not confirmed yet, its number is
        ("outlook", Chosen("1")),
        ("changes", Ticked(("content", "wording", "indicator", "target"))),
        ("media", YesNo(said=True, text="新聞")),
        ("media", YesNo(said=False, text="取り消した文")),
        ("symbol_mark", Ticked(("website", "material"))),
        ("activities", Written()),
    ],
)
def test_an_answer_that_holds_is_no_problem(key, answer):
    assert problems(answers=with_answer(key, answer)) == []


def test_a_follow_up_is_looked_at_only_where_it_is_asked():
    too_long = {**report.answers(), "changes_note": Written("あ" * 2_001)}
    assert problems(answers=too_long) == []
    asked = {**too_long, "changes": Ticked(("target",))}
    assert problems(answers=asked) == [("text_too_long", "changes", "changes_note")]


def test_a_row_under_another_rows_code_is_not_blank():
    rows = with_row("1", covers=(UUIDS["0101"], UUIDS["0102"]))
    assert problems(rows=rows) == []
    blanks = warnings(FindingCode.PROGRESS_BLANK, rows=rows)
    assert blanks == [UUIDS[code] for code in ("0103", "0104", "0105", "0106", "2", "3")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"0101": {"covers": (UUIDS["0102"],)}}, [("cover_without_code", UUIDS["0101"])]),
        ({"1": {"covers": (UUID(int=9),)}}, [("cover_unknown_row", UUIDS["1"])]),
        ({"1": {"covers": (UUIDS["1"],)}}, [("cover_unknown_row", UUIDS["1"])]),
        ({"1": {"covers": (UUIDS["2"],)}, "4": {"covers": (UUIDS["2"],)}}, [("covered_twice", UUIDS["4"])]),
    ],
)
def test_what_a_code_covers_must_hold(changes, expected):
    codes = {uuid: code for code, uuid in UUIDS.items()}
    rows = [replace(row, **changes.get(codes[row.row], {})) for row in report.rows()]
    assert [(code, anchor) for code, _, anchor in problems(rows=rows)] == expected


def test_a_covered_row_with_a_code_of_its_own_is_pointed_out():
    rows = with_row("1", covers=(UUIDS["4"],))
    assert problems(rows=rows) == []
    assert warnings(FindingCode.COVERED_WITH_OWN_CODE, rows=rows) == [UUIDS["4"]]


def test_an_answer_to_a_row_that_is_gone_is_pointed_out():
    gone = RowAnswer(UUID(int=9), text="前の計画の行")
    untouched = RowAnswer(UUID(int=8))
    rows = [*report.rows(), gone, untouched]
    assert problems(rows=rows) == []
    assert warnings(FindingCode.ROW_GONE, rows=rows) == [gone.row]


@pytest.mark.parametrize(
    ("photos", "problem", "warned"),
    [
        ([photo(n) for n in range(4)], [], False),
        ([photo(n) for n in range(5)], [], True),
        ([photo(n) for n in range(30)], [], True),
        ([photo(n) for n in range(31)], [("too_many_photos", "photos", "photos")], False),
        ([photo(n, row=UUID(int=7)) for n in range(9)], [], False),
        ([photo(n, content_type="application/pdf") for n in range(9)], [], False),
        ([photo(1, content_type="application/pdf", size=15 * 1024 * 1024)], [], False),
        (
            [photo(1, content_type="application/pdf", size=15 * 1024 * 1024 + 1)],
            [("photo_too_large", "photos", "photos")],
            False,
        ),
        ([photo(1, size=2 * 1024 * 1024)], [], False),
        ([photo(1, size=2 * 1024 * 1024 + 1)], [("photo_too_large", "photos", "photos")], False),
    ],
)
def test_photos_have_limits(photos: list[Attachment], problem, warned):
    assert problems(attachments=photos) == problem
    assert bool(warnings(FindingCode.PHOTOS_ABOVE_RECOMMENDED, attachments=photos)) is warned


def test_names_in_captions_are_pointed_out():
    assert warnings(FindingCode.POSSIBLE_NAME, attachments=[photo(1, caption="田中さんと")])[-1] == "photos"


def test_findings_stand_in_the_order_of_the_form():
    found = findings(rows=with_row("4", remark=""), answers={"activities": Written("田中さん")})
    order = [section.key for section in report.edition().sections]
    for group in (found.problems, found.warnings):
        assert [order.index(finding.section) for finding in group] == sorted(
            order.index(finding.section) for finding in group
        )
    assert found.problems[0] == Finding(
        code=FindingCode.REASON_MISSING, section="results", anchor=UUIDS["4"], params={"code": "4"}
    )
