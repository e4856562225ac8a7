"""Tables of Word files (ISO/IEC 29500-1, 17.4): cells with what they span, paragraphs as lines."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from minori.documents.tables.workbooks import MOST_CELLS, TooLarge
from minori.report_forms.grids import Cell, Grid, Source
from minori.report_forms.texts import clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}rt", f"{_W}delText"}
_STANDING_FOR = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
MOST_COLUMNS = 200


def read(data: bytes) -> list[Grid]:
    """The tables of the document's body and the paragraphs between them, in order.

    Texts that are deleted by tracked changes are left out, inserted ones are read; readings above letters are not text.
    """
    with zipfile.ZipFile(BytesIO(data)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))  # noqa: S314 - examined: no document type
    body = root.find(f"{_W}body")
    if body is None:
        return []
    grids: list[Grid] = []
    lines: list[Cell] = []
    number = 1
    for block in _blocks(body):
        if block.tag == f"{_W}p":
            text = _paragraph(block)
            if text.strip():
                lines.append(Cell(row=len(lines), column=0, text=text))
            continue
        if lines:
            grids.append(Grid(Source.TEXT, number=number, cells=tuple(lines)))
        grids.append(Grid(Source.TABLE, number=number, cells=tuple(_cells(block))))
        lines, number = [], number + 1
        if sum(len(grid.cells) for grid in grids) > MOST_CELLS:
            raise TooLarge
    return grids


def _blocks(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Paragraphs and tables of the outermost kind: what is nested in a cell is read as that cell's text."""
    for child in element:
        if child.tag in {f"{_W}tbl", f"{_W}p"}:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _blocks(child)


def _cells(table: ElementTree.Element) -> Iterator[Cell]:
    open_: dict[
        int, tuple[int, int, int, str]
    ] = {}  # by column: row, rows, columns, text of a cell that runs on down
    rows = [row for row in _children(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None]
    for number, row in enumerate(rows):
        column = _number(row, "trPr", "gridBefore")
        seen: set[int] = set()
        for cell in _children(row, "tc"):
            span = max(1, min(_number(cell, "tcPr", "gridSpan") or 1, MOST_COLUMNS))
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            runs_on = merge is not None and merge.get(f"{_W}val", "continue") != "restart"
            if runs_on and column in open_:
                begun, height, width, text = open_[column]
                open_[column] = (begun, height + 1, width, text)
            else:
                yield from _closed(open_, column)
                open_[column] = (number, 1, span, _text(cell))
            seen.add(column)
            column += span
        for place in [place for place in open_ if place not in seen]:
            yield from _closed(open_, place)
    for place in list(open_):
        yield from _closed(open_, place)


def _closed(open_: dict[int, tuple[int, int, int, str]], column: int) -> Iterator[Cell]:
    if column in open_:
        row, rows, columns, text = open_.pop(column)
        if text.strip():
            yield Cell(row=row, column=column, text=text, rows=rows, columns=columns)


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Rows of a table or cells of a row, also those wrapped in content controls or tracked changes."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"}:
            yield from _children(child, name)


def _number(element: ElementTree.Element, properties: str, name: str) -> int:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    said = "" if found is None else found.get(f"{_W}val", "")
    return int(said) if said.isdecimal() else 0


def _text(cell: ElementTree.Element) -> str:
    return "\n".join(_paragraph(one) for one in _paragraphs(cell)).rstrip("\n")


def _paragraph(paragraph: ElementTree.Element) -> str:
    return clean("".join(_letters(paragraph)))


def _paragraphs(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in element:
        if child.tag == f"{_W}p":
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _paragraphs(child)


def _letters(element: ElementTree.Element) -> Iterator[str]:
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _STANDING_FOR and element.tag == f"{_W}r":
            yield _STANDING_FOR[child.tag]
        else:
            yield from _letters(child)
