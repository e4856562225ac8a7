"""Adding, describing, ordering and removing the photos of a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TypeAlias
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from minori.audit.trail import Actor
from minori.filings import files
from minori.filings.models import FiledAttachment
from minori.report_forms.contents import Attachment
from minori.report_forms.edition import Field
from minori.report_forms.parts import ATTACHMENTS
from minori.report_forms.texts import clean as clean_text
from minori.tenancy.rooms import current_room_id
from tenants.evidence.cleaning import CleanPhoto, PhotoRefused, clean
from tenants.evidence.models import Photo
from tenants.writing import PartClosed, hold_open, hold_part_open

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

    photos: tuple[Photo, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as a page posted it, with the one the page was loaded with."""

    text: str
    was: str


def attachments_of(deadline_id: int) -> tuple[Attachment, ...]:
    """The photos of a report as plain values, in their order."""
    return tuple(as_attachment(photo) for photo in of(deadline_id))


def of(deadline_id: int) -> list[Photo]:
    """The photos of a report, in their order."""
    return list(Photo.objects.filter(deadline_id=deadline_id).order_by("position"))


def as_attachment(photo: Photo) -> Attachment:
    """The photo as it goes into the contents of a report."""
    return Attachment(
        uuid=photo.uuid,
        sha256=photo.sha256,
        filename=photo.filename,
        caption=photo.caption,
        content_type=photo.content_type,
        width=photo.width,
        height=photo.height,
        size=photo.size,
    )


def too_large(megabytes: int) -> str:
    """The sentence for a file beyond the limit."""
    return _("The file is larger than %(limit)s MB.") % {"limit": megabytes}


def add(deadline_id: int, *, uploads: Sequence[Upload], field: Field, by: Actor, at: datetime) -> Added:
    """Take the photos of an upload one by one; what is wrong with one does not touch the others.

    The same photo sent twice is one photo. Raises `NotOpen` when the report cannot be written.
    """
    photos: list[Photo] = []
    refused: list[Refused] = []
    for upload in uploads:
        name = _name_of(upload)
        try:
            photos.append(
                _add_one(deadline_id, _cleaned(upload, field), name=name, field=field, by=by, at=at)
            )
        except PhotoRefused as refusal:
            refused.append(Refused(filename=name, why=str(refusal)))
    return Added(photos=tuple(photos), refused=tuple(refused))


def _cleaned(upload: Upload, field: Field) -> CleanPhoto:
    limit = field.max_megabytes
    if limit is not None and (upload.size or 0) > limit * MEGABYTE:
        raise PhotoRefused(too_large(limit))
    return clean(upload.read())


def _add_one(
    deadline_id: int, photo: CleanPhoto, *, name: str, field: Field, by: Actor, at: datetime
) -> Photo:
    with transaction.atomic():
        hold_part_open(deadline_id, ATTACHMENTS, at=at)
        organization_id = _hold_photos()
        standing = Photo.objects.filter(deadline_id=deadline_id)
        if field.max_count is not None and standing.count() >= field.max_count:
            raise PhotoRefused(_("At most %(count)s photos can be added.") % {"count": field.max_count})
        sha256 = files.keep(organization_id, photo.data)
        added, _created = Photo.objects.get_or_create(
            deadline_id=deadline_id,
            sha256=sha256,
            defaults={
                "filename": name,
                "content_type": photo.content_type,
                "width": photo.width,
                "height": photo.height,
                "size": len(photo.data),
                "position": (standing.aggregate(last=Max("position"))["last"] or 0) + 1,
                "uploaded_at": at,
                "uploaded_by_id": by.person_id,
                "uploaded_by_name": by.name,
            },
        )
    return added


def describe(deadline_id: int, *, captions: Mapping[UUID, Caption], at: datetime) -> dict[UUID, str]:
    """Write the captions that were changed; returns those that somebody else has changed meanwhile.

    These are left as the other person wrote them: the page shows both, and the person decides. Captions of
    photos that are gone are passed over.
    """
    conflicts: dict[UUID, str] = {}
    with transaction.atomic():
        opened = hold_open(deadline_id, at=at)
        photos = Photo.objects.select_for_update().filter(deadline_id=deadline_id, uuid__in=captions)
        for photo in photos.order_by("pk"):
            given = captions[photo.uuid]
            text = clean_text(given.text).strip()[:LONGEST_CAPTION]
            if text in (given.was, photo.caption):
                continue
            if photo.caption != given.was:
                conflicts[photo.uuid] = photo.caption
                continue
            if ATTACHMENTS not in opened:
                raise PartClosed(ATTACHMENTS)
            photo.caption = text
            photo.save(update_fields=["caption"])
    return conflicts


def move(deadline_id: int, uuid: UUID, *, up: bool, at: datetime) -> None:
    """Let a photo change places with its neighbour; at the edge nothing happens."""
    with transaction.atomic():
        hold_part_open(deadline_id, ATTACHMENTS, at=at)
        _hold_photos()
        order = of(deadline_id)
        here = next((place for place, photo in enumerate(order) if photo.uuid == uuid), None)
        there = None if here is None else here - 1 if up else here + 1
        if here is None or there is None or not 0 <= there < len(order):
            return
        one, other = order[here], order[there]
        one.position, other.position = other.position, one.position
        one.save(update_fields=["position"])
        other.save(update_fields=["position"])


def remove(deadline_id: int, uuid: UUID, *, at: datetime) -> None:
    """Take a photo out of the draft. What was filed stays in its filing; bytes nobody needs any more go."""
    with transaction.atomic():
        hold_part_open(deadline_id, ATTACHMENTS, at=at)
        photos = list(Photo.objects.filter(deadline_id=deadline_id, uuid=uuid))
        for photo in photos:
            photo.delete()
    # Only once the row is gone for good, and under the lock under which photos are added: so that bytes are
    # never taken from under a photo that is being added.
    for photo in photos:
        _forget_unless_needed(photo.sha256)


def _forget_unless_needed(sha256: str) -> None:
    with transaction.atomic():
        organization_id = _hold_photos()
        in_a_draft = Photo.objects.filter(sha256=sha256).exists()
        if not in_a_draft and not FiledAttachment.objects.filter(sha256=sha256).exists():
            files.forget(organization_id, sha256)


def _hold_photos() -> int:
    """Keep others from changing this organization's photos until the transaction ends; returns its id."""
    organization_id = current_room_id()
    assert organization_id is not None, "photos live in rooms"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"photos of organization {organization_id}"],
        )
    return organization_id


def _name_of(upload: Upload) -> str:
    """The file's own name without folders and unprintable letters, its ending kept when it is cut."""
    path = PurePath(clean_text(upload.name or "").replace("\n", " ").replace("\\", "/"))
    if len(path.name) <= LONGEST_NAME:
        return path.name or _("photo")
    ending = path.suffix[:10]
    return path.name[: LONGEST_NAME - len(ending)] + ending
