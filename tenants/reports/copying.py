"""「前回の内容をコピー」: answers taken over from the round before, or from the report of another grant."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from minori.filings.models import Filing
from minori.filings.unreadable import Unreadable, contents_of
from minori.programmes.enums import OPEN_STATES
from minori.programmes.models import Deadline
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, Written
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Field, Kind, Section
from tenants.reports import drafts, proposing, queries
from tenants.reports.drafts import WorkingCopy
from tenants.reports.folding import reading_of
from tenants.reports.models import Report
from tenants.reports.proposing import Difference, Proposed
from tenants.reports.sections import language_in_force, words_of

PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Source:
    """A report to copy from: texts of its rows, answers of its fields. `draft` where it is not handed in."""

    key: str
    round_title: str
    grant_title: str
    draft: bool
    texts: Mapping[UUID, str]
    answers: Mapping[str, Answer]


def can_be_copied(section: Section) -> bool:
    """Whether a section has anything that is written or chosen."""
    return any(field.kind == Kind.RESULTS or answer_values.is_answerable(field) for field in section.fields)


def may_come_from_others(section: Section) -> bool:
    """Whether reports of other grants fit: not where answers belong to rows of a plan."""
    return can_be_copied(section) and not any(field.kind == Kind.RESULTS for field in section.fields)


def sources_of(copy: WorkingCopy, section: Section) -> list[Source]:
    """The reports that say something to this section: the round before, then those of other grants, newest first."""
    found: list[Source] = []
    previous = drafts.previous_of(copy.deadline)
    if previous is not None:
        found.append(_of_contents(PREVIOUS, previous, copy.deadline.grant.title))
    if may_come_from_others(section):
        found += _of_other_grants(copy)
    return [one for one in found if proposals(copy, section, one) or one.key == PREVIOUS]


def offered(copy: WorkingCopy, section: Section, *, previous: Contents | None) -> str:
    """What the page should offer to copy from: "previous" where the last report would change something, "others"
    where there are reports of other grants, "" otherwise; one query at most.
    """
    if not can_be_copied(section):
        return ""
    if previous is not None and proposals(copy, section, _of_contents(PREVIOUS, previous, "")):
        return PREVIOUS
    return "others" if may_come_from_others(section) and _others(copy).exists() else ""


def proposals(copy: WorkingCopy, section: Section, source: Source) -> list[Proposed]:
    """What would change in a section; what is the same already is left out.

    Progress codes and "nothing to report" belong to their own round and are never copied.
    """
    return [one for field in section.fields for one in _of_field(copy, field, source)]


def _of_field(copy: WorkingCopy, field: Field, source: Source) -> Iterator[Proposed]:
    language = language_in_force()
    if field.kind == Kind.RESULTS:
        yield from _of_rows(copy, field, source)
    elif answer_values.is_answerable(field):
        theirs, mine = source.answers.get(field.key), copy.draft.answer(field)
        if isinstance(theirs, Written):
            theirs = Written(theirs.text)
        if type(theirs) is not type(mine) or theirs is None:
            return
        if theirs != mine and not answer_values.is_untouched(theirs):
            label = field.label.say(language)
            words = Difference(label, words_of(field, mine, language), words_of(field, theirs, language))
            yield proposing.for_field(
                copy, field, answer_values.to_json(theirs), name=label, differences=[words]
            )


def _of_rows(copy: WorkingCopy, field: Field, source: Source) -> Iterator[Proposed]:
    label = field.label.say(language_in_force())
    for row in copy.draft.rows_of(field):
        answer, text = copy.draft.row_answer(row), source.texts.get(row.uuid, "")
        if text and text != answer.text:
            new = replace(answer, text=text, nothing=False)
            words = Difference(label, answer.text, text)
            yield proposing.for_row(copy, new, name=reading_of(row.statement), differences=[words])


def _of_contents(key: str, contents: Contents, grant_title: str) -> Source:
    return Source(
        key=key,
        round_title=contents.head.round_title,
        grant_title=grant_title,
        draft=False,
        texts={answer.row: answer.text for answer in contents.rows},
        answers=contents.answers,
    )


def _others(copy: WorkingCopy) -> QuerySet[Deadline]:
    """Reports of other grants that were begun or handed in."""
    begun = Report.objects.exclude(deadline_id=copy.deadline.pk).values_list("deadline_id", flat=True)
    others = queries.ours().exclude(grant_id=copy.deadline.grant_id)
    return others.filter(pk__in=list(begun)) | others.filter(current_filing__isnull=False)


def _of_other_grants(copy: WorkingCopy) -> list[Source]:
    """The newest begun or handed-in report of each other grant."""
    newest: dict[int, Deadline] = {}
    for one in _others(copy).order_by("-round__opens_on", "-pk"):
        newest.setdefault(one.grant_id, one)
    open_ones = [one for one in newest.values() if one.state in OPEN_STATES]
    copies = drafts.read_all(open_ones) if open_ones else {}
    filed = _filed([one for one in newest.values() if one.pk not in copies])
    return [
        _of_draft(copies[one.pk])
        if one.pk in copies
        else _of_contents(f"report-{one.pk}", filed[one.pk], one.grant.title)
        for one in newest.values()
        if one.pk in copies or one.pk in filed
    ]


def _filed(deadlines: Sequence[Deadline]) -> dict[int, Contents]:
    filings = Filing.objects.filter(
        pk__in=[one.current_filing_id for one in deadlines if one.current_filing_id]
    )
    found: dict[int, Contents] = {}
    for filing in filings.order_by("pk"):
        with suppress(Unreadable):  # nothing to copy from
            found[filing.deadline_id] = contents_of(filing)
    return found


def _of_draft(copy: WorkingCopy) -> Source:
    return Source(
        key=f"report-{copy.deadline.pk}",
        round_title=copy.deadline.round.title,
        grant_title=copy.deadline.grant.title,
        draft=True,
        texts={},
        answers=copy.draft.answers,
    )
