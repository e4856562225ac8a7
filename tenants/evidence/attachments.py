"""Adding, describing, ordering and removing the photos and documents of a report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TypeAlias
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from minori.audit.trail import Actor
from minori.documents.cleaning import CleanFile, FileRefused, clean
from minori.filings import consulting, files
from minori.filings.behalf import OnBehalf
from minori.filings.models import FiledAttachment
from minori.report_forms.contents import Attachment, Rights
from minori.report_forms.edition import Field
from minori.report_forms.parts import ATTACHMENTS
from minori.report_forms.texts import clean as clean_text
from minori.tenancy.rooms import current_room_id
from tenants.evidence.models import AttachedFile
from tenants.reports.models import SetAside
from tenants.writing import NotOpen, PartClosed, hold_open, hold_part_open

MEGABYTE = 1024 * 1024
Upload: TypeAlias = "UploadedFile[bytes]"
LONGEST_NAME = 200
LONGEST_CAPTION = 300


@dataclass(frozen=True, slots=True)
class Refused:
    """One file of an upload that was not taken, and why, as a sentence."""

    filename: str
    why: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an upload: the good files are kept though others were refused."""

    files: tuple[AttachedFile, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """What is said about a file as a page posted it, with what the page was loaded with; None: not asked there."""

    caption: str
    was: str
    rights: Rights | None = None

    @property
    def text(self) -> str:
        """The caption as it is stored."""
        return clean_text(self.caption).strip()[:LONGEST_CAPTION]


def of(deadline_id: int) -> list[AttachedFile]:
    """The files of a report, in their order."""
    return list(AttachedFile.objects.filter(deadline_id=deadline_id).order_by("position"))


def as_attachment(file: AttachedFile) -> Attachment:
    """The file as it goes into the contents of a report."""
    return Attachment(
        uuid=file.uuid,
        sha256=file.sha256,
        filename=file.filename,
        caption=file.caption,
        content_type=file.content_type,
        width=file.width,
        height=file.height,
        size=file.size,
        row=file.row_uuid,
        rights=Rights(file.rights),
    )


def _place_of(row: UUID | None) -> str:
    """The part of the report that a file belongs to: its row, else the report's own files."""
    return ATTACHMENTS if row is None else str(row)


def too_large(megabytes: int) -> str:
    """The sentence for a file beyond the limit."""
    return _("The file is larger than %(limit)s MB.") % {"limit": megabytes}


def add(
    deadline_id: int,
    *,
    uploads: Sequence[Upload],
    field: Field,
    by: Actor,
    at: datetime,
    row: UUID | None = None,
) -> Added:
    """Take the files of an upload one by one; what is wrong with one does not touch the others.

    `row` is the row of the plan they are put at. The same file sent twice to one place is one file. A row is
    written only when its bytes are kept. Raises `NotOpen` when the report cannot be written.
    """
    added: list[AttachedFile] = []
    refused: list[Refused] = []
    with transaction.atomic():
        hold_part_open(
            deadline_id, _place_of(row), at=at
        )  # asked again for each file: looking into them takes seconds
    for upload in uploads:
        name = _name_of(upload)
        try:
            cleaned = _cleaned(upload, field)
            added.append(_add_one(deadline_id, cleaned, name=name, field=field, row=row, by=by, at=at))
        except FileRefused as refusal:
            refused.append(Refused(filename=name, why=str(refusal)))
        except files.Unavailable:
            why = _("It could not be stored at the moment. Please send it again in some minutes.")
            refused.append(Refused(filename=name, why=why))
    return Added(files=tuple(added), refused=tuple(refused))


def _cleaned(upload: Upload, field: Field) -> CleanFile:
    limit = field.max_megabytes
    if limit is not None and (upload.size or 0) > limit * MEGABYTE:
        raise FileRefused(too_large(limit))
    cleaned = clean(upload.read(), field.accept)
    if limit is not None and len(cleaned.data) > limit * MEGABYTE:
        raise FileRefused(too_large(limit))
    return cleaned


def _add_one(
    deadline_id: int,
    file: CleanFile,
    *,
    name: str,
    field: Field,
    row: UUID | None,
    by: Actor,
    at: datetime,
) -> AttachedFile:
    # The bytes first, and outside of the transaction: a slow store must not keep others from handing in.
    sha256 = files.keep(_organization_id(), file.data, preview=file.preview)
    try:
        with transaction.atomic():
            hold_part_open(deadline_id, _place_of(row), at=at)
            organization_id = _hold_files()
            standing = AttachedFile.objects.filter(deadline_id=deadline_id)
            same = standing.filter(row_uuid=row, sha256=sha256).first()
            if same is not None:
                return same
            if field.max_count is not None and standing.count() >= field.max_count:
                raise FileRefused(_("At most %(count)s files can be added.") % {"count": field.max_count})
            if not files.exists(organization_id, sha256):  # somebody removed the same file meanwhile
                files.keep(organization_id, file.data, preview=file.preview)
            return AttachedFile.objects.create(
                deadline_id=deadline_id,
                row_uuid=row,
                sha256=sha256,
                filename=name,
                content_type=file.content_type,
                width=file.width,
                height=file.height,
                size=len(file.data),
                position=(standing.aggregate(last=Max("position"))["last"] or 0) + 1,
                uploaded_at=at,
                uploaded_by_id=by.person_id,
                uploaded_by_name=by.name,
            )
    except (FileRefused, NotOpen):
        with suppress(files.Unavailable):
            forget_unless_needed(sha256)
        raise


def describe(deadline_id: int, *, said: Mapping[UUID, Described], at: datetime) -> dict[UUID, str]:
    """Write the captions and rights that were changed; returns captions that somebody else has changed meanwhile.

    These are left as the other person wrote them: the page shows both, and the person decides. What is said
    of files that are gone is passed over.
    """
    conflicts: dict[UUID, str] = {}
    with transaction.atomic():
        opened = hold_open(deadline_id, at=at)
        found = AttachedFile.objects.select_for_update().filter(deadline_id=deadline_id, uuid__in=said)
        for file in found.order_by("pk"):
            given = said[file.uuid]
            before = (file.caption, file.rights)
            if given.rights is not None:
                file.rights = given.rights.value
            text = given.text
            if text not in (given.was, file.caption):
                if file.caption == given.was:
                    file.caption = text
                else:
                    conflicts[file.uuid] = file.caption
            if (file.caption, file.rights) != before:
                if _place_of(file.row_uuid) not in opened:
                    raise PartClosed(_place_of(file.row_uuid))
                file.save(update_fields=["caption", "rights"])
    return conflicts


def captions_of(deadline_id: int, files: Iterable[UUID]) -> dict[UUID, str]:
    """The captions of these files as they stand; those that are gone are left out."""
    found = AttachedFile.objects.filter(deadline_id=deadline_id, uuid__in=list(files)).order_by("position")
    return dict(found.values_list("uuid", "caption"))


def move(deadline_id: int, uuid: UUID, *, up: bool, at: datetime) -> None:
    """Let a file change places with its neighbour; at the edge nothing happens."""
    with transaction.atomic():
        opened = hold_open(deadline_id, at=at)
        _hold_files()
        order = of(deadline_id)
        here = next((place for place, file in enumerate(order) if file.uuid == uuid), None)
        if here is not None and _place_of(order[here].row_uuid) not in opened:
            raise PartClosed(_place_of(order[here].row_uuid))
        there = None if here is None else here - 1 if up else here + 1
        if here is None or there is None or not 0 <= there < len(order):
            return
        one, other = order[here], order[there]
        one.position, other.position = other.position, one.position
        one.save(update_fields=["position"])
        other.save(update_fields=["position"])


def remove(deadline_id: int, uuid: UUID, *, at: datetime) -> None:
    """Take a file out of the draft. What was filed stays in its filing; bytes nobody needs any more go."""
    with transaction.atomic():
        opened = hold_open(deadline_id, at=at)
        found = list(AttachedFile.objects.filter(deadline_id=deadline_id, uuid=uuid))
        for file in found:
            if _place_of(file.row_uuid) not in opened:
                raise PartClosed(_place_of(file.row_uuid))
            file.delete()
    # Only once the row is gone for good, and under the lock under which files are added: so that bytes are
    # never taken from under a file that is being added. Where the store is away they stay; `forget_orphans` looks.
    for file in found:
        with suppress(files.Unavailable):
            forget_unless_needed(file.sha256)


def forget_unless_needed(sha256: str) -> bool:
    """Remove bytes that no draft, filing or shown draft of this organization needs; whether they went."""
    with transaction.atomic():
        organization_id = _hold_files()
        needed = (
            AttachedFile.objects.filter(sha256=sha256).exists()
            or FiledAttachment.objects.filter(sha256=sha256).exists()
            or OnBehalf.objects.filter(original_sha256=sha256).exists()
            or SetAside.objects.filter(contents__attachments__contains=[{"sha256": sha256}]).exists()
            or sha256 in consulting.files_shown()
        )
        if not needed:
            files.forget(organization_id, sha256)
        return not needed


def look_through() -> Iterator[tuple[str, bool]]:
    """Every file of this organization, of drafts, filings and shown drafts, and whether its bytes are as they were added.

    Raises `files.Unavailable` where the store is away.
    """
    organization_id = _organization_id()
    needed = set(AttachedFile.objects.values_list("sha256", flat=True))
    needed |= set(FiledAttachment.objects.values_list("sha256", flat=True)) | consulting.files_shown()
    needed |= set(OnBehalf.objects.values_list("original_sha256", flat=True))
    for sha256 in sorted(needed):
        try:
            files.open_(organization_id, sha256).close()
        except (FileNotFoundError, files.Damaged):
            yield sha256, False
        else:
            yield sha256, True


def forget_orphans() -> int:
    """Remove what a crash between storing bytes and writing their row has left in this organization; how many.

    A file that is just being added is safe: its bytes are looked for again under the lock under which its row is
    written.
    """
    return sum(forget_unless_needed(sha256) for sha256 in list(files.kept(_organization_id())))


def _organization_id() -> int:
    organization_id = current_room_id()
    assert organization_id is not None, "files live in rooms"
    return organization_id


def _hold_files() -> int:
    """Keep others from changing this organization's files until the transaction ends; returns its id."""
    organization_id = _organization_id()
    files.hold(organization_id)
    return organization_id


def _name_of(upload: Upload) -> str:
    """The file's own name without folders and unprintable letters, its ending kept when it is cut."""
    path = PurePath(clean_text(upload.name or "").replace("\n", " ").replace("\\", "/"))
    if len(path.name) <= LONGEST_NAME:
        return path.name or _("file")
    ending = path.suffix[:10]
    return path.name[: LONGEST_NAME - len(ending)] + ending
