"""Frameworks in people's words: levels, and a sentence for everything that can be wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from minori.registry import splitting
from minori.registry.pasting import MARK_LENGTH, Column, PastedCode, PastedProblem, heading
from minori.report_forms.framework import Framework, Level, ProblemCode, Row, Support
from minori.report_forms.pasted import NotATable

LEVELS: dict[Level, Promise] = {
    Level.OUTCOME_LONG: gettext_lazy("long-term outcome"),
    Level.OUTCOME_SHORT: gettext_lazy("short-term outcome"),
    Level.OUTPUT: pgettext_lazy("level of a plan", "output"),
    Level.ACTIVITY: pgettext_lazy("level of a plan", "activity"),
}
SUPPORTS: dict[Support, Promise] = {
    Support.FINANCIAL: gettext_lazy("financial support"),
    Support.NON_FINANCIAL: gettext_lazy("non-financial support"),
}

_ROW_PROBLEMS: dict[ProblemCode, Promise] = {
    ProblemCode.NO_ROWS: gettext_lazy("The plan has no rows yet."),
    ProblemCode.DUPLICATE_ROW: gettext_lazy("This row stands in the plan twice."),
    ProblemCode.DUPLICATE_INDICATOR: gettext_lazy("This indicator stands in the plan twice."),
    ProblemCode.MISSING_PARENT: gettext_lazy("The row above this one is missing."),
    ProblemCode.PARENT_AFTER_CHILD: gettext_lazy("This row stands before the row it belongs to."),
    ProblemCode.EMPTY_STATEMENT: gettext_lazy("Write what this row says."),
    ProblemCode.EMPTY_INDICATOR: gettext_lazy("An indicator has a number but no words."),
    ProblemCode.UNSTORABLE_TEXT: gettext_lazy("A text holds signs that cannot be stored."),
}
_PASTED: dict[PastedCode, Promise] = {
    PastedCode.NOTHING: gettext_lazy("There are no rows in what was pasted."),
    PastedCode.NO_COLUMNS: gettext_lazy(
        "No columns were found. Copy the cells in Excel and paste them here."
    ),
    PastedCode.TOO_MANY_LINES: gettext_lazy("A plan has fewer lines than this. Paste one plan at a time."),
    PastedCode.QUOTES: gettext_lazy(
        "The quotation marks of a cell do not match. Copy the cells in Excel once more, or double the marks."
    ),
    PastedCode.LONG_CELL: gettext_lazy(
        'A cell has more than 131,072 characters. Often a quotation mark (") is open and takes in all that follows.'
        " Copy the cells in Excel once more, fewer at a time."
    ),
    PastedCode.UNKNOWN_HEADING: gettext_lazy(
        "The column “%(text)s” has no place in a plan. Remove or rename it."
    ),
    PastedCode.DOUBLE_HEADING: gettext_lazy("The column “%(column)s” stands there twice."),
    PastedCode.TOO_MANY_CELLS: gettext_lazy("The line has a cell too many: “%(text)s”."),
    PastedCode.UNKNOWN_LEVEL: gettext_lazy(
        "“%(text)s” is no level. Write short-term outcome, long-term outcome, output or activity."
    ),
    PastedCode.NO_LEVEL: gettext_lazy(
        "Write the level: short-term outcome, long-term outcome, output or activity."
    ),
    PastedCode.UNKNOWN_SUPPORT: gettext_lazy(
        "“%(text)s” is no kind of support. Write financial (資金支援) or non-financial (非資金的支援)."
    ),
    PastedCode.NO_ROW_ABOVE: gettext_lazy("This indicator has no row above it."),
    PastedCode.LONG_MARK: gettext_lazy("The indicator’s number “%(text)s” is longer than %(most)s letters."),
    PastedCode.EMPTY_STATEMENT: gettext_lazy("The row has no statement."),
    PastedCode.EMPTY_INDICATOR: gettext_lazy("The indicator has a number but no words."),
}


@dataclass(frozen=True)
class Said:
    """A problem in words: where it stands, and the address of the row to mend, if it has a page."""

    text: str
    where: str = ""
    href: str = ""


@dataclass(frozen=True)
class ShownRow:
    """A row as a table shows it: its level in words, and the name of the row that it stands under."""

    row: Row
    level: str
    under: str = ""
    is_first: bool = False
    is_last: bool = False
    linked: tuple[str, ...] = ()
    """The outcomes that an output serves, or the outputs that serve an outcome, as somebody confirmed."""

    @property
    def is_output(self) -> bool:
        return self.row.level is Level.OUTPUT


def name_of(row: Row) -> str:
    """A short name for lists and choices: its code, or the beginning of what it says."""
    statement = Truncator(" ".join(row.statement.split())).chars(30)
    if not row.code or statement.lstrip("（(").startswith(row.code):
        return statement or _("(no words yet)")
    return f"{row.code} {statement}"


def shown(framework: Framework, links: Mapping[UUID, Sequence[UUID]] | None = None) -> list[ShownRow]:
    """The rows in order with what stands around them; `links`: what each is linked with (`outcome_links.by_row`)."""
    names = {row.uuid: row.code or name_of(row) for row in framework}
    return [
        ShownRow(
            row=row,
            level=say_level(row),
            under=names.get(row.parent, "") if row.parent else "",
            is_first=framework.children(row.parent)[0].uuid == row.uuid,
            is_last=framework.children(row.parent)[-1].uuid == row.uuid,
            linked=tuple(names[one] for one in (links or {}).get(row.uuid, ()) if one in names),
        )
        for row in framework
    ]


@dataclass(frozen=True)
class Line:
    """A row of a plan that is being written: what is wrong with it, and the addresses of its pages."""

    shown: ShownRow
    name: str
    problems: list[str]
    counts: bool  # whether an indicator holds several, ①②, and could be split
    edit: str
    under: str
    move: str
    remove: str


def lines(framework: Framework, *, address: Callable[[str, UUID], str]) -> list[Line]:
    """The rows with what is wrong with them; `address` tells where a row is edited, moved, removed, added under."""
    wrong: dict[UUID, list[str]] = defaultdict(list)
    for sentence, row in say_problems(framework):
        if row is not None:
            wrong[row.uuid].append(sentence)
    return [
        Line(
            shown=one,
            name=name_of(one.row),
            problems=wrong[one.row.uuid],
            counts=splitting.counts(one.row),
            **{page: address(page, one.row.uuid) for page in ("edit", "under", "move", "remove")},
        )
        for one in shown(framework)
    ]


def problems(framework: Framework) -> list[Said]:
    """A sentence for everything that keeps the plan from being registered, each leading to its row on the page."""
    return [
        Said(
            text=sentence,
            where="" if row is None else name_of(row),
            href="" if row is None else f"#row-{row.uuid}",
        )
        for sentence, row in say_problems(framework)
    ]


def say_level(row: Row) -> str:
    """The level in words, with the kind of support where it is not money."""
    word = str(LEVELS[row.level])
    return (
        word if row.support is Support.FINANCIAL else _("%(level)s (non-financial support)") % {"level": word}
    )


def say_problems(framework: Framework) -> list[tuple[str, Row | None]]:
    """A sentence for everything that keeps the plan from being registered, with the row it stands at."""
    return [
        (str(_ROW_PROBLEMS[problem.code]), None if problem.row is None else framework.find_row(problem.row))
        for problem in framework.problems()
    ]


def say_problem(code: ProblemCode) -> str:
    """The sentence for one thing that is wrong with a plan."""
    return str(_ROW_PROBLEMS[code])


def why_no_table(error: NotATable) -> str:
    """Why a pasted text is no table at all; the line stands in `error.line`."""
    return str(_PASTED[PastedCode.LONG_CELL if error.too_long else PastedCode.QUOTES])


def say_pasted(problems: Iterable[PastedProblem]) -> list[Said]:
    """A sentence for everything wrong in a pasted table, with its line and column."""
    return [
        Said(
            text=str(_PASTED[problem.code])
            % {
                "text": Truncator(problem.text).chars(40),
                "column": _heading(problem.column) if problem.column else "",
                "most": MARK_LENGTH,
            },
            where=_where(problem),
        )
        for problem in problems
    ]


def _where(problem: PastedProblem) -> str:
    if problem.line is None:
        return ""
    if problem.column is None:
        return _("line %(line)s") % {"line": problem.line}
    return _("line %(line)s, column %(column)s") % {"line": problem.line, "column": _heading(problem.column)}


def _heading(column: Column) -> str:
    return heading(column, get_language() or "ja")
