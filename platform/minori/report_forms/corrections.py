"""Small corrections of a paper: the texts that can be corrected, and the paper with other texts in their places.

A correction is for typing errors (domain rule: the officer proposes it, the organization takes it with one click), so
only texts that stand there can be corrected, and each keeps some words. Choices, ticks, codes and files are not texts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from minori.report_forms.contents import Contents
from minori.report_forms.edition import Edition, Kind
from minori.report_forms.texts import is_empty


class Aspect(StrEnum):
    """Which of a place's texts: what was written, or the remark at a row's code."""

    TEXT = "text"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Spot:
    """One text of a paper: the key of its field, or the UUID of its row as text, and which of its texts."""

    anchor: str
    aspect: Aspect = Aspect.TEXT


@dataclass(frozen=True, slots=True)
class CorrectableText:
    """A text that stands in a paper, and how long it may be (None: as long as you like)."""

    spot: Spot
    text: str
    max_length: int | None = None


# The text of a number or a day is its value: another one is another answer, not a slip of the pen.
_VALUES = frozenset({Kind.NUMBER, Kind.DATE})


def texts_of(contents: Contents, edition: Edition) -> list[CorrectableText]:
    """Every text that can be corrected, in the order of the form."""
    return list(_texts(contents, edition))


def _texts(contents: Contents, edition: Edition) -> Iterator[CorrectableText]:
    rows = {answer.row: answer for answer in contents.rows}
    asked = edition.rows_asked(contents.framework)
    for field in edition.fields:
        if field.kind == Kind.RESULTS:
            for _field, row in (one for one in asked if one[0].key == field.key):
                if answer := rows.get(row.uuid):
                    yield CorrectableText(Spot(str(row.uuid)), answer.text, field.max_length)
                    remark = Spot(str(row.uuid), Aspect.REMARK)
                    yield CorrectableText(remark, answer.remark, field.remark_max_length)
        elif field.kind not in _VALUES and (given := contents.answers.get(field.key)):
            yield CorrectableText(Spot(field.key), given.text, field.max_length)


def standing(contents: Contents, edition: Edition) -> dict[Spot, CorrectableText]:
    """Those texts that say something, by their place."""
    return {one.spot: one for one in _texts(contents, edition) if not is_empty(one.text)}


def corrected(contents: Contents, texts: Mapping[Spot, str]) -> Contents:
    """The paper with these texts in their places; everything else stays. Places it does not have are passed over."""
    rows = tuple(
        replace(
            answer,
            text=texts.get(Spot(str(answer.row)), answer.text),
            remark=texts.get(Spot(str(answer.row), Aspect.REMARK), answer.remark),
        )
        for answer in contents.rows
    )
    answers = {
        key: replace(answer, text=texts.get(Spot(key), answer.text))
        for key, answer in contents.answers.items()
    }
    return replace(contents, rows=rows, answers=answers)
