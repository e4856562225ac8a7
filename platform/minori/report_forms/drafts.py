"""A report being written, as one thing to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from minori.report_forms.answers import Answer, RowAnswer, blank
from minori.report_forms.contents import Attachment
from minori.report_forms.edition import Edition, Field
from minori.report_forms.figures import covered_rows
from minori.report_forms.framework import Framework, Row


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Everything that is looked at; absent answers and rows are blank."""

    edition: Edition
    framework: Framework | None
    rows: Mapping[UUID, RowAnswer]
    answers: Mapping[str, Answer]
    attachments: tuple[Attachment, ...] = ()

    def answer(self, asked: Field) -> Answer:
        """The answer to a field, blank where there is none."""
        return self.answers.get(asked.key, blank(asked))

    def row_answer(self, row: Row) -> RowAnswer:
        """The answer for a row, blank where there is none."""
        return self.rows.get(row.uuid, RowAnswer(row.uuid))

    def rows_of(self, asked: Field) -> tuple[Row, ...]:
        """The rows that a results field asks about."""
        return () if self.framework is None else self.framework.rows_for(asked.level, asked.support)

    @cached_property
    def all_rows(self) -> tuple[Row, ...]:
        """The rows that the form asks about."""
        if self.framework is None:
            return ()
        return tuple(row for _, row in self.edition.rows_asked(self.framework))

    @cached_property
    def covered(self) -> Mapping[UUID, UUID]:
        """For each row that a code spans, the row where that code stands."""
        return covered_rows(self.row_answer(row) for row in self.all_rows)


def draft_of(
    *,
    edition: Edition,
    framework: Framework | None,
    rows: Iterable[RowAnswer],
    answers: Mapping[str, Answer],
    attachments: Iterable[Attachment] = (),
) -> Draft:
    """A draft to ask `state_of`, `row_state` and `count_of` about."""
    return Draft(
        edition=edition,
        framework=framework,
        rows={answer.row: answer for answer in rows},
        answers=answers,
        attachments=tuple(attachments),
    )
