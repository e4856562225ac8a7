"""Word files: headings, paragraphs, tables and pictures, in fonts that Japanese Word has. Texts are texts, never markup.

What is said goes to the disk as it is said; the document in memory keeps styles, page and pictures only.
"""

import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

LATIN, JAPANESE = "Segoe UI", "Yu Gothic"
HEAD = "EDEDED"
_REFUSED = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML may hold."""
_BODY = "word/document.xml"
_HERE = "minori-the-text-comes-here"


class Paper:
    """A document under way: A4 across, since the map is wide."""

    def __init__(self, *, title: str, author: str, language: str) -> None:
        self.document = Document()
        properties = self.document.core_properties
        properties.title, properties.author = plain(title)[:250], plain(author)[:250]
        properties.comments = ""
        properties.language = "ja-JP" if language == "ja" else "en-GB"
        self._page()
        self._styles(properties.language)
        self.width = 267  # millimetres between the margins
        self._said = TemporaryFile()  # noqa: SIM115 - closed by `save`, or with this object
        self._pictures = 0
        known = self.document.element.nsmap.items()
        self._known = [f' xmlns:{prefix}="{address}"'.encode() for prefix, address in known if prefix]

    def heading(self, text: str, level: int = 1) -> None:
        """A heading; level 0 is the title."""
        self.document.add_heading(plain(text), level)
        self._lay_aside()

    def paragraph(self, text: str, *, style: str | None = None, quiet: bool = False) -> None:
        """A text; its lines stay lines."""
        for block in plain(text).split("\n\n") if text else [""]:
            one = self.document.add_paragraph(style=style)
            for place, line in enumerate(block.split("\n")):
                run = one.add_run(line)
                if quiet:
                    run.font.size = Pt(9)
                if place < block.count("\n"):
                    run.add_break()
        self._lay_aside()

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> None:
        """A table whose head stands on every page; `widths` are shares. Written row by row."""
        table: Any = self.document.add_table(rows=0, cols=len(heads))
        table.style = "Table Grid"
        table.autofit = False
        whole = [Mm(self.width * share / sum(widths)) for share in widths]
        for column, width in zip(table.columns, whole, strict=True):
            column.width = width
        body = table._tbl  # noqa: SLF001 - python-docx has no way to write row by row
        body.append(_row(heads, whole, head=True))
        begun, end, nothing = self._xml(body).rpartition(b"</w:tbl>")
        assert not nothing, "a table ends with its own end"
        self._said.write(begun)
        for row in rows:
            self._said.write(self._xml(_row(row, whole, head=False)))
        self._said.write(end)
        body.getparent().remove(body)
        self.document.add_paragraph()
        self._lay_aside()

    def picture(self, data: bytes, *, alt: str, width: int = 170) -> None:
        """A picture with the words for those who do not see it; `width` in millimetres."""
        self.document.add_picture(BytesIO(data), width=Mm(width))
        drawn = list(self.document.element.body.iter(qn("wp:docPr")))[-1]
        self._pictures += 1
        drawn.set("id", str(self._pictures))  # those before it are laid aside: nobody else counts them
        drawn.set("descr", plain(alt))
        self._lay_aside()

    def save(self, path: str) -> None:
        """Write the file; nothing can be added any more."""
        self.document.add_paragraph(_HERE)
        with TemporaryFile() as frame:
            self.document.save(frame)
            with zipfile.ZipFile(frame) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole:
                for part in given.infolist():
                    if part.filename != _BODY:
                        whole.writestr(part, given.read(part), zipfile.ZIP_DEFLATED)
                        continue
                    before, _paragraph, after = _around(given.read(part))
                    with whole.open(part.filename, "w", force_zip64=True) as body, self._said as said:
                        body.write(before)
                        said.seek(0)
                        shutil.copyfileobj(said, body)
                        body.write(after)

    def _lay_aside(self) -> None:
        """Move what the document says to the disk; its page's facts stand last and stay."""
        body = self.document.element.body
        for element in list(body)[:-1]:
            self._said.write(self._xml(element))
            body.remove(element)

    def _xml(self, element: Any) -> bytes:
        """The element as it stands inside the document, which knows the usual prefixes."""
        _declaration, _end, said = serialize_part_xml(element).partition(b"?>\n")
        start, end, rest = said.partition(b">")
        for known in self._known:
            start = start.replace(known, b"")
        return start + end + rest

    def _page(self) -> None:
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(15)
        section.top_margin, section.bottom_margin = Mm(15), Mm(15)
        foot = section.footer.paragraphs[0]
        foot.alignment = 2  # at the right
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            foot.add_run().element.append(_field(kind, text))

    def _styles(self, language: str) -> None:
        styles = self.document.styles
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
            style = styles[name]
            style.font.name = LATIN
            properties = style.element.get_or_add_rPr()
            fonts = properties.get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), JAPANESE)
        for tag in styles.element.iter(qn("w:lang")):
            tag.set(qn("w:val"), language if language != "ja-JP" else "en-US")
            tag.set(qn("w:eastAsia"), "ja-JP")
        styles["Normal"].font.size = Pt(10)
        styles["Normal"].paragraph_format.space_after = Pt(4)


def _around(document: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before and after the paragraph that holds the place of the text, and the paragraph."""
    place = document.index(_HERE.encode())
    start = max(document.rfind(b"<w:p>", 0, place), document.rfind(b"<w:p ", 0, place))
    end = document.index(b"</w:p>", place) + len(b"</w:p>")
    return document[:start], document[start:end], document[end:]


def plain(text: str) -> str:
    """The text without signs that a Word file cannot hold; every kind of line end is one."""
    return _REFUSED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _row(cells: Sequence[str], widths: Sequence[Length], *, head: bool) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for text, width in zip(cells, widths, strict=True):
        row.append(_cell(text, width, head=head))
    return row


def _cell(text: str, width: Length, *, head: bool) -> Any:
    cell = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    size = OxmlElement("w:tcW")
    size.set(qn("w:w"), str(int(width.pt * 20)))
    size.set(qn("w:type"), "dxa")
    properties.append(size)
    if head:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEAD)):
            shade.set(qn(f"w:{name}"), value)
        properties.append(shade)
    cell.append(properties)
    for line in plain(text).split("\n"):
        cell.append(_line(line, bold=head))
    return cell


def _line(text: str, *, bold: bool) -> Any:
    paragraph = OxmlElement("w:p")
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:after"), "0")
    about = OxmlElement("w:pPr")
    about.append(spacing)
    paragraph.append(about)
    run = OxmlElement("w:r")
    look = OxmlElement("w:rPr")
    if bold:
        look.append(OxmlElement("w:b"))
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "18")
    look.append(size)
    run.append(look)
    said = OxmlElement("w:t")
    said.text = text
    said.set(qn("xml:space"), "preserve")
    run.append(said)
    paragraph.append(run)
    return paragraph


def _field(kind: str, text: str) -> Any:
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = text
    return code
