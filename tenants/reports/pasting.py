"""A results section filled in with Excel: the table to take there, and what a pasted one would change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from minori.report_forms.answers import Progress, RowAnswer
from minori.report_forms.edition import Column, Edition, Field, Kind, Section
from minori.report_forms.framework import Row
from minori.report_forms.pasted_rows import Cell, PastedRow, Trouble, Untaken, read_rows
from tenants.reports import proposing
from tenants.reports.drafts import WorkingCopy
from tenants.reports.folding import reading_of
from tenants.reports.proposing import Difference, Proposed
from tenants.reports.sections import language_in_force

_HEADINGS: Mapping[str, Cell] = {
    "コード": Cell.CODE,
    "番号": Cell.CODE,
    "Row code": Cell.CODE,
    "Code": Cell.CODE,
    "アウトプット": Cell.STATEMENT,
    "活動": Cell.STATEMENT,
    "アウトカム": Cell.STATEMENT,
    "Output": Cell.STATEMENT,
    "現在の指標の達成状況": Cell.TEXT,
    "達成状況": Cell.TEXT,
    "概要": Cell.TEXT,
    "現在の状況": Cell.TEXT,
    "進捗状況": Cell.PROGRESS,
    "進捗": Cell.PROGRESS,
    "Progress": Cell.PROGRESS,
    "理由・備考": Cell.REMARK,
    "理由": Cell.REMARK,
    "備考": Cell.REMARK,
    "Reason or remark": Cell.REMARK,
}
SAID_LENGTH = 30
_FORMULAS = ("=", "+", "-", "@")
_OF_COLUMNS = {Column.STATEMENT: Cell.STATEMENT, Column.TEXT: Cell.TEXT, Column.PROGRESS: Cell.PROGRESS}


_REGISTERED = (
    (Column.INDICATORS, "statement"),
    (Column.TARGETS, "target"),
    (Column.MID_STATES, "mid_state"),
    (Column.POST_STATES, "post_state"),
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted table would change, which rows it leaves as they are, and what was not understood."""

    proposed: tuple[Proposed, ...]
    unchanged: int
    untaken: tuple[str, ...]


def results_of(section: Section) -> Field | None:
    """The results field of a section, or None."""
    return next((field for field in section.fields if field.kind == Kind.RESULTS), None)


def table_of(copy: WorkingCopy, field: Field) -> list[list[str]]:
    """The rows as a table to fill in with Excel: a head, then one line a row with what stands there now."""
    language = language_in_force()
    shown = [(one, name) for column, name in _REGISTERED if (one := field.column(column))]
    head = [
        _("Row code"),
        _label(field, Column.STATEMENT, _("Output")),
        *(one.label.say(language) for one, _name in shown),
        _label(field, Column.TEXT, field.label.say(language)),
        _label(field, Column.PROGRESS, _("Progress")),
        _("Reason or remark"),
    ]
    return [
        head,
        *([*_of_row(copy, row, [name for _one, name in shown])] for row in copy.draft.rows_of(field)),
    ]


def _of_row(copy: WorkingCopy, row: Row, names: list[str]) -> Iterator[str]:
    answer = copy.draft.row_answer(row)
    yield row.code
    yield row.statement
    for name in names:
        yield "\n".join(
            f"{one.mark}{text}" if one.mark and not text.startswith(one.mark) else text
            for one in row.indicators
            if (text := getattr(one, name))
        )
    yield _("Nothing to report in this round") if answer.nothing and not answer.text else answer.text
    yield "" if answer.progress is None else _code_words(answer.progress)
    yield answer.remark


def as_cells(table: list[list[str]]) -> str:
    """A table as Excel takes it from the clipboard: tabs between cells, cells of several lines in quotation marks."""
    return "\r\n".join("\t".join(_quoted(cell) for cell in line) for line in table)


