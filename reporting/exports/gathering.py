"""Everything about a round in one state: what the writers write, read in one snapshot."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import translation

from minori.documents.said import Said, Saying
from minori.filings.models import Filing
from minori.marks import gapped, listed
from minori.programmes import labels
from minori.programmes.models import Programme, Round
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, is_answerable
from minori.report_forms.edition import Edition
from minori.report_forms.shapes import ShapeError
from reporting.charts import queries as chart_queries
from reporting.charts import series
from reporting.charts.series import Chart
from reporting.exports import reading
from reporting.exports.enums import Step
from reporting.exports.shelf import Shelf
from reporting.portfolio import queries as portfolio
from reporting.portfolio import totals
from reporting.portfolio.queries import GrantFacts
from reporting.remarks import queries as remark_queries
from reporting.remarks.models import Remark
from reporting.summaries import compiling
from reporting.summaries.compiling import snapshot
from reporting.summaries.models import Summary
from reporting.summaries.numbers_shape import CommonLine, CoverageFacts, NumberLine
from reporting.summaries.queries import stale_rounds
from reporting.summaries.shape import MapLine, SummaryContents

TRIES = 5
AT_ONCE = 50  # filings in memory while their answers are read


class KeptComing(Exception):  # noqa: N818 - a state of the world
    """Whenever everything was compiled something new had come in."""


@dataclass(frozen=True)
class Question:
    """A question of the form: its key, the chapter and heading it stands under, and its own words ("" where the
    heading says it)."""

    key: str
    part: str
    heading: str
    label: str

    @property
    def name(self) -> str:
        """Its name where it stands alone."""
        under = self.heading or self.part
        return under if self.label in under else gapped((under, self.label))


@dataclass(frozen=True)
class Gathered:
    """A round as of one state. Words and numbers lie on the shelf: writers ask for them grant by grant.

    `as_of` is the moment everything was read, when nothing had come in since `compiled_at`. `summary` has everything but
    the lines of the map. `common` is None where no numbers are compiled.
    """

    programme: Programme
    round: Round
    language: str
    today: date
    as_of: datetime
    compiled_at: datetime
    summary: SummaryContents
    common: list[CommonLine] | None
    coverage: CoverageFacts | None
    grants: dict[int, GrantFacts]
    remarks: dict[int | None, Remark]
    edition: Edition
    questions: Sequence[Question]
    charts: list[Chart]
    shelf: Shelf

    @property
    def names(self) -> dict[int, str]:
        """Grant → organization, with the project's title where an organization has several."""
        return totals.names(self.summary)

    def remark(self, grant: int | None) -> str:
        """What an officer wrote about a grant, or about the whole round."""
        return self.remarks[grant].text if grant in self.remarks else ""

    def map_lines(self) -> Iterator[MapLine]:
        """The lines of the map in the order of the board."""
        found = (self.shelf.map_of(line["grant"]) for line in self.summary["board"])
        return (line for line in found if line is not None)

    def answers(self, question: str) -> Iterator[tuple[int, str]]:
        """Grant and text of everybody who answered, in the order of the board."""
        said = ((grant, self.shelf.answer(question, grant)) for grant in self.names)
        return ((grant, text) for grant, text in said if text is not None)


def gather(
    round_: Round, *, language: str, clock: Callable[[], datetime], step: Callable[[Step], None]
) -> Gathered:
    """The round as it stands now: compiled first where something came in, then read in one snapshot in which every
    round up to it is fresh. So no figure, text or remark in it is of another moment than the rest.

    Raises `KeptComing`, and whatever stops a compile.
    """
    for _try in range(TRIES):
        for pk in _stale(round_):
            step(Step.COMPILING)
            compiling.compile_round(pk, at=clock())
        step(Step.READING)
        with snapshot():
            if not _stale(round_):
                return _read(round_, language=language, at=clock())
    raise KeptComing


