"""Answers: read from what a page posted, blank or not, kept as JSON."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minori.report_forms import editions
from minori.report_forms.answers import (
    Chosen,
    Progress,
    RowAnswer,
    Ticked,
    UnknownProgressError,
    Written,
    YesNo,
    blank,
    from_json,
    input_names,
    is_answerable,
    is_asked,
    is_blank,
    is_untouched,
    parse,
    parse_row,
    row_name,
    to_json,
)
from minori.report_forms.shapes import ShapeError
from tests.minori.report_forms.strategies import answers, calm, row_answers, texts

EDITION = editions.load("2020", 1)
ROW = UUID(int=1)
OTHER_ROW = UUID(int=2)


def field(key: str) -> editions.Field:
    return EDITION.field(key)


@pytest.mark.parametrize(
    ("key", "posted", "answer"),
    [
        ("outlook", {"outlook": ["3"]}, Chosen("3")),
        ("outlook", {}, Chosen()),
        ("outlook", {"outlook": []}, Chosen()),
        ("changes", {"changes": ["target", "content", "target"]}, Ticked(("content", "target"))),
        (
            "symbol_mark",
            {"symbol_mark": ["other"], "symbol_mark-text": ["シール"]},
            Ticked(("other",), "シール"),
        ),
        ("symbol_mark", {"symbol_mark-text": ["シール"]}, Ticked((), "シール")),
        ("activities", {"activities": [" 1. 見出し\r\n本文 "]}, Written(" 1. 見出し\n本文 ")),
        ("media", {"media": ["yes"], "media-text": ["新聞"]}, YesNo(said=True, text="新聞")),
        ("media", {"media": ["no"]}, YesNo(said=False)),
        ("media", {"media-text": ["新聞"]}, YesNo(said=None, text="新聞")),
        # a choice that nobody offered is kept and found later, not dropped
        ("outlook", {"outlook": ["9"]}, Chosen("9")),
        ("changes", {"changes": ["zzz", "wording", "aaa"]}, Ticked(("wording", "aaa", "zzz"))),
    ],
)
def test_posted_answers_are_read(key, posted, answer):
    assert parse(field(key), posted) == answer


def test_input_names_are_those_that_are_read():
    assert input_names(field("activities")) == ("activities", "activities-nothing")
    assert input_names(field("outlook")) == ("outlook",)
    assert input_names(field("symbol_mark")) == ("symbol_mark", "symbol_mark-text")
    assert input_names(field("media")) == ("media", "media-text")


@pytest.mark.parametrize("key", ["head", "results", "photos"])
def test_heads_rows_and_photos_have_no_answer_of_this_sort(key):
    assert not is_answerable(field(key))
    with pytest.raises(KeyError):
        parse(field(key), {})


def test_a_row_is_read_with_its_code_its_remark_and_what_it_covers():
    posted = {
        row_name(ROW, "text"): ["① 一\r\n② 二"],
        row_name(ROW, "progress"): ["4"],
        row_name(ROW, "remark"): ["打ち切り"],
        row_name(ROW, "covers"): [str(OTHER_ROW), "", str(OTHER_ROW)],
        row_name(OTHER_ROW, "text"): ["別の行"],
    }
    assert parse_row(ROW, posted) == RowAnswer(ROW, "① 一\n② 二", Progress.OTHER, "打ち切り", (OTHER_ROW,))
    assert parse_row(OTHER_ROW, posted) == RowAnswer(OTHER_ROW, "別の行")


def test_a_blank_code_stays_blank():
    assert parse_row(ROW, {row_name(ROW, "progress"): [""]}).progress is None
    assert parse_row(ROW, {}).is_untouched


@pytest.mark.parametrize("code", ["0", "5", "１", "3 ", "three", "-1"])
def test_codes_that_do_not_exist_are_refused(code):
    with pytest.raises(UnknownProgressError):
        parse_row(ROW, {row_name(ROW, "progress"): [code]})


def test_covering_something_that_is_no_row_is_refused():
    with pytest.raises(ShapeError):
        parse_row(ROW, {row_name(ROW, "covers"): ["0101"]})


@pytest.mark.parametrize(
    ("answer", "blank_", "untouched"),
    [
        (Written(), True, True),
        (Written(" \n"), True, False),
        (Written("。"), False, False),
        (Chosen(), True, True),
        (Chosen("", "文"), True, False),
        (Chosen("3"), False, False),
        (Ticked(), True, True),
        (Ticked((), "シール"), True, False),
        (Ticked(("other",)), False, False),
        (YesNo(), True, True),
        (YesNo(said=None, text="新聞"), True, False),
        (YesNo(said=False), False, False),
    ],
)
def test_blank_and_untouched_are_two_things(answer, blank_, untouched):
    assert is_blank(answer) is blank_
    assert is_untouched(answer) is untouched


@pytest.mark.parametrize(
    "change",
    [{"text": " "}, {"progress": Progress.AHEAD}, {"remark": "理由"}, {"covers": (OTHER_ROW,)}],
)
def test_any_entry_touches_a_row(change):
    assert RowAnswer(ROW).is_untouched
    assert not RowAnswer(ROW, **change).is_untouched


@pytest.mark.parametrize(
    ("ticked", "asked"),
    [((), False), (("none",), False), (("target",), True), (("none", "target"), True), (("gone",), True)],
)
def test_a_follow_up_is_asked_after_a_change_is_ticked(ticked, asked):
    assert is_asked(EDITION, field("changes_note"), {"changes": Ticked(ticked)}) is asked


def test_fields_without_a_condition_are_always_asked_and_follow_ups_not_by_themselves():
    assert is_asked(EDITION, field("outlook"), {})
    assert not is_asked(EDITION, field("changes_note"), {})


@calm
@given(answers)
def test_any_answer_comes_back_from_json_as_it_was(answer):
    assert from_json(json.loads(json.dumps(to_json(answer)))) == answer


@calm
@given(row_answers(ROW))
def test_any_row_comes_back_from_json_as_it_was(answer):
    assert RowAnswer.from_json(json.loads(json.dumps(answer.to_json()))) == answer


@calm
@given(st.sampled_from(["outlook", "changes", "activities", "media"]), st.lists(texts, max_size=3), texts)
def test_reading_what_was_posted_never_fails_and_is_clean(key, values, text):
    answer = parse(field(key), {key: values, f"{key}-text": [text]})
    assert type(answer) is type(blank(field(key)))
    assert from_json(to_json(answer)) == answer


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"kind": "head", "text": ""}, "answer.kind: fields of this kind have no answer of their own"),
        (
            {"kind": "essay", "text": ""},
            "answer.kind: one of head, results, choice, ticks, text, number, date, yes_no, photos",
        ),
        ({"kind": "text"}, "answer.text: is missing"),
        ({"kind": "choice", "value": 3, "text": ""}, "answer.value: a text is expected"),
        ({"kind": "ticks", "values": ["a", 1], "text": ""}, "answer.values[1]: a text is expected"),
        ({"kind": "yes_no", "said": "yes", "text": ""}, "answer.said: true, false or null is expected"),
        ([], "answer: an object is expected"),
    ],
)
def test_json_that_is_no_answer_names_the_place(data, message):
    with pytest.raises(ShapeError) as caught:
        from_json(data)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("code", [0, 5, "3", True, 1.5])
def test_json_with_a_code_that_does_not_exist_is_refused(code):
    with pytest.raises(ShapeError):
        RowAnswer.from_json({**RowAnswer(ROW).to_json(), "progress": code})


def test_progress_has_the_words_of_the_form():
    assert [f"{code.value} {code.label}" for code in Progress] == [
        "1 計画より進んでいる",
        "2 計画どおり進んでいる",
        "3 計画より遅れている",
        "4 その他",
    ]
    assert all(code.label.en for code in Progress)
