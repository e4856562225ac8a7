"""The compiled summary as PDF, in the order of the official form: head, ① the results, then every question with all
answers; the officers' remarks, charts and figures stand behind it."""

from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.documents import typesetting
from minori.documents.lettering import lines_of
from minori.documents.typesetting import Picture
from minori.report_forms.edition import Kind
from reporting.charts import drawing
from reporting.exports.gathering import Gathered
from reporting.exports.writing import saying
from reporting.exports.writing.csv_table import Told

Data = dict[str, Any]
BREADTH = 76.0
"""Full-width characters of a line across the page."""


def write(gathered: Gathered, path: Path, told: Told) -> None:
    """Texts reach the typesetter as data, never as markup."""
    told(0, 2)
    grants = list(saying.grants(gathered))
    charts = saying.charts(gathered)
    title = pgettext("passing up", "Summary: %(round)s") % {"round": gathered.round.title}
    pictures = [Picture(f"chart-{chart.name}.svg", drawing.svg_for_paper(chart)) for chart in charts]
    sheet = {
        "language": gathered.language,
        "region": "JP" if gathered.language == "ja" else None,
        "name": f"{gathered.programme.title}　{title}",
        "author": gathered.programme.distributor.name,
        "foot": f"{gathered.programme.title}　{gathered.round.title}　{dict(saying.head(gathered))[_('As of')]}",
        "colon": "：" if gathered.language == "ja" else ": ",
        "title": _text(title),
        "head": [(_text(label), _text(value)) for label, value in saying.head(gathered)],
        "parts": [
            _overall(gathered),
            *_form(gathered, grants),
            _remarks(grants),
            _board(gathered),
            *_charts(charts),
            *_figures(gathered),
        ],
    }
    told(1, 2)
    path.write_bytes(typesetting.typeset(sheet, pictures=pictures, template=_template()))


@cache
def _template() -> bytes:
    return (files("reporting.exports") / "typst" / "summary.typ").read_bytes()


def _text(text: str, share: float = 1.0) -> Any:
    return lines_of(text, room=BREADTH * share)


def _part(title: str, *blocks: Data) -> Data:
    return {"title": _text(title), "blocks": list(blocks)}


def _block(heading: str = "", **more: Any) -> Data:
    empty = {"said": [], "widths": [], "heads": [], "rows": [], "picture": "", "alt": "", "quiet": []}
    return {"heading": _text(heading), **empty, **more}


def _table(heading: str, heads: list[str], widths: list[int], rows: Any, **more: Any) -> Data:
    shares = [width / sum(widths) for width in widths]
    cells = [[_text(text, share) for text, share in zip(row, shares, strict=True)] for row in rows]
    heading_cells = [_text(head, share) for head, share in zip(heads, shares, strict=True)]
    return _block(heading, widths=widths, heads=heading_cells, rows=cells, **more)


def _overall(gathered: Gathered) -> Data:
    said = gathered.remark(None) or _("(not written yet)")
    return _part(
        _("Overall assessment"), _block(said=_text(said)), _block(quiet=_text(saying.totals(gathered)))
    )


def _form(gathered: Gathered, grants: list[saying.Told]) -> list[Data]:
    """The chapters of the form in its order: results as tables by organization, questions with all answers."""
    parts = []
    names = {one.line["grant"]: one.name for one in grants}
    by_part = {key: list(some) for key, some in groupby(gathered.questions, lambda one: one.part)}
    for part in gathered.edition.parts:
        title = part.title.say(gathered.language)
        blocks = []
        if any(field.kind == Kind.RESULTS for section in part.sections for field in section.fields):
            blocks += [_results(one) for one in grants]
        for question in by_part.get(title, ()):
            answers = gathered.answers[question.key]
            rows = [(names[grant], answers[grant]) for grant in names if grant in answers]
            if rows:
                blocks.append(_table(question.name, [_("Organization"), _("Answer")], [22, 78], rows))
        if blocks:
            parts.append(_part(title, *blocks))
    return parts


def _results(one: saying.Told) -> Data:
    name = one.name
    quiet = _text(f"{one.line['grant_title']}　{one.standing}".replace("\n", "　"))
    if not one.rows or not one.handed_in:
        return _block(name, quiet=quiet)
    return _table(name, saying.row_heads(), [28, 15, 39, 18], one.rows, quiet=quiet)


def _remarks(grants: list[saying.Told]) -> Data:
    rows = [(one.name, one.remark or _("(not written yet)")) for one in grants]
    return _part(
        _("Officers' remarks"), _table("", [_("Organization"), _("Officer's remark")], [22, 78], rows)
    )


def _board(gathered: Gathered) -> Data:
    rows = [saying.board_row(gathered, line) for line in gathered.summary["board"]]
    return _part(_("Who has handed in"), _table("", saying.board_heads(), [20, 26, 10, 16, 14, 14], rows))


def _charts(charts: list[Any]) -> list[Data]:
    blocks = [_block(chart.title, picture=f"chart-{chart.name}.svg", alt=chart.alt) for chart in charts]
    return [_part(_("Charts"), *blocks)] if blocks else []


def _figures(gathered: Gathered) -> list[Data]:
    rows = list(saying.figures(gathered))
    if not rows:
        return []
    table = _table("", saying.figure_heads(), [20, 28, 14, 16, 14, 8], rows)
    return [_part(_("Achievement"), table)]
