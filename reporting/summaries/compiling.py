"""Compiling a round's summary: PostgreSQL reads, pandas shapes, one row is written."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, cast
from uuid import UUID

import pandas as pd
from django.db import connection, transaction

from minori.programmes.models import Round
from minori.registry import successions
from minori.report_forms import editions
from minori.report_forms.edition import Kind
from reporting.signals import compiling as signals
from reporting.summaries import number_inputs, numbers, parts, queries, storing
from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import NumbersContents
from reporting.summaries.setting_apart import SetApart
from reporting.summaries.shape import (
    FORMAT,
    BoardLine,
    MapCell,
    MapLine,
    OutlookLine,
    RoundFacts,
    SummaryContents,
    Totals,
)
from reporting.summaries.storing import Lines, Staying

Row = dict[Any, Any]
Rows = list[Row]
"""Rows of one grant, by the columns of `queries`."""

CODES = ("1", "2", "3", "4")
NOTHING = "nothing"
BLANK = "blank"
COUNTED = (*CODES, NOTHING, BLANK)
_LOCK = 0x6D696E6F  # "mino": our advisory locks for compiling, by round


def compile_round(round_id: int, *, at: datetime, force: bool = False) -> bool:
    """Compile a round's summary unless it is fresh; True when it was compiled now.

    Numbers and signals are made again of the grants about which something came in; `force` makes all of them again.
    Safe to run twice and in parallel: one compiles, the other waits and finds it fresh. A failure is written down
    with its reason and raised; the summary that was there stays and is known to be stale.
    """
    round_ = Round.objects.select_related("programme__distributor").get(pk=round_id)
    if not force and is_fresh(
        round_
    ):  # of a thousand wake-ups one has something to do: the others cost two short reads
        return False
    summary, _ = Summary.objects.get_or_create(round=round_, defaults={"programme_id": round_.programme_id})
    with _alone(round_id):
        if not force and is_fresh(round_):
            return False
        Summary.objects.filter(pk=summary.pk).update(started_at=at)
        try:
            _compile(round_, summary, at=at, force=force)
        except Exception as error:
            Summary.objects.filter(pk=summary.pk).update(
                failed_at=at, failure=f"{type(error).__name__}: {error}", started_at=None
            )
            raise
    return True


def is_fresh(round_: Round) -> bool:
    """Whether a round's summary is of the present format and has counted every event and reading about it."""
    # the brief only: contents are megabytes
    found = Summary.objects.filter(round=round_).values_list("brief__format", "events_compiled").first()
    return found is not None and found[0] == FORMAT and found[1] == queries.count_inputs(round_)


def contents_of(round_: Round) -> SummaryContents:
    """What the round's summary says, computed from the filings now; nothing is stored."""
    board = queries.board(round_.pk)
    before = queries.previous_round(round_)
    cells = _by_grant(_spread(queries.cells(round_.pk)))
    last = _by_grant(_spread(queries.cells(before.pk))) if before else {}
    planned = _by_grant(queries.planned_rows(round_))
    cuts = successions.of_programme(round_.programme_id)
    apart = SetApart(round_.pk)
    lines = [
        apart.attempt(
            grant,
            partial(
                _map_line,
                grant,
                cells.get(grant),
                last.get(grant),
                planned.get(grant),
                cuts=cuts.get(grant, []),
            ),
        )
        or _map_line(grant, None, None, planned.get(grant), cuts=[])
        for grant in board["grant"]
    ]
    outlook = _outlook(round_, apart)
    return SummaryContents(
        format=FORMAT,
        round=_facts(round_),
        previous=_facts(before) if before else None,
        board=[_board_line(row) for row in board.to_dict("records")],
        map=lines,
        outlook=outlook,
        totals=_totals(board, lines),
        unreadable=apart.lines,
    )


def numbers_of(round_: Round) -> NumbersContents:
    """The round's numbers, calculated from figures, readings and mappings now; nothing is stored."""
    return parts.whole(round_)


