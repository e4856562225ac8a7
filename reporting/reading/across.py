"""Reading across: one question of a round with everybody's answers, each beside the answer before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from minori.documents.said import Said, Saying
from minori.filings.enums import FigureKind
from minori.filings.models import Figure, Filing
from minori.programmes.enums import DeadlineState
from minori.programmes.models import Deadline, Programme, Round
from minori.registry.models import RegisteredRow
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, Progress, is_answerable
from minori.report_forms.edition import Edition, Kind
from minori.report_forms.shapes import ShapeError
from minori.report_forms.texts import is_empty
from reporting.reading import folding
from reporting.reading.naming import Names

A_PAGE = 6  # some screens: each is several rows with both rounds beside each other

ROWS = "rows"
BEHIND = "rows-behind"
"""Two questions that every form with results has: all rows, and those behind plan or "other"."""

CODES_TO_READ = (Progress.BEHIND, Progress.OTHER)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that can be read across: a field of the form, or its results."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RowSaid:
    """One row of somebody's results."""

    anchor: str
    name: str
    progress: int | None
    text: str
    remark: str
    nothing: bool
    before: str = ""
    progress_before: int | None = None
    reported_before: bool = False

    @property
    def unchanged(self) -> bool:
        """Whether the same words stood there last time."""
        return not is_empty(self.text) and self.text == self.before


@dataclass(frozen=True, kw_only=True)
class AnswerSaid:
    """What one grant says to the question. `said` and `before` are None where nothing was asked or handed in."""

    deadline: Deadline
    before_round: str = ""
    said: Said | None = None
    before: Said | None = None
    rows: Sequence[RowSaid] = field(default=())
    unreadable: bool = False

    @property
    def anchor(self) -> str:
        """Where in the report it stands."""
        return self.said.anchor if self.said else ""

    @property
    def unchanged(self) -> bool:
        """Whether the same was written last time, word for word."""
        now, last = self.said, self.before
        return bool(now and last and not is_empty(now.text) and now.text == last.text)

    @property
    def handed_in(self) -> bool:
        """Whether there is a report that counts."""
        return self.deadline.current_filing_id is not None


def questions(edition: Edition, names: Names) -> list[Question]:
    """The fields of a form that can be read across, in its order."""
    return [
        Question(key=asked.key, name=names.field(edition, asked.key))
        for asked in edition.fields
        if is_answerable(asked)
    ]


def has_results(edition: Edition) -> bool:
    """Whether the form asks about rows of the plan."""
    return bool(edition.fields_of(Kind.RESULTS))


def rounds(programme: Programme, *, today: date) -> list[Round]:
    """The programme's rounds that have opened, or of which something is here already, in order."""
    asked = Deadline.objects.filter(round=OuterRef("pk"))
    begun = Q(opens_on__lte=today) & Exists(asked) | Exists(asked.filter(current_filing__isnull=False))
    return list(programme.rounds.filter(begun).order_by("number"))


def deadlines(programme: Programme, round_: Round) -> QuerySet[Deadline]:
    """The round's deadlines that a report is wanted of, in the order of the organizations' names."""
    return (
        Deadline.objects.filter(round=round_, grant__programme=programme)
        .exclude(state=DeadlineState.WAIVED)
        .select_related("grant__organization", "grant__lead_officer")
        .order_by("organization__name_kana", "organization__name", "grant__code")
    )


def answers(
    shown: Sequence[Deadline], *, question: str, round_: Round, edition: Edition, names: Names
) -> list[AnswerSaid]:
    """What these grants say, with what they said in their newest report of an earlier round. Three queries.

    A field that the earlier form did not have was not asked then.
    """
    before = _before(shown, round_)
    if question in (ROWS, BEHIND):
        return _rows(shown, before, only_behind=question == BEHIND)
    papers = _papers([*shown, *before.values()])
    said = []
    for one in shown:
        last = before.get(one.grant_id)
        now, broken = _said(papers.get(one.current_filing_id), edition, question, names.language)
        then = None
        if last is not None:
            form = names.edition(one.grant.programme.distributor_id, last.round)
            then, _ignored = _said(papers.get(last.current_filing_id), form, question, names.language)
        title = last.round.title if last else ""
        said.append(AnswerSaid(deadline=one, before_round=title, said=now, before=then, unreadable=broken))
    return said


