"""The board: organizations × rounds, as a page shows compiled summaries on a given day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from minori.programmes.enums import Standing
from reporting.summaries import standing
from reporting.summaries.shape import BoardLine, RoundFacts, SummaryContents

URGENCY = (
    Standing.OVERDUE,
    Standing.RETURNED,
    Standing.HANDED_IN,
    Standing.OPEN,
    Standing.NOT_OPEN,
    Standing.WAIVED,
    Standing.ACCEPTED,
)
_EVER = datetime.min.replace(tzinfo=UTC)
CELL_STATES = {
    Standing.OVERDUE: "overdue",
    Standing.RETURNED: "returned",
    Standing.HANDED_IN: "waiting",
    Standing.OPEN: "open",
    Standing.NOT_OPEN: "closed",
    Standing.WAIVED: "waived",
    Standing.ACCEPTED: "accepted",
}


@dataclass(frozen=True)
class Cell:
    """One grant in one round. `days_left` is negative once the date in force has passed."""

    line: BoardLine
    standing: Standing
    due_on: date
    days_left: int
    handed_in_on: date | None

    @property
    def state(self) -> str:
        """The name of the board cell's look."""
        return CELL_STATES[self.standing]

    @property
    def on_behalf(self) -> bool:
        """Whether an officer filed what counts on behalf of the organization."""
        return self.line.get("came") == "behalf"

    @property
    def extended(self) -> bool:
        return self.line["extended_to"] is not None

    @property
    def extended_to(self) -> date | None:
        return _day(self.line["extended_to"])

    @property
    def waited_for(self) -> bool:
        """Whether nothing was handed in yet that counts: the closing date and requests matter only then."""
        return self.standing in (Standing.NOT_OPEN, Standing.OPEN, Standing.OVERDUE)

    @property
    def closes_on(self) -> date | None:
        return _day(self.line.get("closes_on")) if self.waited_for else None

    @property
    def closed(self) -> bool:
        """Whether the closing date has passed."""
        today = self.due_on - timedelta(days=self.days_left)
        return self.closes_on is not None and today > self.closes_on

    @property
    def asked_until(self) -> date | None:
        """Until when the organization asks for more time, where that waits for an answer."""
        return _day(self.line.get("asked_until")) if self.waited_for else None

    @property
    def days_over(self) -> int:
        return max(0, -self.days_left)


@dataclass(frozen=True)
class Column:
    """One round; the newest that has opened is the current one."""

    round: RoundFacts
    current: bool

    @property
    def due_on(self) -> date:
        return date.fromisoformat(self.round["due_on"])


@dataclass(frozen=True)
class Row:
    """One grant with its cells, one for each column; None where it has no deadline in that round."""

    grant: int
    code: str
    organization: str
    slug: str
    title: str
    lead: str
    deputy: str
    cells: tuple[Cell | None, ...]
    signals: int = 0
    change_waits: bool = False
    digest: str = ""
    """Of all facts that the row was made from, where the database said it."""

    @property
    def drawn_from(self) -> list[object]:
        """All that the row says follows from these (a kept piece is recognised by them)."""
        days = [cell and (cell.standing, cell.days_left) for cell in self.cells]
        facts = self.digest or [self.signals, self.change_waits, [cell and cell.line for cell in self.cells]]
        return [self.grant, days, facts]

    @property
    def now(self) -> Cell | None:
        """The cell of the round that is shown first."""
        return self.cells[0]


@dataclass(frozen=True)
class Board:
    """Columns newest first, rows by urgency in the first column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def of(summaries: list[SummaryContents], *, shown: int, today: date, zone: tzinfo) -> Board:
    """The board with the round of number `shown` first and the earlier ones behind it, most urgent rows first."""
    found = current(summaries, shown=shown, today=today, zone=zone)
    rows = with_earlier(found.rows, summaries, shown=shown, today=today, zone=zone)
    return Board(columns=found.columns, rows=tuple(rows))


def current(summaries: list[SummaryContents], *, shown: int, today: date, zone: tzinfo) -> Board:
    """The same board with the cells of the shown round only: enough to order, filter and count."""
    rounds = _rounds(summaries, shown)
    columns = tuple(Column(round=one["round"], current=one["round"]["number"] == shown) for one in rounds)
    rows = [
        row(line, (cell(line, one["round"], today=today, zone=zone),))
        for one in rounds[:1]
        for line in one["board"]
    ]
    return Board(columns=columns, rows=tuple(sorted(rows, key=_urgency)))


def with_earlier(
    rows: Iterable[Row], summaries: list[SummaryContents], *, shown: int, today: date, zone: tzinfo
) -> list[Row]:
    """These rows of a current board with their cells of the earlier rounds."""
    rows = list(rows)
    asked = {row.grant for row in rows}
    earlier = [
        {
            line["grant"]: cell(line, one["round"], today=today, zone=zone)
            for line in one["board"]
            if line["grant"] in asked
        }
        for one in _rounds(summaries, shown)[1:]
    ]
    return [
        replace(row, cells=(*row.cells[:1], *(cells.get(row.grant) for cells in earlier))) for row in rows
    ]


def _rounds(summaries: list[SummaryContents], shown: int) -> list[SummaryContents]:
    """The rounds up to the shown one, newest first."""
    until = (one for one in summaries if one["round"]["number"] <= shown)
    return sorted(until, key=lambda one: -one["round"]["number"])


def cell(line: BoardLine, round_: RoundFacts, *, today: date, zone: tzinfo) -> Cell:
    """What one line of a summary means on `today`; instants become days in the distributor's zone."""
    at = line["handed_in_at"]
    return Cell(
        line=line,
        standing=standing.of(line, round_, today=today),
        due_on=standing.effective_due_on(line),
        days_left=standing.days_left(line, today=today),
        handed_in_on=datetime.fromisoformat(at).astimezone(zone).date() if at else None,
    )


def matches(row: Row, *, officer: str = "", state: str = "") -> bool:
    """Whether a row passes the page's filters: lead or deputy by name, standing in the shown round."""
    if officer and officer not in (row.lead, row.deputy):
        return False
    return not state or (row.now is not None and row.now.standing == state)


def by_name(rows: Iterable[Row], summary: SummaryContents) -> list[Row]:
    """The rows in the order of the organizations' names, as the summary has them."""
    places = {line["grant"]: place for place, line in enumerate(summary["board"])}
    return sorted(rows, key=lambda row: places[row.grant])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def row(
    line: BoardLine,
    cells: tuple[Cell | None, ...],
    *,
    signals: int = 0,
    change_waits: bool = False,
    digest: str = "",
) -> Row:
    """The row of a grant with these cells, the shown round's first."""
    return Row(
        grant=line["grant"],
        code=line["grant_code"],
        organization=line["organization_name"],
        slug=line.get("organization_slug", ""),
        title=line["grant_title"],
        lead=line["lead"],
        deputy=line["deputy"],
        cells=cells,
        signals=signals,
        change_waits=change_waits,
        digest=digest,
    )


def _urgency(row: Row) -> tuple[int, datetime, date]:
    """What is handed in waits since an instant, to the second; everything else is ordered by the date in force."""
    now = row.now
    if now is None:
        return len(URGENCY), _EVER, date.max
    since = now.line["handed_in_at"] if now.standing == Standing.HANDED_IN else None
    return URGENCY.index(now.standing), datetime.fromisoformat(since) if since else _EVER, now.due_on
