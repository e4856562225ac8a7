"""What the page of figures reads of a compiled round: a screenful of lines, one statement, for any number of grants.

The lines stand grant by grant (`GrantNumbers`), each with its counts: these tell which grants a page begins and ends with,
and only their lines are read. Only a search by words looks into all of them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.http import QueryDict

from minori.programmes.models import Programme, Round
from reporting import paging
from reporting.paging import Window
from reporting.portfolio import figure_lines
from reporting.portfolio.figure_lines import Common, Line
from reporting.portfolio.queries import GrantFacts
from reporting.summaries.numbers_shape import CoverageFacts
from reporting.summaries.queries import SET_UP
from reporting.summaries.shape import FORMAT

PAGE = 10
COLUMNS: Mapping[str, str] = {
    "behind": "n.behind",
    "reached": "n.reached",
    "worse": "n.worse",
    "carried": "n.carried",
    "none": "n.without",
}
"""How many lines of a grant pass each filter of `figure_lines.SHOWS`."""
_PASSES: Mapping[str, str] = {
    "behind": "starts_with(one ->> 'ahead', '-')",
    "reached": "(one ->> 'met')::boolean",
    "worse": "starts_with(one -> 'achievement' ->> 'value', '-')",
    "carried": "one ->> 'carried_from' IS NOT NULL",
    "none": "one -> 'achievement' ->> 'value' IS NULL",
}
_SEARCHED = """(
    SELECT count(*) FROM jsonb_array_elements(n.short) one WHERE {passes} AND position(lower(%(q)s) IN lower(concat_ws(
        chr(10), one ->> 'row', one ->> 'statement', l.board ->> 'organization_name'))) > 0)"""

_SQL = """
    WITH s AS (
        SELECT s.id, s.as_of, s.brief, s.events_compiled, r.number, r.title, r.period_ends_on
        FROM summaries_summary s JOIN programmes_round r ON r.id = s.round_id
        WHERE s.programme_id = %(programme)s AND r.number <= %(number)s AND s.numbers IS NOT NULL
    ), n AS (
        SELECT n.id, n.grant_id, l.place, {count} AS lines FROM s
        JOIN summaries_grantnumbers n ON n.summary_id = s.id
        JOIN summaries_grantline l ON l.round_id = %(round)s AND l.grant_id = n.grant_id
        WHERE s.number = %(number)s AND {kept}
    ), placed AS (
        SELECT n.*, sum(n.lines) OVER (ORDER BY n.place) - n.lines AS before FROM n WHERE n.lines > 0
    ), c AS (
        SELECT a.all, (least(%(page)s, greatest(1, (a.all + %(rows)s - 1) / %(rows)s)) - 1) * %(rows)s AS line_from
        FROM (SELECT coalesce(sum(lines), 0)::bigint AS all FROM n) a
    ), shown AS (
        SELECT p.* FROM placed p, c WHERE p.before < c.line_from + %(rows)s AND p.before + p.lines > c.line_from
    )
    SELECT json_build_object(
        'rounds', (SELECT json_agg(json_build_object('number', number, 'title', title, 'ends_on', period_ends_on,
            'as_of', as_of, 'numbers', brief -> 'numbers', 'format', brief -> 'format', 'inputs', events_compiled)
            ORDER BY number) FROM s),
        'inputs', (
            SELECT coalesce(sum(i.count), 0) FROM summaries_inputcount i
            WHERE i.programme_id = %(programme)s AND (i.round_id IS NULL OR i.action = ANY(%(set_up)s) OR i.round_id IN (
                SELECT id FROM programmes_round WHERE programme_id = %(programme)s AND number <= %(number)s))),
        'count', c.all,
        'skip', c.line_from - coalesce((SELECT min(before) FROM shown), 0),
        'grants', (SELECT count(*) FROM summaries_grantline WHERE round_id = %(round)s),
        'lines', (SELECT json_agg(json_build_object('grant', g.grant_id, 'code', l.board -> 'grant_code',
            'title', l.board -> 'grant_title', 'organization', l.board -> 'organization_name', 'lines', n.lines,
            'current', (
                SELECT json_agg(i.uuid) FROM registry_registeredindicator i JOIN registry_registeredrow w ON w.id = i.row_id
                WHERE w.version_id = (SELECT id FROM registry_frameworkversion v WHERE v.grant_id = g.grant_id
                    ORDER BY number DESC LIMIT 1)),
            'trend', (
                SELECT json_agg(json_build_object('number', s.number, 'indicator', one -> 'indicator',
                    'achievement', one -> 'achievement'))
                FROM s JOIN summaries_grantnumbers e ON e.summary_id = s.id AND e.grant_id = g.grant_id
                CROSS JOIN LATERAL jsonb_array_elements(e.short) one)
            ) ORDER BY g.place)
            FROM shown g JOIN summaries_grantnumbers n ON n.id = g.id
            JOIN summaries_grantline l ON l.round_id = %(round)s AND l.grant_id = g.grant_id)
    )::text FROM c"""


@dataclass(frozen=True)
class Compiled:
    """One compiled round in brief."""

    number: int
    title: str
    period_ends_on: date
    as_of: datetime
    common: Mapping[int, Common]


@dataclass(frozen=True)
class Filters:
    """What the address narrows the lines down to; "" narrows nothing."""

    grant: str = ""
    q: str = ""
    show: str = ""

    @property
    def any(self) -> bool:
        return any((self.grant, self.q, self.show))


@dataclass(frozen=True)
class Shown:
    """A page of lines, with what is said of all of them; `rounds` are those up to the shown one, which is the last."""

    page: Window
    rounds: Sequence[Compiled]
    stale: bool
    coverage: CoverageFacts
    grants: int

    @property
    def now(self) -> Compiled:
        return self.rounds[-1]

    def commons(self, key: int) -> tuple[Common | None, list[tuple[Compiled, Common]]]:
        """A common indicator now, and in each round."""
        trend = [(one, one.common[key]) for one in self.rounds if key in one.common]
        return self.now.common.get(key), trend


def asked(query: QueryDict) -> Filters:
    """The filters of an address."""
    return paging.filters_in(query, Filters)


def shown(programme: Programme, round_: Round, *, filters: Filters, query: QueryDict) -> Shown | None:
    """What the page shows, None while the round's numbers have not been compiled: one query."""
    of = paging.asked_for(query, "page", per_page=PAGE)
    show = filters.show if filters.show in COLUMNS else ""
    count = COLUMNS.get(show, "n.figures")
    if filters.q:
        count = _SEARCHED.format(passes=_PASSES.get(show, "TRUE"))
    kept = "l.board ->> 'grant_code' = %(grant)s" if filters.grant else "TRUE"
    given = {
        **vars(filters),
        "programme": programme.pk,
        "round": round_.pk,
        "number": round_.number,
        "page": of.page,
        "rows": of.per_page,
        "set_up": [str(one) for one in SET_UP],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(count=count, kept=kept), given)
        (text,) = cursor.fetchone() or ("{}",)
    found = json.loads(text)
    rounds = [_compiled(one) for one in found["rounds"] or ()]
    if not rounds or rounds[-1].number != round_.number:
        return None
    this = found["rounds"][-1]
    lines = [line for one in found["lines"] or () for line in _lines(one, rounds, filters)]
    first = found["skip"]
    return Shown(
        page=of.among(found["count"]).window(lines[first : first + of.per_page], count=found["count"]),
        rounds=rounds,
        stale=this["format"] != FORMAT or this["inputs"] != found["inputs"],
        coverage=this["numbers"]["coverage"],
        grants=found["grants"],
    )


def _compiled(one: Mapping[str, Any]) -> Compiled:
    common = {line["common"]: Common(line) for line in one["numbers"]["common"]}
    return Compiled(
        number=one["number"],
        title=one["title"],
        period_ends_on=date.fromisoformat(one["ends_on"]),
        as_of=datetime.fromisoformat(one["as_of"]),
        common=common,
    )


def _lines(one: Mapping[str, Any], rounds: Sequence[Compiled], filters: Filters) -> list[Line]:
    """A grant's lines that pass the filters, each with its achievement in every round."""
    grant = GrantFacts(one["code"], one["title"], one["organization"])
    trend = {(line["number"], line["indicator"]): line["achievement"] for line in one["trend"] or ()}
    current = set(one["current"] or ())
    lines = (
        Line(
            facts,
            grant,
            tuple((at.number, at.title, trend.get((at.number, facts["indicator"]))) for at in rounds),
            ended=facts["indicator"] not in current,
        )
        for facts in one["lines"]
    )
    return [line for line in lines if figure_lines.matches(line, words=filters.q, show=filters.show)]
