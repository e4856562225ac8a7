"""Photos and documents that came along with a workbook: cleaned, described, filed with it."""

import hashlib
from collections.abc import Mapping
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from minori.documents.cleaning import FileRefused, clean
from minori.report_forms.contents import Attachment, Rights
from minori.report_forms.edition import Field
from minori.report_forms.texts import clean as clean_text
from reporting.review.models import ReturnedWorkbook, SentFile

LONGEST_CAPTION = 300


def add(
    returned: ReturnedWorkbook, *, field: Field | None, standing: int, data: bytes, filename: str
) -> SentFile:
    """Add a photo or document that came along; cleaned as everywhere. Raises `FileRefused` with a sentence.

    `field` is the one that takes files, None where none does now; `standing` counts those of the returned revision.
    """
    if field is None:
        raise FileRefused(_("Files were not sent back, so none can be added."))
    limit = field.max_megabytes
    if limit is not None and len(data) > limit * 1024 * 1024:
        raise FileRefused(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    cleaned = clean(data, field.accept)
    known = SentFile.objects.filter(workbook=returned)
    sha256 = hashlib.sha256(cleaned.data).hexdigest()
    same = known.filter(sha256=sha256).first()
    if same is not None:
        return same
    if field.max_count is not None and known.count() + standing >= field.max_count:
        raise FileRefused(_("At most %(count)s files can be added.") % {"count": field.max_count})
    last = known.order_by("-position").values_list("position", flat=True).first() or 0
    return SentFile.objects.create(
        workbook=returned,
        uuid=uuid4(),
        position=last + 1,
        filename=filename,
        content_type=cleaned.content_type,
        width=cleaned.width,
        height=cleaned.height,
        size=len(cleaned.data),
        sha256=sha256,
        data=cleaned.data,
        preview=cleaned.preview,
    )


def describe(returned: ReturnedWorkbook, said: Mapping[UUID, tuple[str, str]]) -> None:
    """Write captions and rights of the files that came along."""
    for one in (
        SentFile.objects.filter(workbook=returned, uuid__in=said)
        .defer("data", "preview")
        .order_by("position")
    ):
        caption, rights = said[one.uuid]
        one.caption = clean_text(caption).strip()[:LONGEST_CAPTION]
        one.rights = rights if rights in set(Rights) else ""
        one.save(update_fields=["caption", "rights"])


def as_attachment(one: SentFile) -> Attachment:
    """The file as it goes into the contents of a report."""
    return Attachment(
        uuid=one.uuid,
        sha256=one.sha256,
        filename=one.filename,
        caption=one.caption,
        content_type=one.content_type,
        width=one.width,
        height=one.height,
        size=one.size,
        row=one.row_uuid,
        rights=Rights(one.rights),
    )
