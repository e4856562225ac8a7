"""Photos of a report while it is written; what was handed in is `filings.FiledAttachment`, with the same bytes."""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class Photo(models.Model):
    """One photo of a report, cleaned: the bytes are found by `sha256` (`minori.filings.files`).

    `deadline_id` is the key of a public row (no foreign key across the hatch). `filename` is the name the
    file came with, `content_type` and the measures are those of the bytes we keep: pixels, and bytes.
    """

    deadline_id = models.BigIntegerField()
    uuid = models.UUIDField(unique=True, default=uuid4)
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    caption = models.TextField(blank=True)
    content_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["deadline_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deadline_id", "position"],
                name="one_photo_per_place",
                deferrable=models.Deferrable.DEFERRED,  # two photos change places within one transaction
            ),
            models.UniqueConstraint(fields=["deadline_id", "sha256"], name="a_photo_is_added_once"),
        ]

    def __str__(self) -> str:
        return self.filename
