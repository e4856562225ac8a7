"""What is handed in, frozen: the contents of a report, their JSON, their hashes."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, RowAnswer
from minori.report_forms.edition import Edition, Field
from minori.report_forms.framework import Framework
from minori.report_forms.shapes import Json, Reader
from minori.report_forms.texts import Text

# 2: an answer may say "nothing to report"; attachments may say more of themselves. New keys are written only
# when set, and readers take both, so a paper of format 1 is read and written back as it was.
FORMAT = 2


class ApprovalManner(StrEnum):
    """How the organization's own director approved (団体内承認)."""

    PRINTED = "printed"
    MEETING = "meeting"
    SCREEN = "screen"
    MAIL = "mail"  # only where an officer files on behalf


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """Who handed in: the id of the person and the name as it was then."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved inside the organization, how and on which day."""

    approved_by: str
    manner: ApprovalManner
    approved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBehalf:
    """An officer filed what the organization sent (代理登録): who sent it, when it arrived, the sha256 of what came."""

    sender: str
    arrived_on: date
    original: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of the report as it stood when it was handed in; `revision` counts from 1.

    The days on which the project starts and ends are there where the form prints them. With `on_behalf` the signatory
    is the officer who filed.
    """

    project_title: str
    distributor: str
    organization: str
    round_title: str
    handed_in_on: date
    revision: int
    handed_in_by: Signatory
    approval: Approval | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    on_behalf: OnBehalf | None = None


class Rights(StrEnum):
    """What the organization says about showing an attachment (使用許諾・肖像); nothing said is ""."""

    UNSAID = ""
    FREE = "free"
    AGREED = "agreed"
    INTERNAL = "internal"

    @property
    def label(self) -> Text:
        """The words for people."""
        return _RIGHTS_LABELS[self]


_RIGHTS_LABELS = {
    Rights.UNSAID: Text("まだ確かめていない", "Not checked yet"),
    Rights.FREE: Text(
        "公開してよい（人は写っていない、名前もない）", "May be published (shows and names nobody)"
    ),
    Rights.AGREED: Text(
        "公開してよい（写っている人・権利のある人の了解を得た）",
        "May be published (the people shown have agreed)",
    ),
    Rights.INTERNAL: Text(
        "公開しない（資金分配団体の確認だけに使う）", "Not to be published (for the distributor only)"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A photo or document as filed: its bytes are known by their hash; `size` is in bytes.

    Width and height are pixels, None for documents. `row` is the row it was put at, None for one of the report.
    """

    uuid: UUID
    sha256: str
    filename: str
    caption: str
    content_type: str
    width: int | None = None
    height: int | None = None
    size: int
    row: UUID | None = None
    rights: Rights = Rights.UNSAID

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture that we wrote ourselves and may show."""
        return self.content_type == "image/jpeg"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The contents of one filing.

    `rows` has one answer for each row that the form asked, in the order of the framework, blank ones
    included. `sections` names the section of each answered field, so that the parts of a paper can be
    told apart without its form at hand.
    """

    edition: str
    edition_version: int
    head: Head
    framework_number: int
    framework: Framework
    rows: tuple[RowAnswer, ...]
    answers: Mapping[str, Answer]
    sections: Mapping[str, str]
    attachments: tuple[Attachment, ...] = field(default=())
    format: int = FORMAT

    def row_answer(self, row: UUID) -> RowAnswer | None:
        """The answer for a row, or None when the form did not ask it."""
        return next((answer for answer in self.rows if answer.row == row), None)

    def to_json(self) -> Json:
        """Plain JSON types in the current format."""
        return _write(self)

    @classmethod
    def from_json(cls, data: object) -> "Contents":
        """Contents of any format ever written; ShapeError names the place that does not fit."""
        reader = Reader(data, "contents")
        number = reader.integer("format")
        if number not in _READERS:
            raise reader.wrong(key="format", expected=f"one of {sorted(_READERS)} is expected")
        return _READERS[number](reader)

    def part_hashes(self) -> dict[str, str]:
        """The sha256 of each part: form, head, framework, rows, attachments, answers.<section>…"""
        return part_hashes_of(self.to_json())

    def content_hash(self) -> str:
        """The hash of the whole: `hash_of` the part hashes."""
        return hash_of(self.part_hashes())


