"""Rounds taken along: what was asked for, how far it is, and the file until it expires."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from reporting.exports.enums import UNDER_WAY, Failure, Kind, State, Step


class Export(models.Model):
    """One round asked for as one kind of file. The file lies in its parts, there exactly while it is ready.

    `as_of` is that of the one summary state everything in the file is from. `attempts` counts how often a worker began.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    round = models.ForeignKey("programmes.Round", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    step = models.CharField(max_length=10, choices=Step, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.TextField(blank=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=10, choices=Failure, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["round", "-asked_at"], name="exports_of_a_round"),
            models.Index(
                fields=["state"], name="exports_under_way", condition=Q(state__in=[*UNDER_WAY, State.READY])
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=State.READY)
                | Q(size__isnull=False, expires_at__isnull=False, as_of__isnull=False),
                name="a_ready_export_has_a_file_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED) & ~Q(failure="") | ~Q(state=State.FAILED) & Q(failure=""),
                name="a_failed_export_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at=None)
                | ~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False),
                name="an_export_that_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.round_id} as {self.kind}, {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class ExportPart(models.Model):
    """A piece of an export's file, in order: read and sent one by one."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["export", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "position"], name="one_part_per_position"),
        ]

    def __str__(self) -> str:
        return f"export {self.export_id}, part {self.position}"
