"""The whole scheme in numbers: what every grant reported in every round, counted. PostgreSQL counts, pandas adds up.

No words stand here, so that the whole of a country is one query; the summary of a round (`compiling`) has the words.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from django.db import connection, transaction

from reporting.summaries.compiling import _alone, snapshot
from reporting.summaries.models import Tally
from reporting.summaries.shape import TALLY_FORMAT

COUNTED = ("1", "2", "3", "4", "nothing", "blank", "indicators", "with_text", "shared", "numbers")
"""Rows by what is shown of them, as in the map; indicators of those rows, and how many have words, words they share
with others, and a number that counts."""

COLUMNS = ("round", "grant", "organization", "filing", "days_late", "waived", *COUNTED)
SUMMED = ("grants", "required", "handed_in", "late", *COUNTED)

COUNT = """
    SELECT d.round_id, d.grant_id, d.organization_id, d.current_filing_id, d.days_late,
        (d.state = 'waived')::int, said.*, read.numbers
    FROM programmes_deadline d
    LEFT JOIN (
        SELECT f.filing_id,
            count(*) FILTER (WHERE f.is_row AND f.shown = 1) AS ahead,
            count(*) FILTER (WHERE f.is_row AND f.shown = 2) AS on_plan,
            count(*) FILTER (WHERE f.is_row AND f.shown = 3) AS behind,
            count(*) FILTER (WHERE f.is_row AND f.shown = 4) AS other,
            count(*) FILTER (WHERE f.is_row AND f.shown IS NULL AND f.nothing) AS nothing,
            count(*) FILTER (WHERE f.is_row AND f.shown IS NULL AND NOT f.nothing) AS blank,
            count(*) FILTER (WHERE NOT f.is_row) AS indicators,
            count(*) FILTER (WHERE NOT f.is_row AND f.text <> '') AS with_text,
            count(*) FILTER (WHERE NOT f.is_row AND f.shared) AS shared
        FROM (
            SELECT f.filing_id, f.kind = 'row' AS is_row, f.nothing, f.text, f.shared,
                CASE WHEN f.progress IS NULL AND f.covered_by_uuid IS NOT NULL THEN (
                    SELECT c.progress FROM filings_figure c
                    WHERE c.filing_id = f.filing_id AND c.row_uuid = f.covered_by_uuid AND c.kind = 'row'
                ) ELSE f.progress END AS shown
            FROM filings_figure f WHERE {filings}
            OFFSET 0 -- so that the few covered rows are looked up once each
        ) f
        GROUP BY f.filing_id
    ) said ON said.filing_id = d.current_filing_id
    LEFT JOIN (
        SELECT f.filing_id, count(*) AS numbers FROM filings_reading f
        WHERE f.filing_id IS NOT NULL AND NOT f.withdrawn AND {filings} AND NOT EXISTS (
            SELECT FROM filings_reading later WHERE later.replaces_id = f.id AND later.replaces_id IS NOT NULL
        ) GROUP BY f.filing_id
    ) read ON read.filing_id = d.current_filing_id
    WHERE {deadlines}
    ORDER BY d.round_id, d.grant_id"""
"""One line for every deadline; `{filings}` and `{deadlines}` narrow both sides down, or are TRUE.

