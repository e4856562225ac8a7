"""The figures at the head of a programme page, each with what it is out of. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from minori.marks import bracketed
from minori.programmes import labels
from minori.programmes.enums import Standing
from minori.programmes.models import Distributor
from reporting.portfolio.board import Board
from reporting.summaries.shape import OutlookLine, RoundFacts, SummaryContents, Totals


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
    longest = max((cell.days_over for cell in cells if cell.standing == Standing.OVERDUE), default=0)
    return of_counts(Counter(cell.standing for cell in cells), longest, summary["totals"])


def of_counts(standings: Mapping[str, int], longest_overdue: int, totals: Totals) -> Tiles:
    """The tiles from how many grants stand where, and from the totals of the summary."""
    return Tiles(
        handed_in=totals["handed_in"],
        required=totals["required"],
        waived=standings.get(Standing.WAIVED, 0),
        late=totals["late"],
        waiting=standings.get(Standing.HANDED_IN, 0),
        returned=standings.get(Standing.RETURNED, 0),
        overdue=standings.get(Standing.OVERDUE, 0),
        longest_overdue=longest_overdue,
        behind=totals["codes"]["3"],
        reported_rows=totals["reported_rows"],
        nothing_rows=totals["codes"].get("nothing", 0),
        rows=totals["rows"],
        worse=totals["worse"],
    )


@dataclass(frozen=True)
class Unreadable:
    """A grant whose filing could not be compiled; `reason` is for whoever looks into it."""

    name: str
    deadline: int
    reason: str


@dataclass(frozen=True)
class OutlookCount:
    """How many organizations chose what; `label` is the choice's number and words, "" where nothing was chosen.

    `key` names the choice in an address.
    """

    label: str
    organizations: tuple[str, ...]
    count: int
    key: str


def outlook(summary: SummaryContents, *, distributor: Distributor, language: str) -> list[OutlookCount]:
    """The answers to the form's choice about the short-term outcomes, with who chose them."""
    return outlook_of(
        summary["outlook"], summary["round"], names(summary), distributor=distributor, language=language
    )


def outlook_of(
    lines: Iterable[OutlookLine],
    round_: RoundFacts,
    named: Mapping[int, str],
    *,
    distributor: Distributor,
    language: str,
) -> list[OutlookCount]:
    """The same, with the names of those organizations that are known here."""
    words = _choice_labels(round_, distributor, language)
    return [
        OutlookCount(
            label=words.get((line["field"], line["value"]), line["value"]),
            organizations=tuple(named[grant] for grant in line["grants"] if grant in named),
            count=len(line["grants"]),
            key=f"{line['field']}={line['value']}",
        )
        for line in lines
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


def _choice_labels(facts: RoundFacts, distributor: Distributor, language: str) -> dict[tuple[str, str], str]:
    edition = labels.edition_of(distributor, facts["edition"], facts["edition_version"])
    return {
        (field.key, choice.value): " ".join(
            part
            for part in (
                choice.value,
                choice.label.say(language) or _("(the official label is not confirmed yet)"),
            )
            if part
        )
        for section in edition.sections
        for field in section.fields
        for choice in field.choices
    }
