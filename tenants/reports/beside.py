"""The numbers beside the rows of one post: looked up for the posted rows alone, whatever the report's length."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from minori.indicators.spoken import Period
from minori.report_forms.answers import RowAnswer
from minori.report_forms.edition import Field, Kind, Section
from minori.report_forms.framework import Indicator
from minori.report_forms.shapes import Json
from tenants.reports import former, numbers
from tenants.reports.goals import Goals
from tenants.reports.numbers import Around, Number
from tenants.reports.queries import Form, rows_asked


@dataclass
class Beside:
    """What is known of a section's rows while one post is answered; what is not known yet is looked up once."""

    form: Form
    section: Section
    indicators: dict[UUID, Sequence[Indicator]] = field(default_factory=dict)

    def rows_of(self, asked: Field, uuids: Collection[UUID]) -> Mapping[UUID, Sequence[Indicator]]:
        """Those of the rows that the field asks about, with their indicators."""
        found = rows_asked(self.form, asked, uuids)
        self.indicators.update(found)
        return found

    def look_up(self, uuids: Iterable[UUID]) -> None:
        """Learn of rows that were not posted, where there are any."""
        unknown = set(uuids) - self.indicators.keys()
        for one in self.section.fields:
            if unknown and one.kind == Kind.RESULTS:
                self.rows_of(one, unknown)

    @cached_property
    def around(self) -> Around:
        """What the numbers are read with."""
        period = Period(self.form.period_starts_on, self.form.period_ends_on)
        rows = self.indicators.keys()
        return Around(
            period=period,
            goals=Goals(self.form.grant_id),
            former=former.of_filing(self.form.current_filing_id, rows=rows),
        )

    def numbers_of(self, stored: Json) -> tuple[Number, ...]:
        """The numbers of a row's answer."""
        answer = RowAnswer.from_json(stored)
        indicators = self.indicators.get(answer.row, ())
        return numbers.of_row(answer, stored, indicators, self.around) if indicators else ()

    def blank(self, key: str) -> tuple[Number, ...]:
        """The numbers of a row that nobody has written in; none for a field."""
        row = next((one for one in self.indicators if str(one) == key), None)
        return () if row is None else self.numbers_of(RowAnswer(row).to_json())
