"""Files of a report while it is written; what was handed in is `filings.FiledAttachment`, with the same bytes."""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class AttachedFile(models.Model):
    """One photo or document of a report, cleaned: the bytes are found by `sha256` (`minori.filings.files`).

    `deadline_id` is the key of a public row (no foreign key across the hatch), `row_uuid` the row of the plan it
    was put at, null for a file of the report. `filename` is the name the file came with, `content_type` and the
    measures are those of the bytes we keep: pixels (photos only), and bytes.
    """

    deadline_id = models.BigIntegerField()
    uuid = models.UUIDField(unique=True, default=uuid4)
    row_uuid = models.UUIDField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    caption = models.TextField(blank=True)
    rights = models.CharField(max_length=20, blank=True, help_text="A value of `contents.Rights`.")
    content_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
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
                name="one_file_per_place",
                deferrable=models.Deferrable.DEFERRED,  # two files change places within one transaction
            ),
            models.UniqueConstraint(
                fields=["deadline_id", "row_uuid", "sha256"],
                name="a_file_is_added_once_at_a_place",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(width=None, height=None)
                | models.Q(width__isnull=False, height__isnull=False),
                name="pictures_have_both_measures",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture that we wrote ourselves and may show."""
        return self.content_type == "image/jpeg"
