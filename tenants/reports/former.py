"""The numbers of the revision before: while the words stay the same they are suggested again, as the officer left them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from minori.filings.enums import Side
from minori.indicators.measures import Measure
from minori.indicators.stored import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """An indicator's line of the revision before, with what was said of it last. Without a measure nothing counts of it."""

    text: str
    row_text: str
    shared: bool
    measure: Measure | None
    covers: str
    on: date | None
    by_officer: bool
    withdrawn: bool

    def is_of(self, text: str | None, row_text: str) -> bool:
        """Whether the words are the same still."""
        if self.shared or text is None:
            return self.shared and self.row_text.strip() == row_text.strip()
        return self.text.strip() == text.strip()


# In SQL as it stands: every save of a returned report asks, and composing it anew would cost more than the answer.
_SAID = """
    SELECT f.indicator_uuid, f.text, coalesce(w.text, ''), f.shared, r.measure::text, r.covers, r."on", r.side, r.withdrawn
    FROM public.filings_reading r JOIN public.filings_figure f ON f.id = r.figure_id
    LEFT JOIN public.filings_figure w
        ON f.shared AND w.filing_id = f.filing_id AND w.kind = 'row' AND w.row_uuid = f.row_uuid
    WHERE f.filing_id = %s AND f.indicator_uuid IS NOT NULL AND (%s::uuid[] IS NULL OR f.row_uuid = ANY(%s::uuid[]))
        AND NOT EXISTS (SELECT FROM public.filings_reading later WHERE later.replaces_id = r.id)
    ORDER BY r.id
"""


def of_filing(filing_id: int | None, *, rows: Collection[UUID] | None = None) -> dict[UUID, Former]:
    """The lines of a filing that somebody said a number of, by indicator; of `rows` only where they are named.

    One query, none without a filing.
    """
    if filing_id is None:
        return {}
    asked = None if rows is None else list(rows)
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [filing_id, asked, asked])
        found = cursor.fetchall()
    return {
        indicator: Former(
            text=text,
            row_text=row_text,
            shared=shared,
            measure=None if measure is None else readable(json.loads(measure)),
            covers=covers,
            on=on,
            by_officer=side == Side.DESK,
            withdrawn=withdrawn,
        )
        for indicator, text, row_text, shared, measure, covers, on, side, withdrawn in found
    }
