"""Answers to the fields and rows of a form: typed values, read from what a page posted, kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

from minori.report_forms import amounts
from minori.report_forms.edition import Edition, Field, Kind
from minori.report_forms.shapes import Json, Reader, ShapeError, as_uuid
from minori.report_forms.texts import Text, clean, is_empty

Posted = Mapping[str, Sequence[str]]

YES, NO = "yes", "no"


class Progress(IntEnum):
    """進捗状況, the four codes of the official form; a blank is no code and means "not reported"."""

    AHEAD = 1
    ON_PLAN = 2
    BEHIND = 3
    OTHER = 4

    @property
    def label(self) -> Text:
        """The form's words for the code."""
        return _PROGRESS_LABELS[self]


_PROGRESS_LABELS = {
    Progress.AHEAD: Text("計画より進んでいる", "Ahead of plan"),
    Progress.ON_PLAN: Text("計画どおり進んでいる", "On plan"),
    Progress.BEHIND: Text("計画より遅れている", "Behind plan"),
    Progress.OTHER: Text("その他", "Other"),
}


class UnknownProgressError(ValueError):
    """A progress code outside 1–4 was posted; pages offer none, so somebody made it up."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of several choices; "" is none. `text` goes with a choice that wants words."""

    value: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Any of several boxes, in the order of the form; `text` goes with "other"."""

    values: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A text, verbatim, or `nothing`: a person said that there is nothing to report in this round."""

    text: str = ""
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """有 or 無 with its 内容; None is neither."""

    said: bool | None = None
    text: str = ""


Answer = Chosen | Ticked | Written | YesNo

