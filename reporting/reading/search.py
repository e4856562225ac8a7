"""Searching everything that was handed in: words of two letters and more, newest first."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from minori.filings.models import Filing
from minori.programmes.models import Distributor, Round
from reporting.reading import folding, taking_in
from reporting.reading.enums import Part
from reporting.reading.models import TakenIn
from reporting.reading.naming import Names

A_PAGE = 20
COUNTED = 1000
"""So many are counted; where there are more, a page says so."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for, as the address says it. `earlier`: revisions too that do not count any more."""

    words: tuple[str, ...] = ()
    programme: int | None = None
    round: int | None = None
    part: str = ""
    earlier: bool = False


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One passage found. `place` is the name of the question or row, `name` the
    same with the words marked, `current` whether its revision counts.
    """

    deadline: int
    organization: str
    slug: str
    programme: str
    round: str
    part: str
    anchor: str
    handed_in_at: datetime
    revision: int
    current: bool
    place: str
    name: tuple[folding.Piece, ...]
    pieces: tuple[folding.Piece, ...]

    @property
    def part_word(self) -> str:
        """What part of a report it stands in, as people read it."""
        return str(Part(self.part).label)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of what was found; `count` stops at `COUNTED`, `more` says that it did."""

    hits: Sequence[Hit] = field(default=())
    count: int = 0
    more: bool = False
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages can be leafed through."""
        return -(-self.count // A_PAGE)


def search(asked: Asked, *, distributors: Collection[Distributor], language: str, page: int = 1) -> Found:
    """The passages of these distributors' grants that hold all the words, newest first: two queries for any number,
    one more where the page lies behind the end.

    Without words nothing is found.
    """
    if not asked.words or not distributors:
        return Found()
    page = min(max(page, 1), COUNTED // A_PAGE)
    count, shown = _read(asked, distributors, page)
    last = max(1, -(-min(count, COUNTED) // A_PAGE))
    if page > last:
        page = last
        count, shown = _read(asked, distributors, page)
    return Found(
        hits=_hits(shown, asked.words, Names(distributors, language)),
        count=min(count, COUNTED),
        more=count > COUNTED,
        page=page,
    )


_HITS = """
    WITH found AS NOT MATERIALIZED (
        SELECT p.filing_id, p.round_id, p.distributor_id, p.handed_in_at, p.position, p.part, p.anchor, p.name, p.text
        FROM reading_passage p WHERE {conditions}
    )
    SELECT json_build_object(
        'count', (SELECT count(*) FROM (SELECT FROM found LIMIT %(counted)s) n),
        'hits', (
            SELECT json_agg(json_build_object('part', m.part, 'anchor', m.anchor, 'name', m.name, 'text', m.text,
                'distributor', m.distributor_id, 'round', m.round_id, 'handed_in_at', m.handed_in_at, 'deadline', d.id,
                'revision', f.revision, 'current', d.current_filing_id = m.filing_id, 'organization', o.name, 'slug', o.slug,
                'programme', a.title) ORDER BY m.handed_in_at DESC, m.filing_id, m.position)
            FROM (SELECT * FROM found ORDER BY handed_in_at DESC, filing_id, position LIMIT %(most)s OFFSET %(before)s) m
            JOIN filings_filing f ON f.id = m.filing_id
            JOIN programmes_deadline d ON d.id = f.deadline_id
            JOIN programmes_grant g ON g.id = d.grant_id
            JOIN organizations_organization o ON o.id = g.organization_id
            JOIN programmes_programme a ON a.id = g.programme_id)
    )::text"""


def _read(asked: Asked, distributors: Collection[Distributor], page: int) -> tuple[int, list[dict[str, Any]]]:
    """How many passages match, up to one more than are counted, and those of a page."""
    conditions, given = _conditions(asked, distributors)
    given |= {"counted": COUNTED + 1, "most": A_PAGE, "before": (page - 1) * A_PAGE}
    with connection.cursor() as cursor:
        cursor.execute(_HITS.format(conditions=" AND ".join(conditions)), given)
        (text,) = cursor.fetchone() or ("{}",)
    found = json.loads(text)
    return found["count"], found["hits"] or []


def _conditions(asked: Asked, distributors: Collection[Distributor]) -> tuple[list[str], dict[str, Any]]:
    """What a passage must fulfil, and the values."""
    keys = [one.pk for one in distributors]
    letters = sorted({token for word in asked.words for token in folding.tokens_of_word(word)})
    given: dict[str, Any] = {"ours": keys, "letters": letters}
    # one key as "=", not ANY: the index of the newest then gives the order too
    conditions = ["p.distributor_id = ANY(%(ours)s)"]
    if len(keys) == 1:
        conditions, given["ours"] = ["p.distributor_id = %(ours)s"], keys[0]
    conditions.append("p.tokens @> %(letters)s::int[]")
    for place, word in enumerate(asked.words):
        conditions.append(f"p.folded LIKE %(word{place})s")
        given[f"word{place}"] = _anywhere(word)
    for name in ("programme", "round", "part"):
        if value := getattr(asked, name):
            conditions.append(f"p.{name if name == 'part' else name + '_id'} = %({name})s")
            given[name] = value
    if not asked.earlier:
        conditions.append(
            "EXISTS (SELECT FROM programmes_deadline c WHERE c.current_filing_id = p.filing_id)"
        )
    return conditions, given


def _anywhere(word: str) -> str:
    """The pattern of LIKE for these very letters, wherever they stand."""
    return f"%{connection.ops.prep_for_like_query(word)}%"


def _hits(passages: Sequence[Mapping[str, Any]], words: tuple[str, ...], names: Names) -> list[Hit]:
    """What the page shows of them: one query for the rounds that they are of."""
    rounds = Round.objects.in_bulk({one["round"] for one in passages})
    return [
        Hit(
            **{name: one[name] for name in _AS_READ},
            round=rounds[one["round"]].title,
            handed_in_at=datetime.fromisoformat(one["handed_in_at"]),
            place=names.of(
                Part(one["part"]), one["anchor"], one["name"], one["distributor"], rounds[one["round"]]
            ),
            name=folding.excerpt(one["name"], words, most=1),
            pieces=folding.excerpt(one["text"], words),
        )
        for one in passages
    ]


_AS_READ = ("deadline", "organization", "slug", "programme", "part", "anchor", "revision", "current")


@dataclass(frozen=True, kw_only=True)
class Named:
    """A grant whose organization, title or code holds all the words."""

    organization: str
    slug: str
    title: str
    programme: str


_NAMED = """
    SELECT o.name, o.slug, g.title, a.title
    FROM programmes_grant g
    JOIN programmes_programme a ON a.id = g.programme_id
    JOIN organizations_organization o ON o.id = g.organization_id
    WHERE a.distributor_id = ANY(%(ours)s) AND {conditions}
    ORDER BY o.name_kana, g.code LIMIT %(most)s"""
_NAMES = "lower(concat_ws(chr(10), o.name, o.name_kana, g.title, g.code)) LIKE lower(%({key})s)"


def organizations(asked: Asked, *, distributors: Collection[Distributor], most: int = 10) -> list[Named]:
    """Grants whose organization, title or code holds all the words, in the order of the names: one query."""
    if not asked.words:
        return []
    given: dict[str, Any] = {"ours": [one.pk for one in distributors], "most": most}
    conditions = ["TRUE"]
    if asked.programme is not None:
        conditions.append("a.id = %(programme)s")
        given["programme"] = asked.programme
    for place, word in enumerate(asked.words):
        conditions.append(_NAMES.format(key=f"word{place}"))
        given[f"word{place}"] = _anywhere(word)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(conditions=" AND ".join(conditions)), given)
        return [
            Named(organization=name, slug=slug, title=title, programme=programme)
            for name, slug, title, programme in cursor.fetchall()
        ]


def not_taken_in(distributors: Collection[Distributor]) -> tuple[int, int]:
    """How many filings of these distributors wait to be searchable, and how many cannot be read.

    A filing is taken in once, so where there are as many of both nothing waits, and nobody's need to be looked through:
    one query then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, [folding.FORMAT])
        behind, broken = cursor.fetchone() or (0, 0)
    ours = {"deadline__grant__programme__distributor__in": [one.pk for one in distributors]}
    unread = TakenIn.objects.exclude(failure="").filter(filing__in=Filing.objects.filter(**ours))
    return (taking_in.waiting().filter(**ours).count() if behind else 0), (unread.count() if broken else 0)


_BEHIND = """
    SELECT (SELECT count(*) FROM filings_filing) - (SELECT count(*) FROM reading_takenin WHERE format = %s),
        (SELECT count(*) FROM reading_takenin WHERE failure <> '')"""
