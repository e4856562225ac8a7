"""Answers to the fields and rows of a form: typed values, read from what a page posted, kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

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
    """A text, verbatim."""

    text: str = ""


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
    Kind.YES_NO: YesNo(),
}


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What is reported for one row: one text as on the official form, one code or none, a remark.

    `covers` are other rows that a person states to be covered by this row's code.
    """

    row: UUID
    text: str = ""
    progress: Progress | None = None
    remark: str = ""
    covers: tuple[UUID, ...] = ()

    @property
    def is_untouched(self) -> bool:
        """Whether nothing at all was entered."""
        return not self.text and self.progress is None and not self.remark and not self.covers

    def to_json(self) -> Json:
        """Plain JSON types; a blank code is null."""
        return {
            "row": str(self.row),
            "text": self.text,
            "progress": None if self.progress is None else self.progress.value,
            "remark": self.remark,
            "covers": [str(uuid) for uuid in self.covers],
        }

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
        )


def is_answerable(field: Field) -> bool:
    """Whether the field is answered by one of the values of this module."""
    return field.kind in _BLANKS


def blank(field: Field) -> Answer:
    """The answer of a field that nobody has touched; KeyError for head, results and photos."""
    return _BLANKS[field.kind]


def is_asked(edition: Edition, field: Field, answers: Mapping[str, Answer]) -> bool:
    """Whether a field is asked, given the other answers: a follow-up waits for a tick that is not "none"."""
    if not field.asked_after:
        return True
    given = answers.get(field.asked_after)
    if not isinstance(given, Ticked):
        return False
    ticks = edition.field(field.asked_after)
    return any((choice := ticks.choice(value)) is None or not choice.exclusive for value in given.values)


def text_name(field: Field) -> str:
    """The name of the input for the words that go with a choice, a tick or a yes."""
    return f"{field.key}-text"


def input_names(field: Field) -> tuple[str, ...]:
    """The names under which a page posts the answer to a field."""
    if field.kind == Kind.TEXT or not (field.wants_text or field.kind == Kind.YES_NO):
        return (field.key,)
    return (field.key, text_name(field))


def parse(field: Field, posted: Posted) -> Answer:
    """The answer in what a page posted (`dict(request.POST.lists())`); absent inputs are blank.

    Choices the edition does not know are kept as they came, so that nothing is lost silently;
    `completeness.check` names them. KeyError for head, results and photos.
    """
    value = _last(posted, field.key)
    text = _last(posted, text_name(field))
    match blank(field):
        case Written():
            return Written(value)
        case Chosen():
            return Chosen(value, text)
        case YesNo():
            return YesNo({YES: True, NO: False}.get(value), text)
        case Ticked():
            ticked = {clean(item) for item in posted.get(field.key, ())} - {""}
            known = [choice.value for choice in field.choices if choice.value in ticked]
            return Ticked((*known, *sorted(ticked.difference(known))), text)


def row_name(row: UUID, what: str) -> str:
    """The name of an input of a row; `what` is text, progress, remark or covers."""
    return f"row-{row}-{what}"


def parse_row(row: UUID, posted: Posted) -> RowAnswer:
    """The answer for a row in what a page posted.

    Raises UnknownProgressError for a code outside 1–4 and ShapeError for a covered row that is no UUID.
    """
    code = _last(posted, row_name(row, "progress"))
    covers = [item for item in posted.get(row_name(row, "covers"), ()) if item]
    return RowAnswer(
        row=row,
        text=_last(posted, row_name(row, "text")),
        progress=_read_progress(code),
        remark=_last(posted, row_name(row, "remark")),
        covers=tuple(dict.fromkeys(as_uuid(item, row_name(row, "covers")) for item in covers)),
    )


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


def is_blank(answer: Answer) -> bool:
    """Whether the question itself is not answered: nothing chosen, ticked, said, or only white space."""
    match answer:
        case Written(text=text):
            return is_empty(text)
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
        case Written(text=text):
            return {"kind": Kind.TEXT.value, "text": text}
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
            return Written(text)
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
