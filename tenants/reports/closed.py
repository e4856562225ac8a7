"""Parts that a return left closed, as pages show them: what stands there, and what could not be saved."""

from dataclasses import dataclass

from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, RowAnswer
from minori.report_forms.edition import Field, Kind
from minori.report_forms.framework import Row
from tenants.reports.drafts import WorkingCopy
from tenants.reports.sections import words_of


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed part: the words that stand there, and what somebody typed that could not be saved."""

    words: str
    typed: str


def field(copy: WorkingCopy, asked: Field, answer: Answer, language: str) -> Closed | None:
    """A field as it stays; None where it is open, or holds no answer of its own: rows are closed one by one."""
    if asked.key in copy.opened:
        return None
    if not answer_values.is_answerable(asked):
        return Closed("", "") if asked.kind == Kind.PHOTOS else None
    stands = words_of(asked, copy.draft.answer(asked), language)
    typed = words_of(asked, answer, language)
    return Closed(stands, typed if typed != stands else "")


def row(copy: WorkingCopy, asked: Row, answer: RowAnswer) -> Closed | None:
    """A row as it stays; None where it is open."""
    if str(asked.uuid) in copy.opened:
        return None
    stands = copy.draft.row_answer(asked).text
    return Closed(stands, answer.text if answer.text != stands else "")