def _quoted(cell: str) -> str:
    # a cell that a spreadsheet would read as a formula stays a text
    if cell.startswith(_FORMULAS):
        cell = f"'{cell}"
    if any(sign in cell for sign in '\t\n\r"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def read(copy: WorkingCopy, field: Field, text: str) -> Pasted:
    """What a pasted table would change; raises `NotATable` and `NoColumns`.

    Blank cells change nothing: a paste adds and replaces, it never empties a field.
    """
    rows = copy.draft.rows_of(field)
    width = len(table_of(copy, field)[0])
    template = (Cell.CODE, Cell.STATEMENT, *[Cell.OTHER] * (width - 5), Cell.TEXT, Cell.PROGRESS, Cell.REMARK)
    official = [_OF_COLUMNS.get(Column(one.key), Cell.OTHER) for one in field.columns]
    found = read_rows(text, rows=rows, headings=_headings(copy.edition), orders=[template, official])
    by_uuid = {row.uuid: row for row in rows}
    changes = [_proposed(copy, field, by_uuid[one.row], one) for one in found.rows]
    return Pasted(
        proposed=tuple(one for one in changes if one.differences),
        unchanged=sum(not one.differences for one in changes),
        untaken=tuple(_sentence(one) for one in found.untaken),
    )


def _headings(edition: Edition) -> dict[str, Cell]:
    known = dict(_HEADINGS)
    for field in edition.fields_of(Kind.RESULTS):
        for column in field.columns:
            cell = _OF_COLUMNS.get(Column(column.key))
            if cell is not None:
                known |= {wording: cell for wording in (column.label.ja, column.label.en) if wording}
    return known


def _proposed(copy: WorkingCopy, field: Field, row: Row, pasted: PastedRow) -> Proposed:
    answer = copy.draft.row_answer(row)
    new = _put(answer, pasted)
    return proposing.for_row(
        copy, new, name=reading_of(row.statement), differences=_differences(field, answer, new)
    )


def _put(answer: RowAnswer, pasted: PastedRow) -> RowAnswer:
    new = answer
    if pasted.nothing:
        new = replace(new, text="", nothing=True)
    elif pasted.text is not None:
        new = replace(new, text=_unguarded(pasted.text), nothing=False)
    if pasted.progress is not None:
        new = replace(new, progress=pasted.progress)
    return new if pasted.remark is None else replace(new, remark=pasted.remark)


def _unguarded(text: str) -> str:
    """The text without the apostrophe that `as_cells` sets before what Excel would take for a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULAS) else text


def _differences(field: Field, old: RowAnswer, new: RowAnswer) -> Iterator[Difference]:
    language = language_in_force()
    aspects = (
        (field.label.say(language), _text(old), _text(new)),
        (_("Progress"), _code_words(old.progress), _code_words(new.progress)),
        (_("Reason or remark"), old.remark, new.remark),
    )
    return (Difference(label, before, after) for label, before, after in aspects if before != after)


def _text(answer: RowAnswer) -> str:
    said = [_("Nothing to report in this round")] if answer.nothing else []
    return "\n".join([*said, answer.text] if answer.text else said)


def _code_words(code: Progress | None) -> str:
    return "" if code is None else f"{code.value} {code.label.say(language_in_force())}"


def _label(field: Field, column: Column, otherwise: str) -> str:
    found = field.column(column)
    return found.label.say(language_in_force()) if found else otherwise


def _sentence(one: Untaken) -> str:
    texts = {
        Trouble.NO_ROW: _("Line %(line)s: no row of the plan fits “%(said)s”."),
        Trouble.SEVERAL_ROWS: _(
            "Line %(line)s: several rows of the plan fit “%(said)s”. Write the whole statement."
        ),
        Trouble.TWICE: _("Line %(line)s: “%(said)s” stands in the table twice. The first one is used."),
        Trouble.NOT_A_CODE: _(
            "Line %(line)s: “%(said)s” is no progress from 1 to 4; the progress stays as it is."
        ),
    }
    said = " ".join(one.said.split())
    return texts[one.trouble] % {
        "line": one.line,
        "said": said if len(said) <= SAID_LENGTH else f"{said[:SAID_LENGTH]}…",
    }