def _compile(round_: Round, summary: Summary, *, at: datetime, force: bool) -> None:
    lines = Lines()
    with snapshot():
        by_grant = queries.inputs_by_grant(round_)
        stays = Staying() if force else storing.staying(summary, by_grant)
        contents, mapped, board = (
            contents_of(round_),
            number_inputs.mapped(round_),
            number_inputs.asked(round_),
        )
        changed = [grant for grant in board if grant not in stays.coverage]
        judged = parts.judge(round_, changed, mapped, each=lines.add)
        these = set(changed) if stays.coverage else None
        noticed = signals.of(round_, contents=contents, numbers=judged.for_signals, grants=these)
    coverage = {**stays.coverage, **{one["grant"]: one for one in judged.coverage}}
    told = {**stays.signals, **{grant: list(some) for grant, some in groupby(noticed, itemgetter("grant"))}}
    storing.store(
        summary,
        contents=contents,
        numbers=numbers.together(round_, [coverage[grant] for grant in board], mapped, judged.added),
        lines=lines,
        signals=[one for grant in board for one in told.get(grant, ())],
        by_grant=by_grant,
        board=board,
        stays=stays,
        at=at,
    )


@contextmanager
def snapshot() -> Iterator[None]:
    """One REPEATABLE READ snapshot for all reads (the caller's transaction where there is one: tests)."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def _alone(round_id: int) -> Iterator[None]:
    """One compile a round at a time. A session lock: a snapshot taken while waiting would be old."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK, round_id])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, round_id])


def _facts(round_: Round) -> RoundFacts:
    return RoundFacts(
        id=round_.pk,
        number=round_.number,
        title=round_.title,
        kind=round_.kind,
        opens_on=round_.opens_on.isoformat(),
        due_on=round_.due_on.isoformat(),
        edition=round_.edition,
        edition_version=round_.edition_version,
    )


def _board_line(row: dict[Any, Any]) -> BoardLine:
    plain = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
    plain["deputy"] = plain["deputy"] or ""
    return cast("BoardLine", plain)  # the columns of queries.BOARD are its keys


def _by_grant(rows: pd.DataFrame) -> dict[int, Rows]:
    """The rows of every grant in their order. As dicts all at once: a frame for each of a thousand grants takes seconds."""
    names = list(rows.columns)
    found: dict[int, Rows] = {}
    for values in zip(*(rows[name].tolist() for name in names), strict=True):
        row = dict(zip(names, values, strict=True))
        found.setdefault(row["grant"], []).append(row)
    return found


def _spread(cells: pd.DataFrame) -> pd.DataFrame:
    """The rows with `shown`: the code that stands at a row, else the one a person stated to cover it. Never filled down."""
    # a row stands once in a filing; where it does not (put there past every guard) the first one counts
    codes: dict[tuple[int, UUID], int | None] = {}
    for filing, row, code in zip(cells["filing"], cells["row"], cells["progress"], strict=True):
        codes.setdefault((filing, row), code)
    covering = [
        codes.get((filing, by)) if by is not None else None
        for filing, by in zip(cells["filing"], cells["covered_by"], strict=True)
    ]
    own = cells["progress"]
    shown = [code if code is not None else other for code, other in zip(own, covering, strict=True)]
    spanned = [
        by if code is None and other is not None else None
        for code, other, by in zip(own, covering, cells["covered_by"], strict=True)
    ]
    return cells.assign(
        shown=pd.Series(shown, index=cells.index, dtype=object),
        spanned=pd.Series(spanned, index=cells.index, dtype=object),
    )


def _map_line(
    grant: int,
    cells: Rows | None,
    last: Rows | None,
    planned: Rows | None,
    *,
    cuts: list[tuple[int, UUID]],
) -> MapLine:
    cut = {row for number, row in cuts if _version(last) < number <= _version(cells)}
    last_codes = {row["row"]: row["shown"] for row in last or ()}
    rows = cells if cells is not None else _unreported(planned or ())
    lines = [_cell(row, last_codes, cut) for row in rows]
    return MapLine(
        grant=int(grant),
        handed_in=cells is not None,
        cells=lines,
        counts=_counts(cells),
        last_counts=None if last is None else _counts(last),
        worse=sum(line["worse"] for line in lines),
    )


