"""The newer edition with its variants, the plain one, and what their files can ask for."""

import re

import pytest

from minori.report_forms import editions
from minori.report_forms.answers import (
    Chosen,
    Written,
    YesNo,
    blank,
    input_names,
    is_asked,
    parse,
    read_number,
)
from minori.report_forms.completeness import FindingCode, check
from minori.report_forms.editions import Column, Kind, mistakes_in
from minori.report_forms.framework import Framework, Level, Row, Support

WEB = (editions.SHIPPED / "web.v1.toml").read_text(encoding="utf-8")
PLAIN = (editions.SHIPPED / "plain.v1.toml").read_text(encoding="utf-8")


def columns(key: str) -> list[str]:
    [results] = editions.load(key, 1).fields_of(Kind.RESULTS)
    return [column.key for column in results.columns]


def codes(edition: editions.Edition, answers: dict[str, object], *keys: str) -> list[FindingCode]:
    found = check(edition=edition, framework=None, rows=(), answers=answers)
    return [one.code for one in found.problems if one.anchor in keys]


def test_one_shape_of_rows_is_in_use_at_a_time():
    assert columns("web.states")[2:5] == ["indicators", "mid_states", "post_states"]
    assert columns("web.targets")[2:4] == ["indicators", "targets"]
    assert columns("web.activities") == ["statement", "support", "progress", "text"]
    [asked] = editions.load("web.activities", 1).fields_of(Kind.RESULTS)
    assert asked.level == Level.ACTIVITY


def test_an_edition_with_variants_is_never_used_as_a_whole():
    with pytest.raises(KeyError):
        editions.load("web", 1)
    with pytest.raises(KeyError):
        editions.load("web.nothing", 1)
    with pytest.raises(KeyError):
        editions.load("2020.states", 1)
    assert ("web", 1) not in editions.installed()
    states = editions.load("web.states", 1)
    assert (states.key, states.file_key, states.variants) == ("web.states", "web", ())
    assert states.variant.title.ja == "中間評価時・事後評価時の値・状態"


def test_only_a_distributor_is_asked_what_concerns_distributors():
    ours, theirs = (
        {field.key for field in editions.load(key, 1).fields}
        for key in ("web.states", "web.states-distributor")
    )
    assert theirs - ours == {"organization_count", "rules_changed_funder", "without_audit"}
    assert ours - theirs == {"rules_changed"}


def test_one_table_can_ask_about_both_kinds_of_support():
    from uuid import UUID

    rows = tuple(
        Row(uuid=UUID(int=number), statement="行", support=support) for number, support in enumerate(Support)
    )
    edition = editions.load("web.targets", 1)
    assert [row for _, row in edition.rows_asked(Framework(rows))] == list(rows)
    [results] = edition.fields_of(Kind.RESULTS)
    assert results.column(Column.SUPPORT) is not None


def test_a_follow_up_waits_for_a_yes_or_for_the_choice_it_names():
    web, plain = editions.load("web.states", 1), editions.load("plain", 1)
    used = web.field("reporting_line_used")
    assert not is_asked(web, used, {})
    assert not is_asked(web, used, {"reporting_line": YesNo(False)})
    assert is_asked(web, used, {"reporting_line": YesNo(True)})
    difficulties = plain.field("difficulties")
    assert not is_asked(plain, difficulties, {"outlook": Chosen("yes")})
    assert is_asked(plain, difficulties, {"outlook": Chosen("partly")})
    assert codes(web, {"reporting_line": YesNo(False)}, used.key) == []
    assert codes(web, {"reporting_line": YesNo(True)}, used.key) == [FindingCode.REQUIRED_BLANK]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1200", 1200), ("1,200", 1200), ("１２００円", 1200), ("3.5", 3.5), ("-2", -2), ("0", 0), ("十", 10)],
)
def test_a_number_is_read_as_people_write_it(text, number):
    spent = editions.load("plain", 1).field("spent")
    assert read_number(spent, text) == number
    assert parse(spent, {"spent": [f" {text} "]}) == Written(str(number)), "stored in digits"
    assert codes(editions.load("plain", 1), {"spent": Written(text)}, "spent") == (
        [] if number >= 0 else [FindingCode.NUMBER_TOO_SMALL]
    )


@pytest.mark.parametrize("text", ["約120人", "1,20", "1.2.3", "十数", "1e5", "∞"])
def test_what_is_no_number_is_kept_and_named(text):
    plain = editions.load("plain", 1)
    answer = parse(plain.field("spent"), {"spent": [f" {text} "]})
    assert answer == Written(text)
    assert codes(plain, {"spent": answer}, "spent") == [FindingCode.NO_NUMBER]


