"""The results table of a paper: the rows of a framework with what is reported for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext, pgettext

from minori.documents.attached import Attached
from minori.report_forms.answers import RowAnswer
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Column, Field
from minori.report_forms.figures import covered_rows
from minori.report_forms.framework import Framework, Indicator, Row, Support, marked

LONGEST_NAME = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorLine:
    """One indicator of a row with its registered texts; "" where nothing is registered."""

    uuid: UUID
    mark: str
    statement: str
    baseline: str
    target: str
    achieve_by: str
    means: str
    mid_state: str
    post_state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a row. `column` is a Column's value; `lines` are its texts, one an indicator where it has several."""

    column: str
    label: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One row with its answer.

    `anchor` is the row's UUID as text, where comments hang; `name` is its short name ("0101", else the
    beginning of its statement); `depth` counts the rows of the table above it. `progress` is what stands at
    this very row, None for a blank (not reported); `nothing` says that there was nothing to report in this
    round. `span` names the rows that its code covers ("0101–0106"), `covered_by` the name of the row whose
    code covers this one. `files` are those that were put at the row.
    """

    uuid: UUID
    anchor: str
    name: str
    statement: str
    depth: int
    code: str
    season: str
    indicators: tuple[IndicatorLine, ...]
    text: str
    progress: int | None
    nothing: bool
    remark: str
    span: str
    covered_by: str
    covered_progress: int | None
    cells: tuple[Cell, ...]
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTable:
    """The rows one field asked about; `columns` are those of the form, in its order."""

    anchor: str
    label: str
    note: str
    columns: tuple[Cell, ...]
    rows: tuple[ResultRow, ...]


def table_of(
    contents: Contents,
    *,
    field: Field,
    language: str,
    files: Mapping[str, tuple[Attached, ...]] | None = None,
) -> ResultTable:
    """The table of a results field. Rows without an answer of their own are blank, never filled from elsewhere."""
    rows = contents.framework.rows_for(field.level, field.support)
    columns = tuple(Cell(column=column.key, label=column.label.say(language)) for column in field.columns)
    answered = _Answered(
        answers={answer.row: answer for answer in contents.rows},
        covered=covered_rows(contents.rows),
        names=names_of(contents.framework),
        files=files or {},
    )
    return ResultTable(
        anchor=field.key,
        label=field.label.say(language),
        note=field.note.say(language),
        columns=columns,
        rows=tuple(
            _row(row, depth, columns, answered) for row, depth in _with_depth(contents.framework, rows)
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Answered:
    answers: Mapping[UUID, RowAnswer]
    covered: Mapping[UUID, UUID]
    names: Mapping[UUID, str]
    files: Mapping[str, tuple[Attached, ...]]


def names_of(framework: Framework) -> dict[UUID, str]:
    """The short name of every row."""
    return {row.uuid: name_of(row) for row in framework}


def name_of(row: Row) -> str:
    """The short name of a row: its code, else the beginning of its statement."""
    if row.code:
        return row.code
    first = row.statement.strip().split("\n")[0]
    return first if len(first) <= LONGEST_NAME else f"{first[:LONGEST_NAME]}…"


def span_of(rows: Sequence[UUID], *, names: Mapping[UUID, str]) -> str:
    """The rows a code covers, in words: "0101–0106" for neighbours in the framework's order, else one by one."""
    order = list(names)
    places = sorted(order.index(row) for row in rows if row in names)
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):  # noqa: PLR2004 - a range of two is a list
        return f"{names[order[places[0]]]}–{names[order[places[-1]]]}"
    return pgettext("between items of a list", ", ").join(names[order[place]] for place in places)


def _with_depth(framework: Framework, rows: Sequence[Row]) -> Iterator[tuple[Row, int]]:
    shown = {row.uuid for row in rows}
    for row in rows:
        depth, seen, parent = 0, {row.uuid}, row.parent
        while parent is not None and parent not in seen and (above := framework.find_row(parent)) is not None:
            seen.add(parent)
            depth += parent in shown
            parent = above.parent
        yield row, depth


def _row(row: Row, depth: int, columns: tuple[Cell, ...], answered: _Answered) -> ResultRow:
    answer = answered.answers.get(row.uuid, RowAnswer(row.uuid))
    above = answered.covered.get(row.uuid) if answer.progress is None else None
    standing = answered.answers[above].progress if above is not None else None
    return ResultRow(
        uuid=row.uuid,
        anchor=str(row.uuid),
        name=answered.names[row.uuid],
        statement=row.statement,
        depth=depth,
        code=row.code,
        season=row.season,
        indicators=tuple(_indicator(one) for one in row.indicators),
        text=answer.text,
        progress=None if answer.progress is None else answer.progress.value,
        nothing=answer.nothing,
        remark=answer.remark,
        span=span_of(answer.covers, names=answered.names) if answer.progress is not None else "",
        covered_by="" if above is None else answered.names[above],
        covered_progress=None if standing is None else standing.value,
        cells=tuple(
            Cell(column=column.column, label=column.label, lines=tuple(_lines(row, Column(column.column))))
            for column in columns
        ),
        files=answered.files.get(str(row.uuid), ()),
    )


def _indicator(one: Indicator) -> IndicatorLine:
    return IndicatorLine(
        uuid=one.uuid,
        mark=one.mark,
        statement=_marked(one.mark, one.statement),
        baseline=_marked(one.mark, one.baseline),
        target=_marked(one.mark, one.target),
        achieve_by=one.achieve_by,
        means=one.means,
        mid_state=_marked(one.mark, one.mid_state),
        post_state=_marked(one.mark, one.post_state),
    )


def _marked(mark: str, text: str) -> str:
    """The text behind its indicator's mark, unless it bears the mark already or there is nothing to mark."""
    return text if not mark or not text or text.lstrip("'’ 　").startswith(mark) else marked(mark, text)


_OF_INDICATORS = {
    Column.INDICATORS: "statement",
    Column.BASELINES: "baseline",
    Column.TARGETS: "target",
    Column.MID_STATES: "mid_state",
    Column.POST_STATES: "post_state",
}


def _lines(row: Row, column: Column) -> list[str]:
    """What is registered for a row in one column; text and progress are drawn from the answer itself."""
    if column in _OF_INDICATORS:
        name = _OF_INDICATORS[column]
        return [_marked(one.mark, text) for one in row.indicators if (text := getattr(one, name))]
    match column:
        case Column.STATEMENT:
            return [row.statement]
        case Column.SUPPORT:
            financial = row.support == Support.FINANCIAL
            return [gettext("financial support") if financial else gettext("non-financial support")]
        case Column.SEASON:
            return [row.season] if row.season else []
        case Column.ACHIEVE_BY:
            return _dates(row)
        case _:
            return []


def _dates(row: Row) -> list[str]:
    """Usually the same for all indicators of a row: then once, as on the official form."""
    dates = [one.achieve_by for one in row.indicators if one.achieve_by]
    if len(set(dates)) <= 1:
        return dates[:1]
    return [_marked(one.mark, one.achieve_by) for one in row.indicators if one.achieve_by]
