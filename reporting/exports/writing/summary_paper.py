"""The compiled summary as PDF, in the order of the official form: head, ① the results, then every question with all
answers; the officers' remarks, charts and figures stand behind it. A long one is typeset in pieces and joined."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from minori.documents import joining, typesetting
from minori.documents.lettering import lines_of
from minori.documents.typesetting import Picture
from minori.marks import colon, gapped
from minori.report_forms.edition import Kind
from reporting.charts import drawing
from reporting.charts.series import Bars, Chart
from reporting.exports.gathering import Gathered
from reporting.exports.writing import saying
from reporting.exports.writing.chart_sheets import POINT_WIDTHS, table_of
from reporting.exports.writing.csv_table import Told
from reporting.exports.writing.pieces import Block, Part, Piece, in_pieces

Data = dict[str, Any]
BREADTH = 76.0
"""Full-width characters of a line across the page."""


def write(gathered: Gathered, path: Path, told: Told) -> None:
    """Texts reach the typesetter as data, never as markup.

    Where there are several pieces they are typeset twice: how many pages there are is known when all are counted.
    """
    told(0, 0)
    pictures = {
        f"chart-{chart.name}.svg": Picture(f"chart-{chart.name}.svg", drawn)
        for chart, drawn in zip(gathered.charts, drawing.svgs_for_paper(gathered.charts), strict=True)
    }
    first, second = _two(in_pieces(_parts(gathered)))
    if second is None:
        path.write_bytes(_typeset(gathered, first, pictures))
        return
    counts: list[int] = []
    for piece in in_pieces(_parts(gathered)):
        told(len(counts), 0)
        counts.append(joining.pages_of(_typeset(gathered, piece, pictures)))
    with joining.Joined(path) as whole:
        for place, piece in enumerate(in_pieces(_parts(gathered))):
            told(place, len(counts))
            numbers = {"first": sum(counts[:place]) + 1, "pages": sum(counts)}
            whole.add(_typeset(gathered, piece, pictures, **numbers), continues=piece.continues)


def _two(pieces: Iterator[Piece]) -> tuple[Piece, Piece | None]:
    return next(pieces), next(pieces, None)


def _typeset(
    gathered: Gathered, piece: Piece, pictures: dict[str, Picture], *, first: int = 1, pages: int = 0
) -> bytes:
    """One piece; without `pages` its pages are all there are."""
    title = pgettext("passing up", "Summary: %(round)s") % {"round": gathered.round.title}
    head = saying.head(gathered)
    blocks = (block for part in piece.parts for block in part.blocks)
    sheet = {
        "language": gathered.language,
        "region": "JP" if gathered.language == "ja" else None,
        "name": gapped((gathered.programme.title, title)),
        "author": gathered.programme.distributor.name,
        "foot": gapped((gathered.programme.title, gathered.round.title, dict(head)[_("As of")])),
        "colon": colon(),
        "title": _text(title) if piece.begins else [],
        "head": [(_text(label), _text(value)) for label, value in head] if piece.begins else [],
        "first": first,
        "pages": pages,
        "parts": [_part(part) for part in piece.parts],
    }
    shown = [pictures[block.picture] for block in blocks if block.picture]
    made = typesetting.typeset(sheet, pictures=shown, template=_template())
    typesetting.forget()
    return made


@cache
def _template() -> bytes:
    return (files("reporting.exports") / "typst" / "summary.typ").read_bytes()


def _text(text: str, share: float = 1.0) -> Any:
    return lines_of(text, room=BREADTH * share)


def _part(part: Part) -> Data:
    title = _("%(chapter)s (continued)") % {"chapter": part.title} if part.again else part.title
    return {"title": _text(title), "blocks": [_block(block) for block in part.blocks]}


def _block(block: Block) -> Data:
    shares = [width / sum(block.widths) for width in block.widths]
    return {
        "heading": _text(block.heading),
        "quiet": _text(block.quiet),
        "said": _text(block.said),
        "picture": block.picture,
        "alt": block.alt,
        "widths": list(block.widths),
        "heads": [_text(head, share) for head, share in zip(block.heads, shares, strict=True)],
        "rows": [[_text(text, share) for text, share in zip(row, shares, strict=True)] for row in block.rows],
    }


def _parts(gathered: Gathered) -> Iterator[tuple[str, Iterator[Block]]]:
    """The chapters in their order, their blocks made as they are asked for."""
    yield _("Overall assessment"), _overall(gathered)
    yield from _form(gathered)
    remarks = ((one.name, one.remark or _("(not written yet)")) for one in saying.grants(gathered))
    heads = [_("Organization"), _("Officer's remark")]
    yield _("Officers' remarks"), iter([Block(heads=heads, widths=[22, 78], rows=remarks)])
    rows = (saying.board_row(gathered, line) for line in gathered.summary["board"])
    board = Block(heads=saying.board_heads(), widths=[20, 26, 10, 16, 14, 14], rows=rows)
    yield _("Who has handed in"), iter([board])
    yield (
        _("Charts"),
        (_chart(chart) for chart in gathered.charts),
    )
    figures = Block(
        heads=saying.figure_heads(), widths=[20, 28, 14, 16, 14, 8], rows=saying.figures(gathered)
    )
    yield _("Achievement"), _if_any(figures)


def _chart(chart: Chart) -> Block:
    """The picture; the numbers beside points are those of the table below it."""
    block = Block(heading=chart.title, picture=f"chart-{chart.name}.svg", alt=chart.alt)
    if isinstance(chart, Bars) or not chart.numbered:
        return block
    heads, lines = table_of(chart)
    return replace(
        block, heads=heads, widths=POINT_WIDTHS, rows=([str(one) for one in line] for line in lines)
    )


def _overall(gathered: Gathered) -> Iterator[Block]:
    yield Block(said=gathered.remark(None) or _("(not written yet)"))
    yield Block(quiet=saying.totals(gathered))


def _form(gathered: Gathered) -> Iterator[tuple[str, Iterator[Block]]]:
    """The chapters of the form in its order: results as tables by organization, questions with all answers."""
    by_part = {key: list(some) for key, some in groupby(gathered.questions, lambda one: one.part)}
    for part in gathered.edition.parts:
        title = part.title.say(gathered.language)
        asks = any(field.kind == Kind.RESULTS for section in part.sections for field in section.fields)
        results = (_results(one) for one in saying.grants(gathered)) if asks else iter(())
        yield title, chain(results, _questions(gathered, by_part.get(title, ())))


def _results(one: saying.Told) -> Block:
    quiet = gapped((one.line["grant_title"], *one.standing.split("\n")))
    if not one.rows or not one.handed_in:
        return Block(heading=one.name, quiet=quiet)
    return Block(
        heading=one.name, quiet=quiet, heads=saying.row_heads(), widths=[28, 15, 39, 18], rows=one.rows
    )


def _questions(gathered: Gathered, questions: Sequence[Any]) -> Iterator[Block]:
    names = gathered.names
    for question in questions:
        rows = ((names[grant], text) for grant, text in gathered.answers(question.key))
        heads = [_("Organization"), _("Answer")]
        yield from _if_any(Block(heading=question.name, heads=heads, widths=[22, 78], rows=rows))


def _if_any(block: Block) -> Iterator[Block]:
    """The block, unless its table has no rows."""
    rows: Iterable[Sequence[str]] = iter(block.rows)
    for first in rows:
        yield block.with_rows(chain([first], rows))
        return
