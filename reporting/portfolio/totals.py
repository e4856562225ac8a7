"""The figures at the head of a programme page, each with what it is out of. Pure."""

from collections import Counter
from dataclasses import dataclass

from minori.marks import bracketed
from minori.programmes import labels
from minori.programmes.enums import Standing
from minori.programmes.models import Distributor
from reporting.portfolio.board import Board, Cell, Row
from reporting.summaries.shape import SummaryContents


@dataclass(frozen=True)
class Tiles:
    """Counts of the shown round on the day of the board; days are whole days."""

    handed_in: int
    required: int
    waived: int
    late: int
    waiting: int
    returned: int
    overdue: int
    longest_overdue: int
    behind: int
    reported_rows: int
    nothing_rows: int
    rows: int
    worse: int


def of(board: Board, summary: SummaryContents) -> Tiles:
    """The tiles; what depends on the day comes from the board, the rest from the summary."""
    cells = [row.now for row in board.rows if row.now is not None]
    by_standing = Counter(cell.standing for cell in cells)
    totals = summary["totals"]
    return Tiles(
        handed_in=totals["handed_in"],
        required=totals["required"],
        waived=by_standing[Standing.WAIVED],
        late=totals["late"],
        waiting=by_standing[Standing.HANDED_IN],
        returned=by_standing[Standing.RETURNED],
        overdue=by_standing[Standing.OVERDUE],
        longest_overdue=max((cell.days_over for cell in _overdue(cells)), default=0),
        behind=totals["codes"]["3"],
        reported_rows=totals["reported_rows"],
        nothing_rows=totals["codes"].get("nothing", 0),
        rows=totals["rows"],
        worse=totals["worse"],
    )


@dataclass(frozen=True)
class Unreadable:
    """A grant whose filing could not be compiled; `reason` is for whoever looks into it."""

    row: Row
    reason: str


def unreadable(board: Board, summary: SummaryContents) -> list[Unreadable]:
    """The grants whose filings could not be compiled, in the order of the board."""
    reasons = {line["grant"]: line["reason"] for line in summary.get("unreadable", [])}
    return [Unreadable(row, reasons[row.grant]) for row in board.rows if row.grant in reasons]


@dataclass(frozen=True)
class OutlookCount:
    """How many organizations chose what; `label` is the choice's number and words, "" where nothing was chosen."""

    label: str
    organizations: tuple[str, ...]


def outlook(summary: SummaryContents, *, distributor: Distributor, language: str) -> list[OutlookCount]:
    """The answers to the form's choice about the short-term outcomes, with who chose them."""
    named = names(summary)
    words = _choice_labels(summary, distributor, language)
    return [
        OutlookCount(
            label=words.get((line["field"], line["value"]), line["value"]),
            organizations=tuple(named[grant] for grant in line["grants"] if grant in named),
        )
        for line in summary["outlook"]
    ]


def names(summary: SummaryContents) -> dict[int, str]:
    """Grant → organization, with the project's title where the organization has several."""
    grants = Counter(line["organization"] for line in summary["board"])
    return {
        line["grant"]: line["organization_name"]
        if grants[line["organization"]] == 1
        else line["organization_name"] + bracketed(line["grant_title"])
        for line in summary["board"]
    }


def _overdue(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.standing == Standing.OVERDUE]


def _choice_labels(
    summary: SummaryContents, distributor: Distributor, language: str
) -> dict[tuple[str, str], str]:
    facts = summary["round"]
    edition = labels.edition_of(distributor, facts["edition"], facts["edition_version"])
    return {
        (field.key, choice.value): " ".join(
            part for part in (choice.value, choice.label.say(language)) if part
        )
        for section in edition.sections
        for field in section.fields
        for choice in field.choices
    }
