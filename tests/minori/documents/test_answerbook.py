"""The workbook of a report: laid out from any form, drawn, and read when it comes back, whatever was done to it."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation

from minori.documents.answerbook import keys as book_keys
from minori.documents.answerbook import reading, words
from minori.documents.answerbook.guide import Guide
from minori.documents.answerbook.keys import Keys
from minori.documents.answerbook.layout import LONGEST_CELL, Asked, pages_of
from minori.documents.answerbook.noticing import Tell
from minori.documents.answerbook.reading import Read
from minori.documents.answerbook.writing import workbook_of
from minori.documents.grids import read_workbook
from minori.documents.tables import workbooks
from minori.report_forms import editions, samples
from minori.report_forms.answers import Progress, RowAnswer, Written
from minori.report_forms.contents import Contents, compose
from minori.report_forms.edition import Edition
from tests.factories import answerbooks
from tests.seed import report

GUIDE = Guide(
    title="進捗報告書",
    distributor="日本更生保護協会",
    pairs=(("事業名", "=1+1"), ("提出期限", "2022年10月14日")),
)
FORMS = ["2020", "web.states", "web.targets", "web.activities", "plain"]


def asked(filled: Contents, edition: Edition, language: str = "ja", **more: Any) -> Asked:
    keys = Keys(
        grant="seishinryo-1",
        round=5,
        framework=filled.framework_number,
        edition=edition.key,
        edition_version=edition.version,
        revision=0,
        language=language,
    )
    return Asked(keys=keys, edition=edition, filled=filled, **more)


def blank(contents: Contents, edition: Edition) -> Contents:
    return compose(
        edition=edition,
        head=contents.head,
        framework_number=contents.framework_number,
        framework=contents.framework,
        rows=(),
        answers={},
    )


def read(data: bytes, of: Asked) -> Read:
    with translation.override(of.language):
        pages = pages_of(of)
    return reading.read(workbooks.read(data, whole=True), pages, of)


def told(found: Read) -> list[Tell]:
    return [one.tell for one in found.told]


@pytest.fixture(scope="module")
def seed() -> Asked:
    """The seed's form and plan, with nothing filled in."""
    return asked(blank(report.contents(), report.edition()), report.edition())


@pytest.fixture(scope="module")
def sent(seed: Asked) -> bytes:
    return workbook_of(seed, GUIDE)


@pytest.fixture(scope="module")
def returned(seed: Asked, sent: bytes) -> bytes:
    """The seed's report, typed into the workbook."""
    whole = report.contents()
    return answerbooks.write(
        sent, report.edition(), rows={one.row: one for one in whole.rows}, answers=whole.answers
    )


def test_the_real_report_typed_into_the_workbook_is_the_real_report(seed, returned):
    found = read(returned, seed)
    whole = report.contents()
    assert found.told == ()
    back = compose(
        edition=report.edition(),
        head=whole.head,
        framework_number=1,
        framework=whole.framework,
        rows=found.rows.values(),
        answers=found.answers,
    )
    assert back == whole
    assert back.part_hashes() == whole.part_hashes()
    assert len(found.changed) == sum(not row.is_untouched for row in whole.rows) + len(
        [key for key, answer in whole.answers.items() if answer != seed.filled.answers[key]]
    )


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_goes_out_and_comes_back_as_it_was(form, language):
    edition = editions.load(form, 1)
    whole = samples.contents(edition, language)
    of = asked(whole, edition, language)
    found = read(workbook_of(of, GUIDE), of)
    assert found.told == ()
    assert found.changed == frozenset()
    empty = asked(blank(whole, edition), edition, language)
    rows = {one.row: replace(one, covers=()) for one in whole.rows}
    typed = answerbooks.write(
        workbook_of(empty, GUIDE), edition, rows=rows, answers=whole.answers, language=language
    )
    found = read(typed, empty)
    assert found.told == ()
    assert found.answers == dict(whole.answers)
    assert found.rows == rows


