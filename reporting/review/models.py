"""What officers note for themselves and their colleagues beside a report."""

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
