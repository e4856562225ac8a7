"""A plain table as a workbook: what people wrote is text, never a formula or a link."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter


def one_sheet(table: Sequence[Sequence[str]], *, name: str, widths: Sequence[int]) -> bytes:
    """A workbook of one sheet: the first line is the head and stays in sight. `widths` are in characters."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#F2F2F2", "bottom": 2, "text_wrap": True})
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet = book.add_worksheet(_sheet_name(name))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for number, line in enumerate(table):
            for place, text in enumerate(line):
                sheet.write_string(number, place, text, cell if number else head)
        sheet.freeze_panes(1, 2)
    return out.getvalue()


def _sheet_name(name: str) -> str:
    """At most 31 characters, without those that a sheet's name may not hold."""
    return "".join(sign for sign in name if sign not in r"[]:*?/\'")[:31] or "Sheet1"
