"""Everything about a round in one state: what the writers write, read in one snapshot."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import F

from minori.documents.said import Said, Saying
from minori.filings.models import Filing
from minori.programmes import labels
from minori.programmes.models import Programme, Round
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, is_answerable
from minori.report_forms.edition import Edition
from minori.report_forms.shapes import ShapeError
from reporting.charts import queries as chart_queries
from reporting.charts.series import InRound
from reporting.exports.enums import Step
from reporting.portfolio import queries as portfolio
from reporting.portfolio import totals
from reporting.portfolio.queries import GrantFacts, Numbers
from reporting.remarks import queries as remark_queries
from reporting.remarks.models import Remark
from reporting.summaries import compiling
from reporting.summaries.compiling import _snapshot
from reporting.summaries.models import Summary
from reporting.summaries.queries import stale_rounds
from reporting.summaries.shape import SummaryContents

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
        return under if self.label in under else f"{under}　{self.label}"


@dataclass(frozen=True)
class Gathered:
    """A round as of one state. `answers` are texts by question and grant; `rounds` all rounds up to this one.

    `as_of` is the moment everything was read, when nothing had come in since `compiled_at`.
    """

    programme: Programme
    round: Round
    language: str
    today: date
    as_of: datetime
    compiled_at: datetime
    summary: SummaryContents
    numbers: Sequence[Numbers]
    grants: dict[int, GrantFacts]
    remarks: dict[int | None, Remark]
    edition: Edition
    questions: Sequence[Question]
    answers: dict[str, dict[int, str]]
    rounds: Sequence[InRound]

    @property
    def shown_numbers(self) -> Numbers | None:
        """The numbers of this round."""
        return next((one for one in self.numbers if one.number == self.round.number), None)

    @property
    def names(self) -> dict[int, str]:
        """Grant → organization, with the project's title where an organization has several."""
        return totals.names(self.summary)

    def remark(self, grant: int | None) -> str:
        """What an officer wrote about a grant, or about the whole round."""
        return self.remarks[grant].text if grant in self.remarks else ""


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
        with _snapshot():
            if not _stale(round_):
                return _read(round_, language=language, at=clock())
    raise KeptComing


def _stale(round_: Round) -> list[int]:
    about = {"programme_id": round_.programme_id, "number__lte": round_.number}
    return list(stale_rounds().filter(**about).values_list("pk", flat=True))


def _read(round_: Round, *, language: str, at: datetime) -> Gathered:
    programme = round_.programme
    summary = Summary.objects.get(round=round_)
    assert summary.contents is not None, "it is fresh"
    assert summary.as_of is not None, "it is fresh"
    edition = labels.edition_of(programme.distributor, round_.edition, round_.edition_version)
    questions = list(_questions(edition, language))
    return Gathered(
        programme=programme,
        round=round_,
        language=language,
        today=programme.distributor.local_date(at),
        as_of=at.astimezone(programme.distributor.zone),
        compiled_at=summary.as_of,
        summary=cast("SummaryContents", summary.contents),
        numbers=[one for one in portfolio.numbers(programme) if one.number <= round_.number],
        grants=portfolio.grants(programme),
        remarks=remark_queries.of_round(round_),
        edition=edition,
        questions=questions,
        answers=_answers(round_, edition, questions, language),
        rounds=chart_queries.rounds(programme, until=round_.number),
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


def _answers(
    round_: Round, edition: Edition, questions: Sequence[Question], language: str
) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {one.key: {} for one in questions}
    papers = (
        Filing.objects.filter(deadline__round=round_, pk=F("deadline__current_filing"))
        .order_by("pk")
        .values_list("deadline__grant_id", "contents__answers")
    )
    for grant, paper in papers.iterator(chunk_size=AT_ONCE):
        given = _given(paper)
        saying = Saying(edition, given, language)
        for question in questions:
            said = next(saying.said(edition.field(question.key), edition.section_of(question.key)), None)
            if text := "" if said is None or question.key not in given else say(said):
                found[question.key][grant] = text
    return found


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
    ticked = "、".join(tick.label for tick in said.ticks if tick.ticked)
    return "\n".join(filter(None, (said.words, ticked, said.text)))
