"""What signals are made of: a fixed number of reads over all grants of a round, and what was compiled of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F

from minori.filings.enums import FigureKind
from minori.filings.models import Figure
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline, Round
from minori.registry import successions
from reporting.reading import folding
from reporting.signals.rules import Counted, Given, Said, Same, Silent
from reporting.summaries.number_inputs import Inputs
from reporting.summaries.numbers_shape import NumberLine
from reporting.summaries.shape import SummaryContents

LOOKS_BACK = 6
"""Rounds whose codes are looked at: half a year each, three years."""


class _Asked(NamedTuple):
    grant: int
    round: int
    title: str
    days_late: int | None
    filing: int | None


class _Codes(NamedTuple):
    """The codes of one filing as shown: a row's own, else the one that a person stated to cover it."""

    version: int
    shown: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class OfNumbers:
    """What signals need of the numbers, by grant: taken while these pass, some grants at a time."""

    counted: dict[int, list[Counted]] = field(default_factory=dict)
    silent: dict[int, list[Silent]] = field(default_factory=dict)

    def take(self, lines: Iterable[NumberLine], inputs: Inputs) -> None:
        """Take what is needed of some grants: their compiled lines, and what these were made from."""
        self.counted.update(_counted(lines))
        self.silent.update(_silent(inputs))


def read(
    round_: Round, *, contents: SummaryContents, numbers: OfNumbers, grants: Collection[int] | None = None
) -> list[Given]:
    """What is known of every grant of the round, or of some, in the order of the board: five reads."""
    asked = _asked(round_, grants)
    codes = _codes(round_, grants)
    same = _same(round_, grants)
    cuts = successions.of_programme(round_.programme_id)
    chosen = _chosen(contents)
    counted, silent = numbers.counted, numbers.silent
    names = {
        line["grant"]: {
            cell["row"]: folding.name_of_row(cell["code"], cell["statement"]) for cell in line["cells"]
        }
        for line in contents["map"]
        if grants is None or line["grant"] in grants
    }
    return [
        Given(
            grant=grant,
            day=round_.period_ends_on,
            reports=tuple(_said(one, codes) for one in asked.get(grant, ())),
            rows=names.get(grant, {}),
            cuts=frozenset((version, str(row)) for version, row in cuts.get(grant, ())),
            same=same.get(grant, ()),
            numbers=counted.get(grant, ()),
            silent=silent.get(grant, ()),
            chosen=chosen.get(grant, ()),
        )
        for grant in (line["grant"] for line in contents["board"] if line["state"] != DeadlineState.WAIVED)
        if grants is None or grant in grants
    ]


def _these(grants: Collection[int] | None, path: str) -> dict[str, Any]:
    return {} if grants is None else {f"{path}__in": list(grants)}


def _asked(round_: Round, grants: Collection[int] | None) -> dict[int, list[_Asked]]:
    lines = (
        Deadline.objects.filter(
            round__programme_id=round_.programme_id,
            round__number__lte=round_.number,
            grant__deadlines__round=round_,
            **_these(grants, "grant"),
        )
        .exclude(state=DeadlineState.WAIVED)
        .order_by("grant_id", "round__number")
        .values_list("grant_id", "round__number", "round__title", "days_late", "current_filing_id")
    )
    found: dict[int, list[_Asked]] = {}
    for one in map(_Asked._make, lines):
        found.setdefault(one.grant, []).append(one)
    return found


def _codes(round_: Round, grants: Collection[int] | None) -> dict[int, _Codes]:
    """By filing, of the rounds that are looked at."""
    lines = (
        Figure.objects.filter(
            kind=FigureKind.ROW,
            filing__deadline__round__programme_id=round_.programme_id,
            filing__deadline__round__number__lte=round_.number,
            filing__deadline__round__number__gt=round_.number - LOOKS_BACK,
            filing=F("filing__deadline__current_filing"),
            **_these(grants, "filing__deadline__grant"),
        )
        .order_by("filing_id", "position")
        .values_list(
            "filing_id", "filing__framework_version__number", "row_uuid", "progress", "covered_by_uuid"
        )
    )
    own: dict[int, dict[UUID, int | None]] = {}
    covering: dict[int, dict[UUID, UUID]] = {}
    versions: dict[int, int] = {}
    for filing, version, row, progress, covered_by in lines:
        versions[filing] = version or 0
        own.setdefault(filing, {}).setdefault(row, progress)
        if progress is None and covered_by is not None:
            covering.setdefault(filing, {})[row] = covered_by
    return {
        filing: _Codes(
            versions[filing],
            {
                str(row): rows.get(covering.get(filing, {}).get(row, row)) if code is None else code
                for row, code in rows.items()
            },
        )
        for filing, rows in own.items()
    }


