"""The files of a report or of one row, as pages list them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from minori.accounts.requests import RoomRequest
from minori.documents.attached import kind_of
from minori.documents.results import name_of
from minori.report_forms.contents import Attachment, Rights
from minori.report_forms.edition import Kind, Section
from tenants.evidence.attachments import Described
from tenants.reports.drafts import WorkingCopy
from tenants.reports.sections import language_in_force
from tenants.reports.views.addresses import file_address

_ENDINGS = {
    "photo": "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif",
    "pdf": "application/pdf,.pdf",
    "docx": ".docx",
    "xlsx": ".xlsx",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file with its address; what is not saved yet stands as it was typed, beside what somebody else wrote."""

    file: Attachment
    url: str
    kind: str
    caption: str
    rights: str
    conflict: bool
    row: str
    row_name: str


def of_section(
    request: RoomRequest, copy: WorkingCopy, asked: Section, captions: Mapping[UUID, Described]
) -> list[Listed]:
    """All files, where the section asks for them; those at rows say which."""
    if not any(field.kind == Kind.PHOTOS for field in asked.fields):
        return []
    return _listed(request, copy, copy.attachments, captions)


def of_row(
    request: RoomRequest, copy: WorkingCopy, row: UUID, captions: Mapping[UUID, Described] | None = None
) -> list[Listed]:
    """The files that were put at a row."""
    return _listed(request, copy, [one for one in copy.attachments if one.row == row], captions or {})


def one_of(request: RoomRequest, copy: WorkingCopy, uuid: UUID) -> Listed:
    """One file of the report."""
    (found,) = _listed(request, copy, [one for one in copy.attachments if one.uuid == uuid], {})
    return found


def rights_choices() -> list[tuple[str, str]]:
    """What can be said about showing a file."""
    language = language_in_force()
    return [(one.value, one.label.say(language)) for one in Rights]


def accepted(copy: WorkingCopy) -> str:
    """What a file chooser offers; on a telephone this opens its camera and its photos."""
    fields = copy.edition.fields_of(Kind.PHOTOS)
    return ",".join(_ENDINGS[one] for one in fields[0].accept) if fields else ""


def _listed(
    request: RoomRequest,
    copy: WorkingCopy,
    files: Iterable[Attachment],
    captions: Mapping[UUID, Described],
) -> list[Listed]:
    names = {row.uuid: name_of(row) for row in copy.framework or ()}
    return [
        Listed(
            file=one,
            url=file_address(request, one),
            kind=kind_of(one.content_type),
            caption=said.caption if said else one.caption,
            rights=((said and said.rights) or one.rights).value,
            conflict=said is not None and one.caption not in (said.was, said.text),
            row="" if one.row is None else str(one.row),
            row_name="" if one.row is None else names.get(one.row, ""),
        )
        for one, said in ((one, captions.get(one.uuid)) for one in files)
    ]
