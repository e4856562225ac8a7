"""What the page of signals reads of a compiled round: a screenful, with the counts of all; one statement for any number."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import QueryDict

from minori.programmes.models import Round
from reporting import paging
from reporting.paging import Window
from reporting.signals.compiling import SignalLine
from reporting.signals.enums import SignalKind
from reporting.summaries.shape import BoardLine

PER_PAGE = 25
FEW = 50
"""So many organizations can be chosen from a list; of more, one is found by its name."""

_SQL = """
    WITH every AS MATERIALIZED (
        SELECT sig.one, sig.nr, l.grant_id, l.lead, l.deputy, l.words, l.board, a.id AS aside
        FROM summaries_summary s
        CROSS JOIN LATERAL jsonb_array_elements(s.signals) WITH ORDINALITY sig(one, nr)
        JOIN summaries_grantline l ON l.round_id = s.round_id AND l.grant_id = (sig.one ->> 'grant')::bigint
        LEFT JOIN signals_setaside a ON a.ended_at IS NULL AND a.grant_id = l.grant_id
            AND (a.kind, a.place, a.cause) = (sig.one ->> 'kind', sig.one ->> 'place', sig.one ->> 'cause')
        WHERE s.round_id = %(round)s AND jsonb_typeof(s.signals) = 'array'
    ), kept AS MATERIALIZED (
        SELECT one, nr, board FROM every WHERE {kept}
    ), c AS (
        SELECT n.all, (least(%(page)s, greatest(1, (n.all + %(most)s - 1) / %(most)s)) - 1) * %(most)s AS before
        FROM (SELECT count(*) AS all FROM kept) n
    )
    SELECT json_build_object(
        'count', c.all,
        'lines', (SELECT json_agg(json_build_array(one, board) ORDER BY nr) FROM (
            SELECT * FROM kept ORDER BY nr LIMIT %(most)s OFFSET (SELECT before FROM c)) k),
        'standing', (SELECT count(*) FROM every WHERE aside IS NULL),
        'aside', (SELECT count(*) FROM every WHERE aside IS NOT NULL),
        'grants', (SELECT count(DISTINCT grant_id) FROM every WHERE aside IS NULL),
        'kinds', (SELECT json_object_agg(kind, n) FROM (
            SELECT one ->> 'kind' AS kind, count(*) AS n FROM every WHERE aside IS NULL GROUP BY 1) k),
        'officers', (SELECT json_agg(name ORDER BY name) FROM (
            SELECT lead AS name FROM summaries_grantline WHERE round_id = %(round)s
            UNION SELECT deputy FROM summaries_grantline WHERE round_id = %(round)s) o WHERE name <> ''),
        'known', (SELECT CASE WHEN count(*) <= %(few)s THEN json_agg(json_build_array(board -> 'grant_code',
            board -> 'organization_name', board -> 'grant_title') ORDER BY place) END
            FROM summaries_grantline WHERE round_id = %(round)s)
    )::text FROM c"""
_KEPT = {
    "kind": "one ->> 'kind' = %(kind)s",
    "officer": "%(officer)s IN (lead, deputy)",
    "grant": "board ->> 'grant_code' = %(grant)s",
    "q": "position(lower(%(q)s) IN words) > 0",
}
_SHOWN = {"": "aside IS NULL", "aside": "aside IS NOT NULL", "all": "TRUE"}


@dataclass(frozen=True)
class Filters:
    """What the address narrows the signals down to; "" narrows nothing, but leaves out what is set aside."""

    kind: str = ""
    officer: str = ""
    grant: str = ""
    q: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Noted:
    """A page of signals, each with its line of the board; counts are of everything that is not set aside.

    `known` are the grants to choose from, as code, organization and title; none where they are many.
    """

    window: Window
    lines: Sequence[SignalLine]
    board: Mapping[int, BoardLine]
    total: int
    aside: int
    grants: int
    by_kind: Sequence[tuple[str, str, int]]
    officers: Sequence[str]
    known: Sequence[tuple[str, str, str]]


def asked(query: QueryDict) -> Filters:
    """The filters of an address."""
    return paging.filters_in(query, Filters)


def read(round_: Round, *, filters: Filters, query: QueryDict) -> Noted:
    """What the page shows of a compiled round: one query."""
    page = paging.asked_for(query, "page", per_page=PER_PAGE)
    kept = [condition for name, condition in _KEPT.items() if getattr(filters, name)]
    kept.append(_SHOWN.get(filters.shown, _SHOWN[""]))
    given: dict[str, Any] = {
        **vars(filters),
        "round": round_.pk,
        "page": page.page,
        "most": page.per_page,
        "few": FEW,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(kept=" AND ".join(kept)), given)
        (text,) = cursor.fetchone() or ("{}",)
    found = json.loads(text)
    pairs = found["lines"] or []
    kinds = found["kinds"] or {}
    return Noted(
        window=page.among(found["count"]).window([line for line, _board in pairs], count=found["count"]),
        lines=[line for line, _board in pairs],
        board={line["grant"]: board for line, board in pairs},
        total=found["standing"],
        aside=found["aside"],
        grants=found["grants"],
        by_kind=[(kind, str(label), kinds[kind]) for kind, label in SignalKind.choices if kind in kinds],
        officers=found["officers"] or [],
        known=[(code, organization, title) for code, organization, title in found["known"] or ()],
    )