def _unreported(planned: Iterable[Row]) -> Rows:
    """The plan's rows with nothing said: they stand in the map of a grant that has handed in nothing."""
    nothing = {"shown": None, "spanned": None, "nothing": False, "text": "", "remark": ""}
    return [row | nothing for row in planned]


def _version(cells: Rows | None) -> int:
    """The version of the plan that a filing answers to; 0 where there is none."""
    return int(cells[0]["version"]) if cells else 0


def _cell(row: Row, last_codes: dict[Any, Any], cut: set[UUID]) -> MapCell:
    is_cut = row["row"] in cut
    now, last = row["shown"], None if is_cut else last_codes.get(row["row"])
    return MapCell(
        position=row["position"],
        row=str(row["row"]),
        parent=None if row["parent"] is None else str(row["parent"]),
        code=row["code"],
        statement=row["statement"] or "",
        progress=now,
        covered_by=None if row["spanned"] is None else str(row["spanned"]),
        last=last,
        worse=got_worse(last, now),
        cut=is_cut,
        nothing=bool(row["nothing"]),
        text=row["text"],
        remark=row["remark"],
    )


def got_worse(last: int | None, now: int | None) -> bool:
    """Whether a row slid from ahead or on plan towards behind. 4 (other) and blanks are no rank and never compared."""
    return last in (1, 2, 3) and now in (1, 2, 3) and now > last


def _counts(cells: Rows | None) -> dict[str, int]:
    """How many rows show which code; a row without one had nothing to report, or was not reported."""
    if cells is None:
        return dict.fromkeys(COUNTED, 0)
    counted = Counter(
        str(row["shown"]) if row["shown"] is not None else NOTHING if row["nothing"] else BLANK
        for row in cells
    )
    return {code: counted[code] for code in COUNTED}


def _outlook(round_: Round, apart: SetApart) -> list[OutlookLine]:
    """Answers to the choices the form asks of everybody (the outlook of the short-term outcomes); "" = not answered."""
    edition = editions.load(round_.edition, round_.edition_version)
    asked = {field.key for field in edition.fields if field.kind == Kind.CHOICE and field.required}
    chosen: dict[tuple[str, str], list[int]] = {}
    for grant, sections in queries.answers(round_.pk):
        for place in apart.attempt(grant, partial(_chosen, asked, sections)) or ():
            chosen.setdefault(place, []).append(grant)
    return [
        OutlookLine(field=field, value=value, grants=sorted(grants))
        for (field, value), grants in sorted(chosen.items())
    ]


def _chosen(asked: set[str], sections: Any) -> list[tuple[str, str]]:
    """What one filing answered to these fields; TypeError for what is no answer."""
    found = []
    for fields in sections.values():
        for field in asked & fields.keys():
            value = fields[field]["value"]
            if not isinstance(value, str):
                message = f"{field}: a choice is expected"
                raise TypeError(message)
            found.append((field, value))
    return found


def _totals(board: pd.DataFrame, lines: list[MapLine]) -> Totals:
    counts = pd.DataFrame([line["counts"] for line in lines], columns=[*COUNTED]).sum()
    codes = {code: int(counts[code]) for code in COUNTED}
    rows = sum(codes.values())
    return Totals(
        grants=len(board),
        required=int((board["state"] != "waived").sum()),
        handed_in=int(board["filing"].notna().sum()),
        late=int((board["days_late"].fillna(0).astype(int) > 0).sum()),
        rows=rows,
        reported_rows=sum(codes[code] for code in CODES),
        codes=codes,
        worse=sum(line["worse"] for line in lines),
    )
