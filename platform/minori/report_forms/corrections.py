"""Small corrections: one text or code of a paper replaced, everything else as it was."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from minori.report_forms.answers import Answer, Progress, RowAnswer
from minori.report_forms.completeness import check
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Edition


class Aspect(StrEnum):
    """What of an answer is corrected; the names of the keys in an answer's JSON."""

    TEXT = "text"
    REMARK = "remark"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Correction:
    """At a field's key or a row's UUID, what stands there now. A code is written as its number."""

    anchor: str
    aspect: Aspect
    old: str
    new: str


class DoesNotFit(ValueError):  # noqa: N818 - what is found
    """What a correction begins with does not stand in the paper, or its code is none."""


def places(contents: Contents) -> dict[tuple[str, Aspect], str]:
    """What can be corrected: every text and code that stands in a paper, by its anchor and aspect."""
    found: dict[tuple[str, Aspect], str] = {}
    for row in contents.rows:
        found |= {(str(row.row), aspect): text for aspect, text in _of_row(row).items() if text}
    found |= {(key, Aspect.TEXT): answer.text for key, answer in contents.answers.items() if answer.text}
    return found


def corrected(contents: Contents, corrections: Iterable[Correction]) -> Contents:
    """The paper with the corrections made; raises `DoesNotFit` where one does not begin with what stands there."""
    rows = {str(row.row): row for row in contents.rows}
    answers = dict(contents.answers)
    standing = places(contents)
    for one in corrections:
        if standing.get((one.anchor, one.aspect)) != one.old:
            raise DoesNotFit(one.anchor)
        if one.anchor in rows:
            rows[one.anchor] = _row_with(rows[one.anchor], one)
        else:
            answers[one.anchor] = _answer_with(answers[one.anchor], one)
    return replace(contents, rows=tuple(rows.values()), answers=answers)


def is_complete(contents: Contents, edition: Edition) -> bool:
    """Whether a paper could be handed in like this."""
    return check(
        edition=edition,
        framework=contents.framework,
        rows=contents.rows,
        answers=contents.answers,
        attachments=contents.attachments,
    ).may_be_handed_in


def _of_row(row: RowAnswer) -> dict[Aspect, str]:
    code = "" if row.progress is None else str(row.progress.value)
    return {Aspect.TEXT: row.text, Aspect.REMARK: row.remark, Aspect.PROGRESS: code}


def _row_with(row: RowAnswer, one: Correction) -> RowAnswer:
    match one.aspect:
        case Aspect.TEXT:
            return replace(row, text=one.new)
        case Aspect.REMARK:
            return replace(row, remark=one.new)
        case Aspect.PROGRESS:
            return replace(row, progress=_progress(one.new))


def _answer_with(answer: Answer, one: Correction) -> Answer:
    return replace(answer, text=one.new)


def _progress(text: str) -> Progress:
    found = {str(progress.value): progress for progress in Progress}
    if text not in found:
        raise DoesNotFit(text)
    return found[text]
