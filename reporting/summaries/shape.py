"""The shape of a compiled summary, as stored (JSON) and as pages, workbooks and the command line read it."""

from typing import NotRequired, TypedDict

FORMAT = 8

TALLY_FORMAT = 2


class RoundFacts(TypedDict):
    """Which round; dates as ISO texts."""

    id: int
    number: int
    title: str
    kind: str
    opens_on: str
    due_on: str
    edition: str
    edition_version: int


class BoardLine(TypedDict):
    """One grant on the board: facts only. What depends on the day (overdue, days left) is derived by `standing`."""

    grant: int
    grant_code: str
    grant_title: str
    organization: int
    organization_name: str
    organization_slug: NotRequired[str]  # summaries compiled before there were profiles do not have it
    lead: str
    deputy: str
    deadline: int
    state: str
    due_on: str
    extended_to: str | None
    closes_on: str | None
    asked_until: str | None
    returned_due_on: str | None
    filing: int | None
    revision: int | None
    came: str | None
    handed_in_at: str | None
    first_handed_in_at: str | None
    days_late: int | None
    waived_reason: str


class MapCell(TypedDict):
    """One row of a plan in the progress map.

    `progress`: the code that stands here or covers this row, None = no code. `nothing`: there was nothing to
    report, which is not the same as not reported. `covered_by`: position of the row
    whose code covers this one. `last`: the code of the previous round's counting filing. `worse`: 1→2, 1→3 or 2→3.
    `cut`: an indicator measures something else than in the previous round, so the codes are not compared.
    """

    position: int
    row: str
    parent: str | None
    code: str
    statement: str
    progress: int | None
    covered_by: str | None
    last: int | None
    worse: bool
    cut: bool
    nothing: bool
    text: str
    remark: str


class MapLine(TypedDict):
    """One grant in the map; `counts` by code "1"–"4", "nothing" (to report) and "blank" of what was handed in.

    Where nothing was handed in the cells are the plan's rows, without codes, and all counts are 0."""

    grant: int
    handed_in: bool
    cells: list[MapCell]
    counts: dict[str, int]
    last_counts: dict[str, int] | None
    worse: int


class OutlookLine(TypedDict):
    """One answer to a choice of the form, over all filings that count."""

    field: str
    value: str
    grants: list[int]


class UnreadableLine(TypedDict):
    """A grant whose filing could not be compiled, and why: what stands of it in the map is the plan, without codes."""

    grant: int
    reason: str


class Totals(TypedDict):
    """Over the whole round. `required` leaves out what is waived; every figure names what it is out of.

    `reported_rows` have a code; those with nothing to report are counted by themselves in `codes`.
    """

    grants: int
    required: int
    handed_in: int
    late: int
    rows: int
    reported_rows: int
    codes: dict[str, int]
    worse: int


class SummaryContents(TypedDict):
    """Everything a page about a round needs, from one snapshot."""

    format: int
    round: RoundFacts
    previous: RoundFacts | None
    board: list[BoardLine]
    map: list[MapLine]
    outlook: list[OutlookLine]
    totals: Totals
    unreadable: NotRequired[list[UnreadableLine]]  # summaries compiled before this was told do not have it
