"""What the programme page reads of a compiled round: one statement, so one snapshot, for any number of grants.

PostgreSQL orders, filters and counts the lines of the summary (`GrantLine`); only those of a screenful leave it, with
their cells of the earlier rounds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.http import QueryDict

from minori.marks import bracketed
from minori.programmes.enums import DeadlineState, Standing
from minori.programmes.models import Programme, Round
from minori.registry.enums import ChangeState, Party
from reporting import paging
from reporting.paging import Window
from reporting.portfolio import board, progress_map
from reporting.portfolio.board import URGENCY, Column, Row
from reporting.summaries.queries import SET_UP
from reporting.summaries.shape import FORMAT, OutlookLine, RoundFacts, Totals, UnreadableLine

ROWS = 15
LINES = 8  # each is a strip of a dozen cells
FEW = 20
"""So many organizations are named one by one; of more there is their number, and the board narrowed down to them."""
CODES: Mapping[str, str] = {
    "3": "behind",
    "4": "other",
    "worse": "worse",
    "blank": "blank",
    "nothing": "nothing",
}
"""What a filter by code asks of a line: the column that counts it."""

_HEAD = """
    SELECT json_build_object(
        'summaries', (
            SELECT json_agg(json_build_object('number', r.number, 'as_of', s.as_of, 'failure', s.failure,
                'started_at', s.started_at, 'inputs', s.events_compiled, 'brief', CASE WHEN r.number = %(number)s
                    THEN s.brief ELSE jsonb_build_object('round', s.brief -> 'round') END) ORDER BY r.number DESC)
            FROM summaries_summary s JOIN programmes_round r ON r.id = s.round_id
            WHERE s.programme_id = %(programme)s AND r.number <= %(number)s),
        'inputs', (
            SELECT coalesce(sum(i.count), 0) FROM summaries_inputcount i
            WHERE i.programme_id = %(programme)s AND (i.round_id IS NULL OR i.action = ANY(%(set_up)s) OR i.round_id IN (
                SELECT id FROM programmes_round WHERE programme_id = %(programme)s AND number <= %(number)s)))
    )"""

_LINES = """
    WITH l AS MATERIALIZED (
        SELECT g.*, CASE WHEN g.state <> %(awaiting)s THEN g.state WHEN %(today)s > g.due_on THEN %(overdue)s
            WHEN %(today)s >= %(opens_on)s THEN %(open)s ELSE %(not_open)s END AS standing
        FROM (
            SELECT grant_id, place, lead, deputy, words, state, due_on, handed_in_at, worse, behind, other, nothing, blank,
                signal_count FROM summaries_grantline WHERE round_id = %(round)s
        ) g
    ), aside AS (
        SELECT a.grant_id, count(*) AS signals FROM signals_setaside a JOIN summaries_grantline s
            ON s.round_id = %(round)s AND s.grant_id = a.grant_id AND s.signals @> jsonb_build_array(
                jsonb_build_object('kind', a.kind, 'place', a.place, 'cause', a.cause))
        WHERE a.ended_at IS NULL GROUP BY 1
    ), kept AS (
        SELECT l.grant_id, l.place, l.worse, l.behind, array_position(%(urgency)s, l.standing) AS urgency,
            CASE WHEN l.standing = %(handed_in)s THEN l.handed_in_at END AS waits_since, l.due_on
        FROM l WHERE {kept}
    ), c AS (
        SELECT n.all, n.rows, n.lines,
            (least(%(page)s, greatest(1, (n.all + n.rows - 1) / n.rows)) - 1) * n.rows AS row_from,
            (least(%(map_page)s, greatest(1, (n.all + n.lines - 1) / n.lines)) - 1) * n.lines AS line_from
        FROM (SELECT count(*) AS all, CASE WHEN count(*) <= %(untorn)s THEN %(untorn)s ELSE %(rows)s END AS rows,
            CASE WHEN count(*) <= %(untorn)s THEN %(untorn)s ELSE %(lines)s END AS lines FROM kept) n
    ), in_board AS (
        SELECT grant_id, row_number() OVER (ORDER BY {order}) AS row FROM (
            SELECT * FROM kept ORDER BY {order} LIMIT (SELECT rows FROM c) OFFSET (SELECT row_from FROM c)) k
    ), in_map AS (
        SELECT grant_id, row_number() OVER (ORDER BY worse DESC, behind DESC, {order}) AS line FROM (
            SELECT * FROM kept ORDER BY worse DESC, behind DESC, {order}
            LIMIT (SELECT lines FROM c) OFFSET (SELECT line_from FROM c)) k
    ), shown AS (
        SELECT grant_id, row, line FROM in_board FULL JOIN in_map USING (grant_id)
    )
    SELECT json_build_object(
        'head', ({head}),
        'count', c.all, 'row_from', c.row_from, 'line_from', c.line_from,
        'totals', (SELECT json_build_object('standings', json_build_object({standings}),
                'longest', max(%(today)s - l.due_on) FILTER (WHERE l.standing = %(overdue)s),
                'signals', coalesce(sum(l.signal_count - coalesce(a.signals, 0)), 0),
                'signal_grants', count(*) FILTER (WHERE l.signal_count > coalesce(a.signals, 0)))
            FROM l LEFT JOIN aside a USING (grant_id)),
        'officers', (SELECT json_agg(name ORDER BY name) FROM (
            SELECT DISTINCT name FROM (SELECT DISTINCT lead, deputy FROM l) o, unnest(ARRAY[lead, deputy]) name) o
            WHERE name <> ''),
        'named', (
            SELECT json_agg(json_build_object('grant', n.grant_id, 'organization', n.board -> 'organization_name',
                'title', n.board -> 'grant_title', 'deadline', n.board -> 'deadline', 'several', (
                    SELECT count(*) > 1 FROM programmes_deadline d
                    WHERE d.round_id = %(round)s AND d.organization_id = (n.board ->> 'organization')::bigint)
                ) ORDER BY n.place)
            FROM summaries_grantline n WHERE n.round_id = %(round)s AND n.grant_id IN (
                SELECT jsonb_array_elements_text(o.one -> 'grants')::bigint
                FROM summaries_summary s, jsonb_array_elements(s.brief -> 'outlook') o(one)
                WHERE s.round_id = %(round)s AND jsonb_array_length(o.one -> 'grants') <= %(few)s
                UNION SELECT (u.one ->> 'grant')::bigint
                FROM summaries_summary s, jsonb_array_elements(s.brief -> 'unreadable') u(one)
                WHERE s.round_id = %(round)s)),
        'lines', (
            SELECT json_agg(json_build_object('row', p.row, 'line', p.line, 'facts', f.facts, 'digest', md5(f.facts::text)))
            FROM shown p JOIN summaries_grantline g ON g.round_id = %(round)s AND g.grant_id = p.grant_id
            LEFT JOIN aside a ON a.grant_id = p.grant_id
            CROSS JOIN LATERAL (SELECT json_build_object(
                'board', g.board, 'strip', CASE WHEN p.line IS NOT NULL THEN g.strip END,
                'signals', g.signal_count - coalesce(a.signals, 0),
                'changes', EXISTS (SELECT FROM registry_changerequest q WHERE q.grant_id = p.grant_id
                    AND (q.party = %(room)s AND q.state = %(waiting)s OR q.state = %(answered)s)),
                'earlier', CASE WHEN p.row IS NOT NULL THEN (
                    SELECT json_object_agg(r.number, e.board ORDER BY r.number) FROM summaries_grantline e
                    JOIN programmes_round r ON r.id = e.round_id
                    WHERE e.grant_id = p.grant_id AND r.programme_id = %(programme)s AND r.number < %(number)s) END
                ) AS facts) f)
    )::text FROM c"""

_STANDINGS = ", ".join(f"'{one}', count(*) FILTER (WHERE l.standing = '{one}')" for one in Standing)
_ORDER = {"": "urgency, waits_since, due_on, place", "name": "place"}
_KEPT = {
    "officer": "%(officer)s IN (l.lead, l.deputy)",
    "state": "l.standing = %(state)s",
    "q": "position(lower(%(q)s) IN l.words) > 0",
    "outlook": """l.grant_id IN (
        SELECT jsonb_array_elements_text(o.one -> 'grants')::bigint
        FROM summaries_summary s, jsonb_array_elements(s.brief -> 'outlook') o(one)
        WHERE s.round_id = %(round)s AND concat(o.one ->> 'field', '=', o.one ->> 'value') = %(outlook)s)""",
}


@dataclass(frozen=True)
class Filters:
    """What the address narrows the lines down to, and their order; "" narrows nothing. Nonsense keeps nothing, or all."""

    officer: str = ""
    state: str = ""
    code: str = ""
    q: str = ""
    outlook: str = ""
    sort: str = ""

    @property
    def any(self) -> bool:
        return any((self.officer, self.state, self.code, self.q, self.outlook))


def asked(query: QueryDict) -> Filters:
    """The filters of an address."""
    return paging.filters_in(query, Filters)


@dataclass(frozen=True)
class Head:
    """A round's summary in brief, and how fresh it is; `as_of` None while none was compiled yet."""

    as_of: datetime | None
    stale: bool
    failure: str
    started_at: datetime | None
    brief: Mapping[str, Any]
    columns: tuple[Column, ...]

    @property
    def totals(self) -> Totals:
        found: Totals = self.brief["totals"]
        return found

    @property
    def outlook(self) -> list[OutlookLine]:
        return list(self.brief["outlook"])

    @property
    def unreadable(self) -> list[UnreadableLine]:
        return list(self.brief.get("unreadable", ()))

    @property
    def rounds(self) -> list[RoundFacts]:
        """The compiled rounds up to this one, newest first."""
        return [one.round for one in self.columns]


