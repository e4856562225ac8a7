"""Form editions: the one of the seed, and what their files may not hold."""

import re
from importlib.resources import files

import pytest

from minori.report_forms import editions
from minori.report_forms.edition import Accept
from minori.report_forms.editions import Column, EditionError, Kind, read_edition
from minori.report_forms.framework import Level, Support
from minori.report_forms.texts import Text
from tests.seed import report

FILES = files("minori.report_forms") / "editions"
NAME = "2020.v1.toml"
SOURCE = (FILES / NAME).read_text(encoding="utf-8")


AFTER_CHANGES = 'asked_after = "changes"'
NO_TICKS = "asked_after names {}, which is no earlier field of choices"
FIELD_OUTLOOK = ".parts[2].sections[0].fields[0]"
LABEL_3 = 'label = { ja = "課題がある", en = "There are difficulties" }'
OPEN_2 = 'value = "2", confirmed = false'
OPEN_HAS_NONE = "an open place (confirmed = false) has no label yet"
WORDS_FOR_OTHER = SOURCE[SOURCE.index('wants_text = true, text_label = { ja = "「その他」') :].partition(
    "\n"
)[0][:-1]
ROW_COLUMNS = (
    "statement, support, season, indicators, baselines, targets, achieve_by, mid_states, post_states, text"
)
KINDS = "head, results, choice, ticks, text, number, date, yes_no, photos"


def problems_of(source: str) -> list[str]:
    with pytest.raises(EditionError) as caught:
        read_edition(source, "x.toml")
    return [problem.removeprefix("x.toml") for problem in caught.value.problems]


def test_every_installed_edition_can_be_loaded():
    assert ("2020", 1) in editions.installed()
    for key, version in editions.installed():
        edition = editions.load(key, version)
        assert (edition.key, edition.version) == (key, version)


def test_an_edition_that_is_not_installed_is_not_found():
    with pytest.raises(KeyError):
        editions.load("1999", 1)
    with pytest.raises(KeyError):
        editions.load("../2020", 1)


def test_the_edition_of_the_seed_has_its_parts_and_tasks():
    edition = editions.load("2020", 1)
    assert [part.title.ja for part in edition.parts if part.printed] == [
        "① 実績値",
        "② 事業進捗に関する報告",
        "③ 広報に関する報告",
        "添付資料",
    ]
    assert [section.title.ja for section in edition.sections] == [
        "事業の基本情報",
        "実績値【資金支援】",
        "短期アウトカムの達成の見込み",
        "アウトカムの状況（変更項目）",
        "活動に関する報告",
        "シンボルマークの使用状況",
        "メディア掲載",
        "広報制作物等",
        "報告書等",
        "イベント開催等",
        "活動の写真",
    ]
    optional = [section.key for section in edition.sections if section.is_optional]
    assert optional == ["head", "activities", "photos"]


def test_only_the_label_that_is_certain_is_known_in_the_outlook():
    outlook = editions.load("2020", 1).field("outlook")
    assert [(choice.value, choice.label.ja, choice.confirmed) for choice in outlook.choices] == [
        ("1", "", False),
        ("2", "", False),
        ("3", "課題がある", True),
    ]


def test_an_officer_fills_open_places_and_no_others():
    edition = editions.load("2020", 1)
    assert [(field.key, choice.value) for field, choice in edition.open_places()] == [
        ("outlook", "1"),
        ("outlook", "2"),
    ]
    filled = edition.with_labels({("outlook", "1"): Text("達成の見込み"), ("outlook", "3"): Text("問題なし")})
    labels = [(choice.label.ja, choice.confirmed) for choice in filled.field("outlook").choices]
    assert labels == [("達成の見込み", True), ("", False), ("課題がある", True)]
    assert edition.field("outlook").choice("1").label == Text()
    with pytest.raises(KeyError):
        edition.with_labels({("outlook", "9"): Text("？")})
    with pytest.raises(KeyError):
        edition.with_labels({("mood", "1"): Text("？")})


def test_rows_asked_are_the_financed_outputs():
    framework = report.framework()
    edition = editions.load("2020", 1)
    assert [row for _, row in edition.rows_asked(framework)] == list(framework)
    results = edition.field("results")
    assert (results.level, results.support) == (Level.OUTPUT, Support.FINANCIAL)
    assert results.column(Column.TARGETS).label.ja == "目標値"
    assert results.column(Column.MID_STATES) is None


def test_places_in_an_edition_are_found_by_key():
    edition = editions.load("2020", 1)
    assert edition.section_of("changes_note").key == "changes"
    assert edition.part_of("media").key == "publicity"
    assert edition.section("photos").fields[0].kind == Kind.PHOTOS
    for find in (edition.section, edition.part_of, edition.field, edition.section_of):
        with pytest.raises(KeyError):
            find("nowhere")


def test_every_text_of_every_edition_exists_in_both_languages():
    for file in editions.found_files():
        source = file.path.read_text(encoding="utf-8")
        pattern = r"\{ (?:ja|en) = \"(.*?)\", (?:en|ja) = \"(.*?)\" \}"
        tables = re.findall(pattern, source)
        assert tables
        assert all(one and other for one, other in tables)
        assert len(tables) == source.count("ja = ")