def _before(shown: Sequence[Deadline], round_: Round) -> dict[int, Deadline]:
    """By grant: the newest earlier deadline with a report that counts."""
    earlier = (
        Deadline.objects.filter(
            grant__in=[one.grant_id for one in shown],
            round__number__lt=round_.number,
            current_filing__isnull=False,
        )
        .select_related("round")
        .order_by("grant_id", "-round__number")
        .distinct("grant_id")
    )
    return {one.grant_id: one for one in earlier}


def _papers(of: Iterable[Deadline]) -> dict[int | None, Any]:
    """The answers of the filings that count, as stored."""
    keys = [one.current_filing_id for one in of if one.current_filing_id is not None]
    return dict[int | None, Any](Filing.objects.filter(pk__in=keys).values_list("pk", "contents__answers"))


def _said(paper: Any, edition: Edition, key: str, language: str) -> tuple[Said | None, bool]:
    """The answer to a field, and whether the paper cannot be read."""
    try:
        asked, section = edition.field(key), edition.section_of(key)
    except KeyError:
        return None, False
    if paper is None:
        return None, False
    given: dict[str, Answer] = {}
    try:
        for group in paper.values():
            for name, value in group.items():
                given[name] = answer_values.from_json(value, name)
    except (ShapeError, AttributeError):
        return None, True
    return next(Saying(edition, given, language).said(asked, section), None), False


def _rows(
    shown: Sequence[Deadline], before: Mapping[int, Deadline], *, only_behind: bool
) -> list[AnswerSaid]:
    figures = _figures([*shown, *before.values()])
    found = []
    for one in shown:
        last = before.get(one.grant_id)
        then = {row["row_uuid"]: row for row in figures.get(last.current_filing_id, ())} if last else {}
        rows = [_row(row, then.get(row["row_uuid"])) for row in figures.get(one.current_filing_id, ())]
        if only_behind:
            rows = [row for row in rows if row.progress in CODES_TO_READ]
        found.append(AnswerSaid(deadline=one, before_round=last.round.title if last else "", rows=rows))
    return found


def _figures(of: Iterable[Deadline]) -> dict[int | None, list[dict[str, Any]]]:
    keys = [one.current_filing_id for one in of if one.current_filing_id is not None]
    statement = RegisteredRow.objects.filter(
        version_id=OuterRef("filing__framework_version_id"), uuid=OuterRef("row_uuid")
    ).values("statement")
    covering = Figure.objects.filter(
        filing_id=OuterRef("filing_id"), kind=FigureKind.ROW, row_uuid=OuterRef("covered_by_uuid")
    ).values("progress")
    rows = (
        Figure.objects.filter(filing__in=keys, kind=FigureKind.ROW)
        .annotate(statement=Subquery(statement[:1]), covering=Subquery(covering[:1]))
        .order_by("filing_id", "position")
        .values(
            "filing_id", "row_uuid", "code", "statement", "progress", "covering", "text", "remark", "nothing"
        )
    )
    found: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["filing_id"], []).append(dict(row))
    return found


def _row(row: Mapping[str, Any], last: Mapping[str, Any] | None) -> RowSaid:
    return RowSaid(
        anchor=str(row["row_uuid"]),
        name=folding.name_of_row(row["code"], row["statement"] or ""),
        progress=_code(row),
        text=row["text"],
        remark=row["remark"],
        nothing=row["nothing"],
        before=last["text"] if last else "",
        progress_before=_code(last) if last else None,
        reported_before=last is not None,
    )


def _code(row: Mapping[str, Any]) -> int | None:
    """The code that stands there, or the one a person stated to cover the row."""
    own: int | None = row["progress"]
    covering: int | None = row["covering"]
    return own if own is not None else covering