Rows and readings are reduced apart, each by its filing: joined line by line they would take three times as long.
"""

_INPUTS = """
    WITH counted AS MATERIALIZED (
        SELECT programme_id, round_id, sum(count)::bigint AS inputs FROM summaries_inputcount
        WHERE round_id IS NOT NULL OR action <> '' -- readings of plans change nothing that is counted here
        GROUP BY 1, 2
    )
    SELECT r.id, r.programme_id, coalesce(e.inputs, 0) + coalesce(p.inputs, 0), t.inputs, t.format
    FROM programmes_round r
    LEFT JOIN counted e ON e.programme_id = r.programme_id AND e.round_id = r.id
    LEFT JOIN counted p ON p.programme_id = r.programme_id AND p.round_id IS NULL
    LEFT JOIN summaries_tally t ON t.round_id = r.id
    ORDER BY r.id"""
"""What has come in about every round, from the counts that the database keeps (`inputs`)."""

_STORE = """
    INSERT INTO summaries_tally (round_id, programme_id, format, inputs, as_of, totals, lines)
    SELECT one.round, one.programme, %s, one.inputs, %s, one.totals, one.lines
    FROM jsonb_to_recordset(%s::jsonb)
        AS one (round bigint, programme bigint, inputs bigint, totals jsonb, lines jsonb)
    ON CONFLICT (round_id) DO UPDATE
        SET format = EXCLUDED.format, inputs = EXCLUDED.inputs, as_of = EXCLUDED.as_of, totals = EXCLUDED.totals,
            lines = EXCLUDED.lines
        WHERE summaries_tally.inputs <= EXCLUDED.inputs OR summaries_tally.format <> EXCLUDED.format"""

_WHOLE = 0  # no round has this number: the lock of the whole scheme


def compile_scheme(*, at: datetime, force: bool = False) -> int:
    """Count again what every round that is not fresh reported; how many rounds those were.

    Safe to run twice and in parallel: one counts, the other waits and finds everything fresh. What is counted and
    what is fresh are read in one snapshot; after one report came in one round is counted, whatever the others hold.
    """
    with _alone(_WHOLE):
        with snapshot():
            stale = _stale(force=force)
            found = tallies_of(stale.keys() if not force else None)
        if stale:
            _store(found, stale, at=at)
    return len(stale)


def stale_rounds() -> int:
    """How many rounds have not been counted since something happened in them."""
    return len(_stale(force=False))


def stale_round_ids() -> set[int]:
    """The rounds that have not been counted since something happened in them: one read."""
    return set(_stale(force=False))


def tallies_of(rounds: Iterable[int] | None) -> pd.DataFrame:
    """A line for every deadline of these rounds, or of all; counts are 0 where nothing was handed in."""
    query, params = COUNT.format(filings="TRUE", deadlines="TRUE"), []
    if rounds is not None:
        of_these = "SELECT current_filing_id FROM programmes_deadline WHERE round_id = ANY(%s)"
        query = COUNT.format(filings=f"f.filing_id IN ({of_these})", deadlines="d.round_id = ANY(%s)")
        params = [list(rounds)] * 3
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        lines = cursor.fetchall()
    columns = [*COLUMNS[:6], "of_filing", *COUNTED]
    found = pd.DataFrame(lines, columns=columns, dtype=object).drop(columns="of_filing")
    return found.assign(**{name: found[name].fillna(0).astype("int64") for name in COUNTED})


def totals_of(lines: pd.DataFrame) -> pd.DataFrame:
    """The sums of every round: what is required, what was handed in, what of it late, and each count."""
    grouped = lines.assign(
        grants=1,
        required=1 - lines["waived"].astype("int64"),
        handed_in=lines["filing"].notna().astype("int64"),
        late=(lines["days_late"].fillna(0) > 0).astype("int64"),
    ).groupby("round", sort=True)
    return grouped[[*SUMMED]].sum()


def _stale(*, force: bool) -> dict[int, tuple[int, int]]:
    """Programme and inputs of every round that has to be counted."""
    with connection.cursor() as cursor:
        cursor.execute(_INPUTS)
        return {
            round_: (programme, inputs)
            for round_, programme, inputs, counted, format_ in cursor.fetchall()
            if force or inputs != counted or format_ != TALLY_FORMAT
        }


def _store(lines: pd.DataFrame, stale: dict[int, tuple[int, int]], *, at: datetime) -> None:
    totals: dict[Any, Any] = totals_of(lines).to_dict("index")
    none = dict.fromkeys(SUMMED, 0)
    by_round = _by_round(lines)
    rows = [
        {
            "round": round_,
            "programme": programme,
            "inputs": inputs,
            "totals": totals.get(round_, none),
            "lines": by_round.get(round_, []),
        }
        for round_, (programme, inputs) in stale.items()
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        # what a power cut takes away of counts is seen to be stale and counted again: nobody waits for the disk
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_STORE, [TALLY_FORMAT, at, json.dumps(rows)])


def _by_round(lines: pd.DataFrame) -> dict[int, list[list[int | None]]]:
    """The lines of each round in the order of `COLUMNS`, without the round."""
    columns = [lines[name].tolist() for name in COLUMNS[1:]]
    found: dict[int, list[list[int | None]]] = {}
    for round_, *rest in zip(lines["round"].tolist(), *columns, strict=True):
        found.setdefault(round_, []).append(rest)
    return found


def differences() -> Iterable[str]:
    """A sentence for every fresh tally that differs from its figures: what `minori verify` says of them."""
    fresh = set(Tally.objects.values_list("round_id", flat=True)) - _stale(force=False).keys()
    again = _by_round(tallies_of(None))
    for tally in Tally.objects.filter(round__in=fresh).select_related("round__programme").order_by("pk"):
        named = f"{tally.round.programme.code} round {tally.round.number}"
        lines = again.get(tally.round_id, [])
        if tally.lines != lines:
            yield f"{named}: the tally differs from its figures"
        elif tally.totals != _summed(lines):
            yield f"{named}: the sums of the tally differ from its lines"


def _summed(lines: Iterable[Sequence[int | None]]) -> dict[str, int]:
    """What `totals_of` counts, said a second time."""
    found = dict.fromkeys(SUMMED, 0)
    for _grant, _organization, filing, days_late, waived, *counts in lines:
        found["grants"] += 1
        found["required"] += not waived
        found["handed_in"] += filing is not None
        found["late"] += (days_late or 0) > 0
        for name, count in zip(COUNTED, counts, strict=True):
            found[name] += count or 0
    return found
