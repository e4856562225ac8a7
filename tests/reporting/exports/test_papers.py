"""The board paper, the compiled PDF, the table and the data: opened again by other programs."""

import csv
import json
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from docx import Document
from pypdf import PdfReader

from minori.indicators.measures import Per
from minori.indicators.statements import Covers
from reporting.exports.enums import Kind
from reporting.exports.writing.csv_table import safe
from tests.factories import filings, numbers, programmes, registry
from tests.reporting.exports import rounds

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(hikari: Any, kibou: Any) -> Any:
    return rounds.round_with(hikari, kibou)


def words_of(document: Any) -> str:
    paragraphs = [one.text for one in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(paragraphs + cells)


def test_the_board_paper_opens_in_word_with_everything_a_board_reads(round_, tmp_path):
    document = Document(str(rounds.written(round_, Kind.DOCX, tmp_path)))
    said = words_of(document)
    assert document.paragraphs[0].text == "とりまとめ：進捗報告（2年度目上期）"
    assert "全体としておおむね順調。\n課題は人手。" in said
    for words in (
        "=所見 hikari & <w:p>",
        "0101：▼3",
        rounds.FORMULA,
        "▼ 3 計画より遅れている",
        "期限後2日",
        "期限超過",
    ):
        assert words in said, words
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings[:3] == ["総括", "提出状況", "グラフ"]
    assert "特定非営利活動法人 ひかり" in headings
    assert len(document.inline_shapes) == 2


def test_the_board_paper_keeps_words_order_of_elements_and_repeats_its_heads(round_, tmp_path):
    path = rounds.written(round_, Kind.DOCX, tmp_path)
    document = Document(str(path))
    for table in document.tables:
        tags = [one.tag.rpartition("}")[2] for one in table._tbl]
        assert tags[:2] == ["tblPr", "tblGrid"]
        assert set(tags[2:]) == {"tr"}
        assert "tblHeader" in {one.tag.rpartition("}")[2] for one in table.rows[0]._tr.trPr}
        widths = len(table.columns)
        assert all(len(row._tr.tc_lst) == widths for row in table.rows)
        assert all(cell._tc[-1].tag.endswith("}p") for row in table.rows for cell in row.cells)
    with zipfile.ZipFile(path) as parts:
        assert parts.testzip() is None
        drawn = parts.read("word/document.xml").decode()
        assert 'w:eastAsia="Yu Gothic"' in parts.read("word/styles.xml").decode()
    assert drawn.count(' descr="') == 2
    ids = [part.split('"')[0] for part in drawn.split('<wp:docPr id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.long
@pytest.mark.parametrize("kind", [Kind.DOCX, Kind.XLSX])
def test_an_office_suite_opens_it_without_repair(round_, tmp_path, kind):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed on this machine")
    path = rounds.written(round_, kind, tmp_path)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    order = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(order, check=True, capture_output=True, timeout=300)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "round.pdf").pages)
    assert "総括" in text.replace(" ", "")


def test_the_compiled_pdf_follows_the_official_form_and_texts_are_no_markup(round_, tmp_path):
    pages = PdfReader(BytesIO(rounds.written(round_, Kind.PDF, tmp_path).read_bytes())).pages
    text = "\n".join(page.extract_text() for page in pages).replace(" ", "")
    places = [
        text.index(word)
        for word in ("①実績値", "②事業進捗に関する報告", "③広報に関する報告", "提出状況", "グラフ")
    ]
    assert places == sorted(places)
    assert "#settext(red)*太字*<b>&amp;" in text, "what was written, to the letter"
    assert "夏のつどい（8月）" in text
    assert "=所見hikari&<w:p>" in text


def test_the_table_begins_with_its_mark_and_holds_no_formula(round_, tmp_path):
    data = rounds.written(round_, Kind.CSV, tmp_path).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = {
        line["実行団体"]: line for line in csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True))
    }
    handed_in, missing = lines["特定非営利活動法人 ひかり"], lines["社会福祉法人 きぼう"]
    said = handed_in["現在の指標の達成状況"]
    assert said.startswith("'=cmd")
    assert "\n'＝２行目" in said
    assert handed_in["PO所見"] == "'=所見 hikari & <w:p>"
    assert (handed_in["進捗"], missing["進捗（ことば）"]) == ("3", "未提出")


@pytest.mark.parametrize("start", list("=+-@\t\r＝＋－＠"))
def test_whatever_a_spreadsheet_might_take_for_a_formula_is_marked(start):
    assert safe(f"{start}1") == f"'{start}1"
    assert safe(f"文\n{start}1") == f"文\n'{start}1"
    assert safe(f"文 {start}") == f"文 {start}" or start == "\r"


def test_the_data_keep_to_their_published_schema(round_, hikari, tmp_path):
    schema = json.loads((ROOT / "docs" / "export.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(rounds.written(round_, Kind.JSON, tmp_path).read_text())
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    checker.validate(data)
    missing, handed_in = data["grants"]  # by name
    assert (handed_in["rows"][0]["progress"], handed_in["rows"][0]["text"]) == (3, rounds.FORMULA)
    assert (missing["handed_in"], missing["rows"][0]["progress"], missing["rows"][0]["nothing"]) == (
        False,
        None,
        False,
    )
    assert data["overall"]["text"].startswith("全体として")
    with pytest.raises(jsonschema.ValidationError):
        checker.validate(data | {"grants": [handed_in | {"state": "lost"}]})


def test_numbers_in_the_data_are_exact_and_keep_to_the_schema(hikari, tmp_path):
    round_ = programmes.round_()
    grant = programmes.grant(of=round_.programme, organization=hikari)
    registry.registered(grant)
    deadline = programmes.deadline(of=grant, round=round_)
    filings.handed_in(deadline, rows={"0101": {"text": "①50回\n②640人", "progress": 2}})
    indicator = registry.identity("0101/0")
    numbers.registered(grant, indicator, one=numbers.measure(150, "回", per=Per.YEAR))
    numbers.reported(deadline, indicator, numbers.measure(50, "回"), Covers.FISCAL_YEAR)
    data = json.loads(rounds.written(round_, Kind.JSON, tmp_path).read_text())
    jsonschema.validate(data, json.loads((ROOT / "docs" / "export.schema.json").read_text()))
    (number,) = data["grants"][0]["numbers"]
    assert number["achievement"]["value"] == "1/3"


def test_every_file_is_in_the_language_it_was_asked_for_in(round_, tmp_path):
    document = Document(str(rounds.written(round_, Kind.DOCX, tmp_path, "en")))
    assert "Overall assessment" in words_of(document)
    assert "Who has handed in" in words_of(document)
