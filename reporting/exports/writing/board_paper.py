"""The board paper: a Word file that people go on writing in."""

from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.marks import colon, gapped
from reporting.charts import drawing
from reporting.charts.series import Bars
from reporting.exports.gathering import Gathered
from reporting.exports.writing import saying
from reporting.exports.writing.chart_sheets import POINT_WIDTHS, table_of
from reporting.exports.writing.csv_table import Told
from reporting.exports.writing.word import Paper

A_MOMENT = 20


def write(gathered: Gathered, path: Path, told: Told) -> None:
    """Title, overall assessment, who has handed in, the map in signs and words, charts with their tables, each grant with
    its remark and what it said, and the figures."""
    title = pgettext("passing up", "Summary: %(round)s") % {"round": gathered.round.title}
    author = gathered.programme.distributor.name
    paper = Paper(title=title, author=author, language=gathered.language)
    paper.heading(title, 0)
    for label, value in saying.head(gathered):
        paper.paragraph(f"{label}{colon()}{value}")
    paper.heading(_("Overall assessment"))
    paper.paragraph(gathered.remark(None) or _("(not written yet)"))
    paper.paragraph(saying.totals(gathered), quiet=True)
    _board(paper, gathered)
    _charts(paper, gathered)
    _map(paper, gathered)
    _walk(paper, gathered, told)
    _figures(paper, gathered)
    paper.save(str(path))


def _board(paper: Paper, gathered: Gathered) -> None:
    paper.heading(_("Who has handed in"))
    rows = (saying.board_row(gathered, line) for line in gathered.summary["board"])
    paper.table(saying.board_heads(), rows, widths=[20, 26, 10, 16, 14, 14])


def _charts(paper: Paper, gathered: Gathered) -> None:
    charts = gathered.charts
    if charts:
        paper.heading(_("Charts"))
    for chart, picture in zip(charts, drawing.pngs(charts), strict=True):
        paper.heading(chart.title, 2)
        paper.picture(picture, alt=chart.alt)
        if not isinstance(chart, Bars) and not chart.numbered:
            continue  # of so many points the table is that of the figures, at the end
        heads, lines = table_of(chart)
        widths = [3, *[1] * (len(heads) - 1)] if isinstance(chart, Bars) else POINT_WIDTHS
        paper.table(heads, ([str(value) for value in line] for line in lines), widths=widths)


def _map(paper: Paper, gathered: Gathered) -> None:
    paper.heading(_("Progress map"))
    paper.paragraph(gapped((saying.legend(), f"… {_('not handed in')}")), quiet=True)
    grants = saying.grants(gathered)
    rows = ([one.name, one.standing if one.waived else one.strip, one.counts] for one in grants)
    paper.table([_("Organization"), _("Outputs"), _("Counts")], rows, widths=[24, 56, 20])


def _walk(paper: Paper, gathered: Gathered, told: Told) -> None:
    paper.heading(_("Remarks per grant"))
    for place, one in enumerate(saying.grants(gathered)):
        if place % A_MOMENT == 0:
            told(place, len(gathered.summary["board"]))
        paper.heading(one.name, 2)
        paper.paragraph(gapped((one.line["grant_title"], *one.standing.split("\n"))), quiet=True)
        paper.heading(_("Officer's remark"), 3)
        paper.paragraph(one.remark or _("(not written yet)"))
        if one.rows and one.handed_in:
            paper.table(saying.row_heads(), one.rows, widths=[28, 16, 38, 18])


def _figures(paper: Paper, gathered: Gathered) -> None:
    rows = saying.figures(gathered)
    if (first := next(rows, None)) is not None:
        paper.heading(_("Achievement"))
        paper.table(saying.figure_heads(), chain([first], rows), widths=[20, 28, 14, 16, 14, 8])