# Fields of these kinds are answered through this module; a head is filled from the register, results
# are answered by row, photos are attachments.
_BLANKS: Mapping[Kind, Answer] = {
    Kind.CHOICE: Chosen(),
    Kind.TICKS: Ticked(),
    Kind.TEXT: Written(),
    Kind.NUMBER: Written(),
    Kind.DATE: Written(),
    Kind.YES_NO: YesNo(),
}


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What is reported for one row: one text as on the official form, one code or none, a remark.

    `covers` are other rows that a person states to be covered by this row's code. `nothing` says that there
    is nothing to report in this round (今期は報告することがない): an answer of its own, neither a blank nor
    zero. It stands in the place of the text; a code may stand beside it ("on plan, begins next year").
    """

    row: UUID
    text: str = ""
    progress: Progress | None = None
    remark: str = ""
    covers: tuple[UUID, ...] = ()
    nothing: bool = False

    @property
    def is_untouched(self) -> bool:
        """Whether nothing at all was entered."""
        return not (self.text or self.progress or self.remark or self.covers or self.nothing)

    @property
    def has_words(self) -> bool:
        """Whether the text is given, or said to be nothing in this round."""
        return self.nothing or not is_empty(self.text)

    def to_json(self) -> Json:
        """Plain JSON types; a blank code is null, `nothing` stands only where it was said."""
        data: Json = {
            "row": str(self.row),
            "text": self.text,
            "progress": None if self.progress is None else self.progress.value,
            "remark": self.remark,
            "covers": [str(uuid) for uuid in self.covers],
        }
        return data | ({"nothing": True} if self.nothing else {})

    @classmethod
    def from_json(cls, data: object, path: str = "row") -> "RowAnswer":
        """The reverse of `to_json`; ShapeError names the place that does not fit."""
        reader = Reader(data, path)
        progress = None if reader.data.get("progress") is None else reader.choice("progress", Progress)
        return cls(
            row=reader.uuid("row"),
            text=reader.text("text", ""),
            progress=progress,
            remark=reader.text("remark", ""),
            covers=tuple(as_uuid(item, where) for item, where in reader.items("covers")),
            nothing=reader.flag("nothing"),
        )


def is_answerable(field: Field) -> bool:
    """Whether the field is answered by one of the values of this module."""
    return field.kind in _BLANKS


def blank(field: Field) -> Answer:
    """The answer of a field that nobody has touched; KeyError for head, results and photos."""
    return _BLANKS[field.kind]


def is_asked(edition: Edition, field: Field, answers: Mapping[str, Answer]) -> bool:
    """Whether a field is asked, given the other answers.

    A follow-up waits for one of the choices it names; without names for a "yes", or for a tick that is not
    "none". It is not asked where the field it follows is not.
    """
    if not field.asked_after:
        return True
    earlier = edition.field(field.asked_after)
    given = answers.get(earlier.key)
    if given is None or not is_asked(edition, earlier, answers):
        return False
    return any(opens(earlier, field, value) for value in values_of(given))


def opens(earlier: Field, field: Field, value: str) -> bool:
    """Whether a choice made at the earlier field lets the follow-up be asked."""
    if field.asked_when:
        return value in field.asked_when
    if earlier.kind == Kind.YES_NO:
        return value == YES
    return (choice := earlier.choice(value)) is None or not choice.exclusive


def values_of(answer: Answer) -> tuple[str, ...]:
    """The values that were chosen, ticked or said."""
    match answer:
        case Chosen(value=value):
            return (value,) if value else ()
        case Ticked(values=values):
            return values
        case YesNo(said=said):
            return {True: (YES,), False: (NO,), None: ()}[said]
        case Written():
            return ()


def may_be_nothing(field: Field) -> bool:
    """Whether "nothing to report in this round" can be said of a field: texts of some length, not follow-ups."""
    return field.kind == Kind.TEXT and field.lines > 1 and not field.asked_after


def nothing_name(field: Field) -> str:
    """The name of the box that says "nothing to report in this round"."""
    return f"{field.key}-nothing"


def text_name(field: Field) -> str:
    """The name of the input for the words that go with a choice, a tick or a yes."""
    return f"{field.key}-text"


def input_names(field: Field) -> tuple[str, ...]:
    """The names under which a page posts the answer to a field."""
    if may_be_nothing(field):
        return (field.key, nothing_name(field))
    if isinstance(blank(field), Written) or not (field.wants_text or field.kind == Kind.YES_NO):
        return (field.key,)
    return (field.key, text_name(field))


def parse(field: Field, posted: Posted) -> Answer:
    """The answer in what a page posted (`dict(request.POST.lists())`); absent inputs are blank.

    A number is stored in digits however it was typed (120万円); what is not one number stays as it was typed.

    Choices the edition does not know are kept as they came, so that nothing is lost silently;
    `completeness.check` names them. KeyError for head, results and photos.
    """
    value = _last(posted, field.key)
    text = _last(posted, text_name(field))
    match blank(field):
        case Written():
            nothing = may_be_nothing(field) and bool(_last(posted, nothing_name(field)))
            text = value if field.kind == Kind.TEXT else _in_digits(field, value.strip())
            return Written(_text_beside(text, nothing=nothing), nothing)
        case Chosen():
            return Chosen(value, text)
        case YesNo():
            return YesNo({YES: True, NO: False}.get(value), text)
        case Ticked():
            ticked = {clean(item) for item in posted.get(field.key, ())} - {""}
            known = [choice.value for choice in field.choices if choice.value in ticked]
            return Ticked((*known, *sorted(ticked.difference(known))), text)


def read_number(field: Field, text: str) -> Decimal | None:
    """The number a person wrote in a field (1,200, １２０万円, 3.5), or None where it is not one number."""
    return amounts.read_amount(text, field.unit)


def _in_digits(field: Field, text: str) -> str:
    number = read_number(field, text) if field.kind == Kind.NUMBER else None
    return text if number is None else amounts.plainly(number)


def read_day(text: str) -> date | None:
    """The day a person gave (2026-10-14), or None where it is no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def row_name(row: UUID, what: str) -> str:
    """The name of an input of a row; `what` is text, nothing, progress, remark or covers."""
    return f"row-{row}-{what}"


