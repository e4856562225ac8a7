"""How the workbook looks: colours, frames, widths and heights. Heights are reckoned: Excel fits no rows by itself."""

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

INK, LINE, GREY, BLUE, PALE = "#1A1A1C", "#B3B3B3", "#F2F2F2", "#0017C1", "#E8F1FE"
FONT = {"font_name": "游ゴシック", "font_size": 11, "font_color": INK}
WIDTHS_OF_LINES = (44, 72, 44)
HIGHEST = 409.0
"""Points that a row of Excel can be high."""

_LINE_HEIGHT = 18.0
_WIDE = frozenset("WFA")


def formats(book: Any) -> dict[str, Any]:
    """Every format by its name."""
    text: dict[str, Any] = {"text_wrap": True, "valign": "top"}
    framed: dict[str, Any] = {**text, "border": 1, "border_color": LINE}
    plain: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
        "eyebrow": {"font_color": "#626264"},
        "heading": {"bold": True, "font_size": 13, "bottom": 2, "bottom_color": BLUE},
        "term": {**text, "bold": True},
        "fact": text,
        "sentence": text,
        "number": {"align": "right", "valign": "top", "bold": True, "font_color": BLUE},
        "link": {"font_color": BLUE, "underline": 1},
        "head": {**framed, "bold": True, "bg_color": GREY, "valign": "vcenter"},
        "head_open": {
            **framed,
            "bold": True,
            "bg_color": PALE,
            "bottom": 2,
            "bottom_color": BLUE,
            "valign": "vcenter",
        },
        "locked": {**framed, "bg_color": GREY, "num_format": "@"},
        "label": framed | {"bg_color": GREY},
        "label_bold": {**framed, "bg_color": GREY, "bold": True},
        "sublabel": {**framed, "bg_color": GREY, "indent": 1},
        "bold": {"bold": True},
        "hint": {"font_size": 10, "font_color": "#626264"},
        "open": {**framed, "border": 2, "border_color": BLUE},
        "open_text": {**framed, "border_color": BLUE, "locked": False, "num_format": "@"},
        "open_mark": {**framed, "border_color": BLUE, "locked": False, "num_format": "@", "align": "center"},
        "locked_text": {**framed, "bg_color": GREY, "num_format": "@"},
        "locked_mark": {**framed, "bg_color": GREY, "num_format": "@", "align": "center"},
    }
    return {name: book.add_format({**FONT, **look}) for name, look in plain.items()}


def indented(book: Any, known: dict[str, Any], depth: int) -> Any:
    """The look of a row's statement, set in by its depth."""
    name = f"statement_{depth}"
    if name not in known:
        look = {"text_wrap": True, "valign": "top", "border": 1, "border_color": LINE, "bg_color": GREY}
        known[name] = book.add_format(
            {**FONT, **look, "num_format": "@", "bold": depth == 0, "indent": min(depth, 5)}
        )
    return known[name]


def prepare(sheet: Any, *, widths: Sequence[float], landscape: bool) -> None:
    """Widths, and a page that prints on the width of A4."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape() if landscape else sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&P / &N&R&A")


def widths_of_table(registered: int) -> tuple[float, ...]:
    """The columns of a results table: the row, what is registered, last time, the five cells to fill in."""
    return (34, *[24] * registered, 30, 48, 22, 30, 16, 18)


def height(text: str, width: float) -> float:
    """Points that a text takes in a column of so many narrow letters."""
    lines = sum(max(1, -(-_letters(line) // max(1, int(width) - 2))) for line in text.split("\n"))
    return min(HIGHEST, lines * _LINE_HEIGHT + 6)


def highest(texts: Sequence[str], widths: Sequence[float], *, least: float) -> float:
    """The height of a row with these texts in columns of these widths."""
    return min(
        HIGHEST, max(least, *(height(text, width) for text, width in zip(texts, widths, strict=False)))
    )


def _letters(line: str) -> int:
    return sum(2 if east_asian_width(letter) in _WIDE else 1 for letter in line)
