"""The PDF says what was handed in: every letter, in the order of the official form, and nothing that it does not say."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from minori.documents import typesetting
from minori.report_forms.answers import Progress, RowAnswer, Written
from minori.report_forms.contents import Approval, ApprovalManner, Rights
from minori.report_forms.framework import Framework
from tests.factories import filings
from tests.minori.documents.reading_pdf import HASH, body, pages, printed, squeeze
from tests.minori.documents.test_paper import KIDS, ONE, PLAN, contents, row
from tests.seed import report, test_transcription

TABLE_HEAD = "アウトプット指標目標値達成時期現在の指標の達成状況進捗状況＊"
NASTY = (
    '#include "/etc/passwd" #read("/etc/passwd") $x^2$ \\u{1F600} *bold* _em_ @ref <label> `raw` // c /* */',
    "= heading\n- list\n+ list\n/ term: x",
    "sys.inputs #panic() \"quotes\" 'q' -- --- ... ~ \\ #[",
    "]}) #set page(width: 1pt)",
)


def jpeg(width: int = 400, height: int = 300) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (90, 140, 60)).save(out, "JPEG")
    return out.getvalue()


def test_the_seeds_report_says_all_that_the_original_says_in_its_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = test_transcription.leftovers()
    pdf = body(printed(report.contents(), edition=report.edition()), head_of_table=TABLE_HEAD)
    ours, about = pdf.split("この版について")
    monkeypatch.setattr(test_transcription, "seed_text", lambda: ours)
    monkeypatch.setattr(
        test_transcription, "squeeze", lambda text: squeeze(test_transcription.map_radicals(text))
    )
    # part by part the same as the original, but for its own slips: the apostrophe, "MG", ➀ for ①, þ for ☑
    assert (
        test_transcription.leftovers()
        == (
            original.replace("｜'", "")
            .replace("þ", "☑")
            .replace("1枚２MG", "1枚2MB")
            .replace("（画像", "画像")[:-1]
        )
    )
    assert about.startswith("報告：進捗報告")


def test_the_seeds_report_takes_three_pages_and_holds_no_radicals() -> None:
    found = pages(printed(report.contents(), edition=report.edition()))
    assert len(found) == 3
    assert not [letter for page in found for letter in page if 0x2E80 <= ord(letter) <= 0x2FDF]


def test_every_cell_of_the_seed_is_printed_as_it_was_written() -> None:
    text = body(printed(report.contents(), edition=report.edition()), head_of_table=TABLE_HEAD)
    place = 0
    shown = list(report.rows())
    for one, answer in zip(report.framework(), shown, strict=True):
        for cell in (one.statement, *(i.statement for i in one.indicators), answer.text, answer.remark):
            found = text.find(squeeze(cell), place)
            assert found >= 0, cell
            place = found


@given(
    st.lists(
        st.text(
            st.sampled_from(
                [chr(code) for code in (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), *range(0x21, 0x7F))]
                + [
                    letter
                    for code in range(0x8140, 0x9873)
                    if code & 0xFF >= 0x40
                    for letter in [code.to_bytes(2, "big").decode("shift_jis", "ignore")]
                    if len(letter) == 1 and 0x4E00 <= ord(letter) <= 0x9FFF
                ]
                + list("、。「」（）・ー…％①②③\n 　")
            ),
            max_size=150,
        ),
        min_size=5,
        max_size=5,
    )
)
@settings(max_examples=25, deadline=None)
def test_texts_come_back_as_they_were_put_in(texts: list[str]) -> None:
    *cells, narrative = texts
    rows = [
        filings.row_answer(one.uuid, text=text, progress=Progress.ON_PLAN)
        for one, text in zip(PLAN, cells, strict=True)
    ]
    found = body(
        printed(contents(rows=rows, answers={"activities": Written(narrative)})), head_of_table=TABLE_HEAD
    )
    expected = "".join(
        f"（{one.code}）目標①リスト②団体数①存在する②すべて（100％）2023年1月{squeeze(text)}2"
        for one, text in zip(PLAN, cells, strict=True)
    )
    assert expected in found
    assert f"活動に関する報告{squeeze(narrative)}③広報" in found


@pytest.mark.parametrize("text", NASTY)
def test_texts_are_never_markup(text: str) -> None:
    plan = Framework((replace(ONE, statement=text),))
    rows = [filings.row_answer(ONE.uuid, text=text, remark=text, progress=Progress.OTHER)]
    made = contents(
        framework=plan,
        rows=rows,
        answers={"activities": Written(text)},
        attachments=[filings.photo(caption=text)],
    )
    named = replace(made, head=replace(made.head, project_title=text, organization=text))
    found = "".join(pages(printed(named)))
    assert found.count(squeeze(text)) >= 6
    assert "root:" not in found


def test_only_photos_as_we_file_them_become_pictures_under_names_of_ours() -> None:
    photos = {uuid4(): b"<svg xmlns='http://www.w3.org/2000/svg'/>", uuid4(): b"%PDF-1.7", uuid4(): jpeg()}
    assert [one.name for one in typesetting.pictures_of(photos).values()] == ["picture-3.jpg"]


def test_signs_that_cannot_be_printed_are_left_out_and_missing_letters_show_a_box() -> None:
    text = "前\x00\x07\ud800\u202e後\u2028次 😀👩‍👩‍👧 עברית العربية"
    found = "".join(pages(printed(contents(answers={"activities": Written(text)}))))
    assert "前後次" in found
    assert "עברית" in found
    assert "③広報に関する報告" in found


@pytest.mark.parametrize("word", ["a", "ー", "。", "っ", "W", "（", "é", "ا"])
def test_words_without_an_end_stay_inside_their_cell(word: str) -> None:
    rows = [filings.row_answer(ONE.uuid, text=word * 2000, remark=word * 300, progress=Progress.OTHER)]
    pdf = printed(contents(rows=rows))
    edges: list[float] = []

    def see(text: str, _cm: Any, matrix: list[float], _font: Any, _size: Any) -> None:
        if text.strip():
            edges.append(matrix[4])

    for page in PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=see)
        assert max(edges) < float(page.mediabox.width) - 40
    assert "".join(pages(pdf)).count(word) >= (2300 if word != "ا" else 0)


def test_a_long_report_goes_on_overleaf_with_the_heading_on_every_page_of_the_table() -> None:
    many = [row(f"{number:04}") for number in range(1, 61)]
    rows = [filings.row_answer(one.uuid, text="続きの文。" * 40) for one in many]
    rows[0] = replace(rows[0], text="とても長い文。" * 2900)
    found = pages(printed(contents(framework=Framework(tuple(many)), rows=rows)))
    assert len(found) > 15
    assert [place for place, page in enumerate(found) if TABLE_HEAD not in page] == [len(found) - 1]
    assert [page.rsplit("…", 1)[1] for page in found] == [
        f"{n}/{len(found)}" for n in range(1, len(found) + 1)
    ]


def test_blank_stays_blank_and_nothing_to_report_says_so() -> None:
    rows = [RowAnswer(ONE.uuid), RowAnswer(KIDS[0].uuid, nothing=True)]
    found = body(printed(contents(rows=rows)), head_of_table=TABLE_HEAD)
    assert "（1）目標①リスト②団体数①存在する②すべて（100％）2023年1月（0101）目標" in found
    assert "2023年1月今期は報告することがない（0102）目標" in found


def test_a_code_over_several_rows_names_them_and_they_name_it() -> None:
    covers = tuple(one.uuid for one in KIDS)
    rows = [RowAnswer(ONE.uuid, progress=Progress.BEHIND, covers=covers)]
    found = body(printed(contents(rows=rows)), head_of_table=TABLE_HEAD)
    assert "2023年1月3（0101–0103をまとめて）" in found
    assert found.count("「1」の3にまとめて報告") == 3


def test_every_page_of_a_draft_says_so_and_it_has_room_for_the_approval() -> None:
    many = [row(f"{number:04}") for number in range(1, 31)]
    pdf = printed(
        contents(framework=Framework(tuple(many)), rows=[filings.row_answer(one.uuid) for one in many]),
        filed_hash="",
        printed_at=datetime(2026, 10, 8, 12, 5),  # noqa: DTZ001 - a local time
    )
    found = pages(pdf)
    assert len(found) > 2
    assert all("下書き（未提出）" in page and "2026年10月8日12:05現在" in page for page in found)
    assert "提出日：●事業名" in found[0]
    assert "団体内の承認" in found[-1]
    assert "印または署名" in found[-1]
    assert "ハッシュ" not in "".join(found)


def test_a_filing_says_its_revision_day_and_hash_on_every_page_and_the_whole_hash_once() -> None:
    made = contents()
    approval = Approval(approved_by="施設長", manner=ApprovalManner.PRINTED, approved_on=date(2026, 10, 9))
    made = replace(made, head=replace(made.head, revision=3, approval=approval))
    found = pages(printed(made))
    foot = f"更生保護法人清心寮第3版2026年10月10日提出ハッシュ{HASH[:12]}…"
    assert all(foot in page for page in found)
    assert "".join(found).count(HASH) == 1
    assert "施設長" in found[-1]
    assert "下書き" not in "".join(found)


def test_photos_stand_with_their_captions_and_what_cannot_be_shown_is_named() -> None:
    photos = [filings.photo(number, width=(300, 200)[number % 2], height=250) for number in range(1, 6)]
    data = {one.uuid: jpeg(one.width or 1, one.height or 1) for one in photos}
    del data[photos[1].uuid]
    data[photos[2].uuid] = b"<svg/>"
    pdf = printed(contents(attachments=photos), photos=data)
    found = "".join(pages(pdf))
    assert all(squeeze(one.caption) in found for one in photos)
    assert found.count("この写真は表示できません。") == 2
    assert sum(len(page.images) for page in PdfReader(BytesIO(pdf)).pages) == 3


def test_documents_and_files_at_rows_are_named_with_what_was_said_about_showing_them() -> None:
    paper = filings.photo(
        2,
        filename="参加者名簿.pdf",
        caption="9月分",
        content_type="application/pdf",
        width=None,
        height=None,
        size=20480,
        row=KIDS[0].uuid,
    )
    shown = filings.photo(1, caption="畑", row=KIDS[0].uuid, rights=Rights.INTERNAL)
    found = body(
        printed(contents(attachments=[shown, paper]), photos={shown.uuid: jpeg()}), head_of_table=TABLE_HEAD
    )
    assert "写真：畑資料：9月分2（0102）目標" in found
    assert "参加者名簿.pdf（PDF、20.0KB）9月分（行0101に添付）" in found
    assert f"畑（行0101に添付）{squeeze(Rights.INTERNAL.label.say('ja'))}" in found


def test_a_broken_picture_never_stops_the_paper() -> None:
    photo = filings.photo()
    pdf = printed(contents(attachments=[photo]), photos={photo.uuid: b"\xff\xd8\xff broken"})
    assert "この写真は表示できません。" in "".join(pages(pdf))


def test_the_document_can_be_read_aloud() -> None:
    photo = filings.photo(caption="畑の 手入れ")
    pdf = printed(contents(attachments=[photo]), photos={photo.uuid: jpeg()})
    document = PdfReader(BytesIO(pdf))
    root = document.trailer["/Root"]
    assert root["/Lang"] == "ja-JP"
    assert root["/MarkInfo"]["/Marked"]
    assert document.metadata is not None
    assert document.metadata.title == "進捗報告書（実行団体）　進捗報告（3年度目上期）"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    tags = list(structure(root["/StructTreeRoot"]))
    assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/Figure"} <= {tag for tag, _alt in tags}
    assert [alt for tag, alt in tags if tag == "/Figure"] == ["畑の 手入れ"]


def structure(node: Any) -> Any:
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for one in node:
            yield from structure(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"], node.get("/Alt")
        if "/K" in node:
            yield from structure(node["/K"])


def test_the_same_report_gives_the_same_bytes_and_english_has_its_own_words() -> None:
    made = contents()
    assert printed(made) == printed(made)
    found = "".join(pages(printed(made, "en")))
    for words in (
        "Progressreport(implementingorganization)",
        "Handedinon:10October2026",
        "revision1",
        "Hash",
    ):
        assert words in found
    assert "週に3回ひらいた。" in found


def test_papers_made_at_once_do_not_disturb_each_other() -> None:
    from concurrent.futures import ThreadPoolExecutor

    made = [contents(answers={"activities": Written(f"{uuid4()}")}) for _ in range(8)]
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(printed, made))
    for one, pdf in zip(made, papers, strict=True):
        assert squeeze(one.answers["activities"].text) in "".join(pages(pdf))