def test_a_day_is_checked_and_may_not_be_before_another():
    source = PLAIN.replace(
        '[[parts.sections]]\nkey = "next"',
        '[[parts.sections.fields]]\nkey = "until"\nkind = "date"\nnot_before = "spent_on"\n'
        'label = { en = "Until", ja = "まで" }\n\n[[parts.sections]]\nkey = "next"',
    )
    edition = editions.read_edition(source, "x")
    day = edition.field("until")
    assert input_names(day) == ("until",)
    assert blank(day) == Written()
    said = {"spent_on": Written("2026-10-14"), "until": Written("2026-10-13")}
    assert codes(edition, said, "spent_on", "until") == [FindingCode.DAY_TOO_EARLY]
    assert codes(edition, said | {"until": Written("2026-10-14")}, "until") == []
    assert codes(edition, {"spent_on": Written("14 Oct")}, "spent_on") == [FindingCode.NO_DAY]


@pytest.mark.parametrize(
    ("source", "old", "new", "sentence"),
    [
        (WEB, 'asked_when = ["yes"]', 'asked_when = ["ja"]', "asked_when names ja, which is none of yes, no"),
        (
            WEB,
            'variants = ["states", "states-distributor"]',
            'variants = ["stats"]',
            "no variant of this edition",
        ),
        (WEB, 'key = "targets"\ntitle', 'key = "states"\ntitle', "variant states stands 2 times"),
        (
            PLAIN,
            'asked_when = ["partly", "no"]\n',
            "",
            "asked_when must say which of yes, partly, no, unclear",
        ),
        (PLAIN, 'asked_after = "outlook"\n', "", "asked_when needs asked_after"),
        (PLAIN, 'key = "people_reached"', 'key = "People reached"', "lower-case letters, digits and _"),
        (PLAIN, 'key = "people_reached"', 'key = "then"', "this key is taken by the pages"),
        (PLAIN, "minimum = 0", "minimum = 2\nmaximum = 1", "minimum is greater than maximum"),
        (
            PLAIN,
            'kind = "date"',
            'kind = "date"\nnot_before = "spent"',
            "which is no earlier field of a date",
        ),
        (
            PLAIN,
            'support = "both"',
            'support = "all"',
            "support: one of financial, non_financial is expected",
        ),
    ],
)
def test_a_mistake_has_its_line(source, old, new, sentence):
    assert old in source
    changed = source.replace(old, new, 1)
    found = [one for one in mistakes_in(changed) if sentence in one.sentence]
    assert found, mistakes_in(changed)
    first = changed[: changed.index(new) if new else source.index(old)].count("\n") + 1
    assert abs(found[0].line - first) <= 8


def test_all_mistakes_come_at_once_in_the_order_of_their_lines():
    source = (
        PLAIN.replace("version = 1", "version = 0")
        .replace('kind = "date"', 'kind = "day"')
        .replace("required = true", "requird = true")
    )
    lines = [one.line for one in mistakes_in(source)]
    assert lines == sorted(lines)
    assert len(lines) == 2 + PLAIN.count("required = true")
    assert mistakes_in(PLAIN) == ()


def test_the_folder_of_the_administrator_adds_editions_and_takes_no_shipped_name(tmp_path):
    (tmp_path / "ours.v1.toml").write_text(PLAIN.replace('key = "plain"', 'key = "ours"'), encoding="utf-8")
    (tmp_path / "plain.v1.toml").write_text("broken", encoding="utf-8")
    (tmp_path / "bad.v1.toml").write_text('key = "bad"', encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    editions.use_folder(tmp_path)
    try:
        keys = [key for key, _version in editions.installed()]
        assert {"ours", "plain", "2020"} <= set(keys)
        assert "bad" not in keys
        assert editions.find_file("plain", 1).is_shipped
        assert not editions.find_file("ours", 1).is_shipped
        with pytest.raises(editions.EditionError):
            editions.load("bad", 1)
    finally:
        editions.use_folder(None)
    assert ("ours", 1) not in editions.installed()


def test_the_guide_names_every_key_kind_column_and_item():
    from pathlib import Path

    from minori.report_forms.edition import Item

    guide = (Path(__file__).parents[3] / "docs" / "guide-editions.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_.]+", guide))
    known = {one.value for of in (Kind, Column, Item, Level, Support) for one in of}
    fields = {
        *("asked_after", "asked_when", "variants", "unit", "minimum", "maximum", "not_before", "lines"),
        *(
            "max_length",
            "remark_max_length",
            "recommended_max",
            "max_count",
            "max_megabytes",
            "paper_megabytes",
        ),
        *("required", "printed", "hint", "note", "number", "label", "exclusive", "wants_text", "text_label"),
        *("confirmed", "heading", "format", "version", "title", "parts", "parts.sections"),
    }
    assert (known | fields) - words == set()


def test_the_smallest_form_of_the_guide_has_no_mistakes():
    from pathlib import Path

    guide = (Path(__file__).parents[3] / "docs" / "guide-editions.md").read_text(encoding="utf-8")
    source = guide.partition("```toml\n")[2].partition("```")[0]
    assert mistakes_in(source) == ()