def compose(
    *,
    edition: Edition,
    head: Head,
    framework_number: int,
    framework: Framework,
    rows: Iterable[RowAnswer],
    answers: Mapping[str, Answer],
    attachments: Iterable[Attachment] = (),
) -> Contents:
    """Contents made from a draft: exactly what the edition asks, blank where nobody wrote.

    Answers to rows or fields that are not asked (any more) are left out; they stay in the draft.
    """
    given = {answer.row: answer for answer in rows}
    asked = {row.uuid: row for _, row in edition.rows_asked(framework)}
    fields = [asked_field for asked_field in edition.fields if answer_values.is_answerable(asked_field)]
    return Contents(
        edition=edition.key,
        edition_version=edition.version,
        head=head,
        framework_number=framework_number,
        framework=framework,
        rows=tuple(given.get(row.uuid, RowAnswer(row.uuid)) for row in framework if row.uuid in asked),
        answers={each.key: _answer_for(edition, each, answers) for each in fields},
        sections={each.key: edition.section_of(each.key).key for each in fields},
        attachments=tuple(attachments),
    )


def _answer_for(edition: Edition, asked: Field, answers: Mapping[str, Answer]) -> Answer:
    if asked.key in answers and answer_values.is_asked(edition, asked, answers):
        return answers[asked.key]
    return answer_values.blank(asked)


def canonical(value: object) -> bytes:
    """The one way to write a JSON value down: sorted keys, no white space, UTF-8, no fractions."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def part_hashes_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The sha256 of each part of contents in their JSON form, of any format.

    Works on the JSON as stored, so an old paper is verified as it was written.
    """
    form = {key: data[key] for key in ("format", "edition", "edition_version", "framework_number")}
    parts: dict[str, object] = {
        "form": form,
        "head": data["head"],
        "framework": data["framework"],
        "rows": data["rows"],
        "attachments": data["attachments"],
    }
    parts |= {f"answers.{section}": answers for section, answers in data["answers"].items()}
    return {name: hashlib.sha256(canonical(part)).hexdigest() for name, part in parts.items()}


def hash_of(part_hashes: Mapping[str, str]) -> str:
    """The hash of a paper from the hashes of its parts.

    A part redacted on a legal request leaves its hash behind: the rest, and the whole, stay verifiable.
    """
    return hashlib.sha256(canonical(dict(part_hashes))).hexdigest()


def _write(contents: Contents) -> Json:
    sections: dict[str, Json] = {}
    for key, answer in contents.answers.items():
        sections.setdefault(contents.sections[key], {})[key] = answer_values.to_json(answer)
    return {
        "format": contents.format,
        "edition": contents.edition,
        "edition_version": contents.edition_version,
        "head": _write_head(contents.head),
        "framework_number": contents.framework_number,
        "framework": contents.framework.to_json(),
        "rows": [row.to_json() for row in contents.rows],
        "answers": sections,
        "attachments": [_write_attachment(attachment) for attachment in contents.attachments],
    }


