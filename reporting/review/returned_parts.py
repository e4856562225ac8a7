"""One part of a returned workbook, as it is put right by hand: a row of the plan or a question of the form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from minori.documents.answerbook.layout import progress_choices
from minori.documents.asking import condition_of, label_of, numbered, text_label_of
from minori.documents.results import name_of, names_of
from minori.report_forms import answers as values
from minori.report_forms.answers import Answer, Posted, RowAnswer, Ticked, UnknownProgressError
from minori.report_forms.edition import Field, Kind
from minori.report_forms.framework import Indicator
from minori.report_forms.shapes import Json, ShapeError
from reporting.review.returned import Looked

_WITH_WORDS = frozenset({Kind.CHOICE, Kind.TICKS, Kind.YES_NO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One control: `kind` is text, line, radios, boxes or box; `value` and `values` what stands in it."""

    name: str
    kind: str
    label: str
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    limit: int | None = None
    support: str = ""
    rows: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part by its anchor: what it is called, where it stands, its controls.

    `statement` are the words of a row of the plan, "" where they are its name, and `indicators` what it is measured by.
    """

    anchor: str
    name: str
    section: str
    inputs: tuple[Input, ...]
    corrected: bool
    statement: str = ""
    indicators: tuple[Indicator, ...] = ()


def parts_of(looked: Looked, language: str) -> list[Part]:
    """Every part that may be put right, in the order of the form."""
    return list(_parts(looked, language))


def part_of(looked: Looked, anchor: str, language: str) -> Part | None:
    """One part, None where the form has none such or it was not sent back."""
    return next((one for one in parts_of(looked, language) if one.anchor == anchor), None)


def _parts(looked: Looked, language: str) -> Iterator[Part]:
    asked = looked.ground.asked
    for section in asked.edition.sections:
        title = section.title.say(language)
        for field in section.fields:
            if field.kind == Kind.RESULTS:
                for row in asked.filled.framework.rows_for(field.level, field.support):
                    if str(row.uuid) in asked.opened:
                        answer = looked.rows[row.uuid]
                        part = _part(
                            looked,
                            str(row.uuid),
                            name_of(row),
                            title,
                            _row_inputs(looked, field, answer, language),
                        )
                        words = row.statement if row.statement.strip() != part.name else ""
                        yield replace(part, statement=words, indicators=row.indicators)
            elif values.is_answerable(field) and field.key in asked.opened:
                name = numbered(field, language) or title
                yield _part(looked, field.key, name, title, _inputs(looked, field, language))


def _part(looked: Looked, anchor: str, name: str, section: str, inputs: Iterator[Input]) -> Part:
    return Part(
        anchor=anchor,
        name=name,
        section=section,
        inputs=tuple(inputs),
        corrected=anchor in looked.returned.corrected,
    )


def _row_inputs(looked: Looked, field: Field, answer: RowAnswer, language: str) -> Iterator[Input]:
    def name(what: str) -> str:
        return values.row_name(answer.row, what)

    codes = [(words.partition(" ")[0], words) for words in progress_choices(language)]
    posted = values.row_as_posted(answer)
    others = [
        (str(uuid), called)
        for uuid, called in names_of(looked.ground.asked.filled.framework).items()
        if uuid != answer.row and uuid in looked.rows
    ]
    yield Input(
        name=name("text"),
        kind="text",
        label=field.label.say(language),
        value=answer.text,
        limit=field.max_length,
    )
    yield _nothing(name("nothing"), ticked=answer.nothing)
    yield Input(
        name=name("progress"),
        kind="radios",
        label=_("Progress"),
        value=posted[name("progress")][0],
        choices=(*codes, ("", _("not reported"))),
    )
    yield Input(
        name=name("remark"),
        kind="text",
        label=_("Reason or remark (for progress 4 always)"),
        value=answer.remark,
        limit=field.remark_max_length,
        rows=2,
    )
    yield Input(
        name=name("covers"),
        kind="boxes",
        label=_("Other rows that this progress is for too"),
        values=tuple(str(uuid) for uuid in answer.covers),
        choices=tuple(others),
    )


def _inputs(looked: Looked, field: Field, language: str) -> Iterator[Input]:
    answer = looked.answers.get(field.key, values.blank(field))
    label = numbered(field, language) or looked.ground.asked.edition.section_of(field.key).title.say(language)
    support = "\n".join(
        filter(None, (condition_of(looked.ground.asked.edition, field, language), field.hint.say(language)))
    )
    choices = tuple((one.value, label_of(field, one.value, language)) for one in field.choices)
    match field.kind:
        case Kind.CHOICE | Kind.YES_NO:
            said = values.as_posted(field, answer)[field.key][0]
            yield Input(
                name=field.key,
                kind="radios",
                label=label,
                support=support,
                value=said,
                choices=(*choices, ("", _("no answer"))),
            )
        case Kind.TICKS:
            ticked = answer.values if isinstance(answer, Ticked) else ()
            yield Input(
                name=field.key, kind="boxes", label=label, support=support, values=ticked, choices=choices
            )
        case _:
            kind = "text" if field.kind == Kind.TEXT and field.lines > 1 else "line"
            yield Input(
                name=field.key,
                kind=kind,
                label=label,
                support=support,
                value=answer.text,
                limit=field.max_length,
                rows=min(field.lines, 12),
            )
    if values.may_be_nothing(field):
        yield _nothing(values.nothing_name(field), ticked=bool(getattr(answer, "nothing", False)))
    if field.kind in _WITH_WORDS and (field.wants_text or field.kind == Kind.YES_NO):
        yield Input(
            name=values.text_name(field),
            kind="text",
            label=text_label_of(field, language) or _("What"),
            value=answer.text,
            limit=field.max_length,
            rows=2,
        )


def _nothing(name: str, *, ticked: bool) -> Input:
    return Input(
        name=name, kind="box", label=_("Nothing to report in this round"), value=values.YES if ticked else ""
    )


def value_of(looked: Looked, anchor: str, posted: Posted) -> Json:
    """What was posted for a part, as an answer in JSON; KeyError for a part that the form does not have.

    Unknown codes and rows were made up by somebody: ValueError.
    """
    try:
        row = UUID(anchor)
    except ValueError:
        answer: Answer = values.parse(looked.ground.asked.edition.field(anchor), posted)
        return values.to_json(answer)
    try:
        return values.parse_row(row, posted).to_json()
    except (UnknownProgressError, ShapeError) as error:
        raise ValueError(anchor) from error


def changed_words(parts: list[Part], changed: frozenset[str]) -> Mapping[str, list[Part]]:
    """The parts that the organization filled in, by the title of their section."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        if part.anchor in changed:
            found.setdefault(part.section, []).append(part)
    return found
