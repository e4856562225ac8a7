"""The charts of a round as a sheet: each as a picture, its table below."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Protocol

from django.utils.translation import gettext as _
from PIL import Image

from reporting.charts import drawing
from reporting.charts.series import Bars, Chart
from reporting.exports.gathering import Gathered

ROW_HEIGHT = 20  # pixels of a row
SCALE = 0.5  # pictures are twice as fine as a screen
SCREEN = 96  # points of an inch, as spreadsheets count


class Look(Protocol):
    """The workbook with its formats (`workbook`)."""

    book: Any
    head: Any
    cell: Any


def write(look: Look, gathered: Gathered) -> None:
    """One sheet, written from above to below."""
    charts = gathered.charts
    if not charts:
        return
    sheet = look.book.add_worksheet(_("Charts"))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 9, 16)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    row, pictures = 0, []
    for chart, picture in zip(charts, drawing.pngs(charts), strict=True):
        sheet.write_string(row, 0, chart.title, look.head)
        pictures.append((row + 1, chart, picture))
        row = _table(sheet, look, chart, row + 2 + _rows_of(picture)) + 2
    for place, chart, picture in pictures:
        options = {
            "image_data": BytesIO(picture),
            "x_scale": _scale(picture),
            "y_scale": _scale(picture),
            "description": chart.alt,
        }
        sheet.insert_image(place, 0, f"{chart.name}.png", options)


def _rows_of(picture: bytes) -> int:
    height = int.from_bytes(picture[20:24])  # of the head of a PNG
    return int(height * SCALE / ROW_HEIGHT) + 1


def _scale(picture: bytes) -> float:
    """By how much a picture is to be scaled to have `SCALE` of its points on a screen, whatever resolution it names."""
    with Image.open(BytesIO(picture)) as opened:
        return SCALE * float(opened.info.get("dpi", (SCREEN, SCREEN))[0]) / SCREEN


def _table(sheet: Any, look: Look, chart: Chart, row: int) -> int:
    """Write the chart's table from this row on; the row behind it."""
    heads, lines = table_of(chart)
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head, look.head)
    for row_of_line, line in enumerate(lines, start=row + 1):
        for column, value in enumerate(line):
            if isinstance(value, int | float):
                sheet.write_number(row_of_line, column, value, look.cell)
            else:
                sheet.write_string(row_of_line, column, value, look.cell)
    return row + 1 + len(lines)


POINT_WIDTHS = (6, 24, 24, 26, 10, 10)
"""Shares of the columns of numbered points in a paper."""


def table_of(chart: Chart) -> tuple[list[str], list[Sequence[str | int | float]]]:
    """The heads and lines of a chart's table."""
    if isinstance(chart, Bars):
        heads = [_("Round"), *(sort.name for sort in chart.sorts), _("Together")]
        return heads, [[bar.label, *counts, total] for bar, counts, total in chart.rows]
    heads = [_("Organization"), _("Project"), _("Indicator"), _("Time gone in %"), _("Achievement in %")]
    return [*([_("No.")] if chart.numbered else ()), *heads], [
        [
            *([number] if chart.numbered else ()),
            point.grant.organization,
            point.grant.title,
            point.indicator,
            point.time_number,
            point.achieved_number,
        ]
        for number, point in enumerate(chart.points, start=1)
    ]
