"""Whose answers stand on a page of reading across: one statement for any number of organizations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from minori.programmes.enums import DeadlineState
from minori.programmes.models import Round
from reporting.paging import UNTORN

A_PAGE = 6  # some screens: each is several rows with both rounds beside each other

_SQL = """
    WITH every AS (
        SELECT d.id, d.grant_id, d.current_filing_id, g.title, g.code, o.name, o.name_kana, coalesce(p.name, '') AS officer
        FROM programmes_deadline d
        JOIN programmes_grant g ON g.id = d.grant_id
        JOIN organizations_organization o ON o.id = d.organization_id
        LEFT JOIN accounts_person p ON p.id = g.lead_officer_id
        WHERE d.round_id = %(round)s AND d.state <> %(waived)s
    ), kept AS (
        SELECT * FROM every WHERE NOT EXISTS (SELECT FROM every WHERE officer = %(officer)s AND officer <> '')
            OR officer = %(officer)s
    ), c AS (
        SELECT n.*, least(%(page)s, greatest(1, (n.all + n.most - 1) / n.most)) AS page
        FROM (SELECT count(*) AS all, count(current_filing_id) AS handed_in,
            CASE WHEN count(*) <= %(untorn)s THEN %(untorn)s ELSE %(most)s END AS most FROM kept) n
    )
    SELECT json_build_object(
        'count', c.all, 'handed_in', c.handed_in, 'page', c.page, 'most', c.most,
        'officers', (SELECT json_agg(officer ORDER BY officer) FROM (
            SELECT DISTINCT officer FROM every WHERE officer <> '') o),
        'places', (SELECT json_agg(json_build_object('deadline', k.id, 'grant', k.grant_id, 'title', k.title,
            'organization', k.name, 'filing', k.current_filing_id,
            'filing_before', b.current_filing_id, 'round_before', b.round_id)
            ORDER BY k.name_kana, k.name, k.code)
            FROM (SELECT * FROM kept ORDER BY name_kana, name, code LIMIT (SELECT most FROM c)
                OFFSET (SELECT (page - 1) * most FROM c)) k
            LEFT JOIN LATERAL (
                SELECT e.current_filing_id, e.round_id
                FROM programmes_deadline e JOIN programmes_round r ON r.id = e.round_id
                WHERE e.grant_id = k.grant_id AND r.number < %(number)s AND e.current_filing_id IS NOT NULL
                ORDER BY r.number DESC LIMIT 1) b ON TRUE)
    )::text FROM c"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One grant a report is wanted of, with the filing that counts and its newest of an earlier round (ids)."""

    deadline: int
    grant: int
    organization: str
    title: str
    filing: int | None
    filing_before: int | None
    round_before: int | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of places in the order of the organizations' names; counts are of all that the officer's name leaves."""

    places: Sequence[Place]
    count: int
    handed_in: int
    page: int
    most: int
    officer: str
    officers: Sequence[str]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // self.most))


def page(round_: Round, *, officer: str, number: int) -> Page:
    """The page `number`, or the nearest there is; a name that leads no grant here narrows nothing."""
    given: dict[str, Any] = {
        "round": round_.pk,
        "number": round_.number,
        "waived": str(DeadlineState.WAIVED),
        "officer": officer.replace("\0", ""),
        "page": max(number, 1),
        "most": A_PAGE,
        "untorn": UNTORN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        (text,) = cursor.fetchone() or ("{}",)
    found = json.loads(text)
    officers = found["officers"] or []
    return Page(
        places=[Place(**one) for one in found["places"] or ()],
        count=found["count"],
        handed_in=found["handed_in"],
        page=found["page"],
        most=found["most"],
        officer=officer if officer in officers else "",
        officers=officers,
    )