def test_the_workbook_says_which_report_it_is_of_and_a_changed_key_is_noticed(seed, sent):
    assert (
        book_keys.keys_of(read_workbook(sent)) == seed.keys
    )  # through the process that opens strangers' files

    def other_round(book: Any) -> None:
        hidden = book["_minori"]
        next(row for row in hidden.iter_rows() if row[0].value == "round")[1].value = "6"

    with pytest.raises(book_keys.Damaged):
        book_keys.keys_of(workbooks.read(answerbooks.changed(sent, other_round), whole=True))
    with pytest.raises(book_keys.NotOurs):
        book_keys.keys_of(
            workbooks.read(answerbooks.changed(sent, lambda book: book.remove(book["_minori"])), whole=True)
        )


def test_nothing_that_a_person_wrote_becomes_a_formula_or_a_link():
    evil = '=HYPERLINK("https://example.org","!")'
    whole = report.contents()
    row = whole.framework.rows[0]
    framework = replace(
        whole.framework,
        rows=(replace(row, statement=evil, indicators=row.indicators), *whole.framework.rows[1:]),
    )
    filled = compose(
        edition=report.edition(),
        head=whole.head,
        framework_number=1,
        framework=framework,
        rows=[RowAnswer(row.uuid, text="=cmd|' /C calc'!A0", remark="+1", progress=Progress.OTHER)],
        answers={"activities": Written("@SUM(1)\n=1+1")},
    )
    data = workbook_of(
        asked(filled, report.edition(), previous=filled, comments={str(row.uuid): ["=1+1"]}), GUIDE
    )
    with zipfile.ZipFile(BytesIO(data)) as package:
        sheets = [
            package.read(name).decode()
            for name in package.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert len(sheets) > 5
    assert not any(re.search(r"<f[ >]", sheet) for sheet in sheets)
    assert not any("http" in target for sheet in sheets for target in re.findall(r"<hyperlink [^>]*>", sheet))
    found = read(data, asked(filled, report.edition()))
    assert found.rows[row.uuid].text == "=cmd|' /C calc'!A0"
    assert found.told == ()


def test_what_is_registered_is_locked_and_what_is_asked_is_not(sent):
    sheet = answerbooks.sheet_of(answerbooks.opened(sent), "results")
    row = report.framework().rows[0].uuid
    assert sheet.protection.sheet
    assert answerbooks.cell(sheet, row, "statement").protection.locked
    for name in ("text", "progress", "remark", "nothing", "covers"):
        assert not answerbooks.cell(sheet, row, name).protection.locked
    lists = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert lists[answerbooks.cell(sheet, row, "progress").coordinate].type == "list"
    assert lists[answerbooks.cell(sheet, row, "text").coordinate].type == "textLength"
    assert sheet.sheet_state == "visible"
    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[1].hidden


def test_renamed_and_reordered_sheets_are_found(seed, returned):
    def shuffle(book: Any) -> None:
        for number, sheet in enumerate(book.worksheets):
            if not sheet.title.startswith("_"):
                sheet.title = f"シート{number}"
        book.move_sheet("シート1", 5)

    assert told(read(answerbooks.changed(returned, shuffle), seed)) == []


def test_a_deleted_sheet_is_told_and_stays_as_it_was_sent(seed, returned):
    found = read(
        answerbooks.changed(returned, lambda book: book.remove(answerbooks.sheet_of(book, "activities"))),
        seed,
    )
    assert told(found) == [Tell.SHEET_MISSING]
    assert found.answers["activities"] == Written()
    assert "活動に関する報告" in said(found)[0]


def test_deleted_and_doubled_lines_are_told_by_their_names(seed, returned):
    rows = report.framework().rows

    def change(book: Any) -> None:
        sheet = answerbooks.sheet_of(book, "results")
        sheet.delete_rows(answerbooks.cell(sheet, rows[1].uuid, "text").row)
        place = answerbooks.cell(sheet, rows[2].uuid, "text").row
        for column in range(1, sheet.max_column + 1):
            sheet.cell(sheet.max_row + (column == 1), column).value = sheet.cell(place, column).value

    found = read(answerbooks.changed(returned, change), seed)
    assert Tell.ROW_MISSING in told(found)
    assert Tell.ROW_TWICE in told(found)
    assert found.rows[rows[1].uuid].is_untouched
    assert str(rows[2].uuid) in found.undecided


def test_lines_sorted_with_or_without_their_keys_are_read_for_their_rows(seed, returned):
    def reverse(first: int) -> Any:
        def change(book: Any) -> None:
            sheet = answerbooks.sheet_of(book, "results")
            lines = [answerbooks.cell(sheet, row.uuid, "text").row for row in report.framework().rows]
            values = [[cell.value for cell in sheet[line][first:]] for line in lines]
            for line, others in zip(lines, reversed(values), strict=True):
                for cell, value in zip(sheet[line][first:], others, strict=True):
                    cell.value = value

        return change

    with_keys = read(answerbooks.changed(returned, reverse(0)), seed)
    without = read(answerbooks.changed(returned, reverse(1)), seed)
    assert with_keys.rows == without.rows == read(returned, seed).rows
    assert told(with_keys) == []
    assert told(without) == [Tell.SORTED]


def test_words_of_the_plan_that_were_changed_are_told_and_not_taken(seed, returned):
    row = report.framework().rows[0]

    def change(book: Any) -> None:
        answerbooks.cell(answerbooks.sheet_of(book, "results"), row.uuid, "statement").value = "べつの目標"

    found = read(answerbooks.changed(returned, change), seed)
    assert told(found) == [Tell.PLAN_CHANGED]
    assert found.rows[row.uuid] == report.contents().row_answer(row.uuid)


def test_lines_that_were_added_and_rows_of_another_plan_are_told(seed, returned):
    def change(book: Any) -> None:
        sheet = answerbooks.sheet_of(book, "results")
        column = answerbooks.cell(sheet, report.framework().rows[0].uuid, "text").column
        sheet.cell(sheet.max_row + 2, column).value = "勝手に足した行"
        sheet.cell(sheet.max_row + 1, 1).value = "0b1f0f7a-0000-4000-8000-000000000000"
        sheet.cell(sheet.max_row, column).value = "古い計画の行"

    found = read(answerbooks.changed(returned, change), seed)
    assert sorted(told(found)) == sorted([Tell.ROW_UNKNOWN, Tell.NOT_ASKED])
    assert {one.found for one in found.told} == {"勝手に足した行", "古い計画の行"}


def test_formulas_are_told_and_what_they_last_showed_counts(seed, returned):
    rows = report.framework().rows

    def change(book: Any) -> None:
        sheet = answerbooks.sheet_of(book, "results")
        answerbooks.cell(sheet, rows[0].uuid, "text").value = "=1+1"

    found = read(answerbooks.changed(returned, change), seed)
    assert told(found) == [Tell.FORMULA_FAILED]  # a program that calculates nothing stored no value
    assert found.rows[rows[0].uuid].text == ""
    assert found.undecided == {str(rows[0].uuid)}


def test_merged_cells_full_cells_and_made_up_choices_are_told_with_their_cells(seed, returned):
    rows = report.framework().rows

    def change(book: Any) -> None:
        sheet = answerbooks.sheet_of(book, "results")
        first = answerbooks.cell(sheet, rows[1].uuid, "text")
        second = answerbooks.cell(sheet, rows[2].uuid, "text")
        sheet.merge_cells(
            start_row=first.row, end_row=second.row, start_column=first.column, end_column=first.column
        )
        answerbooks.cell(sheet, rows[3].uuid, "text").value = "あ" * LONGEST_CELL
        answerbooks.cell(sheet, rows[4].uuid, "progress").value = "まあまあ"
        answerbooks.cell(sheet, rows[5].uuid, "covers").value = "0102、9999"

    found = read(answerbooks.changed(returned, change), seed)
    assert sorted(told(found)) == sorted([Tell.MERGED, Tell.CUT_OFF, Tell.NOT_A_CHOICE, Tell.COVERS_UNKNOWN])
    assert found.undecided == {str(rows[4].uuid), str(rows[5].uuid)}
    assert all(re.fullmatch(r"1 実績値【資金支援】![A-Z]+\d+", str(one.place)) for one in found.told)
    assert all(said(found))


def test_people_tick_and_choose_in_many_ways(seed, sent):
    def change(book: Any) -> None:
        mark = answerbooks.sheet_of(book, "symbol_mark")
        answerbooks.cell(mark, "symbol_mark=website").value = "レ"
        answerbooks.cell(mark, "symbol_mark=events").value = "✓"
        answerbooks.cell(mark, "symbol_mark=reports").value = "×"
        answerbooks.cell(answerbooks.sheet_of(book, "outlook"), "outlook").value = "課題がある"
        answerbooks.cell(answerbooks.sheet_of(book, "media"), "media").value = " 無 "
        results = answerbooks.sheet_of(book, "results")
        rows = report.framework().rows
        answerbooks.cell(results, rows[0].uuid, "progress").value = 3
        answerbooks.cell(results, rows[1].uuid, "progress").value = "４ その他"
        answerbooks.cell(results, rows[2].uuid, "progress").value = "計画どおり進んでいる"
        answerbooks.cell(results, rows[0].uuid, "text").value = 20
        answerbooks.cell(results, rows[1].uuid, "covers").value = "0102"

    found = read(answerbooks.changed(sent, change), seed)
    assert found.told == ()
    assert found.answers["symbol_mark"].values == ("website", "events")
    assert found.answers["outlook"].value == "3"
    assert found.answers["media"].said is False
    first, second, third = (found.rows[row.uuid] for row in report.framework().rows[:3])
    assert (first.progress, first.text) == (Progress.BEHIND, "20")
    assert second.progress == Progress.OTHER
    assert len(second.covers) == 1
    assert third.progress == Progress.ON_PLAN


def test_after_a_return_closed_parts_stay_whatever_the_workbook_says(seed):
    whole = report.contents()
    row, other = whole.framework.rows[0].uuid, whole.framework.rows[1].uuid
    part = asked(
        whole, report.edition(), opened=frozenset({str(row), "activities"}), comments={str(row): ["人数は？"]}
    )
    data = workbook_of(part, GUIDE)
    sheet = answerbooks.sheet_of(answerbooks.opened(data), "results")
    assert answerbooks.cell(sheet, row, "text").comment.text.endswith("人数は？")
    assert not answerbooks.cell(sheet, row, "text").protection.locked
    assert answerbooks.cell(sheet, other, "text").protection.locked

    def change(book: Any) -> None:
        results = answerbooks.sheet_of(book, "results")
        answerbooks.cell(results, row, "text").value = "直した"
        answerbooks.cell(results, other, "text").value = "これも直した"
        answerbooks.cell(answerbooks.sheet_of(book, "media"), "media").value = "有"

    found = read(answerbooks.changed(data, change), part)
    assert told(found) == [Tell.CLOSED, Tell.CLOSED]
    assert found.rows[row].text == "直した"
    assert found.rows[other] == whole.row_answer(other)
    assert found.answers["media"] == whole.answers["media"]
    assert found.changed == {str(row)}


def test_words_that_are_no_choice_are_proposed_as_what_they_seem_to_mean(seed, returned):
    rows = report.framework().rows

    def change(book: Any) -> None:
        results = answerbooks.sheet_of(book, "results")
        for row, words_ in zip(
            rows, ("２ 計画どおり", "やや遅れている", "２ 遅れている", "まあまあ"), strict=False
        ):
            answerbooks.cell(results, row.uuid, "progress").value = words_
        answerbooks.cell(results, rows[4].uuid, "text").value = "特になし。"
        answerbooks.cell(results, rows[5].uuid, "text").value = "0"
        answerbooks.cell(answerbooks.sheet_of(book, "media"), "media").value = "なし"
        answerbooks.cell(answerbooks.sheet_of(book, "activities"), "activities").value = "なし"

    found = read(answerbooks.changed(returned, change), seed)
    by_anchor = {one.anchor: (one.tell, one.meant) for one in found.told}
    first, second, third, fourth, fifth, sixth = (str(row.uuid) for row in rows[:6])
    assert by_anchor == {
        first: (Tell.CHOICE_PROPOSED, "2 計画どおり進んでいる"),
        second: (Tell.CHOICE_PROPOSED, "3 計画より遅れている"),
        third: (Tell.NOT_A_CHOICE, ""),
        fourth: (Tell.NOT_A_CHOICE, ""),
        fifth: (Tell.NOTHING_PROPOSED, ""),
        "media": (Tell.CHOICE_PROPOSED, "無"),
        "activities": (Tell.NOTHING_PROPOSED, ""),
    }
    assert found.rows[rows[0].uuid].progress is None, "proposed, and not taken"
    assert found.rows[rows[4].uuid].text == "特になし。"
    assert found.undecided == {first, second, third, fourth, "media"}
    taken = RowAnswer.from_json(found.proposed[first])
    assert (taken.progress, taken.text) == (Progress.ON_PLAN, report.contents().rows[0].text)
    assert RowAnswer.from_json(found.proposed[fifth]).nothing
    assert found.proposed["activities"] == {"kind": "text", "text": "", "nothing": True}
    assert found.proposed["media"]["said"] is False
    assert not {third, fourth, sixth} & found.proposed.keys()
    assert "「2 計画どおり進んでいる」のことと思われます" in "".join(said(found))


def test_what_else_is_to_be_decided_at_a_place_is_never_decided_by_taking_a_proposal(seed, returned):
    row = report.framework().rows[0]

    def change(book: Any) -> None:
        results = answerbooks.sheet_of(book, "results")
        answerbooks.cell(results, row.uuid, "progress").value = "２ 計画どおり"
        answerbooks.cell(results, row.uuid, "covers").value = "9999"

    found = read(answerbooks.changed(returned, change), seed)
    assert sorted(told(found)) == sorted([Tell.CHOICE_PROPOSED, Tell.COVERS_UNKNOWN])
    assert found.proposed == {}


def test_a_returned_report_lists_the_sheets_that_came_back_apart_from_those_to_read(seed):
    whole = report.contents()
    part = asked(whole, report.edition(), opened=frozenset({str(whole.framework.rows[0].uuid), "activities"}))
    book = answerbooks.opened(workbook_of(part, GUIDE))
    lines = [
        row[2].value or row[1].value for row in book.worksheets[0].iter_rows() if row[1].value or row[2].value
    ]
    to_fill, to_read = lines.index("書いていただくシート"), lines.index("読むだけのシート（記入は不要です）")
    assert lines[to_fill + 1 : to_read] == ["1 実績値【資金支援】", "4 活動に関する報告"]
    assert len(lines[to_read + 1 : lines.index("色の意味") if "色の意味" in lines else None]) >= 5
    colours = {sheet.title: sheet.sheet_properties.tabColor.rgb for sheet in book.worksheets[1:-1]}
    assert len(set(colours.values())) == 2
    assert (
        colours["1 実績値【資金支援】"]
        == colours["4 活動に関する報告"]
        != colours["2 短期アウトカムの達成の見込み"]
    )
    everything = answerbooks.opened(workbook_of(seed, GUIDE)).worksheets[0]
    assert "読むだけのシート（記入は不要です）" not in {row[1].value for row in everything.iter_rows()}


@pytest.mark.parametrize("form", FORMS)
def test_names_of_sheets_are_cut_behind_a_word_and_say_so(form):
    edition = editions.load(form, 1)
    of = asked(samples.contents(edition, "en"), edition, "en")
    names = answerbooks.opened(workbook_of(of, GUIDE)).sheetnames
    with translation.override("en"):
        titles = [f"{number} {page.title}" for number, page in enumerate(pages_of(of), start=1)]
    for name, title in zip(names[1:], titles, strict=False):
        assert len(name) <= 31
        if name.endswith("…"):
            rest = title.replace("/", "").replace(":", "").removeprefix(name[:-1])
            assert rest != title, (name, title)
            assert not rest[0].isalnum(), f"{name} is cut within a word"
            assert name[-2].isalnum() or name[-2] in ")]", name
            assert name[:-1].split()[-1] not in {"of", "and", "the", "in", "on", "for"}, name
        else:
            assert len(title) <= 31 + 2


def said(found: Read) -> list[str]:
    with translation.override("ja"):
        return [words.sentence(one) for one in found.told]
