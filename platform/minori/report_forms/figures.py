"""The flat lines of a filing: one for each row that was asked and one for each of its indicators."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from minori.report_forms.answers import Progress, RowAnswer
from minori.report_forms.contents import Contents
from minori.report_forms.framework import Indicator, Level, Row, Support
from minori.report_forms.marks import split
from minori.report_forms.texts import is_empty


class FigureKind(StrEnum):
    """Whether a line stands for a row or for one of its indicators."""

    ROW = "row"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """One line of a filing, with nothing carried over from elsewhere.

    `position` counts the lines of the filing from 0. `progress` is what stands at this very row;
    `covered_by` names the row whose code a person stated to cover this one, and is kept apart.
    On a row line `text` is the verbatim text and the registered texts are "". On an indicator line
    `text` is its own piece of the row's text; where the text cannot be told apart it is "" and
    `shared` is true. `nothing` on a row and on its indicators: there was nothing to report in this round,
    which is neither a blank nor zero. Progress, remark and cover belong to the row line only.
    """

    kind: FigureKind
    row: UUID
    indicator: UUID | None
    parent: UUID | None
    position: int
    level: Level
    support: Support
    code: str
    progress: Progress | None = None
    covered_by: UUID | None = None
    remark: str = ""
    text: str = ""
    shared: bool = False
    nothing: bool = False
    baseline: str = ""
    target: str = ""
    achieve_by: str = ""


def figures_of(contents: Contents) -> tuple[FigureLine, ...]:
    """The lines of a filing in the order of its framework: a row, then its indicators.

    A function of the contents alone: the same paper always gives the same lines.
    """
    answers = {answer.row: answer for answer in contents.rows}
    covered = covered_rows(contents.rows)
    lines: list[FigureLine] = []
    for row in contents.framework:
        if (answer := answers.get(row.uuid)) is None:
            continue
        lines.append(_row_line(row, answer, len(lines), covered.get(row.uuid)))
        lines.extend(_indicator_lines(row, answer, len(lines)))
    return tuple(lines)


def covered_rows(rows: Iterable[RowAnswer]) -> dict[UUID, UUID]:
    """For each row that a code spans, the row where that code stands; the first statement counts."""
    covered: dict[UUID, UUID] = {}
    for answer in rows:
        if answer.progress is not None:
            for row in answer.covers:
                if row != answer.row:
                    covered.setdefault(row, answer.row)
    return covered


def _row_line(row: Row, answer: RowAnswer, position: int, covered_by: UUID | None) -> FigureLine:
    return FigureLine(
        kind=FigureKind.ROW,
        row=row.uuid,
        indicator=None,
        parent=row.parent,
        position=position,
        level=row.level,
        support=row.support,
        code=row.code,
        progress=answer.progress,
        covered_by=covered_by,
        remark=answer.remark,
        text="" if answer.nothing and is_empty(answer.text) else answer.text,
        nothing=answer.nothing,
    )


def _indicator_lines(row: Row, answer: RowAnswer, first: int) -> Iterator[FigureLine]:
    pieces = split(answer.text, row.marks)
    shared = pieces is None and not is_empty(answer.text)
    for offset, indicator in enumerate(row.indicators):
        piece = "" if pieces is None else pieces[indicator.mark]
        line = _indicator_line(row, indicator, first + offset, piece)
        yield replace(line, shared=shared, nothing=answer.nothing)


def _indicator_line(row: Row, indicator: Indicator, position: int, piece: str) -> FigureLine:
    return FigureLine(
        kind=FigureKind.INDICATOR,
        row=row.uuid,
        indicator=indicator.uuid,
        parent=row.parent,
        position=position,
        level=row.level,
        support=row.support,
        code=row.code,
        text=piece,
        baseline=indicator.baseline,
        target=indicator.target,
        achieve_by=indicator.achieve_by,
    )