def parse_row(row: UUID, posted: Posted) -> RowAnswer:
    """The answer for a row in what a page posted.

    Raises UnknownProgressError for a code outside 1–4 and ShapeError for a covered row that is no UUID.
    """
    code = _last(posted, row_name(row, "progress"))
    covers = [item for item in posted.get(row_name(row, "covers"), ()) if item]
    nothing = bool(_last(posted, row_name(row, "nothing")))
    return RowAnswer(
        row=row,
        text=_text_beside(_last(posted, row_name(row, "text")), nothing=nothing),
        progress=_read_progress(code),
        remark=_last(posted, row_name(row, "remark")),
        covers=tuple(dict.fromkeys(as_uuid(item, row_name(row, "covers")) for item in covers)),
        nothing=nothing,
    )


def _text_beside(text: str, *, nothing: bool) -> str:
    """The text; white space beside "nothing to report" is no text. Words stay: the check points at the contradiction."""
    return "" if nothing and is_empty(text) else text


def _read_progress(code: str) -> Progress | None:
    if code == "":
        return None
    for progress in Progress:
        if code == str(progress.value):
            return progress
    raise UnknownProgressError(code)


def _last(posted: Posted, name: str) -> str:
    values = posted.get(name) or ("",)
    return clean(values[-1])


def as_posted(field: Field, answer: Answer) -> dict[str, list[str]]:
    """The reverse of `parse`: the inputs of a field that show this answer."""
    match answer:
        case Written(text=text, nothing=nothing):
            return {field.key: [text], nothing_name(field): [YES] * nothing}
        case Chosen(value=value, text=text):
            return {field.key: [value], text_name(field): [text]}
        case YesNo(said=said, text=text):
            return {field.key: [{True: YES, False: NO, None: ""}[said]], text_name(field): [text]}
        case Ticked(values=values, text=text):
            return {field.key: list(values), text_name(field): [text]}


def row_as_posted(answer: RowAnswer) -> dict[str, list[str]]:
    """The reverse of `parse_row`."""
    inputs = {
        "text": [answer.text],
        "nothing": [YES] * answer.nothing,
        "progress": ["" if answer.progress is None else str(answer.progress.value)],
        "remark": [answer.remark],
        "covers": [str(uuid) for uuid in answer.covers],
    }
    return {row_name(answer.row, what): values for what, values in inputs.items()}


def is_blank(answer: Answer) -> bool:
    """Whether the question itself is not answered: nothing chosen, ticked, said, or only white space."""
    match answer:
        case Written(text=text, nothing=nothing):
            return is_empty(text) and not nothing
        case Chosen(value=value):
            return value == ""
        case Ticked(values=values):
            return not values
        case YesNo(said=said):
            return said is None


def is_untouched(answer: Answer) -> bool:
    """Whether nothing at all was entered; a text typed beside an unticked box is a touch."""
    return is_blank(answer) and answer.text == ""


def to_json(answer: Answer) -> Json:
    """Plain JSON types, with the kind of the answer."""
    match answer:
        case Written(text=text, nothing=nothing):
            return {"kind": Kind.TEXT.value, "text": text} | ({"nothing": True} if nothing else {})
        case Chosen(value=value, text=text):
            return {"kind": Kind.CHOICE.value, "value": value, "text": text}
        case Ticked(values=values, text=text):
            return {"kind": Kind.TICKS.value, "values": list(values), "text": text}
        case YesNo(said=said, text=text):
            return {"kind": Kind.YES_NO.value, "said": said, "text": text}


def from_json(data: object, path: str = "answer") -> Answer:
    """The reverse of `to_json`; ShapeError names the place that does not fit."""
    reader = Reader(data, path)
    kind = reader.choice("kind", Kind)
    text = reader.text("text")
    match kind:
        case Kind.TEXT:
            return Written(text, reader.flag("nothing"))
        case Kind.CHOICE:
            return Chosen(reader.text("value"), text)
        case Kind.TICKS:
            values = [(item, where) for item, where in reader.items("values")]
            if bad := [where for item, where in values if not isinstance(item, str)]:
                raise ShapeError(bad[0], "a text is expected")
            return Ticked(tuple(item for item, _ in values), text)
        case Kind.YES_NO:
            said = reader.data.get("said")
            if said is not None and not isinstance(said, bool):
                raise reader.wrong(key="said", expected="true, false or null is expected")
            return YesNo(said, text)
        case _:
            raise reader.wrong(key="kind", expected="fields of this kind have no answer of their own")
