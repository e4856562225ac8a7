"""What an officer asked, with the place it was asked at: 「0103　回数を書き足してください。」"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from minori.documents.results import LONGEST_NAME
from minori.filings.enums import Side
from minori.filings.models import Comment
from minori.marks import headed
from minori.registry.models import RegisteredRow
from minori.report_forms import editions
from minori.report_forms.texts import Text


@dataclass(frozen=True, slots=True)
class Placed:
    """A comment and the place it was made at: a row's name, or a label of the form in its languages, or neither."""

    place: str | Text
    body: str

    def say(self, language: str) -> str:
        """The place in marks of the language in force, then the comment."""
        place = self.place.say(language) if isinstance(self.place, Text) else self.place
        return f"{headed(place).strip()}\n{self.body}" if place else self.body


def remarks_on(filing_ids: Collection[int]) -> Iterator[tuple[int, datetime, Placed]]:
    """Filing, moment and words of every comment of the desk on these filings, in the order they were written.

    Rows are named by their code, else by how their statement begins; fields by the label on the form. Two queries.
    """
    comments = (
        Comment.objects.filter(filing__in=filing_ids, side=Side.DESK, answers=None)
        .select_related("deadline__round")
        .order_by("pk")
    )
    found = list(comments)
    rows = _names_of_rows({uuid for one in found if (uuid := _uuid(one.anchor))})
    for one in found:
        yield one.filing_id, one.at, Placed(rows.get(one.anchor) or _label(one), one.body)


def _names_of_rows(uuids: Collection[UUID]) -> dict[str, str]:
    rows = RegisteredRow.objects.filter(uuid__in=uuids).order_by("version_id", "position")
    named = rows.values_list("uuid", "code", "statement")
    return {str(uuid): code or _short(statement) for uuid, code, statement in named}


def _label(comment: Comment) -> str | Text:
    round_ = comment.deadline.round
    try:
        return editions.load(round_.edition, round_.edition_version).field(comment.anchor).label
    except KeyError:
        return ""


def _short(statement: str) -> str:
    first = " ".join(statement.split())
    return first if len(first) <= LONGEST_NAME else f"{first[:LONGEST_NAME]}…"


def _uuid(anchor: str) -> UUID | None:
    try:
        return UUID(anchor)
    except ValueError:
        return None