@dataclass(frozen=True)
class Named:
    """A grant that stands below the map by its name: of a choice that few have made, or of a filing that cannot be read."""

    organization: str
    title: str
    deadline: int
    several: bool

    @property
    def name(self) -> str:
        """The organization, with the project's title where it has several."""
        return self.organization + (bracketed(self.title) if self.several else "")


@dataclass(frozen=True)
class Shown:
    """One page of the board and one of the map, with the counts of everything."""

    head: Head
    board: Window
    map: Window
    standings: Mapping[str, int]
    longest_overdue: int
    signals: int
    signal_grants: int
    officers: Sequence[str]
    named: Mapping[int, Named]


def head(programme: Programme, round_: Round) -> Head:
    """How the round's summary stands: one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({_HEAD})::text", _of(programme, round_))
        (text,) = cursor.fetchone() or ("{}",)
    return _head(json.loads(text), round_)


def shown(
    programme: Programme, round_: Round, *, filters: Filters, today: date, query: QueryDict
) -> Shown | None:
    """What the page shows, None while the round has not been compiled: one query."""
    rows = paging.asked_for(query, "page", per_page=ROWS, untorn=paging.UNTORN)
    lines = paging.asked_for(query, "line", per_page=LINES, untorn=paging.UNTORN)
    kept = [condition for name, condition in _KEPT.items() if getattr(filters, name)]
    if filters.code:
        kept.append(f"l.{CODES[filters.code]} > 0" if filters.code in CODES else "FALSE")
    given = _of(programme, round_) | {
        **vars(filters),
        "today": today,
        "opens_on": round_.opens_on,
        "few": FEW,
        "untorn": paging.UNTORN,
        "urgency": [str(one) for one in URGENCY],
        **{one.name.lower(): str(one) for one in (Standing.OVERDUE, Standing.OPEN, Standing.NOT_OPEN)},
        "awaiting": str(DeadlineState.AWAITING),
        "handed_in": str(DeadlineState.HANDED_IN),
        "page": rows.page,
        "rows": rows.per_page,
        "map_page": lines.page,
        "lines": lines.per_page,
        "room": str(Party.ROOM),
        "waiting": str(ChangeState.WAITING),
        "answered": str(ChangeState.ANSWERED),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES.format(
                kept=" AND ".join(kept) or "TRUE",
                order=_ORDER.get(filters.sort, _ORDER[""]),
                head=_HEAD,
                standings=_STANDINGS,
            ),
            given,
        )
        (text,) = cursor.fetchone() or ("{}",)
    found = json.loads(text)
    top = _head(found["head"], round_)
    if top.as_of is None:
        return None
    return _shown(found, top, rows=rows, lines=lines, today=today, programme=programme)


def _of(programme: Programme, round_: Round) -> dict[str, Any]:
    return {
        "programme": programme.pk,
        "round": round_.pk,
        "number": round_.number,
        "set_up": [str(one) for one in SET_UP],
    }


def _head(found: Mapping[str, Any], round_: Round) -> Head:
    summaries = found.get("summaries") or []
    compiled = [one for one in summaries if one["as_of"]]
    this = next((one for one in summaries if one["number"] == round_.number), None)
    brief = (this or {}).get("brief") or {}
    fresh = this is not None and brief.get("format") == FORMAT and this["inputs"] == found["inputs"]
    return Head(
        as_of=datetime.fromisoformat(this["as_of"]) if this and this["as_of"] else None,
        stale=not fresh,
        failure=this["failure"] if this else "",
        started_at=datetime.fromisoformat(this["started_at"]) if this and this["started_at"] else None,
        brief=brief,
        columns=tuple(
            Column(round=one["brief"]["round"], current=one["number"] == round_.number) for one in compiled
        ),
    )


def _shown(
    found: Mapping[str, Any],
    top: Head,
    *,
    rows: paging.Asked,
    lines: paging.Asked,
    today: date,
    programme: Programme,
) -> Shown:
    of_all = found["totals"]
    count, days = found["count"], {"today": today, "zone": programme.distributor.zone}
    given = [(one, _row(one["facts"], one["digest"], top.rounds, **days)) for one in found["lines"] or ()]
    in_board = sorted(((one["row"], row) for one, row in given if one["row"]), key=lambda pair: pair[0])
    in_map = sorted(
        (
            (one["line"], progress_map.line(row, one["facts"]["strip"]))
            for one, row in given
            if one["facts"]["strip"]
        ),
        key=lambda pair: pair[0],
    )
    return Shown(
        head=top,
        board=rows.among(count).window([row for _place, row in in_board], count=count),
        map=lines.among(count).window([line for _place, line in in_map], count=count),
        standings={one: count for one, count in of_all["standings"].items() if count},
        longest_overdue=of_all["longest"] or 0,
        signals=of_all["signals"],
        signal_grants=of_all["signal_grants"],
        officers=found["officers"] or [],
        named={
            one["grant"]: Named(one["organization"], one["title"], one["deadline"], one["several"])
            for one in found["named"] or ()
        },
    )


def _row(one: Mapping[str, Any], digest: str, rounds: Sequence[RoundFacts], **days: Any) -> Row:
    earlier = one["earlier"] or {}
    boards = [one["board"], *(earlier.get(str(facts["number"])) for facts in rounds[1:])]
    cells = (
        board.cell(line, facts, **days) if line else None for line, facts in zip(boards, rounds, strict=False)
    )
    return board.row(
        one["board"], tuple(cells), signals=one["signals"], change_waits=one["changes"], digest=digest
    )