_SAME = """
    WITH now AS MATERIALIZED (
    SELECT d.grant_id AS grant, d.current_filing_id AS filing, (
        SELECT p.current_filing_id FROM programmes_deadline p JOIN programmes_round r ON r.id = p.round_id
        WHERE p.grant_id = d.grant_id AND r.number < %(number)s AND p.current_filing_id IS NOT NULL
        ORDER BY r.number DESC LIMIT 1
    ) AS before
    FROM programmes_deadline d WHERE d.round_id = %(round)s AND d.current_filing_id IS NOT NULL
        AND (%(grants)s::bigint[] IS NULL OR d.grant_id = ANY(%(grants)s))
    )
    SELECT n.grant, 0 AS part, f.position AS place, f.row_uuid::text, length(f.text), true
    FROM now n
    JOIN filings_figure f ON f.filing_id = n.filing AND f.kind = 'row' AND f.text <> ''
    JOIN filings_figure b ON b.filing_id = n.before AND b.row_uuid = f.row_uuid AND b.kind = 'row' AND b.text = f.text
    UNION ALL
    SELECT n.grant, 1, 0, field.key, length(field.value ->> 'text'), false
    FROM now n
    JOIN filings_filing f ON f.id = n.filing
    JOIN filings_filing b ON b.id = n.before
    CROSS JOIN LATERAL jsonb_each(f.contents -> 'answers') section
    CROSS JOIN LATERAL jsonb_each(section.value) field
    WHERE field.value ->> 'kind' = 'text' AND field.value ->> 'text' <> ''
        AND b.contents #>> ARRAY['answers', section.key, field.key, 'text'] = field.value ->> 'text'
    ORDER BY 1, 2, 3, 4"""
"""Texts that are word for word those of the last report that counts; the words themselves stay in the database."""


def _same(round_: Round, grants: Collection[int] | None) -> dict[int, list[Same]]:
    these = None if grants is None else list(grants)
    with connection.cursor() as cursor:
        cursor.execute(_SAME, {"number": round_.number, "round": round_.pk, "grants": these})
        lines = cursor.fetchall()
    found: dict[int, list[Same]] = {}
    for grant, _part, _place, place, characters, is_row in lines:
        found.setdefault(grant, []).append(Same(place, int(characters), is_row))
    return found


def _said(asked: _Asked, codes: Mapping[int, _Codes]) -> Said:
    known = codes.get(asked.filing) if asked.filing is not None else None
    return Said(
        round=asked.round,
        title=asked.title,
        days_late=asked.days_late,
        handed_in=asked.filing is not None,
        version=known.version if known else 0,
        codes=known.shown if known else {},
    )


def _counted(lines: Iterable[NumberLine]) -> dict[int, list[Counted]]:
    found: dict[int, list[Counted]] = {}
    for line in lines:
        value = line["achievement"]["value"]
        found.setdefault(line["grant"], []).append(
            Counted(
                indicator=line["indicator"],
                name=f"{line['mark']}{line['statement']}" or line["row"],
                due_on=date.fromisoformat(line["target_on"]) if line["target_on"] else None,
                met=line["met"],
                achieved=None if value is None else Fraction(value),
            )
        )
    return found


def _silent(inputs: Inputs) -> dict[int, list[Silent]]:
    found: dict[int, list[Silent]] = {}
    for one in inputs.indicators:
        if inputs.actual_readings.get(one.key):
            continue
        said = sum(not filed.nothing for filed in inputs.filed.get(one.key, {}).values())
        if said:
            name = f"{one.mark}{one.statement}" or one.row
            found.setdefault(one.grant, []).append(Silent(str(one.uuid), name, said))
    return found


def _chosen(contents: SummaryContents) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for line in contents["outlook"]:
        for grant in line["grants"]:
            found.setdefault(grant, []).append((line["field"], line["value"]))
    return found
