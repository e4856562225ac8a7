"""Reading across: one question of a round with everybody's answers, each beside the answer before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from minori.documents.said import Said, Saying
from minori.filings.enums import FigureKind
from minori.filings.models import Filing
from minori.programmes.models import Programme, Round
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, Progress, is_answerable
from minori.report_forms.edition import Edition, Kind
from minori.report_forms.shapes import ShapeError
from minori.report_forms.texts import is_empty
from reporting.portfolio.queries import rounds_of
from reporting.reading import folding
from reporting.reading.naming import Names
from reporting.reading.places import Place

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

    place: Place
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
        return self.place.filing is not None


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
    return rounds_of(programme, _BEGUN, today=today)


_BEGUN = """EXISTS (SELECT FROM programmes_deadline d
    WHERE d.round_id = r.id AND (r.opens_on <= %(today)s OR d.current_filing_id IS NOT NULL))"""


def answers(
    shown: Sequence[Place], *, question: str, edition: Edition, names: Names, rounds: Iterable[Round]
) -> list[AnswerSaid]:
    """What these grants say, with what they said in their newest report of an earlier round. One query.

    `rounds` are those that something is here of. A field that the earlier form did not have was not asked then.
    """
    by_key = {one.pk: one for one in rounds}
    if question in (ROWS, BEHIND):
        return _rows(shown, by_key, only_behind=question == BEHIND)
    papers = _papers(shown)
    said = []
    for one in shown:
        now, broken = _said(papers.get(one.filing), edition, question, names.language)
        last, then = by_key.get(one.round_before or 0), None
        if last is not None:
            form = names.edition_of(last)
            then, _ignored = _said(papers.get(one.filing_before), form, question, names.language)
        title = last.title if last else ""
        said.append(AnswerSaid(place=one, before_round=title, said=now, before=then, unreadable=broken))
    return said


def _filings(of: Iterable[Place]) -> list[int]:
    return [pk for one in of for pk in (one.filing, one.filing_before) if pk is not None]


def _papers(of: Iterable[Place]) -> dict[int | None, Any]:
    """The answers of the filings that count, as stored."""
    found = Filing.objects.filter(pk__in=_filings(of)).order_by()
    return dict[int | None, Any](found.values_list("pk", "contents__answers"))


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


def _rows(shown: Sequence[Place], rounds: Mapping[int, Round], *, only_behind: bool) -> list[AnswerSaid]:
    figures = _figures(shown)
    found = []
    for one in shown:
        last = rounds.get(one.round_before or 0)
        then = {row["row_uuid"]: row for row in figures.get(one.filing_before, ())}
        rows = [_row(row, then.get(row["row_uuid"])) for row in figures.get(one.filing, ())]
        if only_behind:
            rows = [row for row in rows if row.progress in CODES_TO_READ]
        found.append(AnswerSaid(place=one, before_round=last.title if last else "", rows=rows))
    return found


def _figures(of: Iterable[Place]) -> dict[int | None, list[dict[str, Any]]]:
    found: dict[int | None, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"filings": _filings(of), "row": str(FigureKind.ROW)})
        columns = [one.name for one in cursor.description or ()]
        for line in cursor.fetchall():
            row = dict(zip(columns, line, strict=True))
            found.setdefault(row["filing_id"], []).append(row)
    return found


_FIGURES = """
    SELECT f.filing_id, f.row_uuid, f.code, w.statement, f.progress, c.progress AS covering, f.text, f.remark, f.nothing
    FROM filings_figure f
    JOIN filings_filing p ON p.id = f.filing_id
    LEFT JOIN registry_registeredrow w ON w.version_id = p.framework_version_id AND w.uuid = f.row_uuid
    LEFT JOIN filings_figure c ON c.filing_id = f.filing_id AND c.kind = %(row)s AND c.row_uuid = f.covered_by_uuid
    WHERE f.filing_id = ANY(%(filings)s) AND f.kind = %(row)s
    ORDER BY f.filing_id, f.position"""


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
