"""What officers note beside a report, and what an organization sent while an officer looks through it."""

from typing import ClassVar

from django.db import models


class Note(models.Model):
    """A note on a report that only the distributor's own staff see. Rooms have no right on this table at all."""

    deadline = models.ForeignKey("programmes.Deadline", models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()

    class Meta:
        ordering: ClassVar = ["deadline", "-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(body=""), name="a_note_says_something"),
        ]

    def __str__(self) -> str:
        return self.body


class ReturnedWorkbook(models.Model):
    """A workbook that came back by mail, while officers look through it; gone once it is filed or put away.

    `data` are the bytes as they came, `grids` its sheets by `report_forms.grids.Grid.to_json`. `corrected` holds what
    an officer put right, by anchor: an answer as JSON.
    """

    deadline = models.OneToOneField("programmes.Deadline", models.CASCADE, related_name="+")
    filename = models.CharField(max_length=200)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    grids = models.JSONField()
    corrected = models.JSONField(default=dict, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["deadline"]

    def __str__(self) -> str:
        return self.filename


class SentFile(models.Model):
    """A photo or document that came along with a workbook, cleaned; filed with it."""

    workbook = models.ForeignKey(ReturnedWorkbook, models.CASCADE, related_name="files")
    uuid = models.UUIDField(unique=True)
    position = models.PositiveSmallIntegerField()
    filename = models.CharField(max_length=200)
    caption = models.TextField(blank=True)
    rights = models.CharField(max_length=20, blank=True)
    row_uuid = models.UUIDField(null=True, blank=True)
    content_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    preview = models.BinaryField(blank=True)

    class Meta:
        ordering: ClassVar = ["workbook", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workbook", "sha256"], name="a_sent_file_is_added_once"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def uuid_text(self) -> str:
        """The uuid as a part of the names of its inputs."""
        return str(self.uuid)