def test_all_mistakes_are_named_at_once_with_their_places():
    source = (
        SOURCE.replace('kind = "head"', 'kind = "header"')
        .replace("version = 1\n", 'version = "one"\n', 1)
        .replace("required = true", "requird = true", 1)
        .replace('key = "achieve_by"', 'key = "by_when"')
        .replace('{ value = "1", confirmed = false }', '{ value = "1" }')
        .replace("recommended_max = 4", "recommended_max = 0")
        .replace('key = "media"\ntitle', 'key = "outlook"\ntitle')
    )
    assert problems_of(source) == [
        ".version: a whole number is expected",
        f".parts[0].sections[0].fields[0].kind: one of {KINDS} is expected",
        f".parts[1].sections[0].fields[0].columns[3].key: one of {ROW_COLUMNS}, progress is expected",
        ".parts[1].sections[0].fields[0].requird: is not known here",
        ".parts[2].sections[0].fields[0].choices[0].label: is missing",
        ".parts[4].sections[0].fields[0].recommended_max: a whole number above zero is expected",
        ": section outlook stands 2 times",
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("format = 1", "format = 2", ".format: 1 is expected"),
        ('key = "2020"\n', "", ".key: is missing"),
        (
            'value = "no", label',
            'value = "nein", label',
            ": field media: the choices of yes_no are yes and no",
        ),
        ('value = "website"', 'value = "other"', ": field symbol_mark: choice other stands 2 times"),
        (AFTER_CHANGES, 'asked_after = "media"', f": field changes_agreement: {NO_TICKS.format('media')}"),
        (
            AFTER_CHANGES,
            'asked_after = "chances"',
            f": field changes_agreement: {NO_TICKS.format('chances')}",
        ),
        (LABEL_3, f"exclusive = true, {LABEL_3}", ": field outlook: only ticks can have an exclusive choice"),
        (OPEN_2, f"{OPEN_2}, {LABEL_3}", f"{FIELD_OUTLOOK}.choices[1].label: {OPEN_HAS_NONE}"),
        (
            WORDS_FOR_OTHER,
            "wants_text = true }",
            ".parts[3].sections[0].fields[0].choices[4].text_label: is missing",
        ),
        (
            '{ key = "text", label',
            '{ key = "targets", label',
            ": field results: a results table needs a text column",
        ),
        ('{ key = "text", label', '{ key = "targets", label', ": field results: a column stands twice"),
        (
            '{ ja = "はじめに", en = "To begin with" }',
            '"はじめに"',
            ".parts[0].title: { ja = …, en = … } is expected",
        ),
        ('en = "To begin with"', 'english = "To begin with"', ".parts[0].title.english: is not known here"),
        ("lines = 12", "lines = true", ".parts[2].sections[2].fields[0].lines: a whole number is expected"),
        ("\nprinted = false", '\nprinted = "no"', ".parts[0].printed: true or false is expected"),
    ],
)
def test_a_mistake_is_named_with_its_place(old, new, problem):
    assert old in SOURCE
    assert problem in problems_of(SOURCE.replace(old, new, 1))


def test_a_file_that_is_no_toml_is_a_mistake_with_its_line():
    assert "line 3" in problems_of('format = 1\nkey = "x"\n= 3\n')[0]


def test_tables_of_the_wrong_shape_are_mistakes():
    problems = problems_of('format = 1\nkey = "x"\nversion = 1\ntitle = { ja = "題" }\nparts = [3]\n')
    assert ".title.en: is missing" in problems
    assert ".parts[0]: a table is expected" in problems
    assert ".parts: a list is expected" in problems_of('format = 1\nparts = "all"\n')


def test_what_may_be_attached_is_said_by_the_form_and_is_photos_where_it_says_nothing():
    accept = 'accept = ["photo", "pdf", "docx", "xlsx"]'
    assert editions.load("2020", 1).field("photos").accept == tuple(Accept)
    assert read_edition(SOURCE.replace(accept, ""), NAME).field("photos").accept == (Accept.PHOTO,)
    (problem,) = problems_of(SOURCE.replace(accept, 'accept = ["photo", "exe"]'))
    assert problem.endswith("accept: one of photo, pdf, docx, xlsx is expected")


def test_another_shape_of_rows_is_possible_as_data():
    """The newer form of the field has other columns and asks about both kinds of support."""
    source = (
        SOURCE.replace('{ key = "targets", label = { ja = "目標値", en = "Targets" } },', "")
        .replace(
            'key = "achieve_by", label = { ja = "達成時期"',
            'key = "mid_states", label = { ja = "中間評価時の値・状態"',
        )
        .replace('support = "financial"', 'support = "non_financial"')
    )
    results = read_edition(source, "x.toml").field("results")
    assert results.support == Support.NON_FINANCIAL
    assert [column.key for column in results.columns] == [
        "statement",
        "indicators",
        "mid_states",
        "text",
        "progress",
    ]
