"""The numbers of the revision before: while the words stay the same they are suggested again, as the officer left them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from minori.filings.enums import FigureKind, Side
from minori.filings.models import Figure, Reading
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


def of_filing(filing_id: int | None, *, rows: Collection[UUID] | None = None) -> dict[UUID, Former]:
    """The lines of a filing that somebody said a number of, by indicator; of `rows` only where they are named.

    Two queries, none without a filing.
    """
    if filing_id is None:
        return {}
    readings = (
        Reading.objects.newest().filter(figure__filing=filing_id).select_related("figure").order_by("pk")
    )
    if rows is not None:
        readings = readings.filter(figure__row_uuid__in=list(rows))
    found = list(readings)
    shared = {one.figure.row_uuid for one in found if one.figure and one.figure.shared}
    of_rows = Figure.objects.filter(filing=filing_id, kind=FigureKind.ROW, row_uuid__in=shared).order_by(
        "position"
    )
    texts = dict(of_rows.values_list("row_uuid", "text")) if shared else {}
    return {
        one.figure.indicator_uuid: Former(
            text=one.figure.text,
            row_text=texts.get(one.figure.row_uuid, ""),
            shared=one.figure.shared,
            measure=readable(one.measure),
            covers=one.covers,
            on=one.on,
            by_officer=one.side == Side.DESK,
            withdrawn=one.withdrawn,
        )
        for one in found
        if one.figure is not None and one.figure.indicator_uuid is not None
    }