def _stale(round_: Round) -> list[int]:
    about = {"programme_id": round_.programme_id, "number__lte": round_.number}
    return list(stale_rounds().filter(**about).values_list("pk", flat=True))


def _read(round_: Round, *, language: str, at: datetime) -> Gathered:
    programme = round_.programme
    summary, compiled_at, numbers = reading.head(round_.pk)
    edition = labels.edition_of(programme.distributor, round_.edition, round_.edition_version)
    questions = list(_questions(edition, language))
    grants, today, shelf = portfolio.grants(programme), programme.distributor.local_date(at), Shelf()
    shelf.put_map(reading.map_lines(round_.pk))
    with translation.override(language):
        charts = _charts(round_, shelf.put_numbers(reading.number_lines(round_.pk)), grants, today=today)
    _put_answers(shelf, round_, edition, questions, language)
    return Gathered(
        programme=programme,
        round=round_,
        language=language,
        today=today,
        as_of=at.astimezone(programme.distributor.zone),
        compiled_at=compiled_at,
        summary=summary,
        common=numbers["common"] if numbers else None,
        coverage=numbers["coverage"] if numbers else None,
        grants=grants,
        remarks=remark_queries.of_round(round_),
        edition=edition,
        questions=questions,
        charts=charts,
        shelf=shelf,
    )


def _charts(
    round_: Round, lines: Iterator[NumberLine], grants: dict[int, GrantFacts], *, today: date
) -> list[Chart]:
    """The round's charts. Of the rounds before it only counts are kept: one round is in memory at a time."""
    pace = series.pace_of(lines, grants)
    programme, number = round_.programme, round_.number
    compiled = Summary.objects.filter(programme=programme, round__number__lte=number).exclude(numbers=None)
    named = compiled.order_by("round__number").values_list("round_id", "round__number", "round__title")
    return series.with_something(
        series.progress(chart_queries.rounds(programme, until=number)),
        series.punctuality(chart_queries.rounds(programme, until=number), today=today),
        series.achievement_of(
            series.achieved_in(no, title, reading.number_lines(pk)) for pk, no, title in list(named)
        ),
        pace,
    )


def _questions(edition: Edition, language: str) -> Iterator[Question]:
    for part in edition.parts:
        for section in part.sections:
            for field in section.fields:
                if is_answerable(field) and field.printed:
                    words = field.label.say(language)
                    heading = section.heading.say(language) or section.title.say(language)
                    said = "" if words.casefold() in heading.casefold() else words  # the heading says it
                    label = " ".join(filter(None, (field.number, said)))
                    yield Question(field.key, part.title.say(language), heading, label)


def _put_answers(
    shelf: Shelf, round_: Round, edition: Edition, questions: Sequence[Question], language: str
) -> None:
    papers = (
        Filing.objects.filter(deadline__round=round_, pk=F("deadline__current_filing"))
        .order_by("pk")
        .values_list("deadline__grant_id", "contents__answers")
    )
    for grant, paper in papers.iterator(chunk_size=AT_ONCE):
        given = _given(paper)
        saying, found = Saying(edition, given, language), {}
        for question in questions:
            said = next(saying.said(edition.field(question.key), edition.section_of(question.key)), None)
            if text := "" if said is None or question.key not in given else say(said):
                found[question.key] = text
        shelf.put_answers(grant, found)


def _given(paper: Any) -> dict[str, Answer]:
    """The answers of a filing; one that cannot be read is left out (the summary says which, and why)."""
    given: dict[str, Answer] = {}
    try:
        for group in paper.values():
            for name, value in group.items():
                given[name] = answer_values.from_json(value, name)
    except (ShapeError, AttributeError):
        return {}
    return given


def say(said: Said) -> str:
    """An answer as one text: what was chosen or ticked, then what was written; "" for nothing."""
    ticked = listed(tick.label for tick in said.ticks if tick.ticked)
    return "\n".join(filter(None, (said.words, ticked, said.text)))