def _write_head(head: Head) -> Json:
    approval = head.approval and {
        "approved_by": head.approval.approved_by,
        "manner": head.approval.manner.value,
        "approved_on": head.approval.approved_on.isoformat(),
    }
    days = {"starts_on": head.starts_on, "ends_on": head.ends_on}
    behalf = head.on_behalf and {
        "sender": head.on_behalf.sender,
        "arrived_on": head.on_behalf.arrived_on.isoformat(),
        "original": head.on_behalf.original,
    }
    written: Json = {
        "project_title": head.project_title,
        "distributor": head.distributor,
        "organization": head.organization,
        "round_title": head.round_title,
        "handed_in_on": head.handed_in_on.isoformat(),
        "revision": head.revision,
        "handed_in_by": {"id": head.handed_in_by.id, "name": head.handed_in_by.name},
        "approval": approval,
    } | {name: day.isoformat() for name, day in days.items() if day is not None}
    return written | ({"on_behalf": behalf} if behalf else {})


def _write_attachment(attachment: Attachment) -> Json:
    written: Json = {
        "uuid": str(attachment.uuid),
        "sha256": attachment.sha256,
        "filename": attachment.filename,
        "caption": attachment.caption,
        "content_type": attachment.content_type,
    }
    if attachment.width is not None and attachment.height is not None:
        written |= {"width": attachment.width, "height": attachment.height}
    written["size"] = attachment.size
    if attachment.row is not None:
        written["row"] = str(attachment.row)
    if attachment.rights:
        written["rights"] = attachment.rights.value
    return written


def _read_1(data: Reader) -> Contents:
    answers: dict[str, Answer] = {}
    sections: dict[str, str] = {}
    grouped = data.object("answers")
    for section in grouped.data:
        fields = grouped.object(section)
        for key, value in fields.data.items():
            answers[key] = answer_values.from_json(value, f"{fields.path}.{key}")
            sections[key] = section
    return Contents(
        edition=data.text("edition"),
        edition_version=data.integer("edition_version"),
        head=_read_head_1(data.object("head")),
        framework_number=data.integer("framework_number"),
        framework=Framework.from_json(data.object("framework").data, "contents.framework"),
        rows=tuple(RowAnswer.from_json(item, path) for item, path in data.items("rows")),
        answers=answers,
        sections=sections,
        attachments=tuple(_read_attachment_1(item) for item in data.objects("attachments")),
    )


def _read_head_1(data: Reader) -> Head:
    by = data.object("handed_in_by")
    return Head(
        project_title=data.text("project_title"),
        distributor=data.text("distributor"),
        organization=data.text("organization"),
        round_title=data.text("round_title"),
        handed_in_on=data.day("handed_in_on"),
        revision=data.integer("revision"),
        handed_in_by=Signatory(id=by.text("id"), name=by.text("name")),
        approval=None if data.data.get("approval") is None else _read_approval_1(data.object("approval")),
        starts_on=data.day("starts_on") if "starts_on" in data.data else None,
        ends_on=data.day("ends_on") if "ends_on" in data.data else None,
        on_behalf=_read_behalf(data.object("on_behalf")) if "on_behalf" in data.data else None,
    )


def _read_behalf(data: Reader) -> OnBehalf:
    return OnBehalf(
        sender=data.text("sender"), arrived_on=data.day("arrived_on"), original=data.text("original")
    )


def _read_approval_1(data: Reader) -> Approval:
    return Approval(
        approved_by=data.text("approved_by"),
        manner=data.choice("manner", ApprovalManner),
        approved_on=data.day("approved_on"),
    )


def _read_attachment_1(data: Reader) -> Attachment:
    return Attachment(
        uuid=data.uuid("uuid"),
        sha256=data.text("sha256"),
        filename=data.text("filename"),
        caption=data.text("caption"),
        content_type=data.text("content_type"),
        width=data.integer("width") if "width" in data.data else None,
        height=data.integer("height") if "height" in data.data else None,
        size=data.integer("size"),
        row=data.uuid("row") if "row" in data.data else None,
        rights=data.choice("rights", Rights) if "rights" in data.data else Rights.UNSAID,
    )


# Readers stay for ever: a paper filed in format 1 is read by `_read_1`, whatever is written today.
# What format 2 added are keys that may be absent: the same reader takes both.
_READERS = {1: _read_1, 2: _read_1}
